"""Log lines as whoever reads standard error meets them: one JSON object each, and no secret in any of them."""

import contextlib
import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import warnings
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.config.secret import Secret

ROOT = Path(__file__).resolve().parents[2]

PLAIN = "xoxb-canary-1234567890"
QUOTED = "can\"ary\\with'quotes"
UMLAUT = "Kanarienvögel-für-später"
IN_URL = "p4ss/canary+word%21"
DIGITS = "987654321"
SECRETS = (PLAIN, QUOTED, UMLAUT, IN_URL, DIGITS)


class Unshowable:
    def __repr__(self):
        raise RuntimeError(f"no repr, and {PLAIN} in the way")


class Stderr(io.StringIO):
    """Standard error, of a terminal or not."""

    def __init__(self, *, terminal=False):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def line(self) -> dict:
        (line,) = self.lines
        return line


class Closed(list):
    """A list of handlers to which nobody adds: the test runner's own would render every record, too."""

    def append(self, _handler):
        pass


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """Logging is the process's: put everything back as it was."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", Closed())
    levels = {name: logging.getLogger(name).level for name in ("", *logs.TELLTALES, *logs.NOISY)}
    yield
    logging.captureWarnings(False)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def stderr(monkeypatch):
    """What is logged with everything switched on."""
    stream = Stderr()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure(verbose=2, secrets=SECRETS)
    return stream


@pytest.fixture
def terminal(monkeypatch):
    stream = Stderr(terminal=True)
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure(verbose=2, secrets=SECRETS)
    return stream


ours = structlog.stdlib.get_logger("presswatch")
theirs = logging.getLogger("some.library")


def test_a_line_of_ours_has_its_event_level_time_and_figures(stderr):
    ours.info("polled", source="wto", new=3, late=False, ratio=0.5, note=None, names=["a", "b"])
    line = stderr.line
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", line.pop("timestamp"))
    assert line == {
        "event": "polled",
        "level": "info",
        "source": "wto",
        "new": 3,
        "late": False,
        "ratio": 0.5,
        "note": None,
        "names": ["a", "b"],
    }


def test_a_line_of_a_library_has_the_same_shape_and_says_whose_it_is(stderr):
    theirs.warning("%d of %s", 3, "many")
    line = stderr.line
    assert {key: line[key] for key in ("event", "level", "logger")} == {
        "event": "3 of many",
        "level": "warning",
        "logger": "some.library",
    }
    assert "timestamp" in line


def test_arguments_of_ours_are_put_in_place(stderr):
    ours.info("%s of %d", "one", 2)
    assert stderr.line["event"] == "one of 2"


@pytest.mark.parametrize("logger", [ours, theirs], ids=["ours", "a library's"])
def test_a_traceback_stands_inside_its_line(stderr, logger):
    try:
        int("first line\nsecond line")
    except ValueError:
        logger.exception("it went wrong")
    line = stderr.line
    assert (line["event"], line["level"]) == ("it went wrong", "error")
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("ValueError: invalid literal for int() with base 10: 'first line\\nsecond line'")
    assert "exc_info" not in line


def test_a_stack_stands_inside_its_line(stderr):
    theirs.warning("how did we get here", stack_info=True)
    assert "test_a_stack_stands_inside_its_line" in stderr.line["stack"]


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────


def fail(secret: str) -> None:
    raise RuntimeError({"password": secret}) from ConnectionError(f"cannot log in with {secret}")


def log_exception(logger, secret):
    try:
        fail(secret)
    except RuntimeError:
        logger.exception("failed for %s", secret)


WAYS = {
    "event": lambda secret: ours.debug(f"token {secret}"),
    "value": lambda secret: ours.debug("x", token=secret),
    "key": lambda secret: ours.debug("x", **{secret: 1}),
    "argument of ours": lambda secret: ours.debug("token %r", secret),
    "nested": lambda secret: ours.debug("x", a={"b": [{"c": (secret, {secret: {secret}})}]}),
    "bytes": lambda secret: ours.debug("x", body=f"t={secret}".encode()),
    "object": lambda secret: ours.debug("x", error=ValueError(secret), path=Path("/x") / secret),
    "text in JSON": lambda secret: ours.debug("x", body=json.dumps({"token": secret})),
    "exception of ours": lambda secret: log_exception(ours, secret),
    "exception as a value": lambda secret: ours.error("x", exc_info=ValueError(secret)),
    "message": lambda secret: theirs.debug(f"token {secret}"),
    "argument": lambda secret: theirs.debug("token %s and %r", secret, [secret]),
    "named argument": lambda secret: theirs.debug("token %(token)s", {"token": secret}),
    "argument that does not fit": lambda secret: theirs.debug("token %d", secret),
    "object as message": lambda secret: theirs.debug({"token": secret}),
    "exception": lambda secret: log_exception(theirs, secret),
    "URL": lambda secret: theirs.debug("GET https://u:%s@h.example/", urllib.parse.quote(secret, safe="")),
    "form": lambda secret: theirs.debug("sent %s", urllib.parse.urlencode({"token": secret})),
    "deep": lambda secret: ours.debug("x", a=[[[[[[[[[[[[secret]]]]]]]]]]]]),
}


def spellings(secret: str) -> set[str]:
    """Every way in which somebody could read it off a line."""
    quoted = {urllib.parse.quote(secret), urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret)}
    escaped = {repr(secret)[1:-1], ascii(secret)[1:-1], json.dumps(secret)[1:-1]}
    return {secret, urllib.parse.unquote(secret), *quoted, *escaped}


@pytest.mark.parametrize("secret", SECRETS, ids=["plain", "quotes", "umlauts", "in a URL", "digits"])
@pytest.mark.parametrize("way", WAYS)
def test_no_secret_in_any_line(stderr, way, secret):
    WAYS[way](secret)
    line = stderr.line
    assert {"event", "level", "timestamp"} <= line.keys()
    assert "Logging error" not in stderr.getvalue()
    assert logs.HIDDEN in stderr.getvalue()
    decoded = json.dumps(line, ensure_ascii=False)
    assert [form for form in spellings(secret) if form in stderr.getvalue() or form in decoded] == []


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_on_a_terminal(terminal, way):
    for secret in SECRETS:
        WAYS[way](secret)
    assert logs.HIDDEN in terminal.getvalue()
    assert [form for secret in SECRETS for form in spellings(secret) if form in terminal.getvalue()] == []


def test_a_number_that_holds_a_secret_is_hidden_and_the_line_still_parses(stderr):
    ours.info("x", code=int(f"1{DIGITS}2"), codes=[int(DIGITS)])
    assert stderr.line["code"] == "1[hidden]2"
    assert stderr.line["codes"] == ["[hidden]"]


def test_of_two_secrets_the_longer_leaves_no_rest():
    redact = logs.Redact(["canary-one", "canary-one-and-more"])
    assert redact.clean("a canary-one-and-more b canary-one c") == "a [hidden] b [hidden] c"


def test_what_is_too_short_for_a_secret_hides_nothing():
    assert logs.Redact(["", "a", "polls"]).clean("a polls b") == "a polls b"


def test_the_configuration_s_own_secrets_never_show_themselves(stderr):
    ours.info("x", token=Secret("another-canary"), all=[Secret("another-canary")])
    assert "another-canary" not in stderr.getvalue()


def test_the_record_is_left_as_it_was_for_other_handlers(stderr):
    record = theirs.makeRecord(theirs.name, logging.INFO, __file__, 1, "%s!", (PLAIN,), None)
    theirs.handle(record)
    assert (record.msg, record.args, record.getMessage()) == ("%s!", (PLAIN,), f"{PLAIN}!")


# ── hostile text, faulty values ──────────────────────────────────────────────────────────────────


HOSTILE = ["a\nb", "a\r\nb", "a\x1b[31mb", "a\x9b31mb", "a\u2028b", "a\x85b", "a\u202eb", "a\x00b", "a\ud800b"]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_comes_from_outside_neither_breaks_lines_nor_steers_the_terminal(stderr, text):
    ours.warning(text, note=text, nested={text: [text]})
    theirs.warning("%s", text)
    assert len(stderr.lines) == 2
    assert all(re.fullmatch("a ( |\\[31m|31m)?b", line["event"]) for line in stderr.lines)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]", stderr.getvalue())


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_traceback_s_text_does_not_steer_the_terminal_either(terminal, text):
    ours.error("x", exc_info=ValueError(text))
    theirs.error("x", exc_info=ValueError(text))
    shown = re.sub(r"\x1b\[\d*m", "", terminal.getvalue()).replace("\n", "")
    assert shown.isprintable()


def test_on_a_terminal_no_line_of_a_traceback_looks_like_one_of_ours(terminal):
    ours.error("real", exc_info=ValueError("x\n2026-01-01T00:00:00Z [info     ] forged"))
    first, *rest = terminal.getvalue().splitlines()
    assert "real" in first
    assert len(rest) >= 2
    assert all(line.startswith("    ") for line in rest)


def circle() -> list:
    found: list = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(float("nan"), "nan", id="not a number"),
        pytest.param(float("-inf"), "-inf", id="infinite"),
        pytest.param({1: {"a": b"\xff"}}, {"1": {"a": "\ufffd"}}, id="keys and bytes"),
        pytest.param(Unshowable(), "<Unshowable>", id="no repr"),
        pytest.param({Unshowable(): 1}, {"<Unshowable>": 1}, id="a key without repr"),
    ],
)
def test_values_that_json_does_not_know(stderr, value, shown):
    ours.info("x", value=value)
    assert stderr.line["value"] == shown


def test_a_list_that_holds_itself(stderr):
    ours.info("x", value=circle())
    assert "[...]" in stderr.getvalue()
    assert stderr.line["event"] == "x"


@pytest.mark.parametrize(
    "log",
    [
        pytest.param(lambda: theirs.info("%d", "no number"), id="wrong type"),
        pytest.param(lambda: theirs.info("%s %s", "one"), id="too few"),
        pytest.param(lambda: theirs.info("one", "too", "many"), id="too many"),
        pytest.param(lambda: theirs.info("%s", Unshowable()), id="no text"),
    ],
)
def test_arguments_that_do_not_fit_are_shown_behind_the_message(stderr, log):
    log()
    line = stderr.line
    assert line["level"] == "info"
    assert line["event"] != ""
    assert PLAIN not in stderr.getvalue()


def test_a_line_that_cannot_be_rendered_is_reported_without_its_contents(stderr):
    ours.info("%d", PLAIN)
    line = stderr.line
    assert (line["level"], line["event"], line["reason"]) == ("error", "a log line could not be written", "TypeError")
    assert "timestamp" in line
    assert PLAIN not in stderr.getvalue()


class Gone(Stderr):
    def write(self, _text):
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize("stream", [Gone, lambda: None], ids=["nobody reads it", "there is none"])
def test_without_standard_error_the_work_goes_on(monkeypatch, stream):
    monkeypatch.setattr("sys.stderr", stream())
    logs.configure(verbose=2)
    ours.warning("x")
    theirs.warning("x")


def test_a_stream_that_takes_only_ascii_gets_only_ascii(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stderr", io.TextIOWrapper(raw, encoding="latin-1", errors="backslashreplace"))
    logs.configure(secrets=[UMLAUT])
    theirs.warning("出口 für %s", UMLAUT)
    assert json.loads(raw.getvalue().decode("ascii"))["event"] == "出口 für [hidden]"


def test_warnings_are_lines_too(monkeypatch):
    stderr = Stderr()
    monkeypatch.setattr("sys.stderr", stderr)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logs.configure(secrets=SECRETS)
        warnings.warn(f"old\nway with {PLAIN}", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(False)
    line = stderr.line
    assert (line["level"], line["logger"]) == ("warning", "py.warnings")
    assert "old way with [hidden]" in line["event"]


# ── levels ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("verbose", "service", "shown"),
    [
        (0, False, {"warning"}),
        (1, False, {"warning", "info"}),
        (2, False, {"warning", "info", "debug"}),
        (0, True, {"warning", "info"}),
        (1, True, {"warning", "info", "debug"}),
        (5, True, {"warning", "info", "debug"}),
    ],
)
def test_how_much_is_said(monkeypatch, verbose, service, shown):
    stream = Stderr()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure(verbose=verbose, service=service)
    for level in ("debug", "info", "warning"):
        getattr(ours, level)("x")
    assert {line["level"] for line in stream.lines} == shown


@pytest.mark.parametrize(("verbose", "service", "shown"), [(0, True, 1), (1, True, 1), (2, False, 3), (2, True, 3)])
def test_noisy_libraries_only_warn_unless_everything_is_asked_for(monkeypatch, verbose, service, shown):
    stream = Stderr()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure(verbose=verbose, service=service)
    for name in ("alembic.runtime.migration", "apscheduler.scheduler", "asyncio"):
        for level in ("debug", "info", "warning"):
            getattr(logging.getLogger(name), level)("x")
    assert len(stream.lines) == 3 * shown


def test_libraries_that_log_requests_never_do(stderr):
    for name in ("slack_sdk.web.base_client", "aiohttp.client", "urllib3.connectionpool"):
        logging.getLogger(name).debug("headers: a token nobody told us of")
        logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in stderr.lines] == ["trouble"] * 3


# ── the service ──────────────────────────────────────────────────────────────────────────────────


CONFIG = """
[[source]]
id = "seeds"
kind = "folder"
path = "seeds"
{more}
"""
RULE = '[[rule]]\nid = "tariffs"\ntitle = "Tariffs"\nany = ["tariff"]\n'
SEED = "---\ntitle: Tariffs on kettles rise\n---\nThe ministry said that tariffs on kettles would rise in spring.\n"


@contextlib.contextmanager
def running(folder: Path, *options: str, more: str = "", **environ: str):
    """A service with one seed in ``folder``; it is killed if the block has not ended it."""
    for name, text in {
        "config.toml": CONFIG.format(more=more),
        "rules/rules.toml": RULE,
        "seeds/1.txt": SEED,
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PRESSWATCH_", "SLACK_"))}
    env = {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **environ}
    command = [sys.executable, "-m", "bot", *options, "run"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    process = subprocess.Popen(command, cwd=folder, env=env, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stop_after(process: subprocess.Popen, wanted: str) -> list[dict]:
    """The log of a service that is stopped once ``wanted`` was printed; its lines as objects."""
    for line in process.stdout:
        if wanted in line:
            break
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    return [json.loads(line) for line in err.splitlines()]


def test_every_line_of_a_running_service_is_an_object(tmp_path):
    with running(tmp_path) as process:
        lines = stop_after(process, "Tariffs on kettles rise")
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    events = [line["event"] for line in lines]
    assert events.count("running") == 1
    assert events[-1] == "stopped"
    assert not any(line.get("logger", "").startswith(("alembic", "apscheduler")) for line in lines)


def test_a_service_that_says_everything_keeps_its_secrets(tmp_path):
    slack = '[slack]\nbase_url = "http://127.0.0.1:9"\n[[destination]]\nid = "terminal"\nkind = "console"\n'
    slack += '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "#alerts"\n'
    with running(tmp_path, "-vv", more=slack, SLACK_BOT_TOKEN=PLAIN) as process:
        lines = stop_after(process, "Tariffs on kettles rise")
    assert "debug" in {line["level"] for line in lines}
    assert any(line.get("logger", "").startswith("alembic") for line in lines)
    assert PLAIN not in json.dumps(lines)


def test_the_service_loads_nothing_that_only_a_terminal_needs():
    code = "import sys, bot.scheduler, bot.logs; print({'rich', 'pygments'} & sys.modules.keys()); import rich.console"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"
