"""Converts a video to a form that a browser plays within a page."""

import base64
import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
from typing import Final

from components.isolated_process import isolated_command
from components.report_gen.explanation import PlayableVideo
from components.video_decoding.decoder import IsolatedDecoder
from components.video_errors import VideoError

_WHOLE_BYTES: Final = 16 << 20
# Formats that all browsers play, by FFmpeg's name of the container.
_TYPES: Final = {"mov,mp4,m4a,3gp,3g2,mj2": "video/mp4", "matroska,webm": "video/webm"}
_CODECS: Final = {"video/mp4": {"h264", "av1", "vp9"}, "video/webm": {"vp8", "vp9", "av1"}}
_PIXELS: Final = {"yuv420p", "yuvj420p"}


def make_playable(path: str, *, start_s: float = 0.0, timeout_s: float) -> PlayableVideo:
    """Returns a small file unchanged if browsers play it, otherwise a preview: smaller, shorter, without sound.

    Args:
        path: path of a local video.
        start_s: where a preview starts.
        timeout_s: seconds that making the preview may take.
    """
    kind = _browser_type(path)
    if kind and os.path.getsize(path) <= _WHOLE_BYTES:
        return PlayableVideo(_data_uri(pathlib.Path(path), kind), "")
    with tempfile.TemporaryDirectory(prefix="deepfake-preview-") as folder:
        preview = pathlib.Path(folder) / "preview.mp4"
        # In a separate process, like all decoding of untrusted videos.
        command = isolated_command("pipeline.score.explain.preview", os.path.abspath(path), str(preview), str(start_s))
        try:
            ended = subprocess.run(command, timeout=timeout_s, capture_output=True, text=True, check=False)
        except subprocess.TimeoutExpired:
            return PlayableVideo("", f"A preview of it took longer than {timeout_s:g} s to make.")
        if ended.returncode or not preview.is_file():
            return PlayableVideo("", "A preview of it cannot be made.")
        made = json.loads(ended.stdout)
        return PlayableVideo(_data_uri(preview, "video/mp4"), **made)


def _browser_type(path: str) -> str:
    """Returns the MIME type of a file that browsers play, otherwise an empty string."""
    try:
        with contextlib.closing(IsolatedDecoder()) as decoder:
            header = decoder.read_header(path)
    except VideoError:
        return ""
    kind = _TYPES.get(header.container, "")
    return kind if header.codec in _CODECS.get(kind, ()) and header.pixel_format in _PIXELS else ""


def _data_uri(path: pathlib.Path, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
