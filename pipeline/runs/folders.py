"""The folders of local runs, found without loading TensorFlow or a store."""

import os
from typing import Final

from pipeline.config.run_kind import SCORING_SUFFIX

STORE_FILE: Final = "metadata.sqlite"
SUMMARY_FILE: Final = "summary.json"


def store_path(run_dir: str) -> str:
    """Returns the path of the MLMD store of the run in `run_dir`."""
    return os.path.join(run_dir, STORE_FILE)


def report_path(run_dir: str) -> str:
    """Returns the path of the report of the run in `run_dir`."""
    return os.path.join(run_dir, "report", "index.html")


def holds_run(folder: str) -> bool:
    """Whether the folder contains the store of a run."""
    return os.path.isfile(store_path(folder))


def run_folders(runs_dir: str) -> list[str]:
    """Returns the folders of all runs in `runs_dir`, sorted by name; empty if it does not exist."""
    names = sorted(os.listdir(runs_dir)) if os.path.isdir(runs_dir) else []
    return [folder for folder in (os.path.join(runs_dir, name) for name in names) if holds_run(folder)]


def run_name(run_dir: str) -> str:
    """Returns the name of the run that a folder was made for."""
    return os.path.basename(os.path.abspath(run_dir)).removesuffix(SCORING_SUFFIX)


def find_run_folder(named: str, runs_dir: str) -> str | None:
    """Returns the folder of a run, given its folder or its name in `runs_dir`; None if there is none.

    A name means the training, if there is one. Earlier versions left scoring runs in folders without the suffix.
    """
    places = (named, os.path.join(runs_dir, named), os.path.join(runs_dir, named + SCORING_SUFFIX))
    return next((os.path.normpath(folder) for folder in places if holds_run(folder)), None)
