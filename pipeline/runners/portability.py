"""Checks that a config is one for an engine, and that the engine can reach everything that it names."""

import os
from collections.abc import Mapping
from typing import Any

from components.errors import UserError
from components.file_patterns import require_no_glob_characters
from components.s3 import SCHEMES as S3_SCHEMES
from components.uris import is_remote, join_uri
from pipeline.config.base import PipelineConfig
from pipeline.config.extraction import NO_CACHE
from pipeline.config.scoring import ScoringConfig
from pipeline.config.sections import LATEST_BASELINE, NO_BASELINE, DataConfig
from pipeline.config.training import TrainingConfig
from pipeline.runners.placeholders import require_no_placeholders

_OBJECT = "gs://BUCKET/PATH"
_FILE = "gs://BUCKET/FILE"
_SCHEMES = {"vertex": ("gs://",), "kubeflow": ("gs://", *S3_SCHEMES)}


def require_section(config: PipelineConfig, section: str) -> Any:
    """Returns the config's section for an engine.

    Raises:
        UserError: if there is no such section.
    """
    engine = getattr(config, section)
    if engine is None:
        raise UserError(f"{section}: the config has no such section; see configs/{section}.yaml for what it holds")
    return engine


def require_portable(config: TrainingConfig | ScoringConfig, section: str) -> None:
    """Checks that nothing in the config exists on this machine only, or not at all.

    Raises:
        UserError: naming the key, the value and what is allowed.
    """
    # The engine's driver treats both as globs, and without our fingerprint only it notices that the videos changed.
    roots = {"data.root": config.data.root, "pipeline_root": config.pipeline_root}
    for key, uri in roots.items():
        require_no_glob_characters(key, uri)
    _require_in_bucket(roots, section, _OBJECT)
    if isinstance(config, ScoringConfig):
        _require_in_bucket({"model": config.model}, section, "the version folder of a pushed model, gs://.../VERSION")
        files = {"extraction.face_model": config.extraction.face_model, "submission.like": config.submission.like}
    else:
        _require_in_bucket({"push_destination": config.push_destination}, section, _OBJECT)
        _require_word_or_in_bucket(
            "evaluator.baseline", config.evaluator.baseline, section, LATEST_BASELINE, NO_BASELINE
        )
        files = {"extraction.face_model": config.extraction.face_model, "split.pin": config.split.pin}
        _require_manifest_below_root(config.data, section)
        if config.encoder.has_weights_file:
            _require_in_bucket(
                {"encoder.weights": config.encoder.weights}, section, f"imagenet, random:SEED or {_FILE}"
            )
    _require_word_or_in_bucket("extraction.cache_dir", config.extraction.cache_dir, section, "", NO_CACHE)
    _require_in_bucket({key: uri for key, uri in files.items() if uri}, section, _FILE)
    require_no_placeholders(config, section)


def _require_manifest_below_root(data: DataConfig, section: str) -> None:
    below = data.manifest_below_root
    if is_remote(below) or os.path.isabs(below):
        there = join_uri(data.root, os.path.basename(below))
        raise UserError(
            f"data.manifest={data.manifest!r}: {section} reads it from data.root; copy it there and type "
            f"--set data.manifest={there}"
        )
    require_no_glob_characters("data.manifest", data.manifest)


def _require_in_bucket(uris: Mapping[str, str], section: str, allowed: str) -> None:
    for key, uri in uris.items():
        if not uri.startswith(_SCHEMES[section]):
            further = ", or the like in s3://" if section == "kubeflow" else ""
            raise UserError(f"{key}={uri!r}: {section} cannot reach it; allowed is {allowed}{further}")


def _require_word_or_in_bucket(key: str, value: str, section: str, *words: str) -> None:
    if value not in words:
        allowed = ", ".join(filter(None, words))
        _require_in_bucket({key: value}, section, f"{allowed} or {_OBJECT}")
