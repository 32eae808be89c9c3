"""The unseen audit: how a model performs on kinds of forgeries, and on sources, that were held out of its training."""

from collections.abc import Callable

import numpy as np

from components import features
from components.auditor.finding import Audit, Measurement
from components.auditor.measuring import compare
from components.auditor.retraining import Retraining
from components.auditor.sources import hold_out_sources
from components.auditor.videos import Videos
from components.errors import UserError
from components.metrics.scores import Scores


def audit_unseen(
    videos: Videos,
    retraining: Retraining,
    random: Callable[[], Scores],
    *,
    kinds_by: str = "",
    sources_by: str = "",
) -> Audit:
    """Trains without each kind of fake, and without each source, in turn, and tests on what was left out.

    Args:
        videos: all of them.
        retraining: of the run's model.
        random: see `hold_out_sources`, which alone calls it.
        kinds_by: see `hold_out_kinds`; empty to hold out none.
        sources_by: see `hold_out_sources`; empty to hold out none.

    Raises:
        UserError: see both.
    """
    parts = []
    if kinds_by:
        parts.append(hold_out_kinds(videos, retraining, kinds_by))
    if sources_by:
        parts.append(hold_out_sources(videos, retraining, sources_by, random))
    return Audit(
        name="unseen",
        headline="; ".join(headline for headline, _ in parts),
        measurements=[measurement for _, measurements in parts for measurement in measurements],
    )


def hold_out_kinds(videos: Videos, retraining: Retraining, column: str) -> tuple[str, list[Measurement]]:
    """Trains without each kind of fake in turn, tests on it, and compares with the same model trained on all kinds.

    Each kind is tested against all REAL videos of the test split.

    Args:
        videos: all of them.
        retraining: of the run's model.
        column: of metadata.json, `meta/<key>`, whose values are the kinds of fakes.

    Returns:
        A clause for the headline, and the measurements.

    Raises:
        UserError: if the fakes of the train split are of fewer than two kinds.
    """
    values = np.asarray([row.get(column, "") for row in videos.meta])
    train, evaluation, test = (videos.of_split(split) for split in features.SPLITS)
    fakes = videos.labels == 1
    kinds = [str(kind) for kind in np.unique(values[train][fakes[train]]) if kind]
    if len(kinds) < 2:
        raise UserError(
            f"audits.unseen_by={column!r}: the fakes of the train split are of one kind there; "
            "name a column of metadata.json that tells kinds of forgeries apart"
        )

    def score(held_out: str | None, tested: np.ndarray) -> Scores:
        kept = ~fakes | (values != held_out)
        return retraining.score(
            videos,
            videos.labels,
            train=train[kept[train]],
            evaluation=evaluation[kept[evaluation]],
            tested=tested,
        )

    with_all = score(None, test)
    measurements: list[Measurement] = []
    lost: list[str] = []
    for kind in kinds:
        tested = test[~fakes[test] | (values[test] == kind)]
        found = compare(
            "auc",
            videos.labels[tested],
            videos.groups[tested],
            ("seen in training", with_all.of(np.isin(test, tested))),
            ("not seen", score(kind, tested)),
            name=f"auc on {kind}",
        )
        measurements += found
        lost.append(f"{found[2].in_words('+.3f')} on {kind}")
    return f"kept from the training, a kind of {column} changes the AUC by {' and '.join(lost)}", measurements
