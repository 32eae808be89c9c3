"""Config files that change another one."""

import pathlib

import pytest

from components.errors import UserError
from pipeline.config.load import load_config


def write(folder: pathlib.Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text)
    return str(path)


def test_settings_of_the_file_lie_over_those_of_the_extended_and_below_the_command_lines(tmp_path):
    write(tmp_path, "base.yaml", "name: base\ntrainer: {epochs: 3, patience: 2, batch_size: 4}\n")
    middle = write(tmp_path, "of/middle.yaml", "extends: ../base.yaml\ntrainer: {patience: 7}\n")
    top = write(tmp_path, "top.yaml", "extends: of/middle.yaml\nname: top\ntrainer: {batch_size: 8}\n")
    trainer = load_config(middle).trainer
    assert (trainer.epochs, trainer.patience, trainer.batch_size) == (3, 7, 4)
    config = load_config(top, ["trainer.epochs=5"])
    assert config.name == "top"
    assert (config.trainer.epochs, config.trainer.patience, config.trainer.batch_size) == (5, 7, 8)


def test_a_packaged_config_can_be_extended(tmp_path):
    mine = write(tmp_path, "mine.yaml", "extends: recommended\nname: mine\n")
    assert load_config(mine).augment == load_config("recommended").augment


@pytest.mark.parametrize("name", ["dfdc", "vertex", "kubeflow"])
def test_the_recommended_recipe_is_that_of(name):
    recommended, other = load_config("recommended"), load_config(name)
    for section in ("encoder", "augment", "trainer", "transform", "decision"):
        assert getattr(other, section) == getattr(recommended, section)
    assert other.extraction.crop == recommended.extraction.crop == "face"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extends: mine.yaml\n", "mine.yaml:1: extends: 'mine.yaml' extends itself"),
        ("name: x\nextends: other\n", "mine.yaml:2: extends: 'other' is neither a file nor one of"),
        ("extends: .\n", "mine.yaml:1: extends: '.' is a folder, and no file and none of"),
        ("extends: [a, b]\n", "mine.yaml:1: extends must name one config"),
        ("extends: wrong.yaml\n", "wrong.yaml:2: trainer.epochs='many'"),
    ],
)
def test_what_cannot_be_extended_is_one_line(tmp_path, text, words):
    write(tmp_path, "wrong.yaml", "name: wrong\ntrainer: {epochs: many}\n")
    with pytest.raises(UserError) as told:
        load_config(write(tmp_path, "mine.yaml", text))
    assert words in str(told.value)
    assert "\n" not in str(told.value)
