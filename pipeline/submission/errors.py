"""What an engine may answer instead of taking the pipeline, each told in one line."""

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
    """The service failed or gave no answer, which nothing that the user typed can mend; exit code 1."""


class UnreachableError(UserError):
    """There is no way to the service: a wrong address, or no network."""


class BusyError(ServiceError):
    """The service refused a request for now, and took nothing."""


@dataclasses.dataclass(frozen=True)
class Service:
    """An engine's service, as errors name it."""

    name: str
    address: str
    # The key and the value that lead to the address.
    setting: str
    # What to type if the credentials are not accepted.
    log_in: str


def refusal(service: Service, status: int, message: str, outcome: str = "") -> UserError | ServiceError:
    """Gives the error for an HTTP status of 400 or above.

    Args:
        service: who answered.
        status: the HTTP status.
        message: what it said, of any length.
        outcome: what is known then of the pipeline, and what to do.
    """
    said = f"({status}): {one_line(message)}"
    if status == 401:
        return UserError(f"{service.setting}: {service.name} does not accept the credentials {said}; {service.log_in}")
    if status == 429:
        return BusyError(f"{service.name} is busy or its quota is used up {said}; type the same command again later")
    if status >= 500:
        return ServiceError("; ".join(filter(None, [f"{service.name} failed {said}", outcome])))
    return UserError(f"{service.setting}: {service.name} refuses this {said}; see what is sent with --dry-run")


def patiently(request: Callable[[], _Result]) -> _Result:
    """Makes a request again while the service is busy, five times at most.

    No other failure is repeated: the service may have taken the request and failed only to say so.
    """
    for pause in _PAUSES_S:
        try:
            return request()
        except BusyError:
            time.sleep(pause)
    return request()


def unknown_outcome(name: str) -> str:
    """What to say of a run or a schedule if the service may have taken it, and may not."""
    return f"whether it took {name} is not known; the same command again is safe, as a second {name} is refused"


def run_taken(name: str, url: str) -> str:
    """What to say if there is a run of that name."""
    return f"{name} is taken: it was submitted before, see {url}; to run the same again, add --job-id {name}-2"


def schedule_taken(section: str, name: str, url: str) -> str:
    """What to say if there is a schedule of that name."""
    return f"{section}.schedule: a schedule {name} is there, see {url}; delete it first, or add --job-id NAME"


def one_line(text: str) -> str:
    """Makes a short line of a message, be it JSON, HTML or plain."""
    text = re.sub(r"<(head|style|script)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    return textwrap.shorten(text, 300, placeholder=" ...") or "no reason given"
