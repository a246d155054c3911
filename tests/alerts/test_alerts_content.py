"""The content of an alert: who, when, why, the sentences with their marks, and the other outlets."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.alerts.content import SENTENCES, best_sentences, content
from bot.model import (
    Alert,
    AllOf,
    AnyOf,
    Article,
    Hit,
    InField,
    Mention,
    Meta,
    Near,
    News,
    Not,
    Outlet,
    Rule,
    Sentence,
    Source,
    Term,
)

RULES = {
    "curbs": Rule(id="curbs", title="Export curbs", expr=AnyOf(()), severity="high", theme="trade"),
    "names": Rule(id="names", title="Names", expr=AnyOf(()), severity="low"),
}
SOURCE = Source(id="wire", kind="feed", name="The Wire")
NOON = datetime(2023, 8, 29, 12, tzinfo=UTC)


def article(**changes):
    return Article(
        **{
            "source": "wire",
            "key": "1",
            "key_kind": "guid",
            "fingerprint": "f",
            "content_hash": "c",
            "title": "Curbs eased",
            "body": "Curbs were eased. Raimondo spoke.",
            "url": "https://wire.example/1",
            "tier": "wire",
            "published_at": NOON,
            "text_seen": "summary",
            **changes,
        }
    )


def hit(text, entity=None):
    return Hit(term=text, field="body", start=0, end=len(text), text=text, entity=entity, alias=entity and text)


def sentence(start, text="Curbs were eased.", spans=(), field="body"):
    return Sentence(field=field, start=start, end=start + len(text), text=text, spans=spans)


def mention(rule, hits=(), sentences=()):
    return Mention(rule=rule, rule_hash="h", hits=tuple(hits), sentences=tuple(sentences))


def alert(*rules, kind="first"):
    return Alert(story=5, destination="desk", kind=kind, article=9, rules=rules, severity="high")


def shown(*mentions, about=None, outlets=(), rules=RULES, **more):
    about = about or article()
    an_alert = replace(alert(*(m.rule for m in mentions)), **more)
    return content(an_alert, about, source=SOURCE, mentions=mentions, rules=rules, outlets=outlets)


def test_what_stands_on_top():
    found = shown(mention("curbs"))
    assert (found.headline, found.title_derived, found.url) == ("Curbs eased", False, "https://wire.example/1")
    assert (found.source, found.tier, found.published_at, found.text_seen) == ("The Wire", "wire", NOON, "summary")
    assert (found.kind, found.article, found.story, found.severity) == ("first", 9, 5, "high")


def test_without_a_title_the_text_speaks():
    found = shown(mention("curbs"), about=article(title="", body="Curbs\nwere eased " * 30))
    assert found.headline.startswith("Curbs were eased Curbs")
    assert len(found.headline) <= 120
    assert found.title_derived


def test_the_canonical_address_stands_in():
    assert shown(mention("curbs"), about=article(url=None, canonical_url="https://wire.example/c")).url == (
        "https://wire.example/c"
    )


def test_only_the_rules_of_the_alert_speak():
    both = [mention("names", [hit("Raimondo")]), mention("curbs", [hit("Curbs")])]
    found = content(alert("curbs"), article(), source=SOURCE, mentions=both, rules=RULES)
    assert [why.rule for why in found.why] == ["curbs"]


def test_the_most_severe_rule_comes_first_with_its_words():
    found = shown(
        mention("names", [hit("Raimondo", "raimondo"), hit("Raimondo", "raimondo"), hit("Gina\nRaimondo", "raimondo")]),
        mention("curbs", [hit("Curbs"), hit("curbs"), hit("entity list")]),
    )
    curbs, names = found.why
    assert (curbs.rule, curbs.title, curbs.theme, curbs.severity) == ("curbs", "Export curbs", "trade", "high")
    assert (curbs.terms, curbs.aliases) == (("Curbs", "entity list"), ())
    assert (names.terms, names.aliases) == ((), (("raimondo", "Raimondo"), ("raimondo", "Gina Raimondo")))


def test_a_rule_that_has_gone_is_shown_by_its_id():
    (why,) = shown(mention("older", [hit("Curbs")])).why
    assert (why.title, why.severity, why.terms) == ("older", "normal", ("Curbs",))


def test_every_rule_shows_its_best_sentence_before_any_shows_its_second():
    one = mention("curbs", sentences=[sentence(100), sentence(200), sentence(300)])
    two = mention("names", sentences=[sentence(400), sentence(500)])
    assert [s.start for s in best_sentences([one, two])] == [100, 200, 400]
    assert len(best_sentences([one, two])) == SENTENCES


def test_sentences_stand_in_reading_order_the_headline_first():
    found = best_sentences([mention("curbs", sentences=[sentence(50), sentence(0), sentence(10, field="title")])])
    assert [(s.field, s.start) for s in found] == [("title", 10), ("body", 0), ("body", 50)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([(0, 5)], [(6, 10)], ((0, 5), (6, 10))),
        ([(0, 5)], [(0, 5)], ((0, 5),)),
        ([(6, 10)], [(0, 7)], ((0, 10),)),
        ([(0, 5)], [(5, 9)], ((0, 9),)),
        ([(0, 9)], [(2, 4)], ((0, 9),)),
        ([], [(2, 4)], ((2, 4),)),
    ],
)
def test_one_sentence_of_two_rules_bears_the_marks_of_both(first, second, expected):
    one, two = (mention("curbs", sentences=[sentence(0, spans=tuple(spans))]) for spans in (first, second))
    found = best_sentences([one, two])
    assert [s.spans for s in found] == [expected]


@pytest.mark.parametrize(
    ("expr", "shown_terms"),
    [
        (AllOf((Term(text="chips"), Term(text="zinc"))), ("chips",)),
        (
            AllOf((Not(Term(text="tin")), Meta("tier", Term(text="wire")), Term(text="zinc"), Term(text="chips"))),
            ("zinc",),
        ),
        (AllOf((AllOf((Term(text="zinc"), Term(text="chips"))), Not(Term(text="tin")))), ("zinc",)),
        (AllOf((InField(Term(text="chips"), "title"), Term(text="zinc"))), ("chips",)),
        (AllOf((Near(Term(text="zinc"), Term(text="chips"), 5), Term(text="iron"))), ("zinc", "chips")),
        (Meta("tier", Term(text="wire")), ("zinc", "iron", "chips")),
    ],
    ids=["first", "after a Not and a fact", "query and none", "in a field", "both of a NEAR", "no word at all"],
)
def test_an_alert_names_the_words_that_a_query_is_about(expr, shown_terms):
    rules = {"query": Rule(id="query", title="Query", expr=expr)}
    (why,) = shown(mention("query", [hit("zinc"), hit("iron"), hit("chips")]), rules=rules).why
    assert why.terms == shown_terms


def outlet(source, url, name=""):
    return Outlet(source=source, name=name or source, url=url)


MEMBERS = (("b", 10, 9), ("c", 11, 11), ("d", 12, 11))  # name, article, the article whose words it carries
OWN = outlet("wire", "https://wire.example/1", SOURCE.name)


@pytest.mark.parametrize(
    ("outlets", "expected"),
    [
        pytest.param([OWN], [], id="alone"),
        pytest.param([OWN, outlet("b", "https://b.example/1")], ["b"], id="another"),
        pytest.param([outlet("b", "https://b.example/1"), OWN], ["b"], id="arrived before"),
        pytest.param([OWN, outlet("b", "https://b.example/1"), outlet("b", "https://b.example/2")], ["b"], id="twice"),
        pytest.param([OWN, outlet("wire", "https://wire.example/2", SOURCE.name)], [], id="its own second page"),
        pytest.param([OWN, outlet("wire", "https://c.example/2")], ["wire"], id="a source that holds many outlets"),
        pytest.param([OWN, outlet("b", None), outlet("b", None)], ["b"], id="one outlet without addresses"),
        pytest.param([OWN, outlet("b", "http://[broken")], ["b"], id="an address that is none"),
    ],
)
def test_the_other_outlets(outlets, expected):
    assert [o.source for o in shown(mention("curbs"), outlets=outlets).copies] == expected


def test_a_text_without_address_is_no_copy_of_itself():
    about = article(url=None, source="folder")
    outlets = [outlet("folder", None, SOURCE.name), outlet("folder", None, "Second Desk")]
    assert [o.name for o in shown(mention("curbs"), about=about, outlets=outlets).copies] == ["Second Desk"]
    assert shown(mention("curbs"), about=about, outlets=outlets[:1]).copies == ()


def test_an_article_that_names_its_outlet_is_shown_under_that_name():
    about = article(outlet="Second Desk", source="folder")
    outlets = [outlet("folder", about.url, "Second Desk"), outlet("folder", "https://c.example/1", "Third Desk")]
    found = shown(mention("curbs"), about=about, outlets=outlets)
    assert found.source == "Second Desk"
    assert [o.name for o in found.copies] == ["Third Desk"]


def test_outlets_with_words_of_their_own_are_reports():
    members = [(OWN, 9, 9), *((outlet(name, f"https://{name}.example/1"), *ids) for name, *ids in MEMBERS)]
    outlets = [replace(one, article=article, text=text) for one, article, text in members]
    found = shown(mention("curbs"), outlets=outlets, article=9)
    assert [one.source for one in found.copies] == ["b"]
    assert [one.source for one in found.reports] == ["c", "d"]
    other = shown(mention("curbs"), outlets=outlets, article=11)
    assert [one.source for one in other.copies] == ["c", "d"]
    assert [one.source for one in other.reports] == ["b"]


def test_a_new_fact_quotes_the_sentences_that_hold_it():
    held = Sentence(field="body", start=40, end=60, text="It is 10 % from now on.", spans=((6, 10),))
    facts = tuple(
        News(kind="change", value=text, text=text, reason="r", weight=0.85, sentence=held) for text in ("10 %", "9 %")
    )
    found = shown(mention("curbs"), kind="new fact", news=facts)
    assert (found.sentences, found.news) == ((held,), facts)
    assert shown(mention("curbs"), news=facts).sentences == shown(mention("curbs")).sentences
