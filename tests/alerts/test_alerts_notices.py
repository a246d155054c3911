"""Trouble is told once when it begins or changes, then daily, and once when it is over."""

import json
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import compose_slack as slack
from bot.alerts.compose_notices import SHOWN, compose_notices
from bot.alerts.notices import AGAIN, CHANGES, MOST, Notice, Remembered, Sight, Trouble, decide, sign_of
from bot.deliver import fake_blocks

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
RULE, SOURCE = "rule rule x", "source wto"


def trouble(key=RULE, kind="rule", detail="no answer", **more):
    values = {"title": key.title(), "remedy": "look at it", "sign": sign_of(detail)}
    return Trouble(**{"key": key, "kind": kind, "detail": detail, **values, **more})


def sight(*troubles, over=(), unclear=()):
    return Sight(troubles=troubles, endings=dict.fromkeys(over, "it is well"), unclear=unclear)


def remembered(sign="no answer", at=NOW, kind="rule", recent=None, **more):
    recent = (at,) if recent is None else recent
    return Remembered(kind=kind, title="Rule x", sign=sign, told_at=at, recent=recent, **more)


def steps(verdict):
    return [notice.step for notice in verdict.notices]


class Desk:
    """Somebody who looks, tells and remembers; ``told`` are the messages, each with its time and its steps."""

    def __init__(self):
        self.known, self.told = {}, []

    def look(self, now, *troubles, over=(), unclear=()):
        verdict = decide(sight(*troubles, over=over, unclear=unclear), self.known, now)
        known = {**self.known, **verdict.remember}
        self.known = {key: value for key, value in known.items() if key not in verdict.forget}
        if verdict.notices:
            self.told.append((now, steps(verdict)))
        return steps(verdict)


@pytest.mark.parametrize(
    ("seen", "known", "at", "told"),
    [
        pytest.param(sight(trouble()), {}, NOW, ["begins"], id="new"),
        pytest.param(sight(), {}, NOW, [], id="nothing"),
        pytest.param(sight(trouble()), {RULE: remembered()}, NOW + 23 * HOUR, [], id="told-today"),
        pytest.param(sight(trouble()), {RULE: remembered()}, NOW + DAY, ["lasts"], id="a-day-later"),
        pytest.param(sight(trouble(detail="other")), {RULE: remembered()}, NOW + HOUR, ["changed"], id="another-fault"),
        pytest.param(sight(over=[RULE]), {RULE: remembered()}, NOW + HOUR, ["over"], id="over"),
        pytest.param(sight(), {RULE: remembered()}, NOW + HOUR, [], id="taken-out-of-the-configuration"),
        pytest.param(sight(unclear=[RULE]), {RULE: remembered()}, NOW + 3 * DAY, [], id="nobody-can-say"),
        pytest.param(sight(trouble()), {RULE: remembered(at=NOW + 9 * DAY)}, NOW, ["lasts"], id="by-a-fast-clock"),
        pytest.param(sight(trouble()), {RULE: remembered(at=NOW + HOUR / 60)}, NOW, [], id="by-a-clock-a-minute-ahead"),
        pytest.param(sight(trouble(lasts=False)), {RULE: remembered()}, NOW + 9 * DAY, [], id="done-is-done"),
        pytest.param(sight(trouble(joins=True)), {}, NOW, [], id="not-yet-worth-a-message"),
        pytest.param(
            sight(trouble(joins=True), trouble("rule rule y")), {}, NOW, ["begins", "begins"], id="but-in-company"
        ),
        pytest.param(
            sight(trouble(joins=True), trouble("queue d", "queue")), {}, NOW, ["begins"], id="company-of-its-own-kind"
        ),
        pytest.param(
            sight(trouble(joins=True)), {RULE: remembered()}, NOW + DAY, ["lasts"], id="what-was-told-needs-no-company"
        ),
    ],
)
def test_what_is_told(seen, known, at, told):
    assert steps(decide(seen, known, at)) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("held with 3 waiting since 10:15", "held with 12 waiting since 11:40"),
        ("x.org was still sending after 30 s (800 bytes so far)", "x.org was still sending after 9 s (2.5 kB so far)"),
        ("x.org is in trouble at the moment (503)", "x.org is in trouble at the moment (502)"),
    ],
)
def test_figures_do_not_make_another_trouble(before, after):
    assert steps(decide(sight(trouble(detail=after)), {RULE: remembered(sign=sign_of(before))}, NOW)) == []


