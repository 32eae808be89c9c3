"""What a user puts in place of the placeholders of `configs/vertex.yaml`, `kubeflow.yaml` and `scoring.yaml`."""

ROOTS = ("data.root=gs://forensics/dfdc", "pipeline_root=gs://forensics/pipeline-root")
IMAGE = "europe-west4-docker.pkg.dev/forensics-lab/deepfake/pipeline:0.1.0"
SERVICE_ACCOUNT = "deepfake-pipeline@forensics-lab.iam.gserviceaccount.com"
SECTIONS = {
    "vertex": (
        "vertex.project=forensics-lab",
        f"vertex.image={IMAGE}",
        f"vertex.service_account={SERVICE_ACCOUNT}",
    ),
    "kubeflow": ("kubeflow.host=https://kubeflow.forensics-lab.net/pipeline", f"kubeflow.image={IMAGE}"),
}


def filled_in(target: str) -> list[str]:
    """The settings for a training on `vertex` or `kubeflow`."""
    return [*ROOTS, "push_destination=gs://forensics/model", *SECTIONS[target]]
