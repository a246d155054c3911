"""The verdict on a case of the proof: every alert in exactly one visible message, or visibly standing; one letter."""

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes

from proof_disk import DATABASE
from proof_outlets import FEED, HOOK, told_at_hook, told_in_feed
from proof_world import HEADLINES

from bot.deliver.fake_workspace import BOT
from bot.deliver.slack import MAY_REPEAT
from bot.deliver.slack_history import DUPLICATE, uid_of


@dataclass
class Verdict:
    """What became of the alerts and the digest: sentences for what was ``lost`` or ``doubled``, and numbers."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    visible: int = 0
    repeated: int = 0
    standing: int = 0
    letters: int = 0
    extra_letters: int = 0

    @property
    def clean(self):
        return not (self.lost or self.doubled or self.broken)


async def judge(world):
    """Each alert in exactly one visible message, or visibly standing; the digest in one letter, or two the same."""
    verdict = Verdict()
    with closing(sqlite3.connect(world.var / DATABASE)) as database:
        sound = database.execute("PRAGMA integrity_check").fetchall()
        titles = {row[0] for row in database.execute("SELECT title FROM article_version")}
        alerts = {row[0] for row in database.execute("SELECT id FROM alert")}
        columns = "uid, alert, destination, op, state, payload_kind, may_repeat, id"
        rows = database.execute(f"SELECT {columns} FROM delivery WHERE op <> 'update'").fetchall()
    if sound != [("ok",)]:
        verdict.broken.append(f"the database is damaged: {sound[0][0]}")
    _entered(verdict, titles, alerts, rows, len(HEADLINES) * (3 if world.hook else 1))
    _in_slack(verdict, world, [row for row in rows if row[2] not in (HOOK, FEED)])
    _by_mail(verdict, world, rows)
    if world.hook:
        told_at_hook(verdict, world.hook.taken, [row for row in rows if row[2] == HOOK])
        told_in_feed(verdict, world.feed, [row for row in rows if row[2] == FEED])
    if any(row[4] in ("held", "dead") for row in rows) and (await world.drive(mode="health"))[0] != 1:
        verdict.broken.append("a message is held or dead, and presswatch doctor finds nothing wrong with the queue")
    return verdict


def _entered(verdict, titles, alerts, rows, expected):
    verdict.lost += [f"not read: {title}" for title in HEADLINES if title not in titles]
    if len(alerts) != expected:
        (verdict.lost if len(alerts) < expected else verdict.doubled).append(f"{len(alerts)} alerts")
    queued = {row[1] for row in rows}
    verdict.lost += [f"alert {alert} has no message" for alert in alerts - queued]
    issues = sum(row[5] == "digest" for row in rows)
    if issues != 1:
        (verdict.doubled if issues else verdict.lost).append(f"{issues} digests")


def _in_slack(verdict, world, rows):
    shown = defaultdict(list)
    for message in world.slack.workspace.messages:
        # What people write, and what says itself that it is a duplicate, tells of no alert.
        if message.user == BOT and uid_of(message.data, DUPLICATE) is None:
            shown[uid_of(message.data)].append(message.data["text"])
    for uid, alert, destination, _, state, kind, may_repeat, _ in rows:
        if kind == "digest":
            continue
        texts = shown.pop(uid, [])
        what = f"{kind} {alert} to {destination}: {state}, {len(texts)} times in Slack"
        told = world.slack.blind and may_repeat and all(MAY_REPEAT in text for text in texts[1:])
        if len(texts) > 1 and not told:
            verdict.doubled.append(what)
        if state == "sent" and not texts:
            verdict.lost.append(what)
        verdict.visible += bool(texts)
        verdict.repeated += max(0, len(texts) - 1)
        verdict.standing += not texts
    verdict.doubled += [f"a message that no row knows: {uid}" for uid in shown]
    posted = [m.data["text"] for m in world.slack.workspace.messages if m.channel == "C0000001"]
    seen = Counter(h for text in posted if MAY_REPEAT not in text for h in HEADLINES if h in text)
    verdict.doubled += [f"{count} times in the channel: {headline}" for headline, count in seen.items() if count > 1]


def _by_mail(verdict, world, rows):
    relay = world.relay
    accepted = relay.got[refused_letters(relay) :]
    state, doubted = next(((row[4], row[6]) for row in rows if row[5] == "digest"), ("missing", False))
    verdict.letters, verdict.extra_letters = len(accepted), max(0, len(accepted) - 1)
    if state == "sent" and not accepted:
        verdict.lost.append("the digest counts as sent, and no relay took it")
    if len(accepted) == 2 and not doubted:
        verdict.doubled.append("the digest came twice, though the relay had confirmed it")
    if len(accepted) > 2:
        verdict.doubled.append(f"{len(accepted)} copies of the digest")
    if len({bytes(letter) for letter in accepted}) > 1:
        verdict.doubled.append("copies of the digest that differ")
    if len({message_from_bytes(letter)["Message-ID"] for letter in accepted}) > 1:
        verdict.doubled.append("copies of the digest with different Message-IDs")


def refused_letters(relay):
    """How many whole letters the relay refused: those at which it was to answer 4xx or 5xx, the first ones."""
    return relay.met if relay.at == "dot" and relay.how[:1] in "45" else 0
