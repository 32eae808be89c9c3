"""What is printed while following a remote run."""

import io

import pytest
from rich.console import Console

from components.errors import UserError
from pipeline.submission.errors import BusyError, ServiceError, UnreachableError, with_retries
from pipeline.submission.progress import NodeState, RunState, follow, print_end

GONE = "run-1 goes on: https://console"


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=200, color_system=None)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def lines(console: Console) -> list[str]:
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def reader(*answers: RunState | Exception):
    """Returns or raises each answer in turn."""
    remaining = list(answers)

    def read() -> RunState:
        answer = remaining.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return read


def run(state: str, **nodes: str) -> RunState:
    return RunState(state, [NodeState(node, it, 1.25 if it == "done" else None) for node, it in nodes.items()])


def test_only_changes_are_printed(console):
    end = run("done", A="done", B="done")
    read = reader(run("running"), run("running", A="running", B="waiting"), run("running", A="running"), end)
    assert follow(read, GONE, console) is end
    assert [line.split() for line in lines(console)] == [
        ["A", "running"],
        ["A", "done", "1.2", "s"],
        ["B", "done", "1.2", "s"],
    ]


def test_failures_in_succession_are_counted(console):
    failures = [ServiceError("down"), UnreachableError("no network"), BusyError("busy")]
    read = reader(*failures, run("running"), *failures, run("done"))
    assert follow(read, GONE, console, failures_allowed=3).state == "done"
    with pytest.raises(BusyError, match=f"busy; {GONE}"):
        follow(reader(*failures), GONE, console, failures_allowed=2)


def test_what_the_user_must_correct_is_told_at_once(console):
    with pytest.raises(UserError, match=f"no right; {GONE}"):
        follow(reader(UserError("no right")), GONE, console)


@pytest.mark.parametrize(
    ("state", "done", "printed"),
    [
        (run("done", A="done"), True, ["run-1 done: URL"]),
        (run("cancelled", A="cancelled"), False, ["run-1 cancelled: URL"]),
        (RunState("failed", [], "no quota [/x]"), False, ["no quota [/x]", "run-1 failed: URL"]),
        (RunState("failed", [NodeState("A", "failed")], "it"), False, ["A failed: it", "run-1 failed: URL"]),
        (
            RunState("failed", [NodeState("A", "done"), NodeState("B", "failed", 2.0, "[/x] is full")], "it"),
            False,
            ["B failed: [/x] is full", "run-1 failed: URL"],
        ),
    ],
)
def test_the_end(console, state, done, printed):
    assert print_end(state, "run-1", "URL", console) is done
    assert lines(console) == printed


def test_patience_is_for_a_busy_service_and_ends():
    assert with_retries(_failing_with(BusyError("busy"), times=4)) == 5
    with pytest.raises(BusyError):
        with_retries(_failing_with(BusyError("busy"), times=5))
    with pytest.raises(ServiceError, match="once"):
        with_retries(_failing_with(ServiceError("once"), times=1))


def _failing_with(error: Exception, times: int):
    calls = 0

    def call() -> int:
        nonlocal calls
        calls += 1
        if calls <= times:
            raise error
        return calls

    return call
