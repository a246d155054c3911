"""The owners of rules hear of faults of their rules by mail, where there is a relay: each fault once.

What is told is what those who run the program are told of rules (:mod:`bot.troubles`): rejected, off because its last
day is over, too quiet or too loud. It is remembered apart from what these were told, for each address.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from .alerts.notice_mail import owner_mail
from .alerts.notices import Remembered, Sight, decide
from .config.kinds import is_address
from .model.config import OWNERS
from .store import notices, outbox
from .troubles import look_at_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .alerts.notices import Notice, Verdict
    from .desk import Desk
    from .store import Tx

UID_SPACE = uuid.UUID("4b3d1f0e-6f0d-5c57-9a53-8a1c8f6d2e95")
MAILED = ("begins", "changed")


def notify_owners(desk: Desk) -> None:
    """Queue a mail for each owner with something new to hear; nothing without ``[mail]``. Raises StoreError."""
    if desk.config.mail is None or all(each.id != OWNERS for each in desk.config.destinations) or not _owned(desk):
        return
    with desk.store.read() as tx:
        if _verdict(desk, tx).changes_nothing:
            return
    with desk.store.write() as tx:
        verdict = _verdict(desk, tx)
        told = {key: notices.Told(said=known.as_json(), at=known.told_at) for key, known in verdict.remember.items()}
        notices.remember(tx, told, notices.OWNER)
        notices.forget(tx, verdict.forget, notices.OWNER)
        for address, said in _by_owner(verdict.notices).items():
            _queue(desk, tx, address, said)


def _owned(desk: Desk) -> bool:
    """Whether any rule has an owner who may be an address."""
    if desk.live is None:
        return False
    named = [*desk.live.owners.values(), *(rule.owner for rule in desk.live.ruleset.rules.values())]
    return any(owner is not None and "@" in owner for owner in named)


def _verdict(desk: Desk, tx: Tx) -> Verdict:
    stored = notices.told(tx, notices.OWNER)
    remembered = {key: Remembered.from_json(told.said, told.at) for key, told in stored.items()}
    known = {_trouble(key): each for key, each in remembered.items()}
    sight = look_at_rules(desk, tx, known)
    return decide(
        Sight(
            troubles=tuple(
                replace(each, key=f"{each.key} {each.owner}")
                for each in sight.troubles
                if is_address(each.owner) and each.owner.isascii()
            ),
            endings={key: sight.endings[_trouble(key)] for key in remembered if _trouble(key) in sight.endings},
            unclear={key for key in remembered if _trouble(key) in sight.unclear},
        ),
        remembered,
        desk.now(),
    )


def _trouble(key: str) -> str:
    """The trouble's own key, without the owner's address behind it."""
    return key.rpartition(" ")[0]


def _by_owner(told: Iterable[Notice]) -> dict[str, list[Notice]]:
    found: dict[str, list[Notice]] = {}
    for notice in told:
        if notice.step in MAILED:
            found.setdefault(notice.trouble.owner, []).append(notice)
    return found


def _queue(desk: Desk, tx: Tx, address: str, said: list[Notice]) -> None:
    now, mail = desk.now(), desk.config.mail
    assert mail is not None  # noqa: S101 – asked by the caller
    named = " ".join(sorted(f"{notice.step} {notice.trouble.key} {notice.trouble.sign}" for notice in said))
    who = hashlib.sha256(f"{address}\n{now.isoformat()}\n{named}".encode()).hexdigest()[:24]
    content = owner_mail(
        said,
        sender=mail.sender,
        recipient=address,
        message_id=f"<owner.{who}@{mail.domain}>",
        at=now,
    )
    outbox.enqueue(
        tx,
        uid=str(uuid.uuid5(UID_SPACE, f"{address} {now.isoformat()} {named}")),
        alert=None,
        destination=OWNERS,
        op="post",
        payload={"to": address, "mail": content.decode("ascii")},
        at=now,
    )
