"""Secrets: where they come from, and values that never show themselves."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

SENSITIVE_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token"})
LARGEST = 64 * 1024
# Parameters of an address that let in whoever has it; "key" alone often names something else.
_SECRET_PARAMETER = re.compile(
    r"(?:.*[_.-])?(?:token|secret|passw(?:or)?d|passphrase|pwd|auth|credentials?|signature|sig|jwt|sessionid)|"
    r".*(?:api|access|private|secret|auth|feed|rss|user)[_.-]?(?:key|token|secret|pass|hash)",
    re.IGNORECASE,
)
_KEY = re.compile(r"key|hash", re.IGNORECASE)
_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}")


class Secret:
    """A value that is never shown: not by ``repr``, ``str`` or formatting. :meth:`reveal` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


class Headers(dict[str, str]):
    """Request headers whose secret values are not shown by ``repr``: those that are sensitive by name, or hidden."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self._hidden = set(SENSITIVE_HEADERS)

    def hide(self, name: str, value: str) -> None:
        """Add a header that is a secret whatever its name."""
        self[name] = value
        self._hidden.add(name.lower())

    def secrets(self) -> list[str]:
        """The values that must never be shown."""
        return [value for name, value in self.items() if name.lower() in self._hidden]

    def __repr__(self) -> str:
        return f"Headers({ {name: '…' if name.lower() in self._hidden else value for name, value in self.items()} })"


class Unusable(Exception):
    """A secret was given, but cannot be used; the message follows the key's name and does not show the value."""


class Vault:
    """Looks secrets up: environment variable, then file, then ``$CREDENTIALS_DIRECTORY`` (systemd credentials)."""

    def __init__(self, environ: Mapping[str, str], base: Path) -> None:
        self._environ = environ
        self._base = base

    def find(self, *, env: str | None, file: str | None = None, literal: str | None = None) -> Secret | None:
        """The first of these that is there and not blank. Raises :class:`Unusable`."""
        found = literal or (self._environ.get(env, "") if env else "")
        if not found.strip() and file:
            found = _read(self._base / Path(file).expanduser())
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        if not found.strip() and env and folder and (Path(folder) / env).is_file():
            found = _read(Path(folder) / env)
        return _clean(found)


def authorization(secret: Secret) -> str:
    """The value of an Authorization header (RFC 9110, 11.6.2).

    "Scheme credentials" goes as it stands, "user:password" as Basic (RFC 7617), anything else as Bearer (RFC 6750).
    """
    value = secret.reveal()
    if " " in value or ":" not in value:
        return value if " " in value else f"Bearer {value}"
    return "Basic " + base64.b64encode(value.encode()).decode()


def secret_parameter(url: str) -> str | None:
    """The name of the first parameter of ``url`` whose value looks like a secret, None without one."""
    try:
        parameters = parse_qsl(urlsplit(url).query)
    except ValueError:
        return None
    for name, value in parameters:
        if _SECRET_PARAMETER.fullmatch(name) or (_KEY.fullmatch(name) and _RANDOM.fullmatch(value)):
            return name
    return None


def plain(header: str) -> tuple[str, ...]:
    """What a Basic Authorization holds in readable form: name and password together, and the password alone."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return ()
    try:
        both = base64.b64decode(value, validate=True).decode()
    except ValueError:
        return ()
    return both, both.partition(":")[2]


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise Unusable(f"cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST:
        raise Unusable("is no secret: larger than 64 KB")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Unusable("is no secret: not text") from error


def _clean(found: str) -> Secret | None:
    value = found.strip()
    if value and not (value.isascii() and value.isprintable()):
        raise Unusable("holds a line break or signs that cannot stand in a secret")
    return Secret(value) if value else None
