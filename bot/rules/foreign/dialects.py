"""How the services whose strings are translated write them; the facts are from their public help pages.

- Meltwater, "How to Master Boolean Search" and "Boolean" (help.meltwater.com): NEAR alone means at most four words
  between; capitals of operators are optional.
- Talkwalker, "Search Syntax" (talkwalker.com/syntax-alerts): AND NOT or a minus sign exclude.
- Brandwatch, "Advanced Query Operators", "Proximity Operators" (community.brandwatch.com): ``NEAR/2f`` asks for the
  order and counts the words between; braces ask for the case as it is written.
- Factiva, "Search Statement Operators" (Factiva Developer's Kit): ``adj1`` is side by side, ``near5`` has 0–4 words
  between; words side by side are a phrase; adj, near, same bind before atleast and fields, then not, and, or.
- Lexis, "Connector Order and Priority", "Terms & Connectors Quick Reference" (help.lexisnexis.com): or binds first,
  then w/n and its kin, then sentence, paragraph, and, and not; words side by side are a phrase; ``!`` is any ending.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.rules.query import How

Kind = Literal["or", "near", "sentence", "paragraph", "and", "not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """An operator between two operands.

    ``sign`` is a pattern that it matches as a whole, without regard to case unless the dialect has ``capitals``; its
    group ``n``, if any, is a number of words. ``less`` is taken from that to have the words *between*; ``default``
    stands for a number that is not written. ``how`` is empty for AND, OR and NOT.
    """

    sign: str
    kind: Kind
    how: How | None = None
    less: int = 0
    default: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one service writes search strings.

    ``order``: which operators bind first, the tightest at the front; empty where the help pages do not say, and what
    depends on it is refused. With ``loose``, fields and counts take all that the tightest ones join. ``phrases``: words
    side by side are a phrase. ``fields`` are written ``name:``, or ``name=`` with ``equals``; ``calls`` like functions,
    ``NAME(…)``. The value is our field; what has no like here stands in ``absent``, with the remedy. ``ending`` and
    ``letter`` are the wildcards for any ending and for one character; ``glued`` is a pattern of operators that need no
    blanks around them. ``notes`` are told of every string, because they are true of all.
    """

    name: str
    title: str
    joins: tuple[Join, ...]
    capitals: bool = False
    order: tuple[frozenset[Kind], ...] = ()
    loose: bool = False
    phrases: bool = False
    minus: bool = False
    braces: bool = False
    brackets: str = "("
    fields: Mapping[str, str] = field(default_factory=dict)
    equals: bool = False
    calls: Mapping[str, str] = field(default_factory=dict)
    least: str = ""
    glued: str = ""
    ending: str = "*"
    letter: str = "?"
    absent: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


AND = Join(sign="and", kind="and")
OR = Join(sign="or", kind="or")
NOT = Join(sign="not", kind="not")
LEAD = "write lead:(…), which is its first 60 words, or lead:100:(…)"
SOURCE = "write source:id or tier:wire with the sources of config.toml"
COUNTED = (
    "Lexis leaves words such as “the” and “of” out when it counts, and looks for irregular forms unasked "
    "(bite: bitten, biting); here every word counts, and only regular plurals are found unasked."
)

