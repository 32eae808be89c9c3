"""A version in a bucket is one once the list of its files is there."""

import pytest

pytestmark = pytest.mark.engine

SCRIPT = """
import os, pathlib, sys
from components import storage
from components.pusher.exclusion import kept_to_oneself
from components.pusher.publication import publish
from components.pusher.versions import highest_version
from components.recorded_files import find_damage, record_files
from components.served_model.version_files import FILES_FILE, write_version_files

folder = sys.argv[1]

def write(version):
    for name in ("saved_model.pb", "variables/variables.index", "assets.extra/model.json"):
        path = pathlib.Path(version, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    write_version_files(version)

with kept_to_oneself(folder) as alone:
    first, second = (publish(folder, write, alone=alone) for _ in range(2))
print(highest_version(folder)[1] == second)
print(find_damage(second, record_files(second, content=True), content=True, others=False) == "")
storage.write_bytes(f"{second}/variables/variables.index", b"half")
print(highest_version(folder)[1] == first)
for name in (FILES_FILE, "saved_model.pb"):
    storage.remove(f"{first}/{name}")
print(highest_version(folder) is None)
print(sorted(name.rstrip("/") for name in storage.listdir(folder)) == sorted(map(os.path.basename, (first, second))))
"""


def test_versions_are_whole_in_a_bucket_too(storage, finish):
    output = finish("python", "-c", SCRIPT, f"{storage.uri}/versions")
    assert output.split() == ["True"] * 5
