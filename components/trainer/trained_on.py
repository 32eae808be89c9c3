"""Which videos a model has seen: those of its own training, and of the model that it started from."""

import posixpath

import pyarrow as pa
from pyarrow import compute

from components.dataset.splitting.splits_file import read_splits
from components.errors import UserError
from components.features import FAKE, REAL
from components.file_names import nfc
from components.notices import notify
from components.served_model.description import read_model_description
from components.served_model.training_videos import TrainingVideos, list_videos, read_training_videos

_TRAINED_ON = ("train", "eval")


def find_trained_on(splits: str, group_by: str, warm_start: str) -> TrainingVideos:
    """Lists the train and eval videos of a run, and those of the model that its training starts from.

    Args:
        splits: the artifact `splits` of the run.
        group_by: what its groups are made by.
        warm_start: folder of the model that the training starts from; empty for none.

    Raises:
        UserError: if that model has seen so many of the test videos that none, or one class, is left to judge by.
    """
    table = read_splits(splits)
    seen = table.filter(compute.is_in(table["split"], pa.array(_TRAINED_ON, table["split"].type)))
    groups = [*seen["group_id"].to_pylist(), *(_names_of_originals(seen) if group_by == "original" else ())]
    own = list_videos(seen["content_digest"].to_pylist(), groups, group_by)
    if not warm_start:
        return own
    inherited = read_training_videos(warm_start, read_model_description(warm_start))
    _require_unknown(table.filter(compute.equal(table["split"], "test")), inherited, group_by, warm_start)
    return own.together_with(inherited)


def _names_of_originals(seen: pa.Table) -> list[str]:
    """Returns the names that other data sets give to groups that are connected here, and have one name."""
    reals = seen.filter(compute.equal(seen["label"], REAL))
    return [nfc(posixpath.basename(uri)) for uri in reals["uri"].to_pylist()]


def _require_unknown(tested: pa.Table, inherited: TrainingVideos, group_by: str, warm_start: str) -> None:
    found = inherited.find(tested["content_digest"].to_pylist(), tested["group_id"].to_pylist(), group_by)
    known = sum(each.was_trained_on for each in found)
    left = {label for label, each in zip(tested["label"].to_pylist(), found, strict=True) if not each.was_trained_on}
    if known and not left >= {FAKE, REAL}:
        rest = f"which leaves only {left.pop()} ones" if left else "which leaves none"
        raise UserError(
            f"trainer.warm_start={warm_start!r}: it was trained on {known:,} of the {len(found):,} test videos, {rest} "
            "to judge the new model by; add videos, start from another model, or keep its splits"
        )
    if known:
        notify(
            f"trainer.warm_start={warm_start!r}: it was trained on {known:,} of the {len(found):,} test videos, which "
            "are left out when the new model is judged"
        )
    elif not inherited.complete:
        notify(f"trainer.warm_start={warm_start!r}: unknown is which videos it was trained on; test videos may be some")
