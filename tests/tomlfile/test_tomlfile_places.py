"""Where things stand: lines and columns as an editor shows them."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tomlfile import Character, parse

TEXT = '''"é".b = 2 # x
[x.y]
z = {"ä" = [1, 2, {t = 3}], r.s = "华为", u = 1}
[[rule]]
id = "é"
any = [ # a comment is no item
  "出口管制", "zwei",
  # another
  "three",
]
[[rule.test]]
text = """
[[rule]]
x"""
[rule.sub]
k=2
[[rule]]
id = 2
[[rule.test]]
t = 1
[[rule.test]]
t = 2
a.b = 1
a.c = 2
'''


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("é", "b"), (1, 9), (1, 1)),
        (("x",), (2, 1), (2, 1)),
        (("x", "y"), (2, 1), (2, 1)),
        (("x", "y", "z"), (3, 5), (3, 1)),
        (("x", "y", "z", "ä"), (3, 12), (3, 6)),
        (("x", "y", "z", "ä", 1), (3, 16), (3, 16)),
        (("x", "y", "z", "ä", 2, "t"), (3, 24), (3, 20)),
        (("x", "y", "z", "r", "s"), (3, 35), (3, 29)),
        (("x", "y", "z", "u"), (3, 45), (3, 41)),
        (("rule", 0), (4, 1), (4, 1)),
        (("rule", 0, "id"), (5, 6), (5, 1)),
        (("rule", 0, "any", 1), (7, 11), (7, 11)),
        (("rule", 0, "any", 2), (9, 3), (9, 3)),
        (("rule", 0, "test", 0), (11, 1), (11, 1)),
        (("rule", 0, "test", 0, "text"), (12, 8), (12, 1)),
        (("rule", 0, "sub", "k"), (16, 3), (16, 1)),
        (("rule", 1), (17, 1), (17, 1)),
        (("rule", 1, "id"), (18, 6), (18, 1)),
        (("rule", 1, "test", 1, "t"), (22, 5), (22, 1)),
        (("rule", 1, "test", 1, "a", "c"), (24, 7), (24, 1)),
    ],
)
def test_positions_count_characters_from_one(path, value, key):
    file = parse(TEXT, "f.toml")
    assert (file.position(path), file.position(path, key=True)) == (value, key)


def test_what_is_missing_is_shown_at_the_table_it_is_missing_from():
    file = parse(TEXT, "f.toml")
    assert file.position(("rule", 1, "test", 1, "missing")) == (21, 1)
    assert file.position(("rule", 1, "nope", 0, "deeper"), key=True) == (17, 1)
    assert file.position(("nothing",)) == (1, 1)
    assert file.position(()) == (1, 1)


def test_header_lines_are_found_without_a_second_parse():
    file = parse(TEXT, "f.toml")
    lines = [file.line(path) for path in (("rule", 0), ("rule", 0, "test", 0), ("rule", 1), ("rule", 1, "test", 1))]
    assert lines == [4, 11, 17, 21]
    assert "places" not in file.__dict__


def test_a_table_without_a_header_has_a_line_too():
    assert parse('\nrule = [\n  { id = "a" },\n  { id = "b" } ]', "f").line(("rule", 1)) == 4


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_move_nothing(ends, mark):
    file = parse(mark + 'a = "é"\nb = [1, 2]\n'.replace("\n", ends), "f")
    assert file.data == {"a": "é", "b": [1, 2]}
    assert [file.position(("a",)), file.position(("b", 1))] == [(1, 5), (2, 9)]


KEY = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8)
LEAF = st.integers(0, 99) | st.text("aé华😀 ", max_size=5) | st.booleans()
VALUE = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3), max_leaves=8
)


def write(value):
    """A TOML value on one line; a plain writer for the test."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quote(key)} = {write(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(write(item) for item in value) + "]"
    return quote(value) if isinstance(value, str) else str(value).lower()


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def paths(value, at=()):
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from paths(item, (*at, step))


