"""Test calls to a served model, with the expected answers."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import tensorflow as tf

from components import features
from components.served_model.encoder import EncoderDescription
from components.served_model.expected_outputs import CLIPS, VARIANTS, ExpectedOutputs, make_variant, random_clips

BATCHES: Final = (1, 64)
# Graphs are compiled differently, and matrices of other sizes are multiplied in another order.
TOLERANCE: Final = 1e-4
CLIP_TOLERANCES: Final = {"float32": 1e-3, "bfloat16": 2e-2}


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of one signature.

    Attributes:
        signature: its name.
        description: what is special about the inputs.
        inputs: by name, each [B, ...].
        expected: outputs by name; further outputs are ignored.
        tolerance: the largest difference that is allowed.
    """

    signature: str
    description: str
    inputs: Mapping[str, np.ndarray]
    expected: Mapping[str, np.ndarray]
    tolerance: float = TOLERANCE

    @property
    def batch(self) -> int:
        """The number of videos in the call."""
        return len(next(iter(self.inputs.values())))


def make_calls(expected: ExpectedOutputs, examples: Mapping[str, bytes], encoder: EncoderDescription) -> list[Call]:
    """Builds calls of all signatures from real examples and synthetic clips.

    Args:
        expected: written by the Trainer.
        examples: serialized frame-feature examples of its videos, by id.
        encoder: of the model.
    """
    records = [examples[video_id] for video_id in expected.video_ids]
    frame_features, frame_mask = _decoded(records, expected.transformed.shape[1:])
    calls = []
    for variant in VARIANTS:
        varied = make_variant(frame_features, frame_mask, variant)
        rewritten = _rewritten(records, *varied)
        # The unmodified videos are also called one at a time, since a model may have a hard-coded batch size.
        for batch in BATCHES if variant == VARIANTS[0] else BATCHES[-1:]:
            index = np.resize(np.arange(len(records)), batch)
            outputs = {name: values[index] for name, values in expected.variants[variant].items()}
            calls.append(Call("serving_default", variant, {"examples": rewritten[index]}, outputs))
            inputs = {features.FRAME_FEATURES: varied[0][index], features.FRAME_MASK: varied[1][index]}
            calls.append(Call("serve_features", variant, inputs, outputs))
    count = len(expected.transformed)
    first = np.asarray(records[:count], object)
    calls.append(
        Call("transform_features", VARIANTS[0], {"examples": first}, {features.FRAME_FEATURES_XF: expected.transformed})
    )
    return [*calls, *_clip_calls(expected, encoder)]


def _clip_calls(expected: ExpectedOutputs, encoder: EncoderDescription) -> Iterator[Call]:
    frames, mask = random_clips(expected.transformed.shape[1], encoder.frame_size)
    tolerance = CLIP_TOLERANCES[encoder.precision]
    for batch in (1, CLIPS):
        outputs = {name: values[:batch] for name, values in expected.clips.items()}
        inputs = {"frames": frames[:batch], features.FRAME_MASK: mask[:batch]}
        yield Call("serve_frames", "drawn noise", inputs, outputs, tolerance)


def _decoded(records: Sequence[bytes], shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the features [K, T, D] and the mask [K, T] of K examples; `shape` is T and D."""
    specification = {
        features.FRAME_FEATURES: tf.io.FixedLenFeature(shape, tf.float32),
        features.FRAME_MASK: tf.io.FixedLenFeature(shape[:1], tf.int64),
    }
    parsed = tf.io.parse_example(records, specification)
    return parsed[features.FRAME_FEATURES].numpy(), parsed[features.FRAME_MASK].numpy()


def _rewritten(records: Sequence[bytes], frame_features: np.ndarray, frame_mask: np.ndarray) -> np.ndarray:
    examples = [tf.train.Example.FromString(record) for record in records]
    for example, values, mask in zip(examples, frame_features, frame_mask, strict=True):
        example.features.feature[features.FRAME_FEATURES].float_list.value[:] = values.ravel().tolist()
        example.features.feature[features.FRAME_MASK].int64_list.value[:] = mask.tolist()
    return np.asarray([example.SerializeToString() for example in examples], object)
