"""Arguments are read, and what is wrong with them is told, without the libraries that take seconds to import."""

import json
import pathlib
import shutil
import socket
import subprocess
import sys

import pytest

from pipeline.cli.app import app
from pipeline.runs.store import connect

pytestmark = pytest.mark.e2e

# Each takes a second or more, or loads one that does.
HEAVY = (
    *("tensorflow", "tensorflow_transform", "tensorflow_data_validation", "tensorflow_model_analysis"),
    *("tfx", "apache_beam", "keras", "keras_tuner", "kfp", "google.cloud.aiplatform_v1"),
    *("sklearn", "matplotlib", "IPython"),
)
# Runs commands one after the other, and writes of each its exit code, what it was the first to load, and its errors.
PROGRAM = """
import contextlib, io, json, pathlib, sys
from pipeline.cli.app import main
heavy, commands, outcomes, known = *map(json.loads, sys.argv[1:]), [], set()
for command in commands:
    sys.argv, errors = ["deepfake", *command], io.StringIO()
    with contextlib.redirect_stderr(errors):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code)
    loaded = {name for name in heavy if name in sys.modules} - known
    known |= loaded
    outcomes.append([code, sorted(loaded), errors.getvalue()])
pathlib.Path("outcomes.json").write_text(json.dumps(outcomes))
"""
COMMANDS = [(command.name,) for command in app.registered_commands] + [("cache", "stats"), ("cache", "prune")]
TYPO = ("--set", "trainer.epocs=3")
MISTAKES = [
    ("chekc",),
    ("check",),
    ("check", "nowhere"),
    ("check", "data", "--set", "split.trian=8"),
    ("check", "data", "--config", "nowhere.yaml"),
    # Its videos are missing.
    ("check", "data"),
    ("check", "data", "--json"),
    ("index", "data"),
    ("index", "nowhere", "--out", "manifest.csv"),
    ("index", "data", "--out", "manifest.txt"),
    # No video is there.
    ("index", "data", "--out", "manifest.csv"),
    ("demo-data", "--out", "drawn", "--videos", "5"),
    ("extract", "nowhere.mp4"),
    ("extract", "nowhere.mp4", *TYPO),
    ("cache", "stats", "nowhere"),
    ("cache", "prune", "nowhere", "--max-gb", "1"),
    ("cache", "prune", "features"),
    ("run",),
    ("run", "--config", "nowhere"),
    ("run", "--config", "demo", *TYPO),
    ("run", "--config", "demo", "--set", "trainer.model=lstm"),
    ("run", "--config", "demo", "--data-root", "nowhere"),
    ("run", "--config", "demo", "--data-root", "data"),
    ("run", "--pipeline", "scoring", "--data-root", "nowhere"),
    ("run", "--pipeline", "scoring", "--data-root", "nowhere", "--set", "model=model/1"),
    ("compile", "--target", "vertex", "--out", "pipeline.json", *TYPO),
    ("compile", "--target", "vertex", "--out", "pipeline.json", "--config", "demo"),
    ("compile", "--target", "vertex", "--out", "pipeline.json", "--set", "data.root=data"),
    ("compile", "--target", "kubeflow", "--out", "pipeline.yaml", "--set", "data.root=data"),
    ("submit", "--target", "kubeflow", *TYPO),
    ("submit", "--target", "kubeflow", "--config", "demo"),
    ("report", "nowhere"),
    ("report", "empty"),
    ("audit", "nowhere"),
    ("audit", "empty", "--only", "spelling"),
    ("audit", "empty"),
    ("lineage", "nowhere"),
    ("lineage", "empty"),
    ("score", "nowhere.mp4"),
    ("score", "nowhere.mp4", "--model", "nowhere"),
    ("score", "nowhere.mp4", "--model", "model"),
    ("score", "clip.mp4", "--model", "model", "--out", "rows.xls"),
    ("score", "clip.mp4", "--model", "model", "--labels", "nowhere.csv"),
    ("score", "clip.mp4", "--model", "model", "--like", "nowhere.csv", "--submission", "filled.csv"),
    ("serve", "--model", "nowhere"),
    ("serve", "--model", "model", "--allowed-host", "https://videos.example"),
    ("serve", "--model", "model", "--port", "TAKEN"),
]
RIGHT = [
    ("cache", "stats", "features"),
    ("cache", "stats", "features", "--json"),
    ("cache", "prune", "features", "--max-gb", "1"),
    *((*command, "--help") for command in COMMANDS),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    """A data set without its videos, a model without its graph, an empty store, and an empty cache."""
    folder = tmp_path_factory.mktemp("arguments")
    (folder / "data").mkdir()
    (folder / "data" / "metadata.json").write_text(json.dumps({"a.mp4": {"label": "REAL"}}))
    described = pathlib.Path(__file__).parents[2] / "components" / "served_model" / "earlier"
    shutil.copytree(described, folder / "model" / "1" / "assets.extra")
    (folder / "model" / "1" / "saved_model.pb").touch()
    (folder / "clip.mp4").touch()
    (folder / "features").mkdir()
    (folder / "runs" / "empty").mkdir(parents=True)
    connect(str(folder / "runs" / "empty" / "metadata.sqlite")).get_artifact_types()
    return folder


def test_arguments_are_handled_without_the_libraries_that_take_seconds(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        commands = [[port if part == "TAKEN" else part for part in command] for command in (*MISTAKES, *RIGHT)]
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, json.dumps(HEAVY), json.dumps(commands)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr[-2000:]
    outcomes = json.loads((folder / "outcomes.json").read_text())
    told = [(" ".join(command), *outcome) for command, outcome in zip(commands, outcomes, strict=True)]
    assert [(command, loaded) for command, _, loaded, _ in told if loaded] == []
    assert [each for each in told[: len(MISTAKES)] if each[1] != 2] == []
    assert [each for each in told[len(MISTAKES) :] if each[1] != 0] == []


def test_a_config_is_read_without_what_computes_and_decodes(folder):
    program = "import sys; from pipeline.config.load import load_config; load_config('demo'); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    assert {"numpy", "cv2", "av", "jinja2"}.isdisjoint(ended.stdout.split())


def test_help_is_printed_without_what_reads_a_config(folder):
    program = "import sys, pipeline.cli.app; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    assert {"numpy", "pydantic", "yaml"}.isdisjoint(ended.stdout.split())
