"""A long video becomes a job, which tells how far it is, ends when asked, and leaves nothing behind."""

import contextlib
import json
import pathlib
import time

import httpx
import numpy as np
import pytest
from brightness_model import write_brightness_model
from served_model import served
from waiting import wait_until

from components.served_model.real_clips import describe_real_clips
from pipeline.demo_data.encoding import write_clip
from pipeline.serve.requests.limits import Limits

SECONDS = 20
LIMITS = Limits(sync_s=5.0, at_work=1)
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> pathlib.Path:
    real_clips = describe_real_clips(np.random.default_rng(0).logistic(-2, 0.3, 100)).model_dump()
    aggregation = {"rule": "largest", "real_clips": real_clips}
    return write_brightness_model(tmp_path_factory.mktemp("jobs") / "17", aggregation=aggregation, windows=2.0)


@pytest.fixture(scope="module")
def videos(tmp_path_factory) -> dict[str, bytes]:
    """Videos by their number of seconds."""
    folder = tmp_path_factory.mktemp("videos")
    found = {}
    for name, seconds in (("short", 2), ("long", SECONDS), ("endless", 3000)):
        pictures = (np.full((64, 64, 3), 230, np.uint8) for _ in range(10 * seconds))
        write_clip(folder / f"{name}.mp4", pictures, fps=10, bit_rate=100_000)
        found[name] = (folder / f"{name}.mp4").read_bytes()
    return found


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> pathlib.Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@contextlib.contextmanager
def client(model: pathlib.Path, limits: Limits = LIMITS):
    with served(model, limits) as address, httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        yield client


def send(client: httpx.Client, video: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return client.post("/score", files={"video": ("clip.mp4", video)}, headers=headers)


def ended(client: httpx.Client, job: str) -> dict:
    found: list[dict] = []

    def is_over() -> bool:
        found[:] = [client.get(job).json()]
        return found[0]["state"] in ("done", "failed")

    wait_until(is_over, seconds=60, what="the job")
    return found[0]


def left_uploads(folder: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_long_video_is_answered_by_a_job_that_ends_with_its_row(model, videos, temporary):
    with client(model) as asking:
        accepted = send(asking, videos["long"])
        assert accepted.status_code == 202
        job = accepted.headers["Location"]
        assert accepted.json()["id"] == job.removeprefix("/jobs/")
        assert accepted.json()["state"] in ("waiting", "working")
        over = ended(asking, job)
        assert (over["state"], over["failure"], over["seconds"], over["of_seconds"]) == ("done", "", SECONDS, SECONDS)
        assert (over["answer"]["verdict"], over["answer"]["uri"]) == ("FAKE", "clip.mp4")
        assert len(over["answer"]["windows"]) == SECONDS / 2
        assert over["answer"]["spans"] == [{"start_s": 0.0, "words": "0:00 to 0:20, 0.90"}]
        assert left_uploads(temporary) == [], "of the video nothing is left, of its row all"


@pytest.mark.parametrize("preference", ["respond-async", "wait=10, Respond-Async; foo=1"])
def test_a_caller_may_prefer_a_job(model, videos, preference):
    with client(model) as asking:
        answered = send(asking, videos["short"])
        assert (answered.status_code, answered.json()["verdict"]) == (200, "FAKE")
        accepted = send(asking, videos["short"], {"Prefer": preference})
        assert (accepted.status_code, accepted.headers["Preference-Applied"]) == (202, "respond-async")
        row = ended(asking, accepted.headers["Location"])["answer"]
        assert row == answered.json()


def test_what_is_no_video_is_a_row_with_its_reason(model):
    with client(model) as asking:
        over = ended(asking, send(asking, b"no video", ASYNC).headers["Location"])
        assert (over["state"], over["answer"]["verdict"]) == ("done", "UNSCORED")
        assert send(asking, b"no video").status_code == 422


def test_progress_is_told_and_a_job_ends_when_asked(model, videos, temporary):
    with client(model) as asking:
        job = send(asking, videos["endless"]).headers["Location"]
        wait_until(lambda: asking.get(job).json()["seconds"] > 0, seconds=60, what="the first window")
        far = asking.get(job).json()
        assert (far["state"], far["of_seconds"], far["answer"]) == ("working", 3000, None)
        assert asking.delete(job).status_code == 204
        assert left_uploads(temporary) == []
        assert asking.get(job).status_code == asking.delete(job).status_code == 404
        assert send(asking, videos["short"]).status_code == 200, "its place is free"


def test_jobs_are_bounded_in_number(model, videos):
    with client(model, Limits(sync_s=0, jobs=2, at_work=1)) as asking:
        jobs = [send(asking, videos["endless"]).headers["Location"] for _ in range(2)]
        full = send(asking, videos["short"])
        assert (full.status_code, "Retry-After" in full.headers) == (429, True)
        assert send(asking, videos["short"], ASYNC).status_code == 429
        assert "deepfake_jobs 2.0" in asking.get("/metrics").text
        asking.delete(jobs[0])
        assert send(asking, videos["short"], ASYNC).status_code == 202


def test_jobs_are_bounded_in_time_and_age(model, videos):
    with client(model, Limits(sync_s=0, job_s=1.0, job_age_s=2.0, at_work=1)) as asking:
        job = send(asking, videos["endless"]).headers["Location"]
        assert "not done after 1 s" in ended(asking, job)["failure"]
        wait_until(lambda: asking.get(job).status_code == 404, seconds=20, what="the job's age")


def test_the_end_of_the_service_ends_its_jobs(model, videos, temporary):
    with client(model) as asking:
        send(asking, videos["endless"])
        started = time.monotonic()
    assert time.monotonic() - started < 30
    assert left_uploads(temporary) == []


def test_a_job_is_not_found_by_guessing_nor_ended_by_another_site(model, videos):
    with client(model) as asking:
        ids = {json.loads(send(asking, videos["short"], ASYNC).content)["id"] for _ in range(3)}
        assert len(ids) == 3
        assert min(map(len, ids)) >= 20
        foreign = asking.delete(f"/jobs/{ids.pop()}", headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403
        assert asking.get("/jobs/none").status_code == 404
