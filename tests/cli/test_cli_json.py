"""The keys that docs/cli.md names for ``--json`` are those that the commands print: no more, no fewer."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from clusters import Postgres
from servers import ThreadedFaultServer, page

from bot.cli import cli
from bot.cli.digest import _row as digest_row
from bot.config import load
from bot.model import DeadlineKind, PayloadKind
from bot.store.records import IssueRecord

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text("utf-8")
BY_HAND = re.sub(r"<!-- generated: begin -->.*?<!-- generated: end -->", "", PAGE, flags=re.DOTALL)
PART = BY_HAND.split("## Output for scripts")[1].split("\n## ")[0]
DOCUMENTED = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", PART, flags=re.MULTILINE))
# What prints no result, but a text for a shell, or log lines for as long as it runs.
TEXT_ONLY = {"completion", "worker", "clock"}
TERMINAL = '[[destination]]\nid = "terminal"\nkind = "console"\n'
ITEM = "<item><guid>{0}</guid><title>{0}</title><link>https://g.example/{0}</link></item>"

Row = dict[str, Any]
# The keys of one kind of object, each with what is said of its value in parentheses: keys of its own, or its words.
Shape = dict[str, "Shape"]


def shapes(cell: str) -> list[Shape]:
    """The kinds of objects a cell of the table describes: `a`, `b` (`inner`, `inner`); for another kind `c`."""
    found: list[Shape] = [{}]
    above: list[Shape] = []
    level, last = found[0], ""
    without_links = re.sub(r"\[(.+?)\]\(#.+?\)", r"\1", cell)
    for name, mark in re.findall(r"`([^`]+)`|([();])", without_links):
        if name:
            level[name], last = {}, name
        elif mark == "(":
            above.append(level)
            level = level[last]
        elif mark == ")":
            level = above.pop()
        elif not above:
            found.append(level := {})
    return [shape for shape in found if shape]


def paths(shape: Shape, *above: str) -> set[tuple[str, ...]]:
    """Every key with the keys that lead to it."""
    found: set[tuple[str, ...]] = set()
    for key, inner in shape.items():
        found |= {(*above, key), *paths(inner, *above, key)}
    return found


def hold(value: Any, shape: Shape, *above: str) -> Iterator[tuple[str, ...]]:
    """The documented keys that were seen in ``value``; fails at one that is not documented, or a word that is not."""
    if isinstance(value, dict):
        if shape:
            assert value.keys() == shape.keys(), above
        else:
            assert {key for key in value if f"`{key}`" not in BY_HAND} == set(), f"{above}: not documented"
        for key, inner in value.items():
            yield (*above, key)
            yield from hold(inner, shape.get(key, {}), *above, key)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict):
                yield from hold(inner, shape, *above)
    elif isinstance(value, str) and shape:
        assert value in shape, f"{above}: {value} is not among the documented words"
        yield from ((*above, word) for word in shape)


def leaves(group: click.Group, above: str = "") -> set[str]:
    """Every command that does something by itself."""
    found, ctx = set(), click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            found |= leaves(command, f"{above}{name} ")
        if not isinstance(command, click.Group) or command.invoke_without_command:
            found.add(above + name)
    return found


# ── what makes each command print every kind of object ───────────────────────────────────────────


def once(desk) -> None:
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")


def misspell(desk) -> None:
    desk.write("rules/bad.toml", '[[rule]]\nid = "b"\ntitle = "B"\nseverity = "hihg"\nany = ["x"]\n')


def run_once(desk) -> list[Row]:
    desk.write("config.toml", (desk.folder / "config.toml").read_text() + f'{TERMINAL}[ops]\nnotify = ["terminal"]\n')
    misspell(desk)
    desk.seed(1, "Tariffs rise")
    # A digest falls due once a day, the others when there is too much; their objects come from the same place.
    rare = {"digest", "group", "note"}
    assert set(get_args(PayloadKind)) == {"alert", "notice", *rare}
    return [*desk.run("run", "--once", "--json").rows, *({kind: ""} for kind in sorted(rare))]


def init(desk) -> list[Row]:
    (desk.folder / "config.toml").unlink()
    return desk.run("init", "--json").rows


def match(desk) -> list[Row]:
    return desk.run("match", str(desk.write("a.txt", "A tariff on pots.")), "--json").rows


def match_query(desk) -> list[Row]:
    text = str(desk.write("a.txt", "A tariff on pots."))
    matching, wrong = (desk.run("match", "--query", f"tariff {word} pots", text, "--json").rows for word in ("AND", ""))
    return [*matching, *wrong]


def rules_check(desk) -> list[Row]:
    once(desk)
    text = (desk.folder / "rules" / "rules.toml").read_text()
    desk.write("rules/rules.toml", text.replace('any = ["tariff"]', 'any = ["tariff", "x"]\nnone = ["pot"]'))
    misspell(desk)
    return desk.run("rules", "check", "--json").rows


def rules_show(desk) -> list[Row]:
    text = (desk.folder / "rules" / "rules.toml").read_text()
    terms = '[[terms]]\nid = "duties"\nany = ["tariff"]\n'
    desk.write("rules/rules.toml", text.replace('any = ["tariff"]', 'any = ["$duties"]') + terms)
    return desk.run("rules", "show", "tariffs", "--json").rows


def rules_import(desk) -> list[Row]:
    wrong = desk.write("wrong.txt", "steel and HLEAD(china)")
    right = desk.write("right.txt", "steel w/3 tin")
    return [
        row
        for file in (wrong, right)
        for row in desk.run("rules", "import", "--from", "lexis", str(file), "--json").rows
    ]


def rules_near_miss(desk) -> list[Row]:
    desk.write("rules/near.toml", '[[rule]]\nid = "near"\nany = ["tariff"]\nmin_hits = 40\nwhere = "title"\n')
    text = "tariff " * 39
    desk.write("seeds/near.txt", f"---\ntitle: {text}\n---\nCalm.\n")
    desk.run("run", "--once")
    return desk.run("rules", "near-miss", "near", "--json").rows


def rules_backtest(desk) -> list[Row]:
    once(desk)
    desk.write("rules/rules.toml", '[[rule]]\nid = "kettles"\nany = ["tariff"]\n')
    misspell(desk)
    return desk.run("rules", "backtest", "--json").rows


def rules_test(desk) -> list[Row]:
    text = (desk.folder / "rules" / "rules.toml").read_text()
    once(desk)
    desk.write("rules/rules.toml", text.replace("A calm day.", "A tariff."))
    misspell(desk)
    return desk.run("rules", "test", "--from-alert", "1", "--json").rows


def rules_apply(desk) -> list[Row]:
    once(desk)
    misspell(desk)
    return [row for id_ in ("tariffs", "b") for row in desk.run("rules", "apply", id_, "--json").rows]


def rules_new(desk) -> list[Row]:
    given = ("rules", "new", "pots", "--any", "pot", "--no", "A kettle.", "--match")
    wrong, right = (desk.run(*given, text, "--json").rows for text in ("A kettle.", "A pot."))
    return [*wrong, *right]


def rules_fmt(desk) -> list[Row]:
    desk.write("rules/bad.toml", "[[rule]\n")
    return desk.run("rules", "fmt", "--json").rows


def listing(*command: str) -> Callable[[Any], list[Row]]:
    def after_a_run(desk) -> list[Row]:
        once(desk)
        return desk.run(*command, "--json").rows

    return after_a_run


def search(desk) -> list[Row]:
    """An article in which somebody speaks, asked for by the speaker."""
    desk.write("seeds/said.txt", "Tariffs rise. “They do,” said Ann Lee, a trader.\n")
    once(desk)
    return desk.run("search", "tariffs", "--speaker", "lee", "--json").rows


def gazette(server: ThreadedFaultServer, desk) -> None:
    """A feed with one article to the desk's taste, a page that names two feeds; the desk may visit them."""
    items = "".join(ITEM.format(title) for title in ("Tariffs", "Rain"))
    server["/feed"] = f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>'
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="F" href="/{n}">' for n in ("feed", "two"))
    server["/page.html"] = page(f"<html><head><title>Gazette</title>{links}</head><body>News</body></html>")
    desk.write("config.toml", f'[network]\nallow = ["127.0.0.1:{server.port}"]\n')


