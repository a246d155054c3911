import asyncio
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.console import Console
from slack_helpers import make_delivery

from bot.deliver.console import MAY_REPEAT, ConsoleSender
from bot.model import Delivered, Destination, Held, Later, Unknown

TERMINAL = Destination(id="terminal", kind="console")
URL = "https://example.org/a"
LINES = [
    {"indent": 0, "parts": [["Ministry widens curbs", "headline", URL]]},
    {"indent": 2, "parts": [["New ", "quote", None], ["export controls", "hit", None], [" apply", "quote", None]]},
    {"indent": 2, "parts": [[URL, "link", URL]]},
]
COUNTER = [{"indent": 0, "parts": [["+2 outlets: A, B", "copies", None]]}]
PAYLOAD = {"full": {"lines": LINES, "counter": COUNTER}, "minimal": {"lines": LINES[:1], "counter": []}}
PLAIN = f"Ministry widens curbs\n  New *export controls* apply\n  {URL}\n\n"


def alert(op="post", **changes):
    return make_delivery(op, payload=PAYLOAD, destination="terminal", **changes)


def terminal(**options):
    stream = io.StringIO()
    stream.isatty = lambda: True
    options.setdefault("_environ", {"TERM": "xterm-256color"})  # whatever terminal the tests themselves run in
    return Console(file=stream, force_terminal=True, width=60, color_system="standard", **options)


async def printed(delivery, console=None):
    if console is not None:
        assert isinstance(await ConsoleSender(console).send(delivery), Delivered)
        return console.file.getvalue()
    out = []
    assert isinstance(await ConsoleSender(write=out.append).send(delivery), Delivered)
    return "".join(out)


async def test_who_takes_the_messages_is_told_what_each_is():
    taken = []
    sender = ConsoleSender(take=lambda kind, text: taken.append((kind, text)))
    for kind in ("alert", "notice"):
        assert isinstance(await sender.send(replace(alert(), kind=kind)), Delivered)
    assert taken == [("alert", PLAIN), ("notice", PLAIN)]


async def test_plain_text_marks_the_hits_and_shows_the_address():
    assert await printed(alert()) == PLAIN


async def test_standard_output_that_is_no_terminal_gets_plain_text(capsys):
    assert isinstance(await ConsoleSender().send(alert()), Delivered)
    assert capsys.readouterr().out == PLAIN


async def test_a_terminal_gets_colours_and_links():
    shown = await printed(alert(), terminal())
    assert f"\x1b]8;id=" in shown  # noqa: F541 – reads like the sequence
    assert f";{URL}\x1b\\" in shown
    assert "\x1b[1;33mexport controls" in shown
    assert "*" not in shown


async def test_no_color_keeps_the_hits_visible_without_colours():
    shown = await printed(alert(), terminal(_environ={"TERM": "xterm-256color", "NO_COLOR": "1"}))
    assert "\x1b[1mexport controls" in shown
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", shown)


@pytest.mark.parametrize(
    "console",
    [
        pytest.param(lambda: Console(file=io.StringIO(), width=60), id="a pipe"),
        pytest.param(lambda: terminal(_environ={"TERM": "dumb"}), id="a dumb terminal"),
    ],
)
async def test_whatever_is_no_able_terminal_gets_plain_text(console):
    assert await printed(alert(), console()) == PLAIN


async def test_long_lines_are_wrapped_under_their_indent():
    words = {"indent": 2, "parts": [["word " * 40, "quote", None]]}
    payload = {"full": {"lines": [words], "counter": []}}
    shown = await printed(make_delivery(payload=payload), terminal())
    rows = shown.rstrip("\n").split("\n")
    assert len(rows) > 3
    assert all(row.startswith("  word") and len(row) <= 60 and row == row.rstrip() for row in rows)


async def test_a_reply_hangs_below_and_an_update_is_one_line():
    assert (await printed(alert("reply"))).startswith("↳ Ministry")
    assert await printed(alert("update")) == "↳ +2 outlets: A, B\n\n"


async def test_an_update_without_a_counter_prints_nothing():
    assert await printed(alert("update", minimal_only=True)) == ""


async def test_a_repeat_says_so():
    assert (await printed(alert(may_repeat=True))).endswith(f"  {MAY_REPEAT}\n\n")


HOSTILE = ["\x1b[31mred\x1b[0m", "\x1b]8;;http://evil\x1b\\x", "a\x07\x08\x08b", "\u202eevil", "\x9b31m", "\x00"]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "terminal"])
async def test_nothing_from_outside_steers_the_terminal(text, colour):
    payload = {"full": {"lines": [{"indent": 0, "parts": [[text, "headline", None]]}], "counter": []}}
    console = terminal() if colour else None
    shown = await printed(make_delivery(payload=payload), console)
    shown = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


