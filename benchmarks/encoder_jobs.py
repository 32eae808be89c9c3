"""Our frame encoder and its competitors, on batches of 20 frames with one thread."""

from collections.abc import Callable

import numpy as np

from benchmarks.processes import Job
from benchmarks.threads import use_one_thread

BATCH = 20
GEMM_SIZE = 2048
GEMM_FLOP = 2 * GEMM_SIZE**3


def ours(encoder_path: str, batches: int) -> Job:
    """The encoder returned by `load_encoder`, in the engine and precision that it was built for."""
    use_one_thread()
    from components.served_model.encoder import load_encoder

    return _over(batches, load_encoder(encoder_path))


def onnx_runtime(encoder_path: str, batches: int) -> Job:
    """The same SavedModel, converted by tf2onnx and run by ONNX Runtime."""
    import onnxruntime
    import tensorflow as tf
    import tf2onnx

    # Keeps its variables alive.
    loaded = tf.saved_model.load(encoder_path)
    signature = [tf.TensorSpec([BATCH, 224, 224, 3], tf.uint8, name="frames")]
    model, _ = tf2onnx.convert.from_function(tf.function(lambda frames: loaded.encode(frames)), signature, opset=17)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    return _over(batches, lambda frames: session.run(None, {"frames": frames})[0])


def keras_predict(weights: str, batches: int) -> Job:
    """Keras's `predict` on 20 frames at once."""
    from components.frame_encoder.network import build_network

    network = build_network("inception_v3", weights)
    return _over(
        batches, lambda frames: network.model.predict(network.preprocess(frames.astype(np.float32)), verbose=0)
    )


def gemm(dtype: str, times: int) -> Job:
    """Products of square matrices: the processor's peak throughput."""
    use_one_thread()
    import tensorflow as tf

    matrices = tf.cast(tf.random.stateless_uniform((2, GEMM_SIZE, GEMM_SIZE), (0, 0)), dtype)
    product = tf.function(lambda: tf.reduce_sum(tf.cast(tf.matmul(matrices[0], matrices[1])[:1, :1], tf.float32)))
    return lambda: [float(product()) for _ in range(times)]


def _over(batches: int, encode: Callable[[np.ndarray], np.ndarray]) -> Job:
    frames = np.random.default_rng(0).integers(0, 256, (BATCH, 224, 224, 3), np.uint8)

    def run() -> None:
        for _ in range(batches):
            encode(frames)

    return run