def sources_check(desk) -> list[Row]:
    with ThreadedFaultServer() as server:
        gazette(server, desk)
        return desk.run("sources", "check", server.at("/feed"), server.at("/page.html"), "--json").rows


def sources_import(desk) -> list[Row]:
    desk.write(
        "list.opml", '<opml><outline xmlUrl="https://g.example/feed"/><outline xmlUrl="ftp://g.example/"/></opml>'
    )
    return desk.run("sources", "import", "list.opml", "--json").rows


def sources_export(desk) -> list[Row]:
    desk.write("config.toml", '[[source]]\nid = "g"\nkind = "feed"\nurl = "https://g.example/feed"\n')
    return desk.run("sources", "export", "--json").rows


def sources_add(desk) -> list[Row]:
    with ThreadedFaultServer() as server:
        gazette(server, desk)
        one = desk.run("sources", "add", server.at("/feed"), "--dry-run", "--json").rows
        return [*one, *desk.run("sources", "add", server.at("/page.html"), "--json").rows]


def baseline(desk) -> list[Row]:
    with ThreadedFaultServer() as server:
        gazette(server, desk)
        source = f'[[source]]\nid = "g"\nkind = "feed"\nurl = "{server.at("/feed")}"\n'
        desk.write("config.toml", (desk.folder / "config.toml").read_text() + source)
        desk.run("run", "--once")
    return desk.run("alerts", "--baseline", "--json").rows


