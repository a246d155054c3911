"""Rules: their conditions one by one, the evidence they leave, and their inline tests."""

from datetime import UTC, date, datetime

import pytest
from makers import alias, article, rule, term

from bot.match import Matcher, run_tests
from bot.model import AnyOf, Not, NotNear, Rule, RuleTest, Term


def matches(one, body, title="", on=None, **more):
    return bool(Matcher([one]).match(article(body, title, **more), on))


def mention(one, body, title="", **more):
    (only,) = Matcher([one]).match(article(body, title, **more))
    return only


# ── any, all, none ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("tariff on steel", True),
        ("duty on steel", True),
        ("tariff", False),
        ("steel", False),
        ("tariff on steel, a holiday", False),
        ("", False),
    ],
)
def test_any_all_none(body, expected):
    assert matches(rule("tariff", "duty", all_=["steel"], none=["holiday"]), body) is expected


def test_none_looks_at_the_whole_article_whatever_where_says():
    one = rule("tariff", none=["holiday"], where=("title",))
    assert matches(one, "text", "Tariffs")
    assert not matches(one, "a holiday", "Tariffs")


def test_rules_come_in_their_order_and_only_those_that_match():
    several = [rule("zinc", id="c"), rule("iron", id="b"), rule("zinc", "iron", id="a")]
    assert [m.rule for m in Matcher(several).match(article("iron and zinc"))] == ["c", "b", "a"]
    assert Matcher(several).match(article("lead")) == []
    assert Matcher([]).match(article("lead")) == []


def test_a_rule_without_a_positive_term_is_still_evaluated():
    only_not = Rule(id="r", title="", expr=Not(Term(text="steel")))
    assert matches(only_not, "zinc")
    assert not matches(only_not, "steel")


def test_a_word_and_an_alias_of_the_same_letters_are_two_terms():
    word, name = rule("Tariff", id="word"), rule(alias("Tariff"), id="name")
    for several in ([word, name], [name, word]):
        assert [m.rule for m in Matcher(several).match(article("tariffs"))] == ["word"]
        assert len(Matcher(several).match(article("tariff"))) == 2


# ── mask, not_near, where, min_hits ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("export control software update", False),
        ("export control software update of an export control", True),
        ("export-control software updates", False),
    ],
)
def test_mask_hides_hits_that_overlap_it(body, expected):
    assert matches(rule("export control", mask=(Term(text="export control software update"),)), body) is expected


def test_a_mask_hides_to_its_end_whatever_begins_in_it():
    one = rule("pit", mask=(Term(text="tin ore song pit"), Term(text="ore")))
    assert not matches(one, "tin ore song pit")
    assert matches(one, "tin ore song a pit")


def test_mask_hides_hits_of_none_too():
    one = rule("tariff", none=["holiday"], mask=(Term(text="tax holiday"),))
    assert matches(one, "tariff and tax holiday")
    assert not matches(one, "tariff and holiday")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("export control", True),
        ("export control a b c d e volume control", False),
        ("export control a b c d e f volume control", True),
        ("volume control e export control", False),
        ("export control\n\nvolume control", True),
        ("export control volume control, then one two three four five six export control", True),
        ("volume control", False),
    ],
)
def test_not_near_drops_only_the_occurrences_beside(body, expected):
    near = NotNear(term=(Term(text="export control"),), of=(Term(text="volume control"),), within=5)
    assert matches(rule("export control", not_near=(near,)), body) is expected


def test_an_occurrence_is_not_its_own_neighbour():
    near = NotNear(term=(Term(text="export control"),), of=(Term(text="control"),), within=5)
    assert matches(rule("export control", not_near=(near,)), "export control")
    assert not matches(rule("export control", not_near=(near,)), "export control of control")


WHERE = [
    (("title", "body"), "zinc", "", True),
    (("title",), "zinc", "", False),
    (("title",), "", "zinc", True),
    (("body",), "", "zinc", False),
    (("lead:3",), "one two zinc", "", True),
    (("lead:3",), "one two three zinc", "", False),
    (("lead:3",), "one two-three zinc", "", False),
    (("lead:2",), "U.S. zinc", "", True),
    (("lead:4",), "出口zinc", "", True),
    (("lead:2",), "出口zinc", "", False),
    (("lead",), "word " * 59 + "zinc", "", True),
    (("lead",), "word " * 60 + "zinc", "", False),
    (("lead:100",), "word " * 60 + "zinc", "", True),
    (("title", "lead:1"), "one", "zinc", True),
    (("title", "lead", "body"), "word " * 90 + "zinc", "", True),
]


@pytest.mark.parametrize(("where", "body", "title", "expected"), WHERE, ids=map(str, range(len(WHERE))))
def test_where(where, body, title, expected):
    assert matches(rule("zinc", where=where), body, title) is expected


