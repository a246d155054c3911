"""Digests: which are due, what each says, and the row in the outbox that carries it.

*Look* – since when each recipient waits, and for which local date the last issue was. *Decide* – pure functions of
``alerts``. *Act* – in one transaction for each recipient: the issue with its bytes, its message, and the ledger of
the articles it lists. Whatever stops us before the commit, the issue is still due afterwards; after it, it is a row.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .alerts import digest_due, digest_mail
from .alerts.compose import compose_digest
from .alerts.digest_content import digest_content
from .alerts.digest_text import is_empty, text
from .model import DigestReport, Issue, Window
from .sidelines import aside, hours_of
from .store import articles, digests, outbox

if TYPE_CHECKING:
    from datetime import date, datetime

    from .desk import Desk
    from .model import Aside, Destination, Digest, DigestContent, Material, RuleSet
    from .store import Tx
    from .store.records import Standing

    # Of each digest, by the hours that an issue covers and the day of the issue before.
    Asides = dict[tuple[str, int, date | None], Aside]

# Names a digest's message for ever: the same issue for the same recipient always gets the same uid.
UID_SPACE = uuid.UUID("b7a6b6de-3f0c-5f0e-8a1c-5f2f6f1f7a44")
# The first issue reaches back so far at least.
FIRST_SPAN = timedelta(hours=24)
# A digest that was taken out of the configuration for longer begins anew when it comes back.
LONGEST_REST = timedelta(days=31)
# Who writes, where no [mail] says so and the mail is only a file.
NOBODY = "presswatch@localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An issue that is to be written: of ``digest``, for ``recipient``, for the local date ``day``."""

    digest: Digest
    recipient: Destination
    day: date
    standing: Standing


async def issue_due(desk: Desk) -> DigestReport:
    """Write every issue that is due and has not been written. Raises StoreError; then the rest is still due."""
    if not desk.config.digests:
        return DigestReport()
    asides: Asides = {}
    issues = [await desk.call(_issue, desk, due, asides) for due in await desk.call(_look, desk)]
    return DigestReport(issues=tuple(issue for issue in issues if issue is not None))


def preview(tx: Tx, digest: Digest, ruleset: RuleSet, now: datetime) -> DigestContent:
    """What the digest would say to its first recipient if it went out now; nothing is written."""
    standing = digests.standings(tx).get((digest.id, digest.to[0]))
    day = now.astimezone(ZoneInfo(digest.zone)).date()
    window = replace(_window(digest, day, standing, now), late=False)
    material = digests.material(tx, window, after=_after(standing), news_after=_news_after(standing))
    beside = aside(tx, digest, window, ruleset, before=_before(standing), now=now)
    return digest_content(digest, window, material, ruleset.rules, beside)


def _look(desk: Desk) -> list[Due]:
    with desk.store.read() as tx:
        standings = digests.standings(tx)
    found = []
    recipients = {destination.id: destination for destination in desk.config.destinations}
    for digest in desk.config.digests:
        for name in digest.to:
            standing = standings.get((digest.id, name))
            if standing is None:  # another process with another configuration has taken it out: opening puts it back
                continue
            day = digest_due.due(digest, since=standing.since, last=standing.last, now=desk.now())
            if day is not None:
                found.append(Due(digest=digest, recipient=recipients[name], day=day, standing=standing))
    return found


