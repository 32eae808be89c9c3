"""Probes videos without decoding a frame."""

import contextlib
import dataclasses

from components.uris import join_uri
from components.video_decoding.decoder import IsolatedDecoder
from components.video_decoding.files import hash_file, local_copy
from components.video_decoding.header import VideoClaims
from components.video_decoding.second_try import with_second_try


@dataclasses.dataclass(frozen=True, kw_only=True)
class VideoFacts(VideoClaims):
    """Facts about one video, named as in the video example.

    Attributes:
        content_digest: SHA-256 of the file in hexadecimal.
        size_bytes: size of the file.
    """

    content_digest: str
    size_bytes: int


def probe_video(
    data_root: str, uri: str, decoder: IsolatedDecoder | None = None, *, second_try_alone: bool = True
) -> VideoFacts:
    """Reads a video's header and hashes the file.

    Args:
        data_root: folder or bucket that `uri` is relative to.
        uri: path of the video, relative to `data_root`.
        decoder: reads the header; by default a process started for this video.
        second_try_alone: see `two_tries`.

    Raises:
        VideoError: if it is missing or cannot be opened, with the reason.
    """
    with contextlib.ExitStack() as stack:
        reader = decoder or stack.enter_context(contextlib.closing(IsolatedDecoder()))

        def probe() -> VideoFacts:
            with local_copy(join_uri(data_root, uri)) as path:
                header = reader.read_header(path)
                digest, size_bytes = hash_file(path)
            claims = {field.name: getattr(header, field.name) for field in dataclasses.fields(VideoClaims)}
            return VideoFacts(content_digest=digest, size_bytes=size_bytes, **claims)

        return with_second_try(probe, alone=second_try_alone)
