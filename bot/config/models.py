"""What may stand in ``config.toml``: one model per table. Keys for later versions are read and checked now."""

from __future__ import annotations

import re
import zoneinfo
from ipaddress import ip_network
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from bot.model import Severity, Tier  # noqa: TC001 (pydantic reads them at run time)
from bot.tomlfile import did_you_mean
from bot.tomlfile.models import Id, Line, Many, Mistake, Table, kind_of

from .values import TLS_PORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,3})?)\s*(?P<unit>[smhd])")
ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
TOKEN_LOOK = re.compile(r"xox[a-z]-|xapp-|[Bb]earer |[Bb]asic ")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?")
HOST_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:]+"
# The dot-atom form of RFC 5321, 4.1.2, which is what people have; its domain is one that mail can be sent to.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}(?:\.{_LABEL})+|localhost)")
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
LOOPBACK = ("localhost", "127.0.0.1", "::1")
CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def seconds(value: object) -> float:
    """A length of time such as "30s", "15m", "24h" or "400d", in seconds."""
    if not isinstance(value, str):
        raise Mistake(
            f"must be text in quotes, not {kind_of(value)}", 'a number with its unit: "30s", "15m", "24h", "400d"'
        )
    found = DURATION.fullmatch(value.strip())
    if not found:
        raise Mistake("is no length of time", 'a number with its unit: "30s", "15m", "24h", "400d"')
    return float(found["number"]) * SECONDS[found["unit"]]


def _between(low: str, high: str) -> AfterValidator:
    least, most = seconds(low), seconds(high)

    def check(value: float) -> float:
        if not least <= value <= most:
            raise Mistake(f"must lie between {low} and {high}", f'for example "{low}"')
        return value

    return AfterValidator(check)


def _env_name(value: str) -> str:
    if ENV_NAME.fullmatch(value) and not TOKEN_LOOK.match(value):
        return value
    raise Mistake(
        "must be the name of an environment variable, not the secret itself",
        'for example "SLACK_BOT_TOKEN"; set that variable to the secret',
    )


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise Mistake("is no valid address", 'for example "https://example.org/feed.xml"') from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise Mistake("must be an http or https address", 'for example "https://example.org/feed.xml"')
    return parts


def _url(value: str) -> str:
    if _split(value).username is not None:
        raise Mistake("holds a user name or password", "put them into an environment variable and name it in auth_env")
    return value


def _proxy(value: str) -> str:
    _split(value)
    return value


def _slack_url(value: str) -> str:
    parts = _split(value)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Mistake("would send the token over an open connection", "use https (http only to this very machine)")
    return value.rstrip("/") + "/"


def _header_text(value: str) -> str:
    if not value.isprintable() or not value.isascii() or not value.strip():
        raise Mistake("must be plain ASCII text on one line", 'for example "news-desk@example.org"')
    return value


def _headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if not HEADER_NAME.fullmatch(name):
            raise Mistake("has a name that cannot be a header's", 'for example headers = { "Accept-Language" = "en" }')
        if not (text.isprintable() and text.isascii()):
            raise Mistake(f'has a value for "{name}" that is not plain ASCII text on one line')
    return value


def _allow(value: str) -> str:
    try:
        ip_network(value)
    except ValueError:
        found = HOST.fullmatch(value)
        port = found["port"] if found else None
        if not found or (port and not 0 < int(port) < 65536):
            example = '"intranet.example.org", "10.1.2.3:8080" or "10.0.0.0/8"'
            raise Mistake("is neither a host, host:port nor an address range", f"for example {example}") from None
    return value


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        remedy = did_you_mean(value, sorted(zoneinfo.available_timezones()))
        raise Mistake("is no time zone", remedy or 'for example "America/New_York"') from None
    return value


