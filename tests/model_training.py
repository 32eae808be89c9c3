"""Gives a model folder a list of the videos that it was trained on."""

import hashlib
import json
import pathlib
import shutil
from collections.abc import Sequence

from components.served_model.training_videos import list_videos, write_training_videos


def trained_on(
    model: pathlib.Path, target: pathlib.Path, *, files: Sequence[pathlib.Path] = (), groups: Sequence[str] = ()
) -> str:
    """Copies the model to `target`, as if it had been trained on these files, and on videos of these groups."""
    shutil.copytree(model, target)
    training = list_videos([hashlib.sha256(file.read_bytes()).hexdigest() for file in files], groups, "original")
    write_training_videos(str(target), training)
    path = target / "assets.extra" / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "training_videos": len(training.digests)}))
    return str(target)
