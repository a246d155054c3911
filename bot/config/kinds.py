"""What a value in ``config.toml`` may be: lengths of time, addresses, names; each says what is wrong and what to do."""

from __future__ import annotations

import re
import zoneinfo
from ipaddress import ip_network
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from bot.model.words import LANG
from bot.tomlfile import did_you_mean
from bot.tomlfile.durations import seconds
from bot.tomlfile.models import Id, Line, Many, Mistake

ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
TOKEN_LOOK = re.compile(r"xox[a-z]-|xapp-|[Bb]earer |[Bb]asic ")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?")
HOST_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:]+"
# The dot-atom form of RFC 5321, 4.1.2, which is what people have; its domain is one that mail can be sent to.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}(?:\.{_LABEL})+|localhost)")
# What an address in List-Unsubscribe is made of: nothing that would end it.
_WAY_OUT = re.compile(r"[!#-;=?-Z\[\]^-z|~]{1,900}")
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
LONGEST_EXCERPT = 100_000  # more characters than any message has room for
_DAY = 86_400.0  # seconds
LOOPBACK = ("localhost", "127.0.0.1", "::1")
UNIX = "unix:"
LONGEST_SOCKET = 100  # bytes of a socket's path; Linux takes 107, other systems 103
CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"


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


def url_fault(value: str) -> str:
    """Why ``value`` cannot be a source's url, with the remedy; "" if it can."""
    try:
        _url(value)
    except Mistake as mistake:
        return f"the address {mistake}: {mistake.remedy}"
    return ""


def _proxy(value: str) -> str:
    _split(value)
    return value


def proxy_fault(value: str) -> str:
    """Why ``value`` cannot be a proxy's address, without showing it; "" if it can."""
    try:
        _proxy(value)
    except Mistake as mistake:
        return str(mistake)
    return ""


def hook_fault(value: str) -> str:
    """Why ``value`` cannot be a webhook's address, without showing it; "" if it can."""
    try:
        parts = _split(value)
    except Mistake as mistake:
        return str(mistake)
    if parts.username is not None:
        return "holds a user name or password, which no webhook is asked for"
    return ""


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


def listening(value: str) -> tuple[str, int] | str:
    """Host (without brackets) and port, or the path of a socket. Raises Mistake."""
    if value.startswith(UNIX):
        path = value.removeprefix(UNIX)
        if not path or len(path.encode()) > LONGEST_SOCKET:
            raise Mistake("is no path that a socket can have", 'for example "unix:/run/presswatch/web.sock"')
        return path
    host, _, port = value.rpartition(":")
    if not (HOST.fullmatch(value) and host and value.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise Mistake("is neither host:port nor unix:/path", 'for example "127.0.0.1:9464"')
    return host.strip("[]"), int(port)


def _listen(value: str) -> str:
    listening(value)
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


def _way_out(value: str) -> str:
    """Where readers end a mail: an address of one of the two kinds that List-Unsubscribe may hold (RFC 2369)."""
    if value.startswith("mailto:"):
        if not is_address(value.removeprefix("mailto:").partition("?")[0]) or not _WAY_OUT.fullmatch(value):
            raise Mistake("is no address to write to", 'for example "mailto:news-desk@example.org"')
    elif not value.startswith("https://") or not _WAY_OUT.fullmatch(_url(value)):
        raise Mistake("is neither mailto: nor https:", 'for example "https://lists.example.org/presswatch"')
    return value


def excerpt(value: object) -> int:
    """A number of characters; "none" is 0."""
    if value == "none":
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise Mistake('must be a number of characters, or "none"', "for example 200")
    if not 1 <= value <= LONGEST_EXCERPT:
        raise Mistake(f'must lie between 1 and {LONGEST_EXCERPT}, or be "none"', "for example 200")
    return value


def lifetime(value: object) -> float | None:
    """Seconds for which something is kept; "never", which is None: it does not go."""
    if value == "never":
        return None
    length = seconds(value)
    if not _DAY <= length <= 36_500 * _DAY:
        raise Mistake('must lie between 1d and 36500d, or be "never"', 'for example "800d"')
    return length


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


# ── what a value may be, by name ─────────────────────────────────────────────────────────────────

OneOrMore = BeforeValidator(_as_list)
"""One text may stand in place of a list of them."""

Address = Annotated[str, AfterValidator(_address)]
ClockTime = Annotated[str, _pattern(CLOCK, "time of day", "07:30")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Excerpt = Annotated[int, BeforeValidator(excerpt)]
EnvName = Annotated[str, AfterValidator(_env_name)]
Headers = Annotated[dict[str, str], AfterValidator(_headers)]
HeaderVariables = Annotated[dict[str, EnvName], AfterValidator(_headers)]
HeaderText = Annotated[str, AfterValidator(_header_text)]
Hidden = Annotated[Line | None, Field(repr=False)]
Hours = Annotated[str, _pattern(f"{CLOCK}-{CLOCK}", "span of hours", "22:00-07:00")]
Ids = Annotated[Many[Id], OneOrMore]
Lifetime = Annotated[float | None, BeforeValidator(lifetime)]
Lang = Annotated[str, _pattern(LANG.pattern, "language", "en")]
Listen = Annotated[str, AfterValidator(_listen)]
MailHost = Annotated[str, _pattern(HOST_NAME, "name of a host", "smtp.example.org")]
Proxy = Annotated[str, AfterValidator(_proxy)]
Reachable = Annotated[str, AfterValidator(_allow)]
Seconds = Annotated[float, BeforeValidator(seconds)]
SlackUrl = Annotated[str, AfterValidator(_slack_url)]
Url = Annotated[str, AfterValidator(_url)]
WayOut = Annotated[str, AfterValidator(_way_out)]
Zone = Annotated[str, AfterValidator(_zone)]
