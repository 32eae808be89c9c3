"""Writes the scores of a run."""

import os
from typing import Any

from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components import features
from components.example_counts import recorded_counts, require_counts
from components.json_files import write_json
from components.quarantine import read_quarantine
from components.served_model.folder import open_model, saved_model_path
from components.served_model.training_videos import read_training_videos
from components.submission_gen.in_training import mark_rows
from components.submission_gen.row_files import write_rows
from components.submission_gen.score_files import OUTCOME_FILE, ROWS_FILE, SUBMISSION_FILE
from components.submission_gen.scorer import Scorer
from components.submission_gen.scores import gather_rows, groups_of, outcome, read_videos, scored_rows
from components.submission_gen.submission import fill, read_sample, relative_name, require_distinct, write_submission
from components.uris import join_uri


class Executor(base_executor.BaseExecutor):
    """Turns predictions and quarantine into one row per video."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Collects the rows and fills in the submission.

        Raises:
            UserError: if the sample is not a sample submission, or has a name that two videos share, or if there are
                not as many videos or predictions as were recorded.
            ValueError: if a video does not have exactly one row.
        """
        data_root, like = exec_properties["data_root"], exec_properties["like"]
        model_uri = artifact_utils.get_single_uri(input_dict["model"])
        model = open_model(saved_model_path(path_utils.serving_model_path(model_uri)))
        scorer = Scorer.of(model)
        split_uri = artifact_utils.get_split_uri(input_dict["videos"], features.SCORED_SPLIT)
        videos = read_videos(os.path.join(split_uri, "*"))
        predictions = artifact_utils.get_single_instance(input_dict["inference_result"])
        scored = list(scored_rows(os.path.join(predictions.uri, "*"), scorer))
        clips = sum(count for _, count in scored)
        for artifact, count in ((input_dict["videos"][0], len(videos)), (predictions, clips)):
            require_counts(artifact.uri, {features.SCORED_SPLIT: count}, recorded_counts(artifact))
        rows = gather_rows(
            videos,
            [row for row, _ in scored],
            read_quarantine(artifact_utils.get_single_uri(input_dict["quarantine"])),
            scorer,
            data_root,
        )
        groups = {join_uri(data_root, uri): group for uri, group in groups_of(videos).items()}
        rows = mark_rows(rows, read_training_videos(model.path, model.description), groups)
        names = read_sample(like) if like else [video.uri for video in videos]
        if like:
            require_distinct(names, [row.uri for row in rows])
        name_of = os.path.basename if like else relative_name(data_root)
        filled = fill(names, rows, prior=exec_properties["prior"], clip=exec_properties["clip"], name_of=name_of)
        found = outcome(videos, rows, filled, model.description.decision_rule)

        scores = artifact_utils.get_single_instance(output_dict["scores"])
        write_rows(os.path.join(scores.uri, ROWS_FILE), rows)
        write_submission(os.path.join(scores.uri, SUBMISSION_FILE), filled)
        write_json(os.path.join(scores.uri, OUTCOME_FILE), found)
        scores.set_string_custom_property("model", model.path)
        scores.set_string_custom_property("model_digest", model.description.model_digest)
        scores.set_string_custom_property("data_root", data_root)
        scores.set_string_custom_property("data_fingerprint", exec_properties["data_fingerprint"])
        scores.set_int_custom_property("records", len(rows))
        for verdict, count in found["verdicts"].items():
            scores.set_int_custom_property(verdict.lower(), count)
