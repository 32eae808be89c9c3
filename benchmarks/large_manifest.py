"""A manifest of a million rows: what reading, splitting and making examples cost beside the videos themselves."""

import io
import os
import pathlib

from benchmarks.fixtures import Fixtures
from benchmarks.processes import Cost, Job, measured_once
from benchmarks.results import Results, Table

_FOLDERS = 1000
_FAKES_OF_EACH = 4


def write_manifest(path: pathlib.Path, rows: int) -> None:
    """Writes a manifest of videos that do not exist, a real one and its fakes after the other."""
    with path.open("w") as file:
        file.write("uri,label,original,method\n")
        for row in range(rows):
            real = row - row % (_FAKES_OF_EACH + 1)
            folder = f"part_{real % _FOLDERS:03d}"
            made_from = f",FAKE,{folder}/{real:09d}.mp4,method_{row % 5}" if row != real else ",REAL,,"
            file.write(f"{folder}/{row:09d}.mp4{made_from}\n")


def check_manifest(path: str) -> Job:
    """Prepares `deepfake check`, which opens no video."""
    from pipeline.cli.data.check import check_dataset
    from pipeline.config.load import load_config
    from pipeline.terminal.console import Console

    def job() -> None:
        console = Console(file=io.StringIO(), width=100)
        check_dataset(os.path.dirname(path), load_config("dfdc", [f"data.manifest={path}"]), console, limit=0)

    return job


def make_examples(path: str, folder: str) -> Job:
    """Prepares VideoExampleGen alone, with one worker."""
    from tfx.types import standard_artifacts

    from components.artifacts import Splits
    from components.dataset.splitting.rules import BY_STRATIFIED, SplitRules
    from components.video_example_gen.component import VideoExampleGen
    from components.video_example_gen.executor import Executor

    node = VideoExampleGen(
        data_root=os.path.dirname(path),
        pattern="*",
        fingerprint="unchanged",
        code_version="",
        manifest=os.path.basename(path),
        rules=SplitRules(by=BY_STRATIFIED),
    )
    outputs = {"examples": [standard_artifacts.Examples()], "splits": [Splits()]}
    for key, (artifact,) in outputs.items():
        artifact.uri = os.path.join(folder, key)
        os.makedirs(artifact.uri)

    def job() -> None:
        context = Executor.Context(beam_pipeline_args=["--runner=FnApiRunner"], unique_id="1", tmp_dir=folder)
        Executor(context).Do({}, outputs, {**node.exec_properties, "input_base": os.path.dirname(path)})

    return job


def measure_large_manifest(fixtures: Fixtures) -> Results:
    """Measures once each, on one core, a tenth of the rows before all of them."""
    most = fixtures.workload.manifest_rows
    rows = []
    for count in (most // 10, most):
        folder = fixtures.folder / f"manifest_{count}"
        folder.mkdir()
        manifest = folder / "manifest.csv"
        write_manifest(manifest, count)
        checked, _ = measured_once(check_manifest, str(manifest), cores=fixtures.cores[:1])
        made, _ = measured_once(make_examples, str(manifest), str(folder / "node"), cores=fixtures.cores[:1])
        rows += [_row("deepfake check", count, checked), _row("VideoExampleGen", count, made)]
    table = Table(
        "A large manifest",
        "CSV, stratified splits, once, on one core. None of its videos exists, so that what is left is the cost of "
        "the rows. Memory is what the process takes beyond its libraries.",
        ("step", "rows", "CPU s", "wall s", "memory, MB"),
        rows,
    )
    return Results([table])


def _row(step: str, count: int, cost: Cost) -> tuple[str, ...]:
    return step, f"{count:,}", f"{cost.cpu_s:.1f}", f"{cost.wall_s:.1f}", f"{cost.grown_bytes / 1e6:.0f}"
