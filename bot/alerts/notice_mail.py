"""A mail to the owner of rules that are at fault."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from bot import __version__
from bot.model.words import plural

from . import wording
from .compose_notices import sentence
from .digest_mail import NAME, finished, headed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .notices import Notice

SHOWN = 20
WHY = (
    "You get this because the file of the rule names this address as its owner. Each fault is told once. "
    "Whoever runs this Presswatch turns it off with owners = false in [ops]."
)


def owner_mail(notices: Sequence[Notice], *, sender: str, recipient: str, message_id: str, at: datetime) -> bytes:
    """What is wrong with this owner's rules, as it goes over the wire.

    Raises ValueError for an address that is none or is not ASCII.
    """
    more = f" and {len(notices) - 1} more" if len(notices) > 1 else ""
    headers = {
        "Subject": f"{NAME}: {wording.line(notices[0].trouble.title, wording.NAME)}{more} needs a look",
        "Date": format_datetime(at),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "X-Mailer": f"{NAME} {__version__}",
    }
    message = headed(sender, recipient, headers)
    lines = [sentence(notice) for notice in notices[:SHOWN]]
    if len(notices) > SHOWN:
        lines.append(f"and {plural(len(notices) - SHOWN, 'trouble')} more: presswatch rules check lists them")
    message.set_content("\n\n".join([*lines, WHY]) + "\n", cte="quoted-printable")
    return finished(message, headers)
