"""The file formats that are opened as videos, by the names of FFmpeg's demuxers, and what the others are."""

import io
import re
from typing import Final

import av

# Self-contained formats only: none that list other files (hls, dash, concat, sdp, ...), open files next to them (mlv,
# vobsub, image2), read devices, or are text or pictures.
_VIDEO: Final = (
    # Written by phones, cameras, editors, broadcasters and browsers.
    *("mov", "matroska", "avi", "mpegts", "mpeg", "flv", "live_flv", "kux", "asf", "asf_o", "ogg", "mxf", "gxf"),
    *("dv", "rm", "ivr", "nut", "nuv", "nsv", "wtv", "ty", "swf", "pva", "pmp", "lxf", "dhav", "mpjpeg", "cine", "ser"),
    *("yuv4mpegpipe", "gif", "apng", "r3d", "smjpeg", "vivo", "lvf", "mxg", "mtv"),
    # Elementary streams.
    *("h261", "h263", "h264", "hevc", "vvc", "evc", "apv", "mpegvideo", "m4v", "vc1", "vc1test", "dirac", "dnxhd"),
    *("ivf", "obu", "av1", "cavsvideo", "avs2", "avs3", "mjpeg", "mjpeg_2000", "ipu"),
    # Used by games and older programs.
    *("bink", "smk", "flic", "roq", "ea", "4xm", "idcin", "film_cpk", "psxstr", "vividas", "wc3movie", "wsvqa"),
    *("xmv", "yop", "thp", "usm", "mods", "moflex", "bfi", "bethsoftvid", "cdxl", "dxa", "gdv", "hnm", "ipmovie"),
    *("jv", "mm", "mv", "mvi", "paf", "rl2", "rpl", "siff", "smush", "tmv", "vmd"),
)
# Opened only to report that they hold no video.
_AUDIO: Final = (
    *("mp3", "aac", "flac", "wav", "w64", "aiff", "caf", "ac3", "eac3", "amr", "au", "ape", "wv", "tta", "dts"),
    *("truehd", "voc", "xwma", "mpc", "mpc8", "dsf", "oma", "loas"),
)
ALLOWED: Final = ",".join((*_VIDEO, *_AUDIO))
"""FFmpeg's option `format_whitelist`."""

MAY_BE_PICTURES: Final = frozenset({"gif", "apng", "mjpeg", "mpjpeg", "mjpeg_2000"})
"""Formats in which a picture looks like a video of one frame."""

_PICTURE_BRANDS: Final = frozenset(
    (
        *("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "avif", "avis", "avci", "avcs"),
        *("mif1", "mif2", "msf1", "jpeg", "jpgs", "j2ki", "j2is", "crx"),
    )
)
_LISTS: Final = ("hls", "dash", "concat", "concatf", "imf", "sdp", "rtsp", "webm_dash_manifest", "vobsub")
_LIST: Final = re.compile(
    rb"#EXTM3U|ffconcat version|\[playlist\]|\[Reference\]|v=0\s+o=|;FFMETADATA|(rtsp|rtmp|https?|mms|file)://"
    # A cue sheet.
    rb"|((REM|PERFORMER|TITLE)\b[^\n]*\n\s*)*FILE \""
    rb"|<[^\0]*<(MPD|smil|asx|playlist)\b|<(MPD|smil|asx|playlist)\b",
    re.IGNORECASE,
)
_FILE_NAME: Final = re.compile(rb"\.[a-z0-9]{2,5}['\"]?$", re.IGNORECASE)


def has_picture_brand(metadata: dict[str, str]) -> bool:
    """Whether a file of the MP4 family declares itself a picture: HEIC, AVIF, or a camera's raw format."""
    compatible = metadata.get("compatible_brands", "")
    brands = {metadata.get("major_brand", ""), *(compatible[at : at + 4] for at in range(0, len(compatible), 4))}
    return not _PICTURE_BRANDS.isdisjoint(brand.strip() for brand in brands)


def has_movie(file: io.FileIO) -> bool:
    """Whether a file of the MP4 family has tracks, whatever its brand; without them it is a picture."""
    position, end = 0, file.seek(0, io.SEEK_END)
    while position < end:
        file.seek(position)
        box = file.read(16) or b""
        size, kind = int.from_bytes(box[:4], "big"), box[4:8]
        if kind == b"moov":
            return True
        if size == 1:
            size = int.from_bytes(box[8:], "big")
        if size < 8:
            return False
        position += size
    return False


def is_several_pictures(head: bytes) -> bool:
    """Whether a series of JPEGs is declared to be one picture: with a depth map, a gain map, or a second eye."""
    return b"MPF\0" in head


def is_list(head: bytes) -> bool:
    """Whether a file with this beginning refers to other files instead of holding a video, as playlists do."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    lines = [line.strip() for line in text.splitlines()]
    named = [line for line in lines if line and not line.startswith(b"#")]
    only_names = bool(named) and b"\0" not in text and all(_FILE_NAME.search(line) for line in named)
    return only_names or bool(_LIST.match(text))


def kind_of(name: str) -> str:
    """Describes a file that FFmpeg would open as format `name`, for messages."""
    if name in _LISTS:
        return f"a list of other files ({name})"
    if name.endswith("_pipe") or name in ("image2", "ico"):
        return f"a still picture ({name.removesuffix('_pipe')})"
    return f"{av.ContainerFormat(name, 'r').long_name}, which is no format of videos"
