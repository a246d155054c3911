"""The console sender: alerts as a reader likes to see them, on a terminal or as plain text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from bot.model import Delivered, LookUp, Unknown
from bot.text import clean

from .report import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console
    from rich.text import Text

    from bot.model import Delivery, Destination, Outcome

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

Line = dict[str, Any]


class ConsoleSender:
    """Prints alerts. ``write`` takes plain text and no terminal is used; ``console`` is rich's; else standard output.

    Colours, wrapping and links are for terminals only: anything else gets plain lines, with the hits
    between asterisks. rich honours NO_COLOR and TERM=dumb.
    """

    def __init__(self, console: Console | None = None, *, write: Callable[[str], object] | None = None) -> None:
        self._console = console
        self._write = write

    async def aclose(self) -> None:
        """Nothing to let go of."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Print it. A broken pipe or a closed stream leaves open how much the reader saw."""
        payload = delivery.payload["minimal" if delivery.minimal_only else "full"]
        try:
            self._print(_lines(delivery, payload))
        except (OSError, ValueError) as error:
            return Unknown(reason=f"the output did not take the text: {error}")
        return Delivered()

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:  # noqa: ARG002 – the protocol's
        """Nobody can tell what a terminal has shown."""
        return LookUp(possible=False, reason="a terminal cannot be asked what it has shown")

    async def check(self, destination: Destination) -> tuple[Finding, ...]:
        """Where alerts go."""
        where = "the terminal" if self._write is None and self._terminal() else "plain text"
        return (Finding(name=f"console “{destination.id}”", state="ok", detail=f"alerts are printed as {where}"),)

    async def try_out(self, destination: Destination) -> Finding:
        """Print a test line."""
        line = {"indent": 0, "parts": [["Presswatch test message: alerts appear here.", "headline", None]]}
        name = f"test message to “{destination.id}”"
        try:
            self._print([line])
        except (OSError, ValueError) as error:
            return Finding(name=name, state="fail", detail=str(error), remedy="give the program an open output")
        return Finding(name=name, state="ok", detail="printed")

    def _terminal(self) -> Console | None:
        """Rich's console if it writes to a terminal that understands colours, links and our characters."""
        if self._console is None:
            if not sys.stdout.isatty():
                return None
            from rich.console import Console

            self._console = Console(highlight=False, markup=False, emoji=False)
        console = self._console
        able = console.is_terminal and not console.is_dumb_terminal and console.encoding.startswith("utf")
        return console if able else None

    def _print(self, lines: Sequence[Line]) -> None:
        if not lines:
            return
        console = self._terminal() if self._write is None else None
        if console is not None:
            _print_rich(console, lines)
            return
        text = "\n".join(_plain(line) for line in lines) + "\n\n"
        if self._write is not None:
            self._write(text)
            return
        stream = self._console.file if self._console is not None else sys.stdout
        encoding = str(getattr(stream, "encoding", None) or "utf-8")
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()


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


def _print_rich(console: Console, lines: Sequence[Line]) -> None:
    width = min(console.width, WIDEST)
    for line in lines:
        indent, hang = line["indent"], line.get("hang", 0)
        for number, row in enumerate(_styled(line).wrap(console, max(20, width - indent - hang))):
            row.rstrip()
            row.pad_left(indent + (hang if number else 0))
            console.print(row, soft_wrap=True)
    console.print()
    console.file.flush()


def _styled(line: Line) -> Text:
    from rich.style import Style
    from rich.text import Text

    text = Text(overflow="fold")
    for part, style, url in line["parts"]:
        look = Style.parse(LOOKS[style]) if LOOKS.get(style) else Style()
        text.append(clean(part), look + Style(link=url) if url else look)
    return text
