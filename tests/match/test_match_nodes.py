"""What is near, together, in a field, counted or known of an article, case by case."""

import pytest
from makers import article, count, either, fact, far, near, term

from bot.match import Matcher
from bot.model import (
    Alias,
    AllOf,
    AnyOf,
    AtLeast,
    CountOf,
    InField,
    Not,
    NotNear,
    Rule,
    Term,
    Together,
)


def found(expr, body, title="", more=None, **restrictions):
    """The words that make an expression true, None if it is not."""
    one = Rule(id="r", title="", expr=term(expr), **restrictions)
    mentions = Matcher([one]).match(article(body, title, **(more or {})))
    return [hit.text for mention in mentions for hit in mention.hits] if mentions else None


def in_any_order(words):
    return words and sorted(words)


# ── near ─────────────────────────────────────────────────────────────────────────────────────────

NEAR = [
    (near("tin", "zinc", 0), "tin zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 0), "zinc-tin", ["zinc", "tin"]),
    (near("tin", "zinc", 0), "zinc or tin", None),
    (near("tin", "zinc", 2), "tin state-owned zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 1), "tin state-owned zinc", None),
    (near("tin", "zinc", 3), "tin 出口管 zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 2), "tin 出口管 zinc", None),
    (near("tin", "zinc", 1), "tin U.S. zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 1), "tin 1,000 zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 9), "tin\n\nzinc", None),
    (near("tin", "zinc", 0), "tin.\nZinc", ["tin", "Zinc"]),
    (near("tin", "zinc", 0, ordered=True), "tin zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 0, ordered=True), "zinc tin", None),
    # only those that have a partner are shown, and of several the nearest is asked
    (near("tin", "zinc", 0), "tin a b tin zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 0), "zinc tin a zinc b tin", ["zinc", "tin"]),
    (near("tin", "zinc", 0), "tin\n\ntin zinc", ["tin", "zinc"]),
    (near("tin", "zinc", 1), "zinc a b tin a zinc a b tin", ["tin", "zinc"]),
    (near("tin", "zinc", 1, ordered=True), "zinc tin zinc tin", ["tin", "zinc"]),
    # one word is no partner of itself, and none of a phrase that holds it
    (near("tin", "tin", 5), "tin", None),
    (near("tin", "tin", 0), "tin tin", ["tin", "tin"]),
    (near("tin", "tin*", 5), "tin", None),
    (near("tin ore", "ore", 5), "tin ore", None),
    (near("tin ore", "ore", 5), "tin ore and ore", ["tin ore", "ore"]),
    # a phrase counts as one word
    (near("tin ore", "zinc oxide", 0), "zinc oxide, tin ore", ["zinc oxide", "tin ore"]),
    (near(either("tin", "lead"), either("zinc", either("iron")), 0), "a lead iron", ["lead", "iron"]),
]


@pytest.mark.parametrize(("expr", "body", "expected"), NEAR)
def test_near(expr, body, expected):
    assert found(expr, body) == expected


def test_near_never_reaches_from_the_title_into_the_body():
    assert found(near("tin", "zinc", 9), "zinc", "tin") is None


FAR = [
    (far("tin", "song", 1), "tin", ["tin"]),
    (far("tin", "song", 1), "tin a song", None),
    (far("tin", "song", 1), "song a tin", None),
    (far("tin", "song", 1), "tin a b song", ["tin"]),
    (far("tin", "song", 1), "tin song a b tin", ["tin"]),
    (far("tin", "song", 1), "tin\n\nsong", ["tin"]),
    (far("tin", "song", 1), "song", None),
    # inside the occurrence it is no neighbour, overlapping it otherwise it is
    (far("tin ore", "ore", 5), "tin ore", ["tin ore"]),
    (far("tin ore", "ore", 5), "tin ore and ore", None),
    (far("tin ore", "ore song", 0), "tin ore song", None),
    (far("ore", "tin ore", 0), "tin ore", None),
    (far("tin", "tin", 5), "tin", ["tin"]),
    # the long one that began earlier is nearer than the short one in it
    (far("tin", either("ore song pit mine", "song"), 0), "ore song pit mine tin", None),
    (far("tin", either("ore song pit mine", "song"), 0), "ore song pit mine a tin", ["tin"]),
]


@pytest.mark.parametrize(("expr", "body", "expected"), FAR)
def test_not_near(expr, body, expected):
    assert found(expr, body) == expected


def test_what_must_not_be_near_is_looked_for_as_a_not_looks():
    one = far("tin", "song", 1)
    assert found(one, "tin song", where=("lead:1",)) is None
    assert found(one, "tin song book", mask=(Term(text="song book"),)) == ["tin"]
    assert found(one, "tin song", not_near=(NotNear(term=(term("song"),), of=(term("tin"),), within=5),)) is None
    assert found(InField(one, "lead:1"), "tin song") == ["tin"]


def test_what_a_not_sees_is_the_same_within_a_not():
    for part in (far("tin", "song", 1), AllOf((term("tin"), Not(term("song"))))):
        one = AllOf((term("zinc"), Not(part)))
        assert found(one, "zinc tin song", where=("lead:1",)) == ["zinc"]
        assert found(one, "zinc tin", where=("lead:1",)) is None


# ── together ─────────────────────────────────────────────────────────────────────────────────────

TOGETHER = [
    ("sentence", "Tin is up and zinc is down.", ["Tin", "zinc"]),
    ("sentence", "Tin is up. Zinc is down.", None),
    ("sentence", "Tin of Mr. Zinc.", ["Tin", "Zinc"]),
    ("sentence", "Tin\nzinc", ["Tin", "zinc"]),
    ("sentence", "Tin\n\nzinc", None),
    ("sentence", "Tin。Zinc", None),
    ("sentence", "Tin. Zinc, tin. Zinc. Tin", ["Zinc", "tin"]),
    ("paragraph", "Tin is up. Zinc is down.", ["Tin", "Zinc"]),
    ("paragraph", "Tin is up.\n\nZinc is down.", None),
    ("paragraph", "Tin.\nZinc.", ["Tin", "Zinc"]),
    ("paragraph", "Tin", None),
]


@pytest.mark.parametrize(("unit", "body", "expected"), TOGETHER)
def test_together(unit, body, expected):
    assert found(Together(Term(text="tin"), Term(text="zinc"), unit), body) == expected


@pytest.mark.parametrize("unit", ["sentence", "paragraph"])
def test_a_title_is_one_sentence_and_one_paragraph_and_not_the_bodys(unit):
    one = Together(Term(text="tin"), Term(text="zinc"), unit)
    assert found(one, "", "Tin up. Zinc down.") == ["Tin", "Zinc"]
    assert found(one, "Zinc", "Tin") is None


def test_those_that_overlap_are_not_together():
    one = Together(Term(text="tin ore"), Term(text="ore"), "sentence")
    assert found(one, "Tin ore.") is None
    assert found(one, "Ore and tin ore.") == ["Ore", "tin ore"]
    assert found(one, "Tin ore and ore.") == ["Tin ore", "ore"]
    other = Together(either("ore", "tin"), term("tin ore"), "sentence")
    assert found(other, "Tin ore.") is None
    assert found(other, "Ore, tin ore, tin.") == ["Ore", "tin ore", "tin"]


def test_a_phrase_over_two_sentences_is_in_the_one_in_which_it_begins():
    one = Together(Term(text="tin c++ Zinc"), Term(text="ore"), "sentence")
    body = "Ore, tin c++. Zinc"
    assert found(one, body) is None
    phrase = Together(Term(text="Inc. The"), Term(text="ore"), "sentence")
    assert found(phrase, "Ore Inc. The end") == ["Ore", "Inc. The"]
    assert found(phrase, "Tin Inc. The ore") is None


# ── fields ───────────────────────────────────────────────────────────────────────────────────────

FIELDS = [
    (InField(term("tin"), "title"), "tin", "tin", ["tin"]),
    (InField(term("tin"), "title"), "tin", "zinc", None),
    (InField(term("tin"), "body"), "zinc", "tin", None),
    (InField(term("tin"), "lead:2"), "a tin", "", ["tin"]),
    (InField(term("tin"), "lead:2"), "a b tin", "", None),
    (InField(term("tin ore"), "lead:2"), "a tin ore", "", None),
    (InField(term("tin"), "lead"), "a " * 59 + "tin", "", ["tin"]),
    (InField(term("tin"), "lead"), "a " * 60 + "tin", "", None),
    # a Not looks at the whole article, in a field at the field
    (AllOf((term("tin"), Not(term("song")))), "tin", "song", None),
    (InField(AllOf((term("tin"), Not(term("song")))), "body"), "tin", "song", ["tin"]),
    (AllOf((term("tin"), Not(InField(term("song"), "title")))), "tin song", "", ["tin"]),
    (AllOf((term("tin"), Not(InField(term("song"), "title")))), "tin", "song", None),
    (InField(InField(term("tin"), "lead:2"), "body"), "a tin tin", "tin", ["tin"]),
    (InField(near("tin", "zinc", 5), "lead:2"), "a tin zinc", "", None),
    (InField(CountOf(2, (term("tin"), term("zinc"))), "title"), "zinc", "tin", None),
    (InField(AtLeast(2, term("tin")), "title"), "tin", "tin", None),
    (InField(AtLeast(2, term("tin")), "title"), "", "tin tin", ["tin", "tin"]),
]


@pytest.mark.parametrize(("expr", "body", "title", "expected"), FIELDS)
def test_fields(expr, body, title, expected):
    assert found(expr, body, title) == expected


def test_fields_and_where_restrict_together():
    assert found(InField(term("tin"), "body"), "tin", "tin", where=("title",)) is None
    assert found(InField(term("tin"), "body"), "a tin tin", where=("lead:2",)) == ["tin"]
    # of a Not only the field around it asks, not the rule's own
    one = AllOf((term("zinc"), Not(InField(term("tin"), "body"))))
    assert found(one, "tin", "zinc", where=("title",)) is None


@pytest.mark.parametrize(
    ("body", "title", "expected"),
    [
        ("Tin is up. Tin is down.", "Tin is up.", ["Tin"]),
        ("Zinc is up. Tin is down.", "Zinc is up.", None),
        ("Tin is up and down and up. Tin.", "Tin is up and …", ["Tin"]),
        ("Tin\nis up. Tin.", "Tin is up.", ["Tin"]),  # not found as it stands: the first sentence
        ("", "Tin is up.", ["Tin"]),
    ],
)
def test_a_derived_title_is_looked_for_where_the_body_says_it(body, title, expected):
    assert found(InField(term("tin"), "title"), body, title, {"title_derived": True}) == expected


# ── counts ───────────────────────────────────────────────────────────────────────────────────────


COUNTS = [
    (count(2, "tin", "zinc", "iron"), "zinc and iron", ["zinc", "iron"]),
    (count(2, "tin", "zinc", "iron"), "iron and iron", None),
    (count(1, "tin"), "zinc", None),
    (count(1, "tin", "zinc oxide"), "tin", ["tin"]),
    (count(2, "tin", "zinc oxide", "iron ore"), "tin, iron ore", ["tin", "iron ore"]),
    # two parts that find the same word are one, at two words they are two
    (count(2, "tin", "tin*"), "tin", None),
    (count(2, "tin", "tin*"), "tin tins", ["tin", "tin", "tins", "tins"]),
    (count(3, "tin", "tin", "tin"), "tin tin", None),
    (count(3, "tin", "tin", "tin"), "tin tin tin", ["tin"] * 3),
    # the first part takes the only place of the second unless it is moved on
    (count(2, either("tin", "zinc"), "tin"), "tin zinc", ["tin", "zinc"]),
    (count(2, "tin", either("tin", "zinc")), "tin zinc", ["tin", "zinc"]),
    # a chain of three moves
    (
        count(4, either("tin", "zinc"), either("zinc", "iron"), either("iron", "lead"), "tin"),
        "tin zinc iron lead",
        ["tin", "zinc", "iron", "lead"],
    ),
    (count(4, either("tin", "zinc"), either("zinc", "iron"), either("iron", "tin"), "tin"), "tin zinc iron", None),
    # more parts than places among some of them, and enough without these
    (count(3, "tin", "tin", "tin", "zinc", "iron"), "tin zinc iron", ["tin", "zinc", "iron"]),
    (count(4, "tin", "tin", "tin", "zinc", "iron"), "tin zinc iron", None),
    # a phrase and the words in it are one place
    (count(2, "tin ore", "ore"), "tin ore", None),
    (count(2, "tin", "ore", "tin ore"), "tin ore", None),
    (count(2, "tin", "ore"), "tin ore", ["tin", "ore"]),
    (count(2, "tin ore", "ore"), "ore, tin ore", ["ore", "tin ore", "ore"]),
    # of a chain of overlaps the leftmost stands, then the next that is clear of it
    (count(2, "a tin ore", "ore mine", "mine pit"), "a tin ore mine pit", ["a tin ore", "ore mine", "mine pit"]),
    (count(3, "a tin ore", "ore mine", "mine pit"), "a tin ore mine pit", None),
    # a hit over two places may take either
    (count(2, "a tin", "tin zinc", "zinc a"), "a tin zinc a", ["a tin", "tin zinc", "zinc a"]),
    # without a space between them they stand beside each other and do not overlap
    (count(3, "公司", "公司", either("出口", "管制")), "出口管制公司", None),
    (count(3, "公司", "管制", either("出口", "管制")), "出口管制公司", ["出口", "管制", "公司"]),
    # what is near counts with all its words
    (count(2, near("tin", "zinc", 1), "tin"), "tin zinc", ["tin", "zinc"]),
    (count(2, near("tin", "zinc", 1), "iron"), "tin a b zinc iron", None),
    (count(2, far("tin", "song", 1), "zinc"), "tin song zinc", None),
]


@pytest.mark.parametrize(("expr", "body", "expected"), COUNTS)
def test_n_of(expr, body, expected):
    assert in_any_order(found(expr, body)) == in_any_order(expected)


def test_an_entity_is_one_part_whatever_it_is_called():
    aliases = [Term(text=text, entity="tin", alias=Alias(text=text)) for text in ("tin", "stannum")]
    entity = AnyOf(tuple(aliases), "@tin")
    assert found(count(2, entity, "zinc"), "tin and stannum") is None
    assert found(count(2, entity, "zinc"), "stannum and zinc") == ["stannum", "zinc"]


AT_LEAST = [
    (AtLeast(2, term("tin")), "tin", None),
    (AtLeast(2, term("tin")), "tin and tins", ["tin", "tins"]),
    (AtLeast(2, either("tin", "zinc")), "tin zinc", ["tin", "zinc"]),
    (AtLeast(2, either("tin ore", "ore")), "tin ore", None),
    (AtLeast(2, either("tin ore", "ore", "tin")), "tin ore ore", ["tin ore", "tin", "ore", "ore"]),
]


@pytest.mark.parametrize(("expr", "body", "expected"), AT_LEAST)
def test_at_least(expr, body, expected):
    assert in_any_order(found(expr, body)) == in_any_order(expected)


def test_title_and_body_count_together():
    assert found(AtLeast(2, term("tin")), "tin", "tin") == ["tin", "tin"]
    assert found(count(2, "tin", "tin"), "tin", "tin") is not None


# ── facts ────────────────────────────────────────────────────────────────────────────────────────


FACTS = [
    (fact("author", "jose"), {"author": "By José Green, Zürich"}, True),
    (fact("author", "José Green"), {"author": "By José Green"}, True),
    (fact("author", "José"), {"author": "Jose Green"}, False),
    (fact("author", "green"), {"author": "Greenwood"}, False),
    (fact("author", "green*", "wildcard"), {"author": "Ann Greenwood"}, True),
    (fact("author", "gr?en", "wildcard"), {"author": "Ann Green"}, True),
    (fact("author", "Green", "exact"), {"author": "ann green"}, False),
    (fact("author", "Green", "exact"), {"author": "Ann Green's desk"}, True),
    (fact("author", "greenw(oo|al)d", "regex"), {"author": "Ann Greenwood"}, True),
    (fact("author", "green"), {"author": ""}, False),
    (fact("source", "one"), {"source": "one"}, True),
    (fact("source", "one"), {"source": "one-more"}, False),
    (fact("tier", "official"), {"tier": "official"}, True),
    (fact("tier", "official"), {"tier": "wire"}, False),
    (fact("lang", "zh"), {"lang": "zh-Hans"}, True),
    (fact("lang", "en-US"), {"lang": "en_GB"}, True),
    (fact("lang", "zh"), {"lang": "en"}, False),
    (fact("url", "/press/"), {"url": "https://a.test/PRESS/1"}, True),
    (fact("url", "A.TEST/press"), {"url": "https://a.test/press/1"}, True),
    (fact("url", "press"), {"url": "https://a.test/expressly"}, True),
    (fact("url", "/press/"), {"url": "https://a.test/news"}, False),
    (fact("url", "/press/"), {"url": None}, False),
    (fact("url", "/press/"), {"url": None, "canonical_url": "https://a.test/press/"}, True),
]


@pytest.mark.parametrize(("one", "more", "expected"), FACTS)
def test_a_fact_and_its_opposite(one, more, expected):
    assert found(AllOf((term("tin"), one)), "tin", more=more) == (["tin"] if expected else None)
    assert found(AllOf((term("tin"), Not(one))), "tin", more=more) == (None if expected else ["tin"])


@pytest.mark.parametrize("field", ["author", "url", "source"])
def test_what_is_known_of_an_article_is_not_its_text(field):
    assert found(AllOf((term("tin"), fact(field, "green"))), "tin green", "green", {"author": "Ann"}) is None
    assert (
        found(term("green"), "tin", more={"author": "Green", "source": "green", "url": "https://green.test/"}) is None
    )


def test_an_author_may_be_one_of_a_list():
    listed = AnyOf((fact("author", "green"), fact("author", "red*", "wildcard")), "$reporters")
    assert found(AllOf((term("tin"), listed)), "tin", more={"author": "Ann Redford"}) == ["tin"]
    assert found(AllOf((term("tin"), listed)), "tin", more={"author": "Ann Blue"}) is None


@pytest.mark.parametrize("lang", [None, ""])
def test_a_language_that_is_unknown_keeps_nothing_back(lang):
    english, chinese = fact("lang", "en"), fact("lang", "zh")
    for one in (
        english,
        Not(english),
        AllOf((english, chinese)),
        Not(AnyOf((english, chinese))),
        AnyOf((english, term("zinc"))),
        Not(AllOf((Not(english), term("tin")))),
        Not(AllOf((english, term("tin")))),
    ):
        assert found(AllOf((term("tin"), one)), "tin", more={"lang": lang}) == ["tin"]
    assert found(AllOf((term("tin"), Not(AnyOf((english, term("tin")))))), "tin", more={"lang": lang}) is None


def test_fields_and_conditions_of_the_text_do_not_touch_facts():
    one = InField(AllOf((term("tin"), fact("author", "green"))), "title")
    assert found(one, "", "tin", {"author": "Green"}, where=("title",), mask=(term("green"),)) == ["tin"]
