"""PackagedSchema: a schema shipped with the package, as an artifact."""

import os

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx.dsl.component.experimental.annotations import OutputArtifact, Parameter
from tfx.dsl.component.experimental.decorators import component
from tfx.types import standard_artifacts

from components.whole_files import write_whole

_FILE = "schema.pbtxt"


@component
def PackagedSchema(  # noqa: N802
    text: Parameter[str], code_version: Parameter[str], schema: OutputArtifact[standard_artifacts.Schema]
) -> None:
    """Outputs `schema`, parsed from `text`, a text proto of tensorflow_metadata's Schema.

    TFX's ImportSchemaGen takes a path, which differs between machines and whose content is not in its cache key. The
    text is the same everywhere and part of the cache key, as is `code_version`.
    """
    del code_version
    parsed = text_format.Parse(text, schema_pb2.Schema())
    write_whole(os.path.join(schema.uri, _FILE), text_format.MessageToString(parsed).encode())
