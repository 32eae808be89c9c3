import dataclasses
import json

from benchmarks.report_artifacts import write_artifacts
from components.report_gen.comparison import Difference, differences, render_comparison
from components.report_gen.content import gather


def contents(tmp_path, **second):
    first = write_artifacts(tmp_path / "first", 30)
    other = write_artifacts(tmp_path / "second", 30, **{"seed": 1, "further": False, **second})
    config = {**json.loads(other.settings.config), "name": "other", "seed": 7}
    settings = dataclasses.replace(other.settings, config=json.dumps(config))
    return gather(first.sources, first.settings), gather(other.sources, settings)


def test_settings_that_differ_are_named_by_their_keys():
    first = {"name": "a", "trainer": {"epochs": 2, "model": "gru"}, "bounds": {"auc": {"min": 0.7}}}
    second = {"name": "b", "trainer": {"epochs": 3, "model": "gru"}, "bounds": {}}
    assert differences(first, second) == [
        Difference("name", "a", "b"),
        Difference("trainer.epochs", 2, 3),
        Difference("bounds.auc.min", 0.7, None),
    ]


def test_two_runs_stand_side_by_side(tmp_path):
    first, second = contents(tmp_path)
    page = render_comparison(first, second)
    assert "not blessed" in page
    assert page.count('class="curve') == 2
    assert "<code>seed</code>" in page
    assert "Not the same test videos" not in page
    for content in (first, second):
        auc = content.evaluation.metrics["metrics"]["auc"]
        assert f"{auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f})" in page


def test_runs_with_other_test_videos_are_not_to_be_compared(tmp_path):
    assert "Not the same test videos" in render_comparison(*contents(tmp_path, prefix="other"))
