"""The console sender: alerts as a reader likes to see them, on a terminal or as plain text."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import sys
import threading
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal, TextIO, cast

from bot.model import Delivered, Held, Later, LookUp, Unknown
from bot.text import clean

from .report import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console
    from rich.text import Text

    from bot.model import Delivery, Destination, Outcome, PayloadKind

MAY_REPEAT = "(may be a repeat: an earlier attempt was not confirmed)"
# How the styles of ``alerts.compose_console`` look; each is still told apart without colours.
LOOKS = {
    "headline": "bold",
    "hit": "bold yellow",
    "quote": "",
    "meta": "dim",
    "loud": "bold",
    "rule": "cyan",
    "label": "dim",
    "copies": "green",
    "link": "dim underline",
}
# Longer lines are tiring to read, however wide the window.
WIDEST = 100
# Seconds in which the output must have taken a message: a pipe whose reader sleeps takes nothing, nor does a
# terminal after Ctrl-S. Well below the lease of a delivery.
PATIENCE = 30.0
# What a write says when nobody will read any more: a pipe without reader, a closed stream, a terminal that hung up.
GONE = frozenset({errno.EPIPE, errno.EBADF, errno.EIO, errno.ENXIO, errno.ECONNRESET})

Line = dict[str, Any]


class ConsoleSender:
    """Prints alerts. ``write`` takes plain text, ``take`` the kind of message and plain text; then no terminal is used.

    ``console`` is rich's; without it, standard output. Colours, wrapping and links are for terminals only: anything
    else gets plain lines, with the hits between asterisks. rich honours NO_COLOR and TERM=dumb. An output that takes
    nothing for ``patience`` seconds keeps nobody else waiting; functions and streams without a file descriptor are
    trusted to be quick.
    """

    def __init__(
        self,
        console: Console | None = None,
        *,
        write: Callable[[str], object] | None = None,
        take: Callable[[PayloadKind, str], object] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._console = console
        self._take = take if write is None else lambda _, text: write(text)
        self._patience = patience
        self._turn = asyncio.Lock()
        self._writing: _Writing | None = None

    async def aclose(self) -> None:
        """Nothing to let go of: a write that nobody reads ends with the program."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Print it: Held where no reader is left, Unknown where the output has not taken all of it in time."""
        payload = delivery.payload["minimal" if delivery.minimal_only else "full"]
        return await self._print(_lines(delivery, payload), delivery.kind)

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:  # noqa: ARG002 – the protocol's
        """Nobody can tell what a terminal has shown."""
        return LookUp(possible=False, reason="a terminal cannot be asked what it has shown")

    async def check(self, destination: Destination) -> tuple[Finding, ...]:
        """Where alerts go."""
        where = "on the terminal" if self._take is None and self._terminal() else "as plain text"
        return (Finding(name=f"console “{destination.id}”", state="ok", detail=f"alerts are printed {where}"),)

    async def try_out(self, destination: Destination) -> Finding:
        """Print a test line."""
        line = {"indent": 0, "parts": [["Presswatch test message: alerts appear here.", "headline", None]]}
        name = f"test message to “{destination.id}”"
        outcome = await self._print([line])
        if isinstance(outcome, Delivered):
            return Finding(name=name, state="ok", detail="printed")
        return Finding(name=name, state="fail", detail=outcome.reason, remedy="give the program an open output")

    def _terminal(self) -> Console | None:
        """Rich's console if it writes to a terminal that understands colours, links and our characters."""
        if self._console is None:
            if not _watched(sys.stdout):
                return None
            from rich.console import Console

            self._console = Console(highlight=False, markup=False, emoji=False)
        console = self._console
        able = console.is_terminal and not console.is_dumb_terminal and console.encoding.startswith("utf")
        return console if able else None

    async def _print(self, lines: Sequence[Line], kind: PayloadKind = "alert") -> Delivered | Held | Later | Unknown:
        """One message after the other, in the order in which they came."""
        if not lines:
            return Delivered()
        async with self._turn:
            if self._writing is not None and not self._writing.over:
                return Later(reason="the output has not taken an earlier message yet: nobody reads it, or it is paused")
            text = self._text(lines)
            try:
                await self._put(text, kind)
            except TimeoutError:
                return Unknown(reason=f"the output did not take the whole message within {self._patience:.0f} s")
            except (OSError, ValueError) as error:
                return _failure(error)
        return Delivered()

    def _text(self, lines: Sequence[Line]) -> str:
        console = self._terminal() if self._take is None else None
        if console is not None:
            return _rendered(console, lines)
        return "\n".join(_plain(line) for line in lines) + "\n\n"

    async def _put(self, text: str, kind: PayloadKind) -> None:
        """Write it, by a thread where that may take time. Raises TimeoutError, another OSError or ValueError."""
        if self._take is not None:
            self._take(kind, text)
            return
        stream = self._console.file if self._console is not None else sys.stdout
        if stream is None:
            raise ValueError("there is no standard output")
        encoding = str(getattr(stream, "encoding", None) or "utf-8")
        data = text.encode(encoding, "replace")
        descriptor = _descriptor(stream)
        if descriptor is None:
            stream.write(data.decode(encoding))
            stream.flush()
            return
        # What others have printed goes first. A full pipe would block here, and would not take it anyway.
        if _takes(descriptor, 0):
            stream.flush()
        self._writing = _Writing(descriptor, data)
        await self._writing.wait(self._patience)


