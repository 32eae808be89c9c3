"""Beam's options within one machine or one container."""

import itertools
import os
import re
from collections.abc import Sequence

from components.errors import UserError
from components.redaction import redact_arguments, secrets_of

# Anything shorter would also match unrelated text in a log.
_SHORTEST_HIDDEN = 4
_REFERENCE = re.compile(r"\$\((\w+)\)")

_LOCAL = (
    # DirectRunner would first look for Prism, a program that it tries to download.
    "--runner=pipeline.runners.beam.isolated_workers.IsolatedWorkersRunner",
    # Workers run in the same environment. Without any option on dependencies, TFX would package itself for them, which
    # takes two seconds a node.
    "--sdk_container_image=none",
)
_LOCAL_RUNNERS = ("bundlebaseddirect", "direct", "fnapi", "isolatedworkers", "prism", "switchingdirect", "testdirect")
_ONE_PROCESS = ("--direct_running_mode=in_memory", "--direct_num_workers=1")


def node_beam_args(further: Sequence[str]) -> list[str]:
    """Returns the options for small nodes: one process. Options in `further` override these."""
    return [*_LOCAL, *_ONE_PROCESS, *further]


def extraction_beam_args(workers: int, further: Sequence[str]) -> list[str]:
    """Returns the options for the extraction: `workers` threads (0: one per core). Options in `further` override these.

    TensorFlow and the decoders, which are processes, do not hold the GIL. Worker processes would each import everything
    and load the encoder once more.
    """
    if workers == 1:
        return node_beam_args(further)
    return [*_LOCAL, "--direct_running_mode=multi_threading", f"--direct_num_workers={workers}", *further]


def distributed_runner(further: Sequence[str]) -> str:
    """Returns the runner that the options name, if it does not work on one machine; otherwise an empty string."""
    name = ""
    for option, value in itertools.pairwise([*further, ""]):
        if option == "--runner":
            name = value
        elif option.startswith("--runner="):
            name = option.removeprefix("--runner=")
    # Beam ignores case and takes the name without its last part, too.
    known = name.rpartition(".")[-1].lower().removesuffix("runner")
    return "" if known in ("", *_LOCAL_RUNNERS) else name


def from_environment(further: Sequence[str]) -> list[str]:
    """Returns the options with `$(NAME)` replaced by the value of the environment variable.

    Raises:
        UserError: if the variable is not set.
    """

    def value(reference: re.Match[str]) -> str:
        if reference[1] not in os.environ:
            raise UserError(f"beam_args: {reference[0]} is not set in the environment; type export {reference[1]}=...")
        return os.environ[reference[1]]

    return [_REFERENCE.sub(value, option) for option in further]


def warn_of_secrets(further: Sequence[str]) -> list[str]:
    """Returns a warning if a compiled pipeline contains secrets, otherwise nothing."""
    if not secrets_of(further):
        return []
    shown = " ".join(redact_arguments(further))
    return [f"beam_args: the file holds the secrets of {shown}; $(NAME) takes them from the nodes' environment"]


def find_secrets(further: Sequence[str]) -> list[str]:
    """Returns what must not be logged: the values of secret options, and all values from the environment."""
    named = [os.environ.get(name, "") for option in further for name in _REFERENCE.findall(option)]
    return [secret for secret in (*secrets_of(further), *named) if len(secret) >= _SHORTEST_HIDDEN]