def resend(desk) -> list[Row]:
    desk.write("config.toml", (desk.folder / "config.toml").read_text() + TERMINAL)
    once(desk)
    return desk.run("alerts", "resend", "--to", "terminal", "--json").rows


def stories(desk) -> list[Row]:
    """A story with a member of every kind."""
    for number in range(4):
        desk.seed(number, f"Kettles, part {number}")
    desk.run("run", "--once")
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        for number, kind in ((2, "copy"), (3, "same story")):
            database.execute("UPDATE story_member SET story = 1, kind = ? WHERE article = ?", (kind, number))
            database.execute("UPDATE article SET story = 1 WHERE id = ?", (number,))
        database.execute(
            "INSERT INTO story_member (story, article, kind, score, reason, at) "
            "SELECT 1, article, 'related', 0.4, 'names', at FROM story_member WHERE article = 4"
        )
    return desk.run("stories", "--several", "--json").rows


def mute(*after: str) -> Callable[[Any], list[Row]]:
    def add(desk) -> list[Row]:
        made = desk.run("mute", "add", "--rule", "tariffs", "--for", "1h", "--comment", "c", "--json").rows
        return desk.run("mute", *after, "--json").rows if after else made

    return add


def digest(desk) -> list[Row]:
    """The list before the first issue, and a row as it is after one."""
    once(desk)
    at = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
    issue = IssueRecord(
        digest="daily",
        recipient="console",
        day=date(2026, 1, 5),
        window_from=at,
        window_to=at,
        at=at,
        message_id="1@presswatch",
        state="sent",
        sent_at=at,
        error=None,
        may_repeat=False,
    )
    (first, *_) = load(None, {}, desk.folder).digests
    return [*desk.run("digest", "--json").rows, digest_row(first, "console", at, issue)]


