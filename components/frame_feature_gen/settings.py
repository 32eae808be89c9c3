"""What determines the frame features of a video."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from components.frame_feature_gen.cached_features import CachedFeatures
from components.served_model.description import Description
from components.served_model.encoder import read_description
from components.source_digest import source_digest
from components.video_decoding.alteration import distorting
from components.video_decoding.alteration.alteration import UNDISTORTED, Alteration, Distortion
from components.video_decoding.clip import Clip, Part, only_clip
from components.video_decoding.colors import Hdr
from components.video_decoding.crop import Crop
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.faces.clip_face import MARGIN
from components.video_decoding.faces.detectors import DETECTORS, FaceDetection
from components.video_decoding.faces.model_file import open_face_detection
from components.video_decoding.faces.track_choice import TrackChoice
from components.video_decoding.frame_choice import FrameChoice
from components.video_decoding.pixel_version import pixel_version
from components.video_decoding.sampling import Sampling
from components.video_decoding.windows import WHOLE, Windowing


@dataclasses.dataclass(frozen=True)
class ExtractionSettings:
    """What determines a video's frame features besides the video itself, and the limits of decoding.

    Attributes:
        data_root: folder or bucket that the videos' uris are relative to.
        encoder_path: the frame encoder's SavedModel.
        sampling: which frames are taken.
        frames: how many are taken, T, or all of a video that has fewer.
        frame_size: height and width in pixels of what the encoder takes, S.
        cache_dir: folder or bucket of the feature cache; empty for none.
        min_frames: the fewest intact frames that a damaged or incomplete video must have.
        timeout_s: time limit for decoding one window of a video, in seconds.
        memory_bytes: memory limit for decoding one video.
        crop: what the frames are cropped to.
        hdr: how high dynamic range is handled.
        face_detector: what finds the faces if `crop` is `face`; a key of `DETECTORS`.
        face_model: uri of the detector's model file; empty if it needs none.
        face_model_digest: sha256 that the file must have; empty for any.
        distortion: what every video is put through first, unless it is altered otherwise.
        windowing: how a video is cut into windows.
        tracks: which faces of a window become clips; None for one clip of its largest face, or of the centre square.
    """

    data_root: str
    encoder_path: str
    sampling: Sampling
    frames: int
    frame_size: int
    cache_dir: str
    min_frames: int
    timeout_s: float
    memory_bytes: int
    crop: Crop = "center_square"
    hdr: Hdr = "as_sdr"
    face_detector: str = ""
    face_model: str = ""
    face_model_digest: str = ""
    distortion: Distortion = UNDISTORTED
    windowing: Windowing = WHOLE
    tracks: TrackChoice | None = None

    def face_detection(self) -> FaceDetection | None:
        """Returns how faces are found, or None if the crop does not need them.

        Raises:
            UserError: see `open_face_detection`.
        """
        if self.crop != "face":
            return None
        return open_face_detection(self.face_detector, self.face_model, self.face_model_digest)

    def decode(self, decoder: IsolatedDecoder, path: str, windowing: Windowing = WHOLE, *, face: int = 0) -> Clip:
        """Decodes one clip of a local file; see `decode_windows`.

        Args:
            decoder: opened with the same face detection.
            path: of the file.
            windowing: of which one window follows.
            face: the number of the face, from 1 on; 0 for the largest, or the centre square.
        """
        *_, window, video = dataclasses.replace(self, windowing=windowing).decode_windows(decoder, path)
        return only_clip(window, video, face=face)

    def decode_windows(
        self, decoder: IsolatedDecoder, path: str, alteration: Alteration | None = None
    ) -> Iterator[Part]:
        """Decodes a local file with these settings; `decoder` must have been opened with the same face detection.

        Raises:
            VideoError: see `IsolatedDecoder`.
        """
        return decoder.decode_windows(
            path,
            FrameChoice(self.sampling, self.frames, self.windowing),
            size=self.frame_size,
            hdr=self.hdr,
            tracks=self.tracks,
            alteration=alteration or self._distorted(),
        )

    def _distorted(self) -> Alteration | None:
        return None if self.distortion == UNDISTORTED else Alteration(distortion=self.distortion)


def settings_of_training(
    description: Description,
    *,
    data_root: str,
    encoder_path: str,
    cache_dir: str,
    face_model: str,
    timeout_s: float,
    memory_mb: int,
) -> ExtractionSettings:
    """Returns the settings with which the training of the described model extracted its videos, of the main face.

    The other arguments are those of `ExtractionSettings`; `memory_mb` is in mebibytes.
    """
    return ExtractionSettings(
        data_root=data_root,
        encoder_path=encoder_path,
        sampling=description.sampling,
        frames=description.frames,
        frame_size=description.frame_size,
        cache_dir=cache_dir,
        min_frames=description.min_frames,
        timeout_s=timeout_s,
        memory_bytes=memory_mb << 20,
        crop=description.crop,
        hdr=description.hdr,
        face_detector=description.face_detector,
        face_model=face_model,
        face_model_digest=description.face_model_digest,
        windowing=Windowing() if description.windows == "whole" else Windowing(description.windows, description.hop),
        tracks=description.faces.choice if description.faces else None,
    )


def decisive_settings(settings: ExtractionSettings, faces: FaceDetection | None) -> dict[str, Any]:
    """Returns everything that determines a given video's features, as the settings of a `FeatureCache`."""
    decisive: dict[str, Any] = {
        "entry": [field.name for field in dataclasses.fields(CachedFeatures)],
        "pixels": pixel_version(faces),
        "encoder": read_description(settings.encoder_path).fingerprint,
        "sampling": settings.sampling,
        "crop": settings.crop,
        "hdr": settings.hdr,
        "frames": settings.frames,
        "size": settings.frame_size,
    }
    if faces:
        decisive["faces"] = {
            "detector": faces.detector,
            "model": faces.model_digest,
            "long_side": DETECTORS[faces.detector].long_side,
            "looked_at": DETECTORS[faces.detector].frames,
            "margin": MARGIN,
            "tracks": dataclasses.asdict(settings.tracks) if settings.tracks else None,
        }
    if settings.distortion != UNDISTORTED:
        decisive["distortion"] = {**dataclasses.asdict(settings.distortion), "code": source_digest(distorting.__name__)}
    return decisive
