"""Log lines: one per unit of work, JSON unless somebody is watching, no secrets, no line breaks from outside."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from textwrap import indent
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote, quote_plus, unquote

# structlog would load rich for tracebacks, which are written differently here: 5 MB and some 50 ms of every start.
_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment] # an import of it fails, as where it is not installed
try:
    import structlog
finally:
    if _rich is None:
        del sys.modules["rich"]
    else:
        sys.modules["rich"] = _rich

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"
LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
# Their lines below a warning hold requests and answers, and so tokens that no configuration knows.
TELLTALES = ("slack_sdk", "aiohttp", "urllib3")
# Nobody needs these lines below a warning, unless everything is asked for.
NOISY = ("alembic", "apscheduler", "asyncio")
# Where a text of several lines is expected: a traceback, a stack.
BLOCKS = ("exception", "stack")
# A short "secret" would blank out half of every line, and no token is that short.
SHORTEST = 6
# Values nested deeper are shown as Python writes them.
DEEPEST = 8


def logger() -> structlog.stdlib.BoundLogger:
    """The program's own logger, for lines with fields."""
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("presswatch")
    return found


class Redact:
    """Takes secrets out of texts, in each of the spellings in which they may stand there."""

    def __init__(self, secrets: Iterable[str]) -> None:
        found = {form for secret in secrets for form in _spellings(secret) if len(form) >= SHORTEST}
        # Longest first: a secret that contains another must not leave its rest behind.
        self._forms = sorted(found, key=len, reverse=True)

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for form in self._forms:
            text = text.replace(form, HIDDEN)
        return text


class Lines(structlog.stdlib.ProcessorFormatter):
    """Renders every record, ours and other libraries', as one line without secrets: JSON, or for a ``terminal``.

    Secrets are taken out of each value before it is rendered, since rendering may spell them anew, and once
    more from the whole line. ``ascii_only``: the stream takes nothing else. Tracebacks stand under
    "exception"; on a terminal they follow their line, indented so that none of theirs looks like one of ours.
    """

    def __init__(self, secrets: Iterable[str], *, terminal: bool = False, ascii_only: bool = False) -> None:
        self._redact = Redact(secrets)
        renderer: list[Processor] = [structlog.processors.JSONRenderer(ensure_ascii=ascii_only)]
        if terminal:
            renderer = [_indent_blocks, structlog.dev.ConsoleRenderer()]
        super().__init__(
            processors=[
                self.remove_processors_meta,
                structlog.stdlib.PositionalArgumentsFormatter(),
                structlog.processors.format_exc_info,
                self._plain_event,
                *renderer,
            ],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_shared(), _name_stack],
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line; the record stays as it is for other handlers."""
        return self._redact.clean(super().format(_told(record)))

    def _plain_event(self, _logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        plain = {self._text(str(key)): self._plain(value) for key, value in event.items() if key not in BLOCKS}
        return plain | {key: self._text(str(event[key]), keep="\n\t") for key in BLOCKS if key in event}

    def _plain(self, value: object, depth: int = 0) -> Any:  # noqa: ANN401 – what JSON knows
        """The value made of what JSON knows, every text in it cleaned."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            shown = repr(value)
            fits = self._redact.clean(shown) == shown and math.isfinite(value)
            return value if fits else self._text(shown)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bytes | bytearray):
            return self._text(value.decode("utf-8", "replace"))
        if depth < DEEPEST and isinstance(value, Mapping):
            names = ((key if isinstance(key, str) else _shown(key), part) for key, part in value.items())
            return {self._text(name): self._plain(part, depth + 1) for name, part in names}
        if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
            return [self._plain(part, depth + 1) for part in value]
        return self._text(_shown(value))

    def _text(self, text: str, keep: str = "") -> str:
        # A line break or an escape sequence in a feed's text must not look like a line of ours.
        return "".join(c if c.isprintable() or c in keep else " " for c in self._redact.clean(text))


class Handler(logging.StreamHandler[TextIO]):
    """Writes lines; what cannot be rendered or written never ends the program, nor is it shown raw."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 – the base class's name
        """Say that a line was lost: Python's own report would show the record, secrets included."""
        line = {
            "event": "a log line could not be written",
            "reason": type(sys.exc_info()[1]).__name__,
            "logger": record.name,
            "level": "error",
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        # Where even this cannot be written (no reader, no stream, a full disk), nobody can be told.
        with suppress(OSError, ValueError, AttributeError):
            self.stream.write(json.dumps(line) + self.terminator)
            self.flush()


def configure(*, verbose: int = 0, service: bool = False, secrets: Iterable[str] = ()) -> None:
    """Set up logging for this process: standard error, level by -v (a service says one more), secrets hidden."""
    level = LEVELS[min(verbose + service, len(LEVELS) - 1)]
    stream = sys.stderr
    encoding = getattr(stream, "encoding", None) or "utf-8"
    terminal = stream is not None and stream.isatty()
    handler = Handler(stream)
    handler.setFormatter(Lines(secrets, terminal=terminal, ascii_only=not encoding.lower().startswith("utf")))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    quiet = max(level, logging.WARNING)
    for name in TELLTALES:
        logging.getLogger(name).setLevel(quiet)
    for name in NOISY:
        logging.getLogger(name).setLevel(level if verbose >= len(LEVELS) - 1 else quiet)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Processor]:
    return [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def _spellings(secret: str) -> set[str]:
    """The secret as it stands, in URLs, in JSON and in what Python shows of a text that contains it."""
    written = json.dumps(secret)[1:-1]
    return {
        secret,
        unquote(secret),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        written,
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        secret.replace("\\", "\\\\").replace("'", "\\'"),
    }


def _told(record: logging.LogRecord) -> logging.LogRecord:
    """The record with its message put together, if it is not one of ours; arguments that do not fit stand behind it."""
    if isinstance(record.msg, dict) and hasattr(record, "_logger"):
        return record
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001 – whatever goes wrong in other people's format strings and __str__
        message = f"{_shown(record.msg)} {_shown(record.args)}"
    return logging.makeLogRecord({**record.__dict__, "msg": message, "args": None})


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 – a faulty __repr__ must not cost us the line
        return f"<{type(value).__name__}>"


def _name_stack(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    if "stack_info" in event:
        event["stack"] = event.pop("stack_info")
    return event


def _indent_blocks(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {key: indent(value, "    ") if key in BLOCKS else value for key, value in event.items()}
