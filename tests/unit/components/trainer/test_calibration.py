"""Calibration: what it corrects, what it leaves unchanged, and that the graph agrees with NumPy."""

import itertools

import hypothesis.strategies as st
import keras
import numpy as np
import pytest
from hypothesis import given

from components.features import FRAME_FEATURES_XF, FRAME_MASK_XF, FRAME_SCORES, FRAMES, PROBABILITY_FAKE
from components.metrics import video_metrics
from components.metrics.decision_rule import DecisionRule
from components.metrics.video_metrics import measure
from components.served_model.soft_clip import soft_clip
from components.trainer.architectures import ARCHITECTURES, architecture
from components.trainer.calibration import Calibration, fit_isotonic, fit_temperature
from components.trainer.calibration_layer import CalibrationLayer, calibrate_model
from components.trainer.calibration_selection import calibration_folds, choose_calibration
from components.trainer.ensemble import average_members
from components.trainer.model import build_model, compile_training
from components.trainer.settings import TrainerSettings

AUTO = {"method": "auto", "clip": 0.01, "shift": 0.0, "seed": 0}


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    return video_metrics.log_loss(labels, probabilities, np.ones((1, len(labels))))[0]


def expected_calibration_error(labels: np.ndarray, probabilities: np.ndarray) -> float:
    return video_metrics.expected_calibration_error(labels, probabilities, np.ones((1, len(labels))))[0]


def overconfident(videos: int, seed: int = 0, factor: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    """Labels and the probabilities of a model whose log odds are `factor` times too large."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(0, 1.5, videos)
    return (generator.random(videos) < sigmoid(odds)).astype(int), sigmoid(factor * odds).astype(np.float32)


def crooked(videos: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels and probabilities of a model that no temperature can calibrate."""
    generator = np.random.default_rng(seed)
    truth = generator.random(videos)
    return (generator.random(videos) < truth).astype(int), (0.5 + truth**4 / 2).astype(np.float32)


def test_temperature_finds_how_overconfident_the_model_is():
    fitted = fit_temperature(*overconfident(20_000), shift=0.0, clip=0.0)
    assert fitted.temperature == pytest.approx(4, rel=0.05)


def test_videos_that_are_fully_separated_do_not_make_it_certain():
    labels = np.repeat([0, 1], 10)
    fitted = fit_temperature(labels, np.where(labels == 1, 0.8, 0.2), shift=0.0, clip=0.0)
    assert fitted(np.asarray([0.8]))[0] == pytest.approx(11 / 12, abs=0.005)


@pytest.mark.parametrize(("data", "method"), [(overconfident, "temperature"), (crooked, "isotonic")])
def test_the_method_with_the_lower_cross_validated_loss_is_taken(data, method):
    report = choose_calibration(*data(1000), **AUTO).report
    losses = report["cross_validated_log_loss"]
    assert report["method"] == method == min(losses, key=losses.get)


@pytest.mark.parametrize("data", [overconfident, crooked])
@pytest.mark.parametrize("method", ["temperature", "isotonic", "auto"])
def test_calibration_helps_on_videos_that_it_has_not_seen(data, method):
    chosen = choose_calibration(*data(1000), **{**AUTO, "method": method})
    labels, probabilities = data(5000, seed=1)
    calibrated = chosen.calibration(probabilities)
    assert log_loss(labels, calibrated) < log_loss(labels, probabilities)
    error = expected_calibration_error(labels, calibrated)
    assert error < expected_calibration_error(labels, probabilities)
    told = chosen.report["expected_calibration_error"]
    assert told["after"] < told["before"]
    assert told["after"] == pytest.approx(error, abs=0.03)
    assert chosen.report["log_loss"]["after"] == pytest.approx(log_loss(labels, calibrated), abs=0.05)


@pytest.mark.e2e
def test_a_model_trained_to_overconfidence_is_put_right():
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 400)
    frame_features = (generator.normal(size=(400, FRAMES, 8)) + 0.1 * labels[:, None, None]).astype(np.float32)
    inputs = {FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: np.ones((400, FRAMES), bool)}
    train, evaluation, test = slice(0, 40), slice(40, 200), slice(200, 400)
    settings = TrainerSettings(model="frame_mean", learning_rate=0.03, hyperparameters={"dropout": 0})
    keras.utils.set_random_seed(0)
    model = compile_training(build_model(settings, frames=FRAMES, feature_size=8), settings, steps=0)
    model.fit({name: values[train] for name, values in inputs.items()}, labels[train], epochs=100, verbose=0)
    probabilities = model.predict(inputs, batch_size=400, verbose=0)[:, 0]
    assert log_loss(labels[train], probabilities[train]) < 0.05

    chosen = choose_calibration(labels[evaluation], probabilities[evaluation], **AUTO)
    calibrated = chosen.calibration(probabilities)
    # Random guessing has a loss of 0.69.
    assert log_loss(labels[test], calibrated[test]) < 0.69 < log_loss(labels[test], probabilities[test])
    errors = [expected_calibration_error(labels[test], values[test]) for values in (calibrated, probabilities)]
    assert errors[0] < errors[1]


