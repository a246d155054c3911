"""Sources, destinations and routes."""

from __future__ import annotations

from datetime import time
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import ConfigError
from bot.model import Destination, Quiet, Route, Source
from bot.tomlfile import LARGE_LIMIT, decode, did_you_mean, parse
from bot.tomlfile.models import ID

from . import defaults, models
from .kinds import LOOPBACK
from .secret import SENSITIVE_HEADERS, Headers, Unusable, authorization

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.tomlfile import TomlPath

    from .tables import Tables

# What the extra "fulltext" brings, by the names of its modules; looked for, not loaded: that takes 0.3 s.
FULLTEXT = ("trafilatura", "protego", "lxml_html_clean")


def sources(tables: Tables) -> tuple[Source, ...]:
    """The sources that this version polls."""
    tables.refuse_twins("source")
    return tuple(_source(tables, path, table) for path, table in tables.elements("source", models.SourceTable))


def _source(tables: Tables, path: TomlPath, table: models.SourceTable) -> Source:
    folder = tables.path(table.path) if table.path else None
    shown = folder.name if folder else (urlsplit(table.url or "").hostname or table.id).removeprefix("www.")
    return Source(
        id=table.id,
        kind=table.kind,
        name=table.name or shown,
        url=table.url,
        path=str(folder) if folder else None,
        tier=table.tier,
        lang=table.lang,
        every=table.every,
        headers=_headers(tables, path, table),
        fulltext=_fulltext(tables, path, table),
        alerts=table.alerts,
        excerpt=table.excerpt,
        retention=table.retention,
    )


def _fulltext(tables: Tables, path: TomlPath, table: models.SourceTable) -> bool:
    """Whether pages are read; a fault if that is wished for and its libraries are not there."""
    if table.fulltext and not all(find_spec(name) for name in FULLTEXT):
        tables.fault(
            (*path, "fulltext"), '"fulltext" needs an extra that is not installed', "pip install 'presswatch[fulltext]'"
        )
    return table.fulltext


def url_line(path: Path, id_: str) -> tuple[str | None, int]:
    """What the file now says of the source's address, and in which line; (None, 0) if it cannot be read there."""
    try:
        now = path.stat()
        return _url_lines(path, (now.st_ino, now.st_mtime_ns, now.st_size)).get(id_, (None, 0))
    except (OSError, ConfigError):
        return None, 0


@lru_cache(maxsize=1)
def _url_lines(path: Path, _state: object) -> Mapping[str, tuple[str, int]]:
    """Address and line of each source. Kept while the file is as it is: many feeds move, a long list takes 0.8 s."""
    file = parse(decode(path.read_bytes(), path.name, LARGE_LIMIT), path.name, LARGE_LIMIT)
    tables = file.data.get("source", [])
    return {
        str(table.get("id")): (table["url"], file.position(("source", number, "url"))[0])
        for number, table in enumerate(tables if isinstance(tables, list) else [])
        if isinstance(table, dict) and isinstance(table.get("url"), str)
    }


def _headers(tables: Tables, path: TomlPath, table: models.SourceTable) -> Headers:
    headers = Headers(table.headers)
    given = {name.lower() for name in table.headers}
    for name in table.headers:
        if name.lower() in SENSITIVE_HEADERS:
            tables.refuse_literal(
                (*path, "headers", name), "is a secret in a file that others can read", "use auth_env or headers_env"
            )
    key = next((key for key in ("auth_env", "auth_file", "headers_env") if getattr(table, key)), "headers")
    if (key != "headers" or SENSITIVE_HEADERS & given) and _is_open(tables, table):
        tables.fault(
            (*path, key),
            f'"{key}" would send a secret over an open connection',
            "use the https address, or name the host in allow under [network] if the way there is safe",
        )
    for name, variable in table.headers_env.items():
        if name.lower() in given:
            tables.fault((*path, "headers_env", name), f'"{name}" stands in headers, too', "remove one of them")
        _add_header(tables, (*path, "headers_env", name), headers, variable)
    try:
        secret = tables.vault.find(env=table.auth_env, file=table.auth_file)
    except Unusable as error:
        key = "auth_file" if table.auth_file else "auth_env"
        tables.fault((*path, key), f'"{key}" {error}', "mend what it refers to")
        return headers
    if secret:
        headers["Authorization"] = authorization(secret)
    elif table.auth_env:
        tables.lacks(f'source "{table.id}"', table.auth_env)
    return headers


