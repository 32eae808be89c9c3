"""Videos of known brightness, and a function that scores them."""

import io
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from components.served_model.window_options import WindowOptions
from pipeline.score.request import ScoreRequest, answer_request


@pytest.fixture(scope="session")
def clips(grey_clip, tmp_path_factory) -> pathlib.Path:
    """A folder of videos, and of files that are not videos."""
    folder = tmp_path_factory.mktemp("clips")
    for brightness in (20, 60, 128, 200, 240):
        grey_clip(folder / f"{brightness}.mp4", brightness)
    (folder / "text.mp4").write_text("no video")
    (folder / "empty.mp4").touch()
    return folder


@pytest.fixture
def score(model_folder, tmp_path) -> Callable[..., tuple[bool, str]]:
    """Scores paths with the model; returns whether all have a score, and the output."""

    def score(*paths: str, **wanted: Any) -> tuple[bool, str]:
        nothing = dict.fromkeys(
            ("out", "explain", "gif", "submission", "like", "labels", "face_model", "cache_dir"), ""
        )
        request = {
            **nothing,
            "model": str(model_folder),
            "prior": 0.5,
            "clip": 0.01,
            "workers": 1,
            "beam_args": (),
            "windows": WindowOptions(),
        }
        text = io.StringIO()
        complete = answer_request(
            ScoreRequest(paths=paths, runs_dir=str(tmp_path / "runs"), **{**request, **wanted}),
            Console(file=text, width=200),
        )
        return complete, text.getvalue()

    return score
