"""The executor of CrossValidator."""

import os
from typing import Any

from tfx import types
from tfx.dsl.components.base import base_executor
from tfx.types import artifact_utils
from tfx.utils import path_utils

from components import features
from components.auditor.retraining import Retraining, recipe_of
from components.cross_validator.cross_validation import cross_validate
from components.cross_validator.normalization import Normalization
from components.cross_validator.out_of_fold import write_out_of_fold
from components.cross_validator.videos import read_videos
from components.example_counts import recorded_counts
from components.node_progress import report_progress
from components.served_model.decision import DecisionSettings
from components.served_model.description import read_model_description


class Executor(base_executor.BaseExecutor):
    """Reads frame-feature examples of all splits, and writes the out-of-fold score of each video."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Trains and scores fold by fold.

        Raises:
            UserError: if there are too few groups for so many folds, too little memory, or not as many examples as were
                recorded.
        """
        model = artifact_utils.get_single_instance(input_dict["model"])
        holding = {
            split: artifact_utils.get_single_instance(input_dict[features.OUTPUT_OF_SPLIT[split]])
            for split in features.SPLITS
        }
        patterns = {
            split: [os.path.join(artifact_utils.get_split_uri([examples], split), "*")]
            for split, examples in holding.items()
        }
        recorded = {split: count for examples in holding.values() for split, count in recorded_counts(examples).items()}
        report_progress("reading")
        videos = read_videos(patterns, recorded)
        recipe = recipe_of(read_model_description(path_utils.serving_model_path(model.uri)))
        _, frames, feature_size = videos.frame_features.shape
        found = cross_validate(
            videos,
            exec_properties["folds"],
            Retraining(recipe, frames=frames, feature_size=feature_size),
            normalization=Normalization.model_validate_json(exec_properties["normalization"]),
            decision=DecisionSettings.model_validate_json(exec_properties["decision"]),
            report_progress=report_progress,
        )
        output = artifact_utils.get_single_instance(output_dict["out_of_fold"])
        write_out_of_fold(output.uri, found)
        output.set_int_custom_property("records", len(found))
