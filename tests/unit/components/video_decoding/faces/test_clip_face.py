import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from components.video_decoding.faces.clip_face import MARGIN, Square, clip_face, square_around
from components.video_decoding.faces.face import Face, pose_of

COORDINATES = st.floats(-5000, 5000)
SIDES = st.floats(0.1, 9000)
FACES = st.builds(Face, COORDINATES, COORDINATES, SIDES, SIDES, st.sampled_from(["frontal", "profile"]))


def face(left: float, top: float, side: float, pose="frontal") -> Face:
    return Face(left, top, side, side, pose)


@given(FACES, st.integers(1, 8000), st.integers(1, 8000))
def test_the_square_is_always_a_square_inside_the_frame(found, width, height):
    left, top, side = square_around(found, width, height)
    assert side >= 1
    assert 0 <= left <= left + side <= width
    assert 0 <= top <= top + side <= height


@given(st.lists(st.lists(FACES, max_size=4), max_size=5))
def test_a_face_is_given_wherever_one_is_found_and_lies_among_what_was_found(by_frame):
    found = clip_face(by_frame)
    everything = [face for faces in by_frame for face in faces]
    assert (found is None) == (not everything)
    if found:
        assert min(f.width for f in everything) <= found.width * (1 + 1e-9)
        assert found.width <= max(f.width for f in everything) * (1 + 1e-9)
        assert found.pose in {f.pose for f in everything}


def test_the_square_has_the_margin_around_the_face():
    assert square_around(face(400, 300, 100), 1000, 800) == Square(385, 285, round(MARGIN * 100))


def test_an_upright_box_is_widened_to_a_square_with_the_same_middle():
    assert square_around(Face(400, 300, 60, 100, "frontal"), 1000, 800) == Square(365, 285, 130)


def test_a_square_at_the_edge_is_moved_not_shrunk():
    assert square_around(face(-10, 750, 100), 1000, 800) == Square(0, 670, 130)
    assert square_around(face(950, -20, 100), 1000, 800) == Square(870, 0, 130)


def test_a_square_larger_than_the_frame_is_shrunk_to_its_shorter_side():
    assert square_around(face(200, 10, 700), 1000, 800) == Square(150, 0, 800)


def test_the_largest_of_four_faces_is_taken():
    faces = [face(0, 0, 90), face(500, 0, 110), face(0, 500, 100), face(500, 500, 80)]
    assert clip_face([faces, faces[::-1], faces]) == faces[1]


def test_the_box_is_the_median_so_one_frame_moves_nothing():
    steady = [[face(100, 100, 80)] for _ in range(4)]
    assert clip_face([*steady, [face(120, 90, 100)]]) == face(100, 100, 80)


def test_a_large_false_face_that_comes_and_goes_loses():
    by_frame = [[face(100, 100, 80)] for _ in range(5)]
    by_frame[2] = [face(100, 100, 80), face(300, 300, 160)]
    assert clip_face(by_frame) == face(100, 100, 80)


def test_frames_without_a_face_do_not_count():
    assert clip_face([[], [face(10, 20, 30)], [], []]) == face(10, 20, 30)


def test_no_face_anywhere_is_no_face():
    assert clip_face([[], [], []]) is None


def test_the_pose_is_that_of_most_frames():
    poses = ["profile", "frontal", "profile"]
    found = clip_face([[face(100, 100, 80, pose)] for pose in poses])
    assert found is not None
    assert found.pose == "profile"


def test_a_nose_beyond_the_eyes_is_a_profile():
    right_eye, left_eye = np.asarray([10.0, 10.0]), np.asarray([30.0, 14.0])
    assert pose_of(right_eye, left_eye, np.asarray([20.0, 25.0])) == "frontal"
    assert pose_of(right_eye, left_eye, np.asarray([45.0, 25.0])) == "profile"
    assert pose_of(right_eye, left_eye, np.asarray([2.0, 25.0])) == "profile"
    assert pose_of(right_eye, right_eye, np.asarray([10.0, 25.0])) == "frontal"
