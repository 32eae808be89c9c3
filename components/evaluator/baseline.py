"""The nodes that select the model that a candidate is compared with."""

import logging

import ml_metadata as mlmd
from tfx import types
from tfx.dsl.components.base import base_node
from tfx.dsl.components.common import importer, resolver
from tfx.dsl.input_resolution.strategies import latest_blessed_model_strategy
from tfx.orchestration.data_types import RuntimeParameter
from tfx.types import standard_artifacts

from components.printable import printable
from components.recorded_files import FILES_PROPERTY, files_from_json, find_damage

BASELINE_NODE = "BaselineModel"


def latest_other_blessed_model(candidate: types.BaseChannel) -> base_node.BaseNode:
    """Returns a node that resolves the latest blessed model in the store other than the candidate, if any."""
    return _resolver(LatestOtherBlessedModel, candidate=candidate)


def latest_blessed_model(candidate: types.BaseChannel) -> base_node.BaseNode:
    """The same, for engines that support only TFX's own strategy: in a rerun it may resolve the candidate itself."""
    del candidate
    return _resolver(latest_blessed_model_strategy.LatestBlessedModelStrategy)


def model_at(uri: str | RuntimeParameter) -> base_node.BaseNode:
    """Returns a node that imports the model at `uri`: a version folder of the Pusher, or a Trainer's artifact."""
    return importer.Importer(source_uri=uri, artifact_type=standard_artifacts.Model, output_key="model").with_id(
        BASELINE_NODE
    )


def _resolver(strategy: type[resolver.ResolverStrategy], **inputs: types.BaseChannel) -> base_node.BaseNode:
    return resolver.Resolver(
        strategy_class=strategy,
        model=types.Channel(type=standard_artifacts.Model),
        model_blessing=types.Channel(type=standard_artifacts.ModelBlessing),
        **inputs,
    ).with_id(BASELINE_NODE)


class LatestOtherBlessedModel(resolver.ResolverStrategy):
    """Resolves the latest blessed model that is not the candidate itself.

    In an unchanged rerun, TFX's LatestBlessedModelStrategy would compare the model with itself: the Evaluator would
    run again and bless again, and the Pusher push again.
    """

    def resolve_artifacts(
        self, store: mlmd.MetadataStore, input_dict: dict[str, list[types.Artifact]]
    ) -> dict[str, list[types.Artifact]]:
        """Returns the latest blessed `model` other than the `candidate` that is whole, with its `model_blessing`."""
        del store
        candidates = {candidate.id for candidate in input_dict["candidate"]}
        blessings = {
            blessing.get_int_custom_property("current_model_id"): blessing
            for blessing in input_dict["model_blessing"]
            if blessing.get_int_custom_property("blessed") == 1
        }
        blessed = [model for model in input_dict["model"] if model.id in blessings and model.id not in candidates]
        latest = next(filter(_is_whole, sorted(blessed, key=lambda model: -model.id)), None)
        return {
            "model": [latest] if latest else [],
            "model_blessing": [blessings[latest.id]] if latest else [],
            "candidate": input_dict["candidate"],
        }


def _is_whole(model: types.Artifact) -> bool:
    files = files_from_json(model.get_string_custom_property(FILES_PROPERTY))
    damage = find_damage(model.uri, files) if files is not None else ""
    if damage:
        logging.warning("No baseline: %s: %s", printable(model.uri), damage)
    return not damage
