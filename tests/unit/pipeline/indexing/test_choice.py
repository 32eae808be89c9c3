"""Which layout is taken, and when none is."""

import pytest
from index_trees import make_files, refusal

LAYOUTS = {
    "dfdc": ["part_0/a.mp4"],
    "faceforensics": ["original_sequences/youtube/c23/videos/000.mp4"],
    "celeb-df": ["Celeb-real/id0_0000.mp4", "YouTube-real/00000.mp4"],
    "fakeavceleb": ["RealVideo-RealAudio/African/men/id00076/00109.mp4"],
    "folders": ["real/a.mp4", "fake/b.mp4"],
}
LISTS = {
    "dfdc": ("part_0/metadata.json", '{"a.mp4": {"label": "REAL"}}'),
    "fakeavceleb": (
        "meta_data.csv",
        "source,category,type,race,gender,path\nid00076,A,RealVideo-RealAudio,African,men,00109.mp4\n",
    ),
}
NAMES = [*LAYOUTS, "table"]


def make(root, layout):
    make_files(root, LAYOUTS[layout])
    if layout in LISTS:
        name, text = LISTS[layout]
        (root / name).write_text(text)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_auto_says_what_it_took_and_why(tmp_path, deepfake, layout):
    make(tmp_path / "data", layout)
    code, output, errors = deepfake("index", "data", "--out", "m.csv")
    assert (code, errors) == (0, "")
    first = output.splitlines()[0].split()
    assert first[:2] == ["layout", f"{layout}:"]
    assert len(first) > 2


@pytest.mark.parametrize(
    ("one", "other"), [("dfdc", "folders"), ("faceforensics", "celeb-df"), ("celeb-df", "folders")]
)
def test_auto_refuses_when_two_fit(tmp_path, deepfake, one, other):
    make(tmp_path / "data", one)
    make(tmp_path / "data", other)
    line = refusal(deepfake("index", "data", "--out", "m.csv"))
    assert line.startswith("deepfake: data: fits ")
    assert {f"--layout {one}", f"--layout {other}"} <= {
        f"--layout {name}" for name in NAMES if f"--layout {name}" in line
    }
    assert list(tmp_path.iterdir()) == [tmp_path / "data"]
    assert deepfake("index", "data", "--layout", one, "--out", "m.csv")[0] == 0


@pytest.mark.parametrize("layout", ["auto", *NAMES])
@pytest.mark.parametrize("files", [["clips/a.mp4", "clips/b.mp4", "notes.txt"], ["notes.txt"], []])
def test_a_folder_that_fits_no_layout_is_one_line(tmp_path, deepfake, layout, files):
    (tmp_path / "data").mkdir()
    make_files(tmp_path / "data", files)
    code, output, errors = deepfake("index", "data", "--layout", layout, "--out", "m.csv")
    (line,) = errors.splitlines()
    assert (code, output) == (2, "")
    assert line.startswith("deepfake: data: ")
    assert "--layout" in line or "--table" in line
    assert list(tmp_path.iterdir()) == [tmp_path / "data"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("nowhere",), "deepfake: nowhere: is not there; give the folder of the videos"),
        (("data/a.mp4",), "deepfake: data/a.mp4: is a file; give the folder of the videos"),
        (("data", "--layout", "ffpp"), "deepfake: --layout ffpp: is none that is known; allowed are auto, dfdc, "),
        (("data", "--layout", "dfdc", "--fake-values", "1"), "deepfake: --fake-values: the layout dfdc says itself"),
        (("data", "--layout", "dfdc", "--path-column", "x"), "deepfake: --path-column: only the layout table has"),
    ],
)
def test_what_is_mistyped_is_one_line(tmp_path, deepfake, arguments, line):
    make_files(tmp_path / "data", ["a.mp4"])
    error = refusal(deepfake("index", *arguments, "--out", "m.csv"))
    assert error.startswith(line)
