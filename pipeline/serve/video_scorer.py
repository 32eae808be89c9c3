"""Scores videos with one model, several at a time."""

import concurrent.futures
import contextlib
import dataclasses
import threading
from typing import BinaryIO

import numpy as np
import tensorflow as tf

from components import features
from components.examples import number_feature
from components.frame_feature_gen.extraction import Extracted, FrameExtractor
from components.frame_feature_gen.settings import ExtractionSettings
from components.served_model.folder import ModelFolder
from components.served_model.loaded_model import ServedModel
from components.served_model.training_videos import read_training_videos
from components.submission_gen.in_training import mark_rows
from components.submission_gen.rows import Row
from components.submission_gen.scorer import Scorer
from components.video_errors import VideoError
from components.video_example_gen.examples import unlabelled_example
from pipeline.serve.jobs import Progress
from pipeline.serve.requests.upload_folder import UploadFolder
from pipeline.serve.requests.uploads import UploadError
from pipeline.serve.stoppable import Stoppable


class VideoScorer:
    """A model, loaded once, with one decoding process per thread."""

    def __init__(self, model: ModelFolder, settings: ExtractionSettings, at_work: int) -> None:
        """Loads the model.

        Args:
            model: the model's folder.
            settings: as returned by `extraction_settings`.
            at_work: number of videos scored at the same time.

        Raises:
            UserError: if the model is damaged.
        """
        self.shape = (model.description.frames, model.description.encoder.feature_size)
        """Of the features of one video, T and D."""
        self._served = ServedModel(model.path)
        self._settings = settings
        self._scorer = Scorer.of(model)
        self._training = read_training_videos(model.path, model.description)
        self._of_thread = threading.local()
        self._extractors: list[FrameExtractor] = []
        self._folder = UploadFolder()
        self.pool = concurrent.futures.ThreadPoolExecutor(at_work, thread_name_prefix="scorer")
        self.job_pool = concurrent.futures.ThreadPoolExecutor(max(1, at_work // 2), thread_name_prefix="job")
        """For long videos, so that short ones do not wait for them."""

    def copy(self, file: BinaryIO) -> contextlib.AbstractContextManager[str]:
        """Yields the path of a copy of an uploaded video that exists as long as the context; closes the upload."""
        return self._folder.named_copy(file)

    def duration_s(self, path: str, stoppable: Stoppable) -> float:
        """Returns how long a video claims to be, in seconds, and 0 if it does not; called in a thread of the pool."""
        extractor = self._extractor()
        with stoppable.stopped_by(extractor.interrupt):
            try:
                return extractor.decoder.read_header(path).duration_s
            except VideoError:
                return 0.0

    def score_video(self, path: str, name: str, stoppable: Stoppable, progress: Progress) -> Row:
        """Scores a video; called in a thread of the pool.

        Args:
            path: of its copy.
            name: the caller's name for the file, only used in the row.
            stoppable: by which the work may be given up; the row is then meaningless.
            progress: to be told how far it is.
        """
        progress.started = True

        def report(video: tf.train.Example, end_s: float) -> None:
            progress.of_seconds = number_feature(video, features.DURATION_S)
            progress.seconds = end_s

        extractor = self._extractor()
        with stoppable.stopped_by(extractor.interrupt):
            video = unlabelled_example(path, extractor.decoder, second_try_alone=False)
            (result,) = extractor.extract([video], report=report)
        if isinstance(result, Extracted):
            records = [example.SerializeToString() for example in result.examples]
            row = self._scorer.scored(records, self._served.score(records))
            (marked,) = mark_rows([row], self._training, {})
            return dataclasses.replace(marked, uri=name)
        row = self._scorer.unscored(result)
        return dataclasses.replace(row, uri=name, detail=row.detail.replace(path, name))

    def score_features(self, frame_features: np.ndarray) -> Row:
        """Scores the features, float32 [N, D], of N <= T frames; called in a thread of the pool.

        Raises:
            UploadError: 400 if they are so large that the model's output is not finite.
        """
        count = len(frame_features)
        padded = np.zeros((1, *self.shape), np.float32)
        padded[0, :count] = frame_features
        mask = (np.arange(self.shape[0]) < count).astype(np.int64)[None]
        (scored,) = self._served.score_features(padded, mask)
        if not np.isfinite([scored.probability, *scored.frame_scores[:count]]).all():
            raise UploadError(400, "frame_features: so large that the model's answer is no number")
        return self._scorer.scored_features(scored, count)

    def close(self) -> None:
        """Ends the decoding processes, whose results nobody awaits any more."""
        for pool in (self.pool, self.job_pool):
            pool.shutdown(wait=False, cancel_futures=True)
        for extractor in self._extractors:
            extractor.interrupt()
        for pool in (self.pool, self.job_pool):
            pool.shutdown()
        self._folder.close()

    def _extractor(self) -> FrameExtractor:
        if not hasattr(self._of_thread, "extractor"):
            self._of_thread.extractor = FrameExtractor(
                self._settings, encode=self._served.encode, second_try_alone=False
            )
            self._extractors.append(self._of_thread.extractor)
        return self._of_thread.extractor
