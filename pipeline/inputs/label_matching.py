"""Matches labels to videos."""

import collections
import dataclasses
import os
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence

from components.dataset.entries import show
from components.errors import UserError
from components.file_names import match_names, nfc
from components.submission_gen.metrics import Truth
from components.uris import is_remote
from pipeline.inputs.labels import some_names


@dataclasses.dataclass(frozen=True)
class KnownLabels:
    """Labels and groups of videos.

    Attributes:
        by_uri: for the videos that were passed.
        elsewhere: for other videos, by the names used for the labels.
    """

    by_uri: Mapping[str, Truth]
    elsewhere: Mapping[str, Truth]

    def by_name(self, names: Iterable[str], video_of: Mapping[str, str]) -> dict[str, Truth]:
        """Returns what is known of the names in a sample submission, whose videos may be missing.

        Args:
            names: plain file names.
            video_of: uri of the video of each name that has one.
        """
        bare = collections.defaultdict(list)
        for name in self.elsewhere:
            bare[posixpath.basename(name)].append(name)
        absent = [name for name in names if name not in video_of]
        found = match_names(absent, (name for name, alike in bare.items() if len(alike) == 1))
        known = {name: self.by_uri.get(uri) for name, uri in video_of.items()}
        known |= {name: self.elsewhere[bare[meant][0]] for name, meant in found.items()}
        return {name: truth for name, truth in known.items() if truth}


def beside(labels: Mapping[str, Truth], videos: Sequence[str], tell: Callable[[str], None]) -> KnownLabels:
    """Sorts labels by whether their video is among `videos`, and reports labels and videos without a partner."""
    by_uri = {uri: labels[uri] for uri in videos if uri in labels}
    if labels:
        _tell_alone([name for name in labels if name not in by_uri], videos, by_uri, tell)
    return KnownLabels(by_uri, {name: truth for name, truth in labels.items() if name not in by_uri})


def match_labels(
    labels: Mapping[str, Truth],
    videos: Sequence[str],
    *,
    path: str,
    folders: Sequence[str],
    tell: Callable[[str], None],
) -> KnownLabels:
    """Matches labels to videos by path, or else by the end of the path, if that is unambiguous.

    Args:
        labels: by name: a path that is absolute, or relative to the labels' file, to one of `folders` or to the current
            folder; or the end of a path, such as a plain file name.
        videos: uris.
        path: path of the labels' file.
        folders: the folders that the user passed.
        tell: called with one line for each kind of label or video without a partner.

    Raises:
        UserError: if two labels of one video contradict each other.
    """
    uris = collections.defaultdict(list)
    for uri in videos:
        uris[_absolute(uri)].append(uri)
    names_of: dict[str, list[str]] = collections.defaultdict(list)
    several: dict[str, list[str]] = {}
    left = list(labels)

    def take(found: Mapping[str, Sequence[str]]) -> None:
        for name, places in found.items():
            if len(places) == 1:
                names_of[places[0]].append(name)
            else:
                several[name] = list(places)
        left[:] = [name for name in left if name not in found]

    for bases in ([os.path.dirname(path)], folders, [""]):
        take(_by_path(left, bases, uris))
    taken = set(names_of)
    ends = _by_end(left, list(labels), list(uris))
    take({name: places for name, places in ends.items() if not taken.intersection(places)})

    twice = [name for names in names_of.values() for name in names[1:]]
    by_uri: dict[str, Truth] = {}
    for place, names in names_of.items():
        for name in names[1:]:
            if labels[name].label != labels[names[0]].label:
                raise UserError(
                    f"--labels {path}: {show(names[0])} is {labels[names[0]].label} and {show(name)} is "
                    f"{labels[name].label}, and both mean {uris[place][0]}; keep the one that is right"
                )
        by_uri |= dict.fromkeys(uris[place], labels[names[0]])
    if twice:
        tell(f"there twice, saying the same: {some_names(twice)}")
    if several:
        first = next(iter(several))
        meant = " and ".join(uris[place][0] for place in several[first][:2])
        tell(f"of several videos, so of none: {some_names(list(several))}, the first of {meant}; write their paths")
    _tell_alone(left, videos, by_uri, tell)
    return KnownLabels(by_uri, {name: labels[name] for name in left})


def _by_path(names: Sequence[str], bases: Sequence[str], there: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = collections.defaultdict(list)
    for base in bases:
        names_at = collections.defaultdict(list)
        for name in names:
            names_at[_absolute(name if is_remote(name) else os.path.join(base, name))].append(name)
        for wanted, place in match_names(names_at, there).items():
            for name in names_at[wanted]:
                if place not in found[name]:
                    found[name].append(place)
    return found


def _by_end(names: Sequence[str], all_names: Sequence[str], there: Sequence[str]) -> dict[str, list[str]]:
    """Returns the places whose path ends in a name, leaving out plain names that several labels share."""
    by_look = collections.defaultdict(list)
    for place in there:
        by_look[nfc(posixpath.basename(place))].append(place)
    plain = collections.Counter(nfc(posixpath.basename(name)) for name in all_names)
    found = {}
    for name in names:
        end = posixpath.normpath(name)
        bare = "/" not in end
        if is_remote(name) or os.path.isabs(name) or end.startswith("..") or (bare and plain[nfc(end)] > 1):
            continue
        alike = [place for place in by_look[nfc(posixpath.basename(end))] if _ends(nfc(place), nfc(end))]
        exact = [place for place in alike if _ends(place, end)]
        if exact or alike:
            found[name] = exact or alike
    return found


def _ends(path: str, end: str) -> bool:
    return path == end or path.endswith(f"/{end}")


def _absolute(uri: str) -> str:
    return uri if is_remote(uri) else os.path.abspath(uri)


def _tell_alone(
    names: Sequence[str], videos: Sequence[str], by_uri: Mapping[str, Truth], tell: Callable[[str], None]
) -> None:
    if names:
        tell(f"of no video that is given: {some_names(names)}")
    if by_uri and (bare := [uri for uri in videos if uri not in by_uri]):
        tell(f"none for videos: {some_names(bare)}")
