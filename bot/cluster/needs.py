"""What a cluster needs before it can begin: a database on a server, and the extra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ConfigError, Fault
from bot.store import queue

if TYPE_CHECKING:
    from bot.config import Config


def check(config: Config) -> None:
    """Raises ConfigError, with the remedy, where the configuration or this installation cannot be one of many."""
    place = str(config.path or "config.toml")
    if config.database_url.startswith("sqlite:"):
        raise ConfigError(
            [
                Fault(
                    file=place,
                    subject="[database]",
                    message="the database is a file of SQLite, which the processes of one machine share at most",
                    remedy='set [database] url = "postgresql://host/name" (or PRESSWATCH_DATABASE_URL) and take the '
                    "archive over with presswatch db copy; on one machine presswatch run does everything",
                )
            ]
        )
    if not queue.is_installed():
        remedy = "pip install 'presswatch[cluster]'"
        raise ConfigError([Fault(file=place, message="several machines need the library procrastinate", remedy=remedy)])
