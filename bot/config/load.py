"""``config.toml`` and the environment → :class:`Config`, or every mistake at once."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError, Fault
from bot.packaged import packaged
from bot.tomlfile import LARGE_LIMIT, TomlFile, decode, parse

from . import accounts, addresses, defaults, issues, lists, places
from .models import RetentionTable
from .tables import Tables
from .values import Config

if TYPE_CHECKING:
    from collections.abc import Mapping


# What later versions will use: read and checked now, and named so that nobody waits for it.
RESERVED_KEYS = {
    "slack": ("app_token_env", "app_token_file", "app_token"),
}


def load(path: Path | None, environ: Mapping[str, str], cwd: Path) -> Config:
    """The configuration of ``path``, else of ``$PRESSWATCH_CONFIG``, else of ``config.toml`` in ``cwd``, else defaults.

    ``$PRESSWATCH_DATA_DIR`` and ``$PRESSWATCH_DATABASE_URL`` go before the file. Raises ConfigError with every fault.
    """
    found = find(path, environ, cwd)
    if found is None:
        return _config(Tables(TomlFile(file="config.toml", text="", data={}), environ, cwd=cwd, base=cwd), None)
    file = _read(found, cwd)
    return _config(Tables(file, environ, cwd=cwd, base=found.parent, private=_private(found)), found)


def load_text(raw: bytes, path: Path, environ: Mapping[str, str], cwd: Path) -> Config:
    """The configuration that ``path`` would be if it held ``raw``. Raises ConfigError with every fault."""
    file = _parsed(raw, _name(path, cwd))
    private = path.exists() and _private(path)
    return _config(Tables(file, environ, cwd=cwd, base=path.parent, private=private), path)


def example_text() -> str:
    """The commented example, which is a working configuration."""
    return packaged("config.example.toml").read_text("utf-8")


def _config(tables: Tables, path: Path | None) -> Config:
    """Everything read, then everything wrong at once."""
    top = tables.top()
    data_dir = places.data_dir(tables, top)
    destinations = lists.destinations(tables)
    routes = lists.routes(tables)
    lists.refuse_silence(tables, destinations, routes)
    accounts.refuse_literals(tables)
    mail = accounts.mail(tables)
    digests = issues.digests(tables, destinations)
    recipients = issues.recipients(tables, digests, mail=mail, folder=data_dir / issues.FOLDER)
    owners = (issues.OWNERS_MAIL,) if mail is not None and lists.tells_owners(tables) else ()
    made = Config(
        path=path,
        base=tables.base,
        data_dir=data_dir,
        rules_dir=places.rules_dir(tables, top),
        database_url=places.database(tables, data_dir),
        network=accounts.network(tables),
        slack=accounts.slack(tables),
        sources=lists.sources(tables) or defaults.sources(tables.base),
        destinations=(*destinations, *recipients, *owners),
        routes=routes,
        ops_notify=lists.ops(tables),
        digests=digests,
        mail=mail,
        addresses=addresses.addresses(tables, destinations),
        listen=accounts.listen(tables),
        retention=tables.table("retention", RetentionTable) or RetentionTable(),
    )
    if tables.faults:
        raise ConfigError(sorted(tables.faults, key=lambda fault: (fault.line, fault.column)))
    return replace(made, reserved=_reserved(tables), notices=tuple(tables.notices), unset=tuple(tables.unset))


def _reserved(tables: Tables) -> tuple[str, ...]:
    """What was given for later versions."""
    data = tables.file.data
    found: list[str] = []
    for name, keys in RESERVED_KEYS.items():
        value = data.get(name, [])
        given = [value] if isinstance(value, dict) else value
        found += [f"{name}.{key}" for key in keys if any(key in table for table in given)]
    return tuple(dict.fromkeys([*found, *tables.reserved]))


def find(path: Path | None, environ: Mapping[str, str], cwd: Path, *, must: bool = True) -> Path | None:
    """The file that :func:`load` reads, None for none. Raises ConfigError if it ``must`` exist and does not."""
    named = path or (Path(environ["PRESSWATCH_CONFIG"]) if environ.get("PRESSWATCH_CONFIG") else None)
    if named is None:
        usual = cwd / "config.toml"
        return usual.resolve() if os.path.lexists(usual) else None
    full = (cwd / named.expanduser()).resolve()
    if not full.exists():
        if not must:
            return None
        origin = "--config" if path else "PRESSWATCH_CONFIG"
        remedy = f"mend {origin}, or leave it out to use the defaults"
        raise ConfigError([Fault(file=str(named), message="the configuration file does not exist", remedy=remedy)])
    return full


def _read(path: Path, cwd: Path) -> TomlFile:
    name = _name(path, cwd)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGE_LIMIT + 1)
    except OSError as error:
        message = f"the configuration cannot be read: {error.strerror}"
        fault = Fault(file=name, message=message, remedy="check that it is a file, and its permissions")
        raise ConfigError([fault]) from error
    return _parsed(raw, name)


def _parsed(raw: bytes, name: str) -> TomlFile:
    return parse(decode(raw, name, LARGE_LIMIT), name, LARGE_LIMIT)


def _name(path: Path, cwd: Path) -> str:
    """The file as messages name it."""
    return str(path.relative_to(cwd.resolve()) if path.is_relative_to(cwd.resolve()) else path)


def _private(path: Path) -> bool:
    """Whether only the owner may read the file: then, and only then, may secrets stand in it."""
    return os.name == "posix" and not stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
