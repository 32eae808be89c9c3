"""Encodes frames as an H.264 mp4 file."""

import itertools
import pathlib
from collections.abc import Iterable, Mapping

import av
import numpy as np
from numpy.typing import NDArray


def write_clip(
    path: pathlib.Path,
    frames: Iterable[NDArray[np.uint8]],
    *,
    fps: int,
    bit_rate: int,
    options: Mapping[str, str] | None = None,
) -> None:
    """Encodes frames as an H.264 mp4 with an average bit rate, byte-identical for the same arguments.

    Rate control targets an average bit rate rather than constant quality, at which the size of a file depends on how
    much its frames differ, which here would give the label away.

    Args:
      path: the file to write, with any suffix; its folder must exist.
      frames: uint8 RGB [H, W, 3] each, at least one, all of the same size, H and W even.
      fps: frames per second.
      bit_rate: bits per second; also the peak rate and, in bits, the size of the decoder's buffer.
      options: additional options of libx264, such as {"g": "30", "bf": "0"}.

    Raises:
      ValueError: if there are no frames, a side is odd, or a frame differs in size from the first.
    """
    remaining = iter(frames)
    first = next(remaining, None)
    if first is None:
        raise ValueError("a clip needs at least one frame")
    height, width = first.shape[:2]
    if height % 2 or width % 2:
        raise ValueError(f"H.264 needs even sides, not {width}x{height}")

    # One thread, because x264's rate control depends on the number of threads.
    encoder_options = {
        "preset": "superfast",
        "threads": "1",
        "maxrate": str(bit_rate),
        "bufsize": str(bit_rate),
        **(options or {}),
    }
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps, options=encoder_options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = bit_rate
        for image in itertools.chain([first], remaining):
            if image.shape[:2] != (height, width):
                raise ValueError(f"frames of one clip differ in shape: {first.shape} and {image.shape}")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode())