def test_the_end_is_told_once_and_forgotten_after_a_day():
    desk = Desk()
    assert desk.look(NOW, trouble()) == ["begins"]
    assert desk.look(NOW + HOUR, over=[RULE]) == ["over"]
    assert [desk.look(NOW + hours * HOUR, over=[RULE]) for hours in (2, 12, 24, 48)] == [[]] * 4
    assert desk.known == {}


def test_what_is_no_longer_configured_is_forgotten_without_a_word():
    assert decide(sight(), {RULE: remembered()}, NOW).forget == (RULE,)


def test_what_is_unclear_is_told_again_when_it_is_clear():
    desk = Desk()
    desk.look(NOW, trouble())
    assert desk.look(NOW + DAY, unclear=[RULE]) == []
    assert desk.look(NOW + DAY + HOUR, trouble()) == ["lasts"]


@given(st.lists(st.integers(5, 90), min_size=1, max_size=60), st.integers(0, 6))
def test_a_trouble_of_n_days_gives_one_message_and_n_more(minutes, days):
    """In whatever rhythm one looks, as long as one looks soon after each day is over."""
    desk, now, rhythm = Desk(), NOW, cycle(minutes)
    while now <= NOW + days * DAY + timedelta(minutes=90):
        desk.look(now, trouble())
        now += timedelta(minutes=next(rhythm))
    assert [told for _, told in desk.told] == [["begins"], *[["lasts"]] * days]


