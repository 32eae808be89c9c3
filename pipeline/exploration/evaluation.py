"""Shows a run's evaluation as tables, and single videos of its test split."""

import dataclasses
from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup
from pandas.io.formats.style import Styler
from PIL import Image

from components.errors import UserError
from components.report_gen.content import Content
from components.report_gen.evaluation import Evaluation
from components.report_gen.figures import timeline_figure
from components.report_gen.filmstrip import read_strips
from components.report_gen.scored_videos import ScoredVideo, read_scored_videos
from pipeline.exploration.pictures import frame_grid
from pipeline.runs.report import FoundRun

_CAPTIONS = {
    "scores": "Scores; the dashes are the threshold, the band is inconclusive",
    "roc": "ROC curve; the dashes are guessing, the ring is the threshold",
    "precision_recall": "Precision and recall; the dashes are the share of fakes",
    "reliability": "Calibration; on the dashes the model means what it says",
}


@dataclasses.dataclass(frozen=True)
class VideoView:
    """One video with its score, the frames that the model saw, and the chart of its frame scores."""

    video: ScoredVideo
    frames: Image.Image
    timeline: Markup

    @property
    def caption(self) -> str:
        """One line with the video, its label and its probability."""
        return f"{self.video.video_id} is {self.video.label}, probability of fake {self.video.probability_fake:.3f}"


def what_was_measured(evaluation: Evaluation) -> str:
    """Returns which videos the metrics were measured on, and what they are worth, to be shown with the metrics."""
    metrics = evaluation.metrics
    sentences = [
        f"{metrics['split']} split, {metrics['videos']['FAKE']} fake and {metrics['videos']['REAL']} real videos in "
        f"{metrics['groups']} groups; intervals: {metrics['interval']}",
        *(f"{remark[0].upper()}{remark[1:]}" for remark in evaluation.remarks),
    ]
    if metrics["synthetic"]:
        sentences.append("Synthetic videos: these figures say nothing of real forgeries")
    return f"{'. '.join(sentences)}."


def metrics_table(evaluation: Evaluation) -> Styler:
    """Returns each metric with the bounds of its interval; the caption names the videos it was measured on."""
    table = pd.DataFrame.from_dict(evaluation.metrics["metrics"], orient="index")[["value", "low", "high"]]
    return table.style.format(precision=3, na_rep="undefined").set_caption(what_was_measured(evaluation))


def rules_table(evaluation: Evaluation) -> pd.DataFrame:
    """Returns the gate's rules, one per row, without a value if not evaluated; no rows if none were recorded."""
    return pd.DataFrame((evaluation.decision or {}).get("rules", [])).fillna({"slice": "all videos"})


def slices_table(evaluation: Evaluation) -> pd.DataFrame:
    """Returns column, value and counts of each slice of the test split, with the AUC and its interval if it is judged.

    Slices that are not judged have too few videos for a meaningful AUC.
    """
    slices = [one if one["judged"] else {**one, "metrics": {}} for one in evaluation.slices]
    return pd.json_normalize(slices).filter(regex=r"^(column|value|videos\..*|judged|metrics\.auc\..*)$")


def evaluation_figures(content: Content) -> dict[str, Markup]:
    """Returns the report's charts of the test split by caption."""
    return {words: content.figures[name] for name, words in _CAPTIONS.items() if name in content.figures}


def scored_table(videos: Sequence[ScoredVideo]) -> pd.DataFrame:
    """Returns the videos of the test split by id, worst errors first.

    Returns:
        `label` (REAL or FAKE), `probability_fake` and `error` (float64, 0 to 1).
    """
    rows = [(video.label, video.probability_fake, video.error) for video in videos]
    index = pd.Index([video.video_id for video in videos], name="video")
    table = pd.DataFrame(rows, index=index, columns=["label", "probability_fake", "error"])
    return table.sort_values("error", ascending=False, kind="stable")


def view_video(run: FoundRun, content: Content, video_id: str) -> VideoView:
    """Decodes one video of the test split the way the run did.

    Raises:
        UserError: if it is not in the test split, or cannot be decoded any more.
    """
    by_id = {video.video_id: video for video in read_scored_videos(run.sources.video_metrics)}
    if video_id not in by_id:
        raise UserError(f"{video_id!r} is not in the test split of {content.run}; take one of {', '.join(by_id)}")
    chosen = [("", by_id[video_id])]
    (strip,) = read_strips(chosen, run.settings.data_root, content.description, content.config["extraction"])
    if strip.clip is None:
        raise UserError(f"{video_id}: its frames cannot be shown: {strip.problem}; take another video")
    times, scores, unit = strip.timeline
    captions = [f"{score:.2f} at {time:.1f} s" for time, score in zip(strip.clip.timestamps_s, scores, strict=False)]
    return VideoView(
        video=strip.video,
        frames=frame_grid(strip.clip.frames[: len(captions)], captions, columns=10, width=112),
        timeline=timeline_figure(times, scores, content.description.threshold, unit),
    )
