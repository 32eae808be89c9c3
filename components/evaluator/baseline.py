"""Which model a candidate is compared with."""

import ml_metadata as mlmd
from tfx import types
from tfx.dsl.components.common import resolver


class LatestOtherBlessedModel(resolver.ResolverStrategy):
    """Resolves the latest blessed model that is not the candidate itself.

    TFX's LatestBlessedModelStrategy would, in a rerun with nothing changed, compare the model with itself:
    the Evaluator would run again, bless again, and the Pusher push again.
    """

    def resolve_artifacts(
        self, store: mlmd.MetadataStore, input_dict: dict[str, list[types.Artifact]]
    ) -> dict[str, list[types.Artifact]]:
        """Picks from all `model` and `model_blessing` artifacts, given the `candidate`."""
        del store
        candidates = {candidate.id for candidate in input_dict["candidate"]}
        blessings = {
            blessing.get_int_custom_property("current_model_id"): blessing
            for blessing in input_dict["model_blessing"]
            if blessing.get_int_custom_property("blessed") == 1
        }
        blessed = [model for model in input_dict["model"] if model.id in blessings and model.id not in candidates]
        latest = max(blessed, key=lambda model: model.id, default=None)
        return {
            "model": [latest] if latest else [],
            "model_blessing": [blessings[latest.id]] if latest else [],
            "candidate": input_dict["candidate"],
        }
