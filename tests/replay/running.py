"""Labelled articles through the real pipeline, and the partition as the store holds it afterwards.

Each article is dropped into a watched folder of its outlet at the moment it was published, and the folder is
polled: normalisation, matching and lane do their work as they do every day. Only the store's tables are read here.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from labelled import Labelled, groups

from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.console import ConsoleSender
from bot.ingest.links import canonical_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the store placed an article."""

    story: str
    kind: str
    score: float
    reason: str
    copy_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Article → where it was placed, in order of publication; ``related`` holds (article, story)."""

    found: Mapping[str, Found]
    related: frozenset[tuple[str, str]] = frozenset()

    @property
    def stories(self) -> dict[str, str]:
        """Article → story."""
        return {name: found.story for name, found in self.found.items()}

    @property
    def copies(self) -> dict[str, str]:
        """Article → the first of those that carry its text."""
        ties = [(name, found.copy_of) for name, found in self.found.items() if found.copy_of]
        return groups(self.found, ties)

    def label(self, one: str, two: str) -> str:
        """What became of a pair: "copy", "same", "related" or "apart"."""
        if self.copies[one] == self.copies[two]:
            return "copy"
        here, there = self.found[one].story, self.found[two].story
        if here == there:
            return "same"
        return "related" if {(one, there), (two, here)} & self.related else "apart"


@dataclass(slots=True)
class _Clock:
    at: datetime = field(init=False)


async def replay(articles: Sequence[Labelled], folder: Path) -> Partition:
    """Send the articles, in order of publication, through a program that lives in ``folder`` (empty)."""
    clock, outlets = _Clock(), {name: f"outlet-{n}" for n, name in enumerate(_outlets(articles))}
    config = load(_config(articles, outlets, folder), {}, folder)
    clock.at = articles[0].published
    async with open_desk(config, console=ConsoleSender(write=lambda _: None), clock=lambda: clock.at) as desk:
        await pipeline.reload_rules(desk)
        states = {state.id: state for state in await pipeline.due_sources(desk, force=True)}
        for article in articles:
            clock.at = article.published
            outlet = outlets[article.source]
            file = folder / outlet / f"{article.id}.txt"
            file.write_text(_file(article), "utf-8")
            report = await pipeline.poll_source(desk, states[outlet])
            assert (report.new, report.note) == (1, ""), f"{article.id} was not stored: {report}"
            file.unlink()
    return partition(folder / "var" / "presswatch.db", articles)


def url(article: Labelled) -> str:
    """The article's address: its own, or one that nobody else has."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in article.source.lower()).split()
    host = "-".join(words) or f"x{article.source.encode().hex()[:60]}"
    return article.url or f"https://{host}.example/{article.id}"


def _outlets(articles: Iterable[Labelled]) -> list[str]:
    return list(dict.fromkeys(article.source for article in articles))


def _config(articles: Sequence[Labelled], outlets: Mapping[str, str], folder: Path) -> Path:
    tiers = {article.source: article.tier for article in articles}
    (folder / "rules").mkdir()
    text = '[[destination]]\nid = "terminal"\nkind = "console"\n'
    for name, outlet in outlets.items():
        (folder / outlet).mkdir()
        text += f'[[source]]\nid = "{outlet}"\nkind = "folder"\npath = "{outlet}"\ntier = "{tiers[name]}"\n'
        text += f"name = {json.dumps(name, ensure_ascii=False)}\n"
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def _file(article: Labelled) -> str:
    matter = [f"title: {article.title}", f"url: {url(article)}", f"published: {article.published.isoformat()}"]
    matter += [f"language: {article.lang}"] if article.lang else []
    paragraphs = [line for line in article.text.splitlines() if line.strip()]
    return "\n".join(["---", *matter, "---", "", "\n\n".join(paragraphs), ""])


def partition(database: Path, articles: Sequence[Labelled]) -> Partition:
    """What the store says of these articles, which it knows by their addresses."""
    names = {canonical_url(url(article)): article.id for article in articles}
    with closing(sqlite3.connect(database)) as connection:
        merged = dict(connection.execute("SELECT id, merged_into FROM story WHERE merged_into IS NOT NULL"))
        stored = dict(connection.execute("SELECT id, canonical_url FROM article"))
        members = list(connection.execute("SELECT article, story, kind, score, reason, copy_of FROM story_member"))
        own = dict(connection.execute("SELECT id, story FROM article"))
    name_of = {number: names[address] for number, address in stored.items()}
    places = {row[0]: row for row in members if row[2] != "related"}
    found = {name: _found(own[number], places[number], merged, name_of) for number, name in name_of.items()}
    related = {(name_of[row[0]], str(_end(row[1], merged))) for row in members if row[2] == "related"}
    order = [article.id for article in articles]
    return Partition(found={name: found[name] for name in order}, related=frozenset(related))


def _found(story: int, row: tuple, merged: Mapping[int, int], name_of: Mapping[int, str]) -> Found:
    _, _, kind, score, reason, copy_of = row
    original = name_of[copy_of] if kind == "copy" and copy_of is not None else None
    return Found(story=str(_end(story, merged)), kind=kind, score=score, reason=reason, copy_of=original)


def _end(story: int, merged: Mapping[int, int]) -> int:
    while story in merged:
        story = merged[story]
    return story
