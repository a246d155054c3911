"""The schema that editors use: it refuses nothing that is accepted, and sees every mistake of form."""

import datetime as dt
import json
import tomllib
from pathlib import Path

import fastjsonschema
import pytest
from test_rules_load import test_mistakes_in_their_place as mistakes

from bot.rules import load
from bot.rules.schema import DRAFT, INITIAL, TABLES, WORDS, schema

RULES = Path(__file__).resolve().parents[2] / "rules"
SCHEMA = schema()
VALID = fastjsonschema.compile(SCHEMA)
# What no schema knows: what a term, a reference, a date or a text means, and what two keys mean together.
BEYOND = (
    "holds the operator",
    "must contain 3 plain",
    '"12..3/day"',
    "must be a date without quotes",
    "holds no letter",
    "can never match",
    "neither text nor title",
    "there is no entity",
    "there is no list",
    '"text" holds "("',
    "has within",
    "needs 3 letters",
    "is a regular expression",
    "is valid from a day after",
    "a list cannot hold another list",
)


def as_json(value):
    """TOML as editors hand it to a schema: dates are text."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else value


def is_accepted(text):
    try:
        VALID(as_json(tomllib.loads(text)))
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


def bad_ones():
    (mark,) = [mark for mark in mistakes.pytestmark if mark.name == "parametrize"]
    return mark.args[1]


@pytest.mark.parametrize("path", sorted(RULES.glob("**/*.toml")), ids=lambda path: path.name)
def test_every_rule_that_ships_is_accepted(path):
    assert is_accepted(path.read_text("utf-8"))


@pytest.mark.parametrize(("text", "expected"), bad_ones())
def test_mistakes_of_form_are_seen_and_no_others_are_missed(text, expected):
    of_meaning = any(words in expected for words in BEYOND) and "typo" not in text
    assert is_accepted(text) == of_meaning


GOOD = (
    '"x1"', '["x1", "y1"]', "7", "2027-01-31", '"title"', '["lead:100", "body"]', '"0..12/day"', '"wire"', '"urgent"', '"en-US"',
    '{ tier = "wire", lang = ["en", "zh-Hant"] }', '{ tier = ["official"] }', '{ term = "x1", of = ["y1"], within = 5 }',
    '[{ term = ["x1"], of = "y1", within = 0 }]', '[{ text = "x1", expect = "match" }]', '[{ title = "x", date = 2026-01-05, expect = "no" }]',
    '[{ text = "a1", with = "b1", from = 2021-03-03 }, "c1"]', '"law"', '"x1 AND y1"', "[]", '""', '"a-b_c"', "true", "1.5", "[[1]]",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "model"), TABLES.items(), ids=str)
def test_what_is_accepted_is_never_refused(kind, model):
    """Every key with values of every shape, those that fit and those that do not."""
    least = {
        "rule": {"id": '"a"', "any": '["x1"]'},
        "entity": {"id": '"a"', "name": '"A"', "kind": '"law"', "aliases": '["a1"]'},
        "terms": {"id": '"a"', "any": '["x1"]'},
    }[kind]
    accepted = 0
    for key in (field.alias or name for name, field in model.model_fields.items()):
        for value in GOOD:
            table = {**least, key: value}
            if key == "query":
                table.pop("any")
            text = f"[[{kind}]]\n" + "".join(f"{name} = {written}\n" for name, written in table.items())
            if not load({"a.toml": text}).faults:
                accepted += 1
                assert is_accepted(text), text
    assert accepted > 2 * len(model.model_fields)


def test_every_key_says_what_it_means_and_every_table_how_it_begins():
    assert SCHEMA["$schema"] == DRAFT
    assert set(SCHEMA["definitions"]) == set(WORDS)
    for name, table in SCHEMA["definitions"].items():
        assert all(each["description"] for each in table["properties"].values()), name
        assert set(INITIAL.get(name, ())) <= set(table["properties"])
    assert {model.__name__ for model in TABLES.values()} <= set(INITIAL)


def test_choices_are_offered():
    rule = SCHEMA["definitions"]["RuleTable"]["properties"]
    assert rule["severity"]["enum"] == ["low", "normal", "high", "urgent"]
    assert rule["title"]["type"] == "string"
    assert SCHEMA["definitions"]["EntityTable"]["properties"]["kind"]["enum"][0] == "person"


def test_the_schema_that_ships_is_that_of_this_version():
    assert json.loads((RULES / ".schema" / "rules.json").read_text("utf-8")) == SCHEMA
