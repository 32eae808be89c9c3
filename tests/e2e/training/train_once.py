"""Runs the training function in a process of its own: the arguments come from a JSON file, progress goes to stderr."""

import json
import sys
import types

from absl import logging

from components.trainer.run import run_fn

if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    with open(sys.argv[1]) as file:
        run_fn(types.SimpleNamespace(**json.load(file)))
