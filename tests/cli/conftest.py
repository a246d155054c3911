"""The command line as its users meet it: a process of its own in a folder of its own."""

import json
import os
import pty
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import forking
import pytest

from bot.cli import _run

ROOT = Path(__file__).resolve().parents[2]

RULE = """
[[rule]]
id = "tariffs"
title = "Tariffs"
theme = "trade"
severity = "high"
any = ["tariff"]

[[rule.test]]
text = "New tariffs on kettles."
expect = "match"

[[rule.test]]
text = "A calm day."
expect = "no"
"""
CONFIG = """
[[source]]
id = "seeds"
kind = "folder"
path = "seeds"
"""


@dataclass
class Result:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Desk:
    """A folder with configuration, rules and seeds, and the command to use there."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PRESSWATCH_", "SLACK_"))}
        return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **self.env}

    def start(self, *args: str, **more) -> subprocess.Popen:
        command = [sys.executable, "-m", "bot", *args]
        return subprocess.Popen(command, cwd=self.folder, env=self.environment(), text=True, encoding="utf-8", **more)

    def run(self, *args: str, stdin: str = "") -> Result:
        code, out, err = forking.run("-m", "bot", *args, folder=self.folder, env=self.environment(), stdin=stdin)
        assert "Traceback" not in err, err
        return Result(code, out, err)

    def on_a_terminal(self, *args: str, typed: str = "", columns: int = 80) -> Result:
        """What a person sees and gets who types ``typed`` on a terminal so wide; all of it is in ``out``."""
        ours, theirs = pty.openpty()
        self.env |= {"COLUMNS": str(columns), "TERM": "dumb", "NO_COLOR": "1"}
        process = forking.fork("-m", "bot", *args, folder=self.folder, env=self.environment(), streams=(theirs,) * 3)
        os.close(theirs)
        os.write(ours, typed.encode())
        said = b"".join(iter(lambda: _read(ours), b""))
        os.close(ours)
        return Result(process.wait(), said.decode().replace("\r\n", "\n"), "")

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def seed(self, number: int, headline: str, body: str = "") -> Path:
        text = body or f"{headline}: number {number} has words of its own, like w{number}x, w{number}y and w{number}z."
        return self.write(f"seeds/{number}.txt", f"---\ntitle: {headline}\n---\n{text}\n")


@dataclass
class Inside:
    """The same command in this process, for tests in which the process is not the point."""

    desk: Desk
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *args: str) -> Result:
        self.monkeypatch.chdir(self.desk.folder)
        self.monkeypatch.setattr(sys, "argv", ["presswatch", *args])
        for name in [name for name in os.environ if name.startswith(("PRESSWATCH_", "SLACK_"))]:
            self.monkeypatch.delenv(name)
        code = _run()
        said = self.capsys.readouterr()
        return Result(code, said.out, said.err)


@pytest.fixture
def inside(desk, monkeypatch, capsys) -> Inside:
    """The command in this process, in the desk's folder."""
    return Inside(desk, monkeypatch, capsys)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # what Linux says when the other end has been closed
        return b""


def desk_in(folder: Path) -> Desk:
    """One rule, one folder as the only source, nothing from the network."""
    made = Desk(folder)
    made.write("config.toml", CONFIG)
    made.write("rules/rules.toml", RULE)
    (folder / "seeds").mkdir()
    return made


@pytest.fixture
def desk(tmp_path) -> Desk:
    """A desk of the test's own."""
    return desk_in(tmp_path)


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory) -> Desk:
    """A desk for tests that only look at it."""
    return desk_in(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def second_desk(tmp_path_factory) -> Desk:
    """Another one."""
    return desk_in(tmp_path_factory.mktemp("second"))
