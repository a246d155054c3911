"""What the service says of itself: alive, ready, and why not."""

import sqlite3
from dataclasses import replace

import pytest
import structlog
from world import SLACK, WEB, article

from bot import pipeline
from bot.pulse import SILENT, Pulse
from bot.web import showing


class Timer:
    at = 0.0

    def __call__(self):
        return self.at


async def test_a_service_that_works_says_so_and_shows_nothing_else(world, ask):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        for path in ("/healthz", "/readyz"):
            answer = await ask(path)
            assert (answer.status, await answer.json()) == (200, {"ok": True, "reasons": []})
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert "aiohttp" not in answer.headers["Server"]
        assert [(await ask(path)).status for path in ("/", "/admin", "/healthz/..%2f")] == [404, 404, 404]
        assert [(await ask("/metrics", method)).status for method in ("POST", "PUT", "DELETE", "PATCH")] == [405] * 4
        assert (await ask("/healthz", "HEAD")).status == 200


async def test_a_silent_clock_is_unhealthy(world, ask):
    timer = Timer()
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse(timer=timer)):
        timer.at += SILENT
        answer = await ask("/healthz")
        reason = {"ok": False, "reasons": [f"the clock has been silent for {SILENT:.0f} s"]}
        assert (answer.status, await answer.json()) == (503, reason)
        assert (await ask("/readyz")).status == 503


async def test_what_keeps_it_from_working_is_named(world, ask):
    pulse = Pulse()

    async def reasons():
        answer = await ask("/readyz")
        found = (await answer.json())["reasons"]
        assert answer.status == (503 if found else 200)
        return found

    async with world.desk(SLACK + WEB) as desk, showing(desk, pulse):
        live, desk.live = desk.live, None
        assert await reasons() == ["the rules are not loaded yet"]
        desk.live = replace(live, ruleset=replace(live.ruleset, rules={}))
        assert await reasons() == ["no rules are in force"]
        desk.live = live
        pulse.knock("notify", "The database has no space left.")
        pulse.knock("near misses", "of no importance")
        assert await reasons() == ["The database has no space left."]
        pulse.knock("notify")
        assert await reasons() == []
        await pipeline.beat(desk)
        assert await reasons() == []
        world.later(seconds=SILENT)
        (reason,) = await reasons()
        assert "has given no sign of life since 12:00:00 UTC" in reason, "whichever process that is"
        await pipeline.beat(desk)
        desk.stopping = True
        assert await reasons() == ["the service is stopping"]
        assert (await ask("/healthz")).status == 200, "stopping is no illness"


async def test_a_database_that_is_damaged_is_no_longer_ready_and_leaves_figures_of_the_process(world, ask):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        assert (await ask("/readyz")).status == 200
        desk.store.engine.dispose()
        path = world.folder / "var" / "presswatch.db"
        whole = path.read_bytes()
        path.write_bytes(b"no database " * 1000)
        answer = await ask("/readyz")
        assert answer.status == 503
        assert "the file is not a database" in (await answer.json())["reasons"][0]
        figures = await (await ask("/metrics")).text()
        assert "presswatch_database_up 0.0" in figures
        assert "presswatch_rules 2.0" in figures
        path.write_bytes(whole)
        assert (await ask("/readyz")).status == 200


async def test_who_reads_does_not_wait_for_who_writes(world, ask):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        blocker = sqlite3.connect(world.folder / "var" / "presswatch.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        assert (await ask("/readyz")).status == 200
        blocker.close()


async def test_a_place_that_is_taken_is_one_clear_line_and_the_service_goes_on(world, ask):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        with structlog.testing.capture_logs() as logs:
            async with showing(desk, Pulse()):
                (line,) = logs
        assert (line["event"], line["log_level"]) == ("nobody can ask how the service is", "error")
        assert line["listen"] == "unix:web.sock"
        assert "another service answers at" in line["reason"]
        assert "[web]" in line["remedy"]
        assert (await ask("/healthz")).status == 200, "the first still answers"
    assert not (world.folder / "web.sock").exists()


async def test_the_socket_of_a_service_that_died_is_taken_over(world, ask):
    import socket

    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(world.folder / "web.sock"))
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        assert (await ask("/healthz")).status == 200
        assert (world.folder / "web.sock").stat().st_mode & 0o777 == 0o660


async def test_a_file_that_is_no_socket_is_left_alone(world):
    (world.folder / "web.sock").write_text("mine")
    async with world.desk(SLACK + WEB) as desk:
        with structlog.testing.capture_logs() as logs:
            async with showing(desk, Pulse()):
                pass
    assert [line["event"] for line in logs] == ["nobody can ask how the service is"]
    assert (world.folder / "web.sock").read_text() == "mine"


@pytest.mark.parametrize("listen", ["127.0.0.1:{port}", "[::1]:{port}"])
async def test_a_port_that_is_taken_is_told_too(world, listen, unused_tcp_port):
    place = listen.format(port=unused_tcp_port)
    async with world.desk(SLACK + f'[web]\nlisten = "{place}"\n') as desk:
        with structlog.testing.capture_logs() as logs:
            async with showing(desk, Pulse()), showing(desk, Pulse()):
                pass
    first, second = logs
    assert (first["event"], second["event"]) == ("answers", "nobody can ask how the service is")
    assert "in use" in second["reason"]