class _Writing:
    """Bytes on their way to a file, in a thread that neither the event loop nor the end of the program waits for.

    Not asyncio's executor, whose threads are joined at the end, and not the stream's own buffer: its lock, held
    by a thread that is stuck, makes the interpreter abort at exit.
    """

    def __init__(self, descriptor: int, data: bytes) -> None:
        self.over = False
        self._error: OSError | None = None
        # Its own copy: before a stuck write ends, the number may have come to mean another file.
        self._descriptor = os.dup(descriptor)
        self._data = memoryview(data)
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        threading.Thread(target=self._run, name="console output", daemon=True).start()

    async def wait(self, seconds: float) -> None:
        """Until all is written. Raises TimeoutError (it may still be written later) or what the write raised."""
        async with asyncio.timeout(seconds):
            await self._ended.wait()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._write_all()
        except OSError as error:
            self._error = error
        finally:
            os.close(self._descriptor)
            self.over = True
        # The loop is closed if the program ended meanwhile: then nobody waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ended.set)

    def _write_all(self) -> None:
        while self._data:
            try:
                self._data = self._data[os.write(self._descriptor, self._data) :]
            except BlockingIOError:  # somebody has made the pipe or terminal non-blocking
                _takes(self._descriptor, None)


def _watched(stream: TextIO | None) -> bool:
    """Whether it is a terminal; one that is missing or closed is none."""
    return stream is not None and not stream.closed and stream.isatty()


def _descriptor(stream: Any) -> int | None:  # noqa: ANN401 – whatever stands in for standard output
    """The number to write to, past Python's buffer; None where there is none."""
    if os.name == "nt":
        return None  # its terminal takes characters, not bytes, and its pipes cannot be polled
    try:
        return int(stream.fileno())
    except (AttributeError, OSError, ValueError):
        return None


def _takes(descriptor: int, seconds: float | None) -> bool:
    """Whether it takes some bytes, or has lost its reader, within so many seconds (None: wait for ever)."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLOUT)
    return bool(waiting.poll(None if seconds is None else seconds * 1000))


def _failure(error: OSError | ValueError) -> Held | Unknown:
    """What an error of a write means. Python's streams say ValueError when they are closed."""
    detail = str(getattr(error, "strerror", None) or error).rstrip(".")
    if isinstance(error, ValueError) or error.errno in GONE:
        return Held(reason=f"nobody can read the output any more ({detail}): start the program with an open output")
    return Unknown(reason=f"the output did not take the whole message: {detail}")


def _lines(delivery: Delivery, payload: Mapping[str, Any]) -> list[Line]:
    """What to print: the message, for an update only its counter, since what stands cannot be changed."""
    lines: list[Line] = list(payload["counter"] if delivery.op == "update" else payload["lines"])
    if delivery.op != "post" and lines:
        first = lines[0]
        lines[0] = {**first, "parts": [["↳ ", "label", None], *first["parts"]]}
    if delivery.may_repeat:
        lines.append({"indent": 2, "parts": [[MAY_REPEAT, "meta", None]]})
    return lines


def _plain(line: Line) -> str:
    parts = (f"*{clean(text)}*" if style == "hit" else clean(text) for text, style, _ in line["parts"])
    indent: int = line["indent"]
    return " " * indent + "".join(parts)


def plain(lines: Sequence[Line]) -> str:
    """Lines as plain text: what is printed where no terminal is."""
    return "\n".join(map(_plain, lines))


def _rendered(console: Console, lines: Sequence[Line]) -> str:
    paper = _paper(console)
    width = min(paper.width, WIDEST)
    for line in lines:
        indent, hang = line["indent"], line.get("hang", 0)
        for number, row in enumerate(_styled(line).wrap(paper, max(20, width - indent - hang))):
            row.rstrip()
            row.pad_left(indent + (hang if number else 0))
            paper.print(row, soft_wrap=True)
    paper.print()
    return cast("StringIO", paper.file).getvalue()


def _paper(console: Console) -> Console:
    """A console as able as this one that prints into memory: rich's own capture still touches the stream."""
    from rich.console import Console as Paper

    colours = cast("Literal['standard', '256', 'truecolor', 'windows'] | None", console.color_system)
    return Paper(
        file=StringIO(),
        force_terminal=True,
        width=console.width,
        color_system=colours,
        no_color=console.no_color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _styled(line: Line) -> Text:
    from rich.style import Style
    from rich.text import Text

    text = Text(overflow="fold")
    for part, style, url in line["parts"]:
        look = Style.parse(LOOKS[style]) if LOOKS.get(style) else Style()
        text.append(clean(part), look + Style(link=url) if url else look)
    return text
