"""Cross-validation: the run's training repeated for each fold, which its model has not seen when it scores it."""

from collections.abc import Callable

import numpy as np

from components.auditor.retraining import Retraining
from components.auditor.training_set import Added, TrainingArrays
from components.cross_validator.folds import make_folds
from components.cross_validator.normalization import Normalization, normalize
from components.cross_validator.out_of_fold import OutOfFold
from components.cross_validator.videos import Videos
from components.features import FAKE, REAL
from components.served_model.decision import DecisionSettings, choose_decision


def cross_validate(
    videos: Videos,
    count: int,
    retraining: Retraining,
    *,
    normalization: Normalization,
    decision: DecisionSettings,
    report_progress: Callable[[str], None],
) -> list[OutOfFold]:
    """Scores each video by a model that knows nothing of its fold.

    The next fold stops the training, and calibration and threshold are chosen on it; normalization and weights come
    from the others. What augmentation has made of a video is trained on if that is, and never scored.

    Args:
        videos: of all splits.
        count: the number of folds, at least 3.
        retraining: of the run's model.
        normalization: of the features.
        decision: how a threshold is chosen.
        report_progress: called with a message before each training.

    Raises:
        UserError: if the groups are too few, or too unequal, for so many folds.
    """
    given = videos.given
    folds = make_folds(videos.labels[:given], videos.groups[:given], count, retraining.recipe.seed)
    scores: list[OutOfFold] = []
    for number, tested in enumerate(folds, 1):
        report_progress(f"fold {number} of {count}")
        evaluation = folds[number % count]
        away = np.isin(videos.groups, videos.groups[np.concatenate([tested, evaluation])])
        train = np.flatnonzero(~away)
        transformed = normalize(videos.frame_features, videos.mask, train, normalization)
        added = Added(transformed[given:], videos.mask[given:], videos.sources, videos.pseudo_fakes)
        predict = retraining.fit(
            TrainingArrays(videos.ids[:given], transformed[:given], videos.mask[:given], videos.groups[:given], added),
            videos.labels[:given],
            train=train[train < given],
            evaluation=evaluation,
        )
        chosen = choose_decision(videos.labels[evaluation], predict(evaluation).probabilities, decision)
        held_out = predict(tested)
        scores += [
            OutOfFold(
                video_id=str(videos.ids[index]),
                uri=str(videos.uris[index]),
                group_id=str(videos.groups[index]),
                label=FAKE if videos.labels[index] else REAL,
                split=str(videos.splits[index]),
                fold=number,
                probability_fake=float(probability),
                threshold=chosen.threshold,
                inconclusive_band=chosen.inconclusive_band,
                synthetic=bool(videos.synthetic[index]),
                facts=videos.facts[index],
                log_odds_fake=float(log_odds),
            )
            for index, probability, log_odds in zip(tested, held_out.probabilities, held_out.ranks, strict=True)
        ]
    return sorted(scores, key=lambda score: score.video_id)