MELTWATER = Dialect(
    name="meltwater",
    title="Meltwater",
    joins=(
        AND,
        OR,
        NOT,
        Join(sign=r"near(?:/(?P<n>\d+))?", kind="near", how="NEAR", default=4),
        Join(sign=r"onear(?:/(?P<n>\d+))?", kind="near", how="ONEAR", default=4),
    ),
    fields={"title": "title", "author": "author", "url": "url", "language": "lang"},
    absent={"ingress": LEAD, "source": SOURCE, "sourcename": SOURCE},
)
TALKWALKER = Dialect(
    name="talkwalker",
    title="Talkwalker",
    joins=(
        AND,
        OR,
        NOT,
        Join(sign=r"near/(?P<n>\d+)", kind="near", how="NEAR"),
        Join(sign=r"onear/(?P<n>\d+)", kind="near", how="ONEAR"),
        Join(sign="sentence", kind="sentence", how="SENTENCE"),
    ),
    capitals=True,
    minus=True,
    fields={"title": "title", "author": "author", "lang": "lang"},
    absent={"site": SOURCE, "content": "write body:(…) if the body alone is meant"},
)
BRANDWATCH = Dialect(
    name="brandwatch",
    title="Brandwatch",
    joins=(
        AND,
        OR,
        NOT,
        Join(sign=r"near/(?P<n>\d+)", kind="near", how="NEAR"),
        Join(sign=r"near/(?P<n>\d+)f", kind="near", how="ONEAR"),
    ),
    capitals=True,
    braces=True,
    fields={"title": "title", "author": "author", "url": "url", "language": "lang"},
    absent={"site": SOURCE, "raw": 'write ="…", which is found as it is written'},
)
FACTIVA = Dialect(
    name="factiva",
    title="Factiva",
    joins=(
        AND,
        OR,
        NOT,
        Join(sign=r"near(?P<n>\d+)", kind="near", how="NEAR", less=1),
        Join(sign=r"/n(?P<n>\d+)/", kind="near", how="NEAR", less=1),
        Join(sign=r"(?:adj(?P<n>\d+)?|w/(?P<m>\d+))", kind="near", how="ONEAR", less=1, default=1),
        Join(sign="same", kind="near", how="PARAGRAPH"),
    ),
    order=(frozenset({"near"}), frozenset({"not"}), frozenset({"and"}), frozenset({"or"})),
    loose=True,
    phrases=True,
    brackets="([",
    fields={"hd": "title", "by": "author", "la": "lang"},
    equals=True,
    glued=r"/[nf]\d+/",
    least="atleast",
    absent={"hlp": LEAD, "lp": LEAD, "ns": "write the words that the code stands for", "sn": SOURCE, "sc": SOURCE}
    | {"rst": SOURCE, "co": "write the company's names, or @id of an entity", "fds": "write the company's names"}
    | {"re": "write the region's names", "in": "write words of the industry", "wc": "leave it out"},
)
LEXIS = Dialect(
    name="lexis",
    title="Lexis",
    joins=(
        Join(sign="and|&", kind="and"),
        OR,
        Join(sign="(?:and )?not|but not", kind="not"),
        Join(sign=r"(?:w|near)?/(?P<n>\d+)", kind="near", how="NEAR"),
        Join(sign=r"(?:pre|onear)/(?P<n>\d+)", kind="near", how="ONEAR"),
        Join(sign=r"not (?:w/|near/|/)(?P<n>\d+)|not/(?P<m>\d+)", kind="near", how="NOT NEAR"),
        Join(sign="(?:w)?/s|w/sent", kind="sentence", how="SENTENCE"),
        Join(sign="(?:w)?/p|w/para", kind="paragraph", how="PARAGRAPH"),
    ),
    order=(
        frozenset({"or"}),
        frozenset({"near"}),
        frozenset({"sentence"}),
        frozenset({"paragraph"}),
        frozenset({"and"}),
        frozenset({"not"}),
    ),
    phrases=True,
    calls={"headline": "title", "title": "title", "body": "body", "byline": "author"},
    least="atleast",
    ending="!",
    absent={
        "hlead": LEAD,
        "lead": LEAD,
        "caps": 'write ="…", which is found as it is written',
        "singular": 'write ="…", which is found as it is written',
        "plural": "write the plural: what is typed as a plural finds its singular only where that is safe",
        "publication": SOURCE,
        "subject": "write the words that the index term stands for",
        "company": "write the company's names, or @id of an entity",
        "w/seg": "write IN PARAGRAPH WITH, or title:(… AND …)",
        "/seg": "write IN PARAGRAPH WITH, or title:(… AND …)",
    },
    notes=(COUNTED,),
)
DIALECTS = {each.name: each for each in (MELTWATER, TALKWALKER, BRANDWATCH, FACTIVA, LEXIS)}
"""By name."""
