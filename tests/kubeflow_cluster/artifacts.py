"""How artifacts are kept between a task and those that take them.

With ML Metadata (2.5.0, 2.17.0): metadata/client.go, `RecordArtifact`, `GetOutputArtifactsByExecutionId` and
`ToRuntimeArtifact`; metadata/converter.go, `toMLMDArtifact`, `StructValueToMLMDValue` and `toRuntimeArtifact`;
component/importer_launcher.go, `ImportSpecToMLMDArtifact`. Without (mlmd-removal): component/launcher_v2.go,
`uploadOutputArtifacts`; component/importer_launcher.go, `ImportSpecToArtifact`, `preserveArtifactSchemaTitle` and
`RuntimeArtifactSchemaTitleAndMetadata`; driver/container.go, `convertArtifactToRuntimeArtifact`.
"""

import dataclasses
import json
import posixpath
from typing import Any

from kubeflow_cluster.errors import LauncherError
from kubeflow_cluster.profiles import Profile

Json = dict[str, Any]
_SESSION = json.dumps({"Provider": "gs", "Params": {"fromEnv": "true"}}, separators=(",", ":"))


@dataclasses.dataclass(frozen=True)
class Artifact:
    """What is kept of an artifact; `identity` is its number in the store, `type_text` is lost by ML Metadata."""

    identity: str
    name: str
    uri: str
    type_text: str
    metadata: Json

    def as_input(self, profile: Profile) -> Json:
        """Returns it as a RuntimeArtifact of the task that takes it."""
        if profile.has_mlmd:
            kind = {"instanceSchema": ""}
            return {"name": self.identity, "uri": self.uri, "type": kind, "metadata": self.metadata}
        runtime: Json = {"name": self.name, "artifactId": self.identity, "uri": self.uri}
        runtime["type"] = {"schemaTitle": self.type_text}
        return {**runtime, "metadata": self.metadata} if self.metadata else runtime


def recorded(profile: Profile, identity: str, key: str, output: Json) -> Artifact:
    """Keeps an output, given as a RuntimeArtifact.

    Raises:
        LauncherError: if its metadata cannot be kept.
    """
    # Of the outputs that the driver adds itself, the type has a title only.
    type_text = output["type"].get("instanceSchema") or f"title: {output['type']['schemaTitle']}"
    metadata = output.get("metadata", {})
    if profile.has_mlmd:
        try:
            metadata = {name: _through_mlmd(value) for name, value in metadata.items()}
        except TypeError as error:
            raise LauncherError(
                f'unable to produce MLMD artifact for output "{key}": failed to convert RuntimeArtifact to MLMD '
                f"artifact: {error}"
            ) from error
        metadata = {"display_name": key, "store_session_info": _SESSION} | metadata
    return Artifact(identity, output.get("name", key), output["uri"], type_text, metadata)


def imported(profile: Profile, identity: str, uri: str, importer: Json) -> Artifact:
    """Keeps what an importer finds at `uri`; it does not look there.

    Raises:
        LauncherError: if there is no uri.
    """
    if not uri:
        raise LauncherError("failed to create MLMD artifact from ImporterSpec: empty artifact URI runtime value")
    metadata = importer.get("metadata", {})
    if profile.has_mlmd:
        metadata = {**metadata, "store_session_info": _SESSION}
    return Artifact(identity, posixpath.basename(uri), uri, importer["typeSchema"]["instanceSchema"], metadata)


def _through_mlmd(value: Any) -> Any:
    match value:
        case bool() | int() | float():
            return float(value)
        case str():
            return value
        case list():
            return {"list": value}
        case dict():
            return {"struct": value}
    raise TypeError("unknown/unsupported value type *structpb.Value_NullValue")
