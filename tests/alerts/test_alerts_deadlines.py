"""Days to come: each once, in every form of a digest, and as a calendar that a program reads back."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.parser import BytesParser

import pytest
from digest_samples import DIGEST, NOW, RULES, WINDOW, matched, material
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.coming import coming
from bot.alerts.compose import compose_digest
from bot.alerts.deadline_words import HEADING, MOST
from bot.alerts.digest_content import digest_content
from bot.alerts.digest_html import LIMIT, html
from bot.alerts.digest_mail import mail
from bot.alerts.digest_text import WIDTH, is_empty, text
from bot.alerts.ics import calendar
from bot.model import DatedArticle, Deadline
from bot.text import columns

DAY = date(2026, 12, 18)


def dated(
    article=1, *, kind="comments", day=DAY, derived="", sentence="Comments are due by December 18, 2026.", **more
):
    values = {
        "article": article,
        "story": article,
        "source": "wire",
        "key": f"k{article}",
        "source_name": "The Wire",
        "outlet": "",
        "title": f"Rule {article}",
        "title_derived": False,
        "url": f"https://wire.example/{article}",
        "canonical_url": f"https://wire.example/{article}",
        "tier": "outlet",
        "published_at": NOW,
        "rules": ("tariffs",),
    }
    deadline = Deadline(kind=kind, day=day, start=0, end=1, text="D", sentence=sentence, derived=derived)
    return DatedArticle(deadline=deadline, **{**values, **more})


def days(*told, wanted=lambda _: True):
    return coming(told, RULES, wanted)


def content(*told, members=(), digest=DIGEST, **more):
    return digest_content(digest, WINDOW, material(*members, deadlines=told, **more), RULES)


# ── each day once ────────────────────────────────────────────────────────────────────────────────


def test_one_story_tells_of_a_day_once_by_its_best_source():
    reprint, official = dated(1, story=7), dated(2, story=7, tier="official", outlet="Register", rules=("rare",))
    (one,) = days(reprint, official)
    assert (one.article, one.source, one.headline, one.rules) == (2, "Register", "Rule 2", ("rare", "tariffs"))
    assert (one.severity, one.themes) == ("high", ("critical-minerals", "us-china-trade"))


def test_what_is_written_goes_before_what_was_reckoned():
    reckoned, written = dated(1, story=7, tier="official", derived="60 days after"), dated(2, story=7)
    assert [one.derived for one in days(reckoned, written)] == [""]


def test_other_stories_kinds_and_days_stand_apart():
    assert len(days(dated(1), dated(2), dated(1, kind="hearing"), dated(1, day=DAY + timedelta(days=1)))) == 4


def test_the_soonest_comes_first_then_the_most_severe():
    low, high = dated(1, rules=("chips",)), dated(2, rules=("tariffs",))
    sooner = dated(3, day=DAY - timedelta(days=1), rules=("chips",))
    assert [one.article for one in days(low, high, sooner)] == [3, 2, 1]


def test_only_wanted_rules_bring_days_and_a_rule_that_is_gone_is_normal():
    told = days(dated(1, rules=("pots",)), dated(2, rules=("gone",)), wanted=lambda rule: rule == "gone")
    assert [(one.article, one.severity, one.themes) for one in told] == [(2, "normal", ())]


def test_the_uid_stays_whoever_joins_and_wherever_it_is_stored():
    (alone,) = days(dated(5, story=7))
    (joined,) = days(dated(9, story=7, tier="official"), dated(5, story=7))
    (elsewhere,) = days(replace(dated(5, story=7), article=1, story=2))
    assert alone.uid == joined.uid == elsewhere.uid
    (other_day,) = days(dated(5, story=7, day=DAY + timedelta(days=1)))
    assert other_day.uid != alone.uid


# ── in a digest ──────────────────────────────────────────────────────────────────────────────────


def test_a_digest_lists_the_days_of_its_themes():
    kitchen = replace(DIGEST, themes=("kitchen",))
    told = content(dated(1), dated(2, rules=("pots",)), digest=kitchen)
    assert [one.article for one in told.deadlines] == [2]


def test_days_alone_are_no_news():
    assert is_empty(content(dated()))


def test_every_form_tells_when_what_and_where():
    told = content(dated(derived="30 days after publication on 2026-11-18"), members=[matched()])
    forms = [text(told), html(told).html, str(compose_digest(told, "slack")), str(compose_digest(told, "console"))]
    forms = [" ".join(form.split()) for form in forms]
    for form in forms:
        assert HEADING in form
        for part in ("Fri 18 Dec 2026", "comments due", "Rule 1", "https://wire.example/1"):
            assert part in form
    assert all("30 days after publication" in forms[number] for number in (0, 1, 3))
    assert "“Comments are due by December 18, 2026.” (The Wire)" in forms[0]


def test_without_days_no_form_has_the_heading():
    told = content(members=[matched()])
    forms = [text(told), html(told).html, str(compose_digest(told, "slack")), str(compose_digest(told, "console"))]
    assert not any(HEADING in form for form in forms)


def test_many_days_are_counted_and_the_limits_hold():
    told = content(*(dated(number, title="號" * 300, sentence="號" * 400) for number in range(1, MOST + 15)))
    assert "and 14 more deadlines: presswatch deadlines" in text(told)
    page = html(told).html
    assert page.count('class="day"') == MOST
    assert len(page.encode()) <= LIMIT
    assert all(columns(line) <= WIDTH for line in text(told).splitlines() if "http" not in line)
    assert len(str(compose_digest(told, "slack")["full"]["blocks"])) < 13_000


def test_what_comes_from_outside_stays_text():
    evil = '<script>alert(1)</script>"><!channel> <a|b>'
    told = content(dated(title=evil, sentence=evil, outlet=evil, url="javascript:alert(1)", canonical_url=None))
    page = html(told).html
    assert "<script>" not in page
    assert "javascript:" not in page
    assert "<!channel>" not in str(compose_digest(told, "slack"))


def sent(told):
    return mail(told, sender="p@example.org", recipient="d@example.org", message_id="<a@example.org>", at=NOW)


def test_the_mail_carries_the_calendar():
    told = content(dated(), members=[matched()])
    read = BytesParser(policy=policy.default).parsebytes(sent(told))
    (attached,) = read.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("deadlines.ics", "text/calendar")
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_payload(decode=True) == calendar(told.deadlines, NOW)


def test_a_mail_without_days_carries_none():
    read = BytesParser(policy=policy.default).parsebytes(sent(content(members=[matched()])))
    assert list(read.iter_attachments()) == []


# ── the calendar ─────────────────────────────────────────────────────────────────────────────────


def entries(file):
    """The entries of a calendar, read as RFC 5545 says: unfolded, each line a name with parameters and a value."""
    assert file.endswith(b"\r\n")
    lines = file.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    unfolded = b"\r\n".join(lines).replace(b"\r\n ", b"").decode().split("\r\n")
    assert (unfolded[0], unfolded[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found = []
    for line in unfolded:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1].setdefault(name.partition(";")[0], value)
    return found


def plain(value):
    """A value of the type TEXT without its escapes."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_an_entry_is_a_whole_day_that_takes_up_no_time():
    (one,) = days(dated())
    (entry,) = entries(calendar([one], datetime(2026, 11, 27, 13, 30, tzinfo=UTC)))
    assert (entry["DTSTART"], entry["DTEND"], entry["TRANSP"]) == ("20261218", "20261219", "TRANSPARENT")
    assert (entry["UID"], entry["DTSTAMP"]) == (one.uid, "20261127T133000Z")
    assert plain(entry["SUMMARY"]) == "Comments due: Rule 1"
    assert plain(entry["DESCRIPTION"]).splitlines() == [
        "Comments are due by December 18, 2026. – The Wire",
        "https://wire.example/1",
    ]
    assert entry["URL"] == "https://wire.example/1"


def test_no_days_are_an_empty_calendar():
    assert entries(calendar([], NOW)) == []


@pytest.mark.parametrize(
    "headline", ["a;b,c\\d", "line\nBEGIN:VEVENT", "號" * 120, "END:VCALENDAR\r\nX:1", "a\\nb", "\ud800"]
)
def test_any_headline_comes_back_whole(headline):
    (entry,) = entries(calendar(days(dated(title=headline)), NOW))
    shown = " ".join(headline.replace("\ud800", "\ufffd").split())
    assert plain(entry["SUMMARY"]) == f"Comments due: {shown}"


@given(st.text(max_size=120), st.text(max_size=200))
def test_any_text_makes_one_entry(headline, sentence):
    (entry,) = entries(calendar(days(dated(title=headline, sentence=sentence)), NOW))
    assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= entry.keys()
