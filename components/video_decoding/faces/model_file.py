"""Reads the user's model file, which some detectors need, from a disk or a bucket."""

import hashlib

from components import storage
from components.errors import UserError
from components.video_decoding.faces.detectors import FaceDetection


def open_face_detection(detector: str, model_uri: str, model_digest: str = "") -> FaceDetection:
    """Reads the model file and checks that the detector is available.

    Args:
        detector: a key of `DETECTORS`.
        model_uri: uri of its model file; empty if it needs none.
        model_digest: SHA-256 in hexadecimal that the file must have; empty for any.

    Raises:
        UserError: if the file does not exist or has another digest, or the detector cannot be loaded.
    """
    faces = FaceDetection(detector, _read(model_uri, model_digest) if model_uri else b"")
    faces.check()
    return faces


def _read(uri: str, digest: str) -> bytes:
    try:
        content = storage.read_bytes(uri)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise UserError(f"extraction.face_model: {uri!r} is no file; give the uri of an ONNX file") from error
    found = hashlib.sha256(content).hexdigest()
    if digest not in ("", found):
        raise UserError(
            f"extraction.face_model: {uri!r} has sha256 {found}, not {digest}; correct the file or "
            "extraction.face_model_digest"
        )
    return content
