"""A schedule that no engine accepts is rejected before one is asked."""

import pytest

from components.errors import UserError
from pipeline.config.load import load_config


@pytest.mark.parametrize(
    "schedule",
    [
        "0 3 * * *",
        "*/5 * * * *",
        "* * * * *",
        "1,2,30-40/5 0-6 1,15 JAN-mar ?",
        "0 0 * * SUN",
        "7 7 7 7 6/7",
    ],
)
@pytest.mark.parametrize("engine", ["vertex", "kubeflow"])
def test_a_schedule_is_taken_as_it_is_typed(engine, schedule):
    assert getattr(load_config(engine, [f"{engine}.schedule={schedule}"]), engine).schedule == schedule


def test_vertex_takes_more_than_kubeflow():
    for schedule in ("TZ=Europe/Berlin 0 3 * * 1-5", "0 3 * * 7"):
        assert load_config("vertex", [f"vertex.schedule={schedule}"]).vertex.schedule == schedule


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("TZ=Europe/Berlin 0 3 * * 1-5", "CRON_SCHEDULE_TIMEZONE"),
        ("0 3 * * 7", "0 or SUN for Sunday"),
        ("0 3 * * 5-7", "0 or SUN for Sunday"),
        ("0 3 * * 1,07", "0 or SUN for Sunday"),
    ],
)
def test_what_the_parser_of_kubeflow_refuses_is_one_line(schedule, words):
    with pytest.raises(UserError, match=words) as raised:
        load_config("kubeflow", [f"kubeflow.schedule={schedule}"])
    assert str(raised.value).startswith(f"--set kubeflow.schedule={schedule}: ")


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("a b c d e", "'a' is no minute of cron"),
        ("60 * * * *", "0 to 59"),
        ("0 24 * * *", "no hour"),
        ("0 0 0 * *", "day of the month"),
        ("0 0 * 13 *", "no month"),
        ("0 0 * * 8", "SUN, MON"),
        ("*/0 * * * *", "nothing is in it"),
        ("5-1 * * * *", "nothing is in it"),
        ("1-2-3 * * * *", "no minute"),
        ("0 0 30 2 *", "never comes"),
        ("@daily", "five fields"),
        ("0 3 * *", "five fields"),
        ("0 0 3 * * *", "five fields"),
        ("TZ=Europe/Nowhere 0 3 * * *", "no time zone"),
    ],
)
def test_garbage_is_one_line(schedule, words):
    with pytest.raises(UserError, match=words) as raised:
        load_config("vertex", [f"vertex.schedule={schedule}"])
    assert str(raised.value).startswith(f"--set vertex.schedule={schedule}: ")
