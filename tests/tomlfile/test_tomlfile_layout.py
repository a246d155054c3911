"""The layout of a file: even, and nothing of what it says, its comments or its order is touched."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tomlfile.layout import WIDTH, formatted
from bot.tomlfile.syntax import TOKEN

LONG = ", ".join(f'"a term of some length, number {number:02}"' for number in range(8))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("\n\n", ""),
        ("a=1", "a = 1\n"),
        ('id       = "x"   \nany=[ "a" ,"b",]', 'id = "x"\nany = ["a", "b"]\n'),
        ("a = 1   # why", "a = 1  # why\n"),
        ("a = 1\n\n\n\nb = 2\n\n", "a = 1\n\nb = 2\n"),
        ("[[ rule ]]  # one\n\n\nid = 'a'\n[[rule . test]]\n", "[[rule]]  # one\nid = 'a'\n\n[[rule.test]]\n"),
        ("a = 1\n# of b\n[b]\n", "a = 1\n\n# of b\n[b]\n"),
        ("[a]\n# of a\n\n\n# of b\n[b]\n", "[a]\n# of a\n\n# of b\n[b]\n"),
        ("#:schema x\n\n\n[a]\n", "#:schema x\n\n[a]\n"),
        ("x . y=1", "x.y = 1\n"),
        ("a = {b=1,c = [ 1,2 ]}\nd={ }", "a = { b = 1, c = [1, 2] }\nd = {}\n"),
        ("a = [\n1,\n    2, 3\n]", "a = [\n  1,\n  2, 3,\n]\n"),
        ("a = [ # first\n1, # one\n# own\n2 # two\n,\n]", "a = [  # first\n  1,  # one\n  # own\n  2,  # two\n]\n"),
        ("a = [\n]", "a = []\n"),
        ("a = [[\n1], [2]]", "a = [\n  [\n    1,\n  ], [2],\n]\n"),
        ('q = """\n  a  =  b\n\n\n"""', 'q = """\n  a  =  b\n\n\n"""\n'),
    ],
)
def test_the_one_layout(before, after):
    assert formatted(before) == after
    assert formatted(after) == after


def test_a_list_that_is_too_long_takes_several_lines():
    made = formatted(f"any = [{LONG}]")
    assert tomllib.loads(made) == tomllib.loads(f"any = [{LONG}]")
    assert max(map(len, made.splitlines())) <= WIDTH
    assert len(made.splitlines()) == 5
    assert formatted(made) == made


PIECES = st.sampled_from((
    "# a remark\n", "\n", "\n\n", "  \n", "[[rule]]\n", "[[ rule ]] # x\n", "[[rule.test]]\n", "[[terms]]\n", "[s]\n", "[s . t]\n",
    'a="1"\n', "b =  [1,2 ]  # list\n", "c=[\n  1, # x\n\n  # y\n 2, 3\n]\n", "d = {x=1, y = [ 'a' ]}\n", "e.f = 2026-01-05\n",
    'g = """\n# no remark\n  x\n"""\n', "h = '''a # b'''  # c\n", "i = [[1, [2]], { j = [\n5 ] }, # k\n]\n", f"k = [{LONG}] # long\n",
    "l = [\n  '''\n\n x''', # m\n]\n",
))  # fmt: skip


def remarks(text):
    return [token.group().rstrip() for token in TOKEN.finditer(text) if token.group().startswith("#")]


@given(st.lists(PIECES, max_size=10).map("".join))
def test_it_says_the_same_keeps_every_remark_and_is_done_at_once(text):
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # a key or table given twice
        return
    made = formatted(text)
    assert tomllib.loads(made) == data
    assert remarks(made) == remarks(text)
    assert formatted(made) == made
    assert "\n\n\n" not in re.sub(r"'''.*?'''|\"\"\".*?\"\"\"", "", made, flags=re.DOTALL)
