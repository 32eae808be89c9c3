"""Anomalies that ExampleValidator found stop the run before the expensive step."""

import os

import tensorflow as tf
from tensorflow_metadata.proto.v0 import anomalies_pb2

from components import features
from components.errors import UserError


def require_no_anomalies(uri: str) -> None:
    """Raises if any split of the anomalies artifact at `uri` has one.

    Columns `meta/*` are the data set's own and need not be in the schema.

    Raises:
        UserError: naming the split, the feature and what is wrong with it.
    """
    found = []
    for split_uri in sorted(tf.io.gfile.glob(os.path.join(uri, "Split-*"))):
        with tf.io.gfile.GFile(os.path.join(split_uri, "SchemaDiff.pb"), "rb") as file:
            anomalies = anomalies_pb2.Anomalies.FromString(file.read())
        split = os.path.basename(split_uri).removeprefix("Split-")
        if anomalies.HasField("dataset_anomaly_info"):
            found.append(f"split {split}: {anomalies.dataset_anomaly_info.description}")
        for name, info in sorted(anomalies.anomaly_info.items()):
            if not _is_extra_column(name, info):
                found.append(f"split {split}, feature {name}: {info.description}")
    if found:
        raise UserError(
            f"{len(found)} anomalies in the videos' metadata: {'; '.join(found[:3])}; correct the data, "
            "or schemas/video.pbtxt if it is right"
        )


def _is_extra_column(name: str, info: anomalies_pb2.AnomalyInfo) -> bool:
    new_column = anomalies_pb2.AnomalyInfo.SCHEMA_NEW_COLUMN
    return features.META_PREFIX in name and all(reason.type == new_column for reason in info.reason)