@given(sizes=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), min_size=2, max_size=30), seed=st.integers(0, 9))
def test_folds_part_no_group_and_hold_every_video_once(sizes, seed):
    labels = np.concatenate([np.repeat([0, 1], size) for size in sizes]).astype(np.int64)
    groups = np.repeat(np.arange(len(sizes)), [sum(size) for size in sizes])
    folds = calibration_folds(labels, groups, seed)
    if not folds:
        assert min(len(set(groups[labels == label])) for label in (0, 1)) < 2
        return
    assert sorted(np.concatenate(folds).tolist()) == list(range(len(labels)))
    assert all(set(groups[one]).isdisjoint(groups[other]) for one, other in itertools.combinations(folds, 2))


@pytest.mark.parametrize(("groups", "folds"), [(1, 0), (2, 2), (3, 3), (40, 5)])
def test_there_are_no_more_folds_than_groups(groups, folds):
    labels = np.tile([0, 1], 40)
    report = choose_calibration(
        labels, np.full(80, 0.4) + 0.2 * labels, **AUTO, groups=np.arange(80) // 2 % groups
    ).report
    assert report["folds"] == folds


def test_class_weights_are_taken_back():
    generator = np.random.default_rng(0)
    odds = generator.normal(np.log(4), 1.5, 20_000)
    labels = (generator.random(len(odds)) < sigmoid(odds)).astype(int)
    # Trained with a weight of 4 on real videos, a model learns that both classes are equally frequent.
    learnt = sigmoid(odds - np.log(4))
    fitted = fit_temperature(labels, learnt, shift=np.log(4), clip=0.0)
    np.testing.assert_allclose(fitted(learnt), sigmoid(odds), atol=0.02)


@pytest.mark.parametrize(
    ("labels", "method", "folds", "reason"),
    [
        ([1] * 40, "none", 0, "one class"),
        ([0] + [1] * 40, "temperature", 0, "fewer than 25"),
        ([0, 1] * 20, "temperature", 5, "fewer than 25"),
    ],
)
def test_few_videos_get_the_simpler_calibration_and_the_reason_is_told(labels, method, folds, reason):
    labels = np.asarray(labels)
    probabilities = np.clip(labels * 0.6 + np.linspace(0, 0.4, len(labels)), 0, 1)
    report = choose_calibration(labels, probabilities, **AUTO).report
    assert (report["method"], report["folds"]) == (method, folds)
    assert reason in report["reason"]
    assert report["videos"] == {"FAKE": int(labels.sum()), "REAL": int((1 - labels).sum())}
    measured = report["expected_calibration_error"]["after"] is not None
    assert measured == (method == "none" or folds > 0)


def test_no_calibration_leaves_all_but_the_ends():
    chosen = choose_calibration(*overconfident(100), **{**AUTO, "method": "none"}).calibration
    np.testing.assert_allclose(chosen(np.asarray([0, 0.3, 1])), [0.01, 0.3, 0.99], atol=1e-6)


@given(clip=st.floats(0.001, 0.499))
def test_within_its_ends_a_calibration_keeps_the_order_of_what_the_model_is_sure_of(clip):
    given = np.linspace(0, 1, 1001)
    kept = soft_clip(given, clip)
    assert (np.diff(kept) > 0).all()
    assert kept.min() >= clip - 1e-12
    assert kept.max() <= 1 - clip + 1e-12
    inner = (given >= 2 * clip) & (given <= 1 - 2 * clip)
    np.testing.assert_array_equal(kept[inner], given[inner])
    assert np.abs(kept - np.clip(given, clip, 1 - clip)).max() <= clip / 2 + 1e-12


def test_metrics_of_the_order_are_those_of_the_model_itself():
    generator = np.random.default_rng(0)
    labels = (generator.random(4000) < 0.84).astype(np.int64)
    sure = sigmoid(generator.normal(3 * (2 * labels - 1), 3))
    one = np.ones((1, len(labels)))
    before, after = (
        measure(labels, probabilities, one, DecisionRule(0.5)) for probabilities in (sure, soft_clip(sure, 0.01))
    )
    for name in ("auc", "average_precision", "tpr_at_1_percent_fpr", "equal_error_rate"):
        assert after[name] == pytest.approx(before[name])


