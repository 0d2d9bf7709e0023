"""Plain data of every shape and with every text, for properties."""

from hypothesis import strategies as st

from leverage.files.plain import Mapping, Plain, Scalar, Sequence

# what YAML could take for something else than text: each alone, and among others
ODD = [
    "~", "null", "<<", "true", "no", "010", "1:30", "2024-01-05", "-", "- a", "?", "? a", "a:", "a: b", ":",
    ": a", "a #b", "#a", " a", "a ", "  ", "a\tb", "\ta", "a\nb", "a\n\nb\n", "\na", "a\n", "a\n\n", "a\n  b",
    "a \nb", "a\rb", "a\r\nb", "'", '"', "it's", 'say "x"', "\\", "\\n", "[a", "a]", "{a", "a}", "a, b",
    "f(a, b)", "f(a", "b)", "&a", "*a", "!a", "|", ">", "| a", "%a", "@a", "`a`", "---", "--- a", "...",
    "a --- b", "\x00", "\x07", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\ufffe", "\U0001f600", "売上", "売上 高",
    "-15%", "-(a)", "2.4%", "visits * rate", "a if b > c else d", "x" * 1100, "=", "$DATABASE_URL",
    "http://a.b/c?d=e#f", "50k per 0.1%",
]  # fmt: skip
texts = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
scalars = st.builds(Scalar, texts, quoted=st.booleans())
keys = texts.filter(bool)


def mappings(values: st.SearchStrategy[Plain], most: int = 4) -> st.SearchStrategy[Mapping]:
    """Mappings with keys of every kind."""
    entries = st.dictionaries(keys, values, max_size=most)
    return entries.map(lambda held: Mapping(held, {key: Scalar(key) for key in held}))


plains = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4).map(Sequence), mappings(inner)),
    max_leaves=20,
)
models = mappings(plains)
