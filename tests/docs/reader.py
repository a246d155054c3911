"""Somebody who follows a page of the documentation from top to bottom, in a folder of their own.

What the page shows is done: a ``toml NAME`` block is written at the end of that file, each line of a ``console`` block
that begins with "$ " is typed. Nothing leaves this machine: Slack is the fake one, feeds are served on loopback, and
where a page leaves the sources at their defaults, the sample articles are the only one.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from servers import ThreadedFaultServer, feed

from bot.deliver.fake_slack import FakeChannel, FakeSlack, in_thread

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^ *```$", flags=re.DOTALL | re.MULTILINE)
EXIT = re.compile(r"\s+# exit code (\d+)$")
SEEDS = '[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\nname = "Sample articles"\n'
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title><item><guid>1</guid>
<title>{title}: new export controls on chips</title><description>The rules on chips change.</description></item>
</channel></rss>"""
# Addresses of feeds in the pages, and what is asked in their place.
FEEDS = {"https://www.federalreserve.gov/feeds/press_all.xml": "/fed"}
PATIENCE = 60


@dataclass(frozen=True)
class Block:
    """A fenced block: language, the file it belongs into if it names one, text, line of the page."""

    language: str
    name: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """A line to type, the exit code it promises and what the page shows below it (None: nothing)."""

    line: str
    code: int
    shown: str | None


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, their common indentation taken away."""
    text, found = page.read_text("utf-8"), []
    for match in FENCE.finditer(text):
        indent, info, body = match.groups()
        language, _, name = info.strip().partition(" ")
        body = re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)
        found.append(Block(language, name.strip(), body, text.count("\n", 0, match.start()) + 1))
    return found


def commands(block: Block) -> list[Command]:
    """What is typed in a ``console`` block."""
    found = []
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        promised = EXIT.search(line)
        found.append(Command(EXIT.sub("", line), int(promised[1]) if promised else 0, shown.rstrip() or None))
    return found


def agrees(shown: str, output: str) -> bool:
    """Whether ``output`` is what the page shows; "…" stands for anything in a line, alone for any number of lines."""
    any_lines, lines = r"(?:.*\n)*?", shown.split("\n")
    wanted = [any_lines if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in lines]
    printed = re.sub(r"[ \t]+$", "", output.rstrip(), flags=re.MULTILINE) + "\n"
    return re.fullmatch("".join(wanted), printed) is not None


@dataclass
class Reader:
    """A folder with rules and sample articles, and what stands in for the world."""

    folder: Path
    slack: FakeSlack
    server: ThreadedFaultServer
    env: dict[str, str] = field(default_factory=dict)

    def follow(self, block: Block) -> None:
        """Do what the block shows."""
        if block.language == "toml" and block.name:
            with (self.folder / block.name).open("a", encoding="utf-8") as file:
                file.write("\n" + block.text)
        for command in commands(block) if block.language == "console" else ():
            code, output = self.type(command.line)
            assert code == command.code, f"$ {command.line} ended with {code}:\n{output}"
            assert "Traceback" not in output, output
            assert command.shown is None or agrees(command.shown, output), f"$ {command.line} printed:\n{output}"

    def type(self, line: str) -> tuple[int, str]:
        """Run one line; its exit code and all it printed. What runs for ever is stopped once it has begun to work."""
        if not line.startswith("presswatch init"):
            self._stay_here()
        for public, path in FEEDS.items():
            line = line.replace(public, self.server.at(path))
        process = subprocess.Popen(
            ["bash", "-c", f"exec {line}" if endless(line) else line],
            cwd=self.folder,
            env=self._environment(),
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output = ""
        if endless(line):
            output = next((text for text in process.stdout if '"event": "running"' in text), "")
            process.send_signal(signal.SIGTERM)
        output += process.communicate(timeout=PATIENCE)[0]
        return process.returncode, output.replace(f"{self.folder}/", "")

    def _stay_here(self) -> None:
        """Point the configuration to what stands in for Slack and for the public feeds."""
        config = self.folder / "config.toml"
        text = config.read_text("utf-8") if config.exists() else ""
        if not re.search(r"^\[\[source\]\]", text, flags=re.MULTILINE):
            text += SEEDS
        slack, allow = f'base_url = "{self.slack.url}"\n', f'allow = ["127.0.0.1:{self.server.port}"]\n'
        for table, line in (("slack", slack), ("network", allow)):
            if line not in text:
                head, found, rest = text.rpartition(f"[{table}]\n")
                text = f"{head}[{table}]\n{line}{rest}" if found else f"[{table}]\n{line}{text}"
        config.write_text(text, encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PRESSWATCH_", "SLACK_"))}
        ours = {"PATH": f"{self.folder.parent / 'bin'}:{kept['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        return {**kept, **ours, "SLACK_BOT_TOKEN": self.slack.token, **self.env}


def endless(line: str) -> bool:
    """Whether a command goes on until it is stopped."""
    return line.startswith("presswatch run") and "--once" not in line


@contextmanager
def reader(place: Path) -> Iterator[Reader]:
    """Somebody who has the Quick start behind them: the sample articles were alerted on the terminal."""
    folder, programs = place / "desk", place / "bin"
    programs.mkdir()
    (programs / "presswatch").write_text(f'#!/bin/sh\nexec {sys.executable} -m bot "$@"\n')
    (programs / "presswatch").chmod(0o755)
    for name in ("rules", "seeds"):
        shutil.copytree(ROOT / name, folder / name)
    channels = (FakeChannel(id="C0123456789", name="trade-alerts"), FakeChannel(id="C0000002", name="presswatch-ops"))
    with ThreadedFaultServer() as server, in_thread(FakeSlack(channels=channels)) as slack:
        for public, path in FEEDS.items():
            server[path] = feed(RSS.format(title=public.split("/")[2]))
        somebody = Reader(folder, slack, server)
        assert somebody.type("presswatch run --once")[0] == 0
        (folder / "config.toml").unlink()
        yield somebody
