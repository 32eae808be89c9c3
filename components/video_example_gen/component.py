"""VideoExampleGen: turns metadata.json and the videos it lists into examples, split by group."""

import dataclasses

from google.protobuf import struct_pb2
from tfx.components.example_gen.component import FileBasedExampleGen
from tfx.dsl.components.base import executor_spec
from tfx.proto import example_gen_pb2

from components import features
from components.dataset.splits import SplitRatios
from components.video_example_gen import executor


class VideoExampleGen(FileBasedExampleGen):
    """Writes `examples`, one video example per entry of metadata.json, in the splits train, eval and test.

    Without `ratios` it writes one per video file, listed or not, in the split `score`.

    A FileBasedExampleGen, because its driver fingerprints the files on every engine before looking into the cache.
    """

    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)

    def __init__(
        self,
        *,
        data_root: str,
        pattern: str,
        fingerprint: str,
        code_version: str,
        ratios: SplitRatios | None = None,
        group_by: str = "original",
    ) -> None:
        """Configures the node.

        Args:
            data_root: folder or bucket with a metadata.json, or with subfolders that each have one; without `ratios`,
                any folder of videos.
            pattern: glob of the files that TFX's driver fingerprints: `*`, or `*/*` for subfolders.
            fingerprint: a stricter fingerprint of the same files, if the runner can compute one; may be empty.
            code_version: what the artifact depends on besides the parameters.
            ratios: the proportions of the splits; None for videos to score.
            group_by: what keeps videos together: `original`, `folder` or `meta/<column>`.
        """
        settings = struct_pb2.Struct()
        settings.update({"group_by": group_by, "fingerprint": fingerprint, "code_version": code_version})
        custom_config = example_gen_pb2.CustomConfig()
        custom_config.custom_config.Pack(settings)
        buckets = dataclasses.asdict(ratios) if ratios else {features.SCORED_SPLIT: 1}
        splits = [example_gen_pb2.SplitConfig.Split(name=name, hash_buckets=count) for name, count in buckets.items()]
        super().__init__(
            input_base=data_root,
            input_config=example_gen_pb2.Input(splits=[example_gen_pb2.Input.Split(name="videos", pattern=pattern)]),
            output_config=example_gen_pb2.Output(
                split_config=example_gen_pb2.SplitConfig(splits=splits, partition_feature_name=features.GROUP_ID)
            ),
            custom_config=custom_config,
        )
