"""Why a query matches or does not, part by part, and how near it was."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from makers import article, count, either, every, fact, near, no, term

from bot.match import Matcher, explain
from bot.match.nearness import by_units, by_words, in_order, in_other_order, nearest
from bot.match.page import Page
from bot.match.tree import Atom
from bot.model import (
    Alias,
    AllOf,
    AnyOf,
    AtLeast,
    CountOf,
    FarFrom,
    InField,
    Near,
    Not,
    NotNear,
    Rule,
    Term,
    Together,
)


def explained(expr, body="", title="", *, restrictions=None, **more):
    one = Rule(id="r", title="", expr=term(expr), **(restrictions or {}))
    (found,) = explain(Matcher([one]), article(body, title, **more))
    return found


GINA = Term(text="Raimondo", entity="raimondo", alias=Alias(text="Raimondo", requires=("commerce",), within=2))
FAR = "one two three four five six seven eight nine ten "

# what is asked for, the text, the kind and the sentence of the one obstacle, the words it shows
CASES = [
    (
        near("huawei", "chips"),
        f"Huawei {FAR} chips. {FAR}{FAR} Huawei",
        "apart",
        '"huawei" and "chips" both occur, 10 words apart at the nearest; the rule asks for at most 5',
        ["Huawei", "chips"],
    ),
    (
        near(either("zte", "huawei"), either("phones", "chips"), 0),
        f"Chips by Huawei. {FAR} ZTE {FAR} phones",
        "apart",
        '"huawei" and "chips" both occur, 1 word apart at the nearest; the rule asks for at most 0',
        ["Chips", "Huawei"],
    ),
    (
        near("huawei", "chips", ordered=True),
        f"Chips of Huawei {FAR} chips",
        "order",
        (
            '"huawei" and "chips" both occur, but in the other order, 1 word apart at the nearest; '
            "the rule asks for at most 5 in this one"
        ),
        ["Chips", "Huawei"],
    ),
    (
        near("huawei", "chips", 0, ordered=True),
        "Chips: Huawei",
        "order",
        (
            '"huawei" and "chips" both occur, but in the other order, side by side at the nearest; '
            "the rule asks for at most 0 in this one"
        ),
        ["Chips", "Huawei"],
    ),
    (
        near("huawei", "chips", ordered=True),
        f"Chips {FAR} Huawei {FAR} chips",
        "apart",
        '"huawei" and "chips" both occur, 10 words apart in this order at the nearest; the rule asks for at most 5',
        ["Huawei", "chips"],
    ),
    (
        near("huawei", "chips"),
        "Huawei\n\nChips\n\nzinc",
        "apart",
        '"huawei" and "chips" both occur, but never in one paragraph; at the nearest in neighbouring ones',
        ["Huawei", "Chips"],
    ),
    (
        near("export control", "control"),
        "export control",
        "apart",
        '"export control" and "control" both occur, but only where they overlap',
        ["export control", "control"],
    ),
    (
        near("huawei", either("chips", "phones")),
        "Huawei is here.",
        "absent",
        'none of "chips", "phones" occurs ("huawei" does)',
        ["Huawei"],
    ),
    (
        near(either("huawei", "zte"), "chips"),
        "Huawei and ZTE",
        "absent",
        '"chips" does not occur ("huawei", "zte" do)',
        ["Huawei", "ZTE"],
    ),
    (near("huawei", "chips"), "zinc", "absent", 'none of "huawei", "chips" occurs', []),
    (
        near(GINA, "chips"),
        "Raimondo sees chips",
        "context",
        '@raimondo ("Raimondo") has none of "commerce" within 2 words',
        ["Raimondo"],
    ),
    (
        Together(term("huawei"), term("chips"), "sentence"),
        "Huawei Inc. left the U.S. for good. It rains. Chips stay. Nothing.",
        "apart",
        '"huawei" and "chips" both occur, but never in one sentence; at the nearest 2 sentences apart',
        ["Huawei", "Chips"],
    ),
    (
        Together(term("huawei"), term("chips"), "sentence"),
        "Chips stay. Huawei leaves.",
        "apart",
        '"huawei" and "chips" both occur, but never in one sentence; at the nearest in neighbouring ones',
        ["Chips", "Huawei"],
    ),
    (
        Together(term("huawei"), term("chips"), "paragraph"),
        "Chips.\n\nIt rains.\n\nIt rains.\n\nHuawei.",
        "apart",
        '"huawei" and "chips" both occur, but never in one paragraph; at the nearest 3 paragraphs apart',
        ["Chips", "Huawei"],
    ),
    (
        FarFrom(term("apple"), either("pie", "juice"), 5),
        "Apple pie and an apple pie",
        "beside",
        'every occurrence of "apple" has "pie" within 5 words',
        ["Apple", "apple"],
    ),
    (FarFrom(term("apple"), term("pie"), 5), "pie", "absent", '"apple" does not occur', []),
    (
        AtLeast(3, term("huawei")),
        "Huawei and Huawei",
        "few",
        '"huawei" occurs 2 times, the rule asks for at least 3',
        ["Huawei", "Huawei"],
    ),
    (
        AtLeast(3, either("huawei", "zte")),
        "Huawei and ZTE",
        "few",
        '"huawei", "zte" occur 2 times together, the rule asks for at least 3',
        ["Huawei", "ZTE"],
    ),
    (AtLeast(2, either("huawei", "zte")), "zinc", "absent", 'none of "huawei", "zte" occurs', []),
    (
        count(3, "zinc", "iron", "lead", either("tin", "copper"), near("gold", "mine")),
        "Iron, zinc, gold.",
        "few",
        (
            '2 of the 5 occur: "zinc", "iron"; the rule asks for 3; '
            'missing: "lead", ("tin" or "copper"), ("gold" within 5 words of "mine")'
        ),
        ["Iron", "zinc"],
    ),
    (
        count(2, "export control", "control"),
        "export control",
        "few",
        '2 of the 2 occur: "export control", "control", but at only 1 place, as they overlap; the rule asks for 2',
        ["export control", "control"],
    ),
    (count(2, "zinc", "iron"), "lead", "absent", 'none of "zinc", "iron" occurs', []),
    (InField(term("zinc"), "title"), "Zinc.", "field", '"zinc" occurs, but not in the title', ["Zinc"]),
    (
        InField(term("zinc"), "lead:2"),
        "It is zinc.",
        "field",
        '"zinc" occurs, but not in the first 2 words',
        ["zinc"],
    ),
    (
        InField(InField(term("zinc"), "lead:2"), "body"),
        "It is zinc.",
        "field",
        '"zinc" occurs, but not in the first 2 words',
        ["zinc"],
    ),
    (
        every("zinc", no(near("iron", "lead"))),
        "Zinc. Iron and lead.",
        "veto",
        'vetoed: "iron" 1 word from "lead" (NEAR/5), which the rule excludes',
        ["Iron", "lead"],
    ),
    (
        every("zinc", no(every("iron", "lead"))),
        "Zinc. Iron and lead.",
        "veto",
        'vetoed: "iron" and "lead", which the rule excludes',
        ["Iron", "lead"],
    ),
    (every("zinc", no(no("iron"))), "Zinc.", "absent", '"iron" does not occur', []),
    (
        every("zinc", no(fact("source", "scmp"))),
        "Zinc.",
        "veto",
        "vetoed: source scmp, which the rule excludes",
        [],
    ),
    (
        either(near("zinc", "iron"), "lead", InField(term("tin"), "title")),
        "Tin stays.",
        "field",
        '"tin" occurs, but not in the title',
        ["Tin"],
    ),
]


@pytest.mark.parametrize(
    ("expr", "body", "kind", "text", "words"), CASES, ids=[f"{case[2]}{n}" for n, case in enumerate(CASES)]
)
def test_the_one_reason_and_how_near_it_was(expr, body, kind, text, words):
    found = explained(expr, body)
    assert found.mention is None
    (obstacle,) = found.obstacles
    assert (obstacle.kind, obstacle.text) == (kind, text)
    assert [hit.text for hit in sorted(obstacle.hits, key=lambda hit: (hit.start, -hit.end))] == sorted(
        words, key=body.index
    )


FACTS = [
    (fact("source", "reuters"), {}, "source", "the article's source is scmp, the rule asks for reuters"),
    (fact("tier", "wire"), {}, "tier", "the article's source is of the tier outlet, the rule asks for wire"),
    (fact("lang", "zh"), {"lang": "de"}, "language", "the article's language is de, the rule asks for zh"),
    (fact("author", "Smith"), {}, "author", 'the article\'s author is unknown, the rule asks for "Smith"'),
    (
        fact("author", "Smith"),
        {"author": "Jane Roe"},
        "author",
        'the article\'s author is "Jane Roe", the rule asks for "Smith"',
    ),
    (fact("url", "/press/"), {}, "address", 'the article has no address, the rule asks for "/press/"'),
    (
        fact("url", "/press/"),
        {"url": "https://x.example/a"},
        "address",
        'the article\'s address is https://x.example/a, the rule asks for "/press/"',
    ),
    (
        AnyOf((fact("tier", "wire"), fact("tier", "official"))),
        {},
        "tier",
        "the article's source is of the tier outlet, the rule asks for wire or official",
    ),
]


@pytest.mark.parametrize(
    ("expr", "given_", "kind", "text"), FACTS, ids=[f"{case[2]}{n}" for n, case in enumerate(FACTS)]
)
def test_a_fact_that_is_not_so(expr, given_, kind, text):
    (obstacle,) = explained(every("zinc", expr), "zinc", **given_).obstacles
    assert (obstacle.kind, obstacle.text, obstacle.hits) == (kind, text, ())


def test_a_pair_in_two_sentences_is_shown_with_both():
    (obstacle,) = explained(
        Together(term("huawei"), term("chips"), "sentence"), "Huawei left. It rains. Chips stay."
    ).obstacles
    assert [sentence.text for sentence in obstacle.sentences] == ["Huawei left.", "Chips stay."]


def test_a_pair_of_title_and_text_says_so():
    for expr in (near("huawei", "chips"), Together(term("chips"), term("huawei"), "sentence")):
        (obstacle,) = explained(expr, "Chips stay.", "Huawei left").obstacles
        assert obstacle.text.endswith("both occur, but one in the title and the other in the text")
        assert [hit.field for hit in obstacle.hits] == ["title", "body"]


def test_what_keeps_the_parts_of_a_count_from_counting_is_told():
    found = explained(count(2, "zinc", "iron", "lead"), "Zinc and iron man", restrictions={"mask": (term("iron man"),)})
    assert [(obstacle.kind, [hit.text for hit in obstacle.hits]) for obstacle in found.obstacles] == [
        ("few", ["Zinc"]),
        ("masked", ["iron"]),
    ]


def test_of_a_nots_terms_neither_where_nor_not_near_is_asked():
    apart = NotNear(term=(term("iron"),), of=(term("horse"),), within=5)
    expr = every("zinc", no(no(either(GINA, "iron"))))
    found = explained(expr, "Raimondo, zinc", "Zinc", restrictions={"where": ("title",), "not_near": (apart,)})
    assert [obstacle.kind for obstacle in found.obstacles] == ["context"]


def test_what_stands_in_the_wrong_field_and_what_not_near_drops_are_told_apart():
    apart = NotNear(term=(term("iron"),), of=(term("horse"),), within=5)
    found = explained(InField(term("iron"), "title"), "iron", "An iron horse", restrictions={"not_near": (apart,)})
    assert [(obstacle.kind, obstacle.hits[0].field) for obstacle in found.obstacles] == [
        ("not near", "title"),
        ("field", "body"),
    ]


def test_facts_of_alternatives_are_told_only_where_no_word_came_near():
    expr = either(every("zinc", fact("tier", "wire")), fact("source", "reuters"), fact("source", "ap"), "iron")
    assert [obstacle.text for obstacle in explained(expr, "zinc").obstacles] == [
        '"iron" does not occur',
        "the article's source is of the tier outlet, the rule asks for wire",
        "the article's source is scmp, the rule asks for reuters or ap",
    ]
    masked = explained(expr, "an iron man", restrictions={"mask": (term("iron man"),)})
    assert [obstacle.kind for obstacle in masked.obstacles] == ["masked"]


ASKED = [
    (near(either("a", "b"), "c"), '("a" or "b") within 5 words of "c"'),
    (near(AnyOf((term("a"), term("b")), "$chips"), "c"), '$chips within 5 words of "c"'),
    (near("a", "c", 1, ordered=True), '"a" at most 1 word before "c"'),
    (near("a", "c", 0), '"a" right beside "c"'),
    (near("a", "c", 0, ordered=True), '"a" right before "c"'),
    (FarFrom(term("a"), either("b", "c"), 5), '"a" without ("b" or "c") within 5 words'),
    (Together(term("a"), term("b"), "sentence"), '"a" and "b" in one sentence'),
    (InField(every("a", either("b", "c")), "title"), 'in the title: "a" and ("b" or "c")'),
    (InField(either("a", "b"), "lead"), 'in the first 60 words: "a" or "b"'),
    (count(2, "a", either("b", "c"), "d"), 'at least 2 of: "a", ("b" or "c"), "d"'),
    (AtLeast(3, either("a", "b")), 'at least 3 occurrences of ("a" or "b")'),
    (either(near("a", "b"), every("c", no("d"))), 'any of: "a" within 5 words of "b"; "c" and (none of: "d")'),
    (no(near("a", "b")), 'not: "a" within 5 words of "b"'),
    (no(every("a", "b")), 'not all of: "a", "b"'),
    (no(either("a", near("b", "c"))), 'none of: "a"; "b" within 5 words of "c"'),
    (fact("author", "Roe"), 'author: "Roe"'),
    (fact("source", "scmp"), "source scmp"),
    (fact("tier", "wire"), "source tier wire"),
    (fact("lang", "zh"), "language zh"),
    (no(fact("url", "/press/")), 'not: address with "/press/"'),
    (near(either(GINA, Term(text="Gina", entity="raimondo")), "b"), '@raimondo within 5 words of "b"'),
]


@pytest.mark.parametrize(("expr", "text"), ASKED, ids=[text for _, text in ASKED])
def test_what_a_part_asks_for_in_words(expr, text):
    (clause,) = explained(expr, "zinc").clauses
    assert clause.text == text


def test_each_part_of_an_and_is_a_clause_in_brackets_or_not():
    found = explained(every(every("zinc", near("iron", "lead")), no("tin")), "Zinc. Lead and iron.")
    assert [(clause.text, clause.holds, clause.found) for clause in found.clauses] == [
        ('"zinc"', True, ("Zinc",)),
        ('"iron" within 5 words of "lead"', True, ("iron", "Lead")),
        ('none of: "tin"', True, ()),
    ]


@pytest.mark.parametrize(
    ("expr", "body", "expected"),
    [
        (every(no("tin"), fact("tier", "wire"), "zinc"), "iron", False),
        (every(no("tin"), fact("tier", "wire"), "zinc"), "zinc", True),
        (every(no("tin"), "zinc"), "tin", False),
        (near("huawei", "chips"), "Huawei", False),
        (near("huawei", "chips"), f"Huawei {FAR} chips", True),
        (near("huawei", "chips"), "Huawei chips", False),
        (every(InField(term("zinc"), "title"), "iron"), "zinc", True),
        (count(2, "zinc", "iron"), "zinc", True),
        (fact("tier", "wire"), "zinc", False),
    ],
)
def test_a_query_is_near_if_the_words_it_is_about_occur(expr, body, expected):
    assert explained(expr, body).near is expected


def test_an_article_that_repeats_itself_is_told_in_linear_time():
    # 10,000 occurrences: to look at each with each would take minutes
    for expr, body in (
        (near("huawei", "chips"), "Huawei " * 10_000 + FAR + "chips"),
        (Together(term("huawei"), term("chips"), "sentence"), "Huawei. " * 10_000 + "Chips."),
        (FarFrom(term("huawei"), term("chips"), 5), "Huawei chips " * 5_000),
        (count(3, "huawei", "chips", "zinc"), "Huawei chips " * 5_000),
        (every("chips", no(near("huawei", "chips"))), "Huawei chips " * 5_000),
    ):
        (obstacle,) = explained(expr, body).obstacles
        assert 0 < len(obstacle.hits) <= 50


# ── the explanation and the matcher never disagree ───────────────────────────────────────────────

WORDS = ["zinc", "iron", "lead", "iron ore", "Roe"]
TEXTS = st.lists(
    st.tuples(
        st.sampled_from(["zinc", "iron", "lead", "ore", "Roe", "x"]), st.sampled_from([" ", " ", ". X ", "\n\n"])
    ),
    max_size=10,
).map(lambda parts: "".join(word + gap for word, gap in parts))
LEAVES = st.sampled_from(
    [*map(term, WORDS), Term(text="zinc", entity="z", alias=Alias(text="zinc", requires=("ore",)))]
)
FACTS_ = st.sampled_from(
    [fact("tier", "wire"), fact("lang", "zh"), fact("author", "Roe"), fact("source", "scmp"), fact("url", "/A")]
)


SMALL, SIDES = st.integers(0, 3), LEAVES | st.lists(LEAVES, min_size=1, max_size=3).map(tuple).map(AnyOf)
PLACED = (
    st.builds(Near, SIDES, SIDES, SMALL, st.booleans())
    | st.builds(FarFrom, SIDES, SIDES, SMALL)
    | st.builds(Together, SIDES, SIDES, st.sampled_from(["sentence", "paragraph"]))
)
COUNTED = st.builds(AtLeast, st.integers(1, 3), SIDES) | st.builds(
    CountOf, st.integers(1, 3), st.lists(SIDES | PLACED, min_size=1, max_size=3).map(tuple)
)


def larger(part):
    """What may stand around smaller parts."""
    some = st.lists(part, min_size=1, max_size=3).map(tuple)
    fields = st.builds(InField, part, st.sampled_from(["title", "body", "lead:3"]))
    return st.builds(AnyOf, some) | st.builds(AllOf, some) | st.builds(Not, part) | fields


EXPRESSIONS = st.recursive(SIDES | PLACED | COUNTED | FACTS_, larger, max_leaves=5)
RESTRICTIONS = st.fixed_dictionaries(
    {
        "mask": st.sampled_from([(), (term("iron ore"),)]),
        "where": st.sampled_from([("title", "body"), ("title",), ("lead:4",)]),
        "min_hits": st.sampled_from([1, 1, 2]),
        "not_near": st.sampled_from([(), (NotNear(term=(term("iron"),), of=(term("lead"),), within=1),)]),
    }
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    EXPRESSIONS, RESTRICTIONS, TEXTS, TEXTS, st.sampled_from([None, "zh-Hans", "de"]), st.sampled_from(["", "J. Roe"])
)
@example(near(no("zinc"), "iron"), {}, "", "iron", None, "")
@example(count(1, no("zinc")), {}, "", "iron", None, "")
def test_the_explanation_agrees_with_the_matcher(expr, restrictions, title, body, lang, author):
    one = article(body, title, lang=lang, author=author, published_at=datetime(2026, 1, 5, tzinfo=UTC))
    matcher = Matcher([Rule(id="r", title="", expr=expr, **restrictions)])
    (found,) = explain(matcher, one)
    assert ([found.mention] if found.mention else []) == matcher.match(one)
    assert bool(found.obstacles) is (found.mention is None)
    assert (found.held == len(found.clauses)) is (found.mention is not None)
    told = [clause.text for clause in found.clauses] + [obstacle.text for obstacle in found.obstacles]
    assert all(0 < len(text) <= 400 and '""' not in text and "  " not in text for text in told)
    assert all(0 < len(text) <= 300 for text in (found.mention.clauses if found.mention else ()))
    for obstacle in found.obstacles:
        for hit in obstacle.hits:
            assert {"title": title, "body": body}[hit.field][hit.start : hit.end] == hit.text


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.data())
def test_the_nearest_pair_is_the_nearest_of_all_pairs(body, data):
    page = Page(article(body))
    spots = [start for start, _ in enumerate(page.text) if page.text[start].isalnum()]
    spans = st.lists(st.tuples(st.sampled_from(spots), st.integers(1, 9)), max_size=8) if spots else st.just([])
    atom = Atom(0, term("x"))
    left, right = ([(atom, start, start + length) for start, length in data.draw(spans)] for _ in range(2))
    for measure in (by_words(page), by_units(page, "sentence"), by_units(page, "paragraph")):
        ahead = [measure(one, other) for one in left for other in right if one[2] <= other[1]]
        behind = [measure(other, one) for one in left for other in right if other[2] <= one[1]]
        for find, distances in ((in_order, ahead), (in_other_order, behind), (nearest, ahead + behind)):
            pair = find(left, right, measure)
            least = min((distance for distance in distances if distance is not None), default=None)
            assert (pair and pair.distance) == least
