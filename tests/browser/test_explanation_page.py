"""The page of one video in a browser: the video plays, and clicking a frame of the strip seeks to it."""

import io
import pathlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from brightness_model import write_brightness_model
from drawn_frames import moving_shapes
from playwright.sync_api import expect
from rich.console import Console
from video_player import wait_for_metadata

from components.served_model.folder import open_model
from pipeline.demo_data.encoding import write_clip
from pipeline.score.explain.page import write_explanation
from pipeline.score.videos import extraction_settings, score_videos

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def explanation(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("explanation")
    write_clip(folder / "clip.mp4", moving_shapes(60, 320, 240, 0), fps=30, bit_rate=400_000)
    model = open_model(str(write_brightness_model(folder / "1795571968")))
    settings = extraction_settings(model, cache_dir="", face_model="")
    (row,) = score_videos(
        [str(folder / "clip.mp4")], model, settings, workers=1, report_progress=Console(file=io.StringIO()).print
    )
    write_explanation(str(folder / "page.html"), row, model, settings)
    return folder / "page.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_goes_wrong_and_everybody_can_use_it(open_page, explanation, scheme):
    opened = open_page(explanation, scheme)
    assert opened.complaints == []
    assert {url for url in opened.requests if not url.startswith("data:")} == {explanation.as_uri()}
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    serious = [
        violation["id"]
        for violation in Axe().run(opened.page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_a_frame_of_the_strip_is_shown_in_the_video(open_page, explanation):
    page = open_page(explanation).page
    video = page.locator("video")
    wait_for_metadata(video)
    assert video.evaluate("video => video.duration") == pytest.approx(2, abs=0.1)
    button = page.locator("button[data-seconds]").last
    button.click()
    expect(video).to_have_js_property("seeking", False)
    at = video.evaluate("video => video.currentTime")
    assert at == pytest.approx(float(button.get_attribute("data-seconds")), abs=1e-3)
