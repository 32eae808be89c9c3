"""The service says whether its model was trained on the very file that it is sent."""

import pathlib

import pytest
from grey_clips import write_grey_clip
from model_training import trained_on
from served_model import served, upload

from pipeline.serve.requests.limits import Limits


@pytest.mark.parametrize("name", ["clip.mp4", "another name.mp4"])
def test_a_known_file_is_told_under_any_name(model, clip, tmp_path, name):
    (tmp_path / "clip.mp4").write_bytes(clip)
    folder = trained_on(pathlib.Path(model.path), tmp_path / "1", files=[tmp_path / "clip.mp4"], groups=["other.mp4"])
    other = pathlib.Path(write_grey_clip(tmp_path / "other.mp4", 60)).read_bytes()
    with served(pathlib.Path(folder), Limits(upload_bytes=1 << 20, at_work=1, waiting=0)) as address:
        known, new = upload(address, clip, name).json(), upload(address, other, "other.mp4").json()
    assert (known["in_training"], known["known_by"]) == ("true", "digest")
    assert known["in_training_in_words"] == "the model was trained on this very file, so that its score proves nothing"
    # Of an upload no group is known, whatever its name.
    assert (new["in_training"], new["known_by"]) == ("false", "")
    assert new["in_training_in_words"] == "the model was not trained on this file"


def test_a_model_of_before_says_unknown(client, tmp_path):
    path = write_grey_clip(tmp_path / "clip.mp4", 200)
    with open(path, "rb") as file:
        answered = client.post("/score", files={"video": ("clip.mp4", file)}).json()
    assert answered["in_training"] == "unknown"
    assert answered["in_training_in_words"] == "unknown is whether the model was trained on it"
