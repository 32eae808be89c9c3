"""The executor of Evaluator: predictions, TFMA's evaluation, metrics over videos with grouped intervals, blessing."""

import dataclasses
import os
from typing import Any

from tfx import types
from tfx.components.evaluator import constants
from tfx.components.evaluator import executor as evaluator_executor
from tfx.types import artifact_utils
from tfx.utils import json_utils, path_utils, proto_utils

from components import storage
from components.cross_validator.out_of_fold import OutOfFold, read_out_of_fold
from components.errors import UserError
from components.evaluator.bounds import bounds_from_json, slice_bounds_from_json
from components.evaluator.comparable import require_comparable
from components.evaluator.comparison import ScoredModel
from components.evaluator.cross_validated import (
    absolute,
    check_cross_validation,
    relative,
    summarize_cross_validation,
)
from components.evaluator.eval_config import make_eval_config
from components.evaluator.gate import TEST, check_bounds
from components.evaluator.known_videos import judge, mark_known
from components.evaluator.predictions import Prediction, predict, write_predictions
from components.example_counts import recorded_counts, require_counts
from components.features import META_PREFIX
from components.json_files import write_json
from components.metrics.facts import TEXT_COLUMNS
from components.metrics.results import CROSS_VALIDATION_FILE, DECISION_FILE, METRICS_FILE
from components.served_model.description import Description, read_model_description
from components.served_model.folder import saved_model_path
from components.served_model.training_videos import read_training_videos
from components.served_model.version_files import find_listed_damage


class Executor(evaluator_executor.Executor):
    """TFX's executor with an additional artifact and a custom gate."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Evaluates the candidate on the test split and, if it was cross-validated, its training on all videos.

        It is blessed if it meets all bounds.

        Raises:
            UserError: if the bounds are invalid, or meant for a cross-validation that was not made, if the baseline is
                not a model of this pipeline, not whole, or takes other features, or if the test split is empty, has not
                as many examples as were recorded, or holds too few that the candidate was not trained on.
        """
        bounds = bounds_from_json(exec_properties["bounds"])
        slice_bounds = slice_bounds_from_json(exec_properties["slice_bounds"])
        min_slice_videos = exec_properties["min_slice_videos"]
        model = artifact_utils.get_single_instance(input_dict["model"])
        # A resolver that finds none returns an empty list.
        baseline = next(iter(input_dict.get("baseline_model", [])), None)
        examples = artifact_utils.get_single_instance(input_dict["examples"])
        uris = artifact_utils.get_split_uris([examples], TEST)
        files = [os.path.join(uri, "*") for uri in uris]
        description = _describe(model)[1]
        # The candidate's training is of the same run, hence its videos have the same groups.
        group_by = description.group_by
        if baseline:
            require_comparable(description, _describe(baseline)[1], baseline.uri)
        predictions = _predict(model, files)
        require_counts(examples.uri, {TEST: len(predictions)}, recorded_counts(examples))
        candidate = _scored_model(model, predictions, group_by)
        judged, compared, summary = judge(
            candidate,
            _scored_model(baseline, _predict(baseline, files), group_by) if baseline else None,
            split=TEST,
            group_by=group_by,
            min_slice_videos=min_slice_videos,
        )
        scores = _out_of_fold_scores(input_dict)
        cross_validation = summarize_cross_validation(scores, min_slice_videos, description) if scores else None
        if exec_properties["bounds_on"] == TEST:
            rules = check_bounds(judged, compared, summary, bounds, slice_bounds)
        elif cross_validation:
            rules = check_cross_validation(
                scores,
                cross_validation,
                absolute(bounds),
                {name: absolute(each) for name, each in slice_bounds.items()},
            )
            # A baseline was not trained fold by fold.
            slices = {name: relative(each) for name, each in slice_bounds.items()}
            rules += check_bounds(judged, compared, summary, relative(bounds), slices)
        else:
            raise UserError("evaluator.bounds_on: there is no cross-validation; set evaluator.cross_validation")

        columns = sorted({part["column"] for part in summary["slices"]})
        text_columns = [name for name in columns if name in TEXT_COLUMNS or name.startswith(META_PREFIX)]
        eval_config = make_eval_config(description.decision_rule.threshold, text_columns)
        tfx_properties = {
            "eval_config": proto_utils.proto_to_json(eval_config),
            "example_splits": json_utils.dumps([TEST]),
            "custom_eval_shared_model": "components.evaluator.shared_model.load_model",
        }
        super().Do(input_dict, output_dict, tfx_properties)

        output = artifact_utils.get_single_instance(output_dict["video_metrics"])
        write_predictions(output.uri, mark_known(predictions, candidate.known))
        blessed = all(rule.passed for rule in rules)
        decision = {
            "blessed": blessed,
            "baseline": baseline.uri if baseline else None,
            "rules": [dataclasses.asdict(rule) for rule in rules],
        }
        write_json(os.path.join(output.uri, METRICS_FILE), summary)
        write_json(os.path.join(output.uri, DECISION_FILE), decision)
        if cross_validation:
            write_json(os.path.join(output.uri, CROSS_VALIDATION_FILE), cross_validation)
        output.set_int_custom_property("records", len(predictions))
        _bless(artifact_utils.get_single_instance(output_dict["blessing"]), model, baseline, blessed=blessed)


