"""Checks that the buckets can be reached in which something is found or left late in a run."""

from collections.abc import Mapping

from components import storage
from components.errors import UserError
from components.uris import is_remote


def require_reachable(places: Mapping[str, str]) -> None:
    """Asks each bucket whether the place exists; either answer will do.

    Args:
        places: folders by the key or the option that names them; local ones are not looked at.

    Raises:
        UserError: naming the key, the uri and the reason.
    """
    for key, uri in places.items():
        if not is_remote(uri):
            continue
        try:
            storage.exists(uri)
        except UserError as error:
            raise UserError(f"{key}: {error.message}") from error
        except OSError as error:
            raise UserError(
                f"{key}: {uri}: cannot be reached ({error.strerror}); check the address and your access"
            ) from error
