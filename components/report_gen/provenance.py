"""What is needed to reproduce the model."""

import dataclasses
import json
import shlex
from collections.abc import Mapping
from typing import Any

import yaml

from components.served_model.description import Description
from components.stack import stack_versions


@dataclasses.dataclass(frozen=True)
class Provenance:
    """How to reproduce the model.

    Attributes:
        config: the whole config in YAML.
        command: runs the pipeline, once the config is saved to a file.
        fingerprints: of inputs and outputs.
        versions: of the libraries that built the model.
    """

    config: str
    command: str
    fingerprints: dict[str, str]
    versions: dict[str, str]


def provenance(config: Mapping[str, Any], description: Description) -> Provenance:
    """Collects the provenance from the run's config and the model's `model.json`."""
    fingerprints = {
        "model": description.model_digest,
        "frame encoder": description.encoder.fingerprint,
        "data": description.data_fingerprint,
    }
    return Provenance(
        config=yaml.safe_dump(json.loads(json.dumps(config)), sort_keys=False, width=100),
        command=shlex.join(["deepfake", "run", "--config", f"{config['name']}.yaml"]),
        fingerprints={name: value for name, value in fingerprints.items() if value},
        # Earlier models did not record it.
        versions=description.stack or stack_versions(),
    )
