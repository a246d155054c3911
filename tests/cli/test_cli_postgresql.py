"""One made-up archive on both databases: every command gives the same answers, whichever it is asked of."""

import re
import shlex
import shutil
from dataclasses import replace

import pytest
from servers import ThreadedFaultServer
from world import rss

RULES = """
[[rule]]
id = "kettles"
title = "Kettles"
any = ["kettle", "华为"]
"""
FILES = {
    "1": "---\ntitle: A tariff on pots and pans\nurl: https://e.example/pots\n---\n"
    "The tariff comes. “It is over,” said Stephen Harker, a fellow at Arden, “and nobody won.”\n\n"
    "The rule (15 CFR 744.23, RIN 0694-AJ23) is effective January 31, 2099, the ministry in Arden said on Monday.\n"
    "Importers had asked for the step since the harvest, when prices in the shops began to rise faster than wages.\n",
    "2": "---\ntitle: A tariff on pots, and on pans too\n---\n"
    "The tariff comes. “It is over,” said Stephen Harker, a fellow at Arden, “and nobody won.”\n\n"
    "The rule (15 CFR 744.23, RIN 0694-AJ23) is effective January 31, 2099, the ministry in Arden said on Monday.\n"
    "Importers had asked for the step since the harvest, when prices in the shops began to rise faster than wages.\n",
    "3": "---\ntitle: 華為公司的新手机\n---\n中国的華為公司今天在深圳发布了新的手机。Emoji 📱 too.\n",
    "4": "---\ntitle: Crème brûlée for kettles\n---\nThe cook’s kettle_100% is a \\ of its own; Ärger, zebra, Äpfel, apple.\n",
    "5": "---\ntitle: A calm day\n---\nNothing much was said about enamel in the north of the country this week.\n",
    "empty": "",
}
LATER = "---\ntitle: A tariff on pots and pans\nurl: https://e.example/pots\n---\nThe tariff on kettles goes to 25 percent.\n"
MORE = '[[destination]]\nid = "terminal"\nkind = "console"\n[[destination]]\nid = "file"\nkind = "feed"\npath = "own.xml"\n'
# In this order on both; what they change the later ones see.
COMMANDS = (
    "run --once --json",
    "run --once --json --force",  # an edited file, and the first poll of a feed
    "run --once --json --force",  # what is new in the feed
    "alerts --json --last 50",
    "alerts --baseline --json",
    "stories --json",
    "search tariff* --json",
    "search 华为 --json",
    "search 華為公司 --json",
    "search '\"pots pans\"' --json",
    "search '\"pots and pans\"' --json",
    "search 'kettle* OR creme -ministry' --json",
    "search the --last 3 --json",
    "search 'kettle_100%' --json",
    "search tariff* --rule tariffs --source seeds --json",
    "search --speaker harker --json",
    "search --reference '15 CFR 744' --json",
    "explain https://e.example/pots --json",
    "explain 3",
    "explain https://e.example/never --json",
    "deadlines --json",
    "ledger --json",
    "volume trade --json",
    "sources list --json",
    "mute add --rule kettles --for 2h --comment why --json",
    "mute end 1 --json",
    "digest --preview --json",
    "preview webhook --json",
    "alerts resend --last 2 --to file --json",
    "rules backtest --days 30 --json",
    "rules near-miss --json",
    "prune --dry-run --json",
    "prune --json",
    "doctor --json",
)
# Moments, and what took how long: all else must be the same.
OWN = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(\+00:00|Z| UTC)?"), "MOMENT"),
    (re.compile(r"\d{8}T\d{6}Z?"), "MOMENT"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UID"),
    (re.compile(r'"ms": \d+'), '"ms": 0'),
    (re.compile(r"\b\d+(\.\d+)? (s|min)\b"), "A WHILE"),
    (re.compile(r'"interval": [\d.]+'), '"interval": 0'),
    (re.compile(r'\{"name": "(database|disk|SQLite|PostgreSQL)".*'), "THE DATABASE"),
)


@pytest.fixture
def both(inside, tmp_path_factory, fresh_postgresql):
    """Two desks with the same files; the second has one line more in its configuration."""
    desk = inside.desk
    network = f'[network]\nallow = ["127.0.0.1"]\n{(desk.folder / "config.toml").read_text()}{MORE}'
    desk.write("config.toml", network)
    desk.write("rules/more.toml", RULES)
    for file, text in FILES.items():
        desk.write(f"seeds/{file}.txt", text)
    other = replace(desk, folder=tmp_path_factory.mktemp("postgresql") / "desk")
    shutil.copytree(desk.folder, other.folder)
    other.write("config.toml", f'[database]\nurl = "{fresh_postgresql()}"\n{network}')
    return inside, replace(inside, desk=other)


def answers(inside, server):
    """What the commands say on a desk, without what differs from day to day and from place to place."""
    server["/feed"] = [rss("Kettles of old", "Calm of old"), rss("Zinc", "Kettles of old", "Kettles rise again")]
    desk = inside.desk
    for number, line in enumerate(COMMANDS):
        if number == 1:
            desk.write("seeds/1.txt", LATER)
            config = (desk.folder / "config.toml").read_text()
            desk.write("config.toml", f'{config}[[source]]\nid = "feed"\nkind = "feed"\nurl = "{server.at("/feed")}"\n')
        if line.startswith("rules backtest"):
            desk.write("rules/more.toml", RULES.replace('"kettle"', '"zinc"'))
        done = inside.run(*shlex.split(line))
        text = f"{done.out}\n{done.err}".replace(str(desk.folder), "HERE")
        for pattern, instead in OWN:
            text = pattern.sub(instead, text)
        yield f"{number} {line}", done.code, text.splitlines()


def test_every_command_answers_alike_on_both(both):
    with ThreadedFaultServer() as server:
        of_sqlite, of_postgresql = ({line: said for line, *said in answers(each, server)} for each in both)
    for line, said in of_sqlite.items():
        assert (line, of_postgresql[line]) == (line, said)
    # They do say something.
    said = {line.partition(" ")[2]: "\n".join(text) for line, (_, text) in of_sqlite.items()}
    assert '"title": "華為公司的新手机"' in said["search 华为 --json"]
    assert said["search '\"pots pans\"' --json"] == ""
    assert '"title": "A tariff on pots' in said["search '\"pots and pans\"' --json"]
    assert '"resent"' in said["alerts resend --last 2 --to file --json"]
    assert '"headline": "Kettles rise again"' in said["alerts --json --last 50"]
    assert '"kettles"' in said["rules backtest --days 30 --json"]
    codes = {line: code for line, (code, _) in of_sqlite.items()}
    assert codes["0 run --once --json"] == 1  # a file without text
    assert {code for code in codes.values() if code not in {0, 1}} == set()


def test_postgresql_is_not_copied_by_us(both):
    """Its own tool does that; the sentence names it."""
    done = both[1].run("db", "backup")
    assert done.code == 3
    assert "pg_dump --format=custom" in done.err