def test_a_derived_title_is_not_searched_twice():
    one = rule("zinc", min_hits=2)
    assert matches(one, "Zinc is dear.", "Zinc is dear.")
    assert not matches(one, "Zinc is dear.", "Zinc is dear.", title_derived=True)
    hits = mention(rule("zinc"), "Zinc is dear.", "Zinc is dear.", title_derived=True).hits
    assert [(hit.field, hit.start) for hit in hits] == [("body", 0)]


def test_a_rule_for_titles_looks_at_the_sentence_a_derived_title_was_made_from():
    one = rule("zinc", where=("title",))
    assert matches(one, "Caption. Zinc is dear. Iron is not.", "Zinc is dear.", title_derived=True)
    assert not matches(one, "Iron is dear. Zinc is not.", "Iron is dear.", title_derived=True)
    assert matches(one, "Zinc is dear. Iron is not.", "something else", title_derived=True)


@pytest.mark.parametrize(("least", "expected"), [(1, True), (2, True), (3, True), (4, False)])
def test_min_hits_counts_overlapping_hits_once(least, expected):
    one = rule("export control", "control act", "export control act", "control", min_hits=least)
    assert matches(one, "export control act, controls", "export control") is expected


# ── until, tiers, languages ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("on", "expected"), [(None, True), (date(2026, 1, 30), True), (date(2026, 1, 31), True), (date(2026, 2, 1), False)]
)
def test_an_expired_rule_is_off(on, expected):
    assert matches(rule("zinc", until=date(2026, 1, 31)), "zinc", on=on) is expected


def test_tiers():
    one = rule("zinc", tiers=("official", "wire"))
    assert matches(one, "zinc", tier="wire")
    assert not matches(one, "zinc", tier="outlet")


@pytest.mark.parametrize(
    ("lang", "expected"), [("en", True), ("en-US", True), ("EN_gb", True), ("de", False), (None, True)]
)
def test_languages(lang, expected):
    assert matches(rule("zinc", langs=("en", "zh")), "zinc", lang=lang) is expected


# ── entities ─────────────────────────────────────────────────────────────────────────────────────

AMBIGUOUS = alias("Raimondo", requires=("commerce", "secretary"), within=5, without=("Marcantonio",))
FULL = alias("Gina Raimondo")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Raimondo came", False),
        ("Raimondo, the commerce secretary", True),
        ("secretary a b c d e Raimondo", True),
        ("secretary a b c d e f Raimondo", False),
        ("the engraver Raimondo. Later Gina Raimondo spoke", True),
        ("the secretary\n\nRaimondo", True),
        ("Secretaries of Raimondo", True),
        ("Marcantonio Raimondo, secretary", False),
        ("Gina Raimondo", True),
    ],
)
def test_an_ambiguous_alias_needs_its_context(body, expected):
    assert matches(rule(AMBIGUOUS, FULL), body) is expected


def test_a_full_alias_anywhere_vouches_for_the_short_one_but_not_against_without():
    texts = {hit.text for hit in mention(rule(AMBIGUOUS, FULL), "Gina Raimondo. " + "word " * 50 + "Raimondo").hits}
    assert texts == {"Gina Raimondo", "Raimondo"}
    aside = mention(rule(AMBIGUOUS, FULL), "Gina Raimondo. " + "word " * 50 + "Marcantonio Raimondo")
    assert [hit.start for hit in aside.hits if hit.alias == "Raimondo"] == [5]


def test_context_reaches_from_the_title_into_the_body():
    assert matches(rule(AMBIGUOUS), "The commerce secretary went.", "Raimondo goes")


def test_a_full_alias_of_another_entity_vouches_for_nobody():
    assert not matches(rule(AMBIGUOUS, all_=[alias("Gina Raimondo", entity="other")]), "Gina Raimondo")


OFFICE = alias("US Commerce Secretary", valid_from=date(2021, 3, 3), valid_until=date(2025, 1, 20))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime(2021, 3, 2, 23, 59, tzinfo=UTC), False),
        (datetime(2021, 3, 3, tzinfo=UTC), True),
        (datetime(2025, 1, 20, 23, 59, tzinfo=UTC), True),
        (datetime(2025, 1, 21, tzinfo=UTC), False),
        (None, True),
    ],
)
def test_an_office_is_held_by_the_articles_date(day, expected):
    assert matches(rule(OFFICE), "The U.S. Commerce Secretary spoke", published_at=day) is expected


def test_an_expired_full_alias_vouches_for_nobody():
    expired = alias("Gina Raimondo", valid_until=date(2020, 1, 1))
    day = datetime(2023, 1, 1, tzinfo=UTC)
    assert not matches(rule(AMBIGUOUS, expired), "Gina Raimondo", published_at=day)


