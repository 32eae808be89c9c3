"""VideoExampleGen: turns listed videos into examples, split by group."""

import dataclasses

from google.protobuf import struct_pb2
from tfx import types
from tfx.components.example_gen.component import FileBasedExampleGen
from tfx.dsl.components.base import executor_spec
from tfx.proto import example_gen_pb2
from tfx.types import component_spec, standard_artifacts, standard_component_specs

from components import features
from components.artifacts import Splits
from components.dataset.splitting.rules import SplitRules
from components.video_example_gen import driver, executor


class VideoExampleGenSpec(component_spec.ComponentSpec):
    """The parameters of a FileBasedExampleGen, and one more output."""

    PARAMETERS = standard_component_specs.FileBasedExampleGenSpec.PARAMETERS
    INPUTS: dict[str, component_spec.ChannelParameter] = {}
    OUTPUTS = {
        "examples": component_spec.ChannelParameter(type=standard_artifacts.Examples),
        "splits": component_spec.ChannelParameter(type=Splits, optional=True),
    }


class VideoExampleGen(FileBasedExampleGen):
    """Writes `examples`, one video example per listed video, in the splits train, eval and test.

    `splits` says of each which split it is in, and why. Without `rules` there is one example per video file, listed or
    not, in the split `score`, and no `splits`.

    A FileBasedExampleGen, because its driver fingerprints the files on every engine before looking into the cache.
    """

    SPEC_CLASS = VideoExampleGenSpec
    EXECUTOR_SPEC = executor_spec.BeamExecutorSpec(executor.Executor)
    DRIVER_CLASS = driver.Driver

    def __init__(
        self,
        *,
        data_root: str,
        pattern: str,
        fingerprint: str,
        code_version: str,
        rules: SplitRules | None = None,
        pin: str = "",
        pin_digest: str = "",
        manifest: str = "",
    ) -> None:
        """Configures the node.

        Args:
            data_root: folder or bucket that the videos' uris are relative to, with a manifest, a metadata.json or
                subfolders that each have one; without `rules`, any folder of videos.
            pattern: glob of the files that TFX's driver fingerprints: `*`, or `*/*` for subfolders, or the manifest.
            fingerprint: a stricter fingerprint of the same files, if the runner can compute one; may be empty.
            code_version: what the artifact depends on besides the parameters.
            rules: how the videos are split; None for videos to score.
            pin: table with the splits of an earlier run, which are kept; empty for none.
            pin_digest: sha256 of that file.
            manifest: table that lists the videos, relative to `data_root`; empty for metadata.json.
        """
        settings = struct_pb2.Struct()
        settings.update({"fingerprint": fingerprint, "code_version": code_version})
        if rules:
            how = {"by": rules.by, "group_by": rules.group_by, "column": rules.column, "names": dict(rules.names)}
            settings.update({**how, "pin": pin, "pin_digest": pin_digest, "manifest": manifest})
        custom_config = example_gen_pb2.CustomConfig()
        custom_config.custom_config.Pack(settings)
        buckets = dataclasses.asdict(rules.ratios) if rules else {features.SCORED_SPLIT: 1}
        splits = [example_gen_pb2.SplitConfig.Split(name=name, hash_buckets=count) for name, count in buckets.items()]
        # Past FileBasedExampleGen's own constructor, which knows one output only.
        super(FileBasedExampleGen, self).__init__(
            spec=VideoExampleGenSpec(
                input_base=data_root,
                input_config=example_gen_pb2.Input(
                    splits=[example_gen_pb2.Input.Split(name="videos", pattern=pattern)]
                ),
                output_config=example_gen_pb2.Output(
                    split_config=example_gen_pb2.SplitConfig(splits=splits, partition_feature_name=features.GROUP_ID)
                ),
                output_data_format=example_gen_pb2.FORMAT_TF_EXAMPLE,
                output_file_format=example_gen_pb2.FORMAT_TFRECORDS_GZIP,
                custom_config=custom_config,
                examples=types.Channel(type=standard_artifacts.Examples),
                splits=types.Channel(type=Splits) if rules else None,
            )
        )
