import os
import pathlib
import subprocess
import sys


def test_folder_is_relative_to_where_the_kernel_was_started(tmp_path):
    (tmp_path / "project" / "notebooks").mkdir(parents=True)
    code = (
        "import os; from pipeline.exploration.start import start_notebook; "
        "start_notebook('..'); start_notebook('..'); print(os.getcwd(), os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "project" / "notebooks",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    folder, level = ended.stdout.split()
    assert pathlib.Path(folder) == (tmp_path / "project").resolve()
    assert level == "3"
