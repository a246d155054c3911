"""Places of polls: what lasts moves aside, what stands in a queue has none, and all come back."""

import asyncio

import pytest
from servers import FaultServer, drip, held, reply

from bot.errors import Unreachable
from bot.net import Door, Places, places


@pytest.fixture
def at_once(monkeypatch):
    """No patience: a place is another's as soon as the event loop comes round."""
    monkeypatch.setattr(places, "PATIENCE", 0)


@pytest.fixture
async def server():
    async with FaultServer() as server:
        yield server


@pytest.fixture
async def door():
    async with Door(user_agent="presswatch/1.0", allow=["127.0.0.1"], deadline=600) as door:
        yield door


class Polls:
    """Polls that go on until they are told to end."""

    def __init__(self, given):
        self.given, self.began, self.ends, self.tasks = given, asyncio.Queue(), {}, {}

    def start(self, name):
        self.ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._poll(name))

    async def _poll(self, name):
        async with self.given.place():
            self.began.put_nowait(name)
            await self.ends[name].wait()

    async def end(self, name):
        self.ends[name].set()
        await self.tasks[name]


async def test_without_end_of_patience_a_place_is_kept():
    polls = Polls(Places(1, 5))
    polls.start("a")
    assert await polls.began.get() == "a"
    polls.start("b")
    for _ in range(20):
        await asyncio.sleep(0)
    assert polls.began.empty()
    await polls.end("a")
    assert await polls.began.get() == "b"
    await polls.end("b")


async def test_what_lasts_moves_aside_as_long_as_there_is_room(at_once):
    """One place and two aside: three go on, the fourth waits for any of them to end, and every place comes back."""
    polls = Polls(Places(1, 2))
    for _ in range(3):
        for name in "abcd":
            polls.start(name)
        assert [await polls.began.get() for _ in range(3)] == ["a", "b", "c"]
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert polls.began.empty()
        await polls.end("a")  # aside; c, which has wished for it, moves there
        assert await polls.began.get() == "d"
        for name in "dcb":
            await polls.end(name)


async def test_who_is_stopped_gives_its_place_back(at_once):
    polls = Polls(Places(1, 1))
    for name in "abcd":
        polls.start(name)
    assert [await polls.began.get() for _ in range(2)] == ["a", "b"]
    for name in "cabd":
        polls.tasks[name].cancel()
        await asyncio.gather(polls.tasks[name], return_exceptions=True)
    for name in "ef":
        polls.start(name)
    assert [await polls.began.get() for _ in range(3)] == ["d", "e", "f"]
    for name in "ef":
        await polls.end(name)


async def get(given, door, url):
    async with given.place() as place:
        return await door.holding(place).get(url)


async def test_a_queue_before_one_server_fills_nothing(at_once, server, door):
    """A server that keeps twenty waiting, one place and one aside: another server is asked, and then all twenty."""
    given, go = Places(1, 1), asyncio.Event()
    server["/slow"] = held(go, reply("slow"))
    async with FaultServer() as other:
        other["/feed"] = "quick"
        slow = [asyncio.create_task(get(given, door, server.at("/slow"))) for _ in range(20)]
        await server.asked()
        assert (await get(given, door, other.at("/feed"))).body == b"quick"
        assert not any(task.done() for task in slow)
        go.set()
        assert [(await task).body for task in slow] == [b"slow"] * 20
    assert server.open_most == 1


async def test_a_queue_that_is_left_gives_its_turn_to_the_next(at_once, server, door):
    given, go = Places(1, 1), asyncio.Event()
    server["/slow"] = held(go, reply("slow"))
    first, second, third = (asyncio.create_task(get(given, door, server.at("/slow"))) for _ in range(3))
    await server.asked()
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    go.set()
    assert [(await task).body for task in (first, third)] == [b"slow"] * 2


class Weighed(Places):
    """Places that tell when the bodies have so many bytes."""

    def __init__(self, enough):
        super().__init__(5, 5)
        self.enough, self.filled = enough, asyncio.Event()

    def weigh(self, more, size):
        super().weigh(more, size)
        if self.weight >= self.enough:
            self.filled.set()


async def test_large_bodies_have_a_limited_room_together_and_usual_ones_always(monkeypatch, server, door):
    monkeypatch.setattr(places, "ROOM", 2_000_000)
    given, large, begun = Weighed(900_000), b"x" * 1_900_000, b"x" * 900_000
    server["/large"] = reply(large)
    async with FaultServer() as dripping, FaultServer() as other:
        dripping["/feed"] = drip(first=begun)
        other["/feed"] = "usual"
        slow = asyncio.create_task(get(given, door, dripping.at("/feed")))
        await given.filled.wait()
        with pytest.raises(Unreachable, match="take up all room at the moment"):
            await get(given, door, server.at("/large"))
        assert (await get(given, door, other.at("/feed"))).body == b"usual"
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
    assert given.weight == 0
    assert (await get(given, door, server.at("/large"))).body == large


async def test_who_asks_apart_takes_no_other_connection(server, door):
    """One page that drips is all that may be asked for apart: a second one waits, a feed does not."""
    apart = door.apart(1)
    server["/page"] = drip()
    async with FaultServer() as other:
        dripping = asyncio.create_task(apart.get(server.at("/page")))
        await server.asked()
        second = asyncio.create_task(apart.get(other.at("/page")))
        async with FaultServer() as third:
            third["/feed"] = "news"
            assert (await door.get(third.at("/feed"))).body == b"news"
        assert other.requests == []
        other["/page"] = "page"
        dripping.cancel()
        assert (await second).body == b"page"
