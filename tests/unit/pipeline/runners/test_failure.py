"""The reason of a failed node is what came first, in one line."""

import errno

import pytest

from components.errors import UserError
from pipeline.runners.failure import NodeFailedError

STORE = "Error when executing query: database or disk is full query: UPDATE `Execution` SET `type_id` = 1"
OF_A_WORKER = """Traceback (most recent call last):
  File "sdk_worker.py", line 312, in _execute
    response = task()
OSError: [Errno 28] No space left on device: '/runs/a b' [while running 'Write[train]/Write/WriteImpl/WriteBundles']

"""


def failed(error: BaseException, then: BaseException | None = None) -> NodeFailedError:
    """As TFX does it: while the failure is being recorded, another error may follow."""
    try:
        try:
            raise error
        except Exception:
            if then:
                raise then  # noqa: B904 (as TFX does)
            raise
    except Exception as raised:
        return NodeFailedError("Trainer", raised)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/runs/a b"),
        RuntimeError(OF_A_WORKER),
        RuntimeError("/runs/a b; No space left on device: '/runs/a b'"),
    ],
)
@pytest.mark.parametrize("then", [None, RuntimeError(STORE)])
def test_a_full_disk_is_told_with_what_could_not_be_written(error, then):
    assert failed(error, then).reason == "no space left on device: /runs/a b; make room, then resume"


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(STORE),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError("ResourceExhaustedError: x; No space left on device [Op:SaveV2]"),
    ],
)
def test_kinds_of_a_full_disk_are_one(error):
    assert failed(error).reason == "no space left on device; make room, then resume"


def test_the_users_mistake_is_kept_where_the_store_fails_too():
    failure = failed(UserError("a: wrong", "row"), RuntimeError(STORE))
    assert (failure.reason, failure.details, failure.users_fault) == ("a: wrong", ("row",), True)


def test_any_error_is_told_rather_than_that_of_the_store():
    failure = failed(ValueError("the cause\nand a page"), RuntimeError("Error: database is locked query: UPDATE x"))
    assert (failure.reason, failure.users_fault) == ("the cause", False)


def test_the_error_of_a_worker_is_told_without_its_traceback():
    text = "Traceback (most recent call last):\n  File\n    x\nValueError: odd [while running 'a [b]']\n"
    assert failed(RuntimeError(text)).reason == "ValueError: odd"
    assert failed(RuntimeError("")).reason == "RuntimeError"


def test_what_the_project_says_itself_is_told_without_its_class():
    told = "RuntimeError: components.a.MachineError: a.mp4: odd [while running 'x']"
    text = f"Traceback (most recent call last):\n  x\n{told}"
    assert failed(RuntimeError(text)).reason == "a.mp4: odd"
