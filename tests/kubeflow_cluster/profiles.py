"""In what the versions of Kubeflow Pipelines differ, as far as a task can tell."""

import dataclasses
from typing import Literal


@dataclasses.dataclass(frozen=True)
class Profile:
    """One version.

    Attributes:
        version: its tag or branch.
        has_task_folder: whether the output file is beside the outputs instead of in /tmp, outputs are named by their
            keys, and each attempt has its own log (driver/driver.go, `provisionOutputs`; component/launcher_v2.go,
            `qualifyExecutorLogsForRetry`).
        has_mlmd: whether artifacts are kept in ML Metadata, which loses their types and changes their metadata, and
            an output that was not written passes (metadata/client.go, metadata/converter.go;
            component/launcher_v2.go, `uploadOutputArtifacts`).
        downloads: which keys belong to an artifact (objectstore/object_store.go, `DownloadBlob`): all that begin like
            its own; only those in its folder; or only those in its folder, except for the folder's own marker.
    """

    version: str
    has_task_folder: bool
    has_mlmd: bool
    downloads: Literal["prefix", "folder", "folder without its marker"]


PROFILES = {
    "2.5": Profile("2.5.0", has_task_folder=False, has_mlmd=True, downloads="prefix"),
    "2.17": Profile("2.17.0", has_task_folder=True, has_mlmd=True, downloads="folder"),
    "next": Profile("mlmd-removal", has_task_folder=True, has_mlmd=False, downloads="folder without its marker"),
}
