"""The lane puts articles into stories as they come: the same ones in any order and in batches of any size."""

import json
import random
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import timedelta

import pytest
from servers import feed
from story_samples import ARTICLES, BEGIN, EVENTS
from world import article, rss

from bot import pipeline

WORDS = ["Salt", "Grit", "Fish", "Tin", "Wool", "Slate", "Barley"]
EXPECTED = {frozenset(name for name in EVENTS if EVENTS[name] == event) for event in EVENTS.values()}


def file(each):
    matter = f"title: {each.title}\nurl: {each.url}\npublished: {each.published_at.isoformat()}"
    return f"---\n{matter}\n---\n{each.body}\n"


def rows(world, query):
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as connection:
        return connection.execute(query).fetchall()


def partition(world):
    """The stories as the store holds them: sets of the articles' names."""
    found = defaultdict(set)
    query = (
        "SELECT coalesce(s.merged_into, s.id), a.url FROM article a JOIN story s ON s.id = a.story "
        "JOIN story_member m ON m.article = a.id AND m.kind != 'related'"
    )
    for story, url in rows(world, query):
        found[story].add(url.rpartition("/")[2])
    return {frozenset(members) for members in found.values()}


async def brought(world, names, size):
    """Bring the articles in this order, ``size`` at a time, as files of one folder."""
    world.at = BEGIN + timedelta(hours=60)
    world.folder_source("press")
    async with world.desk() as desk:
        for start in range(0, len(names), size):
            for place, name in enumerate(names[start : start + size]):
                (world.folder / "press" / f"{start + place:03}.txt").write_text(file(ARTICLES[name]), "utf-8")
            await pipeline.ingest_due(desk, force=True)
    return partition(world)


@pytest.mark.parametrize("size", [1, 2, len(ARTICLES)])
@pytest.mark.parametrize("seed", [1, 2])
async def test_order_and_batches_make_no_difference(world, size, seed):
    names = sorted(ARTICLES)
    random.Random(seed).shuffle(names)
    assert await brought(world, names, size) == EXPECTED


async def test_memberships_say_why(world):
    await brought(world, ["salt-wire", "salt-trade", "morning", "visit-wire"], 1)
    found = rows(world, "SELECT article, story, kind, score, reason FROM story_member ORDER BY article, story")
    assert [row[:3] for row in found] == [
        (1, 1, "item"),
        (2, 1, "same story"),
        (3, 1, "related"),
        (3, 2, "item"),
        (4, 3, "item"),  # the briefing tells of it too, but a day and more later
    ]
    assert found[1][4].startswith("one event with article 1: both name Bred, Estavia, Hallmark, Norland")
    assert 0.6 <= found[1][3] <= 1
    assert found[2][4].startswith("one of them gathers many events")


async def test_a_second_report_is_silent_where_the_event_was_told(world):
    world.folder_source("press")
    world.at = BEGIN + timedelta(hours=60)
    (world.folder / "rules" / "rules.toml").write_text('[[rule]]\nid = "salt"\ntitle = "Salt"\nany = ["salt"]\n')
    async with world.desk() as desk:
        for name in ("salt-wire", "salt-trade"):
            (world.folder / "press" / f"{name}.txt").write_text(file(ARTICLES[name]), "utf-8")
            await world.round(desk)
    assert len(world.slack.texts()) == 1
    decisions = rows(world, "SELECT verdict, reason FROM decision ORDER BY id")
    assert [(verdict, reason.partition(":")[0]) for verdict, reason in decisions] == [
        ("alert", "first"),
        ("no", "same story"),
    ]


async def test_what_is_past_the_window_is_forgotten(world):
    await brought(world, ["salt-wire", "visit-wire"], 1)
    assert len(rows(world, "SELECT article FROM story_traits")) == 2
    world.at += timedelta(hours=73)
    async with world.desk() as desk:
        (world.folder / "press" / "late.txt").write_text(article("Ferries sail again", "Ferries sail to Osvik again."))
        await pipeline.ingest_due(desk, force=True)
    assert rows(world, "SELECT article FROM story_traits") == [(3,)]
    assert rows(world, "SELECT DISTINCT article FROM story_feature ORDER BY article") == [(1,), (2,), (3,)]
    world.at += timedelta(days=12)
    async with world.desk() as desk:
        (world.folder / "press" / "later.txt").write_text(article("Bridges open", "Bridges of Osvik are open again."))
        await pipeline.ingest_due(desk, force=True)
    assert rows(world, "SELECT article FROM story_traits") == [(4,)]
    assert len(rows(world, "SELECT DISTINCT period FROM story_key")) == 1
    assert rows(world, "SELECT DISTINCT article FROM story_feature ORDER BY article") == [(3,), (4,)]


async def test_a_feed_s_own_headlines_teach_the_marks_of_its_house(world):
    world.feed_source("post", "/feed")
    world.server["/feed"] = feed(rss(*(f"{word} is dearer this spring – harbour post" for word in WORDS)))
    async with world.desk() as desk:
        await pipeline.ingest_due(desk, force=True)
        world.server["/feed"] = feed(rss("Boats stay in Osvik – harbour post"))
        world.later(hours=1)
        await pipeline.ingest_due(desk, force=True)
    (titles,) = rows(world, "SELECT titles FROM headlines WHERE source = 'post'")[0]
    assert json.loads(titles)[-1] == "Boats stay in Osvik – harbour post"
    learnt = [
        json.loads(found)["title"] for (found,) in rows(world, "SELECT traits FROM story_traits ORDER BY article")
    ]
    assert learnt[0].endswith("harbour post")
    assert learnt[-1] == "boats stay in osvik"
