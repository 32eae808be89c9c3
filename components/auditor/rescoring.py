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
from components.frame_feature_gen.settings import settings_of_training
from components.metrics.scores import Scores
from components.served_model.description import Description
from components.served_model.encoder import load_encoder
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
    settings = settings_of_training(description, encoder_path=model_path, **files.model_dump())
    # Loaded once for all distortions.
    encode = load_encoder(model_path)
    score = served.signatures["serving_default"]

    def rescore(indices: np.ndarray, distortion: Distortion) -> Scores:
        extractor = FrameExtractor(dataclasses.replace(settings, distortion=distortion), encode=encode)
        scores = Scores(np.full(len(indices), np.nan), np.full(len(indices), np.nan))
        try:
            for place, result in enumerate(extractor.extract(_example(videos, index) for index in indices)):
                if isinstance(result, Extracted):
                    (example,) = result.examples
                    found = scores_of_all(score(examples=tf.constant([example.SerializeToString()])))
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