def last_digest(desk) -> list[Row]:
    """The newest issue, of a digest that is as if it had been configured a week ago."""
    once(desk)
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute("UPDATE setting SET at = datetime('now', '-7 days') || '.000000' WHERE key LIKE 'digest:%'")
    once(desk)
    return desk.run("digest", "--last", "--json").rows


def explain(desk) -> list[Row]:
    desk.write("seeds/empty.txt", "")
    once(desk)
    known = desk.run("explain", "1", "--json").rows
    source = '[[source]]\nid = "other"\nkind = "feed"\nurl = "https://other.example/feed"\n'
    desk.write("config.toml", (desk.folder / "config.toml").read_text() + source)
    desk.run("sources", "list")
    refused = desk.run("explain", "empty.txt", "--json").rows
    return [*known, *refused, *desk.run("explain", "https://other.example/a", "--json").rows]


def explain_then(desk) -> list[Row]:
    once(desk)
    known = desk.run("explain", "1", "--as-of", datetime.now(UTC).isoformat(), "--json").rows
    return [*known, *desk.run("explain", "1", "--as-of", "2020-01-31", "--json").rows]


def replay(desk) -> list[Row]:
    """A decision and an alert that somebody has changed, and a decision that was made on request."""
    once(desk)
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        ((first,),) = database.execute("SELECT min(active_from) FROM config_version")
        database.execute("UPDATE decision SET verdict = 'no'")
        database.execute("UPDATE alert SET severity = 'low'")
        copy = "SELECT article, rule, destination, 'alert', 'on request', at FROM decision LIMIT 1"
        database.execute(f"INSERT INTO decision (article, rule, destination, verdict, reason, at) {copy}")
    window = ("--as-of", datetime.now(UTC).isoformat(), "--since", f"{first}Z")
    return desk.run("replay", *window, "--json").rows


def ledger(desk) -> list[Row]:
    """A source with a file that is no article and a gap, which only feeds have."""
    desk.write("seeds/empty.txt", "")
    once(desk)
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute("UPDATE poll SET gap_from = at, gap_to = at")
    return desk.run("ledger", "--json").rows


def deadlines(desk) -> list[Row]:
    """A day to come, with a reference beside it."""
    day = datetime.now(UTC).date() + timedelta(days=9)
    desk.seed(1, "Tariffs rise", f"The tariff (RIN 0694-AJ23) is effective {day:%B} {day.day}, {day.year}.")
    desk.run("run", "--once")
    (row,) = desk.run("deadlines", "--json").rows
    # The kinds come from one place.
    return [{**row, "kind": kind} for kind in get_args(DeadlineKind)]


def volume(desk) -> list[Row]:
    """A rule that is too quiet since yesterday, and a spike of a theme."""
    text = (desk.folder / "rules" / "rules.toml").read_text()
    desk.write("rules/rules.toml", text.replace('theme = "trade"', 'theme = "trade"\nexpect = "5..9/day"'))
    once(desk)
    spike = {
        "kind": "theme", "subject": "trade", "title": "Trade", "rules": [], "hours": 1, "stories": 9, "articles": 9,
        "begin": "2026-01-05T07:00:00+00:00", "at": "2026-01-05T07:30:00+00:00", "low": 1, "high": 2, "weeks": 8,
        "top": [], "terms": [],
    }  # fmt: skip
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute("UPDATE rule_version SET active_from = datetime('now', '-2 days') || '.000000'")
        database.execute(
            "INSERT INTO spike (kind, subject, day, at, seen_at, content) VALUES ('theme', 'trade', date('now'), "
            "datetime('now') || '.000000', datetime('now') || '.000000', ?)",
            [json.dumps(spike)],
        )
    return [*desk.run("volume", "--json").rows, *desk.run("volume", "trade", "--json").rows]


