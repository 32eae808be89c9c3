"""A schedule in the config is created once, and refused if one of the same name exists."""

import pytest
from filled_in import SERVICE_ACCOUNT
from loopback import SILENCE, Fault

pytestmark = pytest.mark.e2e


def test_a_schedule_is_taken(submit, engine):
    result = submit(f"{engine.target}.schedule=30 2 * * 1")
    assert result.code == 0
    (line,) = result.lines
    (schedule,) = engine.api.accepted
    if engine.target == "vertex":
        job = schedule["createPipelineJobRequest"]["pipelineJob"]
        assert (schedule["displayName"], schedule["cron"], schedule["maxConcurrentRunCount"]) == (
            "deepfake",
            "30 2 * * 1",
            "1",
        )
        assert job["labels"]["team"] == "forensics"
        assert job["serviceAccount"] == SERVICE_ACCOUNT
        page = "/locations/europe-west4/pipelines/schedules/1000?project=test-project"
    else:
        assert schedule["display_name"] == "deepfake"
        assert schedule["trigger"] == {"cron_schedule": {"cron": "0 30 2 * * 1"}}
        assert (schedule["mode"], schedule["no_catchup"], schedule["max_concurrency"]) == ("ENABLE", True, "1")
        page = f"/pipeline/#/recurringrun/details/{schedule['recurring_run_id']}"
    assert line.startswith("deepfake submitted: https://")
    assert page in line


def test_a_changed_pipeline_is_no_second_schedule(submit, engine):
    schedule = f"{engine.target}.schedule=30 2 * * 1"
    assert submit(schedule).code == 0
    result = submit(schedule, "trainer.epochs=3")
    assert result.code == 2
    assert f"{engine.target}.schedule: a schedule deepfake is there, see https://" in result.error
    assert len(engine.api.accepted) == 1
    assert submit(schedule, options=("--job-id", "another")).code == 0
    assert len(engine.api.accepted) == 2


@pytest.mark.parametrize("after", [False, True], ids=["lost", "taken"])
@pytest.mark.parametrize("answer", [500, SILENCE])
def test_after_a_failure_the_same_command_is_safe(submit, engine, answer, after):
    engine.api.faults = [Fault(answer, after=after)]
    schedule = f"{engine.target}.schedule=30 2 * * 1"
    failed = submit(schedule, *engine.patience(answer))
    assert failed.code == 1
    assert "the same command again is safe" in failed.error
    assert submit(schedule).code == (2 if after else 0)
    assert len(engine.api.accepted) == 1


def test_time_zones(submit, engine):
    result = submit(f"{engine.target}.schedule=TZ=Europe/Berlin 30 2 * * 1")
    if engine.target == "vertex":
        assert result.code == 0
        assert engine.api.accepted[0]["cron"] == "TZ=Europe/Berlin 30 2 * * 1"
    else:
        assert result.code == 2
        assert "kubeflow.schedule='TZ=Europe/Berlin 30 2 * * 1': Kubeflow Pipelines takes no TZ=" in result.error
        assert engine.api.requests == []
