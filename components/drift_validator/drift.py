"""Distances between scored and training videos, judged by TFDV's comparators."""

from collections.abc import Sequence
from typing import Any, Final

import tensorflow_data_validation as tfdv
from tensorflow_metadata.proto.v0 import schema_pb2, statistics_pb2

from components.drift_validator.distributions import Distribution, Pair, fact_pairs, score_pair
from components.drift_validator.finding import DriftFinding, FeatureDrift
from components.drift_validator.settings import DriftSettings
from components.features import PROBABILITY_FAKE
from components.served_model.folder import ModelFolder
from components.served_model.training_statistics import read_training_statistics

_MEASURES: Final = {False: "L-infinity", True: "Jensen-Shannon divergence"}


def find_drift(
    statistics: Any, probabilities: Sequence[float], model: ModelFolder, settings: DriftSettings
) -> DriftFinding:
    """Compares scored videos with the training statistics and the test in their model's folder.

    Args:
        statistics: TFDV's, of the video examples.
        probabilities: of the videos that have a score.
        model: with its card and its training statistics.
        settings: when a distance counts as drift.
    """
    pairs: list[Pair] = []
    not_compared = []
    training = read_training_statistics(model.path)
    if training is None:
        not_compared.append("the model carries no statistics of its training, so the containers are not judged")
    else:
        pairs += fact_pairs(statistics, training)
    tested = (model.card or {}).get("evaluation", {}).get("scores")
    if not tested:
        not_compared.append("the model carries no counts of its test by score, so the scores are not judged")
    else:
        pairs.append(score_pair(probabilities, tested))
    return DriftFinding(judge(pairs, settings), not_compared)


def judge(pairs: Sequence[Pair], settings: DriftSettings) -> list[FeatureDrift]:
    """Measures the distance of each pair, and judges it if there are enough videos."""
    thresholds = {pair.name: _threshold(pair, settings) for pair in pairs}
    measurable = [pair for pair in pairs if pair.scored.videos and pair.training.videos]
    anomalies = tfdv.validate_statistics(
        statistics=_statistics([(pair, pair.scored) for pair in measurable]),
        schema=_schema(measurable, thresholds),
        previous_statistics=_statistics([(pair, pair.training) for pair in measurable]),
    )
    distances = {
        info.path.step[0]: measurement.value
        for info in anomalies.drift_skew_info
        for measurement in info.drift_measurements
    }
    found = []
    for pair in pairs:
        reason = _not_judged(pair, settings.min_videos)
        found.append(
            FeatureDrift(
                name=pair.name,
                measure=_MEASURES[pair.numeric],
                distance=distances.get(pair.name),
                threshold=thresholds[pair.name],
                drifted=None if reason else pair.name in anomalies.anomaly_info,
                reason=reason,
                scored_videos=pair.scored.videos,
                training_videos=pair.training.videos,
            )
        )
    return found


def _threshold(pair: Pair, settings: DriftSettings) -> float:
    if pair.name == PROBABILITY_FAKE:
        return settings.scores
    return settings.numeric if pair.numeric else settings.categorical


def _not_judged(pair: Pair, min_videos: int) -> str:
    test = pair.name == PROBABILITY_FAKE
    for videos, whose in ((pair.scored.videos, "scored"), (pair.training.videos, "test" if test else "training")):
        if videos < min_videos:
            return f"{videos} {whose} videos are fewer than drift.min_videos={min_videos}"
    return ""


def _schema(pairs: Sequence[Pair], thresholds: dict[str, float]) -> Any:
    schema = schema_pb2.Schema()
    for pair in pairs:
        feature = schema.feature.add(name=pair.name, type=schema_pb2.FLOAT if pair.numeric else schema_pb2.BYTES)
        comparator = feature.drift_comparator
        measure = comparator.jensen_shannon_divergence if pair.numeric else comparator.infinity_norm
        measure.threshold = thresholds[pair.name]
    return schema


def _statistics(sides: Sequence[tuple[Pair, Distribution]]) -> Any:
    statistics = statistics_pb2.DatasetFeatureStatisticsList()
    dataset = statistics.datasets.add(num_examples=max((of.videos for _, of in sides), default=0))
    for pair, of in sides:
        feature = dataset.features.add(type=statistics_pb2.FeatureNameStatistics.STRING)
        feature.path.step.append(pair.name)
        if pair.numeric:
            feature.type = statistics_pb2.FeatureNameStatistics.FLOAT
            common = feature.num_stats.common_stats
            histogram = feature.num_stats.histograms.add(type=statistics_pb2.Histogram.STANDARD)
            for number, count in enumerate(of.counts.values()):
                histogram.buckets.add(low_value=number, high_value=number + 1, sample_count=count)
        else:
            common = feature.string_stats.common_stats
            for label, count in of.counts.items():
                feature.string_stats.rank_histogram.buckets.add(label=label, sample_count=count)
        common.num_non_missing = common.tot_num_values = of.videos
        common.min_num_values = common.max_num_values = 1
        common.avg_num_values = 1.0
    return statistics
