"""TFMA's evaluation and blessing, then the metrics over videos with grouped intervals."""

import dataclasses
import json
import math
import os
from typing import Any

import numpy as np
import tensorflow as tf
from tfx import types
from tfx.components.evaluator import executor as evaluator_executor
from tfx.types import artifact_utils
from tfx.utils import json_utils, path_utils, proto_utils

from components.evaluator.bounds import bounds_from_json
from components.evaluator.eval_config import make_eval_config
from components.evaluator.predictions import Prediction, predict, write_predictions
from components.evaluator.video_metrics import CONFIDENCE, RESAMPLES, estimate, video_metrics
from components.features import FAKE, REAL
from components.trainer.model_description import read_model_description

SPLIT = "test"
METRICS_FILE = "metrics.json"
PREDICTIONS_FILE = "predictions.jsonl"


class Executor(evaluator_executor.Executor):
    """TFX's Evaluator with one artifact more."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Evaluates the candidate on the test split.

        Raises:
            UserError: if the bounds are not of a kind that is known.
        """
        bounds = bounds_from_json(exec_properties["bounds"])
        model = artifact_utils.get_single_instance(input_dict["model"])
        model_path = path_utils.serving_model_path(model.uri)
        threshold = read_model_description(model_path)["threshold"]
        eval_config = make_eval_config(bounds, threshold)
        tfx_properties = {
            "eval_config": proto_utils.proto_to_json(eval_config),
            "example_splits": json_utils.dumps([SPLIT]),
            "custom_eval_shared_model": "components.evaluator.shared_model.load_model",
        }
        super().Do(input_dict, output_dict, tfx_properties)
        split_uris = artifact_utils.get_split_uris(input_dict["examples"], SPLIT)
        predictions = list(predict(model_path, [os.path.join(uri, "*") for uri in split_uris]))

        output = artifact_utils.get_single_instance(output_dict["video_metrics"])
        write_predictions(os.path.join(output.uri, PREDICTIONS_FILE), predictions)
        with tf.io.gfile.GFile(os.path.join(output.uri, METRICS_FILE), "w") as file:
            json.dump(summarize(predictions, threshold), file, indent=2)
        output.set_int_custom_property("records", len(predictions))


def summarize(predictions: list[Prediction], threshold: float) -> dict[str, Any]:
    """Computes all metrics over videos, with their split, counts and intervals; null where undefined."""
    labels = np.asarray([prediction.label == FAKE for prediction in predictions], np.int64)
    probabilities = np.asarray([prediction.probability_fake for prediction in predictions])
    groups = np.asarray([prediction.group_id for prediction in predictions])
    estimates = {
        name: dataclasses.asdict(estimate(metric, labels, probabilities, groups))
        for name, metric in video_metrics(threshold).items()
    }
    return {
        "split": SPLIT,
        "videos": {FAKE: int(labels.sum()), REAL: int((1 - labels).sum())},
        "groups": len(np.unique(groups)),
        "synthetic": any(prediction.synthetic for prediction in predictions),
        "threshold": threshold,
        "interval": f"{CONFIDENCE:.0%} percentile bootstrap over groups, {RESAMPLES} resamples",
        "metrics": {
            name: {key: None if math.isnan(number) else number for key, number in values.items()}
            for name, values in estimates.items()
        },
    }
