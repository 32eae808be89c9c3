"""The artifacts of a node's container, as engines write them in JSON: checked before it runs, recorded after it."""

from collections.abc import Iterator
from typing import Any, Final

from components.errors import UserError
from components.recorded_files import FILES_PROPERTY, files_from_json, files_to_json, find_damage, record_files

Json = dict[str, Any]

_MOST_FILES: Final = 256
"""Of an artifact with more, nothing is recorded: engines pass the record on in a command's arguments."""
_MODEL: Final = "tfx.Model"


def each_artifact(artifacts: Json) -> Iterator[tuple[str, Json]]:
    """Yields each artifact with its key."""
    for key, several in artifacts.items():
        for artifact in several.get("artifacts", []):
            yield key, artifact


def require_whole_inputs(executor_input: Json) -> None:
    """Rejects inputs that are not as they were recorded.

    Raises:
        UserError: with the first difference.
    """
    for key, artifact in each_artifact(executor_input.get("inputs", {}).get("artifacts", {})):
        files = files_from_json(artifact.get("metadata", {}).get(FILES_PROPERTY))
        if files is not None and (damage := find_damage(artifact["uri"], files, others=False)):
            raise UserError(
                f"{key}: {artifact['uri']}: {damage}; submit the run again without the cache, which makes it anew"
            )


def record_outputs(outputs: Json, told: Json) -> None:
    """Adds to what an executor says of its outputs which files they have.

    Args:
        outputs: the outputs of the ExecutorInput, whose uris are where the files are.
        told: the ExecutorOutput; it is changed.
    """
    uris = dict(each_artifact(outputs["artifacts"]))
    for key, artifact in each_artifact(told.get("artifacts", {})):
        if key not in uris:
            continue
        is_model = _MODEL in str(uris[key].get("type"))
        files = record_files(uris[key]["uri"], content=True if is_model else None)
        if len(files) <= _MOST_FILES:
            artifact.setdefault("metadata", {})[FILES_PROPERTY] = files_to_json(files)
