"""Which videos a model was trained on: what its list finds, how large it is, and what an earlier model says."""

import hashlib
import itertools
import json
import pathlib
import time

import numpy as np
import pytest
from brightness_model import DESCRIPTION
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.served_model.description import Description
from components.served_model.training_videos import (
    TRAINING_VIDEOS_FILE,
    UNKNOWN_TRAINING,
    Known,
    TrainingVideos,
    list_videos,
    read_training_videos,
    write_training_videos,
)

DIGESTS = st.integers(0, 40).map(lambda number: hashlib.sha256(str(number).encode()).hexdigest())
GROUPS = st.text("abc", min_size=1, max_size=2)
VIDEOS = st.lists(st.tuples(DIGESTS, GROUPS), max_size=20)


def listed(videos: list[tuple[str, str]], group_by: str = "original") -> TrainingVideos:
    return list_videos([digest for digest, _ in videos], [group for _, group in videos], group_by)


def found(training: TrainingVideos, videos: list[tuple[str, str]], group_by: str = "original") -> list[Known]:
    return training.find([digest for digest, _ in videos], [group for _, group in videos], group_by)


def described(count: int | None) -> Description:
    return Description.model_validate({**DESCRIPTION, "training_videos": count})


def equal(one: TrainingVideos, other: TrainingVideos) -> bool:
    arrays = np.array_equal(one.digests, other.digests) and np.array_equal(one.groups, other.groups)
    return arrays and (one.groupings, one.complete) == (other.groupings, other.complete)


@given(VIDEOS, VIDEOS)
def test_a_video_is_known_by_its_bytes_by_its_group_or_by_those_of_its_group(trained, asked):
    digests, groups = {digest for digest, _ in trained}, {group for _, group in trained}
    related = {group for digest, group in asked if digest in digests}
    expected = [
        Known.DIGEST if digest in digests else Known.GROUP if group in groups | related else Known.NO
        for digest, group in asked
    ]
    assert found(listed(trained), asked) == expected


@given(VIDEOS, VIDEOS, VIDEOS)
def test_a_warm_start_knows_what_either_knows_and_no_more(own, inherited, asked):
    both = listed(own).together_with(listed(inherited))
    assert equal(both, listed(own + inherited))
    assert found(both, asked) == found(listed(own + inherited), asked)


@given(VIDEOS, VIDEOS)
def test_where_the_list_is_not_whole_a_video_is_known_or_unknown_and_never_new(trained, asked):
    whole = found(listed(trained), asked)
    partial = found(listed(trained).together_with(UNKNOWN_TRAINING), asked)
    assert partial == [Known.UNKNOWN if known is Known.NO else known for known in whole]
    assert set(found(UNKNOWN_TRAINING, asked)) <= {Known.UNKNOWN}


def test_groups_of_another_kind_are_no_groups_of_this_kind():
    training = listed([("aa", "a.mp4")], "folder")
    assert found(training, [("bb", "a.mp4")]) == [Known.NO]
    assert found(training, [("bb", "a.mp4")], "folder") == [Known.GROUP]
    assert found(training.together_with(listed([("cc", "b.mp4")])), [("bb", "a.mp4"), ("dd", "b.mp4")]) == [
        Known.NO,
        Known.GROUP,
    ]


def test_a_file_or_a_group_that_is_not_known_proves_nothing():
    training = listed([("aa", "a.mp4"), ("", "b.mp4"), ("cc", "")])
    assert found(training, [("", ""), ("", "a.mp4"), ("", "z.mp4"), ("aa", ""), ("bb", "")]) == [
        Known.UNKNOWN,
        Known.GROUP,
        Known.UNKNOWN,
        Known.DIGEST,
        Known.NO,
    ]
    assert len(training.digests) == len(training.groups) == 2


@given(VIDEOS)
def test_a_list_comes_back_and_is_the_same_file_in_any_order(tmp_path_factory, videos):
    folder = tmp_path_factory.mktemp("model")
    training = listed(videos)
    write_training_videos(str(folder), training)
    assert equal(read_training_videos(str(folder), described(len(training.digests))), training)
    content = (folder / TRAINING_VIDEOS_FILE).read_bytes()
    write_training_videos(str(folder), listed(videos[::-1]))
    assert (folder / TRAINING_VIDEOS_FILE).read_bytes() == content


def test_a_model_of_the_version_before_says_unknown(tmp_path):
    earlier = json.loads(pathlib.Path(__file__).with_name("earlier").joinpath("model.json").read_text())
    assert read_training_videos(str(tmp_path), Description.model_validate(earlier)) is UNKNOWN_TRAINING


def test_a_list_that_is_lost_cut_or_of_another_model_is_refused(tmp_path):
    training = listed([("aa", "a"), ("bb", "b")])
    with pytest.raises(UserError, match="copy the whole folder anew"):
        read_training_videos(str(tmp_path), described(2))
    write_training_videos(str(tmp_path), training)
    with pytest.raises(UserError, match=r"lists 2 videos, and model\.json tells of 3"):
        read_training_videos(str(tmp_path), described(3))
    path = tmp_path / TRAINING_VIDEOS_FILE
    content = path.read_bytes()
    for damaged in (b"", content[:100], content[:-30], b"no list"):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match=r"training_videos\.npz: cannot be read; copy the whole folder anew"):
            read_training_videos(str(tmp_path), described(2))


def test_it_takes_eight_bytes_a_video_and_kind_and_a_million_are_looked_up_at_once(tmp_path):
    generator = np.random.default_rng(0)
    digests, groups = (np.unique(generator.integers(0, 2**64, 1_000_000, np.uint64)) for _ in range(2))
    write_training_videos(str(tmp_path), TrainingVideos(digests, groups, ("original",), complete=True))
    assert (tmp_path / TRAINING_VIDEOS_FILE).stat().st_size < 8 * (len(digests) + len(groups)) + 2000
    start = time.process_time()
    training = read_training_videos(str(tmp_path), described(len(digests)))
    asked = [f"{number:064x}" for number in range(10_000)]
    assert set(training.find(asked, asked, "original")) == {Known.NO}
    assert time.process_time() - start < 5


def test_no_name_and_no_digest_is_in_the_file(tmp_path):
    digest, group = hashlib.sha256(b"bytes").hexdigest(), "a-telling-name.mp4"
    write_training_videos(str(tmp_path), listed([(digest, group)]))
    content = (tmp_path / TRAINING_VIDEOS_FILE).read_bytes()
    first = bytes.fromhex(digest)[:8]
    for secret in (digest.encode(), first, first[::-1], *(group[at : at + 5].encode() for at in range(8))):
        assert secret not in content
    for one, other in itertools.combinations([listed([(digest, group)]), listed([(group, digest)])], 2):
        assert not set(one.digests) & set(other.groups)
