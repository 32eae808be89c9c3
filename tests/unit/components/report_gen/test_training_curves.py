"""The curves of a training, of one member or several, as they are written and read."""

from components.report_gen.content import training_figures
from components.report_gen.training_curves import read_training_curves
from components.trainer.curves import CURVES_FILE, write_curves

HISTORIES = [
    {"loss": [0.5, 0.25], "val_loss": [0.75, float("nan")]},
    {"loss": [0.5, 0.125, 0.0625], "val_loss": [1.0, 2.0, 4.0]},
]


def test_a_single_member_has_its_values_by_split(tmp_path):
    write_curves(str(tmp_path), HISTORIES[1:])
    assert read_training_curves(str(tmp_path)) == {"loss": {"train": [[0.5, 0.125, 0.0625]], "eval": [[1.0, 2.0, 4.0]]}}


def test_members_have_a_curve_each_however_long(tmp_path):
    write_curves(str(tmp_path), HISTORIES)
    found = read_training_curves(str(tmp_path))
    assert found["loss"]["train"] == [[0.5, 0.25], [0.5, 0.125, 0.0625]]
    assert [len(values) for values in found["loss"]["eval"]] == [2, 3]
    figure = training_figures(str(tmp_path))["loss"]
    assert figure.count('class="curve first"') == figure.count('class="curve second"') == 2
    assert "train: 0.062 after epoch 3" in figure


def test_a_table_of_an_earlier_version_is_read(tmp_path):
    (tmp_path / CURVES_FILE).write_text("epoch,loss\n1,0.5\n2,0.25\n")
    assert read_training_curves(str(tmp_path)) == {"loss": {"train": [[0.5, 0.25]]}}
