"""Where the output of libraries goes, and that a rejected command leaves nothing behind."""

import os
import pathlib
import subprocess
import sys
import tempfile

import pytest
import typer

from components.errors import UserError
from pipeline.terminal.log import log_to_file


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> pathlib.Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def fail(error: BaseException, log: str = "", *, leaving: pathlib.Path | None = None) -> None:
    with log_to_file(log):
        os.write(2, b"from a library\n")
        if leaving:
            leaving.touch()
        raise error


@pytest.mark.parametrize("error", [UserError("no"), typer.Exit(130), KeyboardInterrupt()])
def test_a_refused_command_leaves_no_folder_of_its_own(tmp_path, error):
    log = tmp_path / "new" / "runs" / "name" / "run.log"
    with pytest.raises(type(error)):
        fail(error, str(log))
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_or_was_made_stays(tmp_path):
    runs = tmp_path / "runs"
    runs.mkdir()
    with pytest.raises(UserError):
        fail(UserError("no"), str(runs / "a" / "run.log"), leaving=runs / "a" / "metadata.sqlite")
    assert sorted(path.name for path in (runs / "a").iterdir()) == ["metadata.sqlite", "run.log"]
    with pytest.raises(UserError):
        fail(UserError("no"), str(runs / "score.log"))
    assert (runs / "score.log").exists()


def test_a_log_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"run\.log: cannot be written"), log_to_file(str(tmp_path / "file/a/run.log")):
        pass


def test_without_a_path_the_log_goes_with_the_command(temporary, capfd):
    with log_to_file() as console:
        os.write(2, b"from a library\n")
        console.print("for people")
    with pytest.raises(UserError):
        fail(UserError("no"))
    assert list(temporary.iterdir()) == []
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("for people\n", "")


def test_an_unforeseen_error_tells_its_log(temporary, capfd):
    with pytest.raises(ZeroDivisionError):
        fail(ZeroDivisionError())
    (log,) = temporary.iterdir()
    assert log.read_text() == "from a library\n"
    assert capfd.readouterr().err == f"deepfake: an unforeseen error; what came before it is in {log}\n"


@pytest.mark.parametrize("program", ["print_json({'a': 'x' * 10**6}, console)", "console.print('x' * 10**6)"])
def test_a_reader_that_has_gone_is_no_traceback(program):
    script = f"""
import typer
from pipeline.terminal.console import Console, print_json
from pipeline.terminal.log import log_to_file
app = typer.Typer()
@app.command()
def command():
    with log_to_file() as console:
        {program}
app()
"""
    command = f'{sys.executable} -c "$SCRIPT" | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}'
    environment = {**os.environ, "SCRIPT": script}
    ended = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "")
