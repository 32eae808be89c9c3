"""The ids of the nodes of the training DAG; the resolver is not in what open-source Kubeflow gets."""

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
