"""Who watches the clock: silence is told once and again, the watchdog starves, a loop that hangs is said where."""

import asyncio
import socket
import time

import pytest
import structlog
from world import OPS, article, told

from bot import pipeline
from bot.deliver.fake_slack import error, reset
from bot.heartbeat import is_silent
from bot.pulse import SILENT, Pulse
from bot.scheduler import Knocks
from bot.store import heartbeats
from bot.supervisor import NOBODY, Supervisor
from bot.watch import LoopWatch, watch


@pytest.fixture
def world(world_with_ops):
    return world_with_ops


class Timer:
    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


@pytest.fixture
def listening(tmp_path):
    """A supervisor, and what it has been told since it was last asked."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.setblocking(False)

        def heard():
            found = []
            while True:
                try:
                    found.append(ear.recv(4096).decode())
                except BlockingIOError:
                    return found

        yield Supervisor(address=str(tmp_path / "notify"), watchdog=60.0), heard


def test_a_clock_is_silent_when_one_of_its_essential_knocks_stays_away():
    timer = Timer()
    pulse = Pulse(timer=timer)
    timer.at += SILENT - 1
    assert not pulse.is_silent
    pulse.knock("ingest")
    pulse.knock("purge")
    timer.at += 1
    assert pulse.is_silent, "deliver has not come"
    pulse.knock("deliver", "the database is locked")
    assert (pulse.is_silent, pulse.failing) == (False, {"deliver": "the database is locked"})
    pulse.knock("deliver")
    assert pulse.failing == {}


async def looks(pulse, supervisor, tell, number, every=0.001):
    """Let it look so many times."""
    done = asyncio.Event()
    turn, left = pulse.turn, [number]

    def counted():
        turn()
        left[0] -= 1
        if left[0] < 0:
            done.set()

    pulse.turn = counted
    task = asyncio.create_task(watch(pulse, supervisor, tell, every=every))
    await done.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_watchdog_is_fed_while_the_clock_knocks_and_starves_when_it_is_silent(listening):
    supervisor, heard = listening
    timer, told = Timer(), []
    pulse = Pulse(timer=timer)

    async def tell():
        told.append(1)

    await looks(pulse, supervisor, tell, 3)
    assert (set(heard()), told) == ({"WATCHDOG=1"}, [])
    timer.at += SILENT
    with structlog.testing.capture_logs() as logs:
        await looks(pulse, supervisor, tell, 3)
    assert heard() == []
    assert told == [1], "not at every look"
    assert [line["event"] for line in logs] == ["the clock is silent"]


async def test_a_silent_clock_is_told_to_the_operators_once_daily_and_when_it_is_over(world):
    async with world.desk(OPS) as desk:
        knocks = Knocks(desk)
        await knocks.notify()
        world.later(seconds=SILENT)
        for _ in range(2):  # what the watch does
            await knocks.silent()
            await knocks.settled()
        (said,) = world.slack.texts("C0000002")
        assert "The clock: the service on " in said
        assert "polls and sends nothing: its last sign of life is of 2023-08-28 12:00 UTC" in said
        world.later(hours=24)
        (again,) = await told(world, desk)
        assert "Still: The clock" in again
        await knocks.beat()
        (over,) = await told(world, desk)
        assert over.startswith("Presswatch is well again")
        assert "Over: The clock: the service runs again on " in over


async def test_one_that_ended_as_it_should_is_not_missed_and_another_one_may_have_taken_over(world):
    async with world.desk(OPS) as desk:
        await pipeline.beat(desk)
        desk.stopping = True
        await pipeline.end(desk)
        await pipeline.beat(desk)
        with desk.store.read() as tx:
            assert heartbeats.last(tx).ended, "a knock that was still under way does not revive it"
        world.later(hours=9)
        assert await told(world, desk) == []
        with desk.store.write() as tx:
            heartbeats.beat(tx, "other:1:x", world.at)
        await pipeline.end(desk)
        with desk.store.read() as tx:
            assert not is_silent(heartbeats.last(tx), world.at)
            assert heartbeats.last(tx) == heartbeats.Heartbeat(at=world.at, owner="other:1:x")
        world.later(days=8)
        assert await told(world, desk) == [], "nobody waits for it for ever"


async def test_messages_in_doubt_for_a_quarter_of_an_hour_are_told_and_that_it_is_over(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.slack.fail("chat.postMessage", reset(stored=True))
    world.slack.fail("conversations.history", error("internal_error"), times=200)
    async with world.desk(OPS) as desk:
        _, delivered = await world.round(desk)
        assert delivered.unknown == 1
        assert await told(world, desk) == []
        world.later(minutes=14)
        assert await told(world, desk) == []
        world.later(minutes=1)
        (said,) = await told(world, desk)
        assert "Destination desk: 1 message went out and nobody can say whether it arrived, the oldest since" in said
        assert await told(world, desk) == []
        world.later(hours=24)
        (again,) = await told(world, desk)
        assert "Still: Destination desk" in again
        world.slack._faults.clear()
        world.later(hours=1)
        await pipeline.deliver_due(desk)
        (over,) = await told(world, desk)
        assert "Over: Destination desk: it is known again what arrived" in over
    assert len(world.slack.texts()) == 1, "it was found, not sent again"


def test_a_loop_that_stands_still_is_said_once_with_the_place():
    timer = Timer()
    pulse = Pulse(timer=timer)
    with structlog.testing.capture_logs() as logs:
        thread = LoopWatch(pulse, every=0.005, stuck=60.0)
        thread.start()
        timer.at += 61.0
        hang_until(lambda: logs)
        timer.at += 61.0
        hang_until(lambda: not thread.is_alive() or len(logs) > 1, most=0.05)
        thread.stop()
    (line,) = logs
    assert (line["event"], line["seconds"]) == ("the loop stands still", 61)
    assert "hang_until" in line["stack"]


def hang_until(seen, most=5.0):
    until = time.monotonic() + most
    while not seen() and time.monotonic() < until:
        time.sleep(0.001)


def test_who_started_the_service_is_told_in_its_own_words(listening):
    supervisor, heard = listening
    supervisor.ready("3 sources, 2 rules")
    supervisor.reloading()
    supervisor.alive()
    supervisor.stopping()
    first, second, third, fourth = heard()
    assert first == "READY=1\nSTATUS=3 sources, 2 rules"
    assert second.startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert int(second.partition("USEC=")[2]) <= time.monotonic_ns() // 1000
    assert (third, fourth) == ("WATCHDOG=1", "STOPPING=1")


def test_a_supervisor_that_does_not_listen_stops_nobody(tmp_path):
    for address in (str(tmp_path / "nobody"), "@presswatch-nobody", "nonsense", "/" + "x" * 200, ""):
        Supervisor(address=address, watchdog=1.0).alive()
    NOBODY.ready("")


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "180000000"}, 180.0),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": "7"}, 180.0),
        ({"WATCHDOG_USEC": "180000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_by_whom_it_waits_for(environ, seconds):
    assert Supervisor.of(environ | {"NOTIFY_SOCKET": "@x"}, 7) == Supervisor(address="@x", watchdog=seconds)
