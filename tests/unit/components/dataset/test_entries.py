import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.dataset.entries import EntryError, VideoEntry, name_fault, original_faults, parse_entry

plain_names = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="/\\"), min_size=1, max_size=20
).filter(lambda name: name not in (".", ".."))
evil_names = st.one_of(
    st.sampled_from(["", ".", "..", "/etc/passwd", "../evil.mp4", "a/../../b.mp4", "C:\\a.mp4", "..\\a.mp4"]),
    st.tuples(plain_names, st.sampled_from("/\\\0\n\r\t\x1b\x7f\x85\u2028\u2029\ud800"), plain_names).map("".join),
)


@given(plain_names)
def test_every_plain_name_is_accepted(name: str) -> None:
    assert name_fault(name) is None
    assert parse_entry("part", name, {"label": "REAL"}).uri == f"part/{name}"


@given(evil_names)
def test_every_other_name_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(EntryError) as error:
        parse_entry("", name, {"label": "REAL"})
    assert len(str(error.value).splitlines()) == 1


@given(evil_names)
def test_every_other_original_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(EntryError, match="original") as error:
        parse_entry("", "a.mp4", {"label": "FAKE", "original": name})
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ("FAKE", ["'a.mp4'", "'FAKE'", '{"label": "FAKE"']),
        (None, ["'a.mp4'", "None"]),
        ({}, ["'a.mp4'", "label is missing", "FAKE, REAL"]),
        ({"label": None}, ["label is missing"]),
        ({"label": "fake"}, ["label 'fake'", "did you mean FAKE?", "FAKE, REAL"]),
        ({"label": " Real"}, ["did you mean REAL?"]),
        ({"label": "SWAPPED"}, ["label 'SWAPPED'", "allowed are FAKE, REAL"]),
        ({"label": 1}, ["label 1"]),
        ({"label": ["FAKE"]}, ["label ['FAKE']"]),
        ({"label": "FAKE", "original": 3}, ["original 3"]),
        ({"label": "FAKE", "original": "a.mp4"}, ["original 'a.mp4'", "itself"]),
        ({"label": "FAKE", "actor": {"name": "x"}}, ["'actor'", "{'name': 'x'}"]),
        ({"label": "FAKE", "boxes": [1, 2]}, ["'boxes'", "[1, 2]"]),
        ({"label": "FAKE", "actor": "\ud800"}, ["'actor'"]),
        ({"label": "FAKE", "actor": ["x" * 10_000]}, ["..."]),
    ],
)
def test_a_wrong_entry_names_its_key_and_value(fields: object, parts: list[str]) -> None:
    with pytest.raises(EntryError) as error:
        parse_entry("", "a.mp4", fields)
    assert all(part in str(error.value) for part in parts), error.value
    assert len(str(error.value)) < 300


def test_keys_beside_the_standard_ones_become_text() -> None:
    fields = {"label": "FAKE", "split": "train", "original": None, "actor": "Ann", "take": 3, "score": 0.5}
    entry = parse_entry("", "a.mp4", {**fields, "synthetic": True, "unknown": None})
    assert entry == VideoEntry(
        "a.mp4", "FAKE", (), {"actor": "Ann", "take": "3", "score": "0.5", "synthetic": "true"}, split="train"
    )


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ([("f", "FAKE", "g"), ("g", "FAKE", None)], "original 'g' is itself FAKE in 'g'"),
        ([("f", "FAKE", "r"), ("r", "REAL", "s")], "original 'r' has an original itself, 's'"),
        ([("1/f", "FAKE", "g"), ("2/g", "FAKE", None)], "original 'g' is itself FAKE in '2/g'"),
        ([("1/f", "FAKE", "g"), ("1/g", "FAKE", None), ("2/g", "REAL", None)], "is itself FAKE in '1/g'"),
        ([("1/f", "FAKE", "g"), ("1/g", "REAL", None), ("2/g", "FAKE", None)], None),
        ([("f", "FAKE", "r"), ("r", "REAL", None)], None),
        ([("f", "FAKE", "absent")], None),
    ],
)
def test_an_original_must_be_a_real_video_without_an_original(
    listed: list[tuple[str, str, str | None]], fault: str | None
) -> None:
    faults = [
        text
        for _, text in original_faults(
            [VideoEntry(uri, label, (original,) if original else ()) for uri, label, original in listed]
        )
    ]
    assert len(faults) == (fault is not None)
    assert fault is None or fault in faults[0]
