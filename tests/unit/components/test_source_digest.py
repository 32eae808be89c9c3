"""Everything that determines pixels is part of their cache key."""

import json
import pathlib
import shutil
import subprocess
import sys

import pytest

from components.source_digest import source_digest, source_root

DECODING = "components.video_decoding.decode"
FACES = "components.video_decoding.faces.detectors"
_BROUGHT_IN = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
print(json.dumps([module.__file__ for name, module in sys.modules.items() if name.startswith("components.")]))
"""


@pytest.fixture
def copied(tmp_path: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(source_root(), tmp_path / "components"))


def brought_in(module: str) -> list[pathlib.Path]:
    """Returns our files that Python itself reads when it imports a module, relative to the package."""
    command = [sys.executable, "-c", _BROUGHT_IN, module]
    files = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return [pathlib.Path(file).relative_to(source_root()) for file in files]


def runs(python: str) -> bool:
    # pyenv has a shim for a Python if any of its versions has it.
    return bool(shutil.which(python)) and not subprocess.run([python, "-c", ""], capture_output=True).returncode


@pytest.mark.parametrize("module", [DECODING, FACES, "components.video_decoding.alteration.alter"])
def test_a_change_of_any_module_that_is_imported_changes_the_digest(copied, module):
    before = source_digest(module, root=copied)
    files = brought_in(module)
    assert len(files) > 3
    for file in files:
        source = (copied / file).read_text()
        (copied / file).write_text(f"{source}\n_MENDED = 1\n")
        assert source_digest(module, root=copied) != before, file
        (copied / file).write_text(source)
    assert source_digest(module, root=copied) == before


def test_a_part_that_is_moved_to_a_new_module_is_followed(copied):
    folder = copied / "video_decoding"
    (folder / "moved.py").write_text("FACTOR = 1\n")
    sampling = folder / "sampling.py"
    sampling.write_text(f"{sampling.read_text()}\ndef late():\n    from components.video_decoding import moved\n")
    before = source_digest(DECODING, root=copied)
    (folder / "moved.py").write_text("FACTOR = 2\n")
    assert source_digest(DECODING, root=copied) != before


def test_comments_docstrings_and_blank_lines_change_nothing(copied):
    before = source_digest(DECODING, root=copied)
    for file in brought_in(DECODING):
        path = copied / file
        source = path.read_text().replace('"""\n', '  Told anew."""\n\n\n# Why.\n', 1)
        path.write_text(f"{source}\n# The end.\n" if source.strip() else source)
    assert source_digest(DECODING, root=copied) == before


def test_text_that_is_code_counts(copied):
    path = copied / "video_decoding" / "sampling.py"
    keys = []
    for text in ('"a # b"', '"a # c"', 'f"{1:>2} # b"', '"""a\n# b"""'):
        path.write_text(f"TEXT = {text}\n")
        keys.append(source_digest(DECODING, root=copied))
    assert len(set(keys)) == len(keys)


def test_every_python_gives_the_same_digest():
    others = [python for python in ("python3.11", "python3.12", "python3.13") if runs(python)]
    if not others:
        pytest.skip("there is no other Python here")
    program = "import sys; from components.source_digest import source_digest; print(source_digest(sys.argv[1]))"
    for python in others:
        ended = subprocess.run(
            [python, "-c", program, FACES], cwd=source_root().parent, capture_output=True, check=True, text=True
        )
        assert ended.stdout.strip() == source_digest(FACES), python


def test_a_module_that_is_not_there_has_no_digest():
    with pytest.raises(ModuleNotFoundError, match=r"components\.typo"):
        source_digest("components.typo")
