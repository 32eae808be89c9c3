import collections
import hashlib
import json
import pathlib
import subprocess
import sys

import av
import pytest

from components.errors import UserError
from pipeline.demo_data import generate_demo_data
from pipeline.demo_data.plan import REAL_FAMILY, plan_clips

VIDEOS = 9


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    out = tmp_path_factory.mktemp("demo") / "made" / "data"
    generate_demo_data(out, videos=VIDEOS, seed=3, workers=1)
    return out


@pytest.fixture(scope="module")
def metadata(data: pathlib.Path) -> dict[str, dict[str, str | None]]:
    entries: dict[str, dict[str, str | None]] = json.loads((data / "metadata.json").read_text())
    return entries


def digests(folder: pathlib.Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.e2e
def test_parallel_workers_make_the_same_bytes(data: pathlib.Path, tmp_path: pathlib.Path) -> None:
    generate_demo_data(tmp_path, videos=VIDEOS, seed=3, workers=2)
    assert digests(tmp_path) == digests(data)


@pytest.mark.e2e
def test_another_seed_makes_other_clips(data: pathlib.Path, tmp_path: pathlib.Path) -> None:
    generate_demo_data(tmp_path, videos=6, seed=4, workers=1)
    assert not set(digests(tmp_path).values()) & set(digests(data).values())


def test_the_folder_holds_what_the_metadata_list(data: pathlib.Path, metadata: dict[str, dict[str, str]]) -> None:
    assert {path.name for path in data.iterdir()} == {*metadata, "metadata.json", "README.md"}
    assert len(metadata) == VIDEOS
    assert "synthetic" in (data / "README.md").read_text().lower()
    assert all(entry["synthetic"] == "true" and entry["split"] == "train" for entry in metadata.values())


def test_two_fakes_to_one_real_with_both_families(metadata: dict[str, dict[str, str]]) -> None:
    kinds = collections.Counter((entry["label"], entry["family"]) for entry in metadata.values())
    assert kinds == {("REAL", "none"): 3, ("FAKE", "appearance"): 3, ("FAKE", "temporal"): 3}


def test_a_fake_names_its_original_and_shares_its_actor(metadata: dict[str, dict[str, str]]) -> None:
    for entry in metadata.values():
        if entry["label"] == "REAL":
            assert entry["original"] is None
        else:
            assert metadata[entry["original"]]["label"] == "REAL"
            assert metadata[entry["original"]]["actor"] == entry["actor"]


def test_every_frame_decodes_and_a_fake_has_the_measures_of_its_original(
    data: pathlib.Path, metadata: dict[str, dict[str, str]]
) -> None:
    measures = {}
    for name in metadata:
        with av.open(str(data / name)) as container:
            stream = container.streams.video[0]
            frames = sum(1 for _ in container.decode(stream))
            assert frames == stream.frames
            measures[name] = (stream.width, stream.height, stream.average_rate, frames)
            assert stream.codec_context.name == "h264"
            assert stream.width % 2 == stream.height % 2 == 0
            assert 256 <= min(stream.width, stream.height) <= max(stream.width, stream.height) <= 360
            assert stream.average_rate is not None
            assert 25 <= stream.average_rate <= 30
            assert 1.5 <= frames / stream.average_rate <= 2.5
    for name, entry in metadata.items():
        assert measures[name] == measures[entry["original"] or name]


def test_both_labels_draw_their_bit_rates_from_the_same_range() -> None:
    clips = plan_clips(900, 0)
    for label in (True, False):
        bit_rates = [clip.bit_rate for clip in clips if (clip.family == REAL_FAMILY) == label]
        assert 600_000 <= min(bit_rates) < 615_000
        assert 985_000 < max(bit_rates) <= 1_000_000
        assert sum(bit_rates) / len(bit_rates) == pytest.approx(800_000, rel=0.03)


def test_a_complete_folder_is_left_alone(data: pathlib.Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in data.iterdir()}
    calls: list[tuple[int, int]] = []
    generate_demo_data(data, videos=VIDEOS, seed=3, workers=1, progress=lambda *call: calls.append(call))
    assert {path.name: path.stat().st_mtime_ns for path in data.iterdir()} == before
    assert not calls


@pytest.mark.e2e
def test_an_interrupted_call_is_finished_and_leaves_no_half_file(data: pathlib.Path, tmp_path: pathlib.Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_demo_data(tmp_path, videos=VIDEOS, seed=3, workers=1, progress=interrupt)
    whole = digests(data)
    left = digests(tmp_path)
    assert "metadata.json" not in left
    assert left.items() <= whole.items()

    calls: list[tuple[int, int]] = []
    generate_demo_data(tmp_path, videos=VIDEOS, seed=3, workers=1, progress=lambda *call: calls.append(call))
    assert calls == [(done, VIDEOS) for done in range(3, VIDEOS + 1)]
    assert digests(tmp_path) == whole


def test_a_missing_clip_is_made_again(data: pathlib.Path, metadata: dict[str, dict[str, str]]) -> None:
    before = digests(data)
    (data / sorted(metadata)[0]).unlink()
    generate_demo_data(data, videos=VIDEOS, seed=3, workers=1)
    assert digests(data) == before


@pytest.mark.parametrize(("videos", "seed"), [(VIDEOS, 2), (VIDEOS + 1, 3)])
def test_demo_data_of_other_parameters_are_refused(data: pathlib.Path, videos: int, seed: int) -> None:
    before = digests(data)
    with pytest.raises(UserError, match=str(data)):
        generate_demo_data(data, videos=videos, seed=seed)
    assert digests(data) == before


@pytest.mark.parametrize("name", ["holiday.mp4", "README.md", "metadata.json"])
def test_a_folder_of_other_files_is_refused(tmp_path: pathlib.Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(UserError, match=str(tmp_path)):
        generate_demo_data(tmp_path, videos=6, seed=0)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_foreign_file_among_our_own_is_named(data: pathlib.Path) -> None:
    foreign = data / "holiday.mp4"
    foreign.write_text("mine")
    try:
        with pytest.raises(UserError, match=r"holiday\.mp4"):
            generate_demo_data(data, videos=VIDEOS, seed=3)
    finally:
        foreign.unlink()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(UserError, match="data"):
        generate_demo_data(tmp_path / "data", videos=6, seed=0)


@pytest.mark.parametrize(("videos", "seed", "named"), [(5, 0, "videos=5"), (6, -1, "seed=-1")])
def test_impossible_arguments_are_refused(tmp_path: pathlib.Path, videos: int, seed: int, named: str) -> None:
    with pytest.raises(UserError, match=named):
        generate_demo_data(tmp_path / "data", videos=videos, seed=seed)
    assert not (tmp_path / "data").exists()


def test_the_package_imports_neither_tfx_nor_tensorflow() -> None:
    heavy = "{'tfx', 'apache_beam', 'tensorflow', 'keras'}"
    code = f"import sys, pipeline.demo_data; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
