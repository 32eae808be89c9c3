"""Stops the run before the expensive step on anomalies found by ExampleValidator."""

import dataclasses
import os

from tensorflow_metadata.proto.v0 import anomalies_pb2

from components import features, storage
from components.errors import UserError
from components.file_patterns import matching


@dataclasses.dataclass(frozen=True)
class Anomaly:
    """One anomaly of a split.

    Attributes:
        split: its split.
        feature: its feature; empty if it concerns the whole split.
        description: its description by TFDV.
        ignored: whether it is ignored, being only a data set's own column `meta/*` that is not in the schema.
    """

    split: str
    feature: str
    description: str
    ignored: bool

    @property
    def message(self) -> str:
        """Formats it as one line."""
        about = f", feature {self.feature}" if self.feature else ""
        return f"split {self.split}{about}: {self.description}"


def read_anomalies(uri: str) -> list[Anomaly]:
    """Reads all anomalies of the artifact at `uri`."""
    found = []
    for split_uri in matching(uri, "Split-*"):
        anomalies = anomalies_pb2.Anomalies.FromString(storage.read_bytes(os.path.join(split_uri, "SchemaDiff.pb")))
        split = os.path.basename(split_uri).removeprefix("Split-")
        if anomalies.HasField("dataset_anomaly_info"):
            found.append(Anomaly(split, "", anomalies.dataset_anomaly_info.description, False))
        found += [
            Anomaly(split, name, info.description, _is_extra_column(name, info))
            for name, info in sorted(anomalies.anomaly_info.items())
        ]
    return found


def require_no_anomalies(uri: str) -> None:
    """Raises if any split of the anomalies artifact at `uri` has an anomaly that is not ignored.

    Raises:
        UserError: naming the split, the feature and what is wrong with it.
    """
    found = [anomaly.message for anomaly in read_anomalies(uri) if not anomaly.ignored]
    if found:
        raise UserError(
            f"{len(found)} anomalies in the videos' metadata: {'; '.join(found[:3])}; correct the data, "
            "or schemas/video.pbtxt if it is right"
        )


def _is_extra_column(name: str, info: anomalies_pb2.AnomalyInfo) -> bool:
    new_column = anomalies_pb2.AnomalyInfo.SCHEMA_NEW_COLUMN
    return features.META_PREFIX in name and all(reason.type == new_column for reason in info.reason)
