"""What a match of the whole language leaves behind: the clauses that held, and the sentences that show it."""

import pytest
from makers import article, count, either, every, fact, near, no, term

from bot.match import Matcher
from bot.model import (
    Alias,
    AllOf,
    AtLeast,
    FarFrom,
    InField,
    Rule,
    Term,
    Together,
)


def mention(expr, body="", title="", *, restrictions=None, **more):
    one = Rule(id="r", title="", expr=term(expr), **(restrictions or {}))
    (only,) = Matcher([one]).match(article(body, title, **more))
    return only


HUAWEI = Term(text="Huawei", entity="huawei", alias=Alias(text="Huawei"))
LEDA = Term(text="Leda", entity="huawei", alias=Alias(text="Leda"))

# what is asked for, the text, and the one clause that says what held
CLAUSES = [
    (near("huawei", "chips"), "Chips, then Huawei makes new chips.", '"huawei" 1 word from "chips" (NEAR/5)'),
    (near("huawei", "chips"), "Huawei makes such new chips.", '"huawei" 3 words from "chips" (NEAR/5)'),
    (near("huawei", "chips", 0), "Huawei chips", '"huawei" right beside "chips" (NEAR/0)'),
    (near("huawei", "chips", ordered=True), "Huawei makes chips", '"huawei" 1 word before "chips" (ONEAR/5)'),
    (near("huawei", "chips", 9, ordered=True), "Chips: Huawei chips", '"huawei" right before "chips" (ONEAR/9)'),
    (near(either(HUAWEI, LEDA), "chips"), "Chips of Huawei", '@huawei (Huawei) 1 word from "chips" (NEAR/5)'),
    (FarFrom(term("apple"), term("pie"), 2), "Apple pie. It is an apple.", '"apple" without "pie" within 2 words (NOT NEAR/2)'),
    (Together(term("huawei"), term("chips"), "sentence"), "The U.S. chips are Huawei's.", '"huawei" and "chips" in one sentence'),
    (Together(term("huawei"), term("chips"), "paragraph"), "Chips. Huawei.", '"huawei" and "chips" in one paragraph'),
    (InField(term("zinc"), "lead:3"), "It is zinc.", 'in the first 3 words: "zinc"'),
    (InField(either("zinc", "iron", "lead"), "body"), "Zinc and lead.", 'in the body: "zinc", "lead"'),
    (InField(every("zinc", no("iron")), "body"), "Zinc.", 'in the body: "zinc" and none of: "iron"'),
    (count(2, "zinc", "iron", near("tin", "lead"), either("gold", HUAWEI)), "Tin, lead, gold.", '2 of the 4 occur: "tin", "lead", "gold", at least 2 asked for'),
    (AtLeast(3, either("zinc", "iron")), "Zinc, iron, zinc, zinc.", '4 occurrences of "zinc", "iron", at least 3 asked for'),
    (either(near("zinc", "iron"), "tin", InField(term("lead"), "title")), "Zinc, iron; tin.", 'any of: "zinc" right beside "iron" (NEAR/5); "tin"'),
    (either(near("zinc", "iron"), every("tin", "lead")), "Lead and tin.", '"tin" and "lead"'),
    (AllOf((either("zinc", "iron"),)), "Iron.", 'any of: "iron"'),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "body", "clause"), CLAUSES, ids=[case[2] for case in CLAUSES])
def test_the_clause_that_held(expr, body, clause):
    assert mention(expr, body).clauses == (clause,)


FACTS = [
    (fact("tier", "wire"), "source tier wire"),
    (fact("source", "scmp"), "source scmp"),
    (fact("author", "Roe"), 'author: "Roe"'),
    (fact("url", "/press/"), 'address with "/press/"'),
    (fact("lang", "zh"), "language zh"),
    (no(fact("lang", "de")), "not: language de"),
    (no(fact("source", "reuters")), "not: source reuters"),
    (either(fact("tier", "official"), fact("tier", "wire")), "source tier wire"),
]


@pytest.mark.parametrize(("expr", "clause"), FACTS, ids=[clause for _, clause in FACTS])
def test_facts_that_were_so(expr, clause):
    one = every("zinc", expr)
    found = mention(one, "zinc", tier="wire", author="Jane Roe", url="https://x.example/press/1", lang="zh-Hans")
    assert found.clauses == ('"zinc"', clause)


def test_a_language_that_is_unknown_says_so():
    unknown = "language unknown, so not asked"
    assert mention(every("zinc", fact("lang", "zh"), no(fact("lang", "de"))), "zinc").clauses[1:] == (unknown, unknown)
    assert mention("zinc", "zinc", restrictions={"langs": ("zh",)}).clauses[1:] == (unknown,)


