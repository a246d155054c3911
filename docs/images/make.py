"""Make the README's pictures out of what the program really produces from sample articles.

python docs/images/make.py [FOLDER]        (needs the development installation and, from Debian,
                                           chromium, pngquant and faketime)

first-run.svg   what `presswatch run --once` prints on a terminal
slack.png       the messages that arrive in a channel of the fake Slack, in Slack's look
digest.png      the page that `presswatch digest --preview` writes

They are written into FOLDER, by default beside this file. Each picture of a page notes which page it shows, so that a
test can tell whether it is still true.
"""

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import browser
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from bot.deliver import slack_page
from bot.deliver.fake_slack import FakeChannel, FakeSlack, in_thread

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ARTICLES = ("tariff-exclusions-extended.md", "importers-reprieve.md", "working-group-agreed.md")
COLUMNS = 108
SEEDS = '[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\nname = "Sample articles"\n'
# When the messages arrive, in seconds since 1970: shortly after the newest article was published.
ARRIVAL = 1_694_029_260.0


@contextmanager
def desk(config: str) -> Iterator[Path]:
    """A folder with the shipped rules, three sample articles and a configuration."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "rules", folder / "rules")
        (folder / "seeds").mkdir()
        for article in ARTICLES:
            shutil.copy(ROOT / "seeds" / article, folder / "seeds")
        (folder / "config.toml").write_text(SEEDS + config, encoding="utf-8")
        yield folder


def presswatch(folder: Path, *words: str, at: str = "", **more: str) -> None:
    """Run the command there, ``at`` another time (UTC) than today's if one is given."""
    clock = [browser.tool("faketime"), at] if at else []
    command = [*clock, sys.executable, "-m", "bot", *words]
    done = subprocess.run(command, cwd=folder, env=environment(**more), check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"presswatch {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def environment(**more: str) -> dict[str, str]:
    """The environment of a run, without settings of whoever makes the pictures."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PRESSWATCH_", "SLACK_"))}
    kept.pop("NO_COLOR", None)
    return {**kept, "PYTHONPATH": str(ROOT), "TZ": "UTC", **more}


def terminal_output(folder: Path) -> str:
    """What ``presswatch run --once`` writes to a terminal."""
    ours, theirs = pty.openpty()
    env = environment(COLUMNS=str(COLUMNS), TERM="xterm-256color")
    command = [sys.executable, "-m", "bot", "run", "--once"]
    with subprocess.Popen(command, cwd=folder, env=env, stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        chunks = []
        try:
            while chunk := os.read(ours, 65536):
                chunks.append(chunk)
        except OSError:  # the other end is closed: the program has ended
            pass
    if process.returncode:
        sys.exit(f"the program ended with {process.returncode}")
    return b"".join(chunks).decode().replace("\r\n", "\n")


def terminal() -> str:
    """The picture of the terminal."""
    with desk("") as folder:
        text = terminal_output(folder)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text("$ presswatch run --once", style="bold"))
        console.print(Text.from_ansi(text.rstrip()))
        drawn = console.export_svg(title="Presswatch", theme=MONOKAI, unique_id="presswatch")
    # A picture must not load anything from elsewhere: the reader's own monospaced font does.
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL).replace("Fira Code", "ui-monospace, Menlo")


def slack() -> str:
    """The page of a channel after one run."""
    channel = FakeChannel(id="C0000001", name="trade-alerts")
    destination = '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "#trade-alerts"\n'
    with in_thread(FakeSlack(channels=(channel,), clock=lambda: ARRIVAL)) as server:
        with desk(f'[slack]\nbase_url = "{server.url}"\n{destination}') as folder:
            presswatch(folder, "run", "--once", SLACK_BOT_TOKEN=server.token)
        messages = [message.describe(with_metadata=False) for message in server.workspace.messages]
    return slack_page.page(channel.name, messages, app="Presswatch")


def digest() -> str:
    """The page of a preview, on the morning after the newest article was published."""
    morning = '[[digest]]\nid = "morning"\nto = ["trade-desk@example.org"]\nzone = "America/New_York"\n'
    with desk(morning) as folder:
        presswatch(folder, "run", "--once", at="2023-09-07 11:29:00")
        presswatch(folder, "digest", "--preview", "--no-open", at="2023-09-07 11:30:00")
        return (folder / "var" / "digests" / "preview-morning.html").read_text("utf-8")


# Each picture of a page: what makes the page, and how wide it is shown, in pixels of CSS.
PAGES = {"slack.png": (slack, 760), "digest.png": (digest, 640)}


def main(folder: Path) -> None:
    """Make all pictures."""
    (folder / "first-run.svg").write_text(terminal(), encoding="utf-8")
    for name, (page, width) in PAGES.items():
        browser.picture(page(), folder / name, width)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
    except browser.Missing as missing:
        sys.exit(str(missing))
