"""The wheel and the source distribution contain everything that the program reads."""

import email
import pathlib
import subprocess
import sys
import tarfile
import zipfile

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.e2e

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory) -> pathlib.Path:
    source, out = tmp_path_factory.mktemp("source") / "project", tmp_path_factory.mktemp("dist")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
    )
    return out


def test_installed_wheel_finds_its_schemas_configs_and_templates(distributions, tmp_path):
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
        assert "components/pusher/templates/model_card.md.jinja" in archive.namelist()
    names = sorted(path.stem for path in (ROOT / "configs").glob("*.yaml"))
    templates = sorted(path.name for path in (ROOT / "components" / "report_gen" / "templates").iterdir())
    script = (
        "import importlib.resources, os, schemas, configs, pipeline.cli.app, components.features;"
        "assert pipeline.cli.app.__file__.startswith(os.getcwd()), pipeline.cli.app.__file__;"
        f"assert 'video_id' in schemas.schema_text('video') and configs.config_names() == {names};"
        "templates = importlib.resources.files('components.report_gen') / 'templates';"
        f"assert sorted(path.name for path in templates.iterdir()) == {templates}"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)


def test_wheel_wants_the_stack_of_its_python(distributions):
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))
    packages = [Requirement(text) for text in metadata.get_all("Requires-Dist")]
    for python in ("3.10", "3.11", "3.12", "3.13"):
        here = {"python_version": python, "extra": ""}
        chosen = [package for package in packages if package.marker is None or package.marker.evaluate(here)]
        wanted = {package.name: package.specifier for package in chosen}
        assert wanted["tfx"].contains("1.16.0" if python == "3.10" else "1.21.0")
        assert wanted["tensorflow"].contains("2.16.2" if python == "3.10" else "2.21.0")
        # TFX's extra that includes it is empty from Python 3.12 on.
        assert "kfp" in wanted
    assert metadata["Requires-Python"] == "<3.14,>=3.10"


def test_source_distribution_can_be_built_from(distributions):
    (source,) = distributions.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"setup.py", "pyproject.toml", "schemas/video.pbtxt", "configs/demo.yaml"} <= names
