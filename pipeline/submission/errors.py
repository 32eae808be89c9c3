"""One-line errors for the ways in which an engine may fail to accept the pipeline."""

import dataclasses
import re
import textwrap
import time
from collections.abc import Callable
from typing import TypeVar

from components.errors import UserError

NOT_SUBMITTED = "nothing was submitted; type the same command again"

_Result = TypeVar("_Result")
_PAUSES_S = (1, 2, 4, 8)


class ServiceError(Exception):
    """The service failed or did not answer, which the user cannot fix by typing something else; exit code 1."""


class UnreachableError(UserError):
    """The service cannot be reached: wrong address, or no network."""


class BusyError(ServiceError):
    """The service temporarily refused a request, which had no effect."""


@dataclasses.dataclass(frozen=True)
class Service:
    """An engine's service, as named in errors."""

    name: str
    address: str
    # The key and value of the config that determine the address.
    setting: str
    # What to do if the credentials are not accepted.
    log_in: str


def refusal(service: Service, status: int, message: str, outcome: str = "") -> UserError | ServiceError:
    """Returns the error for an HTTP status of 400 or above.

    Args:
        service: the service that answered.
        status: the HTTP status.
        message: its message, of any length.
        outcome: what is then known about the pipeline, and what to do.
    """
    said = f"({status}): {one_line(message)}"
    if status == 401:
        return UserError(f"{service.setting}: {service.name} does not accept the credentials {said}; {service.log_in}")
    if status == 429:
        return BusyError(f"{service.name} is busy or its quota is used up {said}; type the same command again later")
    if status >= 500:
        return ServiceError("; ".join(filter(None, [f"{service.name} failed {said}", outcome])))
    return UserError(f"{service.setting}: {service.name} refuses this {said}; see what is sent with --dry-run")


def with_retries(request: Callable[[], _Result]) -> _Result:
    """Makes a request, retrying while the service is busy, at most five times in total.

    No other failure is retried: the service may have carried out the request and only failed to answer.
    """
    for pause in _PAUSES_S:
        try:
            return request()
        except BusyError:
            time.sleep(pause)
    return request()


def unknown_outcome(name: str) -> str:
    """Returns the message for a run or schedule that the service may or may not have accepted."""
    return f"whether it took {name} is not known; the same command again is safe, as a second {name} is refused"


def run_taken(name: str, url: str) -> str:
    """Returns the message for a run whose name is taken."""
    return f"{name} is taken: it was submitted before, see {url}; to run the same again, add --job-id {name}-2"


def schedule_taken(section: str, name: str, url: str) -> str:
    """Returns the message for a schedule whose name is taken."""
    return f"{section}.schedule: a schedule {name} is there, see {url}; delete it first, or add --job-id NAME"


def one_line(text: str, *, keep_end: bool = False) -> str:
    """Shortens a message, whether JSON, HTML or plain text, to one line, by its end or by its beginning."""
    text = re.sub(r"<(head|style|script)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    words = text.split()
    if keep_end:
        shortened = textwrap.shorten(" ".join(reversed(words)), 300, placeholder=" ...")
        words = list(reversed(shortened.split()))
    return textwrap.shorten(" ".join(words), 300, placeholder=" ...") or "no reason given"
