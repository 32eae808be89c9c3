"""The upload page of the service as a person uses it."""

import pathlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from brightness_model import write_brightness_model
from grey_clips import write_grey_clip
from playwright.sync_api import expect
from served_model import served
from video_player import wait_for_metadata

from components.submission_gen.caution import CAUTION_IN_WORDS
from pipeline.serve.limits import Limits

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    model = write_brightness_model(tmp_path_factory.mktemp("models") / "1795571968")
    with served(model, Limits(upload_bytes=1 << 20, at_work=1, waiting=1)) as address:
        yield address


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=str)
def page(request, chromium, address):
    """The page, opened; nothing may be complained of or asked for elsewhere."""
    scheme, width = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: sent.url.startswith((address, "blob:")) or complaints.append(sent.url))
    page.goto(address)
    yield page
    # A browser reports every answer above 399; those are told in words.
    assert [complaint for complaint in complaints if "the server responded with a status of 422" not in complaint] == []
    context.close()


def give(page, path: pathlib.Path) -> None:
    page.set_input_files("#file", str(path))
    page.wait_for_selector("#result:not([hidden])")


def serious_faults(page) -> list[str]:
    return [
        violation["id"]
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def test_a_video_gets_its_verdict(page, tmp_path):
    assert serious_faults(page) == []
    write_grey_clip(tmp_path / "bright.mp4", 200)
    give(page, tmp_path / "bright.mp4")
    assert page.inner_text("#verdict") == "FAKE"
    assert page.inner_text("#words") == "bright.mp4: the model takes it for a forgery."
    assert not page.is_visible("#cautions")
    assert 0.7 < float(page.inner_text("#probability")) < 0.85
    assert "of test videos scored 0.7 to 0.8" in page.inner_text("#test").lower()
    assert page.locator("#timeline rect").count() == 8
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wait_for_metadata(page.locator("#player"))
    assert serious_faults(page) == []
    # The next one takes its place.
    write_grey_clip(tmp_path / "dark.mp4", 20)
    page.set_input_files("#file", str(tmp_path / "dark.mp4"))
    expect(page.locator("#verdict")).to_have_text("REAL")


def test_a_single_frame_has_a_word_of_caution(page, tmp_path):
    write_grey_clip(tmp_path / "short.mp4", 200, frames=1)
    give(page, tmp_path / "short.mp4")
    assert page.inner_text("#cautions") == f"Caution: {CAUTION_IN_WORDS['few_frames']}."
    assert serious_faults(page) == []


def test_what_is_wrong_is_said_in_words(page, tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    give(page, tmp_path / "text.mp4")
    assert page.inner_text("#verdict") == "UNSCORED"
    assert "it could not be scored, unreadable_container" in page.inner_text("#words")
    (tmp_path / "large.mp4").write_bytes(bytes(2 << 20))
    page.set_input_files("#file", str(tmp_path / "large.mp4"))
    expect(page.locator("#verdict")).to_have_text("No answer")
    assert page.inner_text("#words") == "large.mp4 is larger than 1 MiB."
