"""Measured on real notices: what is found can be typed, and the days that are found are days to come.

The bounds are the promise, a little below what was measured; a change that breaks one has to be argued for.
"""

import gzip
import json
from datetime import date, timedelta

import pytest

from bot.extract import deadlines, named, references

FILES = ("federal_register_trade_2020_2026", "federal_register_background_sample")


@pytest.fixture(scope="module")
def notices(corpora):
    found = []
    for name in FILES:
        with gzip.open(corpora / "news" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            found += [json.loads(line) for line in file]
    return [row for row in found if row.get("text")]


@pytest.fixture(scope="module")
def told(notices):
    """Every deadline with the day its notice was published on."""
    days = [(date.fromisoformat(row["date"]), row["text"]) for row in notices]
    return [(at, one) for at, text in days for one in deadlines(text, published=at, is_publication=True)]


def test_every_reference_that_is_found_can_be_typed(notices):
    found = {(one.kind, one.value) for row in notices for one in references(f"{row['title']}\n{row['text']}")}
    assert len(found) > 1_000
    assert {(one.kind, one.value) for _, value in found for one in [named(value)]} == found


def test_a_notice_bears_its_number_in_its_address(notices):
    numbers = [[one.value for one in references(row["url"])] for row in notices]
    own = [row["id"].partition(":")[2] for row in notices]
    assert sum(own_number in told for own_number, told in zip(own, numbers, strict=True)) > 0.99 * len(notices)


def test_days_are_found(told):
    assert len(told) > 600


def test_days_on_which_comments_are_due_lie_ahead(told):
    """Nothing in the reader knows that: a wrong day would mostly be one of the past."""
    ahead = [timedelta(0) <= one.day - at < timedelta(days=400) for at, one in told if one.kind == "comments"]
    assert len(ahead) > 100
    assert sum(ahead) > 0.9 * len(ahead)


def test_hearings_lie_ahead(told):
    ahead = [timedelta(0) <= one.day - at < timedelta(days=400) for at, one in told if one.kind == "hearing"]
    assert len(ahead) > 50
    assert sum(ahead) > 0.9 * len(ahead)
