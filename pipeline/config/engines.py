"""The sections of the config for the engines that run a pipeline elsewhere."""

import re
from collections.abc import Mapping
from typing import Final

import pydantic

from components.settings import Settings
from pipeline.config.cron import require_cron

# As container registries define them.
_IMAGE_PART: Final = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_TAG: Final = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
# As Kubernetes defines names: a label of a domain, and several of them with dots between.
_LABEL: Final = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_SUBDOMAIN: Final = rf"{_LABEL}(\.{_LABEL})*"
_EXTENDED_RESOURCE: Final = rf"{_SUBDOMAIN}/[A-Za-z0-9]([\w.-]{{0,61}}[A-Za-z0-9])?"
# Its parser of schedules knows no 7, and so does not know Sunday by that number.
_SEVENTH_DAY: Final = re.compile(r"(^|[,-])0*7($|[,-/])")


class NodeResources(Settings):
    """Resources of one node's container; the engine decides what is not set."""

    # Kubernetes counts thousandths of a core, and starts no container in a few megabytes.
    cpu: float | None = pydantic.Field(None, ge=0.001, description="cores")
    memory_gb: float | None = pydantic.Field(None, ge=0.01, description="gigabytes of memory")
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
        pattern=rf"^[a-z0-9][a-z0-9.-]*(:\d+)?(/{_IMAGE_PART})+(:{_TAG}|(:{_TAG})?@sha256:[0-9a-f]{{64}})$",
        max_length=255,
        description="HOST/PATH:TAG or HOST/PATH@sha256:DIGEST of the container image",
    )
    service_account: str = pydantic.Field("", description="under which the nodes run; the engine's default if empty")
    labels: Mapping[str, str] = pydantic.Field(default_factory=dict, description="of the run; a-z, 0-9, _ and -")
    resources: Mapping[str, NodeResources] = pydantic.Field(
        default_factory=dict, description="by node; `default` stands for those that are not named"
    )
    retries: int = pydantic.Field(1, ge=0, le=10, description="how often a failed node is tried again")
    retry_delay_s: int = pydantic.Field(
        60, ge=0, le=3600, description="seconds before the first retry; doubled each time"
    )
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
    # Vertex takes 64, and TFX adds three.
    labels: Mapping[str, str] = pydantic.Field(
        default_factory=dict, max_length=61, description="of the run; a-z, 0-9, _ and -"
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
    namespace: str = pydantic.Field(
        "", pattern=rf"^({_LABEL})?$", max_length=63, description="of the user, where Kubeflow has several"
    )
    service_account: str = pydantic.Field(
        "",
        pattern=rf"^({_SUBDOMAIN})?$",
        max_length=253,
        description="the Kubernetes service account of the nodes; Kubeflow's default if empty",
    )
    experiment: str = pydantic.Field(
        "deepfake", min_length=1, max_length=128, description="under which the runs are listed"
    )
    videos: int = pydantic.Field(
        0, ge=0, description="how many there are, from which the disk of each node is reckoned; 0 asks for none"
    )
    resources: Mapping[str, KubeflowResources] = pydantic.Field(
        default_factory=dict, description="by node; `default` stands for those that are not named"
    )

    @pydantic.field_validator("schedule")
    @classmethod
    def _cron_of_kubeflow(cls, schedule: str) -> str:
        if schedule.startswith(("TZ=", "CRON_TZ=")):
            raise ValueError("Kubeflow Pipelines takes no TZ=; its own CRON_SCHEDULE_TIMEZONE counts, UTC if unset")
        if schedule and _SEVENTH_DAY.search(schedule.split()[-1]):
            raise ValueError("Kubeflow Pipelines counts the days of the week from 0 to 6; write 0 or SUN for Sunday")
        return schedule

    @pydantic.field_validator("resources")
    @classmethod
    def _extended_resources(cls, resources: Mapping[str, NodeResources]) -> Mapping[str, NodeResources]:
        for node, given in resources.items():
            if given.accelerator and not re.fullmatch(_EXTENDED_RESOURCE, given.accelerator):
                raise ValueError(f"{node}.accelerator={given.accelerator} is none of Kubernetes'; type nvidia.com/gpu")
        return resources
