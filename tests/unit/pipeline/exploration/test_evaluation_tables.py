import pytest
from drawn_frames import moving_shapes

from benchmarks.report_artifacts import RunArtifacts, write_artifacts
from components.errors import UserError
from components.report_gen.content import gather
from components.report_gen.scored_videos import read_scored_videos
from pipeline.demo_data.encoding import write_clip
from pipeline.exploration.evaluation import (
    evaluation_figures,
    metrics_table,
    rules_table,
    scored_table,
    slices_table,
    view_video,
    what_was_measured,
)
from pipeline.runs.report import FoundRun


@pytest.fixture
def artifacts(tmp_path) -> RunArtifacts:
    return write_artifacts(tmp_path, 30)


def content_of(artifacts: RunArtifacts):
    return gather(artifacts.sources, artifacts.settings)


def found(artifacts: RunArtifacts) -> FoundRun:
    return FoundRun("runs/drawn", artifacts.sources, artifacts.settings)


def test_metrics_come_with_split_counts_interval_and_what_they_are_worth(artifacts):
    evaluation = content_of(artifacts).evaluation
    words = what_was_measured(evaluation)
    assert words.startswith("test split, 20 fake and 10 real videos in 10 groups; intervals: 95% percentile bootstrap")
    assert words.endswith("Synthetic videos: these figures say nothing of real forgeries.")
    page = metrics_table(evaluation).to_html()
    assert words in page
    assert all(f"{end:.3f}" in page for end in evaluation.metrics["metrics"]["auc"].values())


def test_real_videos_are_not_called_synthetic(artifacts):
    evaluation = content_of(artifacts).evaluation
    evaluation.metrics["synthetic"] = False
    assert "ynthetic" not in what_was_measured(evaluation)


def test_rules_and_slices_are_rows(artifacts):
    evaluation = content_of(artifacts).evaluation
    rule, unjudged = rules_table(evaluation).to_dict("records")
    assert unjudged["value"] != unjudged["value"]
    assert (rule["message"], rule["slice"]) == ("auc is lower than 0.99", "all videos")
    slices = slices_table(evaluation).set_index("value")
    assert slices["judged"].to_dict() == {"h264": True, "hevc": True, "av1": True, "vp9": False}
    assert slices.loc["vp9", "videos.FAKE"] == 1
    assert slices["metrics.auc.value"].isna().to_dict() == {"h264": False, "hevc": False, "av1": False, "vp9": True}


def test_slice_with_too_few_videos_shows_no_metric(artifacts):
    evaluation = content_of(artifacts).evaluation
    (h264,) = (one for one in evaluation.slices if one["value"] == "h264")
    h264["judged"] = False
    slices = slices_table(evaluation).set_index("value")
    assert slices.loc["h264"].filter(like="metrics").isna().all()
    assert slices.loc["hevc"].filter(like="metrics").notna().all()


def test_run_without_record_of_rules_and_slices_has_none(tmp_path):
    evaluation = content_of(write_artifacts(tmp_path, 30, further=False)).evaluation
    assert len(rules_table(evaluation)) == len(slices_table(evaluation)) == 0


def test_figures_of_the_test_split_are_those_of_the_report(artifacts):
    content = content_of(artifacts)
    shown = evaluation_figures(content)
    assert set(shown.values()) == {
        content.figures[name] for name in ("scores", "roc", "precision_recall", "reliability")
    }


def test_worst_errors_come_first(artifacts):
    table = scored_table(read_scored_videos(artifacts.sources.video_metrics))
    assert len(table) == 30
    assert table["error"].is_monotonic_decreasing
    probabilities = {row["video_id"]: row["probability_fake"] for row in artifacts.videos}
    assert table["probability_fake"].to_dict() == probabilities
    assert table["error"].iloc[0] == max(
        1 - row["probability_fake"] if row["label"] == "FAKE" else row["probability_fake"] for row in artifacts.videos
    )


def test_one_video_is_shown_with_the_frames_that_the_model_got(artifacts, tmp_path):
    name = artifacts.videos[3]["video_id"]
    (tmp_path / "data").mkdir()
    write_clip(tmp_path / "data" / name, moving_shapes(30, 320, 240, 0), fps=30, bit_rate=400_000)
    view = view_video(found(artifacts), content_of(artifacts), name)
    assert view.caption == f"{name} is REAL, probability of fake {artifacts.videos[3]['probability_fake']:.3f}"
    assert view.frames.width == 10 * 118 - 6
    assert view.timeline.count("<circle") == 20


def test_video_that_cannot_be_shown_is_told(artifacts):
    run, content = found(artifacts), content_of(artifacts)
    with pytest.raises(UserError, match=r"'other\.mp4' is not in the test split of drawn; take one of video-0\.mp4"):
        view_video(run, content, "other.mp4")
    with pytest.raises(UserError, match=r"video-0\.mp4: its frames cannot be shown: .* is not there"):
        view_video(run, content, "video-0.mp4")