def test_rules_that_share_an_alias_keep_their_own_conditions():
    bare, strict = rule(alias("Raimondo"), id="bare"), rule(AMBIGUOUS, id="strict")
    assert [m.rule for m in Matcher([bare, strict]).match(article("Raimondo"))] == ["bare"]


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────

BODY = "Nothing here. The “export controls” of the U.S. grew.\n\nHuawei’s chips fell. Huawei and export-control chips."


def test_hits_are_exact_and_in_order():
    one = rule("export control", "chip", alias("Huawei", entity="huawei"))
    found = mention(one, BODY, "Chips")
    assert [hit.field for hit in found.hits] == ["title"] + ["body"] * 6
    assert [hit.text for hit in found.hits] == [
        "Chips", "export controls", "Huawei’s", "chips", "Huawei", "export-control", "chips",
    ]  # fmt: skip
    assert all({"title": "Chips", "body": BODY}[h.field][h.start : h.end] == h.text for h in found.hits)
    assert {(h.entity, h.alias) for h in found.hits} == {(None, None), ("huawei", "Huawei")}


def test_the_best_sentence_has_the_most_different_terms_and_marks_them():
    found = mention(rule("export control", "chip", alias("Huawei", entity="huawei")), BODY, "Chips")
    (best,) = found.sentences
    assert best.text == "Huawei and export-control chips." == BODY[best.start : best.end]
    assert [best.text[a:b] for a, b in best.spans] == ["Huawei", "export-control", "chips"]


def test_a_second_sentence_shows_what_the_first_lacks_in_reading_order():
    found = mention(rule("zinc", "iron", "lead"), "Zinc. Nothing. Iron and lead. Zinc.")
    assert [sentence.text for sentence in found.sentences] == ["Zinc.", "Iron and lead."]


def test_a_title_is_shown_only_for_what_the_body_lacks():
    assert [s.field for s in mention(rule("zinc"), "Zinc.", "Zinc").sentences] == ["body"]
    assert [s.field for s in mention(rule("zinc"), "Iron.", "Zinc").sentences] == ["title"]
    assert [s.field for s in mention(rule("zinc", all_=["iron"]), "Iron.", "Zinc").sentences] == ["body", "title"]


def test_sentences_show_what_the_rule_is_about_before_the_company_it_must_keep():
    body = "Iron from Beijing and Xi'an. More of Beijing. A long way to zinc in Beijing. Nothing. Lead and zinc."
    found = mention(rule("zinc", "lead", all_=[AnyOf((term("Beijing"), term("Xi'an"), term("iron")))]), body)
    assert [s.text for s in found.sentences] == ["A long way to zinc in Beijing.", "Lead and zinc."]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Zinc. Beijing.", ["Zinc."]),
        ("Beijing. Zinc. Zinc again. Zinc once more.", ["Zinc."]),
        ("Zinc. Zinc again. Zinc of Beijing.", ["Zinc of Beijing."]),
        ("Zinc of Beijing. Zinc of Shanghai. Shanghai.", ["Zinc of Beijing.", "Zinc of Shanghai."]),
        ("Zinc of Beijing. Zinc of Beijing and Shanghai. Lead.", ["Zinc of Beijing and Shanghai.", "Lead."]),
        ("Beijing, Shanghai, zinc. Lead, zinc.", ["Beijing, Shanghai, zinc.", "Lead, zinc."]),
    ],
    ids=["no context alone", "no repetition", "context beside it", "other context", "its other word", "in order"],
)
def test_context_counts_only_beside_what_the_rule_is_about(body, shown):
    one = rule("zinc", "lead", all_=[AnyOf((term("Beijing"), term("Shanghai")))])
    assert [sentence.text for sentence in mention(one, body).sentences] == shown


def test_a_sentence_with_all_that_must_hold_goes_before_one_with_more_words_of_one_list():
    one = rule("zinc", "iron", "lead", all_=["Beijing"])
    found = mention(one, "Zinc and iron. Lead. The iron of Beijing.")
    assert [sentence.text for sentence in found.sentences] == ["Zinc and iron.", "The iron of Beijing."]


def test_a_body_without_what_the_rule_is_about_shows_the_context():
    found = mention(rule("zinc", all_=["Beijing"]), "Nothing. Beijing said so. Beijing again.", "Zinc")
    assert [(s.field, s.text) for s in found.sentences] == [("body", "Beijing said so."), ("title", "Zinc")]


def test_a_hit_across_a_wrong_sentence_end_joins_both_sides():
    (sentence,) = mention(rule("Acme Ltd. Holdings"), "They sold Acme Ltd. Holdings rose. More.").sentences
    assert sentence.text == "They sold Acme Ltd. Holdings rose."


def test_text_without_full_stops_is_cut_around_the_hit():
    (sentence,) = mention(rule("zinc"), "word " * 400 + "zinc" + " word" * 400).sentences
    assert len(sentence.text) <= 600
    assert [sentence.text[a:b] for a, b in sentence.spans] == ["zinc"]
    assert sentence.text.startswith("word")
    assert sentence.text.endswith("word")


