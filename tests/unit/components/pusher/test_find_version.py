import pytest
from earlier_version import earlier_version

from components.pusher.versions import find_version
from components.recorded_files import record_files
from components.served_model.version_files import write_version_files


def version(folder, name, digest, *, listed=True):
    path = earlier_version(folder, name, model_digest=digest)
    if listed:
        write_version_files(str(path))
    return path


def test_the_highest_version_of_the_model_is_found(tmp_path):
    for name, digest in (("100", "aa"), ("200", "bb"), ("300", "bb"), ("400", "aa")):
        version(tmp_path, name, digest)
    assert find_version(str(tmp_path), "bb", {}) == (str(tmp_path / "300"), {})
    assert find_version(str(tmp_path), "cc", {}) == (None, {})
    assert find_version(str(tmp_path / "nowhere"), "aa", {}) == (None, {})


@pytest.mark.parametrize(
    ("content", "damage"),
    [(None, "is missing"), ("", "has 0 bytes, not "), ("flipped", "is not as it was written")],
)
@pytest.mark.parametrize("part", ["saved_model.pb", "variables/variables.index"])
def test_a_torn_version_is_not_the_model(tmp_path, part, content, damage):
    path = version(tmp_path, "100", "aa")
    whole = version(tmp_path, "50", "aa")
    (path / part).unlink()
    if content is not None:
        size = (whole / part).stat().st_size if content else 0
        (path / part).write_bytes(content.ljust(size).encode())
    found, torn = find_version(str(tmp_path), "aa", {})
    assert found == str(whole)
    assert list(torn) == [str(path)]
    assert torn[str(path)].startswith(f"{part} {damage}")


def test_earlier_version_must_have_the_files_of_the_model(tmp_path):
    path = version(tmp_path, "100", "aa", listed=False)
    files = record_files(str(path))
    assert find_version(str(tmp_path), "aa", files) == (str(path), {})
    (path / "saved_model.pb").write_text("half")
    found, torn = find_version(str(tmp_path), "aa", files)
    assert found is None
    assert "saved_model.pb has 4 bytes, not " in torn[str(path)]


def test_foreign_models_and_damaged_descriptions_are_no_obstacle(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "saved_model.pb").write_bytes(b"")
    (version(tmp_path, "2", "bb") / "assets.extra" / "model.json").write_text('{"half": ')
    assert find_version(str(tmp_path), "aa", {}) == (None, {})
