"""A compiled pipeline that is too large for Kubeflow Pipelines is refused."""

import pytest

from components.errors import UserError
from pipeline.runners.kubernetes.limits import require_small_enough


def specification(*sizes: int) -> dict:
    """Nodes A, B, ... whose containers have an argument of the given length each."""
    names = "ABCDEFGH"[: len(sizes)]
    containers = dict(zip(names, ({"container": {"args": ["x" * size]}} for size in sizes), strict=True))
    return {
        "components": {f"the-{name}": {"executorLabel": f"{name}_executor"} for name in names},
        "deploymentSpec": {"executors": {f"{name}_executor": executor for name, executor in containers.items()}},
        "root": {"dag": {"tasks": {name: {"componentRef": {"name": f"the-{name}"}} for name in names}}},
    }


def test_a_usual_one_passes():
    require_small_enough(specification(*[80_000] * 8))


def test_the_node_that_is_too_large_is_named():
    with pytest.raises(UserError, match=r"^B: its settings take 131,\d{3} bytes"):
        require_small_enough(specification(1, 131_072))


def test_all_nodes_together_may_be_too_large():
    with pytest.raises(UserError, match=r"^the compiled pipeline takes 80\d,\d{3} bytes"):
        require_small_enough(specification(*[100_000] * 8))