def _out_of_fold_scores(input_dict: dict[str, list[types.Artifact]]) -> list[OutOfFold]:
    return [score for artifact in input_dict.get("out_of_fold", []) for score in read_out_of_fold(artifact.uri)]


def _predict(model: types.Artifact, files: list[str]) -> list[Prediction]:
    path, _ = _describe(model)
    if damage := find_listed_damage(path, content=None):
        raise UserError(f"{path}: {damage}; copy the whole folder anew, or name another baseline")
    # Extraction writes them in a different order each time, and the last digit of a sum depends on the order.
    return sorted(predict(path, files), key=lambda prediction: prediction.video_id)


def _scored_model(model: types.Artifact, predictions: list[Prediction], group_by: str) -> ScoredModel:
    path, description = _describe(model)
    training = read_training_videos(path, description)
    known = training.find(
        [prediction.content_digest for prediction in predictions],
        [prediction.group_id for prediction in predictions],
        group_by,
    )
    return ScoredModel(predictions, description.decision_rule, known, training.complete, training.groupings)


def _describe(model: types.Artifact) -> tuple[str, Description]:
    path = saved_model_path(path_utils.serving_model_path(model.uri))
    try:
        return path, read_model_description(path)
    except FileNotFoundError as error:
        raise UserError(
            f"evaluator.baseline={model.uri!r}: no assets.extra/model.json there; give the version folder of a pushed "
            "model"
        ) from error


def _bless(blessing: types.Artifact, model: types.Artifact, baseline: types.Artifact | None, *, blessed: bool) -> None:
    """Marks the artifact as TFX's Evaluator does, for Pusher, BulkInferrer and the resolvers."""
    blessing.set_string_custom_property(constants.ARTIFACT_PROPERTY_CURRENT_MODEL_URI_KEY, model.uri)
    blessing.set_int_custom_property(constants.ARTIFACT_PROPERTY_CURRENT_MODEL_ID_KEY, model.id)
    if baseline:
        blessing.set_string_custom_property(constants.ARTIFACT_PROPERTY_BASELINE_MODEL_URI_KEY, baseline.uri)
        blessing.set_int_custom_property(constants.ARTIFACT_PROPERTY_BASELINE_MODEL_ID_KEY, baseline.id)
    value = constants.BLESSED_VALUE if blessed else constants.NOT_BLESSED_VALUE
    blessing.set_int_custom_property(constants.ARTIFACT_PROPERTY_BLESSED_KEY, value)
    name = constants.BLESSED_FILE_NAME if blessed else constants.NOT_BLESSED_FILE_NAME
    storage.write_bytes(os.path.join(blessing.uri, name), b"")
