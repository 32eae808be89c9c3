"""FakeAVCeleb, whose list says what is fake: the picture, the sound, or both."""

import pytest
from index_trees import left_out, make_files, manifest, refusal

HEADER = "source,target1,target2,method,category,type,race,gender,path,"
RVRA, RVFA, FVRA, FVFA = (f"{p}Video-{s}Audio" for p in ("Real", "Fake") for s in ("Real", "Fake"))
# Rows of the list: source, target1, target2, method, category, type, race, gender, file.
ROWS = [
    ("id00076", "-", "-", "real", "A", RVRA, "African", "men", "00109.mp4"),
    ("id00166", "-", "-", "real", "A", RVRA, "African", "men", "00118.mp4"),
    ("id00366", "-", "-", "real", "A", RVRA, "Caucasian (American)", "women", "00118.mp4"),
    ("id00076", "-", "-", "rtvc", "B", RVFA, "African", "men", "00109_fake.mp4"),
    ("id00076", "id00166", "-", "faceswap", "C", FVRA, "African", "men", "00109_id00166.mp4"),
    ("id00366", "id00076", "3", "wav2lip", "D", FVFA, "Caucasian (American)", "women", "00118_3_id00076_wavtolip.mp4"),
]
# Video by uri: label of the picture, original, group, kind of the sound, method.
REAL = "RealVideo-RealAudio/{}/{}/{}/{}.mp4"
MEN, OTHER = REAL.format("African", "men", "id00076", "00109"), REAL.format("African", "men", "id00166", "00118")
WOMEN = REAL.format("Caucasian (American)", "women", "id00366", "00118")
EXPECTED = {
    MEN: ("REAL", "", "id00076", "real", "real"),
    OTHER: ("REAL", "", "id00076", "real", "real"),
    WOMEN: ("REAL", "", "id00366", "real", "real"),
    "RealVideo-FakeAudio/African/men/id00076/00109_fake.mp4": ("REAL", "", "id00076", "fake", "rtvc"),
    "FakeVideo-RealAudio/African/men/id00076/00109_id00166.mp4": (
        *("FAKE", f"{MEN};{OTHER}", "id00076", "real", "faceswap"),
    ),
    # The lips were moved to the voice of another; their picture is of one person only.
    "FakeVideo-FakeAudio/Caucasian (American)/women/id00366/00118_3_id00076_wavtolip.mp4": (
        *("FAKE", WOMEN, "id00366", "fake", "wav2lip"),
    ),
}
COLUMNS = ("label", "original", "group_id", "meta/sound", "meta/method")


def line(row, folder="FakeAVCeleb/{}/{}/{}/{}"):
    return ",".join((*row, folder.format(row[5], row[6], row[7], row[0])))


def write_list(folder, *further, lines=(), header=HEADER):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "meta_data.csv").write_text("\n".join((header, *(lines or map(line, ROWS)), *further)) + "\n")


@pytest.mark.parametrize("layout", ["fakeavceleb", "auto"])
@pytest.mark.parametrize("base", ["", "FakeAVCeleb_v1.2/"])
def test_every_video_and_every_other_file(tmp_path, deepfake, layout, base):
    unknown = {
        "RealVideo-RealAudio/African/men/id00076/00110.mp4": "not in the list",
        "FakeVideo-FakeAudio/notes.txt": "no video",
        "RealVideo-FakeAudio.zip": "archive, to be unpacked",
    }
    make_files(tmp_path / "fav", [f"{base}{uri}" for uri in (*EXPECTED, *unknown)])
    absent = ("id09999", "-", "-", "real", "A", RVRA, "African", "men", "00001.mp4")
    # Some videos are in the published list twice, by two methods.
    write_list(tmp_path / "fav" / base, line(absent), line((*ROWS[5][:3], "faceswap-wav2lip", *ROWS[5][4:])))
    code, _, errors = deepfake("index", "fav", "--layout", layout, "--out", "m.csv")
    assert (code, errors) == (0, "")
    found = manifest(tmp_path / "m.csv", "label", "meta/sound")
    assert found == {f"{base}{uri}": (cells[0], cells[3]) for uri, cells in EXPECTED.items()}
    unknown[REAL.format("African", "men", "id09999", "00001")] = "in the list, but not there"
    assert left_out(tmp_path / "m.csv") == {f"{base}{uri}": reason for uri, reason in unknown.items()}


@pytest.mark.parametrize(
    ("header", "lines"),
    [
        (HEADER, list(map(line, ROWS))),
        # The path whole in its column, or only the file's name.
        (HEADER.rstrip(","), [",".join((*r[:8], f"{r[5]}/{r[6]}/{r[7]}/{r[0]}/{r[8]}")) for r in ROWS]),
        (HEADER.rstrip(","), [",".join((*r[:8], f"FakeAVCeleb/{r[5]}/{r[6]}/{r[7]}/{r[0]}/{r[8]}")) for r in ROWS]),
        (HEADER.rstrip(","), [",".join(r) for r in ROWS]),
    ],
)
def test_groups_and_originals_however_the_list_names_paths(tmp_path, deepfake, header, lines):
    make_files(tmp_path / "fav", EXPECTED)
    write_list(tmp_path / "fav", lines=lines, header=header)
    code, _, errors = deepfake("index", "fav", "--out", "m.csv")
    assert (code, errors) == (0, "")
    assert manifest(tmp_path / "m.csv", *COLUMNS) == EXPECTED


@pytest.mark.parametrize(
    "wrong",
    [
        ("id1", "-", "-", "real", "A", FVFA, "African", "men", "1.mp4"),
        ("id1", "-", "-", "real", "E", "", "African", "men", "1.mp4"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(tmp_path, deepfake, wrong):
    make_files(tmp_path / "fav", EXPECTED)
    write_list(tmp_path / "fav", line(wrong))
    error = refusal(deepfake("index", "fav", "--out", "m.csv"))
    assert f"meta_data.csv: line {len(ROWS) + 2} has category" in error


def test_a_list_that_contradicts_the_folders_is_refused(tmp_path, deepfake):
    make_files(tmp_path / "fav", EXPECTED)
    write_list(tmp_path / "fav", line(ROWS[0], f"FakeAVCeleb/{FVFA}/African/men/id00076"))
    code, _, errors = deepfake("index", "fav", "--out", "m.csv")
    assert code == 2
    assert "which is not in a folder of its type" in errors
