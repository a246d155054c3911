"""What ``doctor`` makes of database, disks and clock: values in, a finding with its remedy out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import surroundings
from bot.store.records import Version, Vitals

NOW = datetime(2023, 8, 28, 12, tzinfo=UTC)
VERSION = Version(revision="0003", product="1.0")


def vitals(version="3.40.1", full_text=True):
    return Vitals(kind="sqlite", version=version, full_text=full_text, path=Path("/var/presswatch.db"))


@pytest.mark.parametrize(
    ("found", "state", "word"),
    [
        (vitals(), "ok", "3.40.1 with FTS5"),
        (vitals("3.37.0"), "ok", "3.37.0"),
        (vitals("3.36.9"), "fail", "older than 3.37"),
        (vitals("3.9"), "fail", "older than 3.37"),
        (vitals("4.0"), "ok", "4.0"),
        (vitals(full_text=False), "fail", "without FTS5"),
        (Vitals(kind="postgresql", version="16.4", full_text=True, path=None), "ok", "version 16.4"),
    ],
)
def test_the_program_behind_the_database(found, state, word):
    schema, program = surroundings.database(VERSION, found, "/var/presswatch.db")
    assert (schema.state, schema.detail) == ("ok", "schema 0003, /var/presswatch.db")
    assert program.state == state
    assert word in program.detail
    assert bool(program.remedy) == (state != "ok")


@pytest.mark.parametrize(
    ("ahead", "state"),
    [(None, "ok"), (timedelta(0), "ok"), (timedelta(minutes=2), "ok"), (timedelta(minutes=3), "warn")],
)
def test_a_clock_that_stands_behind_what_was_written(ahead, state):
    found = surroundings.clock(NOW, None if ahead is None else NOW + ahead)
    assert found.state == state
    assert bool(found.remedy) == (state == "warn")
    assert "2023-08-28 12:00" in found.detail


@pytest.mark.parametrize(
    ("off", "state", "words"),
    [
        (0, "ok", "less than a minute"),
        (-60, "ok", "less than a minute"),
        (62, "ok", "less than a minute"),  # the answer took two of these seconds
        (63, "warn", "1 min behind"),
        (-61, "warn", "1 min ahead"),
        (602, "warn", "10 min behind"),
        (603, "fail", "10 min behind"),
        (-7200, "fail", "2 h ahead"),
        (86400 * 30, "fail", "30 days behind"),
    ],
)
def test_our_clock_against_slacks(off, state, words):
    found = surroundings.drift(NOW + timedelta(seconds=off), NOW, NOW + timedelta(seconds=2))
    assert (found.state, words in found.detail) == (state, True), found.detail
    assert bool(found.remedy) == (state != "ok")


def test_a_machine_without_time_zones():
    assert surroundings.time_zones([]).state == "fail"
    assert "tzdata" in surroundings.time_zones([]).remedy
    assert surroundings.time_zones(surroundings.known_zones()).state == "ok"


def test_a_disk_that_is_nearly_full():
    assert surroundings.disk("disk", Path("/x"), 10**9).state == "ok"
    found = surroundings.disk("disk", Path("/x"), 10**8)
    assert (found.state, found.detail) == ("fail", "0.1 GB free at /x")


def test_the_disk_of_the_database_is_told_where_it_is_another(tmp_path):
    assert [each.name for each in surroundings.disks(tmp_path, tmp_path / "presswatch.db")] == ["disk"]
    assert [each.name for each in surroundings.disks(tmp_path, None)] == ["disk"]
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has one disk only")
    found = surroundings.disks(tmp_path, elsewhere / "presswatch.db")
    assert [each.name for each in found] == ["disk", "disk of the database"]
