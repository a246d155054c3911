"""A rule's ``expect``: what it asks for, how a rule compares with it, and what may be the cause."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.expect import Feeder, Standing, cause, sentence, sign, trouble, verdict
from bot.model.volume import Contract

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def standing(*feeders, **more):
    values = {
        "rule": "tariffs",
        "title": "Tariffs",
        "owner": "trade@example.org",
        "contract": Contract.read("2..12/day"),
        "stories": 0,
        "verdict": "low",
        "last_at": NOW - DAY,
    }
    return Standing(**{**values, **more}, feeders=feeders)


@pytest.mark.parametrize(
    ("text", "low", "high", "span"),
    [
        ("0..12/day", 0, 12, DAY),
        ("1..1/hour", 1, 1, timedelta(hours=1)),
        ("5..999999/week", 5, 999_999, 7 * DAY),
    ],
)
def test_an_expectation_is_read_and_written(text, low, high, span):
    wanted = Contract.read(text)
    assert (wanted.low, wanted.high, wanted.span) == (low, high, span)
    assert str(wanted) == text


@pytest.mark.parametrize("text", ["", "12/day", "3..2/day", "1..2/month", "1..2", " 1..2/day", "-1..2/day"])
def test_what_is_none_is_refused(text):
    with pytest.raises(ValueError, match="not an expectation"):
        Contract.read(text)


@pytest.mark.parametrize(
    ("few", "many", "lived", "whole", "expected"),
    [
        (0, 0, None, True, "young"),
        (0, 0, DAY - timedelta(minutes=1), True, "young"),
        (99, 99, DAY / 2, True, "young"),
        (0, 0, DAY, True, "low"),
        (1, 1, DAY, True, "low"),
        (2, 1, DAY, True, "well"),
        (12, 12, DAY, True, "well"),
        (14, 12, DAY, True, "well"),
        (14, 13, DAY, True, "high"),
        (1, 1, DAY, False, "unclear"),
        (14, 13, DAY, False, "high"),
    ],
)
def test_the_verdict(few, many, lived, whole, expected):
    assert verdict(Contract.read("2..12/day"), few=few, many=many, lived=lived, whole=whole) == expected


@pytest.mark.parametrize(
    ("feeders", "words"),
    [
        (
            (),
            "no source has brought it anything yet, so perhaps the rule does not fit (last match 2026-03-01 09:30 UTC)",
        ),
        (
            ((Feeder(name="Wire")),),
            "the source of its matches is healthy: perhaps the rule no longer fits (last match 2026-03-01 09:30 UTC)",
        ),
        (
            (Feeder(name="Wire"), Feeder(name="Post")),
            (
                "all 2 sources that brought its matches are healthy: perhaps the rule no longer fits "
                "(last match 2026-03-01 09:30 UTC)"
            ),
        ),
        (
            (
                Feeder(name="Wire", trouble="has been failing", since=NOW),
                Feeder(name="Post", trouble="is no longer configured"),
                Feeder(name="Times"),
            ),
            (
                "2 of 3 sources that brought its matches are not well: Wire has been failing since 2026-03-02 09:30 UTC and "
                "Post is no longer configured (last match 2026-03-01 09:30 UTC)"
            ),
        ),
    ],
)
def test_the_cause_of_silence(feeders, words):
    assert cause(standing(*feeders)) == words


def test_a_rule_that_never_matched_says_so():
    assert cause(standing(last_at=None)).endswith("(it has never matched)")


def test_what_is_told_names_rule_owner_figures_cause_and_remedy():
    told = trouble("volume tariffs", standing(Feeder(name="Wire")))
    assert told.title == "Rule tariffs (owner trade@example.org)"
    assert told.detail.startswith("too quiet: 0 stories in the last day, expected 2 to 12 – the source of its matches")
    assert told.remedy == "presswatch volume tariffs"


def test_another_figure_is_the_same_trouble_and_another_cause_is_another():
    failing = Feeder(name="Wire", trouble="has been failing", since=NOW)
    later = Feeder(name="Wire", trouble="has been failing", since=NOW + DAY)
    assert sign(standing(failing)) == sign(standing(later, stories=1))
    assert sign(standing(failing)) != sign(standing(Feeder(name="Wire")))
    assert sign(standing()) != sign(standing(verdict="high"))


def test_the_sentence_counts():
    assert sentence(standing(stories=1)) == "1 story in the last day, expected 2 to 12"
