"""What a container refuses, and what it records, with artifacts as Vertex AI writes them."""

import json
import pathlib

import pytest

from components.recorded_files import FILES_PROPERTY, files_from_json
from pipeline.runners.container import EXECUTOR_INPUT, main
from pipeline.runners.whole_artifacts.containers import record_outputs, require_whole_inputs


@pytest.fixture
def folder(tmp_path) -> pathlib.Path:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "data").write_bytes(b"records")
    return tmp_path / "examples"


def outputs(folder: pathlib.Path, kind: str = "tfx.Examples") -> dict:
    artifact = {"uri": str(folder), "type": {"instanceSchema": f"title: {kind}\ntype: object\n"}}
    return {"artifacts": {"examples": {"artifacts": [artifact]}}}


def told(folder: pathlib.Path) -> dict:
    answer = {"artifacts": {"examples": {"artifacts": [{"metadata": {"records": 1}}]}}}
    record_outputs(outputs(folder), answer)
    return answer


def taking(folder: pathlib.Path, metadata: dict) -> dict:
    artifact = {"uri": str(folder), "metadata": metadata}
    return {"inputs": {"artifacts": {"examples": {"artifacts": [artifact]}}}, "outputs": {"artifacts": {}}}


def test_what_was_recorded_is_required(folder):
    (artifact,) = told(folder)["artifacts"]["examples"]["artifacts"]
    metadata = artifact["metadata"]
    assert metadata["records"] == 1
    assert files_from_json(metadata[FILES_PROPERTY])["data"].size == 7
    require_whole_inputs(taking(folder, metadata))
    (folder / "data").write_bytes(b"rec")
    with pytest.raises(SystemExit) as ended:
        main([EXECUTOR_INPUT, json.dumps(taking(folder, metadata))])
    (line,) = str(ended.value.code).splitlines()
    assert line.startswith(f"examples: {folder}: data has 3 bytes, not 7; submit the run again without the cache")


def test_nothing_is_required_of_what_nothing_was_recorded(folder):
    require_whole_inputs(taking(folder, {}))
    require_whole_inputs({"outputs": {"artifacts": {}}})


def test_a_record_never_outgrows_a_command_line(folder):
    for number in range(300):
        (folder / f"shard-{number}").touch()
    (artifact,) = told(folder)["artifacts"]["examples"]["artifacts"]
    assert artifact["metadata"] == {"records": 1}
