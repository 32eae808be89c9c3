import pytest

from components.errors import UserError
from components.frame_encoder.graph import Network
from components.frame_encoder.network import build_network, encoder_fingerprint, require_digest, weights_fingerprint


@pytest.fixture(scope="module")
def inception() -> Network:
    return build_network("inception_v3", "random:3")


@pytest.mark.e2e
def test_seed_decides_the_random_weights(inception):
    same, other = build_network("inception_v3", "random:3"), build_network("inception_v3", "random:4")
    assert weights_fingerprint(same) == weights_fingerprint(inception)
    assert weights_fingerprint(other) != weights_fingerprint(inception)


def test_fingerprint_tells_precision_and_engine():
    ways = [("float32", "tensorflow"), ("bfloat16", "tensorflow"), ("float32", "openvino"), ("bfloat16", "openvino")]
    assert len({encoder_fingerprint("weights", *way) for way in ways}) == 4


@pytest.mark.e2e
def test_weights_file_is_loaded(inception, tmp_path):
    path = str(tmp_path / "inception.weights.h5")
    inception.model.save_weights(path)
    assert weights_fingerprint(build_network("inception_v3", path)) == weights_fingerprint(inception)


@pytest.mark.parametrize(("weights", "words"), [("random:x", "random:0"), ("/nowhere/weights.h5", "is not there")])
def test_wrong_weights_are_a_line_with_a_way_out(weights, words):
    with pytest.raises(UserError, match=words) as raised:
        build_network("inception_v3", weights)
    assert weights in str(raised.value)
    assert "\n" not in str(raised.value)


def test_file_that_holds_no_weights_is_a_line(tmp_path):
    path = tmp_path / "text.weights.h5"
    path.write_text("no weights")
    with pytest.raises(UserError, match="no weights file of InceptionV3") as raised:
        build_network("inception_v3", str(path))
    assert "\n" not in str(raised.value)


def test_replaced_weights_file_is_refused(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(b"one")
    with pytest.raises(UserError, match="has sha256"):
        require_digest(str(path), "0" * 64)
