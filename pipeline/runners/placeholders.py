"""Finds the placeholders of our configs and documentation that a user has not replaced."""

import re
from collections.abc import Iterator
from typing import Any, Final

from components.errors import UserError
from pipeline.config.base import PipelineConfig

_ENGINES: Final = ("vertex", "kubeflow")
_BUCKETS: Final = ("gs://", "s3://", "minio://")
# RFC 2606 reserves the domain names. Upper case is in no name of a bucket or project.
_PLACEHOLDER: Final = re.compile(
    r"(?<![\w-])((my|some)-(bucket|project)|BUCKET|PROJECT|([\w-]+\.)*example\.(com|net|org))(?![\w-])"
)


def require_no_placeholders(config: PipelineConfig, section: str) -> None:
    """Checks the addresses in buckets and the engine's section.

    Raises:
        UserError: naming each key that holds a placeholder.
    """
    settings = config.model_dump(mode="json", exclude={engine for engine in _ENGINES if engine != section})
    found = {
        key: placeholder.group()
        for key, text in _texts("", settings)
        if (key.startswith(f"{section}.") or text.startswith(_BUCKETS)) and (placeholder := _PLACEHOLDER.search(text))
    }
    if found:
        words = ", ".join(dict.fromkeys(found.values()))
        raise UserError(
            f"{', '.join(found)}: not filled in yet ({words}); put your own into the config, or type --set "
            f"{next(iter(found))}=..."
        )


def _texts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name != "labels":
                yield from _texts(f"{key}.{name}".removeprefix("."), part)
