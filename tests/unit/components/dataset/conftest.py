"""Small data sets on disk, with real encoded videos."""

import functools
import io
import itertools
import json
import pathlib
from collections.abc import Callable, Mapping

import av
import numpy as np
import pytest
from hash_splits import split_by_hash

from components import features
from components.dataset.entries import LABELS
from components.dataset.splitting.rules import SplitRatios

WriteDataset = Callable[..., str]
HealthyMetadata = Callable[..., dict[str, dict[str, str]]]


@functools.cache
def encode_clip(seed: int = 0, *, frames: int = 10, width: int = 64, height: int = 48, container: str = "mp4") -> bytes:
    generator, buffer = np.random.default_rng(seed), io.BytesIO()
    with av.open(buffer, "w", format=container) as output:
        stream = output.add_stream("libx264", rate=25, options={"preset": "ultrafast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for _ in range(frames):
            pixels = generator.integers(0, 255, (height, width, 3), np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        output.mux(stream.encode())
    return buffer.getvalue()


@pytest.fixture(scope="session")
def clip() -> Callable[..., bytes]:
    return encode_clip


@pytest.fixture
def write_dataset(tmp_path: pathlib.Path) -> WriteDataset:
    """Writes metadata.json (an object, or raw text) and files into `data/<folder>`, and returns the data root."""
    root = tmp_path / "data"

    def write(metadata: object = None, files: Mapping[str, bytes] | None = None, folder: str = "") -> str:
        home = root / folder
        home.mkdir(parents=True, exist_ok=True)
        if metadata is not None:
            text = metadata if isinstance(metadata, str) else json.dumps(metadata)
            (home / "metadata.json").write_text(text, encoding="utf-8")
        for name, content in (files or {}).items():
            (home / name).write_bytes(content)
        return str(root)

    return write


@pytest.fixture(scope="session")
def healthy_metadata() -> HealthyMetadata:
    """Returns metadata with the requested number of videos of each class in each split."""

    def metadata(each: int = 1, ratios: SplitRatios | None = None) -> dict[str, dict[str, str]]:
        wanted = [(split, label) for split in features.SPLITS for label in LABELS for _ in range(each)]
        listed: dict[str, dict[str, str]] = {}
        for name in (f"video_{index}.mp4" for index in itertools.count()):
            if not wanted:
                return listed
            split = split_by_hash(name, ratios or SplitRatios())
            label = next((label for other, label in wanted if other == split), None)
            if label is not None:
                wanted.remove((split, label))
                listed[name] = {"label": label}
        return listed

    return metadata
