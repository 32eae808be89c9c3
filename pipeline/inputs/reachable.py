"""Checks the places in which something is found or left late in a run."""

import os
from collections.abc import Mapping

from components import storage
from components.errors import UserError
from components.file_faults import reason
from components.output_files import require_writable, require_writable_folder
from components.uris import is_remote
from pipeline.config.base import PipelineConfig
from pipeline.runs.folders import SUMMARY_FILE, report_path


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
                f"{key}: {uri}: cannot be reached ({reason(error)}); check the address and your access"
            ) from error


def require_writable_results(config: PipelineConfig) -> None:
    """Proves that the results of a local run can be written, as far as they are on this machine.

    Raises:
        UserError: naming the place and the reason.
    """
    require_writable("summary", os.path.join(config.run_dir, SUMMARY_FILE))
    require_writable("report", report_path(config.run_dir))
    require_writable_folder("artifacts", config.artifacts_dir)
