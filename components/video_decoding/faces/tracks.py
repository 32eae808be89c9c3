"""Follows faces through the sampled frames of a clip."""

import dataclasses
import itertools
import math
from collections.abc import Sequence
from typing import Final

from components.video_decoding.faces.clip_face import median_face, overlap
from components.video_decoding.faces.face import Face
from components.video_decoding.faces.track_choice import TrackChoice

_SAME_OVERLAP: Final = 0.1
# Between sampled frames, half a second apart in a clip of ten, a head moves by about its width at most.
_SAME_DISTANCE: Final = 0.8
_SAME_SIZE: Final = 2.0
_MISSED: Final = 3


@dataclasses.dataclass
class Track:
    """One face: where it is, by the frames that were looked at in which it was found, in their order."""

    faces: dict[int, Face]

    @property
    def size(self) -> float:
        """The sum of its sides, by which a large false detection that comes and goes loses."""
        return sum(face.side for face in self.faces.values())

    def spread(self, positions: Sequence[int]) -> tuple[Sequence[int], Face, list[Face]]:
        """Returns the frames from the first to the last in which the face was found, its median box, and their boxes.

        Args:
            positions: of the frames that were looked at, ascending; frames between them have the box of the nearest
                place on the way from one to the next.
        """
        found = {positions[number]: face for number, face in self.faces.items()}
        taken = range(min(found), max(found) + 1)
        return taken, median_face(list(self.faces.values())), [_between(found, frame) for frame in taken]


def find_tracks(by_frame: Sequence[Sequence[Face]], cuts: Sequence[bool]) -> list[Track]:
    """Joins the faces of frames that follow each other; a face that is missed in a few frames stays the same.

    Args:
        by_frame: the faces in each frame.
        cuts: for each frame, whether it belongs to another shot than the one before, which ends all tracks.
    """
    tracks: list[Track] = []
    open_tracks: list[Track] = []
    for number, (faces, cut) in enumerate(zip(by_frame, cuts, strict=True)):
        open_tracks = [] if cut else [each for each in open_tracks if number - max(each.faces) <= _MISSED]
        pairs = itertools.product(open_tracks, faces)
        likely = sorted(((_likeness(_last(track), face), track, face) for track, face in pairs), key=_by_likeness)
        matched: list[Face] = []
        for likeness, track, face in likely:
            if likeness > 0 and number not in track.faces and not any(face is other for other in matched):
                track.faces[number] = face
                matched.append(face)
        new = [Track({number: face}) for face in faces if not any(face is other for other in matched)]
        tracks += new
        open_tracks += new
    return tracks


def choose_tracks(tracks: Sequence[Track], choice: TrackChoice, frames: int) -> list[Track]:
    """Returns the tracks that are long enough, the largest first, if so many frames were looked at."""
    long_enough = [track for track in tracks if len(track.faces) >= min(choice.min_frames, frames)]
    return sorted(long_enough, key=lambda track: -track.size)[: choice.most]


def _by_likeness(pair: tuple[float, Track, Face]) -> float:
    return -pair[0]


def _last(track: Track) -> Face:
    return track.faces[max(track.faces)]


def _likeness(one: Face, other: Face) -> float:
    """Returns how likely two boxes in frames that follow each other are the same face; 0 if they are not."""
    shared = overlap(one, other)
    if shared > _SAME_OVERLAP:
        return 1 + shared
    larger, smaller = max(one.side, other.side), min(one.side, other.side)
    apart = math.dist(one.center, other.center) / ((larger + smaller) / 2)
    return max(1 - apart / _SAME_DISTANCE, 0.0) if larger <= _SAME_SIZE * smaller else 0.0


def _between(found: dict[int, Face], frame: int) -> Face:
    before, after = max(at for at in found if at <= frame), min(at for at in found if at >= frame)
    share = (frame - before) / (after - before) if after > before else 0.0
    return found[before].towards(found[after], share)