def value_at(value, path):
    for step in path:
        value = value[step]
    return value


@given(tables=st.lists(st.dictionaries(KEY, VALUE, max_size=3), min_size=1, max_size=3))
def test_at_every_position_stands_the_very_value(tables):
    text = "".join("[[t]]\n" + "".join(f"{quote(k)} = {write(v)}\n" for k, v in table.items()) for table in tables)
    file = parse(text, "f")
    assert file.data == {"t": tables}
    lines = text.split("\n")
    for path in paths(tables):
        if len(path) < 2:
            continue
        line, column = file.position(("t", *path))
        rest = lines[line - 1][column - 1 :]
        written = write(value_at(tables, path))
        assert rest.startswith(written)
        assert tomllib.loads(f"v = {written}")["v"] == value_at(tables, path)


# ── inside a text ────────────────────────────────────────────────────────────────────────────────


def test_a_character_behind_a_text_is_one_of_it_and_a_number_is_an_item():
    file = parse("a = \"xy\"\nb = [\"cd\", 7]\nc = '''\ntwo\nlines'''\n", "f")
    assert [file.position(("a", Character(place))) for place in range(3)] == [(1, 6), (1, 7), (1, 8)]
    assert [file.position(path) for path in (("b", 0, Character(1)), ("b", 0), ("b", 1))] == [(2, 8), (2, 6), (2, 12)]
    assert [file.position(("c", Character(place))) for place in (0, 4)] == [(4, 1), (5, 1)]
    assert file.position(("a", 0)) == file.position(("a",)), "one text may stand for a list of one"


def characters(file, path):
    """What is written at the place of each character of a text, up to the next one's."""
    places = file.positions_inside(path, range(len(value_at(file.data, path)) + 1))
    lines = file.text.split("\n")
    assert places == sorted(places)
    return [lines[line - 1][column - 1 :] for line, column in places]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("written", "offset", "place"),
    [
        ("'a NOT b'", 2, (3, 8)),
        ("'出口 NOT b'", 3, (3, 9)),
        ("''", 0, (3, 6)),
        ('"a \\"b\\" NOT c"', 6, (3, 14)),
        ('"\\u51fa\\U000053e3 NOT c"', 3, (3, 23)),
        ('"\\t\\\\x"', 2, (3, 10)),
        ("'''a NOT b'''", 2, (3, 10)),
        ("'''\na\n  NOT b'''", 4, (5, 3)),
        ("'''\n\n出 NOT'''", 3, (5, 3)),
        ("'''it''s'''", 4, (3, 12)),
        ('"""\na "b"\n  NOT c"""', 8, (5, 3)),
        ('"""a \\\n   \n   b c"""', 2, (5, 4)),
        ('"""a \\  \n b c"""', 4, (4, 4)),
        ('"""\\\n  a"""', 0, (4, 3)),
        ('"""a\\u0041\nb"""', 3, (4, 1)),
    ],
)
def test_characters_of_a_text_are_found_however_it_is_quoted(written, offset, place, ends):
    file = parse(f"# é\n[[rule]]\nq = {written}\n".replace("\n", ends), "f")
    assert file.positions_inside(("rule", 0, "q"), [offset]) == [place]


def test_behind_the_last_character_stand_the_closing_quotes():
    for quotes in ("'", '"', "'''", '"""'):
        file = parse(f"a = {quotes}xyz{quotes} # z", "f")
        assert characters(file, ("a",))[-1] == f"{quotes} # z"


@given(value=st.text('aé华😀"\\\n\t \x01\u2028'))
def test_each_character_stands_where_it_is_said_to(value):
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\x01": "\\u0001", "华": "\\U0000534e"}
    text = "".join(escapes.get(char, char) for char in value)
    file = parse(f'a = {{ b = ["x", "{text}"] }}', "f")
    assert file.data == {"a": {"b": ["x", value]}}
    for char, rest in zip(value, characters(file, ("a", "b", 1)), strict=False):
        assert rest.startswith(escapes.get(char, char))
