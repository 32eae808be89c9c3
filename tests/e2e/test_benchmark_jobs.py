"""The jobs of `make bench` still run with the code that they measure."""

import os

import pytest

from benchmarks.extraction_jobs import beam_step, loop
from benchmarks.processes import Contender, started
from components.frame_encoder.build import build_encoder
from components.frame_encoder.network import build_network

pytestmark = pytest.mark.e2e


def test_beam_step_and_loop_take_all_videos(write_video, tmp_path):
    encoder = str(tmp_path / "encoder" / "Format-Serving")
    build_encoder(
        build_network("mobilenet_v3_small", "random:0"),
        encoder,
        weights="random:0",
        precision="float32",
        engine="tensorflow",
        sample_frames=lambda: None,
    )
    videos = [write_video("one.mp4"), write_video("two.mp4", seed=1)]
    cores = os.sched_getaffinity(0)
    contenders = {
        "loop": Contender(loop, encoder, "first", "", (1, 2), cores=cores),
        "Beam": Contender(beam_step, encoder, "first", videos, 1, str(tmp_path / "beam"), cores=cores),
    }
    with started(contenders):
        contenders["loop"].begin(videos)
        contenders["Beam"].begin()
        _, peaks = contenders["loop"].finish()
        _, extracted = contenders["Beam"].finish()
    assert len(peaks) == extracted == 2
