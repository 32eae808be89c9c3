"""Values are used as typed, without guessing."""

import pytest

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.config.sources.overrides import Given

TEXTS = (
    *(
        "2024",
        "2024-05-01",
        "on",
        "No",
        "null",
        "~",
        "1e3",
        "0x1f",
        "010",
        "1:30",
        "12:30:45",
        ".5",
        "my #1 videos",
        "a: b",
    ),
    *("[old]", "{x}", "@x", "%x", "'q", '"', "*x", "&a", "!x", "- a", "? a", "| a", "a\\b", " spaces ", "=", "<<", "`"),
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_taken_as_it_is_typed(text):
    assert load_config("dfdc", [f"data.root={text}"]).data.root == text
    assert load_config("dfdc", [Given("--data-root", "data.root", text)]).data.root == text


@pytest.mark.parametrize("name", ["2024", "2024-05-01", "on", "no", "null", "0x1f", "010", "1e3"])
def test_a_name_may_look_like_anything(tmp_path, name):
    assert load_config("dfdc", [f"name={name}"]).name == name
    (tmp_path / "file.yaml").write_text(f"name: {name if name != 'null' else repr(name)}\ndata: {{root: on}}\n")
    config = load_config(str(tmp_path / "file.yaml"))
    assert (config.name, config.data.root) == (name, "on")


@pytest.mark.parametrize(
    ("typed", "root"), [("'2024'", "2024"), ('"a\\u0062"', "ab"), ("'a','b'", "'a','b'"), ("'a': 'b'", "'a': 'b'")]
)
def test_quotes_around_a_text_are_no_part_of_it(typed, root):
    assert load_config("dfdc", [f"data.root={typed}"]).data.root == root
    assert load_config("dfdc", [Given("--data-root", "data.root", typed)]).data.root == typed


def test_texts_within_a_mapping_or_a_list_are_texts_too():
    config = load_config("vertex", ["vertex.labels={team: on, year: 2024}", "beam_args=[--x, 5]", "data={root: 1:30}"])
    assert config.vertex.labels == {"team": "on", "year": "2024"}
    assert (config.beam_args, config.data.root) == (("--x", "5"), "1:30")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs=010", 10),
        ("epochs=0x10", 16),
        ("epochs=0o10", 8),
        ("epochs=1e3", 1000),
        ("epochs=+5", 5),
        ("epochs='5'", 5),
    ],
)
def test_numbers_are_those_of_yaml_1_2(setting, value):
    assert load_config("dfdc", [f"trainer.{setting}"]).trainer.epochs == value


@pytest.mark.parametrize("word", ["true", "True", "on", "yes", "1"])
def test_switches(word):
    assert load_config("dfdc", [f"tuner.enabled={word}"]).tuner.enabled


@pytest.mark.parametrize(
    "setting",
    [
        *(
            "trainer.epochs=true",
            "trainer.epochs=1:30",
            "trainer.epochs=1.5",
            "trainer.epochs=",
            "seed=1_0x",
            "seed=-1",
        ),
        *(
            "seed=4294967296",
            f"seed={'9' * 400}",
            f"seed={'9' * 5000}",
            f"trainer.epochs={'9' * 30}",
            "tuner.enabled=2",
        ),
        *("extraction.frames=0", "extraction.frames=201", "extraction.min_frames=21", "encoder.architecture=vgg"),
        *("trainer.learning_rate=true", "extraction.timeout_s=1e9", "extraction.memory_mb=9999999", "runs_dir="),
        *("encoder.weights=random:x", "encoder.weights=random:-1", "encoder.weights=random:99999999999"),
        *('data.root="a\\0b"', 'data.root="a\\nb"', 'name="\\e[31m"', "data.root=\udcff", 'vertex.labels={"a\\n": b}'),
        *("beam_args=--x", "trainer=5", "data.root.x=1", "evaluator.bounds=[]", "vertex.labels="),
    ],
)
def test_other_values_are_refused_in_one_line(setting):
    with pytest.raises(UserError) as raised:
        load_config("vertex", [setting])
    assert str(raised.value).isprintable()
    assert str(raised.value).startswith(f"--set {setting.split('=')[0]}=")


NUMBERS = (
    *("trainer.learning_rate", "extraction.timeout_s", "transform.clip", "data.max_quarantine_ratio", "decision.clip"),
    *("decision.miss_cost", "decision.max_false_positive_rate", "decision.inconclusive_odds_ratio"),
    *("evaluator.bounds.auc.min", "evaluator.bounds.auc.worse_by", "evaluator.slice_bounds.codec.auc.max"),
    *("trainer.hyperparameters.dropout", "vertex.resources.Trainer.cpu"),
)


@pytest.mark.parametrize("key", NUMBERS)
@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "nan", "inf", "1e999"])
def test_numbers_are_finite(key, number):
    with pytest.raises(UserError, match="finite"):
        load_config("vertex", [f"{key}={number}"])


def test_only_people_write_more_than_a_line(tmp_path):
    (tmp_path / "file.yaml").write_text("name: x\ncard:\n  limits: |\n    one\n    two\n")
    assert load_config(str(tmp_path / "file.yaml")).card.limits == "one\ntwo\n"
