"""Our feature extraction: the bare loop, and the Beam step as in a run."""

import dataclasses
import functools
import os
import pathlib
from collections.abc import Sequence
from typing import Any

from benchmarks.processes import Job, peak_bytes
from benchmarks.threads import use_one_thread
from components.environment import set_environment


def loop(
    encoder_path: str, sampling: str, cache_dir: str = "", marks: Sequence[int] = (), crop: str = "center_square"
) -> Job:
    """Extracts the features of the paths passed to the job, one after the other, in this process and its decoder.

    The job returns the peak memory of the process, in bytes, after each number of videos in `marks`.
    """
    use_one_thread()
    from components.frame_feature_gen.extraction import Extracted, FrameExtractor

    extractor = FrameExtractor(_settings(encoder_path, sampling, cache_dir, crop))

    def run(paths: Sequence[str]) -> list[int]:
        videos = [_video_example(path, f"{index}") for index, path in enumerate(paths)]
        peaks = []
        for count, result in enumerate(extractor.extract(videos), 1):
            if not isinstance(result, Extracted):
                raise RuntimeError(f"a clip of the benchmark cannot be used: {result}")
            if count in marks:
                peaks.append(peak_bytes())
        return peaks

    return run


def loop_from_loading(encoder_path: str, sampling: str) -> Job:
    """Like `loop`, but, as in `beam_step`, the time includes loading the encoder and excludes importing libraries."""
    use_one_thread()
    import components.frame_feature_gen.extraction  # noqa: F401

    return lambda paths: loop(encoder_path, sampling)(paths)


def windows_of(encoder_path: str, paths: Sequence[str], window_s: float) -> Job:
    """Extracts the windows of videos, of about this length, or the videos as they are if it is 0."""
    use_one_thread()
    from components.frame_feature_gen.extraction import Extracted, FrameExtractor
    from components.video_decoding.windows import Windowing

    settings = dataclasses.replace(_settings(encoder_path, "uniform", ""), windowing=Windowing(window_s))
    extractor = FrameExtractor(settings)

    def run() -> int:
        videos = (_video_example(path, f"{index}") for index, path in enumerate(paths))
        return sum(len(each.examples) for each in extractor.extract(videos) if isinstance(each, Extracted))

    return run


def beam_step(encoder_path: str, sampling: str, paths: Sequence[str], workers: int, folder: str) -> Job:
    """Runs FrameFeatureGen's executor on all `paths`, as under LocalDagRunner, with `workers` workers."""
    set_environment()
    from tfx.components.util import examples_utils
    from tfx.dsl.components.base.base_beam_executor import BaseBeamExecutor
    from tfx.proto import example_gen_pb2
    from tfx.types import standard_artifacts

    from components.artifacts import Quarantine
    from components.frame_feature_gen.executor import Executor
    from pipeline.runners.beam.args import extraction_beam_args

    videos = standard_artifacts.Examples()
    videos.uri, videos.split_names = os.path.join(folder, "videos"), '["train"]'
    examples_utils.set_payload_format(videos, example_gen_pb2.FORMAT_TF_EXAMPLE)
    _write_video_examples(videos.uri, paths)
    encoder = standard_artifacts.Model()
    encoder.uri = str(pathlib.Path(encoder_path).parent)
    examples, quarantine = standard_artifacts.Examples(), Quarantine()
    settings = _settings(encoder_path, sampling, "")
    properties: dict[str, Any] = {
        "data_root": settings.data_root,
        "sampling": sampling,
        "frames": settings.frames,
        "crop": settings.crop,
        "face_detector": settings.face_detector,
        "face_model": settings.face_model,
        "face_model_digest": settings.face_model_digest,
        "self_blended": 0,
        "recompressed": 0,
        "cache_dir": "",
        "min_frames": settings.min_frames,
        "timeout_s": settings.timeout_s,
        "memory_mb": settings.memory_bytes >> 20,
        "max_quarantine_ratio": 0.0,
    }

    def run() -> int:
        examples.uri, quarantine.uri = os.path.join(folder, "examples"), os.path.join(folder, "quarantine")
        context = BaseBeamExecutor.Context(
            beam_pipeline_args=extraction_beam_args(workers, ()), tmp_dir=folder, unique_id=""
        )
        outputs = {"examples": [examples], "quarantine": [quarantine]}
        Executor(context).Do({"videos": [videos], "encoder": [encoder]}, outputs, properties)
        return examples.get_int_custom_property("records_train")

    return run


def _settings(encoder_path: str, sampling: str, cache_dir: str, crop: str = "center_square") -> Any:
    from components.frame_feature_gen.settings import ExtractionSettings

    return ExtractionSettings(
        data_root="/",
        encoder_path=encoder_path,
        sampling=sampling,  # type: ignore[arg-type]
        frames=20,
        frame_size=224,
        cache_dir=cache_dir,
        crop=crop,  # type: ignore[arg-type]
        face_detector="blazeface" if crop == "face" else "",
        min_frames=5,
        timeout_s=120.0,
        memory_bytes=2 << 30,
    )


def _video_example(path: str, name: str) -> Any:
    import tensorflow as tf

    from components import features

    example = tf.train.Example()
    for key, value in (
        (features.VIDEO_ID, name),
        (features.URI, path.removeprefix("/")),
        (features.LABEL, features.REAL),
        (features.CONTENT_DIGEST, _content_digest(path)),
    ):
        example.features.feature[key].bytes_list.value.append(value.encode())
    return example


@functools.cache
def _content_digest(path: str) -> str:
    """Cached, because in a run VideoExampleGen computes it, so it is not a cost of extraction."""
    from components.video_decoding.files import hash_file

    return hash_file(path)[0]


def _write_video_examples(uri: str, paths: Sequence[str]) -> None:
    import tensorflow as tf

    folder = os.path.join(uri, "Split-train")
    os.makedirs(folder, exist_ok=True)
    with tf.io.TFRecordWriter(os.path.join(folder, "data_tfrecord-00000-of-00001.gz"), "GZIP") as writer:
        for index, path in enumerate(paths):
            writer.write(_video_example(path, f"{index}").SerializeToString())
