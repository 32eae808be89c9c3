"""The video element of a page."""

from playwright.sync_api import Locator


def wait_for_metadata(video: Locator) -> None:
    """Waits until its duration is known; not with wait_for_function, whose eval violates our pages' CSP."""
    video.evaluate(
        "video => new Promise(done => video.readyState ? done() : video.addEventListener('loadedmetadata', done))"
    )
