"""The sizes at which a compiled pipeline no longer runs on Kubeflow Pipelines."""

import json
from collections.abc import Mapping
from typing import Any, Final

from components.errors import UserError

# The longest argument of a Linux program. The driver gets what follows as arguments, and all of it once more in a
# variable of its environment.
_MAX_NODE: Final = 131_072
# The object that Kubernetes stores may take 1.5 MiB. It holds the specification, and then each node's part again.
_MAX_PIPELINE: Final = 700_000


def require_small_enough(specification: Mapping[str, Any]) -> None:
    """Checks the sizes of a compiled pipeline.

    Raises:
        UserError: naming the node that is too large, if it is one.
    """
    executors = specification["deploymentSpec"]["executors"]
    for name, task in specification["root"]["dag"]["tasks"].items():
        component = specification["components"][task["componentRef"]["name"]]
        size = sum(map(_size, (task, component, executors[component["executorLabel"]])))
        if size >= _MAX_NODE:
            raise UserError(
                f"{name}: its settings take {size:,} bytes, and Kubeflow Pipelines runs a node with less than "
                f"{_MAX_NODE:,}; shorten beam_args or the longest texts of the config"
            )
    size = _size(specification)
    if size > _MAX_PIPELINE:
        raise UserError(
            f"the compiled pipeline takes {size:,} bytes, and Kubeflow Pipelines runs at most {_MAX_PIPELINE:,}; "
            "shorten beam_args or the longest texts of the config"
        )


def _size(part: object) -> int:
    return len(json.dumps(part).encode())
