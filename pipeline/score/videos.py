"""Scores videos, a few in this process and many with Beam, using the extraction of the training."""

import concurrent.futures
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from components import features
from components.clock import as_clock
from components.errors import UserError
from components.frame_feature_gen.settings import ExtractionSettings, settings_of_training
from components.served_model.folder import ModelFolder
from components.served_model.model_windows import tracks_of, windowing_of
from components.served_model.training_videos import read_training_videos
from components.submission_gen.in_training import mark_rows
from components.submission_gen.rows import Row
from components.submission_gen.scorer import Scorer
from components.video_decoding.decoding_limits import MEMORY_MB, TIMEOUT_S
from components.video_decoding.windows import Windowing

if TYPE_CHECKING:
    import tensorflow as tf

FEW: Final = 8
"""So many videos are scored before Beam has started its workers."""


def extraction_settings(
    model: ModelFolder,
    *,
    cache_dir: str,
    face_model: str,
    windowing: Windowing | None = None,
    timeout_s: float = TIMEOUT_S,
    memory_mb: int = MEMORY_MB,
) -> ExtractionSettings:
    """Returns the settings with which the model's training extracted its videos, and limits on decoding.

    Args:
        model: its folder also contains the encoder.
        cache_dir: folder of the feature cache; empty for none.
        face_model: uri of the face detector's model file, if the model needs one.
        windowing: how videos are cut into windows; as the model takes them if None.
        timeout_s: seconds that decoding one window of a video may take.
        memory_mb: memory that decoding one video may take, in MiB.

    Raises:
        UserError: if faces are wanted, and the detector is not available.
    """
    described = model.description
    if described.needs_face_model and not face_model:
        raise UserError(
            f"{model.path}: its faces were found by {described.face_detector}; type --face-model FILE, its ONNX file"
        )
    settings = settings_of_training(
        described,
        data_root="",
        encoder_path=model.path,
        cache_dir=cache_dir,
        face_model=face_model,
        timeout_s=timeout_s,
        memory_mb=memory_mb,
    )
    settings.face_detection()
    windowing = windowing_of(model) if windowing is None else windowing
    return dataclasses.replace(settings, windowing=windowing, tracks=tracks_of(described))


def score_videos(
    videos: Sequence[str],
    model: ModelFolder,
    settings: ExtractionSettings,
    *,
    workers: int,
    beam_args: Sequence[str] = (),
    groups: Mapping[str, str] | None = None,
    report_progress: Callable[[str], None],
) -> list[Row]:
    """Scores videos, and returns one row for each, in the same order.

    Args:
        videos: uris, each once.
        model: the model.
        settings: as returned by `extraction_settings`.
        workers: number of threads, if there are many videos.
        beam_args: further Beam options; if there are any, even a few videos are scored with Beam.
        groups: of videos, by uri, where labels tell them: by these, too, the model may know a video.
        report_progress: called with a line on how many videos are done.

    Raises:
        UserError: if the model is damaged.
    """
    training = read_training_videos(model.path, model.description)
    scorer = Scorer.of(model)
    if len(videos) <= FEW and not beam_args:
        rows = _score_here(videos, model, settings, scorer, report_progress)
        return mark_rows(rows, training, groups or {})
    # Beam takes seconds to import.
    from pipeline.score.beam import score_by_beam

    workers = min(workers, len(videos))
    rows = score_by_beam(
        videos, model, settings, scorer, workers=workers, beam_args=beam_args, report_progress=report_progress
    )
    return mark_rows(rows, training, groups or {})


def _score_here(
    videos: Sequence[str],
    model: ModelFolder,
    settings: ExtractionSettings,
    scorer: Scorer,
    report_progress: Callable[[str], None],
) -> list[Row]:
    # Imported late: a request is checked before TensorFlow is loaded.
    from components.examples import number_feature
    from components.frame_feature_gen.extraction import Extracted, FrameExtractor
    from components.served_model.loaded_model import ServedModel
    from components.video_example_gen.examples import unlabelled_example

    rows: list[Row] = []
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # Decode the first video while the model is being loaded.
        loading = pool.submit(ServedModel, model.path)
        extractor = FrameExtractor(settings, encode=lambda frames: loading.result().encode(frames))
        examples = (unlabelled_example(uri, extractor.decoder) for uri in videos)

        def report(video: "tf.train.Example", end_s: float) -> None:
            lasts = number_feature(video, features.DURATION_S)
            of_all = f" of {as_clock(lasts)}" if lasts else ""
            report_progress(f"{len(rows)} of {len(videos)} videos, of the next {as_clock(end_s)}{of_all}")

        for done, result in enumerate(extractor.extract(examples, report=report), 1):
            if isinstance(result, Extracted):
                records = [example.SerializeToString() for example in result.examples]
                rows.append(scorer.scored(records, loading.result().score(records)))
            else:
                rows.append(scorer.unscored(result))
            report_progress(f"{done} of {len(videos)} videos")
        # Report a damaged model even if no video needed it.
        loading.result()
    return rows