def _pattern(pattern: str, what: str, example: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise Mistake(f"is no {what}", f'for example "{example}"')
        return value

    return AfterValidator(check)


def is_address(value: str) -> bool:
    """Whether mail can be sent to it."""
    return len(value) <= LONGEST_ADDRESS and ADDRESS.fullmatch(value) is not None


def _address(value: str) -> str:
    if not is_address(value):
        raise Mistake("is no mail address", 'for example "news-desk@example.org"')
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


EnvName = Annotated[str, AfterValidator(_env_name)]
Url = Annotated[str, AfterValidator(_url)]
HeaderText = Annotated[str, AfterValidator(_header_text)]
Hidden = Annotated[Line | None, Field(repr=False)]
Seconds = Annotated[float, BeforeValidator(seconds)]
Zone = Annotated[str, AfterValidator(_zone)]
Lang = Annotated[str, _pattern(LANG.pattern, "language", "en")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Ids = Annotated[Many[Id], BeforeValidator(_as_list)]
Address = Annotated[str, AfterValidator(_address)]
MailHost = Annotated[str, _pattern(HOST_NAME, "name of a host", "smtp.example.org")]


SOURCE_PLACES = {"feed": "url", "folder": "path", "sitemap": "url"}
TARGETS = {"slack": "channel", "console": "", "webhook": "url_env", "feed": "path", "apprise": "url_env"}


def _targets(what: str, kind: str, wanted: str, keys: Sequence[str], raw: Mapping[str, object]) -> Iterator[Mistake]:
    """``wanted`` of ``keys`` must be there, the others must not."""
    for key in keys:
        if key != wanted and key in raw:
            yield Mistake(f'has {key}, which a {what} of kind "{kind}" does not have', "remove it, or mend kind")
    if wanted and wanted not in raw:
        yield Mistake(f"has no {wanted}", f'add {wanted} = "…"')


class DatabaseTable(Table):
    """``[database]``."""

    url: Line | None = None


class NetworkTable(Table):
    """``[network]``."""

    user_agent: HeaderText | None = None
    contact: HeaderText | None = None
    proxy: Annotated[str, AfterValidator(_proxy)] | None = None
    ca_file: Line | None = None
    allow: Annotated[Many[Annotated[str, AfterValidator(_allow)]], BeforeValidator(_as_list)] = ()
    deadline: Annotated[Seconds, _between("1s", "10m")] = 30.0


class SlackTable(Table):
    """``[slack]``."""

    token_env: EnvName = "SLACK_BOT_TOKEN"  # noqa: S105 (the name of a variable)
    token_file: Line | None = None
    token: Hidden = None
    app_token_env: EnvName | None = None
    app_token_file: Line | None = None
    app_token: Hidden = None
    base_url: Annotated[str, AfterValidator(_slack_url)] | None = None


class MailTable(Table):
    """``[mail]``."""

    host: MailHost
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    username_env: EnvName | None = None
    username_file: Line | None = None
    password_env: EnvName | None = None
    password_file: Line | None = None
    password: Hidden = None
    starttls: bool = True
    sender: Annotated[Address, Field(alias="from")]

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A password goes over a safe connection only; name and password go together."""
        keys = {key.partition("_")[0] for key in raw if key.startswith(("username", "password"))}
        local = raw.get("host") in LOOPBACK
        if keys and raw.get("starttls") is False and raw.get("port") != TLS_PORT and not local:
            yield Mistake("would send the password over an open connection", "remove starttls = false, or use port 465")
        if len(keys) == 1:
            lacking = ({"username", "password"} - keys).pop()
            yield Mistake(f"has no {lacking}", f'add {lacking}_env = "…"')


class OpsTable(Table):
    """``[ops]``: who hears of dead sources, held queues and rejected rules."""

    notify: Ids = ()


class SourceTable(Table):
    """``[[source]]``."""

    id: Id
    kind: Literal["feed", "folder", "sitemap"] = "feed"
    url: Url | None = None
    path: Line | None = None
    name: Line | None = None
    tier: Tier = "outlet"
    lang: Lang | None = None
    every: Annotated[Seconds, _between("1m", "24h")] | None = None
    headers: Annotated[dict[str, str], AfterValidator(_headers), Field(default_factory=dict)]
    auth_env: EnvName | None = None
    auth_file: Line | None = None
    fulltext: bool = False
    alerts: bool = True

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A feed has an address, a folder a path."""
        kind = raw.get("kind", "feed")
        if isinstance(kind, str) and kind in SOURCE_PLACES:
            yield from _targets("source", kind, SOURCE_PLACES[kind], ("url", "path"), raw)


class DestinationTable(Table):
    """``[[destination]]``."""

    id: Id
    kind: Literal["slack", "console", "webhook", "feed", "apprise"]
    channel: Line | None = None
    url_env: EnvName | None = None
    path: Line | None = None
    quiet: Annotated[str, _pattern(f"{CLOCK}-{CLOCK}", "span of hours", "22:00-07:00")] | None = None
    zone: Zone | None = None
    max_per_hour: Annotated[int, Field(ge=1, le=100_000)] | None = None
    default: bool = True

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """Each kind has its own way of saying where to."""
        kind = raw.get("kind")
        if isinstance(kind, str) and kind in TARGETS:
            yield from _targets("destination", kind, TARGETS[kind], ("channel", "url_env", "path"), raw)


class RouteTable(Table):
    """``[[route]]``."""

    theme: Id | None = None
    rule: Id | None = None
    severity: Severity | None = None
    notify: Ids
    go_on: Annotated[bool, Field(alias="continue")] = False

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A route leads somewhere."""
        if raw.get("notify") == []:
            yield Mistake("notifies nobody", 'add notify = ["…"] with the id of a destination')


class DigestTable(Table):
    """``[[digest]]``."""

    id: Id
    to: Annotated[Many[Line], BeforeValidator(_as_list)]
    themes: Ids = ()
    rules: Ids = ()
    at: Annotated[str, _pattern(CLOCK, "time of day", "07:30")] = "07:30"
    zone: Zone = "UTC"
    days: Many[Day] = ("mon", "tue", "wed", "thu", "fri")
    empty: Literal["heartbeat", "skip"] = "heartbeat"

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A digest has readers and days."""
        if raw.get("to") == []:
            yield Mistake("has no recipient", 'add to = ["…"] with a mail address or the id of a destination')
        if raw.get("days") == []:
            yield Mistake("has no day", 'remove days, or add days = ["mon"]')


class RetentionTable(Table):
    """``[retention]``, for a later version: seconds that texts and decisions are kept."""

    bodies: Annotated[Seconds, _between("1d", "36500d")] = 400 * 86400.0
    decisions: Annotated[Seconds, _between("1d", "36500d")] = 400 * 86400.0


class TopTable(Table):
    """The keys outside any table."""

    data_dir: Line | None = None
    rules: Line | None = None
