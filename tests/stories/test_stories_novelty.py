"""What a later article brings: facts that are new, and everything that only looks like it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extract import facts
from bot.model import Article, Deadline, Facts, Quote
from bot.stories import novelty, stated
from bot.stories.novelty import WEIGHTS

PUBLISHED = datetime(2023, 8, 29, 9, tzinfo=UTC)
FIRST = """\
WASHINGTON, Aug 29 (Meridian) – The United States will put a 25 percent tariff on graphite from China, Commerce Secretary
Gina Raimondo said on Tuesday. The goods are worth US$370 billion a year. The department added 27 Chinese firms to its
list. The Bureau of Industry and Security (BIS) will publish the rule. Nexperia was mentioned, and so was minister Wang."""


def article(body, title="Washington plans a tariff on graphite", tier="outlet", published=PUBLISHED, **more):
    values = {"source": "s", "key": "k", "key_kind": "guid", "fingerprint": "f", "content_hash": "c"}
    return Article(**{**values, **more}, title=title, body=body, tier=tier, published_at=published)


def read(one, source=""):
    return stated(one, facts(one), source=source)


def news(body, *, first=FIRST, copied=False, edited=False, source="", **more):
    return novelty(read(article(body, **more), source), read(article(first)).facts, copied=copied, edited=edited)


def told(body, **more):
    return [(one.kind, one.text) for one in news(body, **more)]


# ── new ──────────────────────────────────────────────────────────────────────────────────────────

NEW = [
    ("the sentence names both figures", "The tariff was cut to 10% from 25%.", ("change", "25 % → 10 % (tariff)")),
    ("down from", "A 10 percent tariff on graphite, down from 25 percent.", ("change", "25 % → 10 % (tariff)")),
    ("from … to", "The rate goes from 25 per cent to 10 per cent.", ("change", "25 % → 10 %")),
    ("instead of", "It will be 10 percent instead of 25 percent.", ("change", "25 % → 10 %")),
    ("A, not B", "The tariff on graphite will be 10%, not 25%.", ("change", "25 % → 10 % (tariff)")),
    ("not B but A", "The tariff is not 25% but 10%.", ("change", "25 % → 10 % (tariff)")),
    ("in Chinese", "关税从25%降至10%。", ("change", "25 % → 10 %")),
    (
        "the same thing has another figure",
        "The tariff on graphite from China will be 10 percent.",
        ("change", "25 % → 10 % (tariff)"),
    ),
    ("the figure moves", "The tariff on graphite was lowered to 10 percent.", ("change", "25 % → 10 % (tariff)")),
    ("the noun alone, moved", "The tariff was raised to 100 percent.", ("change", "25 % → 100 % (tariff)")),
    ("a count", "It added 42 Chinese firms to its list.", ("change", "27 Chinese firms → 42 Chinese firms")),
    ("money", "The step costs makers $4.5 billion a year.", ("figure", "The step costs makers $4.5 billion a year")),
    ("a share", "China refines 90% of the graphite.", ("figure", "China refines 90% of the graphite")),
    ("a person with a title", "Trade Representative Katherine Tai agreed.", ("person", "Katherine Tai")),
    ("a person who speaks", "It is a mistake, said Ada Lindqvist, of a chamber.", ("person", "Ada Lindqvist")),
    ("a person with a role", "Jonas Weil, an analyst at a bank, was not surprised.", ("person", "Jonas Weil")),
    (
        "another person of one family name",
        "Minister Wang Wentao and Premier Li Qiang met. Premier Li Hui was there.",
        ("person", "Li Qiang"),
    ),
    (
        "an organisation",
        "The order was welcomed by the Harbour Carbon Institute.",
        ("organisation", "Harbour Carbon Institute"),
    ),
    ("a firm", "Makers such as Redwell Graphite Ltd lose by it.", ("organisation", "Redwell Graphite Ltd")),
    ("a coming day", "A decision is due on October 17.", ("date", "17 Oct 2023")),
    ("a document", "The rule is FR Doc. 2023-18650.", ("reference", "FR Doc. 2023-18650")),
    ("a case", "The case is A-570-601.", ("reference", "Case A-570-601")),
    ("an order", "It rests on Executive Order 14105.", ("reference", "EO 14105")),
    (
        "a correction",
        "Correction: An earlier version of this article misnamed the department.",
        ("correction", "Correction: An earlier version of this article misnamed the department."),
    ),
    (
        "a corrected figure",
        "Corrects the share to 52 per cent from 25 per cent in the first paragraph.",
        ("change", "25 % → 52 % (share)"),
    ),
    (
        "a figure that a correction puts beside another",
        "Correction: an earlier version gave the share as 25 per cent; it is 52 per cent.",
        ("change", "25 % → 52 %"),
    ),
    ("a note below", "All was said.\n\nThis story has been corrected to fix a name.", "correction"),
    ("in the lines of an official notice", "ACTION: Notice; extension of comment period.", "update"),
]


@pytest.mark.parametrize(("body", "expected"), [pytest.param(*row[1:], id=row[0]) for row in NEW])
def test_new(body, expected):
    found = told(body)
    assert expected in (found if isinstance(expected, tuple) else [kind for kind, _ in found])


TITLES = [
    ("CORRECTED: Washington plans a tariff on graphite", "correction", "Correction"),
    ("Correction – Washington plans a tariff on graphite", "correction", "Correction"),
    ("Tariff on Graphite From China; Correction", "correction", "Correction"),
    ("Certification of Stations, Part 145 of Title 14, CFR Correction", "correction", "Correction"),
    ("Tariff on Graphite: Extension of Comment Period", "update", "Extension announced"),
    ("Tariff on Graphite; Withdrawal", "update", "Withdrawal announced"),
    ("Washington withdraws its tariff on graphite", "update", "Withdrawal announced"),
]


@pytest.mark.parametrize(("title", "kind", "text"), TITLES, ids=[title for title, *_ in TITLES])
def test_a_headline_announces(title, kind, text):
    assert (kind, text) in told(FIRST, title=title)


def test_an_official_source_confirms():
    body = "The tariff on graphite from China is set at 25 percent."
    assert told(body, tier="official", source="Federal Register") == [("official", "Confirmed by the Federal Register")]
    assert told(body, tier="official", source="The Gazette") == [("official", "Confirmed by The Gazette")]
    assert told(body, tier="official", source="USTR") == [("official", "Confirmed by USTR")]
    assert told(body, tier="wire", source="Meridian") == []


def test_the_second_official_source_is_none():
    held = read(article(FIRST, tier="official")).facts
    assert novelty(read(article("The tariff is official.", tier="official")), held) == ()


def deadline(day, kind="effective", sentence="The rule takes effect then."):
    return Facts(deadlines=(Deadline(kind=kind, day=day, start=0, end=8, text="The rule", sentence=sentence),))


def test_a_day_that_counts_is_new_and_another_one_is_a_change():
    first, later = date(2023, 9, 1), date(2023, 10, 17)
    plain = read(article(FIRST)).facts
    (one,) = novelty(stated(article("It is set."), deadline(first)), plain)
    assert (one.kind, one.text, one.weight) == ("deadline", "Effective 1 Sep 2023", WEIGHTS["deadline"])
    held = stated(article(FIRST), deadline(first)).facts
    (two,) = novelty(stated(article("It is set."), deadline(later)), held)
    assert two.text == "Effective 1 Sep 2023 → 17 Oct 2023"
    assert novelty(stated(article("It is set."), deadline(first)), held) == ()
    (three,) = novelty(stated(article("It is set."), deadline(first, "comments")), held)
    assert three.text == "Comments until 1 Sep 2023"


def quote(text, speaker="Ada Lindqvist"):
    where = {"start": 0, "end": len(text), "spans": ((0, len(text)),), "speaker_start": 0, "speaker_end": 0}
    return Facts(quotes=(Quote(speaker=speaker, role="", text=text, **where),))


SAID = "We will look at every single load that leaves the port, and we will not be hurried."


def test_words_that_nobody_quoted_before():
    held = stated(article(FIRST), quote(SAID)).facts
    (new,) = novelty(
        stated(article("So it was."), quote("Nobody in this trade has asked for such a step, not even once.")), held
    )
    assert (new.kind, new.text.partition(":")[0]) == ("quote", "Ada Lindqvist")
    assert novelty(stated(article("So it was."), quote(SAID.replace("We", "we") + " Never.")), held) == ()
    assert novelty(stated(article("So it was."), quote("a mistake")), held) == ()


def test_a_sentence_holds_the_news_at_its_place():
    body = "Nothing happened at first. The tariff was cut to 10% from 25%. More follows."
    (one,) = news(body)
    assert one.sentence.text == "The tariff was cut to 10% from 25%."
    assert body[one.sentence.start : one.sentence.end] == one.sentence.text
    assert [one.sentence.text[a:b] for a, b in one.sentence.spans] == ["10%"]
    assert one.reason == "earlier articles have 25 %"


def test_the_weightiest_comes_first():
    body = "Jonas Weil, an analyst, said $4.5 billion is at stake. The tariff was cut to 10% from 25%."
    assert [one.kind for one in news(body, tier="official")] == ["official", "change", "figure", "person"]


# ── not new ──────────────────────────────────────────────────────────────────────────────────────

NOT_NEW = [
    ("the same percentage", "A tariff of 25% on graphite."),
    ("in words", "A tariff of twenty-five per cent on graphite."),
    ("the same money", "Goods worth $370bn."),
    ("the same money, spelled out", "Goods worth 370 billion dollars, or 3700亿美元."),
    ("rounded", "Goods worth about $370 billion."),
    ("a more exact figure", "Goods worth $369.8 billion."),
    ("firms are companies", "The list has 27 more Chinese companies."),
    ("the old figure alone", "The tariff of 25 percent was in doubt."),
    ("a lone number", "He gave 17 reasons and named 400."),
    ("a year", "The tariff of 2018 was another one, and that of 2019 too."),
    ("a few things", "Two companies and three countries are hit."),
    ("days of talks", "It came after two days of talks, and 90 days later all was done."),
    ("a family name after the full name", "Raimondo flies home. Secretary Raimondo spoke."),
    ("the full name with an initial", "Commerce Secretary Gina M. Raimondo spoke."),
    ("the full name after the family name", "Commerce Minister Wang Wentao met her."),
    ("an organisation by its letters", "BIS will publish it. BIS said so."),
    ("an organisation whose letters were there", "The Bureau of Industry and Security, BIS, said so."),
    ("a firm with its ending", "Nexperia Holdings Ltd lost."),
    ("a weekday", "It was said on Wednesday and on Friday."),
    ("a month", "It comes in November."),
    ("today's date", "It came on August 29, 2023."),
    ("a past day", "Talks began on March 3, 2021."),
    ("the weather", "It rained, with a 40% chance of rain on the day and 31 degrees Celsius."),
    ("the markets in passing", "Shares of makers fell 3.1%. The S&P 500 closed 0.4% lower."),
    ("what a firm is", "Nexperia, founded in 1987, employs about 14,000 people and is headquartered in 3 countries."),
    ("what belongs to the page", "© 2023. Subscribe for $1 a week. Reporting by Ada Lindqvist; editing by Jonas Weil."),
    ("another thing with a figure that is known", "Imports of steel fell by 25 percent."),
    ("people without a title", "In New York the streets were empty, and Old Harbour slept."),
    ("an update of the wire is only more text", "Nothing is new."),
    ("a delay that others announce", "Carriers spoke of a delay and of corrections."),
    ("nothing at all", ""),
]


@pytest.mark.parametrize("body", [pytest.param(row[1], id=row[0]) for row in NOT_NEW])
def test_not_new(body):
    assert told(body) == []


UNCERTAIN = [
    ("another product", "A tariff of 10 percent on aluminium is planned."),
    (
        "two figures for one thing",
        "The tariff on graphite will be 10 percent. The tariff on graphite may be 50 percent.",
    ),
    (
        "the old one still stands",
        "The tariff on graphite of 25 percent stays; some pay a tariff on graphite of 10 percent.",
    ),
    ("another verb", "Exports of graphite fell 10 percent."),
    ("a figure nobody had", "The fee was cut to 10% from 15%."),
]


@pytest.mark.parametrize("body", [pytest.param(row[1], id=row[0]) for row in UNCERTAIN])
def test_a_figure_is_called_changed_only_where_that_is_certain(body):
    assert "change" not in {kind for kind, _ in told(body)}


def test_plain_headlines_announce_nothing_of_themselves():
    for title in (
        "Stocks near a correction",
        "Chips: delay hits makers",
        "Makers amend contracts",
        "Graphite – update of prices",
    ):
        assert all(one.weight < 0.75 for one in news(FIRST, title=title)), title


def test_a_copy_brings_nothing_but_a_correction_and_the_weight_of_its_source():
    body = "Correction: the name was wrong. A tariff of 10 percent, said Jonas Weil. Goods worth $4.5 billion."
    assert [one.kind for one in news(body, copied=True)] == ["correction"]
    assert [one.kind for one in news(FIRST, copied=True, tier="official")] == ["official"]
    read_short = stated(article(body), copied=True)
    assert novelty(read_short, read(article(FIRST)).facts, copied=True) == news(body, copied=True)


def test_a_note_in_an_edited_article_weighs_more_than_a_wires_update():
    body = "This story has been updated with comments."
    (wire,), (edited,) = news(body), news(body, edited=True)
    assert wire.weight < 0.75 < edited.weight


def test_a_story_that_holds_nothing_has_no_news():
    assert novelty(read(article(FIRST)), ()) == ()


# ── properties ───────────────────────────────────────────────────────────────────────────────────

WAYS = [
    ("{} percent", "{}%", "{} per cent", "{} %"),
    ("US${} billion", "${}bn", "{} billion dollars", "USD {} billion", "{}0亿美元"),
    ("€{} million", "{} million euros", "EUR {}mn"),
]
figures = st.tuples(st.sampled_from(WAYS), st.integers(10, 99))
SENTENCES = ("The share is {}.", "Goods worth {} came in.", "It costs {} a year, they said.")


@given(st.lists(st.tuples(figures, st.sampled_from(SENTENCES)), min_size=1, max_size=5), st.data())
def test_figures_written_differently_are_not_new_whichever_came_first(stated_ones, data):
    def written():
        return " ".join(
            sentence.format(data.draw(st.sampled_from(ways)).format(number)) for (ways, number), sentence in stated_ones
        )

    one, two = written(), written()
    assert told(two, first=one) == []
    assert told(one, first=two) == []


PARTS = [body for _, body, *_ in NEW] + [body for _, body in NOT_NEW] + [FIRST]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6), st.sampled_from(["outlet", "official"]))
def test_an_article_brings_nothing_new_to_itself(parts, tier):
    own = read(article("\n\n".join(parts), tier=tier))
    assert novelty(own, own.facts) == ()


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6))
def test_what_is_asked_for_is_all_that_matters(parts):
    """The store looks up only these values and topics of what a story holds."""
    held, new = read(article(FIRST)).facts, read(article("\n\n".join(parts)))
    some = [fact for fact in held if fact.value in new.asks or fact.topic in new.topics]
    assert novelty(new, some) == novelty(new, held) or not some


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    own = read(article(text, title=text[:50]))
    assert all(len(fact.value) <= 200 and fact.value.isprintable() for fact in own.facts)
    assert novelty(own, own.facts) == ()
