"""Names that look alike match unless that is ambiguous."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from components.file_names import find_alike, match_names, nfc

NFC, NFD = "caf\u00e9.mp4", "cafe\u0301.mp4"


def test_same_name_goes_before_one_that_looks_alike():
    assert match_names([NFC, NFD], [NFD, NFC]) == {NFC: NFC, NFD: NFD}
    assert match_names([NFC, NFD], [NFD]) == {NFD: NFD}
    assert match_names([NFD], [NFC, "b.mp4"]) == {NFD: NFC}
    assert find_alike([NFC, NFD], [NFD]) == {NFC: NFD, NFD: NFD}


def test_what_is_ambiguous_means_nothing():
    # Both marks look alike in either order.
    one, other, third = "q\u0323\u0307", "q\u0307\u0323", "\u1e61\u0323"
    assert nfc(one) == nfc(other)
    assert match_names([nfc(third)], ["s\u0323\u0307", "s\u0307\u0323"]) == {}
    assert find_alike(["\u1e69x"], ["s\u0323\u0307x", "s\u0307\u0323x"]) == {}


NAMES = st.lists(st.text(st.sampled_from("aé\u0301\u0323\u0307sq"), min_size=1, max_size=3), max_size=6)


@given(NAMES, NAMES)
def test_pairs_are_one_to_one_and_look_alike(names, there):
    found = match_names(names, there)
    assert len(set(found.values())) == len(found)
    assert all(nfc(name) == nfc(other) and other in there for name, other in found.items())
    assert all(found[name] == name for name in names if name in there)


@given(st.lists(st.text(min_size=1), unique_by=nfc))
def test_names_are_found_in_whatever_form_they_are_kept(names):
    kept = [unicodedata.normalize("NFD", name) for name in names]
    assert match_names(names, kept) == dict(zip(names, kept, strict=True))
