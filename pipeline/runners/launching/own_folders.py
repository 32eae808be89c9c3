"""Makes sure that a node writes to folders of its own."""

import os
from collections.abc import Mapping, Sequence

from tfx import types
from tfx.orchestration.pipeline import Pipeline
from tfx.orchestration.portable import outputs_utils

from components import storage
from components.errors import UserError

_make = outputs_utils.make_output_dirs


def output_folders(pipeline: Pipeline) -> list[str]:
    """Returns the folders of all outputs of all nodes, each with a folder for each execution."""
    root = pipeline.pipeline_info.pipeline_root
    return [os.path.join(root, node.id, key) for node in pipeline.components for key in node.outputs]


def use_own_folders_only() -> None:
    """Patches TFX's launcher in this process to refuse an output folder that another run has filled.

    The launcher is where every node passes, TFX's own too, and it takes any folder. Runs start above the ids of
    folders that are there, so this concerns runs at work at the same time with one `pipeline_root`.
    """
    outputs_utils.make_output_dirs = _make_new


def _make_new(output_dict: Mapping[str, Sequence[types.Artifact]]) -> None:
    for artifact in (artifact for artifacts in output_dict.values() for artifact in artifacts):
        if storage.isdir(artifact.uri) and storage.listdir(artifact.uri):
            raise UserError(
                f"{artifact.uri}: another run has left files there; type the same again, and give runs that are at "
                f"work at the same time a pipeline_root each (this one's is {_root(artifact.uri)})"
            )
    _make(output_dict)


def _root(uri: str) -> str:
    # Below it are folders of the node, the output and the execution.
    for _ in range(3):
        uri = os.path.dirname(uri.rstrip("/"))
    return uri
