"""The pipelines compiled for each engine, once for all tests."""

import pytest
from compiled_demo import compile_demo


@pytest.fixture(scope="session")
def compiled() -> dict[str, str]:
    """The text of the compiled file by target."""
    return {"vertex": compile_demo("vertex"), "kubeflow": compile_demo("kubeflow", "evaluator.baseline=none")}
