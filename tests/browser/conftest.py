"""Debian's Chromium without a network; tests are skipped if there is no browser."""

import dataclasses
import pathlib
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (1280, 390)


@dataclasses.dataclass
class Opened:
    """A page, with its console errors and the network requests that it made."""

    page: Page
    complaints: list[str]
    requests: list[str]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Not session-scoped: while it is open, no other test in this process can run an event loop.
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("there is no Chromium; apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width} px")
def open_page(request, chromium) -> Iterator[Callable[..., Opened]]:
    """Opens a file at each width, without network access."""
    contexts = []

    def open_file(path: pathlib.Path, scheme: str = "light") -> Opened:
        context = chromium.new_context(
            viewport={"width": request.param, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        opened = Opened(context.new_page(), [], [])
        opened.page.on("console", lambda message: opened.complaints.append(message.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("request", lambda sent: opened.requests.append(sent.url))
        opened.page.goto(path.as_uri())
        return opened

    yield open_file
    for context in contexts:
        context.close()
