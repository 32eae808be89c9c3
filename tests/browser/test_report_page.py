"""The report in a browser: on wide and narrow screens, in light and dark mode, without a network."""

import dataclasses
import json
import pathlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from drawn_frames import moving_shapes

from benchmarks.report_artifacts import RunArtifacts, write_artifacts
from components.report_gen.comparison import render_comparison
from components.report_gen.content import gather
from components.report_gen.rendering import make_report
from pipeline.demo_data.encoding import write_clip

pytestmark = pytest.mark.browser

VIDEOS = 60
FIGURES = {"roc", "precision-recall", "reliability", "scores"}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunArtifacts:
    folder = tmp_path_factory.mktemp("run")
    run = write_artifacts(folder, VIDEOS, filmstrips=4)
    (folder / "data").mkdir()
    # One of the videos shown stays missing.
    for row in sorted(run.videos, key=lambda row: row["probability_fake"])[:-1]:
        write_clip(folder / "data" / row["uri"], moving_shapes(25, 64, 64, 0), fps=25, bit_rate=100_000)
    return run


@pytest.fixture(scope="module")
def report(run, tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(make_report(run.sources, run.settings))
    return path


@pytest.fixture(scope="module")
def comparison(run, tmp_path_factory) -> pathlib.Path:
    settings = dataclasses.replace(run.settings, filmstrips=0)
    other = dataclasses.replace(settings, config=json.dumps({**json.loads(settings.config), "name": "other"}))
    path = tmp_path_factory.mktemp("comparison") / "index.html"
    path.write_text(render_comparison(gather(run.sources, settings), gather(run.sources, other)))
    return path


@pytest.mark.parametrize("kind", ["report", "comparison"])
def test_nothing_is_asked_of_the_network_and_nothing_goes_wrong(open_page, request, kind):
    path = request.getfixturevalue(kind)
    opened = open_page(path)
    assert opened.complaints == []
    assert {url for url in opened.requests if not url.startswith("data:")} == {path.as_uri()}
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_figure_is_there(open_page, report):
    page = open_page(report).page
    boxes = page.eval_on_selector_all(
        "figure svg", "all => all.map(svg => [svg.dataset.plot, svg.getBoundingClientRect().height])"
    )
    assert {name for name, _ in boxes} >= FIGURES
    assert all(height > 60 for _, height in boxes)
    images = page.eval_on_selector_all(".strip img", "all => all.map(image => image.naturalWidth)")
    assert len(images) >= 8
    assert all(width == 112 for width in images)


@pytest.mark.parametrize("threshold", [0.123, 0.8])
def test_threshold_moves_the_numbers(open_page, report, run, threshold):
    page = open_page(report).page
    ring = page.locator('svg[data-plot="roc"] .here')
    before = ring.get_attribute("cx"), page.locator("#inconclusive").inner_text()
    page.fill("#false-alarm-cost", "10")
    page.fill("#miss-cost", "2")
    page.eval_on_selector(
        "#threshold-input", f"input => {{ input.value = {threshold}; input.dispatchEvent(new Event('input')); }}"
    )
    fakes = [row["probability_fake"] for row in run.videos if row["label"] == "FAKE"]
    reals = [row["probability_fake"] for row in run.videos if row["label"] == "REAL"]
    missed, alarms = sum(score < threshold for score in fakes), sum(score >= threshold for score in reals)
    odds = threshold / (1 - threshold)
    low, high = odds / 1.5 / (1 + odds / 1.5), odds * 1.5 / (1 + odds * 1.5)
    between = sum(low <= score <= high for score in fakes + reals)
    shown = {
        name: page.locator(f"#{name}").inner_text()
        for name in ("threshold-value", "true-positives", "false-negatives", "false-positives", "true-negatives")
    }
    assert shown == {
        "threshold-value": f"{threshold:.3f}",
        "true-positives": str(len(fakes) - missed),
        "false-negatives": str(missed),
        "false-positives": str(alarms),
        "true-negatives": str(len(reals) - alarms),
    }
    assert page.locator("#cost").inner_text() == f"{10 * alarms + 2 * missed:.1f}"
    assert page.locator("#cost-threshold").inner_text() == "0.833"
    assert page.locator("#inconclusive").inner_text() == f"{100 * between / VIDEOS:.1f}%"
    assert ring.get_attribute("cx") != before[0]

    page.click("#threshold-reset")
    assert page.locator("#threshold-value").inner_text() == "0.500"
    assert page.locator("#inconclusive").inner_text() == before[1]
    assert float(ring.get_attribute("cx")) == pytest.approx(float(before[0]), abs=0.1)


def test_threshold_is_moved_by_the_keyboard(open_page, report):
    page = open_page(report).page
    page.focus("#threshold-input")
    page.keyboard.press("ArrowRight")
    assert page.locator("#threshold-value").inner_text() == "0.501"


def test_tables_are_sorted_by_their_headers(open_page, report):
    page = open_page(report).page
    header = page.locator(".slices th", has_text="Groups")

    def column() -> list[int]:
        return [int(text) for text in page.locator(".slices tbody tr td:nth-child(4)").all_inner_texts()]

    button = header.locator("button")
    button.focus()
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    assert column() == [1, 2, 9, 10]
    button.click()
    assert header.get_attribute("aria-sort") == "descending"
    assert column() == [10, 9, 2, 1]
    assert page.locator('.slices th[aria-sort="none"]').count() == 8


@pytest.mark.parametrize("kind", ["report", "comparison"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(open_page, request, kind, scheme):
    page = open_page(request.getfixturevalue(kind), scheme).page
    violations = Axe().run(page).response["violations"]
    faults = [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]
    assert faults == []


def test_what_is_folded_away_is_printed(open_page, report):
    page = open_page(report).page
    config = page.locator("#reproduce details pre")
    assert not config.is_visible()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert config.is_visible()
    assert not page.locator("nav").is_visible()
