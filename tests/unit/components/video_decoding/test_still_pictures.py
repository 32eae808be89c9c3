"""Still pictures are no videos, however they are wrapped."""

import cv2
import numpy as np
import pytest
from written_containers import CONTAINERS, opened, refused, write

from components.video_errors import Reason


def picture(extension: str) -> bytes:
    pixels = np.zeros((48, 64, 3), np.uint8)
    return cv2.imencode(extension, pixels)[1].tobytes()


@pytest.mark.parametrize("named", ["", "clip.mp4", "frame%03d.jpg"])
@pytest.mark.parametrize("extension", [".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm", ".jp2", ".ras", ".hdr"])
def test_a_still_picture_is_no_video(tmp_path, extension, named):
    path = tmp_path / (named or f"picture{extension}")
    path.write_bytes(picture(extension))
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(path)


@pytest.mark.parametrize("pictures", [2, 3, 5])
def test_several_pictures_in_one_jpeg_are_no_video(tmp_path, pictures):
    content = picture(".jpg")
    parts = b"\xff\xe2" + (20).to_bytes(2, "big") + b"MPF\0" + bytes(14)
    (tmp_path / "portrait.jpg").write_bytes(content[:2] + parts + content[2:] + (pictures - 1) * content)
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(tmp_path / "portrait.jpg")


def test_a_picture_with_a_video_behind_it_is_a_picture(tmp_path):
    clip = write(tmp_path / "a.mp4", ((32, 32), 3, "default", ""), muxer="mp4")
    (tmp_path / "motion.jpg").write_bytes(picture(".jpg") + clip.read_bytes())
    with refused(Reason.NOT_A_VIDEO, "a still picture (jpeg)"):
        opened(tmp_path / "motion.jpg")


@pytest.mark.parametrize("kind", ["gif", "png", "avif"])
def test_an_animation_of_one_frame_is_a_still_picture(tmp_path, kind):
    _, muxer, codec, pixels, size = next(row for row in CONTAINERS if row[0] == kind)
    path = write(tmp_path / "a.mp4", (size, 1, "default", ""), muxer=muxer, codec=codec, pixels=pixels)
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(path)


def brand(content: bytes, name: bytes) -> bytes:
    """Replaces the brand in the first box."""
    size = int.from_bytes(content[:4], "big")
    return content[:8] + name + content[12:16] + name * ((size - 16) // 4) + content[size:]


@pytest.mark.parametrize("name", [b"heic", b"mif1", b"mp42", b"isom", b"qt  "])
def test_a_still_picture_in_boxes_is_none_whatever_brand_it_says(tmp_path, name):
    path = write(tmp_path / "a.avif", ((96, 64), 1, "default", ""), muxer="avif", codec="libsvtav1")
    path.write_bytes(brand(path.read_bytes(), name))
    with refused(Reason.NOT_A_VIDEO, "a still picture"):
        opened(path)


@pytest.mark.parametrize("muxer", ["mp4", "matroska", "avi"])
def test_a_video_of_one_frame_is_a_video(tmp_path, muxer):
    assert opened(write(tmp_path / "a", ((96, 64), 1, "default", ""), muxer=muxer)) == 0
