"""A made-up busy fortnight through the whole pipeline: what a newsroom does to the program in two weeks."""

import random
from contextlib import suppress
from datetime import timedelta
from string import ascii_lowercase

from story_samples import ARTICLES
from world import article, rss

from bot import pipeline
from bot.applying import Wish, apply
from bot.config import Origin
from bot.errors import PresswatchError
from bot.resend import resend
from bot.store import mutes, outbox

RULE = """
[[rule]]
id = "{id}"
title = "{id}"
severity = "{severity}"
any = {any}
{more}
"""
DESTINATIONS = """
[[destination]]
id = "desk"
kind = "slack"
channel = "C0000001"
quiet = "20:00-07:00"
zone = "America/New_York"
max_per_hour = {crowd}
repeat = "{repeat}"
group_over = {group}

[[destination]]
id = "trade"
kind = "slack"
channel = "C0000002"
default = {default}
group_over = 2
group_wait = "5m"

[[route]]
severity = "{routed}"
notify = ["trade", "desk"]
"""
OUTLETS = ("north", "south", "wire")
GOODS = ("kettle", "tariff", "gong", "graphite", "salt")
LAST = 14
OLD = [f"Old {goods} news of the {place}. day" for place, goods in enumerate(GOODS)]
# The first two have hardly a word in common; what the wire tells ties both to it.
PARTS = (
    (
        "quarries",
        "Hallmark and Brede win their case against cheap road salt",
        (
            "The quarries of Hallmark and Brede had complained that road salt was sold below cost. Their complaint was "
            "heard on Tuesday: a provisional duty will keep the cheap salt away this winter."
        ),
    ),
    (
        "shippers",
        "Estavian shippers have six weeks to answer 18.4% rate on salt",
        (
            "Shippers from Estavia pay 18.4 percent more at Norland's border from Tuesday. The trade commission of "
            "Norland gives the Estavian shippers six weeks to reply."
        ),
    ),
    ("wire", ARTICLES["salt-wire"].title, ARTICLES["salt-wire"].body),
)


