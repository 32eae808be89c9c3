import pytest

from components.errors import UserError
from components.frame_feature_gen.quarantine_gate import require_few_quarantined, require_sound_machine
from components.passing_trouble import MachineError
from components.quarantine import QuarantineRow


def rows(**reasons: int) -> list[QuarantineRow]:
    return [
        QuarantineRow(f"{reason}{index}.mp4", f"{reason}{index}.mp4", "decode", reason, "")
        for reason, count in reasons.items()
        for index in range(count)
    ]


def test_few_are_accepted():
    require_few_quarantined(rows(no_frames=10), 100, 0.1)


def test_more_are_refused_with_the_worst_reasons():
    with pytest.raises(UserError) as raised:
        require_few_quarantined(rows(no_frames=3, missing=8), 100, 0.1)
    line, header, *table = str(raised.value).splitlines()
    assert "11 of 100" in line
    assert "worst: missing 8" in line
    assert "max_quarantine_ratio" in line
    assert header.split() == ["reason", "videos", "for", "example"]
    assert [row.split() for row in table] == [["missing", "8", "missing0.mp4"], ["no_frames", "3", "no_frames0.mp4"]]


def test_what_storage_said_is_told():
    refused = QuarantineRow("a.mp4", "a.mp4", "decode", "unreadable_container", "s3://b/a.mp4: refused", "unclear")
    with pytest.raises(UserError, match=r"unreadable_container +1  a\.mp4: s3://b/a\.mp4: refused"):
        require_few_quarantined([refused], 1, 0.1)


def test_nothing_left_is_refused_whatever_the_ratio():
    with pytest.raises(UserError, match="5 of 5"):
        require_few_quarantined(rows(missing=5), 5, 1.0)


def test_none_are_accepted_at_ratio_zero():
    require_few_quarantined([], 10, 0.0)


def test_what_may_be_the_machines_is_no_verdict():
    blamed = [QuarantineRow("a.mp4", "a.mp4", "decode", "crashed", "the decoder ended by signal 9", "machine")]
    with pytest.raises(MachineError, match=r"a\.mp4: the decoder ended by signal 9, twice; see to the machine"):
        require_sound_machine([*rows(no_frames=1), *blamed])
    require_sound_machine(rows(crashed=1, timeout=1))
