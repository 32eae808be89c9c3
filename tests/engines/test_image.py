"""The container image in its three uses: by a pipeline's tasks, by Beam's workers, by people."""

import contextlib
import json
import pathlib
import re
import socket
import subprocess

import pytest
from base_images import PYTHON
from packaging.requirements import Requirement
from short_demo import EVEN_SPLITS
from waiting import wait_until

pytestmark = pytest.mark.engine

ROOT = pathlib.Path(__file__).parents[2]
KUBEFLOW = "tfx.orchestration.kubeflow.v2"
SITE_PACKAGES = f"/opt/venv/lib/python{PYTHON}/site-packages"
BEAM_PIPELINE = f"""
import sys
from importlib.util import find_spec
from operator import attrgetter
import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

with beam.Pipeline(options=PipelineOptions(sys.argv[1:])) as pipeline:
    places = pipeline | beam.Create(["components"]) | beam.Map(find_spec) | beam.Map(attrgetter("origin"))
    assert_that(places, equal_to(["{SITE_PACKAGES}/components/__init__.py"]))
print("as expected")
"""


def printed(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def docker_run(image, *arguments: str) -> subprocess.CompletedProcess:
    return image.run(*image.config["Entrypoint"], *(arguments or image.config["Cmd"]))


@pytest.mark.parametrize("user", [None, "4321:4321"])
def test_runs_as_an_ordinary_user_with_a_writable_home(image, user):
    uid = printed(image.run("sh", "-c", "touch $HOME/it && touch it && ! touch /opt/venv/it && id -u", user=user))
    assert uid == ("1000" if user is None else "4321")


def test_has_no_compiler_and_no_caches(image):
    search = "for program in gcc cc g++ c++ clang make ld as uv; do command -v $program; done; exit 0"
    assert printed(image.run("sh", "-c", search)) == ""
    folders = "/root/.cache /tmp /var/cache/apt/archives /var/lib/apt/lists"
    found = printed(image.run("sh", "-c", f"find {folders} -type f -size +0 2>/dev/null; exit 0", user="0"))
    assert found == ""


def test_holds_what_is_locked_and_no_tools_of_developers(image):
    packages = map(Requirement, re.findall(r"^[\w.-]+==[^\\]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    image_python = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0"}
    chosen = [package for package in packages if package.marker is None or package.marker.evaluate(image_python)]
    locked = {package.name: str(package.specifier).removeprefix("==") for package in chosen}
    listed = json.loads(printed(image.run("python", "-m", "pip", "list", "--format", "json")))
    installed = {re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"] for package in listed}
    del installed["pip"], installed["deepfake-video-pipeline"]
    assert installed.items() <= locked.items()
    assert locked.keys() - installed.keys() >= {"pytest", "mypy", "ruff"}


def test_project_is_installed_in_the_environment(image):
    script = (
        "import av, components, configs, cv2, pathlib, pipeline, schemas, tensorflow\n"
        "assert 'video_id' in schemas.schema_text('video') and 'demo' in configs.config_names()\n"
        "print({str(pathlib.Path(module.__file__).parents[1]) for module in (pipeline, components, schemas, configs)})"
    )
    assert printed(image.run("python", "-c", script)) == f"{{'{SITE_PACKAGES}'}}"


@pytest.mark.parametrize(
    "module", [f"{KUBEFLOW}.container.kubeflow_v2_run_executor", f"{KUBEFLOW}.file_based_example_gen.driver"]
)
def test_programs_of_a_task_answer(image, module):
    assert "--json_serialized_invocation_args" in printed(image.run("python", "-m", module, "--help"))


def test_command_answers_and_is_the_default(image):
    assert "check" in printed(docker_run(image, "deepfake", "--help"))
    assert printed(docker_run(image)) == printed(docker_run(image, "deepfake", "--help"))


def test_works_on_a_folder_of_the_host(image, tmp_path):
    data = tmp_path / "data"
    printed(image.run("deepfake", "demo-data", "--out", str(data), "--videos", "12", mounts=[tmp_path]))
    check = ("deepfake", "check", str(data), "--json", *(f"--set={setting}" for setting in EVEN_SPLITS))
    health = json.loads(printed(image.run(*check, mounts=[tmp_path])))
    assert health["videos"] == 12


def test_options_alone_reach_the_boot_program_of_beam(image):
    done = docker_run(image, "--id=1")
    assert done.returncode == 1
    assert "No provision endpoint provided." in done.stderr


@pytest.mark.timeout(300, func_only=True)  # Beam waits forever for a worker that does not start.
def test_beam_runs_a_pipeline_on_workers_in_the_image(image):
    # Submitted from the image too, since Beam requires the same version at both ends.
    with worker_pool(image) as address:
        options = ["--runner=PortableRunner", "--job_endpoint=embed"]
        options += ["--environment_type=EXTERNAL", f"--environment_config={address}"]
        assert printed(image.run("python", "-c", BEAM_PIPELINE, *options)).endswith("as expected")


@contextlib.contextmanager
def worker_pool(image):
    """Workers started like Beam's runners do, by the entrypoint with nothing but options."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    (entrypoint,) = image.config["Entrypoint"]
    pool = "apache_beam.runners.worker.worker_pool_main"
    with image.start("python", "-m", pool, f"--service_port={port}", f"--container_executable={entrypoint}") as process:
        wait_until(
            lambda: answers(port), alive=lambda: process.poll() is None, seconds=120, what="the worker pool's answer"
        )
        yield f"localhost:{port}"


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0
