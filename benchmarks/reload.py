"""What an edit of the rules costs: the time until it is live, and how long the event loop stands still meanwhile.

    python benchmarks/reload.py [--rules 10000] [--runs 5]

Two edits of a folder with that many rules, each with two tests of its own: one rule, and every rule. Printed are the
median and the most of the runs: the time that reload_rules takes, of which compiling the matcher, and the longest
gap between two ticks of a task that asks to be woken every millisecond.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from texts import generated

from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.console import ConsoleSender

if TYPE_CHECKING:
    from bot.desk import Desk

FILES = 50
CONFIG = '[[destination]]\nid = "terminal"\nkind = "console"\n'


def rule(number: int, words: list[str], rng: random.Random, version: int) -> str:
    """One rule of a file, with tests that it passes."""
    terms = [" ".join(rng.sample(words, rng.randint(1, 2))) for _ in range(4)]
    listed = ", ".join(f'"{term}"' for term in terms)
    return (
        f'[[rule]]\nid = "r{number}"\ntitle = "Rule {number}, version {version}"\nany = [{listed}]\n'
        f'[[rule.test]]\ntext = "Then {terms[0]} was seen."\nexpect = "match"\n'
        '[[rule.test]]\ntext = "Nothing of the kind."\nexpect = "no"\n\n'
    )


def write(folder: Path, count: int, words: list[str], version: int, *, only_one: bool) -> None:
    """The rules of a version; of a folder in which only one rule is edited, only that one's file."""
    rng = random.Random(3)
    share = -(-count // FILES)
    for file in range(1 if only_one else FILES):
        numbers = range(file * share, min(count, (file + 1) * share))
        texts = (rule(n, words, rng, version if not only_one or n == 0 else 0) for n in numbers)
        (folder / f"{file}.toml").write_text("".join(texts))


async def ticks(longest: list[float]) -> None:
    """Note the longest time between two ticks, less the millisecond that was asked for."""
    before = time.perf_counter()
    while True:
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest[0] = max(longest[0], now - before - 0.001)
        before = now


async def edit(desk: Desk) -> tuple[float, float]:
    """Reload; seconds until the edit is live, and the longest stall."""
    longest = [0.0]
    ticker = asyncio.create_task(ticks(longest))
    await asyncio.sleep(0.05)
    longest[0] = 0.0
    begin = time.perf_counter()
    reloaded = await pipeline.reload_rules(desk)
    took = time.perf_counter() - begin
    await asyncio.sleep(0.05)
    ticker.cancel()
    assert reloaded is not None
    assert not reloaded.faults, reloaded.faults[:3]
    return took, longest[0]


async def measure(count: int, runs: int) -> None:
    """Print the lines."""
    words = sorted(
        {word for text in generated(400, random.Random(7)) for word in text.split() if len(word.strip(".")) > 3}
    )
    words = [word for word in words if word.isalpha()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rules").mkdir()
        (folder / "config.toml").write_text(CONFIG)
        write(folder / "rules", count, words, 0, only_one=False)
        config = load(folder / "config.toml", {}, folder)
        async with open_desk(config, console=ConsoleSender()) as desk:
            rows = {"at the start": [await edit(desk)], "one rule edited": [], "every rule edited": []}
            version = 0
            for label, only_one in (("one rule edited", True), ("every rule edited", False)):
                for _ in range(runs):
                    version += 1
                    write(folder / "rules", count, words, version, only_one=only_one)
                    rows[label].append(await edit(desk))
    print(f"{count} rules in {FILES} files         live after ms (most)     longest stall ms (most)")
    for label, measured in rows.items():
        took, stalled = ([1000 * value for value in column] for column in zip(*measured, strict=True))
        print(
            f"{label:<32} {statistics.median(took):>9.0f} {max(took):>8.0f}"
            f" {statistics.median(stalled):>15.1f} {max(stalled):>8.1f}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    asyncio.run(measure(asked.rules, asked.runs))


if __name__ == "__main__":
    main()
