"""Draw the README's picture: run the program on three of the sample articles in a real terminal, keep what it prints.

python docs/images/make.py        (needs the development installation; writes first-run.svg beside this file)
"""

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ARTICLES = ("tariff-exclusions-extended.md", "importers-reprieve.md", "working-group-agreed.md")
WIDTH = 108


def terminal_output(folder: Path) -> str:
    """What ``presswatch run --once`` writes to a terminal."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    env.pop("NO_COLOR", None)
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


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "rules", folder / "rules")
        (folder / "seeds").mkdir()
        for article in ARTICLES:
            shutil.copy(ROOT / "seeds" / article, folder / "seeds")
        source = '[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\nname = "Sample articles"\n'
        (folder / "config.toml").write_text(source, encoding="utf-8")
        text = terminal_output(folder)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True)
        console.print(Text("$ presswatch run --once", style="bold"))
        console.print(Text.from_ansi(text.rstrip()))
        drawn = console.export_svg(title="Presswatch", theme=MONOKAI)
    # A picture must not load anything from elsewhere: the reader's own monospaced font does.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL).replace("Fira Code", "ui-monospace, Menlo")
    (HERE / "first-run.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
