"""What a training comes to that nothing disturbs."""

import pathlib

import pytest
from demo_commands import TRAINING, deepfake, new_folder


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> pathlib.Path:
    """A folder with a finished training, not to be written to."""
    folder = new_folder(tmp_path_factory.mktemp("undisturbed"))
    code, output, errors = deepfake(folder, *TRAINING)
    assert code == 0, output + errors
    return folder
