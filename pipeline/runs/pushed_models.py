"""Finds the models that runs have pushed."""

import dataclasses
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from components import storage
from components.errors import UserError
from components.notices import notify
from components.pusher.versions import highest_version, numbered_versions
from components.served_model.version_files import GRAPH, find_version_damage
from pipeline.runs.folders import run_folders, store_path

if TYPE_CHECKING:
    from ml_metadata.proto import metadata_store_pb2

_PUSHED = "PushedModel"
_MODELS_FOLDER = "model"


@dataclasses.dataclass(frozen=True)
class Push:
    """A push recorded in a run's store.

    Attributes:
        run_dir: the run's folder.
        artifact: the artifact in the run's store.
        recorded: the version folder, as seen from where the run was started.
        path: the version folder as seen from here, in case the run's folder has been moved.
    """

    run_dir: str
    artifact: "metadata_store_pb2.Artifact"
    recorded: str
    path: str

    @property
    def time_s(self) -> float:
        """Time of the push, in seconds since the epoch."""
        return self.artifact.create_time_since_epoch / 1000

    def is_at(self, model: str) -> bool:
        """Whether `model` is this version folder."""
        return _place(model) in {_place(self.recorded), _place(self.path)}


def choose_model(model: str, runs_dir: str, *, otherwise: str = "--model DIR") -> str:
    """Returns the version folder that is meant by what a user typed.

    Args:
        model: a version folder, or a folder of versions, whose highest whole one is meant; empty for the one that
            `find_model` finds.
        runs_dir: see `find_model`.
        otherwise: see `find_model`.

    Raises:
        UserError: see `find_model`.
    """
    if not model:
        return find_model(runs_dir, otherwise=otherwise)
    highest = _highest_version(model, otherwise)
    if highest is None:
        _refuse_torn([model])
    return highest[1] if highest else model


def find_model(runs_dir: str, *, otherwise: str = "--model DIR") -> str:
    """Returns the version folder pushed last by any run below `runs_dir`.

    In each push destination, `RUN/model` or another one recorded in a run's store, only the highest version counts, as
    it does for model servers. Of several destinations, the one whose highest version was pushed last wins, by the time
    in the store, or the modification time of its graph if no store has that version.

    Args:
        runs_dir: the folder of all runs.
        otherwise: what to type to name a model instead; used in the error.

    Raises:
        UserError: if there is no model, or a destination cannot be reached.
    """
    pushes = find_pushes(run_folders(runs_dir))
    times = {_place(push.path): push.time_s for push in pushes}
    folders = [os.path.join(runs_dir, name, _MODELS_FOLDER) for name in _names(runs_dir)]
    folders += [os.path.dirname(push.path) for push in pushes]
    candidates = []
    for folder in {_place(folder): folder for folder in reversed(folders)}.values():
        if highest := _highest_version(folder, otherwise):
            number, path = highest
            candidates.append((times.get(_place(path)) or _written_s(path), number, path))
    if not candidates:
        _refuse_torn(folders)
        raise UserError(f"{runs_dir}: no run has pushed a model there; type {otherwise}, or make one: deepfake run")
    return max(candidates)[-1]


def find_pushes(run_dirs: Iterable[str], *, repeated: bool = False) -> list[Push]:
    """Returns all pushes recorded in the stores of runs; those that cannot be read are passed over, with a notice."""
    found: list[Push] = []
    for run_dir in run_dirs:
        try:
            found += pushes_of(run_dir, repeated=repeated)
        except UserError as error:
            notify(f"passed over: {error.message}")
    return found


def pushes_of(run_dir: str, *, repeated: bool = False) -> list[Push]:
    """Returns all pushes recorded in the store of one run.

    Args:
        run_dir: folder of the run.
        repeated: instead, what the run would have pushed, had it not been there. If a run is killed between pushing and
            saying so, its rerun is the only one that knows of the version.

    Raises:
        UserError: if the store cannot be read.
    """
    # Imported late: a model named by the user needs no store.
    from pipeline.runs.store import connect, plain_properties

    store = connect(store_path(run_dir))
    types = {known.name for known in store.get_artifact_types()}
    found = []
    for artifact in store.get_artifacts_by_type(_PUSHED) if _PUSHED in types else ():
        told = plain_properties(artifact)
        if told.get("pushed") == int(not repeated) and told.get("pushed_destination"):
            recorded = told["pushed_destination"].rstrip("/")
            found.append(Push(run_dir, artifact, recorded, _from_here(recorded, run_dir)))
    return found


def _highest_version(folder: str, otherwise: str) -> tuple[int, str] | None:
    try:
        return highest_version(folder)
    except OSError as error:
        raise UserError(
            f"{folder}: cannot be reached ({error.strerror}); type {otherwise}, or correct your access"
        ) from error


def _refuse_torn(folders: Iterable[str]) -> None:
    """Raises an error that names the highest version in these folders, none of which is whole, if there is one."""
    for folder in folders:
        for _, path in numbered_versions(folder):
            raise UserError(
                f"{path}: {find_version_damage(path)}, and no other version is whole; type the run's command once more"
            )


def _from_here(recorded: str, run_dir: str) -> str:
    folder, version = os.path.split(recorded)
    own = os.path.join(run_dir, _MODELS_FOLDER, version)
    usual = os.path.join(os.path.basename(os.path.normpath(run_dir)), _MODELS_FOLDER)
    is_own = folder.endswith(usual) or storage.exists(os.path.join(own, GRAPH))
    return own if "://" not in recorded and is_own and _place(own) != _place(recorded) else recorded


def _place(path: str) -> str:
    return path.rstrip("/") if "://" in path else os.path.realpath(path)


def _written_s(path: str) -> float:
    return storage.stat(os.path.join(path, GRAPH)).mtime_nsec / 1e9


def _names(runs_dir: str) -> list[str]:
    return sorted(os.listdir(runs_dir)) if os.path.isdir(runs_dir) else []
