"""What decides the frame features of a video."""

import dataclasses
from typing import Any

from components import features
from components.frame_feature_gen.feature_cache import CachedFeatures
from components.served_model.encoder import read_description
from components.video_decoding.clip import Clip
from components.video_decoding.colors import Hdr
from components.video_decoding.crop import LOOKED_AT, Crop
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.faces.clip_face import MARGIN
from components.video_decoding.faces.detectors import DETECTORS, FaceDetection
from components.video_decoding.faces.model_file import open_face_detection
from components.video_decoding.pixel_version import pixel_version
from components.video_decoding.sampling import Sampling


@dataclasses.dataclass(frozen=True)
class ExtractionSettings:
    """What decides a video's frame features, besides the video, and what it may cost.

    Attributes:
        data_root: folder or bucket that the videos' uris are relative to.
        encoder_path: the frame encoder's SavedModel.
        sampling: which frames are taken.
        cache_dir: folder or bucket of the feature cache; empty for none.
        min_frames: how many whole frames a video must still have of which parts are missing or damaged.
        timeout_s: seconds that decoding one video may take.
        memory_bytes: what decoding may take.
        crop: what the frames are cropped to.
        hdr: what becomes of high dynamic range.
        face_detector: what finds the faces, a key of `DETECTORS`, where `crop` is `face`.
        face_model: uri of the detector's model file, empty where it needs none.
        face_model_digest: sha256 that the file must have; empty for any.
    """

    data_root: str
    encoder_path: str
    sampling: Sampling
    cache_dir: str
    min_frames: int
    timeout_s: float
    memory_bytes: int
    crop: Crop = "center_square"
    hdr: Hdr = "as_sdr"
    face_detector: str = ""
    face_model: str = ""
    face_model_digest: str = ""

    def face_detection(self) -> FaceDetection | None:
        """Gives how faces are found, None where none are wanted.

        Raises:
            UserError: as `open_face_detection`.
        """
        if self.crop != "face":
            return None
        return open_face_detection(self.face_detector, self.face_model, self.face_model_digest)

    def decode(self, decoder: IsolatedDecoder, path: str) -> Clip:
        """Has a local file decoded as these settings say, by a decoder that finds faces as they say.

        Raises:
            VideoError: as the decoder.
        """
        return decoder.decode(
            path, sampling=self.sampling, frames=features.FRAMES, size=features.FRAME_SIZE, hdr=self.hdr
        )


def decisive_settings(settings: ExtractionSettings, faces: FaceDetection | None) -> dict[str, Any]:
    """All that decides the features of a video that is what it is, as a `FeatureCache` is told it."""
    decisive: dict[str, Any] = {
        "entry": [field.name for field in dataclasses.fields(CachedFeatures)],
        "pixels": pixel_version(faces),
        "encoder": read_description(settings.encoder_path).fingerprint,
        "sampling": settings.sampling,
        "crop": settings.crop,
        "hdr": settings.hdr,
        "frames": features.FRAMES,
        "size": features.FRAME_SIZE,
    }
    if faces:
        decisive["faces"] = {
            "detector": faces.detector,
            "model": faces.model_digest,
            "long_side": DETECTORS[faces.detector].long_side,
            "looked_at": LOOKED_AT,
            "margin": MARGIN,
        }
    return decisive
