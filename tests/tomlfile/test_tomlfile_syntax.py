"""Every syntax error in plain words, where it was made; hostile files are refused quickly."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.tomlfile import LARGE_LIMIT, SIZE_LIMIT, TomlFile, decode, did_you_mean, parse


def fault(text):
    with pytest.raises(ConfigError) as caught:
        parse(text, "f.toml")
    (only,) = caught.value.faults
    return only


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ("a = ", (1, 4), "a value is missing", "quotes"),
        ("a = high", (1, 5), "text needs quotes: high", '"…"'),
        ('é = "x"', (1, 1), "a line must be", "#"),
        ('a = 1\nb = "x\nc = 2', (2, 5), "this text is never closed", "same quotes"),
        ('a = """x\n\ny', (1, 5), "this text is never closed", "three"),
        ("a = 'x", (1, 5), "this text is never closed", "same quotes"),
        ('a = [1,\n  "[", # [\n', (1, 5), "this list is never closed", '"]"'),
        ("a = {b = 1", (1, 5), "this table in braces is never closed", '"}"'),
        ("a = [1 2]", (1, 8), "needs a comma", "comma"),
        ("a = {b = 1 c = 2}", (1, 12), "needs a comma", "comma"),
        ("a == 2", (1, 4), 'one "=" is enough', "key = value"),
        ("a = “x”", (1, 5), "curly quotes", "straight"),
        ("a = True", (1, 5), "True is no value", "small letters"),
        ("a = yes", (1, 5), "yes is no value", "true or false"),
        ("a: 1", (1, 2), 'followed by "="', "key = value"),
        ("a b = 1", (1, 3), 'followed by "="', "quotes"),
        ("[[rule]\nid = 1", (1, 7), '"[["', "[[name]]"),
        ("[rule\nid = 1", (1, 6), '"["', "[name]"),
        ('a = "x" "y"', (1, 9), "left over", "one key"),
        ('a = "\\q"', (1, 6), "backslash", "single quotes"),
        ('a = "\\ud800"', (1, 6), "names no character", "itself"),
        ("x = {a = 1,\n}", (1, 12), "a key is expected", "one line"),
        ('a = "x\0y"', (1, 7), "NUL character", "plain text"),
        ("a = 1 # \x01", (1, 9), "\\x01 cannot stand here", "remove"),
        ('"华" = 1\n\n"华" = 2', (3, 1), '"华" is given twice (the first is in line 1)', "remove one"),
        ("[a]\nx = 1\n[a]\n", (3, 1), '"a" is given twice (the first is in line 1)', "[[name]]"),
        ("[[a]]\n[a]\n", (2, 1), '"a" is given twice', "[[name]]"),
        ("[[r]]\nid = 1\n[[r]]\nid = 2\nid = 3", (5, 1), '"id" is given twice (the first is in line 4)', "remove one"),
        ("a = {b = 1, b = 2}", (1, 13), '"b" is given twice', "remove one"),
        ("a = 1\n[a.b]\n", (2, 5), "same name above", "given once"),
        (f"a = {'1' * 5000}", (0, 0), "a value cannot be read", "very long number"),
    ],
)
def test_mistakes_in_plain_words(text, place, message, remedy):
    found = fault(text)
    assert ((found.line, found.column), found.file) == (place, "f.toml")
    assert message in found.message
    assert remedy in found.remedy


