"""Trouble is told once when it begins or changes, then daily, and once when it is over."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.notices import SHOWN, Notice, Remembered, Trouble, compose_notices, decide, sign_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def trouble(key="source wto", kind="source", detail="no answer", **more):
    values = {"title": key.title(), "remedy": "look at it", "sign": sign_of(detail)}
    return Trouble(**{"key": key, "kind": kind, "detail": detail, **values, **more})


def remembered(sign="no answer", at=NOW):
    return Remembered(kind="source", title="Source Wto", sign=sign, told_at=at)


def steps(verdict):
    return [notice.step for notice in verdict.notices]


@pytest.mark.parametrize(
    ("troubles", "known", "at", "told"),
    [
        ([trouble()], {}, NOW, ["begins"]),
        ([trouble()], {"source wto": remembered()}, NOW + timedelta(hours=23), []),
        ([trouble()], {"source wto": remembered()}, NOW + DAY, ["lasts"]),
        ([trouble(detail="a web page")], {"source wto": remembered()}, NOW + timedelta(hours=1), ["changed"]),
        ([], {"source wto": remembered()}, NOW + timedelta(hours=1), ["over"]),
        ([], {}, NOW, []),
        ([trouble()], {"source wto": remembered(at=NOW + 9 * DAY)}, NOW, ["lasts"]),
    ],
)
def test_what_is_told(troubles, known, at, told):
    assert steps(decide(troubles, known, at)) == told


def test_figures_do_not_make_another_trouble():
    known = {"queue desk": remembered(sign=sign_of("held with 3 waiting since 10:15"))}
    assert steps(decide([trouble("queue desk", detail="held with 12 waiting since 11:40")], known, NOW)) == []


def test_what_is_over_is_forgotten_and_told_no_more():
    verdict = decide([], {"source wto": remembered()}, NOW)
    assert verdict.forget == ("source wto",)
    assert "answers again" in verdict.notices[0].trouble.detail


@given(
    st.lists(st.integers(1, 900), min_size=5, max_size=120),
    st.integers(1, 9),
)
def test_a_trouble_is_told_at_most_once_a_day_and_never_forgotten(minutes, days):
    """Looked at in any rhythm, a lasting trouble gives its first notice and one for each day that was looked at."""
    known, told, now = {}, [], NOW
    for step in minutes:
        now += timedelta(minutes=step * days)
        verdict = decide([trouble()], known, now)
        known = {key: value for key, value in {**known, **verdict.remember}.items() if key not in verdict.forget}
        told += [now] * len(verdict.notices)
    assert len(told) <= 1 + (now - told[0]) // DAY
    begun = {(at - told[0]) // DAY for at in told}
    assert len(begun) == len(told), "never twice in one day, counted from the first notice"


def test_the_daily_notice_keeps_its_hour():
    known, now = {}, NOW
    for hours in (0, 25, 23, 24, 25):
        now += timedelta(hours=hours)
        known.update(decide([trouble()], known, now).remember)
    assert known["source wto"].told_at.time() == NOW.time()


def test_a_storm_is_one_short_message():
    storm = [Notice(step="begins", trouble=trouble(f"source s{n}")) for n in range(100)]
    payload = compose_notices(storm, "slack")
    assert f"and {100 - SHOWN} more sources" in payload["full"]["text"]
    assert len(payload["full"]["blocks"]) == 1
    assert len(payload["full"]["blocks"][0]["text"]["text"]) <= 3_000
    lines = compose_notices(storm, "console")["full"]["lines"]
    assert len(lines) == SHOWN + 2


@pytest.mark.parametrize("evil", ["<!channel> <http://e.example|x>", "a\x1b[31mb\x00\r\nc", "\u202eabc", "x" * 5_000])
def test_texts_from_outside_are_harmless(evil):
    notices = [Notice(step="begins", trouble=trouble(detail=evil, title=evil))]
    slack = json.dumps(compose_notices(notices, "slack"))
    assert "<!channel>" not in slack
    assert "<http" not in slack
    assert len(slack) < 8_000
    console = json.dumps(compose_notices(notices, "console"))
    assert "\\u001b" not in console
    assert "\\u202e" not in console


def test_good_news_alone_has_a_headline_of_its_own():
    over = [Notice(step="over", trouble=trouble())]
    assert compose_notices(over, "slack")["full"]["text"].startswith("Presswatch is well again")
    both = [*over, Notice(step="begins", trouble=trouble("source b"))]
    assert compose_notices(both, "slack")["full"]["text"].startswith("Presswatch needs a look")
