"""Estimates time, memory and disk of an extraction from a few videos, within ten seconds."""

import contextlib
import json
import os
import signal
import statistics
import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.features import REAL
from components.frame_feature_gen.cost import Estimate, WorkerCost, example_bytes, seconds_a_video
from components.isolated_process import isolated_command
from pipeline.config.training import TrainingConfig

LIMIT_S: Final = 10.0
_VIDEOS: Final = 5
# Of which the sizes are looked at.
_SIZED: Final = 200
# What else a local run holds in memory: TFX and Beam.
_RUN_BYTES: Final = 500 << 20


def estimate_extraction(
    uris: Sequence[str],
    config: TrainingConfig,
    data_root: str,
    *,
    train: Mapping[str, int],
    tested: int,
    limit_s: float = LIMIT_S,
) -> Estimate:
    """Measures a few videos and estimates the extraction of all.

    Args:
        uris: of the usable videos, relative to the data root.
        config: of the run.
        data_root: folder or bucket of the videos.
        train: how many videos of each label the train split has, of which augmentation may make more.
        tested: how many videos the test split has, which are not transformed.
        limit_s: after so many seconds, what was measured until then has to do.
    """
    lines = _measure(_request(_chosen(uris, data_root), config, data_root), limit_s)
    decoded = [line for line in lines if "decode_s" in line]
    encoded = next((line for line in lines if "encode_s" in line), None)
    decode_s = statistics.fmean(line["decode_s"] for line in decoded) if decoded else None
    given = sum(train.values())
    videos = len(uris) - given + int(config.augment.examples(real=train[REAL], fake=given - train[REAL]))
    costs: tuple[WorkerCost, ...] = ()
    if decode_s is not None and encoded:
        each = max(line["decoder_bytes"] for line in decoded) + encoded["clip_bytes"]
        costs = tuple(
            WorkerCost(
                workers,
                videos * seconds_a_video(decode_s, encoded["encode_s"], workers, cores()),
                _RUN_BYTES + encoded["encoder_bytes"] + workers * each,
            )
            for workers in sorted({1, config.extraction.workers or cores()})
        )
    stored = (2 if config.feature_cache_dir else 1) * videos + (videos - tested)
    encode_s = encoded["encode_s"] if encoded else None
    return Estimate(videos, len(decoded), decode_s, encode_s, costs, stored * example_bytes(config.features_a_video))


def cores() -> int:
    """Returns the number of cores that a run takes as its number of workers."""
    return os.cpu_count() or 1


def _chosen(uris: Sequence[str], data_root: str) -> list[str]:
    """Returns a few videos whose sizes are those of all, the middle one first."""
    some = [uris[index * len(uris) // _SIZED] for index in range(_SIZED)] if len(uris) > _SIZED else list(uris)

    def size(uri: str) -> int:
        # In a bucket, or gone: then any will do.
        with contextlib.suppress(OSError):
            return os.path.getsize(os.path.join(data_root, uri))
        return 0

    by_size = sorted(some, key=size)
    places = [int((2 * index + 1) * len(by_size) / (2 * _VIDEOS)) for index in (2, 1, 3, 0, 4)]
    return list(dict.fromkeys(by_size[place] for place in places))


def _request(uris: Sequence[str], config: TrainingConfig, data_root: str) -> str:
    extraction = config.extraction
    settings = {
        "data_root": data_root if "://" in data_root else os.path.abspath(data_root),
        "encoder_path": "",
        "cache_dir": "",
        "sampling": extraction.sampling,
        "frames": extraction.frames,
        "frame_size": config.encoder.frame_size,
        "crop": extraction.crop,
        "hdr": extraction.hdr,
        "min_frames": extraction.min_frames,
        "timeout_s": extraction.timeout_s,
        "memory_bytes": extraction.memory_mb << 20,
        **extraction.face_detection,
    }
    encoder = {"architecture": config.encoder.architecture, "precision": config.encoder.precision}
    return json.dumps({"uris": list(uris), "settings": settings, **encoder})


def _measure(request: str, limit_s: float) -> list[dict[str, Any]]:
    """Returns what the process measured before it ended, or was ended."""
    process = subprocess.Popen(
        isolated_command("pipeline.extraction.estimate.measure", request),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # With its decoder, so that both are ended.
        start_new_session=True,
    )

    def end() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit_s, end)
    timer.start()
    assert process.stdout is not None, "it is a pipe"
    try:
        with process.stdout as lines:
            # The last one may be cut.
            return [json.loads(line) for line in lines if line.startswith(b"{") and line.endswith(b"}\n")]
    finally:
        timer.cancel()
        end()
        process.wait()
