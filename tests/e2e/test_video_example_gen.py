"""VideoExampleGen's outputs."""

import csv
import json
import os
import pathlib

import pytest
from example_gen_run import make_examples
from extraction_run import read_examples
from grey_clips import write_grey_clip

from components import features
from components.dataset.splitting.rules import SplitRatios, SplitRules
from components.examples import text_feature

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def videos(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("videos")
    listed = {f"{label}{index}.mp4": {"label": label} for label in ("REAL", "FAKE") for index in range(6)}
    for index, name in enumerate(listed):
        write_grey_clip(folder / name, 10 * index)
    (folder / "metadata.json").write_text(json.dumps(listed))
    return folder


def test_the_splits_say_of_every_example_where_it_is(videos, tmp_path):
    outputs = make_examples(tmp_path, data_root=str(videos), rules=SplitRules(SplitRatios(1, 1, 1)))
    with open(os.path.join(outputs["splits"].uri, "splits.csv"), newline="") as file:
        rows = {row["uri"]: row for row in csv.DictReader(file)}
    assert list(rows) == sorted(rows)
    assert len(rows) == 12
    for split in features.SPLITS:
        examples = read_examples(outputs["examples"], split)
        assert examples
        for uri, example in examples.items():
            names = (features.LABEL, features.GROUP_ID, features.CONTENT_DIGEST)
            label, group, digest = (text_feature(example, name) for name in names)
            assert rows.pop(uri) == {
                "uri": uri,
                "label": label,
                "group_id": group,
                "split": split,
                "official_split": "",
                "content_digest": digest,
                "placed_by": "hash",
            }
    assert not rows


def test_videos_to_score_have_no_splits(videos, tmp_path):
    assert set(make_examples(tmp_path, data_root=str(videos))) == {"examples"}