def status(desk) -> list[Row]:
    """A cluster that was: a worker, and a job that nobody has done."""
    server = Postgres()
    name = server.create()
    try:
        desk.env["PRESSWATCH_DATABASE_URL"] = server.url(name)
        desk.run("db", "upgrade")
        server.run(
            "INSERT INTO process (id, kind, host, pid, version, rules, queues, started_at, seen_at) "
            "VALUES ('box:1', 'worker', 'box', 1, '1', '', '[\"ingest\"]', now(), now());"
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('ingest', 'ingest')",
            name,
        )
        return desk.run("status", "--json").rows
    finally:
        server.close()


RUNS: dict[str, Callable[[Any], list[Row]]] = {
    "match": match,
    "match --query": match_query,
    "run --once": run_once,
    "init": init,
    "rules check": rules_check,
    "rules list": listing("rules", "list"),
    "rules show": rules_show,
    "rules test": rules_test,
    "rules apply": rules_apply,
    "rules new": rules_new,
    "rules fmt": rules_fmt,
    "rules schema --write": lambda desk: desk.run("rules", "schema", "--write", "--json").rows,
    "rules import": rules_import,
    "rules export": listing("rules", "export"),
    "rules near-miss": rules_near_miss,
    "rules backtest": rules_backtest,
    "sources list": listing("sources", "list"),
    "sources check": sources_check,
    "sources add": sources_add,
    "sources import": sources_import,
    "sources export": sources_export,
    "alerts": listing("alerts"),
    "alerts --baseline": baseline,
    "alerts resend": resend,
    "preview": listing("preview", "apprise"),
    "mute add": mute(),
    "mute list": mute("list"),
    "mute end": mute("end", "1"),
    "digest": digest,
    "digest --last": last_digest,
    "digest --preview": listing("digest", "--preview"),
    "stories": stories,
    "search": search,
    "deadlines": deadlines,
    "explain": explain,
    "explain --as-of": explain_then,
    "replay": replay,
    "ledger": ledger,
    "volume": volume,
    "doctor": listing("doctor"),
    "db upgrade": listing("db", "upgrade"),
    "db backup": listing("db", "backup"),
    "db copy": listing("db", "copy", "sqlite:///var/presswatch.db", "sqlite:///copy.db"),
    "prune": listing("prune"),
    "db purge": listing("db", "purge"),
    "status": status,
}


def test_every_command_s_objects_are_documented():
    rows = {re.sub(r" --[a-z-]+$", "", row) for row in DOCUMENTED}
    assert rows == leaves(cli) - TEXT_ONLY


@pytest.mark.parametrize("row", DOCUMENTED)
def test_the_keys_are_the_documented_ones(desk, row):
    assert row in RUNS, "say in RUNS how to make it print every kind of object"
    kinds, seen = shapes(DOCUMENTED[row]), set()
    printed = RUNS[row](desk)
    assert printed
    for each in printed:
        (shape,) = [kind for kind in kinds if kind.keys() == each.keys()] or [{"no kind has these keys": {}}]
        seen |= set(hold(each, shape))
    assert {path for kind in kinds for path in paths(kind)} - seen - REMARKS == set()


# Words in parentheses that tell of another key.
REMARKS = {("spans", "snippet")}


def test_the_table_is_read_as_people_read_it():
    cell = "per try `a`, `b` (`x`, `y` (not `z`)), `c` (a remark); see [a `link`](#there); at last `d` (`no`, `yes`)"
    assert shapes(cell) == [
        {"a": {}, "b": {"x": {}, "y": {"z": {}}}, "c": {}},
        {"link": {}},
        {"d": {"no": {}, "yes": {}}},
    ]


@pytest.mark.parametrize("value", [{"a": 1}, {"a": 1, "b": 2, "c": 3}, {"a": {"undocumented-key": 1}, "b": 2}, {"a": 1, "b": "maybe"}])  # fmt: skip
def test_a_key_or_word_that_is_not_documented_is_noticed(value):
    with pytest.raises(AssertionError):
        list(hold(value, {"a": {}, "b": {"no": {}, "yes": {}}}))
