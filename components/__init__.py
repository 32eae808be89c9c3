"""The nodes of the pipeline, one folder each."""

from typing import Any

_ARTIFACT_TYPES = ("Audits", "Drift", "Quarantine", "Report", "Scores", "Splits", "VideoMetrics")


def __getattr__(name: str) -> Any:
    # Kubeflow's compiler resolves artifact types by top-level package and title only. Imported lazily, since the plain
    # modules do without TFX.
    if name in _ARTIFACT_TYPES:
        from components import artifacts

        return getattr(artifacts, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
