"""Beam's local runner, with worker processes that import nothing from the current folder."""

import shlex
from typing import Any

from apache_beam.portability import python_urns
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from components.isolated_process import isolated_command

_WORKER = "apache_beam.runners.worker.sdk_worker_main"


class IsolatedWorkersRunner(FnApiRunner):
    """Starts worker processes with `isolated_command` instead of Beam's `python -m`."""

    def run_via_runner_api(self, pipeline_proto: Any, options: Any) -> Any:
        """Runs a pipeline like `FnApiRunner`."""
        for environment in pipeline_proto.components.environments.values():
            if environment.urn == python_urns.SUBPROCESS_SDK:
                environment.payload = shlex.join(isolated_command(_WORKER)).encode()
        return super().run_via_runner_api(pipeline_proto, options)
