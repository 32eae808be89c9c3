"""The DFDC sample, drawn like it and, where it is there, itself; today's hash split is TFX's."""

import json
import pathlib

import pytest
from data_sets import DFDC_SAMPLE, FAKE, REAL, all_of, columns_of, listed_like, shuffled, split_by_uri
from hypothesis import given, settings
from hypothesis import strategies as st

from components import features
from components.dataset.entries import VideoEntry, parse_entry
from components.dataset.splitting.groups import connected_groups
from components.dataset.splitting.hash_positions import place_by_hash
from components.dataset.splitting.pins import Pins
from components.dataset.splitting.placing import Placement, place
from components.dataset.splitting.rules import SplitRatios, SplitRules

RATIOS = [SplitRatios(8, 1, 1), SplitRatios(6, 2, 2), SplitRatios(8, 1, 2), SplitRatios(3, 1, 1)]


def stratified(entries: list[VideoEntry], ratios: SplitRatios = RATIOS[0], pins: Pins | None = None) -> Placement:
    videos = columns_of(entries)
    return place(videos, connected_groups(videos, "original"), SplitRules(ratios, "stratified"), pins)


def read(path: pathlib.Path) -> list[VideoEntry]:
    return [parse_entry("", name, fields) for name, fields in json.loads(path.read_text()).items()]


def require_shares(entries: list[VideoEntry], ratios: SplitRatios) -> None:
    placement = stratified(entries, ratios)
    counts = placement.counts(columns_of(entries).label)
    reals = sum(entry.label == REAL for entry in entries)
    for split in ("eval", "test"):
        assert abs(counts[split][REAL] - reals * getattr(ratios, split) / ratios.total) <= 1
    expected = split_by_uri(columns_of(entries), placement)
    other = shuffled(entries, 3)
    assert split_by_uri(columns_of(other), stratified(other, ratios)) == expected


@pytest.mark.parametrize("ratios", RATIOS, ids=str)
def test_shares_of_real_are_within_one_video(ratios: SplitRatios) -> None:
    entries = listed_like(DFDC_SAMPLE)
    assert len(entries) == 400
    require_shares(entries, ratios)


@pytest.mark.parametrize("ratios", RATIOS, ids=str)
@pytest.mark.parametrize("name", ["metadata.json", "dfdc_train_part_3_metadata.json"])
def test_shares_of_real_in_the_sample_itself(shared_data: pathlib.Path, name: str, ratios: SplitRatios) -> None:
    require_shares(read(shared_data / "dfdc_metadata" / name), ratios)


def test_adding_a_part_moves_no_pinned_video(shared_data: pathlib.Path) -> None:
    sample, part = (
        read(shared_data / "dfdc_metadata" / name) for name in ("metadata.json", "dfdc_train_part_3_metadata.json")
    )
    first = stratified(sample)
    videos = columns_of(sample)
    added = [
        parse_entry("part_3", entry.name, {"label": entry.label, "original": (*entry.originals, None)[0]})
        for entry in part
    ]
    both = stratified([*added, *sample], pins=Pins(videos.uri, first.split))
    assert both.split[len(part) :].tolist() == first.split.tolist()
    counts = both.counts(columns_of([*added, *sample]).label)
    assert abs(counts["test"][REAL] - 29.6) <= 1
    assert abs(counts["test"][FAKE] - 155.9) <= 10


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), st.integers(1, 8), st.integers(1, 8))
def test_ratios_that_add_up_to_ten_give_the_split_of_tfx(groups: list[str], train: int, eval_: int) -> None:
    import tensorflow as tf
    from tfx.components.example_gen import base_example_gen_executor
    from tfx.proto import example_gen_pb2

    if train + eval_ > 9:
        return
    sizes = (train, eval_, 10 - train - eval_)
    config = example_gen_pb2.SplitConfig(
        splits=[
            example_gen_pb2.SplitConfig.Split(name=name, hash_buckets=size)
            for name, size in zip(features.SPLITS, sizes, strict=True)
        ],
        partition_feature_name=features.GROUP_ID,
    )
    expected = []
    for group in groups:
        example = tf.train.Example()
        example.features.feature[features.GROUP_ID].bytes_list.value.append(group.encode())
        buckets = [train, train + eval_, 10]
        expected.append(base_example_gen_executor._PartitionFn(example, 3, buckets, config))
    assert place_by_hash(all_of(groups), sizes).tolist() == expected
