"""The sections of the config for the engines that run a pipeline elsewhere."""

import re
from collections.abc import Mapping

import pydantic

from components.settings import Settings
from pipeline.config.cron import require_cron


class NodeResources(Settings):
    """Resources of one node's container; the engine decides what is not set."""

    cpu: float | None = pydantic.Field(None, gt=0, description="cores")
    memory_gb: float | None = pydantic.Field(None, gt=0, description="gigabytes of memory")
    accelerator: str | None = pydantic.Field(
        None, pattern=r"^[\w./-]+$", description="NVIDIA_TESLA_T4 or the like on Vertex, nvidia.com/gpu on Kubeflow"
    )
    accelerator_count: int = pydantic.Field(1, ge=1, description="accelerators of that kind")

    @property
    def as_spec(self) -> dict[str, object]:
        """The `resources` of a container in the pipeline's specification, as plain objects."""
        spec: dict[str, object] = {}
        if self.cpu is not None:
            spec["cpuLimit"] = self.cpu
        if self.memory_gb is not None:
            spec["memoryLimit"] = self.memory_gb
        if self.accelerator is not None:
            spec["accelerator"] = {"type": self.accelerator, "count": str(self.accelerator_count)}
        return spec


class KubeflowResources(NodeResources):
    """Resources of one node's container, with the disk that holds what the node takes in and puts out."""

    disk_gb: float | None = pydantic.Field(
        None, gt=0, description="gigabytes of disk; reckoned from kubeflow.videos if not set"
    )

    @pydantic.field_validator("disk_gb")
    @classmethod
    def _alone(cls, disk_gb: float | None, info: pydantic.ValidationInfo) -> float | None:
        accelerator = info.data.get("accelerator")
        if disk_gb is not None and accelerator:
            raise ValueError(
                f"Kubeflow Pipelines asks for no disk along with {accelerator}; leave disk_gb out, and give the "
                "machines with accelerators as much"
            )
        return disk_gb


class EngineConfig(Settings):
    """Settings shared by both engines."""

    image: str = pydantic.Field(
        pattern=r"^[a-z0-9][a-z0-9.-]*(:\d+)?(/[\w.-]+)+(:[\w.-]+|(:[\w.-]+)?@sha256:[0-9a-f]{64})$",
        description="HOST/PATH:TAG or HOST/PATH@sha256:DIGEST of the container image",
    )
    service_account: str = pydantic.Field("", description="under which the nodes run; the engine's default if empty")
    labels: Mapping[str, str] = pydantic.Field(default_factory=dict, description="of the run; a-z, 0-9, _ and -")
    resources: Mapping[str, NodeResources] = pydantic.Field(
        default_factory=dict, description="by node; `default` stands for those that are not named"
    )
    retries: int = pydantic.Field(1, ge=0, le=10, description="how often a failed node is tried again")
    retry_delay_s: int = pydantic.Field(60, ge=0, description="seconds before the first retry; doubled each time")
    cache: bool = pydantic.Field(True, description="take what did not change from earlier runs")
    schedule: str = pydantic.Field("", description="cron, five fields; a run at each time instead of one run now")
    request_timeout_s: int = pydantic.Field(30, ge=1, description="seconds to wait for an answer of the engine")

    @pydantic.field_validator("schedule")
    @classmethod
    def _cron(cls, schedule: str) -> str:
        if schedule:
            require_cron(schedule)
        return schedule

    @pydantic.field_validator("labels")
    @classmethod
    def _plain_labels(cls, labels: Mapping[str, str]) -> Mapping[str, str]:
        for name, value in labels.items():
            if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name) or not re.fullmatch(r"[a-z0-9_-]{0,63}", value):
                raise ValueError(f"{name}={value} is none; allowed are a-z, 0-9, _ and -, 63 at most")
        return labels


class VertexConfig(EngineConfig):
    """Vertex AI Pipelines."""

    project: str = pydantic.Field(pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$", description="id of the Google project")
    region: str = pydantic.Field(pattern=r"^[a-z]+-[a-z]+\d+$", description="such as europe-west4")
    service_account: str = pydantic.Field(
        "", pattern=r"^([^@\s]+@[^@\s]+)?$", description="its e-mail address; the project's default if empty"
    )
    network: str = pydantic.Field(
        "", pattern=r"^(projects/[\w-]+/global/networks/[\w-]+)?$", description="projects/NUMBER/global/networks/NAME"
    )
    encryption_key: str = pydantic.Field("", description="name of the customer's key in Cloud KMS; Google's if empty")
    endpoint: str = pydantic.Field(
        "", description="HOST or HOST:PORT of a private endpoint; REGION-aiplatform.googleapis.com if empty"
    )


class KubeflowConfig(EngineConfig):
    """A self-hosted Kubeflow Pipelines."""

    host: str = pydantic.Field(pattern=r"^https?://\S+$", description="address of the Kubeflow Pipelines API")
    namespace: str = pydantic.Field("", description="of the user, where Kubeflow has several")
    experiment: str = pydantic.Field("deepfake", min_length=1, description="under which the runs are listed")
    videos: int = pydantic.Field(
        0, ge=0, description="how many there are, from which the disk of each node is reckoned; 0 asks for none"
    )
    resources: Mapping[str, KubeflowResources] = pydantic.Field(
        default_factory=dict, description="by node; `default` stands for those that are not named"
    )
