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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,3})?)\s*(?P<unit>[smhd])")
ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
TOKEN_LOOK = re.compile(r"xox[a-z]-|xapp-|[Bb]earer |[Bb]asic ")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?")
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
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
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
Address = Annotated[str, _pattern(r"[^@\s<>]+@[^@\s<>]+", "mail address", "news-desk@example.org")]


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
    """A SQLite file (`sqlite:///var/presswatch.db`) or a PostgreSQL database (`postgresql://host/name`); without it
    `presswatch.db` in `data_dir`. A password is refused here, unless only you can read the file.
    """


class NetworkTable(Table):
    """``[network]``."""

    user_agent: HeaderText | None = None
    """How requests introduce themselves; without it `Presswatch/` and the version."""
    contact: HeaderText | None = None
    """Whom a site's owner may write to; added to the User-Agent."""
    proxy: Annotated[str, AfterValidator(_proxy)] | None = None
    """The HTTP proxy that feeds are fetched through. It then decides what can be reached."""
    ca_file: Line | None = None
    """Certificates to trust besides the usual ones, in PEM form."""
    allow: Annotated[Many[Annotated[str, AfterValidator(_allow)]], BeforeValidator(_as_list)] = ()
    """What may be fetched although it is no public address on port 80 or 443: hosts, `host:port`, address ranges."""
    deadline: Annotated[Seconds, _between("1s", "10m")] = 30.0
    """The time one request may take in all, from looking up the name to the last byte."""


class SlackTable(Table):
    """``[slack]``."""

    token_env: EnvName = "SLACK_BOT_TOKEN"  # noqa: S105 (the name of a variable)
    """The variable that holds the bot's token (`xoxb-…`)."""
    token_file: Line | None = None
    """A file that holds it."""
    token: Hidden = None
    """The token itself; refused, unless only you can read the configuration (mode 0600)."""
    app_token_env: EnvName | None = None
    """The variable that holds the app-level token (`xapp-…`), for buttons in messages."""
    app_token_file: Line | None = None
    """A file that holds it."""
    app_token: Hidden = None
    """That token itself; refused like `token`."""
    base_url: Annotated[str, AfterValidator(_slack_url)] | None = None
    """Another server than Slack's, for testing; without https only on this machine."""


class MailTable(Table):
    """``[mail]``, for a later version."""

    host: Line
    """The relay: an SMTP server that takes mail for others."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port."""
    username_env: EnvName | None = None
    """The variable that holds the user name; without name and password there is no login."""
    username_file: Line | None = None
    """A file that holds it."""
    password_env: EnvName | None = None
    """The variable that holds the password."""
    password_file: Line | None = None
    """A file that holds it."""
    password: Hidden = None
    """The password itself; refused, unless only you can read the configuration (mode 0600)."""
    starttls: bool = True
    """Whether STARTTLS has to encrypt the connection before anything is said; port 465 is encrypted from the start."""
    sender: Annotated[Address, Field(alias="from")]
    """The address that mail comes from."""


class OpsTable(Table):
    """``[ops]``: who hears of dead sources, held queues and rejected rules."""

    notify: Ids = ()
    """The destinations that are told; each need not be a default one."""


