"""When an article counts, and in which hours a count means anything."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.counting import counted_at, in_reach, subjects, watched
from bot.model import AnyOf, Entity, Rule, RuleSet, Term

SEEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIDNIGHT = SEEN.replace(hour=0, minute=0)


def counted(published=None, *, before=HOUR, interval=900.0):
    return counted_at(SEEN, published, before=SEEN - before if before else None, interval=interval)


@pytest.mark.parametrize(
    ("published", "before", "expected"),
    [
        (None, HOUR, SEEN),
        (SEEN - HOUR, HOUR, SEEN),
        (SEEN + HOUR, HOUR, SEEN),
        (SEEN - 3 * HOUR, HOUR, SEEN - 3 * HOUR),
        (SEEN - 900 * HOUR, HOUR, SEEN - 900 * HOUR),
        (MIDNIGHT, HOUR, SEEN),
        (MIDNIGHT - 48 * HOUR, HOUR, MIDNIGHT - 48 * HOUR),
        (None, 9 * HOUR, None),
        (MIDNIGHT, 9 * HOUR, None),
        (SEEN + HOUR, 9 * HOUR, None),
        (SEEN - 5 * HOUR, 9 * HOUR, SEEN - 5 * HOUR),
        (None, None, SEEN),
    ],
)
def test_what_comes_in_time_counts_now_and_what_comes_late_by_its_date(published, before, expected):
    assert counted(published, before=before) == expected


def test_a_source_that_is_read_twice_a_day_is_not_late():
    assert counted(before=12 * HOUR, interval=12 * 3600.0) == SEEN
    assert counted(before=25 * HOUR, interval=12 * 3600.0) is None


@given(st.integers(-100, 1000), st.integers(0, 500), st.sampled_from([None, 300.0, 86_400.0]))
def test_nothing_counts_in_the_future(age, before, interval):
    found = counted(SEEN - age * HOUR, before=before * HOUR, interval=interval)
    assert found is None or found <= SEEN


# ── which hours count ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answered", "interval", "expected"),
    [
        ([], 900.0, ".........."),
        ([0, 1, 2], 900.0, "###......."),
        ([0, 2, 4], 900.0, "#####....."),
        ([0, 5, 6], 900.0, "#....##..."),
        ([0, 5], 3 * 3600.0, "######...."),
        ([-3, 9], 900.0, ".........#"),
        ([-1, 1], 900.0, "##........"),
        ([8, 10], 900.0, "........##"),
    ],
)
def test_hours_between_two_answers_close_together_were_within_reach(answered, interval, expected):
    begin = MIDNIGHT
    found = in_reach(begin, 10, {begin + hour * HOUR for hour in answered}, interval)
    assert "".join("#" if one else "." for one in found) == expected


def test_an_hour_counts_if_most_of_what_is_usual_was_within_reach():
    weights = [(3.0, [True, True, False]), (2.0, [True, False, True])]
    assert watched(weights, 3) == (True, True, False)
    assert watched([], 2) == (False, False), "nobody brings it, so nobody knows"


def test_what_is_counted_are_themes_entities_and_rules_by_who_brings_them():
    huawei = AnyOf((Term(text="Huawei", entity="huawei"),), "@huawei")
    ruleset = RuleSet(
        rules={
            "a": Rule(id="a", title="A rule", expr=huawei, theme="us-china-trade"),
            "b": Rule(id="b", title="B rule", expr=AnyOf((huawei, Term(text="chip"))), theme="us-china-trade"),
            "c": Rule(id="c", title="C rule", expr=Term(text="chip")),
        },
        entities={"huawei": Entity(id="huawei", name="Huawei Technologies", kind="organization", aliases=())},
    )
    found = {(each.kind, each.id): (each.title, each.rules) for each in subjects(ruleset).values()}
    assert found == {
        ("theme", "us-china-trade"): ("US–China trade", ("a", "b")),
        ("entity", "huawei"): ("Huawei Technologies", ("a", "b")),
        ("rule", "a"): ("A rule", ("a",)),
        ("rule", "b"): ("B rule", ("b",)),
        ("rule", "c"): ("C rule", ("c",)),
    }
