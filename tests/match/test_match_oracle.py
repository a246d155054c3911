"""The matcher and the oracle agree on every rule and text that Hypothesis can think of."""

from datetime import UTC, date, datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from match_oracle import Oracle

from bot.match import Matcher
from bot.model import Alias, AllOf, AnyOf, Article, Not, NotNear, Rule, Term

# Words of eleven scripts that meet each other's edges, plurals, capitals, accents and variants.
WORDS = [
    "export", "control", "controls", "control's", "company", "companies", "goods", "ban", "bans", "tax", "taxes",
    "US", "us", "U.S.", "U.S", "U.S.A.", "P.U.S.", "GPU", "GPUs", "GPUS", "gpu", "5G", "15G", "G7", "BIS", "bis",
    "Zürich", "Zurich", "ZURICH", "Zu\u0308rich", "ﬁrm", "firm", "İstanbul", "istanbul", "straße", "STRASSE",
    "Huawei", "HUAWEI", "Huawei’s", "ex\u00adport", "$370", "370", "1,370", "C++", "AT&T", "chip", "chips", "chipmaker",
    "華為", "华为", "出口管制", "出口", "管制", "公司", "ファーウェイ", "ﾌｧｰｳｪｲ", "カ\u3099ス", "ガス", "はい",
    "한국", "\u1112\u1161\u11ab국", "수출", "ไทย", "ส่งออก", "निर्यात", "नियंत्रण", "санкции", "ёлка", "елка", "США", "сша",
    "华为companies", "華為Company's", "公司GPUs", "公司gpus", "US公司", "U.S.公司", "us公司", "ไทยchips", "한국US", "한국us",
    "A.U.S.公司", "U.S.華為company", "Ελλάδα", "ΕΛΛΑΔΑ", "κυρώσεις", "صادرات", "الصين", "סין", "הסחר", "Việt", "Viet", "e\u200bxport",
]  # fmt: skip
GAPS = [" ", " ", " ", " ", "-", " - ", "—", "  ", "\n", "\n\n", ", ", ". ", "/", "", " “", "” ", "\u00a0", "(", ") "]
TERMS = [
    *(Term(text=word) for word in WORDS if word not in ("Huawei’s", "control's", "華為Company's")),
    *(Term(text=text) for text in ("export control", "export-control", "US company", "company ban", "G7 US")),
    *(Term(text=text) for text in ("Zürich ban", "华为公司", "निर्यात नियंत्रण", "санкции США", "U.S.-Zurich")),
    *(Term(text=text, kind="wildcard") for text in ("chip*", "expor?", "company b?n", "chip* ban", "出口*", "con*")),
    Term(text="США chip*", kind="wildcard"),
    *(Term(text=text) for text in ("华为company", "公司GPU", "US公司", "ไทยchip", "한국US", "U.S.华为company")),
    *(Term(text=text, kind="exact") for text in ("Huawei", "US", "Zurich", "華為", "export control", "bans", "GPU")),
]  # fmt: skip
DATES = [None, date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]


# A strategy costs more to make than to draw from: each is made once.
ALIASES = st.builds(
    Alias,
    text=st.sampled_from(["Huawei", "華為", "BIS", "US company", "Zürich"]),
    requires=st.lists(st.sampled_from(["export", "ban", "公司"]), max_size=2).map(tuple),
    without=st.lists(st.sampled_from(["chip", "Huawei company"]), max_size=1).map(tuple),
    within=st.integers(0, 4),
    valid_from=st.sampled_from(DATES),
    valid_until=st.sampled_from(DATES),
)


@cache
def texts(most=12):
    parts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=most)
    return parts.map(lambda drawn: "".join(word + gap for word, gap in drawn))


@st.composite
def leaves(draw):
    """A term or an alias; a function, so that what is built on it can be written down in short."""
    if draw(st.booleans()):
        return draw(st.sampled_from(TERMS))
    alias = draw(ALIASES)
    return Term(text=alias.text, entity=draw(st.sampled_from(["one", "two"])), alias=alias)


LEAVES = leaves()
GROUPS = st.lists(LEAVES, min_size=1, max_size=4).map(lambda parts: AnyOf(tuple(parts)))
ZONES = st.sampled_from(
    [("title", "body"), ("title", "lead", "body"), ("title",), ("body",), ("lead",), ("lead:2",), ("title", "lead:3")]
)
POSITIVE = st.lists(GROUPS | LEAVES, min_size=1, max_size=3)
NEARS = st.builds(
    lambda term, of, within: NotNear(term=(term,), of=tuple(of), within=within),
    st.sampled_from(TERMS),
    st.lists(LEAVES, max_size=2),
    st.integers(0, 3),
)
ONE_OR_NONE = st.lists(LEAVES, max_size=1)
RULES = st.builds(
    lambda junction, positive, negative, near, nears, mask, where, min_hits: Rule(
        id="r",
        title="",
        expr=junction((*positive, *map(Not, negative))),
        mask=tuple(mask),
        not_near=(near,) if nears else (),
        where=where,
        min_hits=min_hits,
    ),
    st.sampled_from([AllOf, AnyOf]),
    POSITIVE,
    ONE_OR_NONE,
    NEARS,
    st.booleans(),
    ONE_OR_NONE,
    ZONES,
    st.sampled_from([1, 1, 1, 2, 3]),
)


def rules():
    return RULES


def article(title, body, day=None, *, derived=False):
    return Article(
        source="s",
        key="k",
        key_kind="url",
        fingerprint="",
        content_hash="",
        title=title,
        body=body,
        title_derived=derived,
        published_at=day and datetime(day.year, day.month, day.day, tzinfo=UTC),
    )


def compared(rule, one):
    """What the matcher and the oracle say of a rule: their hits, or None."""
    mentions = Matcher([rule]).match(one)
    ours = {(hit.term.removeprefix("="), hit.field, hit.start, hit.end) for m in mentions for hit in m.hits}
    return (ours if mentions else None), Oracle(one).holds(rule)


SLOW = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(st.lists(LEAVES, min_size=1, max_size=8), texts(most=25))
@example([Term(text="US")], "in the U.S. the U.S.A. and P.U.S. but us")
@example([Term(text="5G")], "มี5G")
@example([Term(text="chip* ban", kind="wildcard")], "chipmakers ban")
def test_every_hit_of_every_term(terms, body):
    ours, expected = compared(Rule(id="r", title="", expr=AnyOf(tuple(terms))), article("", body))
    assert ours == expected


@SLOW
@given(rules(), texts(most=4), texts(), st.sampled_from(DATES))
def test_rules_with_all_their_conditions(rule, title, body, day):
    ours, expected = compared(rule, article(title, body, day))
    assert ours == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rules(), min_size=1, max_size=12), texts())
def test_rules_side_by_side_do_not_disturb_each_other(several, body):
    numbered = [Rule(id=str(n), title="", expr=r.expr, mask=r.mask, where=r.where) for n, r in enumerate(several)]
    one = article("", body)
    oracle = Oracle(one)
    expected = [rule.id for rule in numbered if oracle.holds(rule) is not None]
    assert [mention.rule for mention in Matcher(numbered).match(one)] == expected


@pytest.mark.parametrize(
    "text", ["", "\n\n", "\u200b", "a" * 300, "’’’ US"], ids=["empty", "gap", "unseen", "long", "quotes"]
)
def test_odd_texts_agree(text):
    ours, expected = compared(
        Rule(id="r", title="", expr=AnyOf((Term(text="US"), Term(text="a" * 300)))), article("", text)
    )
    assert ours == expected
