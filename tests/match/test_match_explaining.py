"""Why a rule matches or does not, and that the explanation never disagrees with the matcher."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from makers import alias, article, rule
from test_match_oracle import DATES, rules, texts

from bot.match import Matcher, explain
from bot.model import NotNear, Term


def explained(one, body, title="", on=None, **more):
    (found,) = explain(Matcher([one]), article(body, title, **more), on)
    return found


NEAR = NotNear(term=(Term(text="export control"),), of=(Term(text="volume control"), Term(text="slider")), within=5)
MASK = (Term(text="tariff holiday"), Term(text="tariff song"))
RAIMONDO = alias("Raimondo", requires=("commerce", "secretary"), within=3)
MARCANTONIO = alias("Raimondo", without=("Marcantonio",))
OFFICE = alias("Secretary", valid_from=date(2021, 3, 3), valid_until=date(2025, 1, 20))
DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)

CASES = [
    (rule("tariff", "duty"), {"body": "zinc"}, "absent", 'none of "tariff", "duty" occurs', []),
    (rule("tariff", all_=["steel"]), {"body": "tariff"}, "absent", '"steel" does not occur', []),
    (
        rule("tariff", none=["holiday"]),
        {"body": "A tariff. A Holiday."},
        "veto",
        'vetoed: "holiday" occurs, which the rule excludes',
        ["Holiday"],
    ),
    (
        rule(RAIMONDO),
        {"body": "Raimondo sang of the sea and of commerce"},
        "context",
        '@raimondo ("Raimondo") has none of "commerce", "secretary" within 3 words',
        ["Raimondo"],
    ),
    (
        rule(RAIMONDO, alias("Gina Raimondo")),
        {"body": "Raimondo sang"},
        "context",
        '@raimondo ("Raimondo") has none of "commerce", "secretary" within 3 words, and no full name of it',
        ["Raimondo"],
    ),
    (
        rule(MARCANTONIO),
        {"body": "Marcantonio Raimondo"},
        "without",
        '@raimondo ("Raimondo") has "Marcantonio" within 30 words, which says it means another',
        ["Raimondo"],
    ),
    (
        rule(OFFICE),
        {"body": "The secretary left", "published_at": DAY},
        "date",
        '@raimondo ("Secretary") is valid from 2021-03-03 until 2025-01-20 only, and the article is from 2026-01-05',
        ["secretary"],
    ),
    (
        rule("tariff", where=("title",)),
        {"body": "tariffs", "title": "A calm day"},
        "field",
        '"tariff" occurs, but not in the title',
        ["tariffs"],
    ),
    (
        rule("tariff", where=("title", "lead:2")),
        {"body": "a calm day, tariffs"},
        "field",
        '"tariff" occurs, but not in the title or the first 2 words',
        ["tariffs"],
    ),
    (
        rule("tariff", mask=MASK),
        {"body": "a tariff holiday"},
        "masked",
        '"tariff" stands inside "tariff holiday", where it does not count',
        ["tariff"],
    ),
    (
        rule("export control", not_near=(NEAR,)),
        {"body": "export controls by volume control"},
        "not near",
        '"export control" stands near "volume control" (within 5 words), where it does not count',
        ["export controls"],
    ),
    (
        rule("tariff", min_hits=3),
        {"body": "tariff and tariffs"},
        "few",
        "2 occurrences that count, and the rule asks for at least 3",
        [],
    ),
    (
        rule("tariff", until=date(2026, 1, 4)),
        {"body": "tariff", "on": date(2026, 1, 5)},
        "expired",
        'the rule is off since its "until" (2026-01-04) has passed',
        [],
    ),
    (
        rule("tariff", tiers=("wire", "official")),
        {"body": "tariff"},
        "tier",
        "the rule is for sources of tier official, wire only, and this one's is outlet",
        [],
    ),
    (
        rule("tariff", langs=("en", "zh")),
        {"body": "tariff", "lang": "de"},
        "language",
        "the rule is for articles in en, zh only, and this one is in de",
        [],
    ),
]


@pytest.mark.parametrize(
    ("one", "given_", "kind", "text", "words"), CASES, ids=[case[2] + str(n) for n, case in enumerate(CASES)]
)
def test_the_one_reason(one, given_, kind, text, words):
    found = explained(one, **given_)
    assert found.mention is None
    (obstacle,) = found.obstacles
    assert (obstacle.kind, obstacle.text) == (kind, text)
    assert [hit.text for hit in obstacle.hits] == words


def test_a_veto_shows_where_it_stands():
    (obstacle,) = explained(rule("tariff", none=["holiday"]), "A tariff came. Then a holiday came.").obstacles
    assert [sentence.text for sentence in obstacle.sentences] == ["Then a holiday came."]
    assert (obstacle.hits[0].field, obstacle.hits[0].start) == ("body", 22)


def test_a_rule_that_matches_has_clauses_and_no_obstacle():
    found = explained(rule("tariff", "duty", all_=["steel"], none=["holiday"], min_hits=2), "Tariffs on steel, tariff")
    assert found.mention is not None
    assert found.obstacles == ()
    assert [(clause.text, clause.holds, clause.found) for clause in found.clauses] == [
        ('any of: "tariff", "duty"', True, ("Tariffs", "tariff")),
        ('"steel"', True, ("steel",)),
        ('none of: "holiday"', True, ()),
        ("at least 2 occurrences", True, ()),
    ]


def test_how_near_it_was_is_counted_in_clauses():
    found = explained(rule("tariff", all_=["steel", "zinc"]), "tariff on steel")
    assert (found.held, len(found.clauses), found.occurs) == (2, 3, True)
    assert not explained(rule("tariff", none=["holiday"]), "a holiday").occurs


def test_a_rule_is_near_if_what_it_is_about_occurs():
    one = rule("tariff", all_=["China"])
    assert explained(one, "tariffs on steel").near
    assert explained(rule("tariff", all_=["China"], mask=MASK), "a tariff song").near
    company = explained(one, "a calm day in China")
    assert company.occurs
    assert not company.near
    assert not explained(one, "tariffs of China").near


def test_only_what_stands_too_near_is_named_each_with_its_own_distance():
    apart = tuple(
        NotNear(term=(Term(text="tariff"),), of=tuple(Term(text=text) for text in of), within=within)
        for of, within in ((("song", "poem"), 1), (("kettle", "pot"), 20))
    )
    one = rule("tariff", not_near=apart)
    (obstacle,) = explained(one, "A tariff song. " + "Far away. " * 20 + "A kettle, a poem.").obstacles
    assert obstacle.text == '"tariff" stands near "song" (within 1 word), where it does not count'
    (obstacle,) = explained(one, "A tariff song about a kettle or a pot.").obstacles
    assert 'near "song" (within 1 word) or "kettle" or "pot" (within 20 words), where' in obstacle.text


def test_occurrences_are_not_counted_where_the_expression_is_not_true():
    found = explained(rule("tariff", all_=["steel"], min_hits=2), "tariff")
    assert [(clause.text, clause.holds) for clause in found.clauses] == [('"tariff"', True), ('"steel"', False)]


def test_of_alternatives_only_those_that_came_near_are_named():
    found = explained(rule("duty", "tariff", "levy", mask=MASK), "a tariff holiday")
    assert [obstacle.kind for obstacle in found.obstacles] == ["masked"]


def test_occurrences_lost_in_different_ways_are_told_apart():
    found = explained(rule("tariff", mask=MASK, where=("title",)), "tariffs, a tariff", "A tariff holiday")
    assert {obstacle.kind: [hit.text for hit in obstacle.hits] for obstacle in found.obstacles} == {
        "masked": ["tariff"],
        "field": ["tariffs", "tariff"],
    }


def test_a_veto_need_not_stand_in_the_rules_fields():
    found = explained(rule("tariff", none=["holiday"], where=("title",)), "A holiday.", "Tariffs")
    assert [obstacle.kind for obstacle in found.obstacles] == ["veto"]


def test_a_long_list_is_cut_in_the_sentence_and_whole_in_the_terms():
    (obstacle,) = explained(rule(*(f"metal{n}" for n in range(20))), "wood").obstacles
    assert obstacle.text == 'none of "metal0", "metal1", "metal2", "metal3", "metal4" … (20 in all) occurs'
    assert len(obstacle.terms) == 20


# Rules that may also be meant for some sources and languages, and for a time.
RESTRICTED = st.builds(
    replace,
    rules(),
    until=st.sampled_from(DATES),
    tiers=st.sampled_from([(), (), ("official",), ("wire", "outlet")]),
    langs=st.sampled_from([(), (), ("en",), ("zh-Hans", "de")]),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(RESTRICTED, min_size=1, max_size=4),
    texts(most=4),
    texts(),
    st.sampled_from(DATES),
    st.sampled_from(DATES),
    st.sampled_from([None, "en-US", "zh"]),
)
def test_the_explanation_agrees_with_the_matcher(several, title, body, day, on, lang):
    one = article(body, title, lang=lang, published_at=day and datetime(day.year, day.month, day.day, tzinfo=UTC))
    for each in several:
        matcher = Matcher([each])
        (found,) = explain(matcher, one, on)
        assert ([found.mention] if found.mention else []) == matcher.match(one, on)
        assert bool(found.obstacles) is (found.mention is None)
        assert (found.held == len(found.clauses)) is (found.mention is not None)
        if found.mention is not None and found.mention.hits:
            assert found.occurs
