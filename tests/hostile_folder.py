"""A folder with files named like modules, each of which leaves a trace if it is imported."""

import os
import pathlib
import subprocess
import sys
from collections.abc import Sequence

MODULES = (
    *("cv2", "random", "numpy", "av", "socket", "pickle", "json", "runpy", "resource", "threading", "tensorflow"),
    *("sitecustomize", "usercustomize"),
)
PACKAGES = ("components", "pipeline", "schemas", "configs", "apache_beam", "google", "multiprocessing")


class HostileFolder:
    """A folder in which commands are run."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self._trace = folder / "imported"
        self._trace.mkdir(parents=True)
        for name in MODULES:
            (folder / f"{name}.py").write_text(self._tell(name))
        for name in PACKAGES:
            (folder / name).mkdir()
            (folder / name / "__init__.py").write_text(self._tell(name))

    def _tell(self, name: str) -> str:
        return f"import os; os.close(os.open({str(self._trace / name)!r}, os.O_CREAT))\nraise ImportError('hostile')\n"

    @property
    def imported(self) -> list[str]:
        """Returns what has been imported from the folder."""
        return sorted(path.name for path in self._trace.iterdir())

    def run(self, script: str, *arguments: str, packages: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Runs a script like a console script, without the current folder in `sys.path`.

        Args:
            script: Python code.
            arguments: arguments of the script.
            packages: folders to import from, as in PYTHONPATH.
        """
        runner = self.folder.parent / f"{self.folder.name}-bin"
        runner.mkdir(exist_ok=True)
        (runner / "script").write_text(script)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(packages)} if packages else None
        return subprocess.run(
            [sys.executable, str(runner / "script"), *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