def test_isotonic_keeps_the_order_of_videos():
    labels, probabilities = overconfident(300)
    fitted = fit_isotonic(labels, probabilities, shift=0.0, clip=0.0)
    places, values = np.asarray(fitted.knots).T
    assert (np.diff(places) > 0.09).all()
    assert (np.diff(values) > 0).all()
    assert (np.diff(fitted(np.linspace(0, 1, 1000))) >= 0).all()


@pytest.mark.parametrize(
    "calibration",
    [
        Calibration("none", clip=0.01),
        Calibration("temperature", temperature=3.7, shift=-1.2, clip=0.02),
        Calibration("temperature", temperature=0.05),
        Calibration("isotonic", knots=((-2.0, 0.1), (-1.9, 0.4), (6.0, 1.0)), clip=0.01),
        Calibration("isotonic", knots=((0.3, 0.5),)),
        fit_isotonic(*overconfident(500), shift=0.0, clip=0.01),
    ],
    ids=str,
)
def test_the_layer_computes_what_the_calibration_says(calibration):
    odds = np.concatenate([[-80, -17, 17, 80, 0.0], np.linspace(-9, 9, 500)]).astype(np.float32)
    probabilities, log_odds = (np.asarray(part).ravel() for part in CalibrationLayer(calibration)(odds.reshape(5, -1)))
    np.testing.assert_allclose(probabilities, calibration(sigmoid(odds.astype(np.float64))), atol=1e-5)
    expected = calibration.log_odds(odds.astype(np.float64))
    if calibration.method == "isotonic":
        # Float32 rounds the probability that they are computed from.
        inner = np.abs(expected) < 7
        np.testing.assert_allclose(log_odds[inner], expected[inner], atol=2e-3)
    else:
        np.testing.assert_allclose(log_odds, expected, rtol=1e-5, atol=1e-5)


CALIBRATIONS = st.one_of(
    st.builds(
        Calibration,
        st.just("temperature"),
        temperature=st.floats(0.05, 20),
        shift=st.floats(-5, 5),
        clip=st.sampled_from([0.0, 0.01, 0.2]),
    ),
    st.builds(Calibration, st.just("none"), clip=st.sampled_from([0.0, 0.01])),
    st.builds(
        lambda places, heights, clip: Calibration(
            "isotonic", knots=tuple(zip(sorted(places), sorted(heights), strict=True)), clip=clip
        ),
        st.lists(st.integers(-99, 99).map(lambda place: place / 10), unique=True, min_size=4, max_size=4),
        st.lists(st.floats(0, 1), unique=True, min_size=4, max_size=4),
        st.sampled_from([0.0, 0.01]),
    ),
)


@given(calibration=CALIBRATIONS, odds=st.lists(st.floats(-60, 60, width=32), min_size=2, max_size=60))
def test_probabilities_and_log_odds_rank_alike(calibration, odds):
    probabilities, log_odds = map(np.asarray, CalibrationLayer(calibration)(np.asarray(odds, np.float32)))
    # The last digit of a float32 probability depends on how the processor approximates exponentials.
    ranked = probabilities[np.argsort(log_odds)]
    assert (np.maximum.accumulate(ranked) - ranked <= 2e-7).all()
    if calibration.method != "isotonic":
        assert (np.diff(log_odds[np.argsort(odds, kind="stable")]) >= 0).all()


def test_what_rounds_to_one_probability_is_ranked_by_its_log_odds():
    odds = np.asarray([18, 19, 25, 40], np.float32)
    assert len(set(sigmoid(odds))) < 4
    for calibration in (Calibration("none", clip=0.01), Calibration("temperature", temperature=3.0, clip=0.01)):
        _, log_odds = CalibrationLayer(calibration)(odds)
        assert (np.diff(log_odds) > 0).all()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_scores_of_frames_are_calibrated_where_they_are_probabilities(name):
    keras.utils.set_random_seed(0)
    model = build_model(TrainerSettings(model=name), frames=FRAMES, feature_size=8)
    calibration = Calibration("temperature", temperature=2.0, shift=0.5, clip=0.01)
    served = calibrate_model(average_members([model]), calibration, architecture(name).FRAME_SCORE)
    mask = np.arange(FRAMES)[None] < np.asarray([4, 20])[:, None]
    frame_features = np.random.default_rng(0).normal(size=(2, FRAMES, 8)).astype(np.float32)
    inputs = {FRAME_FEATURES_XF: frame_features, FRAME_MASK_XF: mask}
    before, after = model.predict_on_batch(inputs), served.predict_on_batch(inputs)
    np.testing.assert_allclose(after[PROBABILITY_FAKE], calibration(before[PROBABILITY_FAKE]), atol=1e-5)
    expected = before[FRAME_SCORES] if name == "attention" else calibration(before[FRAME_SCORES]) * mask
    np.testing.assert_allclose(after[FRAME_SCORES], expected, atol=1e-5)
