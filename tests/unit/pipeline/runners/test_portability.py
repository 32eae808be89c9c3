"""What an engine cannot reach is refused before anything is compiled."""

import pytest
from filled_in import filled_in

from components.errors import UserError
from pipeline.config.load import load_config
from pipeline.runners.portability import require_portable

ROOT = "gs://forensics-lab/videos"


def require(section: str, *settings: str) -> None:
    require_portable(load_config(section, [*filled_in(section), f"data.root={ROOT}", *settings]), section)


@pytest.mark.parametrize("section", ["vertex", "kubeflow"])
@pytest.mark.parametrize("manifest", ["manifest.csv", "/data/manifest.csv", f"{ROOT}-old/manifest.csv"])
def test_a_manifest_lies_below_the_data_root(section, manifest):
    with pytest.raises(UserError, match=rf"data\.manifest='{manifest}': .*--set data\.manifest={ROOT}/manifest\.csv"):
        require(section, f"data.manifest={manifest}")
    require(section, f"data.manifest={ROOT}/lists/manifest.csv")


@pytest.mark.parametrize("section", ["vertex", "kubeflow"])
def test_earlier_splits_are_in_a_bucket(section):
    with pytest.raises(UserError, match=r"split\.pin='splits\.csv': .* cannot reach it; allowed is gs://BUCKET/FILE"):
        require(section, "split.pin=splits.csv")
    require(section, "split.pin=gs://forensics-lab/splits.csv")
