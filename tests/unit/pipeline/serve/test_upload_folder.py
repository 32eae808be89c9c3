"""The folder of uploads, and the removal of what killed services left."""

import os
import signal
import subprocess
import sys

from pipeline.serve.requests.upload_folder import UploadFolder

KEEPS_AND_WAITS = """
import io, sys, time
from pipeline.serve.requests.upload_folder import UploadFolder
with UploadFolder().named_copy(io.BytesIO(b"a video")) as path:
    print(path, flush=True)
    time.sleep(600)
"""


def test_only_folders_whose_process_is_gone_are_swept(uploads):
    other = uploads / "deepfake-serve-notes.txt"
    other.write_text("a file of somebody else")
    elsewhere = uploads / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("kept")
    link = uploads / "deepfake-serve-link"
    link.symlink_to(elsewhere)
    start = [sys.executable, "-c", KEEPS_AND_WAITS]
    environment = {**os.environ, "TMPDIR": str(uploads)}
    with subprocess.Popen(start, stdout=subprocess.PIPE, text=True, env=environment) as process:
        path = process.stdout.readline().strip()
        assert os.path.exists(path)
        ours = UploadFolder()
        assert os.path.exists(path)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert os.path.exists(path)
    # A process id in the name would prove nothing: another process may have it by now.
    UploadFolder().close()
    assert not os.path.exists(path)
    assert os.path.isdir(ours.path)
    ours.close()
    assert sorted(os.listdir(uploads)) == ["deepfake-serve-link", "deepfake-serve-notes.txt", "elsewhere"]
    assert (elsewhere / "kept").read_text() == "kept"
    assert os.stat(uploads).st_mode & 0o777 != 0


def test_others_cannot_look_in(uploads):
    folder = UploadFolder()
    assert os.stat(folder.path).st_mode & 0o077 == 0
    folder.close()