@given(st.lists(st.integers(1, 900), min_size=5, max_size=120), st.integers(1, 9))
def test_a_trouble_is_told_at_most_once_a_day_and_never_forgotten(minutes, days):
    desk, now = Desk(), NOW
    for step in minutes:
        now += timedelta(minutes=step * days)
        desk.look(now, trouble())
    told = [at for at, _ in desk.told]
    begun = {(at - told[0]) // DAY for at in told}
    assert len(begun) == len(told), "never twice in one day, counted from the first notice"


WORLDS = st.sampled_from(["well", "no answer", "a web page", "unclear"])


@given(st.lists(st.tuples(st.integers(1, 600), WORLDS), max_size=120), st.sampled_from(["source", "rule", "queue"]))
def test_whatever_comes_and_goes_a_few_messages_a_day_are_the_most(ways, kind):
    desk, now, key = Desk(), NOW, f"{kind} x"
    for minutes, way in ways:
        now += timedelta(minutes=minutes)
        over, unclear = ([key] if way == "well" else []), ([key] if way == "unclear" else [])
        desk.look(now, *([] if over or unclear else [trouble(key, kind, way)]), over=over, unclear=unclear)
    for at, _ in desk.told:
        # The reminder, which comes a day after the last message, is one more.
        assert sum(at <= other < at + AGAIN for other, _ in desk.told) <= MOST + 1
    told = [step for _, (step,) in desk.told]
    assert all(told[place - 1] == "over" for place, step in enumerate(told) if step == "begins" and place)
    assert all(told[place - 1] != "over" for place, step in enumerate(told) if step == "over")


def test_what_changed_too_often_is_told_as_it_is_when_the_day_is_over():
    desk = Desk()
    for number, way in enumerate("abcdefgh"):
        desk.look(NOW + number * HOUR, trouble(detail=way))
    assert len(desk.told) == CHANGES
    assert desk.look(NOW + DAY + HOUR, trouble(detail="h")) == ["changed"]


def test_sources_that_die_and_recover_one_after_the_other_are_told_together():
    """The network is down: one source after the other is found dead within half an hour, and well again."""
    desk, names = Desk(), [f"source s{number}" for number in range(100)]
    for minute in range(240):
        dead = names[: 1 + minute * 4]
        desk.look(NOW + timedelta(minutes=minute), *(trouble(name, "source") for name in dead))
    assert [len(told) for _, told in desk.told] == [1, 99]
    for minute in range(240, 480):
        well = names[: 1 + (minute - 240) * 4]
        lasting = [trouble(name, "source") for name in names if name not in well]
        desk.look(NOW + timedelta(minutes=minute), *lasting, over=well)
    assert [len(told) for _, told in desk.told] == [1, 99, 1, 99]


def test_news_of_rules_do_not_wait_for_those_of_sources():
    desk = Desk()
    desk.look(NOW, trouble(SOURCE, "source"))
    assert desk.look(NOW + HOUR / 60, trouble(SOURCE, "source"), trouble()) == ["begins"]


def test_the_daily_notice_keeps_its_hour():
    desk, now = Desk(), NOW
    for hours in (0, 25, 23, 24, 25):
        now += timedelta(hours=hours)
        desk.look(now, trouble())
    assert desk.known[RULE].told_at.time() == NOW.time()


# ── in words ─────────────────────────────────────────────────────────────────────────────────────


def slack_text(notices):
    (block,) = compose_notices(notices, "slack")["full"]["blocks"]
    return block["text"]["text"]


def notice(key=RULE, kind="rule", step="begins", **more):
    return Notice(step=step, trouble=trouble(key, kind, **more))


def test_a_storm_is_one_short_message():
    storm = [notice(f"source s{n}", "source") for n in range(100)]
    payload = compose_notices(storm, "slack")
    assert f"and {100 - SHOWN} more sources" in payload["full"]["text"]
    assert f"and {100 - SHOWN} more sources" in slack_text(storm)
    lines = compose_notices(storm, "console")["full"]["lines"]
    assert len(lines) == SHOWN + 2


@pytest.mark.parametrize("detail", ["x" * 300, "<&>" * 100, "华" * 300])
def test_what_does_not_fit_is_counted_not_dropped(detail):
    kinds = ("queue", "lost", "rule", "source")
    many = [notice(f"{kind} {n}", kind, detail=detail) for kind in kinds for n in range(SHOWN)]
    text = slack_text(many)
    counted = sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("and "))
    assert text.count(":warning:") + counted == len(many)
    assert text.index("Queue") < text.index("more sources"), "what keeps alerts back comes first"


@pytest.mark.parametrize(
    "evil", ["<!channel> <http://e.example|x>", "a\x1b[31mb\x00\r\nc", "\u202eabc", "x" * 5_000, "&" * 5_000, "*_~`"]
)
def test_texts_from_outside_are_harmless(evil):
    notices = [notice(detail=evil, title=evil, remedy=evil) for _ in range(20)]
    payload = compose_notices(notices, "slack")
    for shape in ("full", "minimal"):
        assert fake_blocks.faults(payload[shape].get("blocks", [slack.section("x")])) == []
        assert len(payload[shape]["text"]) <= 4_000
        assert "<" not in payload[shape]["text"]
    assert "<" not in slack_text(notices)
    console = json.dumps(compose_notices(notices, "console"))
    assert "\\u001b" not in console
    assert "\\u202e" not in console


def test_good_news_alone_has_a_headline_of_its_own_and_comes_last_otherwise():
    over = [notice(step="over")]
    assert compose_notices(over, "slack")["full"]["text"].startswith("Presswatch is well again")
    both = compose_notices([*over, notice("source b", "source")], "slack")["full"]["text"].splitlines()
    assert both[0] == "Presswatch needs a look"
    assert [line.split(":")[0] for line in both[1:]] == ["Source B", "Over"]


def test_the_minimal_message_still_says_what_the_matter_is():
    payload = compose_notices([notice(detail="its test fails")], "console")
    assert len(payload["minimal"]["lines"]) == 2
    assert "its test fails" in compose_notices([notice(detail="its test fails")], "slack")["minimal"]["text"]
