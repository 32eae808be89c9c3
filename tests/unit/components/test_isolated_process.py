"""Child processes import from where their parent does, and nothing from the current folder."""

import pathlib
import subprocess
import sys

import pytest
from hostile_folder import HostileFolder

ROOT = pathlib.Path(__file__).parents[3]
WHERE = """
import subprocess, sys
from components.isolated_process import isolated_command
sys.exit(subprocess.run(isolated_command(*sys.argv[1:])).returncode)
"""
DECODE = """
import sys
from components.video_decoding.decoder import IsolatedDecoder
decoder = IsolatedDecoder(timeout_s=60, memory_bytes=2 << 30)
clip, header = decoder.decode(sys.argv[1], sampling="uniform", frames=5, size=32), decoder.read_header(sys.argv[1])
print(len(clip.frames), header.width)
decoder.close()
"""


@pytest.fixture
def hostile(tmp_path) -> HostileFolder:
    return HostileFolder(tmp_path / "hostile")


def copy_of(folder: pathlib.Path) -> pathlib.Path:
    """Makes another copy of the project's package, with a module that prints its location and its arguments."""
    (folder / "components").mkdir(parents=True)
    (folder / "components" / "__init__.py").touch()
    for name in ("isolated_process.py", "isolated_start.py"):
        (folder / "components" / name).write_text((ROOT / "components" / name).read_text())
    (folder / "components" / "where.py").write_text(
        "import sys, components\nprint(components.__file__, __name__, sys.argv[1:], sys.flags.isolated)\n"
    )
    return folder


def test_a_child_imports_the_very_copy_that_its_parent_does(hostile, tmp_path):
    copy = copy_of(tmp_path / "a copy")
    ended = hostile.run(WHERE, "components.where", "one", "-two", packages=[str(copy)])
    assert ended.stdout == f"{copy}/components/__init__.py __main__ ['one', '-two'] 1\n", ended.stderr
    assert hostile.imported == []


def test_the_current_folder_is_not_imported_from_where_the_parent_does_so(tmp_path):
    copy = copy_of(tmp_path / "copy")
    for name in ("json", "random", "pickle"):
        (copy / f"{name}.py").write_text("raise ImportError('from the current folder')")
    script = (
        f"import subprocess, sys; sys.path.append({str(copy)!r}); from components.isolated_process import "
        "isolated_command; subprocess.run(isolated_command('components.where'), check=True)"
    )
    ended = subprocess.run([sys.executable, "-I", "-c", script], cwd=copy, capture_output=True, text=True, check=False)
    assert ended.stdout == f"{copy}/components/__init__.py __main__ [] 1\n", ended.stderr


def test_the_folder_of_these_tests_is_hostile(hostile):
    command = [sys.executable, "-m", "components.video_decoding.decoder_process", "0"]
    assert subprocess.run(command, cwd=hostile.folder, capture_output=True, check=False).returncode != 0
    assert hostile.imported


def test_decoding_in_a_hostile_folder(hostile, write_video):
    ended = hostile.run(DECODE, write_video(frames=5), packages=[str(ROOT)])
    assert ended.stdout == "5 320\n", ended.stderr
    assert hostile.imported == []


def test_a_path_relative_to_the_folder_is_of_a_file_in_it(hostile, write_video):
    pathlib.Path(write_video("own.mp4", frames=5)).rename(hostile.folder / "own.mp4")
    ended = hostile.run(DECODE, "own.mp4", packages=[str(ROOT)])
    assert ended.stdout == "5 320\n", ended.stderr
