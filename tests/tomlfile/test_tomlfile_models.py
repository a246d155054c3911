"""pydantic's errors in plain words."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from bot.tomlfile import parse
from bot.tomlfile.models import Id, Line, Many, Mistake, Table, check


class Inner(Table):
    colour: Literal["red", "green"] = "red"
    size: Annotated[int, Field(ge=1, le=9)] = 1


class Outer(Table):
    id: Id
    name: Line = "x"
    words: Many[str] = ()
    inner: Inner = Inner()
    inners: Many[Inner] = ()
    map: dict[str, str] = Field(default_factory=dict)
    day: dt.date | None = None
    share: float = 0.5
    on: bool = False
    sender: str = Field(default="", alias="from")

    @classmethod
    def mistakes(cls, raw: Mapping[str, Any]) -> Iterator[Mistake]:
        if raw.get("on") and "day" not in raw:
            yield Mistake("is on, but has no day", "add day = …")


def faults(text):
    found = []
    check(parse(f"[t]\n{text}", "f"), ("t",), Outer, found, subject="thing one")
    return found


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ('id = "a"\nnmae = 1', (3, 1), 'unknown key "nmae"', 'did you mean "name"?'),
        ('id = "a"\nform = "x"', (3, 1), 'unknown key "form"', 'did you mean "from"?'),
        ('id = "a"\nsender = "x"', (3, 1), 'unknown key "sender"', ""),
        ('id = "a"\ninner = { color = "red" }', (3, 11), 'unknown key "color"', 'did you mean "colour"?'),
        ('id = "a"\ninners = [{}, { seiz = 1 }]', (3, 17), 'unknown key "seiz"', 'did you mean "size"?'),
        ('name = "b"', (1, 1), '"id" is missing', "add id = …"),
        ("id = 5", (2, 6), '"id" must be text in quotes, not a number', 'id = "…"'),
        ('id = "A b!"', (2, 6), '"id" must be small letters', '"a-b"'),
        ('id = "出口"', (2, 6), '"id" must be small letters', '"export-controls"'),
        ('id = "a"\nname = " "', (3, 8), '"name" is empty', "leave the key out"),
        ('id = "a"\nname = "x\\ny"', (3, 8), '"name" holds a line break', "one line"),
        ('id = "a"\nwords = "b"', (3, 9), '"words" must be a list, not text', 'words = ["…", "…"]'),
        ('id = "a"\nwords = ["b", 3]', (3, 15), 'item 2 of "words" must be text in quotes, not a number', ""),
        ('id = "a"\ninner = 3', (3, 9), '"inner" must be a table, not a number', ""),
        ('id = "a"\ninner.colour = "rde"', (3, 16), '"colour" cannot be "rde"', 'did you mean "red"?'),
        ('id = "a"\ninner.colour = true', (3, 16), '"colour" must be text in quotes, not true or false', "red, green"),
        ('id = "a"\ninner.size = 10', (3, 14), '"size" must be at most 9', ""),
        ('id = "a"\ninner.size = 0', (3, 14), '"size" must be at least 1', ""),
        ('id = "a"\ninner.size = 1.5', (3, 14), '"size" must be a whole number, not a number', "size = 5"),
        ('id = "a"\ninner.size = true', (3, 14), '"size" must be a whole number, not true or false', ""),
        ('id = "a"\nmap = { x = 1 }', (3, 13), '"x" must be text in quotes, not a number', ""),
        ('id = "a"\nday = "2027-01-31"', (3, 7), '"day" must be a date without quotes, not text', "2027-01-31"),
        ('id = "a"\nday = 2027-01-31T10:00:00Z', (3, 7), "not a date or time", ""),
        ('id = "a"\nshare = "1"', (3, 9), '"share" must be a number, not text', ""),
        ('id = "a"\non = 1\n', (3, 6), '"on" must be true or false, not a number', "on = true"),
    ],
)
def test_one_mistake(text, place, message, remedy):
    (found, *rest) = [fault for fault in faults(text) if "has no day" not in fault.message]
    assert rest == []
    assert (found.line, found.column) == place
    assert message in found.message
    assert remedy in found.remedy
    assert found.subject == "thing one"
    for jargon in ("Input should", "valid string", "validation", "Extra"):
        assert jargon not in str(found)


def test_all_mistakes_at_once_those_of_the_whole_table_too():
    found = faults("nmae = 1\nwords = [1, 2]\non = true")
    assert len(found) == 5
    assert str(found[0]) == "f:1:1: thing one is on, but has no day – add day = …"


def test_a_mistake_of_the_whole_table_is_enough_to_refuse_it():
    assert [fault.message for fault in faults('id = "a"\non = true')] == ["thing one is on, but has no day"]


def test_a_good_table_is_given_and_frozen():
    found = []
    table = check(parse('[t]\nid = "a"\nwords = ["x"]\nfrom = "y"\nshare = 1', "f"), ("t",), Outer, found)
    assert (found, table.words, table.sender, table.share) == ([], ("x",), "y", 1.0)
    with pytest.raises(ValueError, match="frozen"):
        table.id = "b"


def test_what_is_no_table_is_said_so():
    found = []
    assert check(parse("t = [1]", "f"), ("t", 0), Outer, found, subject="t number 1") is None
    assert [str(fault) for fault in found] == ["f:1:6: t number 1 must be a table, not a number"]


def test_long_and_hidden_values_are_shown_safely():
    (found,) = faults(f'id = "a"\ninner.colour = "\\u202e{"x" * 500}"')
    assert len(found.message) < 80
    assert "\u202e" not in found.message
