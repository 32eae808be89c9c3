"""Run as `unshare -Urm python on_full_disk.py FOLDER LOG WORDS SECONDS COMMAND...`, in a mount namespace of its own.

Mounts a small disk at FOLDER, starts the command, fills the disk when LOG contains WORDS, and prints a JSON object with
`code`, null if the command did not end within SECONDS, and `output`.
"""

import contextlib
import json
import pathlib
import subprocess
import sys
import time

SIZE = "600m"


def fill(folder: pathlib.Path) -> None:
    """Writes a file that takes all that is left."""
    with open(folder / "filling", "wb", buffering=0) as file:
        for size in (1 << 20, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)


def main(folder: str, log: str, words: str, seconds: str, *command: str) -> None:
    """Does what the module says."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    path = pathlib.Path(log)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while process.poll() is None and not (path.exists() and words in path.read_text(errors="replace")):
        time.sleep(0.05)
    fill(pathlib.Path(folder))
    try:
        output, _ = process.communicate(timeout=float(seconds))
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        print(json.dumps({"code": None, "output": output}))
    else:
        print(json.dumps({"code": process.returncode, "output": output}))


if __name__ == "__main__":
    main(*sys.argv[1:])
