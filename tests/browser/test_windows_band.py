"""The band of windows under a video, and the boxes on its faces, on the page of one video and on the service's."""

import dataclasses
import io
import pathlib
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from brightness_model import write_brightness_model
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from rich.console import Console
from served_model import served
from video_player import wait_for_metadata

from components.served_model.folder import ModelFolder, open_model
from components.served_model.real_clips import describe_real_clips
from components.submission_gen.rows import FaceRow, Row
from pipeline.demo_data.encoding import write_clip
from pipeline.score.explain.page import write_explanation
from pipeline.score.videos import extraction_settings, score_videos
from pipeline.serve.requests.limits import Limits

pytestmark = pytest.mark.browser
FPS, SECONDS, WINDOW_S = 10, 20, 2.0
WIDTH, HEIGHT, SIDE = 320, 180, 60
STEP = 0.01
FORGED = range(12 * FPS, 14 * FPS)


def left_of(frame: int) -> int:
    """Where the red square is that stands for a face."""
    return 20 + frame


def draw(frame: int) -> np.ndarray:
    picture = np.full((HEIGHT, WIDTH, 3), 235 if frame in FORGED else 50, np.uint8)
    picture[50 : 50 + SIDE, left_of(frame) : left_of(frame) + SIDE] = (220, 20, 20)
    return picture


@pytest.fixture(scope="module")
def video(tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    write_clip(path, map(draw, range(FPS * SECONDS)), fps=FPS, bit_rate=800_000)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> ModelFolder:
    real_clips = describe_real_clips(np.random.default_rng(0).logistic(-2, 0.3, 100)).model_dump()
    aggregation = {"rule": "largest", "real_clips": real_clips}
    folder = tmp_path_factory.mktemp("models") / "17"
    return open_model(str(write_brightness_model(folder, aggregation=aggregation, windows=WINDOW_S)))


def with_face(row: Row) -> Row:
    """The row as if the red square had been found as a face."""
    windows = []
    for window in row.windows:
        frames = range(round(window.start_s * FPS), round(window.end_s * FPS))
        face = FaceRow(
            face=1,
            probability=window.probability,
            times_s=[frame / FPS for frame in frames],
            boxes=[
                [left_of(frame) / WIDTH, 50 / HEIGHT, (left_of(frame) + SIDE) / WIDTH, (50 + SIDE) / HEIGHT]
                for frame in frames
            ],
        )
        windows.append(dataclasses.replace(window, faces=[face]))
    return dataclasses.replace(row, windows=windows)


@pytest.fixture(scope="module")
def explanation(model, video) -> pathlib.Path:
    settings = extraction_settings(model, cache_dir="", face_model="")
    (row,) = score_videos([str(video)], model, settings, workers=1, report_progress=Console(file=io.StringIO()).print)
    target = video.parent / "page.html"
    write_explanation(str(target), with_face(row), model, settings)
    return target


def at(video: Locator) -> float:
    expect(video).to_have_js_property("seeking", False)
    return video.evaluate("video => video.currentTime")


def serious_faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_band(open_page, explanation, scheme):
    opened = open_page(explanation, scheme)
    wait_for_metadata(opened.page.locator("video"))
    assert opened.complaints == []
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious_faults(opened.page) == []


def test_the_band_is_operated_by_keyboard_and_by_pointer(open_page, explanation):
    page = open_page(explanation).page
    video, band = page.locator("video"), page.get_by_role("slider", name="Windows of the video")
    wait_for_metadata(video)
    band.focus()
    band.press("Home")
    assert at(video) == pytest.approx(0, abs=STEP)
    for _ in range(3):
        band.press("ArrowRight")
    assert at(video) == pytest.approx(3 * WINDOW_S, abs=STEP)
    expect(band).to_have_attribute("aria-valuenow", "4")
    expect(band).to_have_attribute("aria-valuetext", re.compile(r"0:06 to 0:08, 0\.2\d"))
    band.press("End")
    assert at(video) == pytest.approx(SECONDS - WINDOW_S, abs=STEP)
    box = band.bounding_box()
    band.click(position={"x": 0.65 * box["width"], "y": 0.9 * box["height"]})
    assert at(video) == pytest.approx(12, abs=STEP)
    expect(page.locator(".selected").first).to_be_visible()
    expect(page.locator("p.selected")).to_contain_text("0:12 to 0:14, 0.")


def test_the_spans_that_lean_to_fake_are_listed_and_shown(open_page, explanation):
    page = open_page(explanation).page
    wait_for_metadata(page.locator("video"))
    (span,) = page.locator(".spans button").all()
    assert span.inner_text().startswith("0:12 to 0:14, face 1, 0.")
    span.click()
    assert at(page.locator("video")) == pytest.approx(12, abs=STEP)


@pytest.mark.parametrize("frame", [20, 95, 130])
def test_boxes_lie_on_faces(open_page, explanation, frame):
    page = open_page(explanation).page
    video = page.locator("video")
    wait_for_metadata(video)
    # Controls would cover the picture.
    video.evaluate("(video, time) => { video.controls = false; video.currentTime = time; }", (frame + 0.5) / FPS)
    at(video)
    box = page.locator(".face-box")
    expect(box).to_have_text(re.compile(r"face 1: 0\.\d\d"))
    stage = page.locator(".stage")
    pixels = np.asarray(Image.open(io.BytesIO(stage.screenshot())).convert("RGB")).astype(int)
    red = (pixels[:, :, 0] > 150) & (pixels[:, :, 1] < 80) & (pixels[:, :, 2] < 80)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    around, origin = box.bounding_box(), stage.bounding_box()
    left, top = around["x"] - origin["x"], around["y"] - origin["y"]
    found = [columns[0], rows[0], columns[-1], rows[-1]]
    expected = [left, top, left + around["width"], top + around["height"]]
    # A frame's step, and the border.
    assert found == pytest.approx(expected, abs=0.03 * origin["width"])


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_service_follows_a_long_video_and_shows_its_windows(chromium, model, video, scheme, width):
    limits = Limits(at_work=1, sync_s=5.0)
    with served(pathlib.Path(model.path), limits) as address:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.goto(address)
        page.set_input_files("#file", str(video))
        page.wait_for_selector("#result:not([hidden])", timeout=60_000)
        expect(page.locator("#verdict")).not_to_have_text("No answer")
        band = page.get_by_role("slider", name="Windows of the video")
        wait_for_metadata(page.locator("video"))
        band.focus()
        band.press("End")
        assert at(page.locator("video")) == pytest.approx(SECONDS - WINDOW_S, abs=STEP)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert serious_faults(page) == []
        assert complaints == []
        context.close()
