"""Secrets appear in no log, resume command or description of a request, and can come from the environment."""

import json
import logging
import os
import sys

import pytest
import yaml

import pipeline.cli.app
from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.sources.overrides import redact_command
from pipeline.runners.beam.args import find_secrets, from_environment
from pipeline.runners.container import expand
from pipeline.submission.kubeflow import prepare_for_kubeflow
from pipeline.submission.request import describe
from pipeline.submission.vertex import prepare_for_vertex
from pipeline.terminal.log import log_to_file

SECRET = "hunter2"
PARAMETERS = {"root": {"dag": {"tasks": {}}, "inputDefinitions": {"parameters": {}}}}


def test_environment_gives_the_options(monkeypatch):
    monkeypatch.setenv("THE_SECRET", SECRET)
    options = ["--a=1", "--s3_secret_access_key=$(THE_SECRET)", "--b=$(THE_SECRET)/$(THE_SECRET)"]
    assert from_environment(options) == ["--a=1", f"--s3_secret_access_key={SECRET}", f"--b={SECRET}/{SECRET}"]
    assert set(find_secrets(options)) == {SECRET}
    monkeypatch.delenv("THE_SECRET")
    with pytest.raises(UserError, match=r"\$\(THE_SECRET\) is not set in the environment"):
        from_environment(options)


def test_containers_expand_beams_options_alone(monkeypatch):
    monkeypatch.setenv("THE_SECRET", SECRET)
    ours = ["--executor_class_path", "a.B", "--json_serialized_invocation_args", '{"x": "$(THE_SECRET) $(NOTHING)"}']
    assert expand([*ours, "--x=$(THE_SECRET)", "--y", "$(THE_SECRET)"]) == [*ours, f"--x={SECRET}", "--y", SECRET]


@pytest.mark.parametrize("name", ["a.library", "absl"])
def test_log_holds_no_secret(tmp_path, name):
    path = tmp_path / "run.log"
    logger = logging.getLogger(name)
    handler = logging.StreamHandler(os.fdopen(2, "w", closefd=False))
    logger.addHandler(handler)
    before = logging.getLogRecordFactory()
    with log_to_file(str(path), [SECRET]):
        logger.error("Discarding unparseable args: %s", [f"--s3_secret={SECRET}"])
        logger.error("wrong by %d", f"a library {SECRET}")
        try:
            raise ValueError(f"no access with {SECRET}")
        except ValueError:
            logger.exception("failed")
    logger.removeHandler(handler)
    assert logging.getLogRecordFactory() is before
    assert "Discarding unparseable args: ['--s3_secret=***']" in path.read_text()
    assert "wrong by %d ('a library ***',)" in path.read_text()
    assert "ValueError: no access with ***" in path.read_text()
    assert SECRET not in path.read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--set", f"beam_args=[--s3_secret_access_key={SECRET}, --x=1]"],
        ["run", f"--set=beam_args=['--password', '{SECRET}']"],
        ["run", "--set", f"vertex={{labels: {{token: {SECRET}}}}}"],
        ["run", "--data-root", f"https://user:{SECRET}@host/videos"],
    ],
)
def test_line_to_resume_holds_no_secret(arguments):
    assert SECRET not in str(redact_command(arguments))
    assert redact_command(arguments)[0] == arguments[0]


def test_line_to_resume_is_else_as_it_was_typed():
    typed = [
        "run",
        "--config",
        "my.yaml",
        "--data-root",
        "/data/key=5/#1",
        "--set",
        "data.root=/data/token=5",
        "--set",
        "x",
    ]
    assert redact_command(typed) == typed


@pytest.mark.parametrize("target", ["vertex", "kubeflow"])
def test_description_of_a_request_holds_no_secret(target):
    settings = [f"{target}.labels={{team: a, api-token: {SECRET}}}", f"data.root=https://u:{SECRET}@host/x"]
    if target == "kubeflow":
        settings.append(f"kubeflow.host=https://u:{SECRET}@host")
        submission = prepare_for_kubeflow(load_config(target, settings), yaml.safe_dump(PARAMETERS))
    else:
        job = {"labels": {"team": "a", "api-token": SECRET}, "pipelineSpec": PARAMETERS, "runtimeConfig": {}}
        submission = prepare_for_vertex(load_config(target, settings), json.dumps(job))
    told = describe(submission, "compiled")
    assert SECRET not in told
    assert "api-token" in told
    assert "team" in told
    assert SECRET in json.dumps(submission.body)


def test_wrong_setting_is_told_without_its_secret(monkeypatch, capfd):
    options = f"beam_args=[--s3_secret_access_key={SECRET}"
    monkeypatch.setattr(sys, "argv", ["deepfake", "run", "--config", "dfdc", "--set", options])
    with pytest.raises(SystemExit):
        pipeline.cli.app.main()
    errors = capfd.readouterr().err
    assert SECRET not in errors
    assert "not YAML" in errors
