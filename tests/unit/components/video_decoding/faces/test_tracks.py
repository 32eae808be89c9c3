"""Faces are followed from frame to frame, until a cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.video_decoding.faces.cuts import find_cuts
from components.video_decoding.faces.face import Face
from components.video_decoding.faces.track_choice import TrackChoice
from components.video_decoding.faces.tracks import Track, choose_tracks, find_tracks

PLACES = st.floats(0, 1000)
FACES = st.builds(Face, PLACES, PLACES, st.floats(5, 300), st.floats(5, 300), st.sampled_from(["frontal", "profile"]))


def face(left: float, top: float = 100.0, side: float = 100.0) -> Face:
    return Face(left, top, side, side, "frontal")


def uncut(by_frame: list[list[Face]]) -> list[Track]:
    return find_tracks(by_frame, [False] * len(by_frame))


def places(track: Track) -> list[tuple[int, float]]:
    return [(frame, found.left) for frame, found in track.faces.items()]


def test_two_people_side_by_side_stay_apart_while_both_move():
    one = [face(100 + 20 * number) for number in range(10)]
    other = [face(320 + 20 * number) for number in range(10)]
    # Detectors give them in any order.
    by_frame = [list(pair) for pair in zip(one, other, strict=True)]
    by_frame[1::2] = [pair[::-1] for pair in by_frame[1::2]]
    tracks = uncut(by_frame)
    assert sorted(places(track)[0][1] for track in tracks) == [100, 320]
    for track in tracks:
        assert set(np.diff([left for _, left in places(track)])) == {20}


def test_a_face_that_is_missed_in_a_few_frames_stays_the_same():
    by_frame = [[face(100)] if number in (0, 1, 4, 5) else [] for number in range(6)]
    (track,) = uncut(by_frame)
    assert list(track.faces) == [0, 1, 4, 5]
    assert len(uncut([[face(100)], *([[]] * 5), [face(100)]])) == 2


def test_another_place_or_size_is_another_face():
    assert len(uncut([[face(100)], [face(400)]])) == 2
    assert len(uncut([[face(100, side=40)], [face(300, 300, side=200)]])) == 2


def test_a_cut_ends_all_tracks():
    by_frame = [[face(100)]] * 6
    tracks = find_tracks(by_frame, [False, False, False, True, False, False])
    assert [list(track.faces) for track in tracks] == [[0, 1, 2], [3, 4, 5]]


@given(st.lists(st.lists(FACES, max_size=5), max_size=8), st.data())
def test_each_face_is_in_one_track_that_has_it_once(by_frame, data):
    cuts = data.draw(st.lists(st.booleans(), min_size=len(by_frame), max_size=len(by_frame)))
    tracks = find_tracks(by_frame, cuts)
    followed = [(frame, id(found)) for track in tracks for frame, found in track.faces.items()]
    assert sorted(followed) == sorted((number, id(each)) for number, faces in enumerate(by_frame) for each in faces)
    for track in tracks:
        frames = list(track.faces)
        assert frames == sorted(frames)
        assert not any(cuts[between] for frame in frames[1:] for between in range(frames[0] + 1, frame + 1))


def test_the_largest_tracks_that_last_are_chosen():
    small, large, passing = (
        Track({number: face(0, side=side) for number in range(count)}) for side, count in ((50, 9), (80, 9), (300, 2))
    )
    assert choose_tracks([small, large, passing], TrackChoice(3, 4), 9) == [large, small]
    assert choose_tracks([small, large, passing], TrackChoice(3, 1), 9) == [large]
    assert passing in choose_tracks([small, large, passing], TrackChoice(3, 4), 2), "of two frames it has both"


def test_a_track_is_spread_over_all_frames_from_its_first_to_its_last():
    track = Track({1: face(100), 3: face(140)})
    taken, median, boxes = track.spread([0, 2, 4, 6, 8])
    assert list(taken) == [2, 3, 4, 5, 6]
    assert median.left == 120
    assert [box.left for box in boxes] == [100, 110, 120, 130, 140]


def picture(seed: int, shift: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    blocks = np.repeat(np.repeat(random.integers(0, 256, (6, 8, 3), np.uint8), 24, axis=0), 24, axis=1)
    return np.roll(blocks, shift, axis=1)


@pytest.mark.parametrize("brightness", [0, 12, 100])
def test_cuts_are_between_pictures_that_differ_all_over(brightness):
    shot = [np.clip(picture(1, 2 * number).astype(int) + brightness * (number % 2), 0, 255) for number in range(4)]
    other = [picture(2, 2 * number) for number in range(3)]
    frames = [np.ascontiguousarray(each, np.uint8) for each in (*shot, *other)]
    assert find_cuts(frames) == [False, False, False, False, True, False, False]
    assert find_cuts(frames[:1]) == [False]
    assert find_cuts([]) == []


@pytest.mark.e2e
def test_no_cut_is_seen_in_real_clips(shared_data):
    import cv2

    from components.video_decoding.decode import decode_clip

    for path in sorted((shared_data / "real_clips").rglob("*.mp4")):
        clip = decode_clip(str(path), sampling="uniform", frames=20, size=192)
        assert not any(find_cuts([cv2.cvtColor(each, cv2.COLOR_RGB2BGR) for each in clip.frames])), path.name
