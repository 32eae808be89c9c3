import json
import pathlib

from brightness_model import DESCRIPTION

from components.pusher.versions import find_version


def version(folder: pathlib.Path, name: str, digest: str, *, whole: bool = True) -> None:
    extra = folder / name / "assets.extra"
    extra.mkdir(parents=True)
    (extra / "model.json").write_text(json.dumps({**DESCRIPTION, "model_digest": digest}))
    if whole:
        (folder / name / "saved_model.pb").write_bytes(b"")


def test_version_with_the_same_digest_is_found(tmp_path):
    version(tmp_path, "100", "aa")
    version(tmp_path, "200", "bb")
    assert find_version(str(tmp_path), "bb") == "200"
    assert find_version(str(tmp_path), "cc") is None


def test_half_pushed_version_does_not_count(tmp_path):
    version(tmp_path, "100", "aa", whole=False)
    assert find_version(str(tmp_path), "aa") is None


def test_foreign_models_and_missing_folders_are_no_obstacle(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "saved_model.pb").write_bytes(b"")
    version(tmp_path, "2", "bb")
    (tmp_path / "2" / "assets.extra" / "model.json").write_text('{"half": ')
    assert find_version(str(tmp_path), "aa") is None
    assert find_version(str(tmp_path / "nowhere"), "aa") is None
