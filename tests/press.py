"""Weeks in which a feed was read and brought its usual stories, written at once; what comes then goes the whole way."""

from datetime import timedelta

from bot import pipeline
from bot.model import Article, Hit, Mention
from bot.store import articles, sources, stories
from bot.store.records import PollRecord

RULES = """
[[rule]]
id = "tariffs"
title = "Tariffs"
theme = "us-china-trade"
any = ["tariff"]

[[rule]]
id = "makers"
title = "Makers"
theme = "companies"
notify = ["ops"]
any = ["@huawei"]

[[entity]]
id = "huawei"
name = "Huawei Technologies"
kind = "organization"
aliases = ["Huawei"]
"""
HOUR = timedelta(hours=1)


async def begin(world, desk, *, sources=("wire",)):
    """The first polls, which are a baseline; rules and sources are known from now on."""
    for name in sources:
        world.server[f"/{name}"] = feed()
    await world.round(desk)
    await pipeline.watch_volume(desk)


def feed(*items):
    """A feed with an old item that never goes, and these: titles, or pairs of a title and its date."""
    listed = "".join(item(*each) if isinstance(each, tuple) else item(each) for each in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{listed}{item("Old news")}</channel></rss>'


def item(title, date=None):
    told = f"<pubDate>{date:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if date else ""
    return f"<item><guid>{title}</guid><title>{title}</title><description>{title} at length.</description>{told}</item>"


def weeks(world, desk, number, *, every=6, source="wire", rule="tariffs", word="tariff", down=()):
    """So many weeks with a poll every hour and a story every so many hours; the days ``down`` had neither."""
    hours = [hour for hour in range(1, number * 168) if hour // 24 not in down]
    with desk.store.write() as tx:
        for hour in hours:
            if hour % every == 0:
                _story(tx, world.at + hour * HOUR, source, rule, word)
        sources.record_polls(tx, [_poll(source, world.at + hour * HOUR) for hour in hours])
    world.later(weeks=number)


def _poll(source, at):
    return PollRecord(source=source, at=at, status="unchanged", next_due=at + HOUR, interval=3600.0)


def _story(tx, at, source, rule, word):
    key = f"{source} {rule} {at:%Y-%m-%d %H}"
    item_ = Article(
        source=source, key=key, key_kind="guid", fingerprint=key, content_hash=key, title=f"A {word}: {key}", body=key
    )
    story = stories.open(tx, at)
    ref = articles.add(tx, item_, state="alerted", first_seen=at, order_at=at, story=story)
    stories.join(tx, story, ref.article, "item", 1.0, "made up", at)
    entity = "huawei" if rule == "makers" else None
    hit = Hit(term=word, field="title", start=2, end=2 + len(word), text=word, entity=entity)
    articles.add_mentions(tx, ref.version, [Mention(rule=rule, rule_hash="h", hits=(hit,), sentences=())])


async def look(world, desk, channel="C0000001"):
    """Look once, deliver, and give what the new messages about spikes say."""
    before = len(world.slack.texts(channel))
    await pipeline.watch_volume(desk)
    await pipeline.deliver_due(desk)
    return [text for text in world.slack.texts(channel)[before:] if text.startswith("More than usual")]
