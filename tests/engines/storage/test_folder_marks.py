"""Empty objects that TensorFlow leaves for folders: none is copied, and earlier ones are removed as documented."""

import pathlib
import re
import textwrap

import pytest

pytestmark = pytest.mark.engine

DEPLOY = pathlib.Path(__file__).parents[3] / "docs" / "deploy.md"
FILES = {"saved_model.pb", "variables/variables.index", "variables/empty"}


@pytest.fixture
def marked(storage) -> str:
    """The name of a folder in the bucket that holds FILES and a mark of each folder."""
    for name in ("", "variables/", *FILES):
        content = "" if name.endswith(("/", "empty")) or not name else name
        storage.bucket.blob(f"marked/{name}").upload_from_string(content)
    return "marked"


def names(storage, folder: str) -> set[str]:
    prefix = f"{folder}/"
    return {blob.name.removeprefix(prefix) for blob in storage.bucket.list_blobs(prefix=prefix)}


def test_a_copy_has_no_marks(storage, marked, finish, tmp_path):
    places = [f"{storage.uri}/{marked}", f"{storage.uri}/copied", str(tmp_path / "copied"), f"{storage.uri}/again"]
    script = """
import itertools, sys
from components.folders import copy_files
for source, target in itertools.pairwise(sys.argv[1:]):
    copy_files(source, target, last=["saved_model.pb"])
"""
    finish("python", "-c", script, *places)
    assert names(storage, "copied") == names(storage, "again") == FILES
    assert (tmp_path / "copied" / "variables" / "variables.index").read_text() == "variables/variables.index"


def test_the_documented_command_removes_marks_and_nothing_else(storage, marked, finish):
    (script,) = re.findall(r'python -c "\n(.*?)\n    "', DEPLOY.read_text(), re.DOTALL)
    script = textwrap.dedent(script).replace("my-bucket", storage.bucket.name).replace("model/", f"{marked}/")
    assert names(storage, marked) == {*FILES, "", "variables/"}
    # With this variable Google's client sends no credentials; through the proxy it does.
    finish("python", "-c", f"import os\ndel os.environ['STORAGE_EMULATOR_HOST']\n{script}")
    assert names(storage, marked) == FILES