async def test_markup_of_the_terminal_library_is_only_text():
    payload = {"full": {"lines": [{"indent": 0, "parts": [["[red]x[/red] :smile:", "quote", None]]}], "counter": []}}
    assert "[red]x[/red] :smile:" in await printed(make_delivery(payload=payload), terminal())


async def test_an_old_code_page_does_not_stop_the_alerts(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    payload = {"full": {"lines": [{"indent": 0, "parts": [["出口 “controls”", "headline", None]]}], "counter": []}}
    assert isinstance(await ConsoleSender().send(make_delivery(payload=payload)), Delivered)
    assert raw.getvalue().decode("cp1252").strip() == "?? “controls”"


class Broken(io.StringIO):
    def write(self, _text):
        raise BrokenPipeError(32, "Broken pipe")


class Full(io.StringIO):
    def write(self, _text):
        raise OSError(28, "No space left on device")


async def test_without_a_reader_nothing_is_lost_and_nothing_in_doubt(monkeypatch):
    monkeypatch.setattr("sys.stdout", Broken())
    sender = ConsoleSender()
    outcome = await sender.send(alert())
    assert isinstance(outcome, Held)
    assert "Broken pipe" in outcome.reason
    finding = await sender.try_out(TERMINAL)
    assert (finding.state, "Broken pipe" in finding.detail, finding.remedy != "") == ("fail", True, True)


async def test_a_full_disk_leaves_it_open_what_was_written(monkeypatch):
    monkeypatch.setattr("sys.stdout", Full())
    outcome = await ConsoleSender().send(alert())
    assert isinstance(outcome, Unknown)
    assert "No space left" in outcome.reason


def closed_text():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [pytest.param(closed_text, id="closed"), pytest.param(lambda: None, id="missing")])
async def test_an_output_that_is_not_there_is_not_a_crash(monkeypatch, stream):
    monkeypatch.setattr("sys.stdout", stream())
    sender = ConsoleSender()
    assert isinstance(await sender.send(alert()), Held)
    assert (await sender.check(TERMINAL))[0].state == "ok"


async def test_a_writer_that_has_lost_its_reader_holds_too():
    assert isinstance(await ConsoleSender(write=Broken().write).send(alert()), Held)


# ── real pipes ───────────────────────────────────────────────────────────────────────────────────


