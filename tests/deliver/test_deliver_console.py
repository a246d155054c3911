import io
import re

import pytest
from rich.console import Console
from slack_helpers import make_delivery

from bot.deliver.console import MAY_REPEAT, ConsoleSender
from bot.model import Delivered, Destination, Unknown

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


async def test_a_broken_pipe_leaves_it_open_what_was_seen(monkeypatch):
    monkeypatch.setattr("sys.stdout", Broken())
    sender = ConsoleSender()
    assert isinstance(await sender.send(alert()), Unknown)
    assert (await sender.try_out(TERMINAL)).state == "fail"


async def test_a_closed_output_is_not_a_crash(monkeypatch):
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stdout", closed)
    assert isinstance(await ConsoleSender().send(alert()), Unknown)


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
    import subprocess
    import sys

    code = "import sys, bot.deliver.console; sys.exit('rich' in sys.modules or 'slack_sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
