"""Beam's local runner, with watched workers that import nothing from the current folder."""

import shlex
from typing import Any

from apache_beam.portability import python_urns
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from components.isolated_process import isolated_command
from pipeline.runners.beam.watched import run_watched

_WORKER = "apache_beam.runners.worker.sdk_worker_main"


class IsolatedWorkersRunner(FnApiRunner):
    """Starts worker processes with `isolated_command` instead of Beam's `python -m`, and notices when one is lost."""

    def run_via_runner_api(self, pipeline_proto: Any, options: Any) -> Any:
        """Runs a pipeline like `FnApiRunner`.

        Raises:
            WorkerLostError: see `run_watched`.
        """
        for environment in pipeline_proto.components.environments.values():
            if environment.urn == python_urns.SUBPROCESS_SDK:
                environment.payload = shlex.join(isolated_command(_WORKER)).encode()
        run = super().run_via_runner_api
        return run_watched(lambda: run(pipeline_proto, options))
