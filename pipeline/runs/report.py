"""`deepfake report`: writes the report of a run, or a comparison of two, from the stores of local runs."""

import dataclasses
import os
from typing import TYPE_CHECKING

from components.auditor.names import AUDITS_FILE
from components.errors import UserError
from components.output_files import require_writable
from components.report_gen.inputs import ReportSettings, SourceArtifacts
from components.report_gen.rendering import make_report
from components.served_model.description import read_model_description
from components.served_model.version_files import GRAPH
from components.whole_files import write_whole
from pipeline.runs.folders import find_run_folder, holds_run, report_path, run_folders, store_path
from pipeline.runs.locking.run_lock import held
from pipeline.runs.pushed_models import find_pushes
from pipeline.runs.store import NodeExecution, connect, iter_executions, pipeline_name
from pipeline.runs.trainings import newest_training, require_training

if TYPE_CHECKING:
    # What reads and renders the artifacts is imported late, with TensorFlow, once the run is found.
    from components.report_gen.content import Content

_NODE = "ReportGen"
_COMMAND = "deepfake report"


@dataclasses.dataclass(frozen=True)
class FoundRun:
    """A local run.

    Attributes:
        folder: folder of the run.
        sources: the artifacts that its report is made from.
        settings: settings of its report.
    """

    folder: str
    sources: SourceArtifacts
    settings: ReportSettings


def report_run(named: str | None, runs_dir: str) -> str:
    """Writes the report of a run, by default of the newest training, and returns its path.

    Args:
        named: the run's name or folder, or a pushed version folder.
        runs_dir: the folder of all runs.

    Raises:
        UserError: if there is no such run, it is a scoring run, it never reached its report, or another command is at
            work in its folder.
    """
    found = find_run(named or _newest(runs_dir), runs_dir)
    path = report_path(found.folder)
    require_writable("report", path)
    with held(found.folder, _COMMAND):
        try:
            write_whole(path, make_report(found.sources, found.settings).encode())
        except FileNotFoundError as error:
            raise _gone(found, error) from error
    return path


def compare_runs(first: str, second: str, runs_dir: str) -> str:
    """Writes a page that compares two runs, next to the first one's report, and returns its path.

    Raises:
        UserError: as `report_run`.
    """
    found = [find_run(named, runs_dir) for named in (first, second)]
    from components.report_gen.comparison import render_comparison

    other = os.path.basename(os.path.abspath(second))
    path = os.path.join(os.path.dirname(report_path(found[0].folder)), f"compared-with-{other}.html")
    require_writable("report", path)
    with held(found[0].folder, _COMMAND):
        write_whole(path, render_comparison(*map(gather_run, found)).encode())
    return path


def gather_run(run: FoundRun) -> "Content":
    """Returns the content of the run's report, without the frames of individual videos.

    Raises:
        UserError: if an artifact has been moved or removed.
    """
    from components.report_gen.content import gather

    try:
        return gather(run.sources, dataclasses.replace(run.settings, filmstrips=0, overlays=0))
    except FileNotFoundError as error:
        raise _gone(run, error) from error


def find_run(named: str, runs_dir: str) -> FoundRun:
    """Finds a run by its name or folder, or by the folder of a version that it pushed.

    Raises:
        UserError: as `report_run`.
    """
    if (run_dir := find_run_folder(named, runs_dir)) is not None:
        return _latest(run_dir, None)
    for folder in (named, os.path.join(runs_dir, named)):
        if os.path.isfile(os.path.join(folder, GRAPH)):
            return _latest(_run_of(folder, runs_dir), read_model_description(folder).model_digest)
    raise UserError(f"{named!r} is neither a run nor a pushed model; {_told(runs_dir)}")


def _run_of(model: str, runs_dir: str) -> str:
    """Returns the run whose folder contains the pushed model, or else the one below `runs_dir` that pushed it."""
    beside = os.path.dirname(os.path.dirname(os.path.abspath(model)))
    if holds_run(beside):
        return os.path.relpath(beside)
    for push in find_pushes(run_folders(runs_dir)):
        if push.is_at(model):
            return push.run_dir
    raise UserError(f"{model!r}: no run below {runs_dir} has pushed it; give --runs-dir, or name the run that made it")


def _latest(folder: str, model_digest: str | None) -> FoundRun:
    """Returns the latest report of a run, or the latest one on the model with this digest."""
    store = connect(store_path(folder))
    name = pipeline_name(store, folder)
    require_training(store, name, folder)
    for execution in iter_executions(store, name, _NODE):
        found = FoundRun(folder, _sources(folder, execution), _settings(execution))
        if model_digest in (None, _digest(found.sources)):
            return found
    about = " about this model" if model_digest else ""
    raise UserError(f"{folder}: the run never came to a report{about}; type deepfake run with its config once more")


def _sources(folder: str, execution: NodeExecution) -> SourceArtifacts:
    pushed = next(artifact for artifact in execution.inputs if artifact.key == "pushed_model")
    uris = {artifact.key: artifact.uri for artifact in execution.inputs}
    if os.path.isfile(os.path.join(folder, AUDITS_FILE)):
        uris["later_audits"] = folder
    return SourceArtifacts.from_artifacts(uris, pushed.properties.get("pushed_destination"))


def _settings(execution: NodeExecution) -> ReportSettings:
    names = [field.name for field in dataclasses.fields(ReportSettings)]
    return ReportSettings(**{name: execution.parameters[name] for name in names})


def _digest(sources: SourceArtifacts) -> str | None:
    try:
        return read_model_description(sources.model).model_digest
    except FileNotFoundError:
        return None


def _newest(runs_dir: str) -> str:
    run_dir = newest_training(runs_dir)
    if run_dir is None:
        raise UserError(f"{runs_dir}: no training run is there; {_told(runs_dir)}")
    return run_dir


def _told(runs_dir: str) -> str:
    names = [os.path.basename(run) for run in run_folders(runs_dir)]
    there = f"there are {', '.join(names)}" if names else "there are none; type deepfake run --config demo"
    return f"of runs in {runs_dir} {there}"


def _gone(found: FoundRun, error: FileNotFoundError) -> UserError:
    return UserError(
        f"{found.folder}: an artifact is not where the run left it ({error.filename} is not there); type the command "
        "in the folder where the run was started, or run it once more"
    )
