"""Errors of the system in one line, from whichever library they come."""

import errno
import os

import pytest
import tensorflow as tf

from components.file_faults import find_fault


def error_of(action) -> BaseException:
    with pytest.raises(Exception) as raised:  # noqa: PT011 (of any library)
        action()
    return raised.value


def test_the_errors_of_python_and_of_tensorflow_are_told_alike(tmp_path):
    (tmp_path / "folder").mkdir()
    gone, folder = str(tmp_path / "gone"), str(tmp_path / "folder")
    for path, words in ((gone, "No such file or directory; correct the path"), (folder, "Is a directory; name a file")):
        for open_file in (open, lambda path: tf.io.gfile.GFile(path).read()):
            fault = find_fault(error_of(lambda open_file=open_file, path=path: open_file(path)))
            assert fault is not None
            assert (fault.line, fault.users) == (f"{path}: {words}", True)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.EIO, errno.EFBIG, errno.ESTALE])
def test_what_the_machine_lacks_is_no_mistake_of_the_user(error):
    fault = find_fault(OSError(error, os.strerror(error), "runs/x"))
    assert fault is not None
    assert not fault.users
    assert fault.line.startswith(f"runs/x: {os.strerror(error)}; ")


def test_an_error_within_beam_is_told_by_the_text_of_its_own():
    text = "Traceback ...\nOSError: [Errno 28] No space left on device: '/tmp/a b'\n [while running 'Write/x']"
    fault = find_fault(RuntimeError(text))
    assert fault is not None
    assert fault.line == "/tmp/a b: No space left on device; make room there, and type the command again"


@pytest.mark.parametrize(
    "error", [ValueError("x"), RuntimeError("x"), KeyError(1), tf.errors.InternalError(None, None, "x")]
)
def test_other_errors_are_none(error):
    assert find_fault(error) is None
