import sys

import av
import numpy as np
import pytest

from components.errors import UserError
from components.video_decoding.decode import decode_clip
from components.video_decoding.faces.clip_face import clip_face
from components.video_decoding.faces.detectors import DETECTORS, FaceDetection
from components.video_decoding.faces.face import Face, FaceSearch
from components.video_decoding.faces.model_file import open_face_detection

SETTINGS = {"sampling": "uniform", "frames": 20, "size": 224}


@pytest.fixture(scope="module")
def odd_videos(shared_data):
    return shared_data / "odd_videos" / "odd_derived"


@pytest.fixture(params=["blazeface", "haar", "mtcnn"])
def detect(request):
    if request.param == "mtcnn":
        pytest.importorskip("mtcnn")
    return FaceDetection(request.param).load()


def last_frame(path) -> np.ndarray:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][-1]


def center(face: Face) -> tuple[float, float]:
    return face.left + face.width / 2, face.top + face.height / 2


def test_a_small_face_is_found_where_the_black_frame_is_not_black(detect, odd_videos):
    frame = last_frame(odd_videos / "tiny_face_in_corner.mp4")
    rows, columns = np.nonzero(frame.max(axis=2) > 60)
    (face,) = detect(frame)
    x, y = center(face)
    assert columns.min() < x < columns.max()
    assert rows.min() < y < rows.max()
    assert face.side <= columns.max() - columns.min()


def test_four_faces_are_found_one_in_each_quarter(detect, odd_videos):
    frame = last_frame(odd_videos / "four_faces.mp4")
    found = detect(frame)
    height, width = frame.shape[:2]
    assert {(x < width / 2, y < height / 2) for x, y in map(center, found)} == {
        (left, top) for left in (False, True) for top in (False, True)
    }
    assert clip_face([found]) in [face for face in found if face.side == max(other.side for other in found)]


@pytest.mark.parametrize("name", ["black_no_face.mp4", "testsrc_no_face.mp4"])
def test_no_face_is_found_where_there_is_none(detect, odd_videos, name):
    assert decode_clip(str(odd_videos / name), **SETTINGS, faces=FaceSearch(detect)).face_status == "none"


def test_a_face_that_comes_late_is_found(odd_videos):
    clip = decode_clip(str(odd_videos / "black_then_face.mp4"), **SETTINGS, faces=FaceDetection("haar").search())
    assert clip.face_status == "frontal"


@pytest.mark.e2e
def test_the_face_of_each_real_clip_is_found_and_is_in_the_crop(shared_data):
    haar = FaceDetection("haar").load()
    clips = sorted((shared_data / "real_clips").rglob("*.mp4"))
    for path in clips[::5]:
        clip = decode_clip(str(path), **SETTINGS, faces=FaceSearch(haar))
        assert clip.face_status == "frontal", path
        # In a well-cropped square the face is detected again, centred and of the size that the margin implies.
        again = clip_face([haar(pixels[:, :, ::-1].copy()) for pixels in clip.frames[::4]])
        assert again is not None, path
        assert np.hypot(*(np.asarray(center(again)) - 112)) < 40, path
        assert 110 < again.side < 224, path


def test_a_model_file_that_is_not_there_is_an_error_of_the_user(tmp_path):
    missing = str(tmp_path / "yunet.onnx")
    with pytest.raises(UserError, match=r"extraction\.face_model: .*yunet\.onnx.* is no file"):
        open_face_detection("yunet", missing)
    with pytest.raises(UserError, match="is no file"):
        open_face_detection("yunet", str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"no model at all", bytes(5000)])
def test_a_file_that_is_no_yunet_is_an_error_of_the_user(tmp_path, content, capfd):
    path = tmp_path / "wrong.onnx"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"extraction\.face_model: OpenCV cannot use the file as a YuNet model"):
        open_face_detection("yunet", str(path))
    assert capfd.readouterr() == ("", "")


def test_another_model_file_than_the_pinned_one_is_refused(tmp_path):
    path = tmp_path / "other.onnx"
    path.write_bytes(b"other")
    with pytest.raises(UserError, match=r"has sha256 d9298a10.*, not 00; .*face_model_digest"):
        open_face_detection("yunet", str(path), "00")


def test_a_detector_whose_package_is_not_installed_is_an_error_of_the_user(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "mtcnn", raising=False)
    with pytest.raises(UserError, match=r"mtcnn is not installed; type pip install .*\[faces\]"):
        open_face_detection("mtcnn", "")


def test_detectors_without_a_model_file_need_none():
    for name, detector in DETECTORS.items():
        if not detector.needs_model and name != "mtcnn":
            assert open_face_detection(name, "").model_digest == ""
