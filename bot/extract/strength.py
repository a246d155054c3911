"""Which references tie two articles to one event, and which only to one subject.

A document's number, its page in the Federal Register and a ministry's announcement are given once, to one document:
articles that share one tell of the same event. A docket, a case, an investigation or a RIN names a proceeding that goes
on for years; it names one event only together with the step that was taken in it. Everything else – parts of rules,
tariff and control numbers, laws, orders, bills, disputes – says what an article is about, long after the event too:
Executive Order 14105 was news once and has been background ever since.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Reference, ReferenceKind

EVENTS: frozenset[ReferenceKind] = frozenset({"fr-document", "fr-citation", "announcement"})
PROCEEDINGS: frozenset[ReferenceKind] = frozenset({"docket", "case", "investigation", "rin"})

# The steps of a proceeding as headlines name them; the first that fits decides.
_STEPS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("correction", r"\bcorrect(?:ion|ing|s|ed)\b"),
        ("extension", r"\b(?:exten(?:sion|d|ds|ded|ding)|postpone(?:ment|s|d)?|reopen\w*|delay\w*)\b"),
        ("amended final", r"\bamended final\b"),
        ("preliminary", r"\bpreliminar(?:y|ily)\b"),
        ("interim final rule", r"\binterim final rule\b"),
        ("final", r"\bfinal\b"),
        ("proposed rule", r"\b(?:proposed rule|proposes|notice of proposed)\b"),
        ("initiation", r"\b(?:initiat|institut)(?:ion|es|ed|ing)\b"),
        ("rescission", r"\b(?:resci(?:ssion|nds?|nded)|terminat(?:ion|es|ed)|revo(?:cation|kes|ked))\b"),
        ("continuation", r"\bcontinu(?:ation|es|ed)\b"),
        ("order", r"\border\b"),
        ("hearing", r"\bhearing\b"),
    )
)
_PERIOD = re.compile(r"\b((?:19|20)\d\d)\s?[-–/]\s?((?:19|20)?\d\d)\b")


def strong(references: Iterable[Reference], title: str = "") -> tuple[tuple[str, str], ...]:
    """Index entries (kind, value) that name one event, sorted; articles that share one may be one story.

    Numbers of proceedings need the step that the ``title`` names, with the period where it tells one: "A-570-601
    final 2018-2019". Without a step they give nothing.
    """
    step = _step(title)
    found = set()
    for reference in references:
        if reference.kind in EVENTS:
            found.add((reference.kind, reference.value))
        elif reference.kind in PROCEEDINGS and step:
            found.add((reference.kind, f"{reference.value} {step}"))
    return tuple(sorted(found))


def _step(title: str) -> str:
    step = next((name for name, pattern in _STEPS if pattern.search(title)), "")
    period = _PERIOD.search(title)
    return f"{step} {period[1]}-{period[2][-2:]}" if step and period else step
