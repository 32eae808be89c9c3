"""Any text in a config file or after --set results in a config, or in one line and exit code 2."""

import pytest
from filled_in import filled_in
from hostile_settings import files, settings
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.scoring import ScoringConfig
from pipeline.config.training import TrainingConfig

few = limits(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
many = limits(few, max_examples=300)
# There are no videos, so no command gets beyond its config.
COMMANDS = {
    "run": ["run", "--data-root", "nowhere", "--config"],
    "scoring": ["run", "--pipeline", "scoring", "--data-root", "nowhere", "--config"],
    "check": ["check", "nowhere", "--config"],
    "extract": ["extract", "nowhere.mp4", "--config"],
    "compile": ["compile", "--target", "vertex", "--out", "out.json", "--config"],
    "submit": ["submit", "--target", "kubeflow", "--dry-run", "--config"],
}


def config_or_line(source: str, given: list[str], kind: type) -> None:
    config, line = None, ""
    try:
        config = load_config(source, given, kind)
    except UserError as error:
        line = str(error)
    assert line.isprintable()
    assert len(line) < 2000
    # A valid config survives a round trip through JSON.
    assert config is None or kind.model_validate_json(config.model_dump_json()) == config


@pytest.mark.e2e
@many
@given(st.sampled_from(["dfdc", "vertex", "kubeflow"]), st.lists(settings, max_size=3))
def test_any_setting_is_taken_or_one_line(source, overrides):
    config_or_line(source, overrides, TrainingConfig)


@many
@given(st.lists(settings, max_size=2))
def test_any_setting_of_a_scoring_is_taken_or_one_line(overrides):
    config_or_line("scoring", overrides, ScoringConfig)


@pytest.mark.e2e
@many
@given(files, st.lists(settings, max_size=1))
def test_any_file_is_taken_or_one_line(tmp_path_factory, content, overrides):
    path = tmp_path_factory.getbasetemp() / "hostile.yaml"
    path.write_bytes(content)
    config_or_line(str(path), overrides, TrainingConfig)


@pytest.mark.parametrize("command", COMMANDS)
@few
@given(overrides=st.lists(settings, min_size=1, max_size=2))
def test_no_setting_breaks_a_command(deepfake, command, overrides):
    source = {"scoring": "scoring", "compile": "vertex", "submit": "kubeflow"}.get(command, "dfdc")
    code, out, errors = deepfake(*COMMANDS[command], source, *(f"--set={override}" for override in overrides))
    ends_well(code, out, errors)


@pytest.mark.parametrize("command", COMMANDS)
@few
@given(content=files)
def test_no_file_breaks_a_command(deepfake, tmp_path, command, content):
    (tmp_path / "hostile.yaml").write_bytes(content)
    ends_well(*deepfake(*COMMANDS[command], "hostile.yaml"))


def ends_well(code: int, out: str, errors: str) -> None:
    assert code in (0, 2, 3)
    assert "Traceback" not in out + errors
    if code == 2:
        told = [line for line in errors.splitlines() if line.startswith("deepfake: ")]
        assert len(told) == 1
        assert told[0].isprintable()


@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/x", "a" * 300, "/proc/x"])
@pytest.mark.parametrize("command", ["run", "scoring", "extract"])
def test_a_folder_of_runs_that_cannot_be_is_one_line(deepfake, command, place):
    source = "scoring" if command == "scoring" else "dfdc"
    code, out, errors = deepfake(*COMMANDS[command], source, "--set", f"runs_dir={place}")
    assert code == 2
    ends_well(code, out, errors)


@pytest.mark.parametrize("option", ["--name", "--data-root"])
def test_options_are_taken_as_they_are_typed(deepfake, option):
    typed = {"--name": "My #1 run", "--data-root": "my #1 videos"}[option]
    code, _, errors = deepfake("run", "--config", "dfdc", option, typed)
    assert code == 2
    assert typed in errors
    assert deepfake("run", "--config", "dfdc", option, "")[0] == 2


def test_a_file_that_cannot_be_written_is_one_line(deepfake):
    settings = (part for setting in filled_in("vertex") for part in ("--set", setting))
    code, out, errors = deepfake("compile", "--target", "vertex", "--out", "/dev/null/x", *settings)
    assert "--out /dev/null/x: cannot be written" in errors
    ends_well(code, out, errors)
