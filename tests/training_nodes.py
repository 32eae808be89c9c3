"""The ids of the nodes of the training DAG; for open-source Kubeflow, the resolver is left out."""

RESOLVER = "BaselineModel"
NODES = {
    "VideoExampleGen",
    "StatisticsGen",
    "VideoSchema",
    "ExampleValidator",
    "FrameEncoder",
    "FrameFeatureGen",
    "FrameFeatureSchema",
    "Transform",
    "Trainer",
    "Evaluator",
    "ServingValidator",
    "Pusher",
    "ReportGen",
}
