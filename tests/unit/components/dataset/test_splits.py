import json
import pathlib
import re
import tempfile
from collections.abc import Callable

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from components import features
from components.dataset.metadata import VideoEntry, read_dataset
from components.dataset.splits import (
    SplitRatios,
    assign_split,
    count_by_split,
    group_id,
    require_both_classes,
)
from components.errors import UserError

ratio_values = st.builds(SplitRatios, *[st.integers(1, 20)] * 3)
groups = st.text(st.characters(exclude_categories=["Cs"]))
real_names = st.sampled_from([f"real_{index}.mp4" for index in range(30)])
fields = st.one_of(
    st.just({"label": "REAL"}),
    st.fixed_dictionaries({"label": st.just("FAKE"), "original": st.none() | real_names}),
)
metadata = st.dictionaries(
    st.sampled_from(["part_0", "part_1", "part_2"]),
    st.dictionaries(st.integers(0, 30).map("video_{}.mp4".format), fields, min_size=1).map(
        lambda fakes: {**fakes, "real_0.mp4": {"label": "REAL"}, "real_1.mp4": {"label": "REAL"}}
    ),
    min_size=1,
)
Metadata = dict[str, dict[str, dict[str, str | None]]]


def read(listed: Metadata) -> tuple[VideoEntry, ...]:
    with tempfile.TemporaryDirectory() as root:
        for folder, content in listed.items():
            home = pathlib.Path(root) / folder
            home.mkdir()
            (home / "metadata.json").write_text(json.dumps(content))
        return read_dataset(root).entries


def split_of(entry: VideoEntry, ratios: SplitRatios) -> str:
    return assign_split(group_id(entry, "original"), ratios)


@settings(max_examples=200, deadline=None)
@given(groups, ratio_values)
def test_the_split_is_the_one_that_tfx_assigns(group: str, ratios: SplitRatios) -> None:
    from tfx.components.example_gen import base_example_gen_executor
    from tfx.proto import example_gen_pb2

    example = tf.train.Example()
    example.features.feature[features.GROUP_ID].bytes_list.value.append(group.encode())
    names = features.SPLITS
    split_config = example_gen_pb2.SplitConfig(
        splits=[example_gen_pb2.SplitConfig.Split(name=name, hash_buckets=getattr(ratios, name)) for name in names],
        partition_feature_name=features.GROUP_ID,
    )
    buckets = [ratios.train, ratios.train + ratios.eval, ratios.total]
    index = base_example_gen_executor._PartitionFn(example, len(names), buckets, split_config)
    assert assign_split(group, ratios) == names[index]


@settings(max_examples=60, deadline=None)
@given(metadata, ratio_values)
def test_no_group_is_in_two_splits_and_no_fake_leaves_its_original(listed: Metadata, ratios: SplitRatios) -> None:
    entries = read(listed)
    splits: dict[str, set[str]] = {}
    by_uri = {entry.uri: split_of(entry, ratios) for entry in entries}
    for entry in entries:
        splits.setdefault(group_id(entry, "original"), set()).add(split_of(entry, ratios))
        for original in entry.originals:
            assert by_uri.get(f"{entry.folder}/{original}", split_of(entry, ratios)) == split_of(entry, ratios)
    assert all(len(found) == 1 for found in splits.values())


@settings(max_examples=60, deadline=None)
@given(metadata, metadata, ratio_values)
def test_adding_videos_moves_none(before: Metadata, added: Metadata, ratios: SplitRatios) -> None:
    after = {folder: {**added.get(folder, {}), **before.get(folder, {})} for folder in before.keys() | added.keys()}
    splits = {entry.uri: split_of(entry, ratios) for entry in read(after)}
    assert all(splits[entry.uri] == split_of(entry, ratios) for entry in read(before))


def test_group_ids() -> None:
    entry = VideoEntry("part_0/f.mp4", "FAKE", ("r.mp4",), {"actor": "Ann"})
    assert group_id(entry, "original") == "r.mp4"
    assert group_id(VideoEntry("part_0/r.mp4", "REAL"), "original") == "r.mp4"
    assert group_id(entry, "folder") == "part_0"
    assert group_id(entry, "meta/actor") == "Ann"


@pytest.mark.parametrize(
    ("group_by", "parts"),
    [
        ("meta/speaker", ["'part_0/f.mp4' has no key 'speaker'", "meta/actor, meta/take", "--set split.group_by="]),
        ("actor", ["allowed are original, folder and meta/<key"]),
        ("meta/", ["allowed are"]),
    ],
)
def test_a_group_that_cannot_be_told(group_by: str, parts: list[str]) -> None:
    with pytest.raises(UserError) as error:
        group_id(VideoEntry("part_0/f.mp4", "FAKE", (), {"take": "1", "actor": "Ann"}), group_by)
    assert all(part in str(error.value) for part in [f"split.group_by='{group_by}'", *parts]), error.value


def test_ratios_are_above_zero() -> None:
    with pytest.raises(UserError, match=r"split\.eval=0"):
        SplitRatios(8, 0, 1)


def entries_of(listed: dict[str, dict[str, str]]) -> list[VideoEntry]:
    return [VideoEntry(name, content["label"]) for name, content in listed.items()]


def test_both_classes_in_each_split_are_enough(healthy_metadata: Callable[..., dict[str, dict[str, str]]]) -> None:
    require_both_classes(entries_of(healthy_metadata()), SplitRatios(), "original")


def test_a_split_without_a_class_and_settings_that_help(
    healthy_metadata: Callable[..., dict[str, dict[str, str]]],
) -> None:
    entries = entries_of(healthy_metadata(each=2, ratios=SplitRatios(6, 2, 2)))
    few = [entry for entry in entries if (split_of(entry, SplitRatios()), entry.label) != ("test", "REAL")]
    with pytest.raises(UserError) as error:
        require_both_classes(few, SplitRatios(), "original")
    message = str(error.value)
    assert "test no REAL" in message or "the test split has no REAL video" in message
    assert "0 REAL" in message
    assert len(message.splitlines()) == 1
    advice = {name: int(value) for name, value in re.findall(r"--set split\.(\w+)=(\d+)", message)}
    require_both_classes(few, SplitRatios(**advice), "original")


def test_one_class_only() -> None:
    entries = entries_of({f"{index}.mp4": {"label": "REAL"} for index in range(50)})
    with pytest.raises(UserError, match="none of the 50 usable videos is labelled FAKE"):
        require_both_classes(entries, SplitRatios(), "original")


def test_too_few_groups() -> None:
    entries = [VideoEntry(f"part_0/{index}", label) for index, label in enumerate(["REAL", "FAKE"] * 20)]
    with pytest.raises(UserError, match=r"split\.group_by='folder' makes 1 group, too few"):
        require_both_classes(entries, SplitRatios(), "folder")


def test_counts(healthy_metadata: Callable[..., dict[str, dict[str, str]]]) -> None:
    counts = count_by_split(entries_of(healthy_metadata(each=3)), SplitRatios(), "original")
    assert counts == {split: {"FAKE": 3, "REAL": 3} for split in features.SPLITS}
