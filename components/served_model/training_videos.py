"""`assets.extra/training_videos.npz`: which videos a model was trained on, as hashes of eight bytes, without a name."""

import dataclasses
import enum
import hashlib
import io
import os
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from components import storage
from components.errors import UserError
from components.served_model.description import Description
from components.whole_files import write_whole

TRAINING_VIDEOS_FILE: Final = "assets.extra/training_videos.npz"

_NONE: Final = np.empty(0, np.uint64)


class Known(str, enum.Enum):
    """Whether a model was trained on a video."""

    DIGEST = "digest"
    """On a file of the same bytes."""
    GROUP = "group"
    """On a video of its group, such as its original."""
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def was_trained_on(self) -> bool:
        """Whether the video, or one of its group, certainly was in the training."""
        return self in (Known.DIGEST, Known.GROUP)


@dataclasses.dataclass(frozen=True, eq=False)
class TrainingVideos:
    """The train and eval videos of a model, and of those that it was warm-started from.

    Attributes:
        digests: uint64 [N], hashes of the files' digests, ascending.
        groups: uint64 [M], hashes of the groups, ascending.
        groupings: what the groups were made by: values of `split.group_by`.
        complete: whether these are all; False for a model of an earlier version and for one started from it.
    """

    digests: np.ndarray
    groups: np.ndarray
    groupings: tuple[str, ...]
    complete: bool

    def find(self, digests: Sequence[str | None], groups: Sequence[str | None], group_by: str) -> list[Known]:
        """Says of each of N videos whether it was in the training.

        A group that has a training video in it is a training group, whatever its name.

        Args:
            digests: of the files; one that is empty or None is not known.
            groups: of the videos, likewise.
            group_by: what `groups` are made by; names of groups that were made by something else are not compared.
        """
        by_digest = _contains(self.digests, [hash_digest(digest) if digest else None for digest in digests])
        related = {group for group, known in zip(groups, by_digest, strict=True) if known and group}
        hashes = [hash_group(group, group_by) if group else None for group in groups]
        by_group = _contains(self.groups if group_by in self.groupings else _NONE, hashes)
        return [
            self._known(same_bytes, same_group or group in related, digest)
            for digest, group, same_bytes, same_group in zip(digests, groups, by_digest, by_group, strict=True)
        ]

    def _known(self, same_bytes: bool, same_group: bool, digest: str | None) -> Known:
        if same_bytes:
            return Known.DIGEST
        if same_group:
            return Known.GROUP
        return Known.NO if self.complete and digest else Known.UNKNOWN

    def together_with(self, other: "TrainingVideos") -> "TrainingVideos":
        """Returns the videos of both: what a model knows that was warm-started from another."""
        return TrainingVideos(
            digests=np.union1d(self.digests, other.digests),
            groups=np.union1d(self.groups, other.groups),
            groupings=tuple(sorted({*self.groupings, *other.groupings})),
            complete=self.complete and other.complete,
        )


UNKNOWN_TRAINING: Final = TrainingVideos(_NONE, _NONE, (), complete=False)
"""Of a model that an earlier version pushed."""


def list_videos(digests: Iterable[str | None], groups: Iterable[str | None], group_by: str) -> TrainingVideos:
    """Lists training videos by the digests of their files and by their groups; unknown ones are left out."""
    return TrainingVideos(
        digests=_ascending(hash_digest(digest) for digest in set(digests) if digest),
        groups=_ascending(hash_group(group, group_by) for group in set(groups) if group),
        groupings=(group_by,),
        complete=True,
    )


def hash_digest(digest: str) -> int:
    """Returns the first eight bytes of the SHA-256 of a file's digest, which is written in hexadecimal."""
    return _hash(digest)


def hash_group(group: str, group_by: str) -> int:
    """Returns those of a group's name, together with what it is a group by: a folder is no original of that name."""
    return _hash(f"{group_by}\n{group}")


def write_training_videos(model_path: str, videos: TrainingVideos) -> None:
    """Writes the list next to the SavedModel at `model_path`; the same videos always give the same bytes."""
    buffer = io.BytesIO()
    np.savez(
        buffer,
        digests=videos.digests,
        groups=videos.groups,
        groupings=np.asarray(videos.groupings, np.str_),
        complete=np.asarray(videos.complete),
    )
    write_whole(os.path.join(model_path, TRAINING_VIDEOS_FILE), buffer.getvalue())


def read_training_videos(model_path: str, description: Description) -> TrainingVideos:
    """Reads the list of a model, which is `UNKNOWN_TRAINING` if none was written.

    Args:
        model_path: folder of the SavedModel.
        description: its `model.json`, which says how many videos are listed.

    Raises:
        UserError: if the list is missing or damaged.
    """
    if description.training_videos is None:
        return UNKNOWN_TRAINING
    path = os.path.join(model_path, TRAINING_VIDEOS_FILE)
    try:
        arrays = np.load(io.BytesIO(storage.read_bytes(path)))
        found = TrainingVideos(
            digests=arrays["digests"],
            groups=arrays["groups"],
            groupings=tuple(map(str, arrays["groupings"])),
            complete=bool(arrays["complete"]),
        )
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: cannot be read; copy the whole folder anew") from error
    if len(found.digests) != description.training_videos:
        raise UserError(
            f"{path}: lists {len(found.digests):,} videos, and model.json tells of {description.training_videos:,}; "
            "copy the whole folder anew"
        )
    return found


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8], "big")


def _ascending(hashes: Iterable[int]) -> np.ndarray:
    return np.unique(np.fromiter(hashes, np.uint64))


def _contains(ascending: np.ndarray, hashes: Sequence[int | None]) -> list[bool]:
    """Says of each hash whether it is in the array; None is not."""
    if not len(ascending):
        return [False] * len(hashes)
    asked = np.asarray([0 if each is None else each for each in hashes], np.uint64)
    there = ascending[np.minimum(np.searchsorted(ascending, asked), len(ascending) - 1)] == asked
    return [bool(found) and each is not None for found, each in zip(there, hashes, strict=True)]
