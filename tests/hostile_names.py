"""Names that would affect a terminal, or be mistaken for something else."""

from hypothesis import strategies as st

_PIECES = [
    *("\x1b]0;owned\x07", "\x1b[2J", "\x1b[31m", "\x9b31m", "\x00", "\x08", "\x7f", "\r", "\n", "\t", "\v", "\x85"),
    *("\u2028", "\u2029", "\u202e", "\u202a", "\u2066", "\u2069", "\u200e", "\ufeff", "\udcff", "\ud800"),
    *(
        "[/x]",
        "[red]",
        "[/]",
        "[bold",
        "[link=file:///x]a[/link]",
        "[/job:localhost]",
        "\\[",
        "[@click=quit]a",
    ),
    *(":car:", ":skull:", "{0}", "%s", "%(name)s", "<script>alert(1)</script>", "&amp;", "'", '"', "`id`", "$(id)"),
    *("-", "--out", "=", ",", ";", "\\", "\\x1b", "日本語", "e\u0301", "👩‍👩‍👧", "\U000e0041", "x" * 300),
]

EXAMPLES = tuple(f"a{piece}b" for piece in _PIECES)

names = st.one_of(
    st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), min_size=1, max_size=5).map("".join).filter(bool),
    st.text(min_size=1, max_size=50),
)
"""Whatever Python can hold, as file names, reasons and values are."""

_MAX_BYTES = 255


def as_file_name(name: str) -> str:
    """Returns a similar name that is a valid file name."""
    plain = name.replace("/", "_").replace("\0", "_").encode("utf-8", "replace")[: _MAX_BYTES - 10]
    return plain.decode("utf-8", "ignore").strip(".") or "_"


def assert_harmless(text: str) -> None:
    """Fails if a text contains characters that are not printable, except newlines."""
    harmful = sorted({char for char in text if not char.isprintable() and char != "\n"})
    assert not harmful, f"{harmful!r} in {text!r}"