def test_overlapping_hits_are_one_mark():
    (sentence,) = mention(rule("export control", "control act"), "The export control act.").sentences
    assert [sentence.text[a:b] for a, b in sentence.spans] == ["export control act"]


def test_clauses_say_what_held():
    near = NotNear(term=(Term(text="iron"),), of=(Term(text="horse"),), within=5)
    one = rule(
        "zinc", "iron", alias("Huawei", entity="huawei"), all_=[Term(text="Duty", kind="exact")], none=["holiday"],
        min_hits=2, where=("title", "lead"), mask=(Term(text="iron man"),), not_near=(near,),
    )  # fmt: skip
    assert mention(one, "Iron, Huawei, Duty").clauses == (
        'any of: "iron", @huawei (Huawei)',
        '"=Duty"',
        'none of: "holiday"',
        "3 occurrences, at least 2 asked for",
        "looked for in: the title, the first 60 words",
        'not counted inside: "iron man"',
        '"iron" not near "horse" (within 5 words)',
    )


def test_a_mention_carries_the_rule_the_text_seen_and_whether_the_date_is_known():
    one = rule("zinc", hash="abc")
    found = mention(one, "zinc", text_seen="summary")
    assert (found.rule, found.rule_hash, found.text_seen, found.date_known) == ("r", "abc", "summary", False)
    assert mention(one, "zinc", published_at=datetime(2023, 1, 1, tzinfo=UTC)).date_known


def test_a_title_weighs_more_than_the_lead_and_that_more_than_the_rest():
    one = rule("zinc")
    scores = [mention(one, "zinc " + "word " * 60, "zinc").score, mention(one, "zinc").score]
    scores.append(mention(one, "word " * 60 + "zinc").score)
    assert scores == [5.0, 2.0, 1.0]


def test_evidence_stays_storable_whatever_the_article():
    found = mention(rule("zinc"), "zinc " * 3000)
    assert len(found.hits) == 500
    assert "2500 more hits, not listed" in found.clauses


# ── inline tests ─────────────────────────────────────────────────────────────────────────────────


def trial(text, expect, **more):
    return RuleTest(text=text, expect=expect, **more)


def test_only_tests_that_fail_are_told_with_the_reason():
    good, missed = trial("zinc", "match"), trial("iron", "match", title="Metals")
    unwanted = trial("zincs are here", "no")
    failures = run_tests([rule("zinc", tests=(good, missed, unwanted)), rule("iron", id="other")])
    assert [(failure.test, failure.got) for failure in failures] == [(missed, "no"), (unwanted, "match")]
    assert failures[0].detail == 'should match, but does not: "Metals iron"'
    assert failures[1].detail == 'should not match, but does, because of "zincs": "zincs are here"'


def test_a_test_is_judged_by_its_own_rule():
    first, second = rule("zinc", id="a", tests=(trial("iron", "match"),)), rule("iron", id="b")
    assert [failure.rule.id for failure in run_tests([first, second])] == ["a"]


@pytest.mark.parametrize(("day", "expect"), [(None, "match"), (date(2023, 5, 1), "match"), (date(2026, 5, 1), "no")])
def test_undated_tests_ignore_the_dates_of_aliases(day, expect):
    assert run_tests([rule(OFFICE, tests=(trial("US Commerce Secretary", expect, date=day),))]) == []


def test_what_a_test_leaves_open_is_no_hindrance():
    one = rule("zinc", tiers=("official",), langs=("zh",), until=date(2020, 1, 1), tests=(trial("zinc", "match"),))
    assert run_tests([one]) == []


def test_what_a_test_says_counts():
    tests = (
        trial("zinc", "no", lang="de"),
        trial("zinc", "no", source="outlet"),
        trial("zinc", "match", source="wire"),
    )
    assert run_tests([rule("zinc", tiers=("official", "wire"), langs=("en",), tests=tests)]) == []


# ── the two articles the project began with ──────────────────────────────────────────────────────

THEME = [
    rule("export control", "export curb", "entity list", "unverified list", "出口管制", id="export-controls"),
    rule(FULL, AMBIGUOUS, id="raimondo"),
    rule(alias("Huawei", entity="huawei"), alias("华为", entity="huawei"), id="huawei"),
    rule("tariff", "Section 301", id="tariffs"),
]


def test_the_two_given_articles(corpora):
    files = sorted((corpora.parent / "seeds").glob("*.txt"))
    found = [[m.rule for m in Matcher(THEME).match(article(file.read_text("utf-8")))] for file in files]
    assert found == [["export-controls", "raimondo", "huawei", "tariffs"], ["export-controls", "raimondo"]]