def _issue(desk: Desk, due: Due, asides: Asides) -> Issue | None:
    """Write one issue; None if somebody else has written it meanwhile. ``asides`` keeps what readers share."""
    now, digest, ruleset = desk.now(), due.digest, desk.rules().ruleset
    window = _window(digest, due.day, due.standing, now)
    before = _before(due.standing)
    shared = (digest.id, hours_of(window), before)
    if shared not in asides:
        with desk.store.read() as tx:
            asides[shared] = aside(tx, digest, window, ruleset, before=before, now=now)
    beside = asides[shared]
    with desk.store.write() as tx:
        material = digests.material(tx, window, after=_after(due.standing), news_after=_news_after(due.standing))
        content = digest_content(digest, window, material, ruleset.rules, beside)
        skipped = is_empty(content) and digest.empty == "skip"
        run = _freeze(desk, tx, due, content, material, skipped=skipped)
        if run is None:
            return None
        if not skipped:
            outbox.enqueue(
                tx,
                uid=str(uuid.uuid5(UID_SPACE, f"{digest.id} {due.day.isoformat()} {due.recipient.id}")),
                alert=None,
                destination=due.recipient.id,
                op="post",
                payload=_payload(content, due),
                at=now,
                digest_run=run,
            )
        articles.set_states(tx, [story.alert.article for story in content.stories], "in digest")
        desk.checkpoint("digest.frozen")
    desk.checkpoint("digest.committed")
    return Issue(
        digest=digest.id,
        recipient=due.recipient.id,
        day=due.day,
        stories=len(content.stories),
        late=window.late,
        empty=is_empty(content),
        skipped=skipped,
    )


def _window(digest: Digest, day: date, standing: Standing | None, now: datetime) -> Window:
    """From the end of the issue before to now; the first one reaches back to when it was configured, a day at least."""
    begin = standing.window_to if standing and _goes_on(standing) else None
    if begin is None:
        day_before = digest_due.occurrence(digest, day) - FIRST_SPAN
        begin = min(standing.since, day_before) if standing else min(day_before, now - FIRST_SPAN)
    late = digest_due.is_late(digest, day, now)
    return Window(day=day, zone=digest.zone, begin=min(begin, now), end=now, late=late)


def _goes_on(standing: Standing | None) -> bool:
    """Whether the next issue begins where the last one ended."""
    if standing is None or standing.window_to is None:
        return False
    return standing.since - standing.window_to < LONGEST_REST


def _before(standing: Standing | None) -> date | None:
    """The local date of the issue before; None for a first issue."""
    return standing.last if standing and _goes_on(standing) else None


def _after(standing: Standing | None) -> int | None:
    """The last mention that the issue before could know of; None for a first issue."""
    return standing.upto if standing and _goes_on(standing) else None


def _news_after(standing: Standing | None) -> int | None:
    """The last news that the issue before could know of; None for a first issue, and after one of an older version."""
    return standing.news_upto if standing and _goes_on(standing) else None


def _freeze(desk: Desk, tx: Tx, due: Due, content: DigestContent, material: Material, *, skipped: bool) -> int | None:
    """Write the issue down with the bytes that every attempt sends; the number of its row."""
    now, window, mail = desk.now(), content.window, desk.config.mail
    # What a channel's message leaves out can be read back later: ``digest --last``.
    frozen, message_id = text(content).encode(), ""
    if due.recipient.kind in ("mail", "file") and not skipped:
        sender = mail.sender if mail else NOBODY
        recipient = _address(due.recipient) or NOBODY
        domain = sender.rpartition("@")[2]
        message_id = digest_mail.message_id(due.digest.id, due.day, recipient, domain)
        frozen = digest_mail.mail(
            content,
            sender=sender,
            recipient=recipient,
            message_id=message_id,
            at=now,
            # Where nobody sends the mail, nobody could be written to either.
            unsubscribe=mail.unsubscribe if mail else "",
        )
    return digests.freeze(
        tx,
        digest=due.digest.id,
        recipient=due.recipient.id,
        window=window,
        upto=material.upto,
        news_upto=material.news_upto,
        frozen=frozen,
        message_id=message_id,
        at=now,
    )


def _address(recipient: Destination) -> str:
    """The mail address that a recipient's id was made from; empty for a folder."""
    kind, _, address = recipient.id.partition(":")
    return address if kind == "mailto" else ""


def _payload(content: DigestContent, due: Due) -> dict[str, Any]:
    """What a channel needs besides the frozen bytes: Slack and the terminal all of it, a folder the file's name."""
    if due.recipient.kind == "mail":
        return {"full": {}, "minimal": {}}
    if due.recipient.kind == "file":
        address = _address(due.recipient)
        name = f"{due.digest.id}-{due.day.isoformat()}" + (f"-{address}" if address else "")
        return {"full": {"name": name}, "minimal": {"name": name}}
    return dict(compose_digest(content, due.recipient.kind))
