"""Makes TFX wait for a store that is locked with a word, and not for ever."""

from tfx.orchestration.metadata import Metadata

from pipeline.runs.store_file.opening import require_store

_enter = Metadata.__enter__


def wait_for_locked_stores() -> None:
    """Patches TFX in this process to look at the store before each time that ML Metadata opens it.

    ML Metadata waits for a locked SQLite file without end, and holds Python's lock meanwhile, so nothing in this
    process could tell, or be interrupted.
    """
    Metadata.__enter__ = _enter_when_free


def _enter_when_free(self: Metadata) -> Metadata:
    require_store(self.connection_config.sqlite.filename_uri, to_write=True)
    return _enter(self)
