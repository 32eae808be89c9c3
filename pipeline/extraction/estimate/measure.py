"""Decodes a few videos and encodes a few clips, in a process of its own that may be ended at any time.

The encoder has random weights: its cost is that of any others. Each measurement is one line of JSON on standard output.
"""

import json
import os
import pathlib
import re
import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from components.frame_feature_gen.settings import ExtractionSettings
from components.served_model.encoder_architecture import RANDOM_PREFIX, EncoderName
from components.served_model.encoder_engine import Precision, PrecisionChoice, processor_has_bfloat16
from components.uris import join_uri
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import local_copy
from components.video_errors import VideoError

_DECODE_S: Final = 2.5
_ENCODE_S: Final = 1.5


def main(request: str) -> None:
    """Measures what `request`, a JSON object with `uris`, `settings`, `architecture` and `precision`, asks for."""
    asked = json.loads(request)
    settings = ExtractionSettings(**asked["settings"])
    # While TensorFlow is imported, which leaves a core to the decoder.
    decoding = threading.Thread(target=_decode, args=(asked["uris"], settings))
    decoding.start()
    _encode(asked["architecture"], asked["precision"], settings, decoding)


def _decode(uris: Sequence[str], settings: ExtractionSettings) -> None:
    decoder = IsolatedDecoder(
        timeout_s=settings.timeout_s, memory_bytes=settings.memory_bytes, faces=settings.face_detection()
    )
    end = time.monotonic() + _DECODE_S
    try:
        for uri in uris:
            if time.monotonic() > end:
                break
            try:
                with local_copy(join_uri(settings.data_root, uri)) as path:
                    # Also starts the process, whose start is not the video's.
                    decoder.read_header(path)
                    start = time.monotonic()
                    settings.decode(decoder, path)
            except VideoError:
                continue
            _tell(decode_s=time.monotonic() - start, decoder_bytes=_peak_of(decoder.pid))
    finally:
        decoder.close()


def _encode(
    architecture: EncoderName, precision: PrecisionChoice, settings: ExtractionSettings, decoding: threading.Thread
) -> None:
    import numpy as np

    half = precision == "bfloat16" or (precision == "auto" and processor_has_bfloat16())
    encode = _encoder(architecture, "bfloat16" if half else "float32")
    shape = (settings.frames, settings.frame_size, settings.frame_size, 3)
    frames = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    # The first call traces.
    encode(frames[:1])
    decoding.join()
    before, start, clips = _peak(), time.monotonic(), 0
    while time.monotonic() < start + _ENCODE_S:
        encode(frames).numpy()
        clips += 1
    _tell(encode_s=(time.monotonic() - start) / clips, encoder_bytes=before, clip_bytes=_peak() - before)


def _encoder(architecture: EncoderName, precision: Precision) -> Callable[[Any], Any]:
    if architecture == "inception_v3":
        # Keras takes longer to build it than all of an estimate may take.
        from pipeline.extraction.estimate.inception_cost import make_encoder

        return make_encoder(half=precision == "bfloat16")
    import tensorflow as tf

    from components.frame_encoder.graph import encode_function
    from components.frame_encoder.network import build_network

    network = build_network(architecture, f"{RANDOM_PREFIX}0")
    frames = tf.TensorSpec([None, network.frame_size, network.frame_size, 3], tf.uint8)
    return tf.function(encode_function(network, precision), input_signature=[frames], autograph=False)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _peak_of(pid: int | None) -> int:
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _tell(**measured: Any) -> None:
    # In one piece, whichever thread it is, and whatever a library prints.
    os.write(1, json.dumps(measured).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