class SourceTable(Table):
    """``[[source]]``."""

    id: Id
    """The source's name in commands and in the database. Keep it when the address changes: it is what the
    articles belong to.
    """
    kind: Literal["feed", "folder", "sitemap"] = "feed"
    """`feed` (RSS, Atom or JSON Feed), `folder` (text, Markdown and HTML files) or `sitemap` (a later version)."""
    url: Url | None = None
    """The feed's address."""
    path: Line | None = None
    """The folder."""
    name: Line | None = None
    """How alerts call it; without it the host or the folder."""
    tier: Tier = "outlet"
    """How close it is to the fact; rules can ask for a tier."""
    lang: Lang | None = None
    """The language, where the feed does not say."""
    every: Annotated[Seconds, _between("1m", "24h")] | None = None
    """How often to look, but never more often than the feed asks; without it every 15 minutes, folders every minute."""
    headers: Annotated[dict[str, str], AfterValidator(_headers), Field(default_factory=dict)]
    """Sent with every request. Secrets belong into `auth_env`; here they are refused like a token."""
    auth_env: EnvName | None = None
    """The variable that holds the Authorization: `user:password`, a bare token, or `Scheme credentials`."""
    auth_file: Line | None = None
    """A file that holds it."""
    fulltext: bool = False
    """Fetch the whole article behind each item."""
    alerts: bool = True
    """`false`: store and match, but tell nobody."""

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A feed has an address, a folder a path."""
        kind = raw.get("kind", "feed")
        if isinstance(kind, str) and kind in SOURCE_PLACES:
            yield from _targets("source", kind, SOURCE_PLACES[kind], ("url", "path"), raw)


class DestinationTable(Table):
    """``[[destination]]``."""

    id: Id
    """The destination's name, by which rules, routes and commands call it."""
    kind: Literal["slack", "console", "webhook", "feed", "apprise"]
    """`slack` or `console`; the others are for later versions."""
    channel: Line | None = None
    """Slack's channel: its name or, better, its id (`C…`), which survives renaming."""
    url_env: EnvName | None = None
    """The variable that holds the address of a webhook."""
    path: Line | None = None
    """The file of an own feed."""
    quiet: Annotated[str, _pattern(f"{CLOCK}-{CLOCK}", "span of hours", "22:00-07:00")] | None = None
    """Hours in which nothing is sent; what falls into them is sent afterwards."""
    zone: Zone | None = None
    """The time zone of `quiet`."""
    max_per_hour: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """How many alerts an hour at most; the rest goes into the digest."""
    default: bool = True
    """Whether it gets what no rule and no route sends elsewhere."""

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """Each kind has its own way of saying where to."""
        kind = raw.get("kind")
        if isinstance(kind, str) and kind in TARGETS:
            yield from _targets("destination", kind, TARGETS[kind], ("channel", "url_env", "path"), raw)


class RouteTable(Table):
    """``[[route]]``."""

    theme: Id | None = None
    """Only alerts of this theme."""
    rule: Id | None = None
    """Only alerts of this rule."""
    severity: Severity | None = None
    """Only alerts of this severity."""
    notify: Ids
    """The destinations that get what meets every condition given."""
    go_on: Annotated[bool, Field(alias="continue")] = False
    """Whether the next routes are tried as well; without it the first that fits is the last."""

    @classmethod
    def mistakes(cls, raw: Mapping[str, object]) -> Iterator[Mistake]:
        """A route leads somewhere."""
        if raw.get("notify") == []:
            yield Mistake("notifies nobody", 'add notify = ["…"] with the id of a destination')


class DigestTable(Table):
    """``[[digest]]``, for a later version."""

    id: Id
    """The digest's name in commands and in the database."""
    to: Annotated[Many[Line], BeforeValidator(_as_list)]
    """Who gets it: mail addresses and ids of destinations. Each gets an issue of its own."""
    themes: Ids = ()
    """What it tells of: stories of these themes and `rules`; of everything, if neither is given."""
    rules: Ids = ()
    """Stories of these rules, whatever their theme."""
    at: Annotated[str, _pattern(CLOCK, "time of day", "07:30")] = "07:30"
    """The local time from which the day's issue is due."""
    zone: Zone = "UTC"
    """The time zone of `at`, by its IANA name."""
    days: Many[Day] = ("mon", "tue", "wed", "thu", "fri")
    """The days on which there is an issue."""
    empty: Literal["heartbeat", "skip"] = "heartbeat"
    """What a day without stories brings: one line (`heartbeat`) or nothing (`skip`)."""


class RetentionTable(Table):
    """``[retention]``, for a later version: seconds that texts and decisions are kept."""

    bodies: Annotated[Seconds, _between("1d", "36500d")] = 400 * 86400.0
    """How long the texts of articles are kept; the sentences shown in alerts stay."""
    decisions: Annotated[Seconds, _between("1d", "36500d")] = 400 * 86400.0
    """How long it is kept why something was alerted or not."""


class TopTable(Table):
    """The keys outside any table."""

    data_dir: Line | None = None
    """The folder of the database, its backups and digests. It is made if it does not exist."""
    rules: Line | None = None
    """The folder of rules; without it `rules` beside the file, else the rules that come with Presswatch."""
