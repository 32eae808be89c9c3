"""The number of videos, rounds and steps to measure."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Workload:
    """Counts; larger ones steady the medians and cost time.

    Attributes:
        rounds: how often each contender is measured in turn.
        gops: GOP lengths, in frames, of the ten-second clips.
        encoder_batches: batches of 20 frames per round of the encoder benchmark.
        memory_videos: numbers of videos after which a worker's peak memory is read.
        beam_videos: videos processed by the Beam step and the bare loop with two workers.
        one_process_videos: the same with one worker.
        cache_videos: videos that are extracted twice, with a cold and with a warm cache.
        long_clip_seconds: length of the long clip.
        training_steps: steps per epoch.
        report_videos: test videos in the report.
        manifest_rows: rows of the large manifest.
    """

    rounds: int
    gops: tuple[int, ...]
    encoder_batches: int
    memory_videos: tuple[int, int]
    beam_videos: int
    one_process_videos: int
    cache_videos: int
    long_clip_seconds: int
    training_steps: int
    report_videos: int
    manifest_rows: int


FULL = Workload(
    rounds=5,
    gops=(250, 30),
    encoder_batches=4,
    memory_videos=(50, 500),
    beam_videos=200,
    one_process_videos=60,
    cache_videos=20,
    long_clip_seconds=300,
    training_steps=200,
    report_videos=10_000,
    manifest_rows=1_000_000,
)
QUICK = Workload(
    rounds=1,
    gops=(250,),
    encoder_batches=1,
    memory_videos=(4, 12),
    beam_videos=16,
    one_process_videos=6,
    cache_videos=3,
    long_clip_seconds=60,
    training_steps=50,
    report_videos=500,
    manifest_rows=20_000,
)
