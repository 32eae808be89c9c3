"""What a row says besides the probability, for whoever has to weigh it."""

import pytest

from components.features import FAKE, REAL
from components.metrics.decision_rule import DecisionRule
from components.quarantine import QuarantineRow
from components.served_model.description import CalibrationReport
from components.submission_gen.scorer import Scorer
from pipeline.terminal.scores import evidence_in_words


def calibration(method: str = "temperature", **videos: int) -> CalibrationReport:
    return CalibrationReport(method=method, clip=0.01, videos=videos)


def test_prior_odds_are_those_of_the_videos_that_calibration_saw():
    assert calibration(**{REAL: 20, FAKE: 40}).prior_odds == 2
    for unknown in (calibration(), calibration(**{REAL: 20, FAKE: 0}), calibration("none", **{REAL: 20, FAKE: 40})):
        assert unknown.prior_odds is None


@pytest.mark.parametrize(
    ("probability", "prior_odds", "ratio"),
    [(0.5, 1.0, 1.0), (0.8, 2.0, 2.0), (0.5, 2.0, 0.5), (0.9, None, None), (1.0, 2.0, None)],
)
def test_the_likelihood_ratio_is_the_odds_over_the_prior_odds(probability, prior_odds, ratio):
    from components.served_model.scored import Scored

    scorer = Scorer("17", "ab", DecisionRule(0.5), prior_odds=prior_odds)
    row = scorer.scored_features(Scored(probability, [probability]), 1)
    assert row.likelihood_ratio == (None if ratio is None else pytest.approx(ratio))


def test_what_the_model_knows_and_what_nobody_looked_at_is_in_every_row():
    scorer = Scorer("17", "ab", DecisionRule(0.5), forgeries=("self_blended",), window_s=10.0004)
    row = scorer.unscored(QuarantineRow("a", "a.mp4", "decode", "no_frames", "", content_digest="cd" * 32))
    assert (row.model_forgeries, row.model_window_s, row.sound) == (["self_blended"], 10.0, "not_examined")
    assert row.content_digest == "cd" * 32


def test_a_ratio_is_told_for_the_likelier_side():
    assert evidence_in_words(4) == "4.0 times likelier if it is fake than if it is real (likelihood ratio 4)"
    assert evidence_in_words(0.25) == "4.0 times likelier if it is real than if it is fake (likelihood ratio 0.25)"
