"""The frame encoder in OpenVINO's format, which computes the same features."""

import os
import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from components import storage
from components.served_model.encoder_engine import Precision, require_engine

_FOLDER: Final = "assets.extra/openvino"
_MODEL, _WEIGHTS = "encoder.xml", "encoder.bin"
# Half a video: as fast as a whole one, with half the memory for activations.
_BATCH: Final = 10


def write_openvino(saved_model: str, path: str, frame_size: int) -> None:
    """Converts the float32 SavedModel at `saved_model`; writes the result next to the one at `path`, a local folder.

    Args:
        saved_model: path of the encoder.
        path: where to write.
        frame_size: height and width in pixels of the frames that the encoder takes.
    """
    import openvino

    model = openvino.convert_model(saved_model)
    model.reshape([_BATCH, frame_size, frame_size, 3])
    target = os.path.join(path, _FOLDER)
    os.makedirs(target, exist_ok=True)
    openvino.save_model(model, os.path.join(target, _MODEL), compress_to_fp16=False)


def load_openvino(path: str, precision: Precision) -> Callable[[np.ndarray], np.ndarray]:
    """Loads the output of `write_openvino` as a function from uint8 [N, S, S, 3] to float32 [N, D].

    It uses as many threads as TensorFlow is configured to use, and float32 if the processor has no bfloat16.

    Raises:
        UserError: if OpenVINO is not installed.
    """
    require_engine("openvino", "auto")
    import openvino
    import tensorflow as tf

    core = openvino.Core()
    options = {
        "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[precision],
        "INFERENCE_NUM_THREADS": tf.config.threading.get_intra_op_parallelism_threads(),
        "NUM_STREAMS": 1,
    }
    model = core.read_model(_read(path, _MODEL), _read(path, _WEIGHTS))
    compiled = core.compile_model(model, "CPU", options)
    # A compiled model has a single inference request, which holds its inputs and outputs.
    one_at_a_time = threading.Lock()

    def encode_frames(frames: np.ndarray) -> np.ndarray:
        encoded = []
        for start in range(0, len(frames), _BATCH):
            batch = np.zeros((_BATCH, *frames.shape[1:]), np.uint8)
            part = frames[start : start + _BATCH]
            batch[: len(part)] = part
            with one_at_a_time:
                encoded.append(compiled(batch)[0][: len(part)])
        return np.concatenate(encoded)

    return encode_frames


def _read(path: str, name: str) -> bytes:
    return storage.read_bytes(os.path.join(path, _FOLDER, name))
