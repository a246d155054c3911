"""``presswatch search`` as its users meet it."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.common import moment
from bot.errors import QueryError
from bot.search import parse

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEYS = ["id", "story", "source", "source_name", "title", "url", "published", "first_seen", "state", "rules"]
KEYS += ["snippet", "spans", "quotes", "excerpt_note"]
# The order is by date, but never more than seven days before an article was first seen.
TODAY = datetime.now(UTC).date()
DAYS = {number: (TODAY - timedelta(days=number)).isoformat() for number in range(7)}


def fill(desk):
    """Three articles of the last days."""
    desk.write(
        "seeds/1.txt",
        f"---\ntitle: Tariffs on kettles rise\npublished: {DAYS[5]}\nurl: https://e.example/1\n---\n"
        "Crème brûlée shops fear the new tariff. Kettle makers do not.\n",
    )
    desk.write("seeds/2.txt", f"---\ntitle: 華為開店\npublished: {DAYS[1]}\n---\n中國的華為公司開了一家商店。\n")
    desk.write(
        "seeds/3.txt", f"---\ntitle: A calm day\npublished: {DAYS[3]}\n---\nNothing on kettles, nothing at all.\n"
    )
    assert desk.run("run", "--once").code == 0
    return desk


@pytest.fixture(scope="module")
def archive(shared_desk):
    """An archive that is only looked at."""
    return fill(shared_desk)


def titles(result):
    return [row["title"] for row in result.rows]


def test_what_is_found_comes_newest_first_with_its_keys(archive):
    result = archive.run("search", "kettles", "--json")
    assert result.code == 0
    assert titles(result) == ["A calm day", "Tariffs on kettles rise"]
    assert all(list(row) == KEYS for row in result.rows)
    calm, tariffs = result.rows
    assert (calm["state"], calm["rules"], calm["url"]) == ("no rule", [], None)
    assert (tariffs["state"], tariffs["rules"], tariffs["source"]) == ("alerted", ["tariffs"], "seeds")
    assert tariffs["published"].startswith(DAYS[5])
    assert [calm["snippet"][start:end] for start, end in calm["spans"]] == ["kettles"]


@pytest.mark.parametrize("query", ["华为", "華為", '"华为"', "开店 OR 开张"])
def test_chinese_is_found(archive, query):
    assert titles(archive.run("search", query, "--json")) == ["華為開店"]


def test_people_see_title_reason_place_and_address(archive):
    result = archive.run("search", "creme tariff*")
    assert result.code == 0
    assert result.out.splitlines() == [
        f"{DAYS[5]}  *Tariffs* on kettles rise",
        "    seeds · tariffs · alerted",
        "    *Crème* brûlée shops fear the new *tariff*. Kettle makers do not.",
        "    https://e.example/1",
    ]


def test_several_words_need_no_quotes(archive):
    assert titles(archive.run("search", "nothing", "kettles", "--json")) == ["A calm day"]
    assert titles(archive.run("search", "--json", "--", "-nothing", "kettles")) == ["Tariffs on kettles rise"]


def test_more_than_asked_for_is_told(archive):
    result = archive.run("search", "kettles", "--last", "1", "--json")
    assert titles(result) == ["A calm day"]
    assert "there are more: --last N" in result.err
    assert "there are more" not in archive.run("search", "kettles", "--last", "2").err


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--since", DAYS[4]], 1),
        (["--since", DAYS[5]], 2),
        (["--since", "999999d"], 2),
        (["--source", "seeds"], 2),
        (["--rule", "tariffs"], 1),
        (["--rule", "tariffs", "--since", DAYS[4]], 0),
    ],
)
def test_filters_narrow(archive, options, count):
    assert len(archive.run("search", "kettles", *options, "--json").rows) == count


def test_finding_nothing_is_no_error(archive):
    result = archive.run("search", "unheard-of")
    assert (result.code, result.out) == (
        0,
        "Nothing found. Try it with fewer words, or with the beginning of one: tariff*\n",
    )
    assert "without the filters" in archive.run("search", "x", "--rule", "tariffs").out
    assert archive.run("search", "unheard-of", "--json").out == ""


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        ([], "holds no word to look for"),
        (["?!"], "holds no word to look for"),
        (["NOT tariff"], "add a word to look for"),
        (["x", "--since", "soon"], 'write a length such as "7d"'),
        (["x", "--since", "2026-02-30"], 'or a date such as "2026-01-31"'),
        (["x", "--source", "sead"], 'did you mean "seeds"?'),
        (["x", "--rule", "tarif"], 'did you mean "tariffs"?'),
        (["x", "--last", "0"], "--last"),
    ],
)
def test_wrong_use_exits_2_and_says_how_it_is_meant(archive, args, hint):
    result = archive.run("search", *args)
    assert result.code == 2
    assert hint in " ".join(result.err.split())


def test_rules_and_sources_that_are_gone_can_still_be_asked_for(desk):
    archive = fill(desk)
    archive.write("rules/rules.toml", '[[rule]]\nid = "other"\ntitle = "Other"\nany = ["other"]\n')
    archive.write("config.toml", '[[source]]\nid = "more"\nkind = "folder"\npath = "more"\n')
    (archive.folder / "more").mkdir()
    assert titles(archive.run("search", "kettles", "--rule", "tariffs", "--source", "seeds", "--json")) == [
        "Tariffs on kettles rise"
    ]
    assert archive.run("search", "kettles", "--rule", "other", "--source", "more").code == 0


def test_without_an_archive_none_is_made(desk):
    result = desk.run("search", "tariff")
    assert (result.code, result.out) == (0, "")
    assert "No archive yet: presswatch run --once" in result.err
    assert not (desk.folder / "var").exists()


def test_any_query_is_answered(archive):
    for query in ['a" OR "', "(", "NEAR(a b)", "a'b", "%", "a:*", "{x}:y", "\\"]:
        result = archive.run("search", "--", query)
        expected = 2 if not_a_query(query) else 0
        assert result.code == expected, query


def not_a_query(text):
    try:
        parse(text)
    except QueryError:
        return True
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_terminal_gets_highlights_and_lines_that_fit(desk):
    import pty

    long = " ".join(f"filler{number}" for number in range(60))
    desk.write("seeds/4.txt", f"---\ntitle: Long\n---\n{long} samovar {long}\n")
    desk.run("run", "--once")
    reader, writer = pty.openpty()
    environment = {**desk.environment(), "COLUMNS": "80", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "bot", "search", "samovar"]
    process = subprocess.Popen(command, cwd=desk.folder, env=environment, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    shown = read_all(reader)
    assert process.wait(timeout=60) == 0
    process.stderr.close()
    assert "\x1b[1;33msamovar\x1b[0m" in shown
    lines = shown.replace("\x1b[1;33m", "").replace("\x1b[0m", "").replace("\x1b[1m", "").splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert all(line.startswith("    ") for line in lines[1:])
    assert len(lines) > 4


def read_all(descriptor):
    parts = []
    while True:
        try:
            part = os.read(descriptor, 4096)
        except OSError:  # Linux says so when the other end is closed
            part = b""
        if not part:
            os.close(descriptor)
            return b"".join(parts).decode().replace("\r\n", "\n")
        parts.append(part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("24h", NOW - timedelta(hours=24)),
        ("30m", NOW - timedelta(minutes=30)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("999999d", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_since_names_a_moment(text, expected):
    assert moment(text, NOW, "--since") == expected


# ── official numbers ─────────────────────────────────────────────────────────────────────────────

RULE_TEXT = "The rule (RIN 0694-AJ23) amends 15 CFR part 744. It is effective November 17, 2023. Tariffs stay."


@pytest.fixture(scope="module")
def register(second_desk):
    desk = second_desk
    desk.write("seeds/1.txt", f"---\ntitle: A rule\npublished: 2023-10-25\n---\n{RULE_TEXT}\n")
    desk.write("seeds/2.txt", "---\ntitle: Executive Order 14105\n---\nNo number here, but tariffs.\n")
    assert desk.run("run", "--once").code == 0
    return desk


@pytest.mark.parametrize("number", ["RIN 0694-AJ23", "0694-aj23", "15 CFR 744", "15 c.f.r. § 744"])
def test_articles_are_found_by_a_number_in_any_way_of_writing(register, number):
    (row,) = register.run("search", "--reference", number, "--json").rows
    assert list(row) == KEYS
    assert row["title"] == "A rule"
    marked = [row["snippet"][start:end] for start, end in row["spans"]]
    assert marked in (["0694-AJ23"], ["744"])


def test_the_place_of_the_number_is_shown(register):
    assert "(RIN *0694-AJ23*)" in register.run("search", "--reference", "0694-AJ23").out
    assert "Executive Order *14105*" in register.run("search", "--reference", "EO 14105").out


def test_words_and_a_number_narrow_each_other(register):
    assert titles(register.run("search", "--reference", "0694-AJ23", "tariffs", "--json")) == ["A rule"]
    assert titles(register.run("search", "--reference", "0694-AJ23", "order", "--json")) == []


def test_a_number_that_nothing_holds_is_said(register):
    result = register.run("search", "--reference", "RIN 0694-AI94")
    assert (result.code, result.out) == (0, "No article holds 0694-AI94.\n")


def test_what_is_no_number_is_wrong_use_with_examples(register):
    result = register.run("search", "--reference", "huawei")
    assert result.code == 2
    assert "RIN 0694-AI94, 88 FR 73458" in " ".join(result.err.split())


def test_explain_shows_references_and_days(register):
    shown = register.run("explain", "1").out
    assert "RIN: 0694-AJ23" in shown
    assert "Fri 17 Nov 2023: takes effect" in shown
    (row,) = register.run("explain", "1", "--json").rows
    assert [one["value"] for one in row["references"]] == ["0694-AJ23", "15 CFR 744"]
    assert [(one["kind"], one["day"]) for one in row["deadlines"]] == [("effective", "2023-11-17")]


def test_an_archive_of_an_older_version_is_read_when_it_is_opened(register):
    with closing(sqlite3.connect(register.folder / "var" / "presswatch.db")) as database, database:
        database.execute("DELETE FROM reference")
        database.execute("DELETE FROM setting WHERE key = 'facts'")
    assert titles(register.run("search", "--reference", "0694-AJ23", "--json")) == ["A rule"]
