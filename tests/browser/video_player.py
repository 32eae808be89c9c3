"""The video of a page."""

from playwright.sync_api import Locator


def wait_for_metadata(video: Locator) -> None:
    """Waits until it knows its length; not by wait_for_function, whose eval our pages forbid."""
    video.evaluate(
        "video => new Promise(done => video.readyState ? done() : video.addEventListener('loadedmetadata', done))"
    )
