"""Who said what in a digest: a few quotations of a story, in the text and on the page."""

from dataclasses import replace

from digest_samples import DIGEST, RULES, WINDOW, matched, material, mention

from bot.alerts.digest_content import digest_content
from bot.alerts.digest_html import html
from bot.alerts.digest_text import text
from bot.model import Quote


def quote(speaker="Ann Lee", said="The pots of tomorrow will be dearer than those of today", role="a trader at Arden"):
    return Quote(
        speaker=speaker, role=role, text=said, start=0, end=len(said), spans=((0, len(said)),), speaker_start=0, speaker_end=1
    )  # fmt: skip


def content(*members):
    return digest_content(DIGEST, WINDOW, material(*members), RULES)


def said(*members):
    (story,) = content(*members).stories
    return [(one.speaker, one.text) for one in story.said]


def test_words_and_speaker_are_in_the_text_and_on_the_page_with_their_story():
    told = content(matched(quotes=(quote(),)))
    lines = text(told)[text(told).index("Who said what") :].splitlines()
    assert lines[2:5] == [
        "* “The pots of tomorrow will be dearer than those of today” – Ann Lee, a",
        "  trader at Arden",
        "    In: A tariff on pots",
    ]
    page = html(told).html
    assert ">Who said what<" in page
    assert "dearer than those of today” – <b>Ann Lee</b>, a trader at Arden" in page


def test_nothing_is_shown_where_nobody_is_quoted():
    assert "Who said what" not in text(content(matched()))
    assert "Who said what" not in html(content(matched())).html


def test_named_people_with_a_role_come_before_offices():
    office, person = (
        quote("ministry", role=""),
        quote("Bo Xu", "This helps nobody who sells pots in winter or in spring"),
    )
    other = quote("Cy Day", "We sell what we have got, and we have got a lot of it", role="")
    assert said(matched(quotes=(office, other, person))) == [("Cy Day", other.text), ("Bo Xu", person.text)]


def test_each_speaker_once_and_no_words_that_are_shown_already():
    again = quote(said="Nobody bought a pot before this week, and now they all do")
    assert said(matched(quotes=(quote(), again))) == [("Ann Lee", quote().text)]
    shown = quote(said="tariff on pots is coming")
    assert said(matched(quotes=(shown,))) == []


def test_a_copy_adds_nothing_and_another_member_does():
    lead = matched(1, quotes=(quote(),))
    copy = matched(2, story=1, kind="copy", quotes=(quote("Eve Fox"),))
    member = matched(
        3,
        story=1,
        kind="same story",
        quotes=(quote("Eve Fox", "Pots are what people buy when they are afraid of pans"),),
    )
    assert [speaker for speaker, _ in said(lead, copy)] == ["Ann Lee"]
    assert [speaker for speaker, _ in said(lead, member)] == ["Ann Lee", "Eve Fox"]


def test_outside_text_is_escaped_and_long_words_are_cut():
    wild = quote("<b>Bo</b> Xu", "x " * 400 + "end")
    told = content(matched(quotes=(wild,)))
    page = html(told).html
    assert "<b>Bo" not in page
    assert "end”" not in page
    assert "x …”" in page or "x…”" in page


def test_where_a_mail_must_be_short_words_of_quiet_stories_are_left_out():
    low = replace(matched(rules=("chips",), quotes=(quote(),)), mentions=(mention("chips"),))
    told = content(low)
    whole = len(html(told).html.encode())
    page = html(told, limit=whole - 1)
    assert page.shortened
    assert "Ann Lee" not in page.html
