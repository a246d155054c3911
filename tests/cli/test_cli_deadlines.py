"""``presswatch deadlines`` as its users meet it."""

from datetime import UTC, datetime, timedelta

import pytest

TODAY = datetime.now(UTC).date()
SOON, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=60)
KEYS = ["day", "kind", "title", "url", "source_name", "sentence", "derived", "severity", "rules", "themes", "id"]
KEYS += ["story", "uid"]


@pytest.fixture(scope="module")
def archive(shared_desk):
    desk = shared_desk
    head = f"published: {TODAY}\nurl: https://e.example/"
    desk.write(
        "seeds/1.txt",
        f"---\ntitle: A tariff on kettles\n{head}1\n---\nComments must be received by {SOON:%B} {SOON.day}, {SOON.year}.\n",
    )
    desk.write(
        "seeds/2.txt",
        f"---\ntitle: A tariff on pots\n{head}2\n---\nThe rule takes effect on {LATER:%B} {LATER.day}, {LATER.year}.\n",
    )
    desk.write(
        "seeds/3.txt",
        f"---\ntitle: No rule wants this\n{head}3\n---\nIt is effective {SOON:%B} {SOON.day}, {SOON.year}.\n",
    )
    assert desk.run("run", "--once").code == 0
    return desk


def test_the_days_to_come_of_matching_articles(archive):
    shown = archive.run("deadlines")
    assert shown.code == 0
    assert f"{SOON.day} {SOON:%b} {SOON.year}  comments due – A tariff on kettles" in shown.out
    assert "https://e.example/1" in shown.out
    assert "pots" not in shown.out
    assert "No rule" not in shown.out


def test_further_ahead_and_for_scripts(archive):
    rows = archive.run("deadlines", "--days", "90", "--json").rows
    assert [(row["day"], row["kind"]) for row in rows] == [
        (SOON.isoformat(), "comments"),
        (LATER.isoformat(), "effective"),
    ]
    assert all(list(row) == KEYS for row in rows)
    assert rows[0]["themes"] == ["trade"]


def test_a_theme_that_no_rule_has_is_wrong_use(archive):
    result = archive.run("deadlines", "--theme", "trad")
    assert result.code == 2
    assert "trade" in result.err
    assert len(archive.run("deadlines", "--theme", "trade", "--json").rows) == 1


def test_a_calendar_that_is_written_again_has_the_same_entries(archive):
    target = archive.folder / "days.ics"
    uids = []
    for _ in range(2):
        result = archive.run("deadlines", "--days", "90", "--ics", "days.ics")
        assert "Wrote days.ics (2 entries)." in result.err
        uids.append([line for line in target.read_bytes().decode().splitlines() if line.startswith("UID:")])
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == 2


def test_a_file_that_cannot_be_written_is_said(archive):
    result = archive.run("deadlines", "--ics", "no/such/folder.ics")
    assert result.code == 2
    assert "folder.ics" in result.err


def test_nothing_to_come_says_what_to_try(archive):
    assert archive.run("deadlines", "--days", "3").out == "No deadline in the next 3 days. Try more days: --days 90\n"


def test_without_an_archive_it_says_how_to_get_one(desk):
    result = desk.run("deadlines")
    assert (result.code, result.out) == (0, "")
    assert "presswatch run --once" in result.err
