import pytest
from brightness_model import DESCRIPTION

from components.errors import UserError
from components.evaluator.comparable import require_comparable
from components.served_model.description import Description

URI = "runs/a/model/1"


def described(**changed) -> Description:
    encoder = {**DESCRIPTION["encoder"], "architecture": "inception_v3", "weights": "imagenet"}
    encoder |= changed.pop("encoder", {})
    return Description.model_validate({**DESCRIPTION, "encoder": encoder, **changed})


@pytest.mark.parametrize(
    ("baseline", "words"),
    [
        ({"crop": "face", "face_detector": "haar"}, "crop face, not center_square, face_detector haar, not none"),
        ({"sampling": "first"}, "sampling first, not uniform"),
        ({"frames": 8}, "frames 8, not 20"),
        ({"hdr": "tone_map"}, "hdr tone_map, not as_sdr"),
        ({"encoder": {"architecture": "xception"}}, "encoder xception of imagenet, not inception_v3 of imagenet"),
        ({"encoder": {"weights": "random:0"}}, "encoder inception_v3 of random:0, not inception_v3 of imagenet"),
    ],
)
def test_other_features_are_refused_in_a_line(baseline, words):
    with pytest.raises(UserError) as raised:
        require_comparable(described(), described(**baseline), URI)
    line = str(raised.value)
    assert words in line
    assert line.startswith(f"evaluator.baseline='{URI}': ")
    assert "evaluator.baseline=none" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "encoder",
    [
        {},
        # Another version of the code, another machine.
        {"fingerprint": "other", "precision": "bfloat16", "engine": "openvino"},
    ],
)
def test_the_same_features_by_other_means_can_be_compared(encoder):
    require_comparable(described(), described(encoder=encoder), URI)


def test_weights_are_told_apart_by_what_they_are_where_that_is_known():
    here = described(encoder={"weights": "/here/weights.h5", "weights_fingerprint": "same"})
    require_comparable(here, described(encoder={"weights": "/there/weights.h5", "weights_fingerprint": "same"}), URI)
    with pytest.raises(UserError, match="encoder inception_v3 of /here"):
        require_comparable(
            here, described(encoder={"weights": "/here/weights.h5", "weights_fingerprint": "other"}), URI
        )
