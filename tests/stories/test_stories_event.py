"""One event told by several outlets is one story; what only resembles it stays apart and is named."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story_samples import ARTICLES, BEGIN, EVENTS

from bot.model import Glance, Neighbour
from bot.stories import Event, keys, resembles, traits
from bot.stories.event import CERTAIN, LEAST_SHARED, RELATED, SAME, Verdict, compare
from bot.stories.together import tell_together

NAMES = sorted(ARTICLES)
PAIRS = list(combinations(NAMES, 2))


def judged(one, other):
    return compare(traits(one), traits(other), one.published_at - other.published_at)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda name: name)
def test_reports_of_one_event_and_no_others_are_one_story(one, other):
    verdict = judged(ARTICLES[one], ARTICLES[other])
    assert (verdict.score >= SAME) == (EVENTS[one] == EVENTS[other]), verdict


def test_where_a_date_is_missing_only_what_is_certain_is_one_story():
    kept = []
    for one, other in PAIRS:
        dated = compare(traits(ARTICLES[one]), traits(ARTICLES[other]))
        undated = compare(traits(replace(ARTICLES[one], published_at=None)), traits(ARTICLES[other]))
        if dated.score >= SAME > undated.score:
            assert undated.reason.startswith("not certain enough where a date is missing")
            kept.append((one, other))
        assert not SAME <= undated.score < CERTAIN
    assert kept


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Ottawa answers Huawei", "Lima answers Huawei"),
        ("Feed item on tariffs", "A bargain on tariffs"),
        ("Oslo answers the tariff", "Rome answers the tariff"),
    ],
)
def test_a_word_and_a_name_in_short_texts_are_not_enough(title, other):
    base = ARTICLES["salt-wire"]
    verdict = judged(*(replace(base, title=each, body=f"{each} at length.") for each in (title, other)))
    assert verdict.score < SAME


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda name: name)
def test_reports_of_one_event_have_keys_in_common(one, other):
    shared = set(keys(traits(ARTICLES[one]))) & set(keys(traits(ARTICLES[other])))
    assert len(shared) >= LEAST_SHARED or EVENTS[one] != EVENTS[other]


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 72))
def test_the_answer_is_the_same_from_both_sides(one, other, hours):
    a, b, gap = traits(ARTICLES[one]), traits(ARTICLES[other]), timedelta(hours=hours)
    assert compare(a, b, gap) == compare(b, a, -gap)


words = st.lists(
    st.sampled_from(["Norland", "salt", "18.4%", "duty", "Estavia", "extends", "加征", "关税", "Aug", "29", "“so”"]),
    max_size=12,
)


@given(words, words, words, words)
def test_the_answer_is_the_same_from_both_sides_for_any_words(title, body, other_title, other_body):
    texts = (" ".join(part) for part in (title, body, other_title, other_body))
    one, two, three, four = texts
    base = ARTICLES["salt-wire"]
    a, b = traits(replace(base, title=one, body=two)), traits(replace(base, title=three, body=four))
    verdict = compare(a, b)
    assert verdict == compare(b, a)
    assert 0 <= verdict.score <= 1


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_whom_an_article_does_not_resemble_at_a_glance_is_far_from_it(one, other):
    a, b = traits(ARTICLES[one]), traits(ARTICLES[other])
    seen = Glance(
        head=sorted(b.names) + sorted(b.words),
        figures=sorted(b.figures),
        numbers=sorted(b.numbers),
        quotes=sorted(b.quotes),
        references=sorted(b.references),
    )
    assert resembles(a)(seen) is (compare(a, b) != Verdict(0.0, "little in common"))


def test_the_reason_says_what_both_have_and_what_they_have_not():
    assert judged(ARTICLES["salt-wire"], ARTICLES["salt-trade"]).reason == (
        "both name Bred, Estavia, Hallmark, Norland, 7 telling words in common, the same figures (18.4 %), the same day"
    )
    assert "other figures" in judged(ARTICLES["salt-wire"], ARTICLES["grit-wire"]).reason


def reprinted(name, **changes):
    return replace(ARTICLES[name], canonical_url=None, source="gazette.example", **changes)


FR = "https://www.federalregister.gov/documents/2023/08/29/2023-{}/x"
APART = {
    "two documents of the Federal Register": (
        replace(ARTICLES["salt-wire"], canonical_url=FR.format(11111)),
        replace(reprinted("salt-wire"), canonical_url=FR.format(22222)),
    ),
    "two documents of one office": tuple(
        replace(ARTICLES["salt-wire"], canonical_url=f"https://office.example/{n}", tier="official") for n in "ab"
    ),
    "one headline twice in one outlet": (
        ARTICLES["salt-wire"],
        replace(ARTICLES["salt-wire"], body=ARTICLES["salt-trade"].body),
    ),
    "a round-up": (ARTICLES["salt-wire"], reprinted("salt-trade", title="The week in salt: Norland's duty on Estavia")),
    "a look back": (ARTICLES["salt-wire"], reprinted("salt-trade", title="One year after Norland's duty on road salt")),
}


@pytest.mark.parametrize("name", APART)
def test_some_are_related_at_the_most(name):
    verdict = judged(*APART[name])
    assert RELATED <= verdict.score < SAME, verdict


# ── among neighbours ─────────────────────────────────────────────────────────────────────────────


def told(new, *stored):
    """What a new article is tied to, of stored ones (name, story)."""
    near = [
        Neighbour(article=n, story=story, at=ARTICLES[name].published_at, traits=traits(ARTICLES[name]))
        for n, (name, story) in enumerate(stored, 1)
    ]
    return tell_together(Event(traits=traits(new), at=new.published_at, neighbours=near))


def test_the_best_link_comes_first_and_every_story_is_tied():
    ties = told(ARTICLES["salt-trade"], ("visit-zh", 10), ("morning", 20), ("salt-wire", 30))
    assert [(link.article, link.story) for link in ties.same] == [(3, 30)]
    ties = told(ARTICLES["visit-paper"], ("visit-zh", 10), ("visit-wire", 20), ("salt-wire", 30))
    assert {link.story for link in ties.same} == {10, 20}
    assert [link.score for link in ties.same] == sorted((link.score for link in ties.same), reverse=True)
    assert all(link.score >= SAME for link in ties.same)


def test_a_related_story_is_named_once_and_not_if_it_is_tied():
    morning = ARTICLES["morning"]
    related = told(morning, ("salt-wire", 10), ("salt-trade", 10), ("visit-zh", 20))
    assert related.same == ()
    assert sorted(link.story for link in related.related) == [10, 20]
    assert told(ARTICLES["salt-trade"], ("salt-wire", 10), ("morning", 10)).related == ()


def test_nothing_is_tied_to_what_was_published_three_days_before():
    new = replace(ARTICLES["salt-trade"], published_at=BEGIN + timedelta(hours=93))
    assert told(new, ("salt-wire", 10)).same == ()


def test_two_official_documents_are_not_tied_by_a_report_of_both():
    documents = [
        replace(reprinted("salt-wire"), canonical_url=FR.format(number), tier="official") for number in (11111, 22222)
    ]
    near = [
        Neighbour(article=n, story=n, at=each.published_at, traits=traits(each)) for n, each in enumerate(documents, 1)
    ]
    new = ARTICLES["salt-trade"]
    ties = tell_together(Event(traits=traits(new), at=new.published_at, neighbours=near))
    assert ties.same == ()
    assert [link.story for link in ties.related] == [1, 2]
    alone = tell_together(Event(traits=traits(new), at=new.published_at, neighbours=near[:1]))
    assert [link.story for link in alone.same] == [1]
