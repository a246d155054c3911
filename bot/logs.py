"""Log lines: one per unit of work, JSON unless somebody is watching, no secrets, no line breaks from outside."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)


class Redact(logging.Filter):
    """Takes the configured secrets out of every record, whoever wrote it, arguments and tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        # Longest first: a secret that contains another must not leave its rest behind. Very short ones would
        # blank out half of every line, and no token is that short.
        self.secrets = sorted({secret for secret in secrets if len(secret) >= 6}, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; none is dropped."""
        record.msg, record.args = self.clean(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text, record.exc_info = self.clean(record.exc_text), None
        return True


def configure(*, verbose: int = 0, service: bool = False, secrets: Iterable[str] = ()) -> None:
    """Set up logging for this process: standard error, level by -v (a service says one more), secrets hidden."""
    level = LEVELS[min(verbose + service, len(LEVELS) - 1)]
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Redact(secrets))
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=_processors(), foreign_pre_chain=_shared()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Their debug lines hold request headers, and so tokens; nobody needs their info lines.
    for noisy in ("slack_sdk", "aiohttp", "asyncio", "apscheduler", "urllib3"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Processor]:
    return [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def _processors() -> list[Processor]:
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        last = structlog.dev.ConsoleRenderer()
    return [_one_line, structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]


def _one_line(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    # A line break or an escape sequence in a feed's text must not look like a line of ours.
    return {key: value if key == "exception" else _printable(value) for key, value in event.items()}


def _printable(value: Any) -> Any:  # noqa: ANN401 – whatever was logged
    return "".join(c if c.isprintable() else " " for c in value) if isinstance(value, str) else value
