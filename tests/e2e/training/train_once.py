"""Runs the training function as a program: arguments come from a JSON file, progress goes to stderr."""

import json
import logging
import sys
import types

from components.node_progress import PROGRESS_LOGGER
from components.trainer.run_fn import run_fn

if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("progress: %(message)s"))
    logging.getLogger(PROGRESS_LOGGER).addHandler(handler)
    with open(sys.argv[1]) as file:
        run_fn(types.SimpleNamespace(**json.load(file)))
