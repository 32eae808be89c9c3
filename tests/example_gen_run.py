"""VideoExampleGen as the only node of a pipeline."""

import pathlib
from typing import Any

from tfx.orchestration import metadata
from tfx.orchestration.local.local_dag_runner import LocalDagRunner
from tfx.orchestration.pipeline import Pipeline

from components.video_example_gen.component import VideoExampleGen
from pipeline.runs.store import NodeArtifact, connect, latest_execution

NODE = "VideoExampleGen"


def make_examples(folder: pathlib.Path, **settings: Any) -> dict[str, NodeArtifact]:
    """Runs the node in the store of `folder` and returns its outputs by key."""
    store = str(folder / "metadata.sqlite")
    node = VideoExampleGen(**{"pattern": "*", "fingerprint": "", "code_version": "", **settings})
    LocalDagRunner().run(
        Pipeline(
            pipeline_name="examples",
            pipeline_root=str(folder / "artifacts"),
            components=[node],
            enable_cache=True,
            beam_pipeline_args=["--runner=FnApiRunner", "--sdk_container_image=none"],
            metadata_connection_config=metadata.sqlite_metadata_connection_config(store),
        )
    )
    execution = latest_execution(connect(store), "examples", NODE)
    assert execution is not None
    return {output.key: output for output in execution.outputs}
