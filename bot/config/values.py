"""The configuration as the program sees it: frozen, complete, every path absolute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .secret import Headers, Secret, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.errors import Fault
    from bot.model import Destination, Digest, Route, Source

    from .models import RetentionTable

# Port 465 speaks TLS from the first byte (RFC 8314, 3.3); on every other port it is asked for with STARTTLS.
TLS_PORT = 465


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How the one door out behaves; ``deadline`` is in seconds, ``proxy`` may hold a password.

    ``closed`` is the mistake for which nothing may go out: a proxy is wanted, and nobody has said which.
    """

    user_agent: str
    contact: str | None = None
    proxy: str | None = field(default=None, repr=False)
    closed: Fault | None = None
    ca_file: Path | None = None
    allow: tuple[str, ...] = ()
    deadline: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """``token`` is None where none was found; ``token_env`` is the variable to set."""

    token: Secret | None = None
    token_env: str = "SLACK_BOT_TOKEN"  # noqa: S105 (the name of a variable)
    app_token: Secret | None = None
    base_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The relay that takes mail, and who sends it: ``sender`` is an address.

    ``unsubscribe`` is where readers ask for no more of it, an address with its scheme (None: they write to ``sender``).

    Without ``starttls`` the connection stays open to readers on the way, unless :attr:`tls` says that it never was.
    """

    host: str
    port: int = 587
    username: str | None = None
    password: Secret | None = None
    starttls: bool = True
    sender: str
    unsubscribe: str | None = None

    @property
    def tls(self) -> bool:
        """Whether the connection begins with TLS."""
        return self.port == TLS_PORT

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.sender.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a webhook or a service is, and the secret that both sides know; None where the variable is not set."""

    url: Secret | None = None
    secret: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where the service answers: ``host`` and ``port``, or a socket's ``path``; ``said`` is how people wrote it."""

    said: str
    host: str = ""
    port: int = 0
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that is configured.

    ``destinations`` hold the digests' recipients too; :attr:`alerting` leaves them out. ``addresses`` go by
    the destination's id.

    ``path`` is None for the embedded defaults; ``base`` is the folder that relative paths start from. ``reserved``
    names what was given and checked, but is not used by this version; ``notices`` are sentences about what is allowed
    and yet will not work as it stands, ``unset`` those of them about variables that nobody set. ``database_url`` may
    hold a password.
    """

    path: Path | None
    base: Path
    data_dir: Path
    rules_dir: Path
    database_url: str = field(repr=False)
    network: Network
    slack: Slack
    sources: tuple[Source, ...]
    destinations: tuple[Destination, ...]
    routes: tuple[Route, ...] = ()
    ops_notify: tuple[str, ...] = ()
    digests: tuple[Digest, ...] = ()
    mail: Mail | None = None
    addresses: Mapping[str, Address] = field(default_factory=dict)
    listen: Listen | None = None
    retention: RetentionTable
    reserved: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()

    @property
    def alerting(self) -> tuple[Destination, ...]:
        """The destinations that people name: those that alerts may go to."""
        return tuple(each for each in self.destinations if each.kind not in ("mail", "file"))

    @property
    def digest_dir(self) -> Path:
        """Where digests go that nobody mails, and previews."""
        return self.data_dir / "digests"

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for a log filter to take out: tokens, passwords, sensitive headers."""
        password = self.mail.password if self.mail else None
        found = [secret.reveal() for secret in (self.slack.token, self.slack.app_token, password) if secret]
        found += [urlsplit(url).password or "" for url in (self.database_url, self.network.proxy or "")]
        for address in self.addresses.values():
            found += [secret.reveal() for secret in (address.url, address.secret) if secret]
        for source in self.sources:
            values = source.headers.secrets() if isinstance(source.headers, Headers) else ()
            found += [part for value in values for part in (value, value.partition(" ")[2], *plain(value))]
        return tuple(dict.fromkeys(value for value in found if value))