class Pipe:
    """A pipe, and a sender that prints into it."""

    def __init__(self):
        self.reading, writing = os.pipe()
        self.stream = os.fdopen(writing, "w", encoding="utf-8")

    def sender(self, **options):
        return ConsoleSender(Console(file=self.stream), **options)

    def fill(self) -> None:
        """Write until it takes no more."""
        descriptor = self.stream.fileno()
        os.set_blocking(descriptor, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(descriptor, b"." * 1024)
        os.set_blocking(descriptor, True)

    async def read_until(self, wanted: bytes) -> bytes:
        """What it holds up to ``wanted``, read as it comes."""
        seen, found = bytearray(), asyncio.Event()

        def read():
            seen.extend(os.read(self.reading, 8192))
            if wanted in seen:
                found.set()

        loop = asyncio.get_running_loop()
        loop.add_reader(self.reading, read)
        try:
            async with asyncio.timeout(20):
                await found.wait()
        finally:
            loop.remove_reader(self.reading)
        return bytes(seen)

    def leave(self) -> None:
        """Close the reading end: whoever writes is told so."""
        if self.reading >= 0:
            os.close(self.reading)
        self.reading = -1


@pytest.fixture
def pipe():
    """Whatever is stuck in it ends with the test."""
    made = Pipe()
    yield made
    made.leave()
    made.stream.close()


def message(text: str):
    payload = {"full": {"lines": [{"indent": 0, "parts": [[text, "headline", None]]}], "counter": []}}
    return make_delivery(payload=payload, destination="terminal")


async def test_a_pipe_that_nobody_reads_does_not_stop_the_loop(pipe):
    pipe.fill()
    sending = asyncio.ensure_future(pipe.sender(patience=0.3).send(alert()))
    turns = 0
    while not (await asyncio.wait([sending], timeout=0.005))[0]:
        turns += 1
    assert turns > 5
    outcome = await sending
    assert isinstance(outcome, Unknown)
    assert "did not take the whole message" in outcome.reason


async def test_while_a_message_is_stuck_the_next_waits_and_then_they_go_on(pipe):
    pipe.fill()
    sender = pipe.sender(patience=0.05)
    assert isinstance(await sender.send(message("first")), Unknown)
    assert isinstance(await sender.send(message("second")), Later)
    assert (await sender.try_out(TERMINAL)).state == "fail"
    seen = await pipe.read_until(b"first\n\n")
    outcome = Later(reason="the thread of the first is about to end")
    while isinstance(outcome, Later):
        outcome = await sender.send(message("third"))
    assert isinstance(outcome, Delivered)
    seen += await pipe.read_until(b"third\n\n")
    assert seen.lstrip(b".") == b"first\n\nthird\n\n"


async def test_messages_keep_their_order_and_are_written_whole(pipe):
    sender = pipe.sender()
    texts = [f"{number}: " + chr(96 + number) * 150_000 for number in (1, 2, 3)]
    sending = asyncio.gather(*(sender.send(message(text)) for text in texts))
    seen = await pipe.read_until(b"c\n\n")
    assert [type(outcome) for outcome in await sending] == [Delivered] * 3
    assert seen.decode() == "".join(f"{text}\n\n" for text in texts)


async def test_what_others_have_printed_comes_first(pipe):
    print("before", end=" ", file=pipe.stream)
    await pipe.sender().send(message("after"))
    assert await pipe.read_until(b"after\n\n") == b"before after\n\n"


async def test_a_pipe_that_does_not_block_is_waited_for(pipe):
    pipe.fill()
    os.set_blocking(pipe.stream.fileno(), False)
    sending = asyncio.ensure_future(pipe.sender().send(message("x" * 200_000)))
    seen = await pipe.read_until(b"x\n\n")
    assert isinstance(await sending, Delivered)
    assert seen.count(b"x") == 200_000


async def test_a_pipe_whose_reader_has_gone_is_held(pipe):
    pipe.leave()
    outcome = await pipe.sender().send(alert())
    assert isinstance(outcome, Held)
    assert "Broken pipe" in outcome.reason


async def test_a_reader_that_leaves_while_a_message_is_stuck_is_noticed(pipe):
    pipe.fill()
    sending = asyncio.ensure_future(pipe.sender().send(alert()))
    assert not (await asyncio.wait([sending], timeout=0.05))[0]
    pipe.leave()
    assert isinstance(await sending, Held)


async def test_a_send_that_is_cancelled_leaves_the_next_to_wait(pipe):
    pipe.fill()
    sender = pipe.sender()
    sending = asyncio.ensure_future(sender.send(alert()))
    assert not (await asyncio.wait([sending], timeout=0.05))[0]
    sending.cancel()
    await asyncio.wait([sending])
    assert isinstance(await sender.send(alert()), Later)


async def test_a_terminal_gets_its_colours_through_its_descriptor(pipe):
    console = Console(file=pipe.stream, force_terminal=True, width=60, _environ={"TERM": "xterm-256color"})
    assert isinstance(await ConsoleSender(console).send(alert()), Delivered)
    assert b"export controls\x1b[0m" in await pipe.read_until(b"\n\n")


STUCK = """
import asyncio, signal, sys
from bot.deliver.console import ConsoleSender
from bot.model import Delivery

async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    lines = [{"indent": 0, "parts": [["x" * 1_000_000, "quote", None]]}]
    payload = {"full": {"lines": lines, "counter": []}}
    delivery = Delivery(id=1, uid="u", destination="terminal", op="post", payload=payload)
    sending = asyncio.ensure_future(ConsoleSender().send(delivery))
    await asyncio.sleep(0.05)
    print("waiting" if not sending.done() else "sent", file=sys.stderr, flush=True)
    await stop.wait()

asyncio.run(main())
"""


def test_a_program_whose_output_nobody_reads_ends_when_it_is_asked_to():
    process = subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stderr.readline() == b"waiting\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.communicate()


async def test_a_terminal_cannot_be_asked():
    seen = await ConsoleSender(write=print).look_up(TERMINAL, [alert()])
    assert (seen.possible, seen.complete) == (False, False)


async def test_check_and_try_out():
    out = []
    sender = ConsoleSender(write=out.append)
    (finding,) = await sender.check(TERMINAL)
    assert (finding.state, "plain text" in finding.detail) == ("ok", True)
    assert (await sender.try_out(TERMINAL)).state == "ok"
    assert "test message" in out[0]
    await sender.aclose()


def test_plain_output_does_not_load_the_terminal_library():
    code = "import sys, bot.deliver.console; sys.exit('rich' in sys.modules or 'slack_sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
