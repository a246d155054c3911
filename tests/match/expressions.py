"""Whole rules in the query language, and articles in which they are often nearly true, for Hypothesis."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from bot.model import (
    Alias,
    AllOf,
    AnyOf,
    Article,
    AtLeast,
    CountOf,
    FarFrom,
    InField,
    Meta,
    Near,
    Not,
    NotNear,
    Rule,
    Term,
    Together,
)

# Few words, so that terms meet, overlap and repeat; what each kind of term means is tested elsewhere.
WORDS = [
    *("red", "Red", "reds", "blue", "Blue", "blue", "green", "Green", "gold", "Gold", "reddish", "Mr", "The", "a"),
    *("出口", "管制", "出口管制", "US", "U.S.", "us", "Röd", "rod", "5", "Gold's"),
]
GAPS = [*[" "] * 9, ". ", ". ", "\n\n", "\n\n", "\n", " \n \n", "-", ", ", "", "! ", "。", ".” ", "\u00a0"]
TERMS = [
    *(Term(text=text) for text in ("red", "blue", "green", "gold", "US", "出口", "管制", "出口管制", "rod")),
    *(
        Term(text=text)
        for text in ("red blue", "blue green", "red blue green", "green gold", "blue red", "green-green")
    ),
    *(Term(text=text) for text in ("Red", "Gold")),  # as two of the aliases
    *(Term(text=text, kind="wildcard") for text in ("red*", "gre?n", "red* blue", "gol* red*")),
    *(Term(text=text, kind="exact") for text in ("Red", "blue", "Röd", "blue green")),
    *(Term(text=text, kind="regex") for text in ("gre+n", "red(s|dish)?")),
]
ALIASES = [
    Alias(text="Red", requires=("gold",), within=1),
    Alias(text="Blue Green"),
    Alias(text="Blue", without=("green",), within=0),
    Alias(text="Gold", valid_from=date(2022, 1, 1)),
    Alias(text="出口"),
]
DAYS = [None, datetime(2021, 5, 1, tzinfo=UTC), datetime(2023, 5, 1, tzinfo=UTC)]
FIELDS = ["title", "body", "lead", "lead:2", "lead:5"]
MAY_MEET = {"title": ["title"]} | {kind: ["body", "lead", "lead:3"] for kind in FIELDS[1:]}
FACTS = [
    *(Meta("author", term) for term in (Term(text="red"), Term(text="gre*", kind="wildcard"), Term(text="Röd"))),
    *(Meta("author", term) for term in (Term(text="rod"), Term(text="Red", kind="exact"))),
    *(Meta("source", Term(text=text)) for text in ("one", "two")),
    *(Meta("tier", Term(text=text)) for text in ("official", "wire")),
    *(Meta("lang", Term(text=text)) for text in ("en", "zh", "en-US")),
    *(Meta("url", Term(text=text)) for text in ("/press/", "example.org", "STRASSE")),
]


@st.composite
def texts(draw, most):
    parts = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=most))
    return "".join(word + gap for word, gap in parts)


@st.composite
def articles(draw):
    body = draw(texts(16))
    title = " ".join(draw(texts(5)).split())  # what comes in has its title on one line
    derived = draw(st.sampled_from([False, False, True]))
    if derived and body:  # as the texts come in, and a title that the body does not hold any more
        title = draw(st.sampled_from([body[:8], body[:3].strip() + "…", " ".join(body.split(".")[0].split()), title]))
    return Article(
        source=draw(st.sampled_from(["one", "two"])),
        key="k",
        key_kind="url",
        fingerprint="",
        content_hash="",
        title=title,
        body=body,
        title_derived=derived,
        tier=draw(st.sampled_from(["official", "wire", "outlet"])),
        lang=draw(st.sampled_from([None, "", "en", "en_GB", "zh-Hans", "fr"])),
        url=draw(st.sampled_from([None, "https://Example.org/PRESS/1", "https://a.test/straße"])),
        author=draw(st.sampled_from(["", "Ann Red", "red and Green", "Röd", "Rod, Blue"])),
        published_at=draw(st.sampled_from(DAYS)),
    )


@st.composite
def aliases(draw):
    alias = draw(st.sampled_from(ALIASES))
    return Term(text=alias.text, entity=draw(st.sampled_from(["colours", "others"])), alias=alias)


def any_of(parts, most=3):
    return st.lists(parts, min_size=1, max_size=most).map(lambda found: AnyOf(tuple(found)))


LEAVES = st.sampled_from(TERMS) | aliases()
ENTITIES = any_of(aliases()).map(lambda group: AnyOf(group.parts, "@colours"))
LISTS = any_of(st.sampled_from(TERMS)).map(lambda group: AnyOf(group.parts, "$colours"))
OPERANDS = LEAVES | any_of(LEAVES | ENTITIES | LISTS | any_of(LEAVES, 2))
DISTANCES = st.sampled_from([0, 0, 1, 1, 2, 3, 5, 1000])
PROXIMITIES = st.one_of(
    st.builds(Near, OPERANDS, OPERANDS, DISTANCES, st.booleans()),
    st.builds(FarFrom, OPERANDS, OPERANDS, DISTANCES),
    st.builds(Together, OPERANDS, OPERANDS, st.sampled_from(["sentence", "paragraph"])),
)


@st.composite
def counts(draw):
    parts = tuple(draw(st.lists(OPERANDS | PROXIMITIES, min_size=1, max_size=5)))
    return CountOf(draw(st.integers(1, len(parts))), parts)


SIMPLE = st.one_of(OPERANDS, PROXIMITIES, counts(), st.builds(AtLeast, st.integers(1, 4), OPERANDS))


def joined(parts):
    some = st.lists(parts | parts.filter(lambda part: not isinstance(part, Not)).map(Not), min_size=1, max_size=3)
    return st.builds(lambda kind, found: kind(tuple(found)), st.sampled_from([AllOf, AllOf, AnyOf]), some)


# Often true: three colours and no conditions.
COLOURS = any_of(st.sampled_from([Term(text=text) for text in ("red", "blue", "green", "red blue", "blue green red")]))
DENSE = st.lists(
    st.tuples(st.sampled_from(["red", "Blue", "green", "Gold"]), st.sampled_from([" "] * 6 + [". ", "\n\n"])),
    min_size=5,
    max_size=16,
).map(lambda parts: "".join(word + gap for word, gap in parts))
NEAR_EACH_OTHER = st.one_of(
    st.builds(Near, COLOURS, COLOURS, st.integers(0, 3), st.booleans()),
    st.builds(FarFrom, COLOURS, COLOURS, st.integers(0, 3)),
    st.builds(Together, COLOURS, COLOURS, st.sampled_from(["sentence", "paragraph"])),
)
PLAIN = st.one_of(
    NEAR_EACH_OTHER,
    st.builds(AtLeast, st.integers(2, 5), COLOURS),
    st.lists(COLOURS | NEAR_EACH_OTHER, min_size=2, max_size=5).map(
        lambda parts: CountOf(len(parts) - 1, tuple(parts))
    ),
    st.lists(COLOURS, min_size=2, max_size=4).map(lambda parts: CountOf(len(parts), tuple(parts))),
)
PLAIN_TOGETHER = PLAIN | joined(PLAIN) | joined(joined(PLAIN))


@st.composite
def in_fields(draw, parts):
    field = draw(st.sampled_from(FIELDS))
    inside = draw(parts)
    if draw(st.integers(0, 3)) == 0:
        inside = AllOf((draw(parts), InField(inside, draw(st.sampled_from(MAY_MEET[field])))))
    return InField(inside, field)


LOOKED_FOR = SIMPLE | joined(SIMPLE) | joined(joined(SIMPLE))
ANYTHING = st.one_of(LOOKED_FOR, in_fields(LOOKED_FOR), st.sampled_from(FACTS), joined(st.sampled_from(FACTS)))
EXPRESSIONS = ANYTHING | joined(ANYTHING) | joined(joined(ANYTHING))
ZONES = [("title", "body")] * 3 + [("title",), ("body",), ("lead",), ("lead:3",), ("title", "lead:2")]


@st.composite
def rules(draw, number=0):
    near = NotNear(
        term=tuple(draw(st.lists(LEAVES, min_size=1, max_size=2))),
        of=tuple(draw(st.lists(LEAVES, min_size=1, max_size=2))),
        within=draw(st.integers(0, 3)),
    )
    return Rule(
        id=str(number),
        title="",
        expr=draw(EXPRESSIONS),
        mask=tuple(draw(st.lists(LEAVES, max_size=1))),
        not_near=(near,) if draw(st.integers(0, 2)) == 0 else (),
        where=draw(st.sampled_from(ZONES)),
        min_hits=draw(st.sampled_from([1, 1, 1, 1, 2, 3])),
        tiers=draw(st.sampled_from([(), (), (), ("official", "wire")])),
        langs=draw(st.sampled_from([(), (), (), ("en",), ("zh", "en-US")])),
    )


def unnamed(expr):
    """The expression with its entities and lists written out as terms and groups."""
    match expr:
        case Term():
            return replace(expr, entity=None, alias=None)
        case AnyOf() | AllOf() | CountOf():
            written = replace(expr, parts=tuple(map(unnamed, expr.parts)))
            return replace(written, name="") if isinstance(written, AnyOf) else written
        case Near() | Together():
            return replace(expr, left=unnamed(expr.left), right=unnamed(expr.right))
        case FarFrom():
            return replace(expr, part=unnamed(expr.part), of=unnamed(expr.of))
        case Not() | InField() | AtLeast():
            return replace(expr, part=unnamed(expr.part))
    return expr
