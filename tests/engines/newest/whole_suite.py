"""`make test-newest`: the README's two commands on a fresh Debian 13, with each Python of the newest stack.

The committed state is cloned. Data next to the project, which only developers have, is available there too.
"""

import subprocess
import sys
import time

from debian_machine import PYENV_PYTHON, ROOT, SYSTEM_PYTHON, debian_machine, missing_for_machine


def main() -> int:
    """Returns 0 if both commands pass with both."""
    if reason := missing_for_machine():
        print(f"test-newest: {reason}", file=sys.stderr)
        return 2
    shared = ROOT.parent / "shared"
    mounts = {shared.resolve(): "/root/shared"} if shared.is_dir() else {}
    outcomes = []
    with debian_machine() as machine:
        for python in (SYSTEM_PYTHON, PYENV_PYTHON):
            project = machine.clone("project")
            for target in ("demo", "test"):
                print(f"test-newest: make {target} on Python {python}", flush=True)
                started = time.monotonic()
                command = machine.command_line(["make", target, f"PYTHON={python}"], project, mounts)
                code = subprocess.run(command).returncode
                minutes = (time.monotonic() - started) / 60
                outcomes.append((f"make {target} on Python {python}", code, minutes))
    for what, code, minutes in outcomes:
        print(f"test-newest: {what}: {'passed' if code == 0 else f'exit code {code}'} in {minutes:.1f} minutes")
    return int(any(code for _, code, _ in outcomes))


if __name__ == "__main__":
    sys.exit(main())
