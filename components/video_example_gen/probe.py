"""What is known of a video before a frame of it is decoded."""

import contextlib
import dataclasses

from components.frame_feature_gen.decoder import IsolatedDecoder
from components.video_files import hash_file, join_uri, local_copy


@dataclasses.dataclass(frozen=True)
class VideoFacts:
    """Facts of one video, named as in the video example; 0 where the container claims nothing believable.

    Attributes:
        content_digest: sha256 of the file in hexadecimal.
        size_bytes: of the file.
        width: pixels as coded, before any rotation.
        height: pixels as coded.
        fps: frames per second, on average.
        frame_count_claimed: a hint only, often wrong.
        duration_s: seconds.
        codec: FFmpeg's name of the format, not of the decoder: `av1`, `h264`.
    """

    content_digest: str
    size_bytes: int
    width: int
    height: int
    fps: float
    frame_count_claimed: int
    duration_s: float
    codec: str


def probe_video(data_root: str, uri: str, decoder: IsolatedDecoder | None = None) -> VideoFacts:
    """Reads a video's header and hashes its bytes.

    Args:
        data_root: folder or bucket that `uri` is relative to.
        uri: of the video.
        decoder: what reads the header; by default a process for this video alone.

    Raises:
        VideoError: if it is missing or cannot be opened, with the reason.
    """
    with contextlib.ExitStack() as stack:
        if decoder is None:
            decoder = stack.enter_context(contextlib.closing(IsolatedDecoder()))
        path = stack.enter_context(local_copy(join_uri(data_root, uri)))
        header = decoder.read_header(path)
        digest, size_bytes = hash_file(path)
        return VideoFacts(
            content_digest=digest,
            size_bytes=size_bytes,
            width=header.width,
            height=header.height,
            fps=header.fps,
            frame_count_claimed=header.frame_count_claimed,
            duration_s=header.duration_s,
            codec=header.codec,
        )