class Fortnight:
    """One life of the program, decided by a seed; ``days`` of it."""

    def __init__(self, world, seed, days=LAST):
        self.world, self.dice, self.days = world, random.Random(seed), days
        self.events = []  # (outlet, name, title, goods, figure)
        self.press = self.dice.sample(sorted(ARTICLES), len(ARTICLES))
        self.parts = list(reversed(PARTS))
        self.begin = world.at

    def rules(self):
        """Another state of the rules folder."""
        dice, more = self.dice, {}
        for id_ in GOODS:
            lines = [f'theme = "{dice.choice(["metals", "food"])}"']
            lines += ['expect = "0..1/day"'] if dice.random() < 0.4 else []
            lines += ['repeat = "6h"'] if dice.random() < 0.2 else []
            lines += ['inhibited_by = ["tariff"]'] if id_ != "tariff" and dice.random() < 0.3 else []
            lines += ['notify = ["trade"]'] if dice.random() < 0.2 else []
            lines += [f"until = {self.world.at:%Y-%m-%d}"] if dice.random() < 0.1 else []
            more[id_] = "\n".join(lines)
        chosen = dice.sample(GOODS, dice.randint(3, len(GOODS)))
        text = "".join(
            RULE.format(
                id=id_, any=f'["{id_}", "@raimondo"]', severity=dice.choice(["normal", "high", "low"]), more=more[id_]
            )
            for id_ in chosen
        )
        text += '[[entity]]\nid = "raimondo"\nname = "Gina Raimondo"\nkind = "person"\naliases = ["Gina Raimondo"'
        text += (', "Raimondo"]' if dice.random() < 0.5 else "]") + "\n"
        (self.world.folder / "rules" / "rules.toml").write_text(text)

    def destinations(self):
        """Another state of the configuration."""
        dice = self.dice
        return DESTINATIONS.format(
            crowd=dice.randint(1, 4),
            repeat=dice.choice(["1m", "2h"]),
            group=dice.randint(1, 4),
            default=dice.choice(["true", "false"]),
            routed=dice.choice(["high", "normal", "urgent"]),
        )

    def write(self, outlet, name, title, text, url=None):
        folder = self.world.folder / outlet
        folder.joinpath(f"{name}.txt").write_text(article(title, text, url or f"https://{outlet}.example/{name}"))

    def comes(self):
        """What one round brings: new events, copies, edits with other figures, reports of one event."""
        dice, number = self.dice, len(self.events)
        for place in range(dice.randint(0, 3)):
            goods, figure = dice.choice([*GOODS, "rain"]), dice.randint(2, 60)
            words = ["".join(dice.choices(ascii_lowercase, k=dice.randint(4, 9))) for _ in range(30)]
            event = [dice.choice(OUTLETS), f"e{number + place}", f"{words[0]} {goods} {words[1]}".title(), words, goods]
            self.events.append(event)
            self.tell(event, figure)
        for event in dice.sample(self.events, min(len(self.events), dice.randint(0, 2))):
            again = [dice.choice(OUTLETS), f"{event[1]}c{dice.randint(0, 99)}", *event[2:]]
            if dice.random() < 0.3:
                self.tell(again, dice.randint(2, 60))
            elif dice.random() < 0.4:
                kept = (self.world.folder / event[0] / f"{event[1]}.txt").read_text()
                (self.world.folder / again[0] / f"{again[1]}.txt").write_text(kept.replace("url: https", "url: http"))
            else:
                self.tell(event, dice.randint(2, 60), correction=dice.random() < 0.3)
        if self.parts:
            name, title, text = self.parts.pop()
            head = f"---\ntitle: {title}\nurl: https://{name}.example/1\npublished: 2023-08-29T20:00:00Z\n---\n"
            (self.world.folder / dice.choice(OUTLETS) / f"{name}.txt").write_text(head + text)
        for name in [self.press.pop() for _ in range(min(len(self.press), dice.randint(0, 2)))]:
            found = ARTICLES[name]
            self.write(dice.choice(OUTLETS), name, found.title, found.body, found.url)

    def tell(self, event, figure, *, correction=False):
        """A report or, under the name that it had, another version of it."""
        outlet, name, title, words, goods = event
        more = self.dice.choice(["", f" A {self.dice.choice(GOODS)} was heard."])
        text = f"{' '.join(words[:14])} puts a {figure} percent {goods} tax on {' '.join(words[14:])}.{more}"
        self.write(outlet, name, ("Correction: " if correction else "") + title, text)

    def mute(self, desk):
        """Somebody mutes something, or ends a mute."""
        dice, at = self.dice, self.world.at
        kinds = (("rule", "kettle"), ("theme", "food"), ("entity", "raimondo"), ("source", "south"))
        kind, value = dice.choice([*kinds, ("story", str(dice.randint(1, 6)))])
        with desk.store.write() as tx:
            mutes.add(
                tx,
                kind=kind,
                value=value,
                author="desk",
                comment="enough",
                at=at,
                expires_at=at + timedelta(hours=dice.randint(1, 60)),
                destination=dice.choice([None, "desk"]),
            )
            if dice.random() < 0.4:
                mutes.end(tx, 1, at)

    async def live(self, environ=None, each=None):
        """Live through it; ``each`` is called with the desk after every round."""
        world = self.world
        world.server["/feed"] = rss(*OLD)
        for name in OUTLETS:
            world.folder_source(name)
        world.feed_source("old", "/feed")
        world.sources[-1] += 'tier = "wire"\n'
        self.rules()
        before = self.destinations()
        async with world.desk(before, environ=environ) as desk:
            desk.watch_config(Origin(path=None, environ=environ or {}, cwd=world.folder))
            while world.at < self.begin + timedelta(days=self.days):
                self.comes()
                await pipeline.ingest_due(desk, force=True)
                if self.dice.random() < 0.2:
                    await pipeline.deliver_due(desk)
                before = await self.meddle(desk, before)
                world.later(hours=self.dice.choice([6, 11, 17]), minutes=self.dice.randint(0, 59))
                if each is not None:
                    each(desk)

    async def meddle(self, desk, before):
        """What people do between two rounds."""
        dice, world = self.dice, self.world
        if dice.random() < 0.2:
            self.rules()
            await pipeline.reload_rules(desk)
        if dice.random() < 0.2:
            after = self.destinations()
            path = world.folder / "config.toml"
            text = path.read_text().replace(before, after)
            path.write_text(
                text.replace('path = "south"\n', f'path = "south"\nalerts = {dice.choice(["true", "false"])}\n', 1)
                if text.count("alerts =") == 0
                else text
            )
            await pipeline.reload_config(desk)
            await pipeline.reload_rules(desk)
            before = after
        if dice.random() < 0.25:
            self.mute(desk)
        if dice.random() < 0.12:
            known = sorted(id_ for id_, rule in desk.rules().ruleset.rules.items() if rule.until is None)
            with suppress(PresswatchError):  # a rule that keeps its last good version
                await apply(desk, dice.choice(known), Wish(since=self.begin - timedelta(days=9), alert=True))
        if dice.random() < 0.05:
            await resend(desk, next(each for each in desk.config.destinations if each.id == "trade"), 2)
        if dice.random() < 0.3:
            with desk.store.write() as tx:
                outbox.release(tx, "desk")
        return before
