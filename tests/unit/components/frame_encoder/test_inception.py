import keras
import numpy as np
import pytest

from components.errors import UserError
from components.frame_encoder.inception import build_inception, encoder_fingerprint, fold_batch_norm, require_digest


@pytest.fixture(scope="module")
def inception() -> keras.Model:
    return build_inception("random:3")


def noise(frames: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (frames, 224, 224, 3), np.uint8)


@pytest.mark.e2e
def test_folding_keeps_the_function_of_any_batch_norm(inception):
    model = keras.models.clone_model(inception)
    generator = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            beta, mean, variance = layer.get_weights()
            layer.set_weights(
                [
                    generator.normal(0, 0.1, beta.shape),
                    generator.normal(0, 0.01, mean.shape),
                    generator.uniform(0.5, 2, variance.shape),
                ]
            )
    frames = noise(2).astype(np.float32) / 127.5 - 1
    expected, folded = (np.asarray(net(frames)) for net in (model, fold_batch_norm(model)))
    assert np.linalg.norm(folded - expected) / np.linalg.norm(expected) < 1e-4


def test_folding_removes_every_batch_norm(inception):
    folded = fold_batch_norm(inception)
    assert not any(isinstance(layer, keras.layers.BatchNormalization) for layer in folded.layers)


def fingerprint(model: keras.Model) -> str:
    return encoder_fingerprint(model, "float32", "tensorflow")


@pytest.mark.e2e
def test_seed_decides_the_random_weights(inception):
    same, other = build_inception("random:3"), build_inception("random:4")
    assert fingerprint(same) == fingerprint(inception)
    assert fingerprint(other) != fingerprint(inception)


def test_fingerprint_tells_precision_and_engine(inception):
    ways = [("float32", "tensorflow"), ("bfloat16", "tensorflow"), ("float32", "openvino"), ("bfloat16", "openvino")]
    assert len({encoder_fingerprint(inception, *way) for way in ways}) == 4


@pytest.mark.e2e
def test_weights_file_is_loaded(inception, tmp_path):
    path = str(tmp_path / "inception.weights.h5")
    inception.save_weights(path)
    assert fingerprint(build_inception(path)) == fingerprint(inception)


@pytest.mark.parametrize(("weights", "words"), [("random:x", "random:0"), ("/nowhere/weights.h5", "is not there")])
def test_wrong_weights_are_a_line_with_a_way_out(weights, words):
    with pytest.raises(UserError, match=words) as raised:
        build_inception(weights)
    assert weights in str(raised.value)
    assert "\n" not in str(raised.value)


def test_file_that_holds_no_weights_is_a_line(tmp_path):
    path = tmp_path / "text.weights.h5"
    path.write_text("no weights")
    with pytest.raises(UserError, match="no weights file of InceptionV3") as raised:
        build_inception(str(path))
    assert "\n" not in str(raised.value)


def test_replaced_weights_file_is_refused(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(b"one")
    with pytest.raises(UserError, match="has sha256"):
        require_digest(str(path), "0" * 64)
