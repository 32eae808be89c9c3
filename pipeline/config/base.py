"""Settings shared by the configs of all pipelines."""

import os
from typing import Final

import pydantic

from components.errors import UserError
from components.file_patterns import has_glob_characters, require_no_glob_characters
from components.s3 import is_s3
from components.settings import Settings
from pipeline.config.engines import KubeflowConfig, VertexConfig
from pipeline.config.extraction import NO_CACHE

_OTHER_PROCESSES: Final = ("--runner", "--direct_running_mode")


class PipelineConfig(Settings):
    """Where a pipeline runs, and where its output goes."""

    name: str = pydantic.Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="a-z, 0-9 and -, at most 63; names the run's folder"
    )
    runs_dir: str = pydantic.Field("runs", min_length=1, description="the folder of all runs")
    pipeline_root: str = pydantic.Field("", description="where artifacts are left; RUNS_DIR/NAME/artifacts if empty")
    beam_args: tuple[str, ...] = pydantic.Field(
        (), repr=False, description="further options of Beam, for all nodes; $(NAME) in one is of the environment"
    )
    vertex: VertexConfig | None = pydantic.Field(None, description="needed by --target vertex")
    kubeflow: KubeflowConfig | None = pydantic.Field(None, description="needed by --target kubeflow")

    @pydantic.field_validator("runs_dir")
    @classmethod
    def _local(cls, runs_dir: str) -> str:
        if "://" in runs_dir:
            raise ValueError("must be local; give pipeline_root and push_destination for a bucket")
        return runs_dir

    @property
    def run_dir(self) -> str:
        """Where a local run writes its store, log and summary."""
        return os.path.join(self.runs_dir, self.name)

    @property
    def artifacts_dir(self) -> str:
        """Where artifacts are written; a relative path if that avoids glob characters."""
        place = self.pipeline_root or os.path.join(self.run_dir, "artifacts")
        return os.path.relpath(place) if "://" not in place and has_glob_characters(place) else place

    def require_usable_root(self) -> None:
        """Rejects an artifact folder in which the nodes of a local run could not write or find each other's output.

        Raises:
            UserError: naming the key, the value and what is allowed.
        """
        if is_s3(self.pipeline_root):
            raise UserError(
                f"pipeline_root={self.pipeline_root!r}: TensorFlow, which writes artifacts, has no S3; leave "
                "pipeline_root empty (data.root, extraction.cache_dir, push_destination and model may be on S3)"
            )
        key = "pipeline_root" if self.pipeline_root else "runs_dir"
        place = self.artifacts_dir
        # Only this process has Beam patched to accept any folder name, including that of the current folder.
        if "://" not in place and any(option.startswith(_OTHER_PROCESSES) for option in self.beam_args):
            place = os.path.abspath(place)
        if has_glob_characters(place):
            require_no_glob_characters(key, self.pipeline_root or self.runs_dir)
            require_no_glob_characters("the current folder", os.getcwd())

    def feature_cache_path(self, cache_dir: str) -> str:
        """Returns the feature cache shared by all runs, given the key `extraction.cache_dir`; empty for none."""
        if cache_dir == NO_CACHE:
            return ""
        return cache_dir or os.path.join(self.pipeline_root or self.runs_dir, "feature_cache")
