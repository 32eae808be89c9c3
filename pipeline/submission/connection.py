"""Distinguishes a service that cannot be reached from one that may have taken the request but did not answer."""

import ssl
from collections.abc import Iterator

import urllib3.exceptions

from components.errors import UserError
from pipeline.submission.errors import Service, ServiceError, UnreachableError, one_line

# Both clients use urllib3, Google's through requests. With these errors, no byte of the request was sent.
_NOT_REACHED = (
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ProxyError,
)


def connection_error(error: Exception, service: Service, outcome: str = "") -> UserError | ServiceError:
    """Returns the error for a request without an answer.

    Args:
        error: what the client raised.
        service: the service that should have answered.
        outcome: what is then known about the pipeline, and what to do.
    """
    causes = list(_causes(error))
    of_system = [cause for cause in causes if isinstance(cause, OSError)]
    reason = one_line(of_system[-1].strerror or str(of_system[-1]) if of_system else str(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UserError(
                f"{service.setting}: the certificate of {service.address} is not trusted ({cause.verify_message}); "
                "set REQUESTS_CA_BUNDLE to the file of the authority that signed it"
            )
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return UserError(f"{service.setting}: no TLS with {service.address} ({reason}); correct the address")
        if isinstance(cause, _NOT_REACHED):
            return UnreachableError(
                f"{service.setting}: {service.address} cannot be reached ({reason}); correct it, or the network"
            )
    silent = f"{service.name} at {service.address} gave no answer ({reason})"
    return ServiceError("; ".join(filter(None, [silent, outcome])))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
