"""Names of files and folders that are misread as globs, formats or markup if not quoted."""

from hypothesis import strategies as st

EXAMPLES = ("a[1] {b}*?", "v*", "[!a]", "back\\slash[", "**", "take [1]", "%d {SPAN} $HOME", "]x[", "é\u0301", "~")

_SIGNS = st.sampled_from("[]*?{}!^-\\ %$#~'\"&;ab1é")
_LETTERS = st.characters(codec="utf-8", exclude_characters="/\0")

glob_like_names = st.one_of(
    st.sampled_from(EXAMPLES),
    st.text(st.one_of(_SIGNS, _LETTERS), min_size=1, max_size=20).filter(lambda name: not name.startswith(".")),
)
