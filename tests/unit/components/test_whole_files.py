import pytest

from components.whole_files import write_whole


@pytest.mark.parametrize("path", ["bare.txt", "new/folder/file.txt"])
def test_a_file_is_written_in_place_of_the_one_before_and_nothing_is_left_beside_it(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    for content in (b"first", b"second"):
        write_whole(path, content)
        assert (tmp_path / path).read_bytes() == content
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [tmp_path / path]
