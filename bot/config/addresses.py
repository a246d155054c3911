"""Webhooks and the services behind Apprise: their addresses and secrets, which stand in the environment only."""

from __future__ import annotations

import base64
import binascii
from importlib.util import find_spec
from typing import TYPE_CHECKING

from . import kinds
from .secret import Unusable
from .values import Address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Destination
    from bot.tomlfile import TomlPath

    from .secret import Secret
    from .tables import Tables

# How Standard Webhooks 1.0 marks a secret that is written in base64 (https://www.standardwebhooks.com).
PREFIX = "whsec_"
LEAST_KEY = 16  # bytes; shorter ones can be guessed
NEW_SECRET = 'agree on a new one: python -c "import secrets; print(secrets.token_urlsafe(32))"'  # noqa: S105 – a sentence


def addresses(tables: Tables, usable: Sequence[Destination]) -> dict[str, Address]:
    """Where the ``usable`` destinations are of which the file must not tell, by id, as far as it was found."""
    places = {id_: paths[0][:2] for id_, paths in tables.ids("destination").items()}
    found = {}
    for each in usable:
        if each.kind == "webhook":
            path = places[each.id]
            found[each.id] = Address(url=_url(tables, path), secret=_secret(tables, path))
        elif each.kind == "apprise":
            _refuse_without_extra(tables, places[each.id])
            found[each.id] = Address(url=_named(tables, places[each.id], "url_env"))
    return found


def key_of(secret: str) -> bytes:
    """The key that a secret stands for. Raises ValueError with what is wrong, which does not show it."""
    key = secret.encode()
    if secret.startswith(PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(f'begins with "{PREFIX}", and what follows is not base64') from None
    if len(key) < LEAST_KEY:
        raise ValueError(f"is shorter than {LEAST_KEY} bytes and could be guessed")
    return key


def _refuse_without_extra(tables: Tables, path: TomlPath) -> None:
    if not find_spec("apprise"):
        words = 'kind = "apprise" needs an extra that is not installed'
        tables.fault((*path, "kind"), words, "pip install 'presswatch[notify]'")


def _url(tables: Tables, path: TomlPath) -> Secret | None:
    found = _named(tables, path, "url_env")
    if found and (reason := kinds.hook_fault(found.reveal())):
        tables.fault((*path, "url_env"), f'what "url_env" names {reason}', "write it like https://hooks.example.org/x")
    return found


def _secret(tables: Tables, path: TomlPath) -> Secret | None:
    found = _named(tables, path, "secret_env")
    if found:
        try:
            key_of(found.reveal())
        except ValueError as error:
            tables.fault((*path, "secret_env"), f'what "secret_env" names {error}', NEW_SECRET)
    return found


def _named(tables: Tables, path: TomlPath, key: str) -> Secret | None:
    """What the variable under ``key`` of a destination holds; said where it is not set."""
    table = tables.file.data["destination"][path[1]]
    variable = table.get(key)
    try:
        found = tables.vault.find(env=variable)
    except Unusable as error:
        tables.fault((*path, key), f'"{key}" {error}', "mend what it refers to")
        return None
    if variable and not found:
        tables.lacks(f'destination "{table["id"]}"', variable)
    return found