def test_what_a_rule_is_restricted_to_is_a_clause():
    found = mention("zinc", "zinc", tier="wire", lang="en-US", restrictions={"tiers": ("wire",), "langs": ("en",)})
    assert found.clauses == ('"zinc"', "source tier wire", "language en-US")


def test_nots_say_what_they_exclude():
    one = every("zinc", no("iron"), no(either("tin", "gold")), no(near("a", "b")), no(every("c", "d")))
    assert mention(one, "zinc").clauses[1:] == (
        'none of: "iron"',
        'none of: "tin", "gold"',
        'not: "a" within 5 words of "b"',
        'not all of: "c", "d"',
    )


def test_a_clause_stays_short():
    one = either(*(near(f"metal{n}", "x" * 60) for n in range(30)))
    (clause,) = mention(one, " ".join(f"metal{n} {'x' * 60}" for n in range(30))).clauses
    assert len(clause) <= 300
    assert clause.startswith('any of: "metal0" right beside')


def test_clauses_speak_of_the_rules_own_part_of_the_article():
    one = every(InField(near("zinc", "iron"), "title"), "zinc", "iron")
    found = mention(one, "Zinc iron.", "Zinc of any iron")
    assert found.clauses[0] == 'in the title: "zinc" 2 words from "iron" (NEAR/5)'


# ── sentences ────────────────────────────────────────────────────────────────────────────────────

SENTENCES = [
    (near("huawei", "chips", 2), "Huawei left. Chips stay. Huawei makes chips.", ["Huawei makes chips."]),
    (near("huawei", "chips", 2), "Nothing. Here is Huawei. Chips stay.", ["Here is Huawei.", "Chips stay."]),
    (
        Together(term("huawei"), term("chips"), "sentence"),
        "Huawei left. Chips stay. Mr. Ren of Huawei met Sen. Warren over chips. More.",
        ["Mr. Ren of Huawei met Sen. Warren over chips."],
    ),
    (
        every("huawei", Together(term("huawei"), term("chips"), "sentence")),
        "Huawei left. Huawei met the U.S. over chips.",
        ["Huawei met the U.S. over chips."],
    ),
    (FarFrom(term("apple"), term("pie"), 2), "An apple pie. It is good. An apple falls.", ["An apple falls."]),
    (count(2, "zinc", "iron", "lead"), "Zinc. It rains. Zinc and lead.", ["Zinc and lead."]),
    (every(no("tin"), fact("tier", "outlet"), "zinc", "iron"), "Iron. Zinc.", ["Zinc."]),
    (every(every("zinc", "iron"), no("tin")), "Iron. Zinc.", ["Zinc."]),
]


@pytest.mark.parametrize(("expr", "body", "shown"), SENTENCES, ids=[str(n) for n in range(len(SENTENCES))])
def test_the_sentences_that_show_what_held(expr, body, shown):
    assert [sentence.text for sentence in mention(expr, body).sentences] == shown


def test_a_term_that_comes_after_hundreds_of_another_is_stored_all_the_same():
    found = mention(every("zinc", "iron"), "Zinc. " * 600 + "Iron and zinc.")
    assert len(found.hits) == 500
    assert [hit.text for hit in found.hits[-2:]] == ["Zinc", "Iron"]
    assert found.clauses[-1] == "102 more hits, not listed"


def test_a_title_is_shown_only_if_no_sentence_shows_as_much():
    one = near("huawei", "chips")
    assert [s.field for s in mention(one, "Huawei makes chips.", "Huawei chips").sentences] == ["body"]
    assert [s.field for s in mention(one, "Huawei left.", "Huawei chips").sentences] == ["title"]


ABOUT = [
    (every(either("zinc", "iron"), "lead"), ["Zinc.", "Iron."]),
    (every(no("tin"), fact("tier", "outlet"), "zinc", "iron"), ["Zinc."]),
    (every(every(no("tin"), "zinc"), "iron", no("gold")), ["Zinc."]),
    (every(InField(every("zinc", "lead"), "body"), "iron"), ["Zinc."]),
    (every(near(either("zinc", "iron"), "lead"), "copper"), ["Zinc.", "Iron."]),
    (every(FarFrom(term("zinc"), term("tin"), 5), "iron"), ["Zinc."]),
    (every(count(2, "zinc", "lead"), "iron"), ["Zinc.", "Lead."]),
    (every(either(every("zinc", no("tin")), fact("tier", "wire")), "iron"), ["Zinc."]),
]


@pytest.mark.parametrize(("expr", "shown"), ABOUT, ids=[str(n) for n in range(len(ABOUT))])
def test_the_sentences_show_what_a_rule_is_about_not_its_company(expr, shown):
    assert [sentence.text for sentence in mention(expr, "Copper. Zinc. Iron. Lead.").sentences] == shown
