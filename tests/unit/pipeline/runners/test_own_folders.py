"""What another execution has left in a folder is neither added to nor removed."""

import pytest
from tfx.orchestration.portable import outputs_utils
from tfx.types import standard_artifacts

from components.errors import UserError
from pipeline.runners.launching.own_folders import use_own_folders_only


@pytest.fixture
def examples(tmp_path, monkeypatch) -> standard_artifacts.Examples:
    monkeypatch.setattr(outputs_utils, "make_output_dirs", outputs_utils.make_output_dirs)
    use_own_folders_only()
    artifact = standard_artifacts.Examples()
    artifact.uri = str(tmp_path / "root" / "VideoExampleGen" / "examples" / "3")
    return artifact


def test_a_new_folder_is_made(examples, tmp_path):
    outputs_utils.make_output_dirs({"examples": [examples]})
    assert (tmp_path / "root" / "VideoExampleGen" / "examples" / "3").is_dir()


def test_a_folder_with_files_is_refused_and_left_as_it_is(examples, tmp_path):
    shard = tmp_path / "root" / "VideoExampleGen" / "examples" / "3" / "Split-train" / "shard.gz"
    shard.parent.mkdir(parents=True)
    shard.write_bytes(b"of another")
    with pytest.raises(UserError) as refused:
        outputs_utils.make_output_dirs({"examples": [examples]})
    line = str(refused.value)
    assert "\n" not in line
    assert line.startswith(f"{examples.uri}: another run has left files there")
    assert f"(this one's is {tmp_path / 'root'})" in line
    assert shard.read_bytes() == b"of another"
