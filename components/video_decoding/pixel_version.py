"""Identifies what determines a video's pixels besides the settings: the decoding code and its libraries."""

import importlib.metadata
from typing import Any

import av
import cv2

from components.source_digest import source_digest
from components.video_decoding.decode import decode_clip
from components.video_decoding.faces.detectors import DETECTORS, FaceDetection


def pixel_version(faces: FaceDetection | None) -> dict[str, Any]:
    """Returns the digest of the code and the versions of the libraries; the same in both stacks.

    Args:
        faces: how faces are detected; None if clips are not cropped to them.
    """
    modules = [decode_clip.__module__]
    versions = {
        "opencv": cv2.__version__,
        "av": av.__version__,
        **{name: ".".join(map(str, version)) for name, version in av.library_versions.items()},
    }
    if faces:
        modules.append(FaceDetection.__module__)
        versions |= {package: importlib.metadata.version(package) for package in DETECTORS[faces.detector].packages}
    return {"code": source_digest(*modules), "libraries": versions}
