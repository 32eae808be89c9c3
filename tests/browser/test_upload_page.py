"""The service's upload page in a browser."""

import base64
import os
import pathlib
import signal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from brightness_model import write_brightness_model
from decoding_processes import decoders
from grey_clips import write_grey_clip
from playwright.sync_api import expect
from served_model import served
from video_player import wait_for_metadata
from waiting import wait_until

from components.submission_gen.caution import CAUTION_IN_WORDS
from pipeline.serve.requests.limits import Limits

pytestmark = pytest.mark.browser
# Restarting a decoder may take long on a busy machine.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    model = write_brightness_model(tmp_path_factory.mktemp("models") / "1795571968")
    with served(model, Limits(upload_bytes=1 << 20, at_work=1, waiting=1)) as address:
        yield address


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=str)
def page(request, chromium, address):
    """The open page; fails on console errors and on requests to other addresses."""
    scheme, width = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: sent.url.startswith((address, "blob:")) or complaints.append(sent.url))
    page.goto(address)
    yield page
    # Browsers log every status above 399 as an error; the page shows these to the user.
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
    # The next video replaces it.
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
    words = page.inner_text("#words")
    assert words.startswith(
        "text.mp4: it could not be scored, unreadable_container (the file cannot be read as a video)."
    )
    assert "Errno" not in words
    (tmp_path / "large.mp4").write_bytes(bytes(2 << 20))
    page.set_input_files("#file", str(tmp_path / "large.mp4"))
    expect(page.locator("#verdict")).to_have_text("No answer")
    assert page.inner_text("#words") == "large.mp4 is larger than 1 MiB."


def test_the_threshold_stands_on_the_timeline(page, tmp_path):
    write_grey_clip(tmp_path / "bright.mp4", 200)
    give(page, tmp_path / "bright.mp4")
    expect(page.locator("#timeline line.threshold")).to_have_count(1)
    expect(page.locator("#timeline text.label")).to_have_text(["threshold", "0.50"])
    assert "threshold 0.50" in page.get_attribute("#timeline", "aria-label")
    # The bars of a bright video end above it, those of a dark one below.
    assert all(top < threshold_height(page) for top in tops(page))
    write_grey_clip(tmp_path / "dark.mp4", 20)
    page.set_input_files("#file", str(tmp_path / "dark.mp4"))
    expect(page.locator("#verdict")).to_have_text("REAL")
    assert all(top > threshold_height(page) for top in tops(page))


def tops(page) -> list[float]:
    return page.locator("#timeline rect").evaluate_all("bars => bars.map((bar) => Number(bar.getAttribute('y')))")


def threshold_height(page) -> float:
    return float(page.get_attribute("#timeline line.threshold", "y1"))


def drop(page, files: dict[str, bytes], on: str = ".drop") -> None:
    """Drops files from another window on that element."""
    encoded = {name: base64.b64encode(content).decode() for name, content in files.items()}
    transfer = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const [name, content] of Object.entries(files)) {
                const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
                transfer.items.add(new File([bytes], name, { type: "video/mp4" }));
            }
            return transfer;
        }""",
        encoded,
    )
    page.dispatch_event(on, "drop", {"dataTransfer": transfer})


def test_of_several_files_those_left_out_are_named(page, tmp_path):
    bright = pathlib.Path(write_grey_clip(tmp_path / "bright.mp4", 200)).read_bytes()
    drop(page, {"<b>first</b>.mp4": bright, "second.mp4": bright, "<img src=x>.mp4": bright}, on="main")
    expect(page.locator("#verdict")).to_have_text("FAKE")
    assert page.inner_text("#words").startswith("<b>first</b>.mp4: ")
    assert page.inner_text("#note") == "One video at a time: left out second.mp4, <img src=x>.mp4."
    drop(page, {})
    expect(page.locator("#note")).to_have_text("That is no file.")
    assert page.inner_text("#verdict") == "FAKE"


@pytest.fixture
def held(address, tmp_path):
    """Suspends the decoders of this process, so that requests stay unfinished until they are resumed."""
    bright = pathlib.Path(write_grey_clip(tmp_path / "warm.mp4", 200)).read_bytes()
    httpx.post(f"{address}/score", files={"video": ("warm.mp4", bright)}, timeout=60)
    held = decoders(os.getpid())
    for decoder in held:
        os.kill(decoder, signal.SIGSTOP)
    yield held
    for decoder in held & decoders(os.getpid()):
        os.kill(decoder, signal.SIGCONT)


def test_the_newest_drop_counts(page, held, address, tmp_path):
    bright = pathlib.Path(write_grey_clip(tmp_path / "bright.mp4", 200)).read_bytes()
    dark = pathlib.Path(write_grey_clip(tmp_path / "dark.mp4", 20)).read_bytes()
    drop(page, {"bright.mp4": bright})
    expect(page.locator("#stage")).to_have_text("Looking at bright.mp4")
    assert serious_faults(page) == []
    drop(page, {"dark.mp4": dark})
    expect(page.locator("#verdict")).to_have_text("REAL")
    assert page.inner_text("#words").startswith("dark.mp4: ")
    assert page.inner_text("#note") == "bright.mp4 was given up for dark.mp4."
    wait_until_empty(address)
    assert page.inner_text("#verdict") == "REAL"
    assert len(held & decoders(os.getpid())) == len(held) - 1


def test_what_is_at_work_can_be_cancelled(page, held, address, tmp_path):
    path = write_grey_clip(tmp_path / "bright.mp4", 200)
    page.set_input_files("#file", path)
    expect(page.locator("#stage")).to_have_text("Looking at bright.mp4")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#note")).to_have_text("bright.mp4 was cancelled.")
    expect(page.locator("#progress")).to_be_hidden()
    expect(page.locator("#result")).to_be_hidden()
    wait_until_empty(address)
    # The service has stopped the work too, and can handle the next video.
    assert len(held & decoders(os.getpid())) == len(held) - 1
    page.set_input_files("#file", [])
    page.set_input_files("#file", path)
    expect(page.locator("#verdict")).to_have_text("FAKE")
    expect(page.locator("#note")).to_be_hidden()


def wait_until_empty(address: str) -> None:
    empty = "deepfake_requests_in_house 0.0"
    wait_until(lambda: empty in httpx.get(f"{address}/metrics").text, seconds=60, what="the end of all requests")


def test_the_description_is_readable_under_its_policy(page, address):
    page.goto(f"{address}/docs")
    page.get_by_text("/score", exact=True).first.wait_for()
