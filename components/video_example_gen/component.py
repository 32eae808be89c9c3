"""VideoExampleGen: metadata.json and the videos it lists, as examples split by group."""

from google.protobuf import struct_pb2
from tfx.components.example_gen.component import FileBasedExampleGen
from tfx.dsl.components.base import executor_spec
from tfx.proto import example_gen_pb2

from components import features
from components.video_example_gen import executor
from components.video_example_gen.splits import SplitRatios


class VideoExampleGen(FileBasedExampleGen):
    """Gives `examples`, one video example for each entry of metadata.json, in the splits train, eval and test.

    A FileBasedExampleGen, because its driver looks at the files on every engine before the cache is asked.
    """

    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)

    def __init__(
        self, *, data_root: str, pattern: str, fingerprint: str, ratios: SplitRatios, group_by: str, code_version: str
    ) -> None:
        """Makes the node.

        Args:
            data_root: folder or bucket with metadata.json, or with folders that have one each.
            pattern: of the files that TFX's driver fingerprints: `*`, or `*/*` for folders.
            fingerprint: of the same files, where the runner can make a stricter one; may be empty.
            ratios: the proportions of the splits.
            group_by: what keeps videos together: `original`, `folder` or `meta/<column>`.
            code_version: what the artifact depends on beside the parameters.
        """
        settings = struct_pb2.Struct()
        settings.update({"group_by": group_by, "fingerprint": fingerprint, "code_version": code_version})
        custom_config = example_gen_pb2.CustomConfig()
        custom_config.custom_config.Pack(settings)
        splits = [
            example_gen_pb2.SplitConfig.Split(name=name, hash_buckets=getattr(ratios, name)) for name in features.SPLITS
        ]
        super().__init__(
            input_base=data_root,
            input_config=example_gen_pb2.Input(splits=[example_gen_pb2.Input.Split(name="videos", pattern=pattern)]),
            output_config=example_gen_pb2.Output(
                split_config=example_gen_pb2.SplitConfig(splits=splits, partition_feature_name=features.GROUP_ID)
            ),
            custom_config=custom_config,
        )
