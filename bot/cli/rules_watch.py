"""``presswatch rules check --watch``: a look after every edit."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NoReturn

import click

from bot.errors import ConfigError

from .common import Settings, hint, print_faults, short, style

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds between two looks; an edit counts when two of them see the same.
LOOK = 0.4


def watch(settings: Settings, check: Callable[[Settings], int]) -> NoReturn:
    """Check now, and after each edit of the rules folder that has come to rest; it never ends by itself."""
    from bot.app import now

    seen = ""
    while True:
        seen = _rested(settings, seen)
        settings.__dict__.pop("rules", None)  # what was compiled before
        if not settings.as_json:
            click.echo(style(f"── {now():%H:%M:%S} UTC ──", dim=True))
        try:
            check(settings)
        except ConfigError as error:  # the folder is gone
            print_faults(error.faults, as_json=settings.as_json)
        if not settings.as_json:
            hint(f"Watching {short(settings.config.rules_dir)}; Ctrl-C ends it.")


def _rested(settings: Settings, seen: str) -> str:
    """The digest of another content than ``seen``, once two looks agree on it."""
    last = seen
    while True:
        digest = _digest(settings)
        if digest != seen and digest == last:
            return digest
        last = digest
        time.sleep(LOOK)


def _digest(settings: Settings) -> str:
    from bot.rules import digest, read_folder

    try:
        files, unread = read_folder(settings.config.rules_dir)
    except ConfigError as error:
        return str(error)
    return digest({**files, "": "\n".join(map(str, unread))})
