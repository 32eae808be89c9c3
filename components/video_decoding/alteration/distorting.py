"""Distorts the frames of a clip as platforms distort what is uploaded."""

import io
from collections.abc import Iterator, Sequence
from typing import Final

import av
import cv2
import numpy as np

from components.video_decoding.alteration.alteration import Distortion

_FPS: Final = 25
_PIXELS: Final = "yuv420p"


def distort(frames: Sequence[np.ndarray], distortion: Distortion) -> list[np.ndarray]:
    """Returns distorted frames, uint8 [H, W, 3] BGR; `crop` changes their size, and H.264 makes odd sides even.

    H.264 encodes the given frames as a video of their own. Where they are far apart, as sampled frames are, it predicts
    one from the other less than it does in the whole video.

    Args:
        frames: uint8 [H, W, 3] BGR, all of one size.
        distortion: its `frame_rate` has chosen the frames already.
    """
    changed = [_at_reduced_size(frame, distortion) for frame in frames]
    if distortion.jpeg_quality:
        changed = [_through_jpeg(frame, distortion.jpeg_quality) for frame in changed]
    if distortion.crf:
        changed = list(_through_h264(changed, distortion.crf))
    if distortion.scale == 1:
        return changed
    return [
        cv2.resize(frame, _cropped(before, distortion.crop).shape[1::-1], interpolation=cv2.INTER_LINEAR)
        for frame, before in zip(changed, frames, strict=True)
    ]


def _at_reduced_size(frame: np.ndarray, distortion: Distortion) -> np.ndarray:
    pixels = _cropped(frame, distortion.crop)
    if distortion.blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), distortion.blur / 1000 * max(frame.shape))
    if distortion.brightness:
        pixels = cv2.convertScaleAbs(np.clip(pixels + 255 * distortion.brightness, 0, 255))
    if distortion.scale != 1:
        height, width = (max(2, round(side * distortion.scale)) for side in pixels.shape[:2])
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return pixels


def _cropped(frame: np.ndarray, share: float) -> np.ndarray:
    top, left = (int(share * side) for side in frame.shape[:2])
    return frame[top : frame.shape[0] - top, left : frame.shape[1] - left]


def _through_jpeg(frame: np.ndarray, quality: int) -> np.ndarray:
    _, encoded = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)


def _through_h264(frames: Sequence[np.ndarray], crf: int) -> Iterator[np.ndarray]:
    file = io.BytesIO()
    height, width = (max(2, side - side % 2) for side in frames[0].shape[:2])
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=_FPS, options={"crf": str(crf), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, _PIXELS
        # More threads would make the result depend on the machine.
        stream.codec_context.thread_count = 1
        for frame in frames:
            even = cv2.copyMakeBorder(
                frame[:height, :width],
                0,
                max(0, height - frame.shape[0]),
                0,
                max(0, width - frame.shape[1]),
                cv2.BORDER_REPLICATE,
            )
            container.mux(stream.encode(_as_video(even)))
        container.mux(stream.encode())
    file.seek(0)
    with av.open(file, "r", format="mp4") as container:
        container.streams.video[0].codec_context.thread_count = 1
        for decoded in container.decode(video=0):
            yield decoded.to_ndarray(format="bgr24", src_colorspace="ITU601", dst_colorspace="ITU601")


def _as_video(frame: np.ndarray) -> av.VideoFrame:
    pixels = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="bgr24")
    return pixels.reformat(format=_PIXELS, src_colorspace="ITU601", dst_colorspace="ITU601")