HOSTILE = {
    "brackets": "a = " + "[" * 100_000,
    "tables": "a = " + "{b = " * 50_000,
    "dotted key": "a." * 120_000 + "b = 1",
    "dotted header": "[" + "a." * 120_000 + "b]",
    "quoted dotted key": '"a b" . ' * 30_000 + "b = 1",
    "escaped quotes": 'a = "' + '\\"' * 120_000,
    "odd quotes": '"""' * 80_000,
    "escaped triple quotes": '"""\\' * 60_000,
    "single quotes": "'" * 200_000,
    "stray quotes": "a = [\n" + '"\n' * 100_000,
    "long number": "a = " + "9" * 200_000,
    "late twin": "".join(f"k{n} = 1\n" for n in range(15_000)) + "k1 = 2",
    "nul": "\0" * 200_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused_quickly(text):
    begun = time.perf_counter()
    found = fault(text)
    assert time.perf_counter() - begun < 5
    assert len(str(found)) < 300


BIG = {
    "items": "a = [" + '"x", ' * 50_000 + "]",
    "tables": "[[a]]\n" * 40_000,
    "keys": "".join(f"k{n} = 1\n" for n in range(18_000)),
    "blank": "\n" * 200_000,
    "comment": "#" * 200_000,
    "text": 'a = """' + "[" * 200_000 + '"""',
    "dots in text": 'a = "' + "a." * 100_000 + '"',
}


@pytest.mark.parametrize("text", BIG.values(), ids=BIG.keys())
def test_large_but_honest_files_are_read_quickly(text):
    begun = time.perf_counter()
    assert isinstance(parse(text, "f"), TomlFile)
    assert time.perf_counter() - begun < 5


def test_depth_is_counted_outside_text_and_comments_only():
    assert parse('# [[[[\na = "' + "[" * 100 + '"\nb = ' + "[" * 32 + "]" * 32, "f").data["a"] == "[" * 100
    found = fault("x = 1\nb = " + "[" * 33 + "]" * 33)
    assert (found.line, found.column) == (2, 37)
    assert "more than 32 brackets" in found.message


def test_size_is_counted_in_bytes():
    assert parse("#" + "é" * (SIZE_LIMIT // 2 - 1), "f").data == {}
    assert parse("#" * (SIZE_LIMIT + 1), "f", LARGE_LIMIT).data == {}
    with pytest.raises(ConfigError, match="larger than 8 MB – remove"):
        parse("#" * (LARGE_LIMIT + 1), "f", LARGE_LIMIT)
    assert "larger than 256 KB" in fault("#" + "é" * (SIZE_LIMIT // 2)).message
    with pytest.raises(ConfigError, match="larger than 256 KB"):
        decode(b"#" * (SIZE_LIMIT + 1), "f")


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        ('a = "é"'.encode("utf-16"), (1, 1), "UTF-16"),
        ('a = "é"'.encode("utf-16-be"), (1, 1), "UTF-16"),
        ('a = "é"'.encode("utf-16-le"), (1, 1), "UTF-16"),
        ('a = 1\nb = "ok é'.encode() + b'\xe9"', (2, 10), "byte 0xE9"),
        ('b = "出口"'.encode("gb18030"), (1, 6), "not UTF-8"),
        (b'\xef\xbb\xbfb = "\xff"', (1, 6), "byte 0xFF"),
    ],
    ids=["utf-16", "utf-16-be", "utf-16-le", "latin-1", "gb18030", "after a byte order mark"],
)
def test_other_encodings_are_named_with_their_place(raw, place, message):
    with pytest.raises(ConfigError) as caught:
        decode(raw, "f.toml")
    (found,) = caught.value.faults
    assert (found.line, found.column) == place
    assert message in found.message
    assert "UTF-8" in found.remedy


def test_a_byte_order_mark_is_left_out():
    assert decode(b"\xef\xbb\xbfa = 1", "f") == "a = 1"


@given(st.text(st.sampled_from("a=[]{}\"'#.,\\\n é1-\0\ud800"), max_size=60))
def test_any_text_gives_data_or_one_fault_in_its_place(text):
    try:
        parse(text, "f")
    except ConfigError as error:
        (found,) = error.faults
        lines = text.split("\n")
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1


@given(st.binary(max_size=80))
def test_any_bytes_give_text_or_a_fault(raw):
    try:
        text = decode(raw, "f")
    except ConfigError as error:
        place = error.faults[0].line, error.faults[0].column
        assert min(place) >= 1
    else:
        assert text.encode() == raw.removeprefix(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("word", "options", "remedy"),
    [
        ("hihg", ["low", "high"], 'did you mean "high"?'),
        ("Min-Hits", ["min_hits", "mask"], 'did you mean "min_hits"?'),
        ("zzz", ["low", "high"], "known here: low, high"),
        ("zzz", [], ""),
        ("zzz", [f"option{n}" for n in range(50)], ""),
    ],
)
def test_did_you_mean(word, options, remedy):
    assert did_you_mean(word, options) == remedy
