"""How defaults, file and command line are merged, and which origin an error names."""

import pytest

from components.errors import UserError
from components.evaluator.bounds import Bound
from pipeline.config.load import load_config
from pipeline.config.sources.overrides import Given


@pytest.fixture
def file(tmp_path):
    def write(text: str) -> str:
        (tmp_path / "file.yaml").write_text(text)
        return str(tmp_path / "file.yaml")

    return write


def test_mappings_are_merged_with_the_defaults_at_every_level(file):
    expected = Bound(min=0.9, worse_by=0.01)
    assert load_config("notebook", ["evaluator.bounds.auc.min=0.9"]).evaluator.bounds == {"auc": expected}
    assert load_config(file("name: x\nevaluator: {bounds: {auc: {min: 0.9}}}")).evaluator.bounds == {"auc": expected}
    bounds = load_config("notebook", ["evaluator.bounds={log_loss: {max: 0.5}}"]).evaluator.bounds
    assert bounds == {"auc": Bound(min=0.6, worse_by=0.01), "log_loss": Bound(max=0.5)}


def test_the_command_line_is_merged_with_the_file():
    config = load_config("vertex", ["vertex={labels: {owner: me}, retries: 3}", "vertex.resources.Trainer.cpu=2"])
    assert (config.vertex.labels, config.vertex.retries) == ({"team": "forensics", "owner": "me"}, 3)
    assert (config.vertex.resources["Trainer"].cpu, config.vertex.resources["Trainer"].memory_gb) == (2, 30)


@pytest.mark.parametrize(
    ("key", "empty"), [("vertex.labels", {}), ("vertex.resources", {}), ("evaluator.slice_bounds", {})]
)
def test_an_empty_mapping_empties(key, empty):
    config = load_config("vertex", ["evaluator.slice_bounds.codec.auc.min=0.5", f"{key}={{}}"])
    section, name = key.split(".")
    assert getattr(getattr(config, section), name) == empty


def test_what_was_emptied_can_be_filled():
    given = ["evaluator.bounds={}", "evaluator.bounds.log_loss.max=0.5"]
    assert load_config("notebook", given).evaluator.bounds == {"log_loss": Bound(max=0.5)}
    other = ["trainer.model=attention", "trainer.hyperparameters.units=[8]", "trainer.hyperparameters={}"]
    assert load_config("dfdc", other).trainer.model == "attention"


def test_no_bound_at_all_is_refused():
    with pytest.raises(UserError, match="at least one of them"):
        load_config("dfdc", ["evaluator.bounds={}"])


def test_an_emptied_section_has_its_defaults(file):
    assert load_config("dfdc", ["trainer={}"]).trainer == load_config(file("name: x")).trainer
    bounds = load_config("dfdc", ["evaluator={}", "evaluator.bounds.auc.min=0.9"]).evaluator.bounds
    assert bounds == {"auc": Bound(min=0.9, worse_by=0.01)}


def test_null_takes_back_what_was_said(file):
    config = load_config(file("name: x\nseed: ~\nvertex:\ntrainer:\ndata: {root: null}\nevaluator: {bounds: null}"))
    assert config == load_config(file("name: x"))
    assert list(load_config("dfdc", ["evaluator.bounds.auc=null"]).evaluator.bounds) == ["log_loss"]
    assert load_config("dfdc", ["trainer.epochs=null"]).trainer.epochs == 10
    assert load_config("dfdc", ["evaluator.bounds=null"]).evaluator.bounds == {"auc": Bound(min=0.6, worse_by=0.01)}
    assert load_config("vertex", ["vertex=null"]).vertex is None
    assert load_config("vertex", ["vertex.resources.Trainer.accelerator=null"]).vertex.resources["Trainer"].cpu == 8


def test_lists_are_replaced(file):
    path = file("name: x\nbeam_args: [--a, --b]\naudits: {names: [leak]}")
    config = load_config(path, ["beam_args=[--c]", "audits.names=[]"])
    assert (config.beam_args, config.audits.names) == (("--c",), ())


def test_the_last_one_wins_and_set_wins_over_other_options():
    given = [Given("--data-root", "data.root", "a"), "data.root=b", "data.root=c"]
    assert load_config("dfdc", given).data.root == "c"


@pytest.mark.parametrize(
    ("text", "given", "start"),
    [
        ("name: x\ntrainer:\n  epochs: many", [], "FILE:3: trainer.epochs='many': "),
        ("name: x\ntrainer:\n  epoch: 1", [], "FILE:3: unknown key trainer.epoch; did you mean epochs? "),
        ("nmae: x", [], "FILE:1: unknown key nmae; did you mean name? "),
        ("seed: 1", [], "FILE: name is required ("),
        ("name: x\nvertex: {retries: 2}", [], "FILE:2: vertex.image is required ("),
        (
            "name: x\ntrainer: {epochs: many}",
            ["trainer.epochs=few"],
            "--set trainer.epochs=few: trainer.epochs='few': ",
        ),
        ("name: x", ["trainer={epochs: 0}"], "--set trainer={epochs: 0}: trainer.epochs=0: "),
        ("name: x", ["trainer.epochs=0"], "--set trainer.epochs=0: Input should be greater"),
        ("name: x", [Given("--name", "name", "My Run")], "--name My Run: name='My Run': "),
        ("name: x", ["vertex.retries=2"], "--set vertex.retries=2: vertex.image is required ("),
        ("name: x", ["decision.miss_cost=1000"], "--set decision.miss_cost=1000: decision="),
        ("name: x\ndecision: {clip: 0.2}", ["decision.miss_cost=9"], "--set decision.miss_cost=9: decision="),
        (
            "name: x\nextraction: {crop: face}",
            ["extraction.face_detector=yunet"],
            "--set extraction.face_detector=yunet: ",
        ),
        (
            "name: x",
            ["trainer.hyperparameters={a: 1, a: 2}"],
            "--set trainer.hyperparameters={a: 1, a: 2}: the value is ",
        ),
    ],
)
def test_who_said_it_is_told(file, text, given, start):
    path = file(text)
    with pytest.raises(UserError) as raised:
        load_config(path, given)
    message = str(raised.value)
    assert message.startswith(start.replace("FILE", path))
    assert start.startswith("FILE") or path not in message


def test_secrets_are_not_told():
    with pytest.raises(UserError) as raised:
        load_config("dfdc", ["beam_args=--s3_secret_access_key=hunter2"])
    assert "hunter2" not in str(raised.value)
    with pytest.raises(UserError) as raised:
        load_config("dfdc", ["beam_args=[--password, hunter2", "trainer.epochs=0"])
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in repr(load_config("dfdc", ["beam_args=[--s3_secret_access_key=hunter2]"]))
    assert "hunter2" not in load_config("dfdc", ["beam_args=[--s3_secret_access_key=hunter2]"]).portable_json
