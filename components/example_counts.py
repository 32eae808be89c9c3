"""The numbers of examples by split: a node records what it has written, and the next compares what it has read.

Records that were lost, or that two executions left in one folder, change every figure and raise no error of their own.
"""

import os
from collections.abc import Mapping
from typing import Any, Final

from components.errors import UserError
from components.examples import count_records

_PREFIX: Final = "examples_"


def record_counts(examples: Any, counts: Mapping[str, int]) -> None:
    """Records the numbers of examples by split with a TFX artifact."""
    for split, count in counts.items():
        examples.set_int_custom_property(_PREFIX + split, count)


def recorded_counts(examples: Any) -> dict[str, int]:
    """Returns the numbers recorded with a TFX artifact; empty for one of an earlier version, or of another node."""
    names = [name for name in examples.mlmd_artifact.custom_properties if name.startswith(_PREFIX)]
    # Engines hand on every number as a double, in a struct, of which TFX returns no zero.
    return {name.removeprefix(_PREFIX): int(examples.get_custom_property(name) or 0) for name in names}


def require_counts(uri: str, read: Mapping[str, int], recorded: Mapping[str, int]) -> None:
    """Raises if another number of examples was read than was recorded; splits without a record are not compared.

    Args:
        uri: of the artifact.
        read: numbers of examples by split.
        recorded: of the artifact, from `recorded_counts`.

    Raises:
        UserError: naming the artifact and both numbers.
    """
    for split, count in read.items():
        if count != recorded.get(split, count):
            raise UserError(
                f"{uri}: holds {count} examples of the {split} split, and was left with {recorded[split]}; remove that "
                "folder, and type the same again"
            )


def require_whole(examples: Any) -> dict[str, int]:
    """Counts the examples of a TFX artifact, before a node of TFX's own reads them, and returns the numbers by split.

    Raises:
        UserError: if they are not as many as were recorded.
    """
    recorded = recorded_counts(examples)
    read = {split: count_records(os.path.join(examples.uri, f"Split-{split}", "*")) for split in recorded}
    require_counts(examples.uri, read, recorded)
    return recorded
