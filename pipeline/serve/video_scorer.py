"""One model, and so many videos at a time."""

import concurrent.futures
import dataclasses
import threading
from typing import BinaryIO

import numpy as np

from components import features
from components.frame_feature_gen.extraction import Extracted, ExtractionSettings, FrameExtractor
from components.served_model.folder import ModelFolder
from components.served_model.loaded_model import ServedModel
from components.submission_gen.rows import Row, Scorer
from components.video_example_gen.examples import unlabelled_example
from pipeline.serve.jobs import Job
from pipeline.serve.requests.upload_folder import UploadFolder
from pipeline.serve.requests.uploads import UploadError


class VideoScorer:
    """The model, loaded once, and a decoding process for each video that is at work."""

    def __init__(self, model: ModelFolder, settings: ExtractionSettings, at_work: int) -> None:
        """Loads the model.

        Args:
            model: its folder.
            settings: as `extraction_settings` gives them.
            at_work: videos that are scored at the same time.

        Raises:
            UserError: if the model is damaged.
        """
        self._served = ServedModel(model.path)
        self._settings = settings
        self._scorer = Scorer.of(model)
        self._of_thread = threading.local()
        self._extractors: list[FrameExtractor] = []
        self._folder = UploadFolder()
        self.pool = concurrent.futures.ThreadPoolExecutor(at_work, thread_name_prefix="scorer")

    def score_video(self, file: BinaryIO, name: str, job: Job) -> Row:
        """Scores an uploaded video; called in a thread of the pool.

        Args:
            file: what was uploaded; it is closed.
            name: what its caller calls it, for the row alone.
            job: by which it may be given up, whereupon the row means nothing.
        """
        with self._folder.named_copy(file) as path:
            extractor = self._extractor()
            with job.stopped_by(extractor.interrupt):
                (result,) = extractor.extract([unlabelled_example(path, extractor.decoder)])
            if isinstance(result, Extracted):
                record = result.example.SerializeToString()
                (probability,), (frame_scores,) = self._served.score([record])
                return dataclasses.replace(self._scorer.scored(record, probability, frame_scores), uri=name)
            row = self._scorer.unscored(result)
            return dataclasses.replace(row, uri=name, detail=row.detail.replace(path, name))

    def score_features(self, frame_features: np.ndarray) -> Row:
        """Scores the features float32 [N, D] of N frames, at most `FRAMES`; called in a thread of the pool.

        Raises:
            UploadError: 400, if they are so far from any video's that the model computes no number.
        """
        count = len(frame_features)
        padded = np.zeros((1, features.FRAMES, features.FEATURE_SIZE), np.float32)
        padded[0, :count] = frame_features
        mask = (np.arange(features.FRAMES) < count).astype(np.int64)[None]
        (probability,), (frame_scores,) = self._served.score_features(padded, mask)
        if not np.isfinite([probability, *frame_scores[:count]]).all():
            raise UploadError(400, "frame_features: so large that the model's answer is no number")
        return self._scorer.scored_features(probability, frame_scores[:count])

    def close(self) -> None:
        """Ends the decoding processes; by now nobody waits for what they do."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        for extractor in self._extractors:
            extractor.interrupt()
        self.pool.shutdown()
        self._folder.close()

    def _extractor(self) -> FrameExtractor:
        if not hasattr(self._of_thread, "extractor"):
            self._of_thread.extractor = FrameExtractor(self._settings, encode=self._served.encode)
            self._extractors.append(self._of_thread.extractor)
        return self._of_thread.extractor
