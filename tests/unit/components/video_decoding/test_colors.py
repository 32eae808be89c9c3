"""The colours of a known SDR picture encoded as HDR. FFmpeg takes two seconds to build its lookup table."""

import pathlib
from typing import Any

import av
import numpy as np
import pytest
from drawn_frames import moving_shapes
from hypothesis import given, settings
from hypothesis import strategies as st

from components.video_decoding.clip import Clip
from components.video_decoding.decode import decode_clip
from components.video_decoding.faces.face import Face, FaceSearch
from components.video_decoding.sampling import SAMPLINGS

SIDE = 96
PQ, HLG = 16, 18
BT_2020 = 9
ICTCP = 14
# cd/m2 of reference white, and of HLG's peak (ITU-R BT.2408, BT.2100).
WHITE, BRIGHTEST = 203, 1000
_PRIMARIES = np.asarray([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
_LUMINANCE = np.asarray([0.2627, 0.6780, 0.0593])


def known_picture() -> np.ndarray:
    """Float [SIDE, SIDE, 3] RGB in BT.709, from 0 to 1: smooth gradients, so that chroma subsampling does no harm."""
    down, across = np.meshgrid(np.linspace(0.1, 0.9, SIDE), np.linspace(0.1, 0.9, SIDE), indexing="ij")
    return np.stack([down, across, 1 - (down + across) / 2], axis=-1)


def as_pq(light: np.ndarray) -> np.ndarray:
    """Encodes linear BT.2020 light, 1 for white, by SMPTE ST 2084."""
    power = (light * WHITE / 10000) ** (1305 / 8192)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


def as_hlg(light: np.ndarray) -> np.ndarray:
    """Encodes linear BT.2020 light, 1 for white, by ARIB STD-B67."""
    shown = light * WHITE / BRIGHTEST
    scene = shown * (shown @ _LUMINANCE)[..., None] ** (1 / 1.2 - 1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)


def as_ten_bits(signal: np.ndarray) -> av.VideoFrame:
    luma = signal @ _LUMINANCE
    planes = (luma, (signal[..., 2] - luma) / 1.8814 + 0.5, (signal[..., 0] - luma) / 1.4746 + 0.5)
    frame = av.VideoFrame(SIDE, SIDE, "yuv444p10le")
    for plane, values, scale in zip(frame.planes, planes, (876, 896, 896), strict=True):
        rows = np.zeros((SIDE, plane.line_size // 2), np.uint16)
        rows[:, :SIDE] = (64 + scale * values).round()
        plane.update(rows.tobytes())
    return frame.reformat(format="yuv420p10le")


def write(path: pathlib.Path, images: list[av.VideoFrame], codec: str, pixels: str, **options: str) -> str:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10, options=options)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, pixels
        for image in images:
            container.mux(stream.encode(image))
        container.mux(stream.encode())
    return str(path)


def write_hdr(path: pathlib.Path, transfer: int, matrix: int = BT_2020) -> str:
    light = known_picture() ** 2.4 @ _PRIMARIES.T
    images = [as_ten_bits((as_pq if transfer == PQ else as_hlg)(light)) for _ in range(3)]
    declared = f"colorprim={BT_2020}:transfer={transfer}:colormatrix={matrix}"
    return write(path, images, "libx265", "yuv420p10le", **{"x265-params": f"log-level=none:qp=4:{declared}"})


def decode(path: str, **wanted: Any) -> Clip:
    return decode_clip(path, **{"sampling": "uniform", "frames": 20, "size": 64, **wanted})


@pytest.fixture(scope="module")
def sdr(tmp_path_factory) -> str:
    picture = (known_picture() * 255).round().astype(np.uint8)
    images = [av.VideoFrame.from_ndarray(picture, format="rgb24") for _ in range(3)]
    return write(tmp_path_factory.mktemp("sdr") / "clip.mp4", images, "libx264", "yuv420p", qp="4")


def apart(one: Clip, other: Clip) -> float:
    """Mean absolute difference of the pixel values."""
    return float(np.abs(one.frames.astype(int) - other.frames).mean())


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_hdr_that_is_tone_mapped_looks_like_its_picture_in_sdr(tmp_path, sdr, transfer):
    path = write_hdr(tmp_path / "clip.mp4", transfer)
    plain, mapped = decode(path), decode(path, hdr="tone_map")
    assert (plain.color, mapped.color) == ("hdr_as_sdr", "hdr_tone_mapped")
    assert apart(mapped, decode(sdr)) < 4 < 12 < apart(plain, decode(sdr))


def test_faces_are_sought_and_cut_out_in_the_colours_that_are_seen(tmp_path, sdr):
    seen = []

    def detect(pixels: np.ndarray) -> list[Face]:
        seen.append(pixels)
        return [Face(40, 40, 20, 20, "frontal")]

    mapped = decode(write_hdr(tmp_path / "clip.mp4", PQ), hdr="tone_map", faces=FaceSearch(detect))
    assert (mapped.color, mapped.face_status, mapped.crop_side) == ("hdr_tone_mapped", "frontal", 26)
    mapped_seen = seen.copy()
    assert apart(mapped, decode(sdr, faces=FaceSearch(detect))) < 4
    assert np.abs(mapped_seen[0].astype(int) - seen[-1]).mean() < 4


@pytest.mark.e2e
def test_shared_clips_look_like_their_picture_in_sdr(shared_data):
    folder = shared_data / "real_world_cases"
    picture = decode(str(folder / "nostss_hevc.mp4"), sampling="first", frames=1)
    for name in ("hdr_pq.mp4", "hdr_hlg.mp4"):
        mapped = decode(str(folder / name), sampling="first", frames=1, hdr="tone_map")
        assert apart(mapped, picture) < 5


def test_colours_that_cannot_be_converted_are_read_as_sdr_and_that_is_told(tmp_path):
    path = write_hdr(tmp_path / "clip.mp4", PQ, matrix=ICTCP)
    plain, tried = decode(path), decode(path, hdr="tone_map")
    assert plain.color == tried.color == "hdr_as_sdr"
    np.testing.assert_array_equal(tried.frames, plain.frames)


@settings(max_examples=15, deadline=None)
@given(
    sampling=st.sampled_from(SAMPLINGS),
    transfer=st.sampled_from([1, 2, 4, 5, 6, 7, 8, 11, 13, 14, 15, 17]),
    primaries=st.sampled_from([1, 2, 5, 9]),
    pixels=st.sampled_from(["yuv420p", "yuv422p", "yuv444p", "yuv420p10le"]),
    faces=st.booleans(),
)
def test_sdr_is_left_as_it_is(tmp_path_factory, sampling, transfer, primaries, pixels, faces):
    images = [av.VideoFrame.from_ndarray(image, format="rgb24") for image in moving_shapes(6, SIDE, SIDE)]
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    write(path, images, "libx264", pixels, color_trc=str(transfer), color_primaries=str(primaries))
    search = FaceSearch(lambda frame: [Face(20, 20, 30, 30, "frontal")]) if faces else None
    plain, mapped = (decode(str(path), sampling=sampling, hdr=hdr, faces=search) for hdr in ("as_sdr", "tone_map"))
    assert plain.color == mapped.color == "sdr"
    np.testing.assert_array_equal(mapped.frames, plain.frames)
