"""The process that holds a run's folder, as it describes itself in the lock file."""

import dataclasses
import datetime
import json
import os
import socket
from typing import Any

_BOOT_ID = "/proc/sys/kernel/random/boot_id"


@dataclasses.dataclass(frozen=True)
class Holder:
    """A process at work in a run's folder.

    Attributes:
        pid: its id.
        host: name of its machine.
        since: when it took the folder, ISO 8601.
        command: what it does there.
        process_start: when the process started, in the kernel's ticks; ids are reused, this tells two such processes
            apart. Empty where the kernel does not tell.
        boot: id of the machine's boot; containers of one machine share it. Empty where the kernel does not tell.
        processes: the namespace in which `pid` means this process; empty where the kernel does not tell.
    """

    pid: int
    host: str
    since: str
    command: str
    process_start: str
    boot: str
    processes: str

    @classmethod
    def this_process(cls, command: str) -> "Holder":
        """Describes this process."""
        return cls(
            pid=os.getpid(),
            host=socket.gethostname(),
            since=datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds"),
            command=command,
            process_start=_process_start(os.getpid()),
            boot=_boot(),
            processes=_process_namespace(),
        )

    @classmethod
    def from_json(cls, text: bytes) -> "Holder | None":
        """Parses what `to_json` wrote; None if it is anything else, such as the empty file of a killed process."""
        try:
            content: dict[str, Any] = json.loads(text)
            return cls(**content)
        except (ValueError, TypeError):
            return None

    def to_json(self) -> bytes:
        """One JSON object."""
        return json.dumps(dataclasses.asdict(self)).encode()

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.command} (process {self.pid} on {self.host}, since {self.since})"

    @property
    def is_on_this_machine(self) -> bool:
        """Whether it runs, or ran, on this machine since it was booted."""
        return bool(self.boot) and self.boot == _boot()

    @property
    def is_alive(self) -> bool | None:
        """Whether it is still there; None if that cannot be seen from here."""
        if self.is_on_this_machine and self.processes == _process_namespace():
            return _process_start(self.pid) == self.process_start if self.process_start else None
        if self.boot and not self.is_on_this_machine and self.host == socket.gethostname():
            # Nothing outlives a reboot.
            return False
        return None


def _process_start(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            # The name, in parentheses, may contain anything.
            state, *fields = file.read().rpartition(")")[2].split()
    except OSError:
        return ""
    # One that is dead and only waits for its parent to ask how it ended.
    return "" if state in "ZX" else fields[18]


def _boot() -> str:
    try:
        with open(_BOOT_ID, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def _process_namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
