"""Scores a data set's videos once more with a served model, distorted."""

import dataclasses
from typing import Any

import numpy as np
import pydantic
import tensorflow as tf

from components import features
from components.auditor.robustness import Rescore
from components.auditor.videos import Videos
from components.frame_feature_gen.extraction import Extracted, FrameExtractor
from components.frame_feature_gen.settings import ExtractionSettings
from components.metrics.scores import Scores
from components.served_model.description import Description
from components.served_model.scored import scores_of_all
from components.video_decoding.alteration.alteration import Distortion


class VideoFiles(pydantic.BaseModel):
    """Where the videos of the run are, and how they are read.

    Attributes:
        data_root: folder or bucket.
        cache_dir: folder or bucket of the feature cache; empty for none.
        face_model: uri of the face detector's model file; empty if it needs none.
        timeout_s: time limit for decoding one video, in seconds.
        memory_mb: memory limit for decoding one video, in mebibytes.
    """

    model_config = pydantic.ConfigDict(frozen=True)

    data_root: str
    cache_dir: str
    face_model: str
    timeout_s: float
    memory_mb: int


def rescoring(videos: Videos, files: VideoFiles, model_path: str, served: Any, description: Description) -> Rescore:
    """Returns a function that decodes, distorts, encodes and scores videos as the model was trained to see them.

    Args:
        videos: all of them.
        files: where they are.
        model_path: of the served model.
        served: that model, from `tf.saved_model.load`.
        description: of it.
    """
    settings = ExtractionSettings(
        data_root=files.data_root,
        encoder_path=model_path,
        sampling=description.sampling,
        frames=description.frames,
        frame_size=description.frame_size,
        cache_dir=files.cache_dir,
        min_frames=description.min_frames,
        timeout_s=files.timeout_s,
        memory_bytes=files.memory_mb << 20,
        crop=description.crop,
        hdr=description.hdr,
        face_detector=description.face_detector,
        face_model=files.face_model,
        face_model_digest=description.face_model_digest,
    )
    score = served.signatures["serving_default"]

    def rescore(indices: np.ndarray, distortion: Distortion) -> Scores:
        extractor = FrameExtractor(dataclasses.replace(settings, distortion=distortion))
        scores = Scores(np.full(len(indices), np.nan), np.full(len(indices), np.nan))
        try:
            for place, result in enumerate(extractor.extract(_example(videos, index) for index in indices)):
                if isinstance(result, Extracted):
                    record = tf.constant([result.example.SerializeToString()])
                    found = scores_of_all(score(examples=record))
                    scores.probabilities[place], scores.ranks[place] = found.probabilities[0], found.ranks[0]
        finally:
            extractor.decoder.close()
        return scores

    return rescore


def _example(videos: Videos, index: int) -> tf.train.Example:
    example = tf.train.Example()
    # A video's id is its path below the data root.
    values = {features.VIDEO_ID: videos.ids, features.URI: videos.ids, features.CONTENT_DIGEST: videos.digests}
    for name, column in values.items():
        if column[index]:
            example.features.feature[name].bytes_list.value.append(str(column[index]).encode())
    return example
