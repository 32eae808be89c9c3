"""The page shows the run's results, whatever its videos are called and however many there are."""

import dataclasses
import html.parser
import json
import pathlib
import re

import pytest

from benchmarks.report_artifacts import RunArtifacts, write_artifacts
from components.auditor.finding import read_audits, write_audits
from components.errors import UserError
from components.report_gen.rendering import make_report

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>{{ 7 * 7 }}"""
SECTIONS = ["summary", "curves", "threshold", "slices", "videos", "training", "data", "audits", "serving", "reproduce"]
MEGABYTE = 1 << 20


class Page(html.parser.HTMLParser):
    """The elements of a page in order, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(attribute))]

    def tags(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def report(run: RunArtifacts) -> str:
    return make_report(run.sources, run.settings)


def test_a_cross_validation_has_a_section_of_its_own(tmp_path):
    run = write_artifacts(tmp_path, 30)
    assert "cross-validation" not in Page(report(run)).values("id")
    folder = pathlib.Path(run.sources.video_metrics)
    crossed = json.loads((folder / "metrics.json").read_text()) | {"folds": [{}] * 5, "caveats": ["searched <b>"]}
    crossed |= {"split": "cross_validation", "videos": {"FAKE": 70, "REAL": 35}, "groups": 35}
    crossed["metrics"]["auc"] = {"value": 0.654, "low": 0.611, "high": 0.7}
    (folder / "cross_validation.json").write_text(json.dumps(crossed))
    page = Page(report(run))
    assert "cross-validation" in page.values("id")
    text = text_of(page)
    for words in (
        "20 fake and 10 real videos in 10 groups of the test split",
        "70 fake and 35 real videos in 35 groups, those of all splits: the training was repeated 5 times",
        "0.654 0.611 to 0.700",
        "searched <b>.",
    ):
        assert words in text


def text_of(page: Page) -> str:
    return " ".join(" ".join(page.texts).split())


def test_page_has_every_section_and_says_that_it_is_synthetic(tmp_path):
    page = Page(report(write_artifacts(tmp_path, 30)))
    assert set(SECTIONS) <= set(page.values("id"))
    text = text_of(page)
    for words in (
        "Not blessed",
        "failed auc is lower than 0.99",
        "not judged auc: no baseline",
        "Synthetic videos.",
        "20 fake and 10 real videos in 10 groups of the test split",
        "not judged",
        "container facts alone reach 0.51",
        "no frames",
        "no group is in more than one split",
        "300 (256 to 360); 1 missing",
        "h264 90%, vp9 10%",
        "serve_features 16 20.2",
        "deepfake run --config drawn.yaml",
        "d" * 64,
    ):
        assert words in text


def test_audits_of_another_model_are_told_and_not_shown(tmp_path):
    run = write_artifacts(tmp_path, 30)
    audit = read_audits(run.sources.audits)[0]
    told = {"ours": audit.model_digest, "other": "e" * 64, "nobody's": ""}
    for whose, digest in told.items():
        later = dataclasses.replace(audit, name="leak", headline=f"inflated, {whose}", model_digest=digest)
        write_audits(str(tmp_path / whose), [later])
        sources = dataclasses.replace(run.sources, later_audits=str(tmp_path / whose))
        text = text_of(Page(make_report(sources, run.settings)))
        assert ("inflated" in text) == (whose == "ours")
        assert ("Of another model than this one" in text) == (whose != "ours")
        assert audit.headline in text


def test_run_without_slices_rules_audits_and_serving_check_says_so(tmp_path):
    text = text_of(Page(report(write_artifacts(tmp_path, 30, further=False))))
    assert "Blessed" in text
    for words in ("no record of the single rules", "no slices", "no audits", "no serving check"):
        assert f"{words}" in text


def test_nothing_is_fetched_and_no_script_but_the_pages_own_may_run(tmp_path):
    page = Page(report(write_artifacts(tmp_path, 30)))
    addresses = page.values("src") + page.values("href") + page.values("action") + page.values("srcset")
    assert addresses
    assert all(address.startswith(("#", "data:image/")) for address in addresses)
    (policy,) = [meta["content"] for meta in page.tags("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/]{43}='", policy)
    assert [attributes for _, attributes in page.elements if any(name.startswith("on") for name in attributes)] == []


def test_hostile_names_stay_text(tmp_path):
    calm = Page(report(write_artifacts(tmp_path / "calm", 30, filmstrips=4)))
    hostile_text = report(write_artifacts(tmp_path / "hostile", 30, prefix=HOSTILE, filmstrips=4))
    hostile = Page(hostile_text)
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in calm.elements]
    assert f"{HOSTILE}-refused.mp4" in hostile.texts
    assert "<script>alert" not in hostile_text
    assert "49" not in "".join(hostile.texts).partition("onerror=alert(2)>")[2][:20]


@pytest.mark.e2e
def test_ten_thousand_videos_stay_below_five_megabytes(tmp_path):
    text = report(write_artifacts(tmp_path, 10_000))
    assert len(text.encode()) < 5 * MEGABYTE / 10
    scores = json.loads(re.search(r'id="scores">(.*?)</script>', text).group(1))
    assert len(scores["real"]) + len(scores["fake"]) == 10_000


def test_most_frames_that_can_be_asked_for_stay_below_five_megabytes(tmp_path, write_video):
    run = write_artifacts(tmp_path, 30, filmstrips=24)
    for row in run.videos:
        write_video(f"data/{row['uri']}", frames=25)
    page = Page(report(run))
    assert len(page.tags("img")) == 24 * 8
    assert all(image["alt"] for image in page.tags("img"))
    assert sum(len(address) for address in page.values("src")) < 4 * MEGABYTE


def test_videos_that_are_not_there_do_not_stop_the_report(tmp_path):
    text = text_of(Page(report(write_artifacts(tmp_path, 30, filmstrips=3))))
    assert text.count("Its frames cannot be shown") == 3
    assert text.count("Score of each of the 20 frames") == 3


def test_every_picture_and_every_column_has_words(tmp_path):
    page = Page(report(write_artifacts(tmp_path, 30)))
    pictures = [svg for svg in page.tags("svg") if svg.get("aria-hidden") != "true"]
    assert len(pictures) >= 7
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in pictures)
    assert all(header.get("scope") in ("col", "row") for header in page.tags("th"))
    labelled = {label["for"] for label in page.tags("label")}
    assert {field["id"] for field in page.tags("input")} <= labelled


def test_same_artifacts_give_the_same_page(tmp_path):
    run = write_artifacts(tmp_path, 30)
    assert report(run) == report(run)


def test_run_that_was_not_evaluated_is_told(tmp_path):
    run = write_artifacts(tmp_path, 30)
    (tmp_path / "video_metrics" / "metrics.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"is not there: .*metrics\.json"):
        report(run)


def test_a_report_on_no_tested_video_is_refused_in_words(tmp_path):
    run = write_artifacts(tmp_path, 3)
    (tmp_path / "video_metrics" / "predictions.jsonl").write_text("")
    with pytest.raises(UserError, match="the test split holds no video"):
        report(run)


def test_a_threshold_that_calls_nothing_fake_is_told(tmp_path):
    run = write_artifacts(tmp_path, 30)
    path = tmp_path / "model" / "assets.extra" / "model.json"
    description = json.loads(path.read_text())
    description |= {"threshold": 1.0, "inconclusive_band": None}
    description["decision"]["warning"] = "the threshold is 1, so that no video is called fake"
    path.write_text(json.dumps(description))
    assert "no video is called fake" in text_of(Page(report(run)))
