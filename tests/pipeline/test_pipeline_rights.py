"""What a publisher allows to be quoted is kept to in everything that comes out, shown by words that occur nowhere else."""

import json
import os
import re
import sqlite3
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import forking
import pytest
from relay import relay
from world import CONSOLE, SLACK, article

from bot import pipeline
from bot.deliver.console import ConsoleSender
from bot.resend import resend

RULES = """
[[rule]]
id = "tariffs"
title = "Tariffs"
severity = "high"
any = ["tariff"]

[[rule]]
id = "kettles"
title = "Kettles"
any = ["kettle"]

[[rule]]
id = "codes"
title = "Codes"
any = ['/[q]x4b.{0,80}x4f/']

[[rule]]
id = "near-miss"
title = "Near miss"
any = ["copper"]
all = ["zinc"]
"""
# Every word but those the rules name is one that nothing else says.
SENTENCES = (
    "Qx1a qx1b qx1c tariff qx1d qx1e qx1f qx1g qx1h qx1i qx1j qx1k qx1l qx1m qx1n.",
    "Qx2a qx2b kettle qx2c qx2d qx2e qx2f qx2g qx2h qx2i qx2j qx2k qx2l qx2m qx2n.",
    "Qx3a qx3b qx3c copper qx3d qx3e qx3f qx3g qx3h qx3i qx3j qx3k qx3l qx3m qx3n.",
    "Qx4a qx4b qx4c qx4d qx4e qx4f qx4g qx4h tariff qx4i qx4j qx4k kettle qx4l qx4m.",
    "Comments qx5a qx5b qx5c qx5d must be received by September 15, 2023, qx5e qx5f qx5g.",
    "“Qx6a qx6b qx6c qx6d qx6e qx6f qx6g qx6h qx6i qx6j qx6k qx6l,” said Minister Jane Holloway on Monday.",
)
TEXT = " ".join(SENTENCES)
DIGESTS = (
    '[[digest]]\nid = "morning"\nto = ["desk@example.org", "desk", "terminal"]\nat = "07:30"\n'
    'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
)


def mail(port):
    return f'[mail]\nhost = "127.0.0.1"\nport = {port}\nstarttls = false\nfrom = "presswatch@example.org"\n'


def quoted(output):
    """How many characters of the article's own words an output tells, each word counted once."""
    return sum(map(len, {word.lower() for word in re.findall(r"qx\w+", output, re.IGNORECASE)}))


def parts(mails, *kinds):
    """The parts of mails as readers see them."""
    walked = [part for raw in mails for part in message_from_bytes(raw, policy=default).walk()]
    return [part.get_content() for part in walked if part.get_content_type() in kinds]


async def everything(world, source):
    """All that comes out about one article: name → texts, each of which is one message or one answer."""
    (world.folder / "rules" / "rules.toml").write_text(RULES)
    world.folder_source("a", one=article("Duties on pots are cut", TEXT, "https://a.example/1"))
    world.folder_source("b")
    world.sources = [each + source for each in world.sources]
    lines = []
    async with relay() as there:
        more = SLACK + CONSOLE + mail(there.port) + DIGESTS
        async with world.desk(more, console=ConsoleSender(write=lines.append)) as desk:
            await world.round(desk)
            world.later(minutes=1)
            (world.folder / "b" / "two.txt").write_text(article("Duties on pots are cut", TEXT, "https://b.example/2"))
            await world.round(desk)  # a copy: the message that stands is changed
            world.later(hours=20)
            await pipeline.send_digests(desk)
            await pipeline.deliver_due(desk)
            await resend(desk, desk.config.destinations[0], 1)
        sent = [each.content for each in there.taken]
    return {
        "Slack": [json.dumps(each.data) for each in world.slack.workspace.messages],
        "mail": parts(sent, "text/plain", "text/html"),
        "calendar": parts(sent, "text/calendar"),
        "terminal": lines,
        **stored(world),
        **commands(world),
    }


def stored(world):
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database:
        payloads = database.execute("SELECT destination || ' ' || op || ' ' || payload_kind, payload FROM delivery")
        found = {}
        for name, payload in payloads.fetchall():
            found.setdefault(name, []).append(payload)
        frozen = database.execute("SELECT frozen FROM digest_run WHERE recipient NOT LIKE 'mailto:%'").fetchall()
    return {**found, "frozen digests": [bytes(each).decode() for (each,) in frozen]}


def commands(world):
    asked = {
        "search": ["search", "tariff", "--source", "a"],
        "explain": ["explain", "1"],
        "explain --rule": ["explain", "1", "--rule", "near-miss"],
        "alerts": ["alerts"],
        "stories": ["stories"],
        "digest --last": ["digest", "--last"],
    }
    found = {}
    for name, words in asked.items():
        found[name] = [run(world, *words)]
        found[f"{name} --json"] = [run(world, *words, "--json")]
    # The window of the next issue is empty by now; without the last ones it has the article in it.
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database, database:
        database.execute("DELETE FROM delivery WHERE digest_run IS NOT NULL")
        database.execute("DELETE FROM digest_run")
        database.execute("UPDATE setting SET at = '2023-08-28 00:00:00.000000' WHERE key LIKE 'digest:%'")
    row = json.loads(run(world, "digest", "--preview", "--json"))
    found["digest --preview"] = [row["text"], Path(world.folder, row["html"]).read_text("utf-8")]
    return found


def run(world, *words):
    env = {**{key: value for key, value in os.environ.items() if not key.startswith("PRESSWATCH_")}}
    code, out, err = forking.run(
        "-m", "bot", *words, folder=world.folder, env={**env, "PYTHONPATH": str(forking.ROOT)}, stdin=""
    )
    assert (code, "Traceback" in err) == (0, False), err
    return out


def unsaid(found, note):
    """Outputs that do not say why so little is quoted; the terminal's line of later outlets quotes nothing."""
    said = {name: [note in " ".join(each.split()) for each in found[name]] for name in QUOTING}
    return {name for name, each in said.items() if not all(each[:1] if name == "terminal" else each)}


SHOWN = ("Slack", "mail", "terminal", "desk post alert", "desk update alert", "terminal post alert", "desk post digest")
QUOTING = (*SHOWN, "terminal post digest", "frozen digests", "search", "search --json", "explain", "explain --json")


async def test_without_a_limit_the_words_come_out(world):
    """So that the tests below can fail: each of these outputs would tell more than they allow."""
    found = await everything(world, "")
    assert {name for name in QUOTING if max(map(quoted, found[name])) <= 45} == set()
    assert "Codes" in found["Slack"][0], "the rule with a pattern is in force"
    assert all("qx5b" in each for each in found["mail"] + found["calendar"]), "the days that count are told"
    assert not any("excerpt limited" in each or "no excerpt" in each for texts in found.values() for each in texts)


@pytest.mark.parametrize("limit", [45, 21])
async def test_no_output_tells_more_than_the_source_allows(world, limit):
    found = await everything(world, f"excerpt = {limit}\n")
    told = {name: max(map(quoted, texts)) for name, texts in found.items()}
    assert {name: number for name, number in told.items() if number > limit} == {}
    assert {name for name in QUOTING if not told[name]} == set()
    note = f"excerpt limited by the source: {limit} characters"
    assert unsaid(found, note) == set()


async def test_none_is_not_a_word(world):
    found = await everything(world, 'excerpt = "none"\n')
    assert {name for name, texts in found.items() if any(map(quoted, texts))} == set()
    note = "this source allows no excerpt"
    assert unsaid(found, note) == set()
    assert all("Duties on pots are cut" in " ".join(each.split()) for name in SHOWN for each in found[name])