def _add_header(tables: Tables, path: TomlPath, headers: Headers, variable: str) -> None:
    """The header that ``path`` ends with, and what ``variable`` holds."""
    source, name = tables.file.data["source"][path[1]]["id"], str(path[-1])
    try:
        secret = tables.vault.find(env=variable)
    except Unusable as error:
        tables.fault(path, f'"{name}" {error}', "mend what it refers to")
        return
    if secret:
        headers.hide(name, secret.reveal())
    else:
        tables.lacks(f'source "{source}"', variable)


def _is_open(tables: Tables, table: models.SourceTable) -> bool:
    """Whether others on the way can read what is sent: plain http to a host that nobody has vouched for."""
    parts = urlsplit(table.url or "")
    host = parts.hostname or ""
    if parts.scheme != "http" or host in LOOPBACK:
        return False
    return not any(_names(named, host, parts.port or 80) for _, named in tables.strings("network", "allow"))


def _names(named: str, host: str, port: int) -> bool:
    """Whether an entry of ``allow`` names this host, or the range that its address lies in."""
    try:
        return ip_address(host) in ip_network(named)
    except ValueError:
        return named.lower() in (host, f"{host}:{port}")


def destinations(tables: Tables) -> tuple[Destination, ...]:
    """The destinations; the console if there are none."""
    tables.refuse_twins("destination")
    found = []
    for _, table in tables.elements("destination", models.DestinationTable):
        target = str(tables.path(table.path)) if table.path else (table.channel or "").removeprefix("#")
        found.append(
            Destination(
                id=table.id,
                kind=table.kind,
                target=target,
                default=table.default,
                quiet=_quiet(table),
                max_per_hour=table.max_per_hour,
                repeat=table.repeat,
                group_over=None if table.kind in models.PROGRAMS else table.group_over,
                group_wait=table.group_wait,
                group_interval=table.group_interval,
            )
        )
    return tuple(found) or (defaults.CONSOLE,)


def _quiet(table: models.DestinationTable) -> Quiet | None:
    if table.quiet is None:
        return None
    begin, end = (time.fromisoformat(clock) for clock in table.quiet.split("-"))
    return Quiet(begin=begin, end=end, zone=table.zone or "UTC")


def routes(tables: Tables) -> tuple[Route, ...]:
    """The routes."""
    check_names(tables, "route", "notify")
    return tuple(
        Route(notify=table.notify, theme=table.theme, rule=table.rule, severity=table.severity, go_on=table.go_on)
        for _, table in tables.elements("route", models.RouteTable)
    )


def refuse_silence(tables: Tables, usable: Sequence[Destination], routes_: Sequence[Route]) -> None:
    """Without a default destination or a route for everything, alerts would go nowhere without a word."""
    if tables.faults:
        return  # some of those at fault may be meant as the default
    for_all = any(route.theme is route.rule is route.severity is None for route in routes_)
    if not for_all and not any(destination.default for destination in usable):
        words = "no destination has default = true, and no route takes everything: some alerts would go nowhere"
        tables.fault(("destination", 0), words, "set default = true on one, or add a [[route]] without conditions")


def ops(tables: Tables) -> tuple[str, ...]:
    """Who hears of trouble, each once."""
    check_names(tables, "ops", "notify")
    table = tables.table("ops", models.OpsTable)
    return tuple(dict.fromkeys(table.notify)) if table else ()


def tells_owners(tables: Tables) -> bool:
    """Whether the owners of rules are mailed."""
    table = tables.table("ops", models.OpsTable)
    return table is None or table.owners


def check_names(tables: Tables, name: str, key: str) -> None:
    """Every destination named under ``key`` must be there; what has an "@" is a mail address and left alone."""
    known = [*tables.ids("destination")] or [defaults.CONSOLE.id]
    for path, value in tables.strings(name, key):
        if ID.fullmatch(value) and value not in known:
            remedy = did_you_mean(value, known) or "add it with [[destination]]"
            tables.fault(path, f'there is no destination "{value}"', remedy)
