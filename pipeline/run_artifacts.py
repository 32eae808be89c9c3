"""What a finished local run left, found through its store."""

import os

from tfx.utils import path_utils

from components import features
from components.errors import UserError
from pipeline.run_folders import store_path
from pipeline.store import connect, latest_execution


def frame_features_and_model(run_dir: str) -> tuple[dict[str, list[str]], str]:
    """The files of frame-feature examples by split, and the folder of the served model, of the run in `run_dir`.

    Raises:
        UserError: if the run did not get as far as a model.
    """
    store = connect(store_path(run_dir))
    name = os.path.basename(os.path.normpath(run_dir))

    def uri(node: str, key: str) -> str:
        execution = latest_execution(store, name, node)
        outputs = {output.key: output.uri for output in execution.outputs} if execution else {}
        if key not in outputs:
            raise UserError(f"{run_dir}: the run has no {node} that has finished; go on with it: deepfake run")
        return outputs[key]

    examples = uri("FrameFeatureGen", "examples")
    patterns = {split: [os.path.join(examples, f"Split-{split}", "*")] for split in features.SPLITS}
    return patterns, path_utils.serving_model_path(uri("Trainer", "model"))
