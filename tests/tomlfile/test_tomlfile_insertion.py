"""A table more in the middle of a file: what stood there stays as it was, character by character."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.tomlfile.editing import edit
from bot.tomlfile.insertion import insert_after

NEW = '[[rule.test]]\ntext = "new"\n'
PIECES = (
    "# at the top\n",
    '[[rule]]\nid = "a"\nany = [\n  "x",  # [[rule]]\n]\n',
    "[[rule]]\nid = \"b\"\nquery = '''\n[[rule]]\nx AND y\n'''",
    "[rule.sources]\ntier = ['wire']  # why\n",
    '[[rule.test]]\ntext = """\n[[terms]]\n"""\nexpect = "no"\n# still about this test\n',
    '[[terms]]\nid = "t"\nany = ["z"]\n\n# about the next\n',
    "[[ rule ]]\nid = 'c'\n\n",
    "\n\n",
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[[rule]]\nid = "a"', f'[[rule]]\nid = "a"\n\n{NEW}'),
        ('[[rule]]\nid = "a"\n# of a\n\n# of b\n[[rule]]\n', f'[[rule]]\nid = "a"\n# of a\n\n{NEW}\n# of b\n[[rule]]\n'),
        ('[[rule]]\nid = "a"\n# of b\n[[rule]]\n', f'[[rule]]\nid = "a"\n\n{NEW}\n# of b\n[[rule]]\n'),
        ('[[rule]]\nid = "a"\n[[rule.test]]\ntext = "x"\n\n\n[[terms]]\n', f'[[rule]]\nid = "a"\n[[rule.test]]\ntext = "x"\n\n{NEW}\n\n[[terms]]\n'),
        ("[[rule]]\n", f"[[rule]]\n\n{NEW}"),
    ],
)  # fmt: skip
def test_it_stands_behind_all_that_belongs_to_its_table(before, after):
    assert insert_after(before, "rule", 0, NEW) == after


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=8), number=st.integers(0, 3))
def test_the_rest_stays_as_it_is(pieces, number):
    text = "\n".join(pieces)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # such as one table given twice
        return
    rules = data.get("rule", [])
    if not isinstance(rules, list) or number >= len(rules):
        return
    made = insert_after(text, "rule", number, NEW)
    rules[number].setdefault("test", []).append({"text": "new"})
    assert tomllib.loads(made) == data
    left = made.split("\n")
    assert all(line in left for line in text.split("\n"))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_line_ends_and_the_mark_stay(tmp_path, mark, end):
    path = tmp_path / "a.toml"
    path.write_bytes(mark + b"a = 1" + end + b"b = 2" + end)
    assert edit(path, lambda text: text.replace("2", "3"))
    assert path.read_bytes() == mark + b"a = 1" + end + b"b = 3" + end
    assert not edit(path, lambda text: text)


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "real.toml").write_text("a = 1\n")
    (tmp_path / "link.toml").symlink_to("real.toml")
    edit(tmp_path / "link.toml", lambda _: "a = 2\n")
    assert (tmp_path / "link.toml").is_symlink()
    assert (tmp_path / "real.toml").read_text() == "a = 2\n"


def test_what_somebody_else_writes_meanwhile_is_not_lost(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("a = 1\n")

    def change(_text):
        path.write_text("a = 5\n")
        return "a = 2\n"

    with pytest.raises(ConfigError, match="changed meanwhile"):
        edit(path, change)
    assert path.read_text() == "a = 5\n"
