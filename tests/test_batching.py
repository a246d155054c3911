"""What comes within a moment is written together, and one that cannot be written keeps no other from it."""

import asyncio

import pytest

from bot.batching import Batches
from bot.errors import StoreLocked


def taking(batches, refuse=None):
    """Writes into a list; raises for what ``refuse`` names an error for."""

    async def write(batch):
        batches.append(list(batch))
        for one in batch:
            if refuse and (error := refuse(one)):
                raise error

    return write


async def outcomes(batches, *added):
    return await asyncio.gather(*(batches.add(one) for one in added), return_exceptions=True)


async def test_what_comes_together_is_written_together():
    written = []
    batches = Batches(taking(written), wait=0)
    assert await outcomes(batches, 1, 2, 3) == [None, None, None]
    await batches.add(4)
    assert written == [[1, 2, 3], [4]]


async def test_while_one_batch_is_being_written_the_next_is_gathered():
    begun, go = asyncio.Queue(), asyncio.Event()

    async def write(batch):
        begun.put_nowait(list(batch))
        await go.wait()

    batches = Batches(write, wait=0)
    first = asyncio.ensure_future(batches.add(1))
    assert await begun.get() == [1]
    others = [asyncio.ensure_future(batches.add(one)) for one in (2, 3)]
    assert await begun.get() == [2, 3]
    assert not first.done()
    go.set()
    await asyncio.gather(first, *others)


async def test_trouble_with_the_database_is_told_to_all_and_not_tried_again():
    written, trouble = [], StoreLocked("held")
    batches = Batches(taking(written, lambda _: trouble), wait=0)
    assert await outcomes(batches, 1, 2) == [trouble, trouble]
    assert written == [[1, 2]]


async def test_one_that_cannot_be_written_keeps_no_other_from_it():
    written, bug = [], ZeroDivisionError("a bug")
    batches = Batches(taking(written, lambda one: bug if one == 2 else None), wait=0)
    assert await outcomes(batches, 1, 2, 3) == [None, bug, None]
    assert written == [[1, 2, 3], [1], [2], [3]]


async def test_one_that_is_given_up_keeps_no_other_waiting():
    written = []
    batches = Batches(taking(written), wait=0)
    given_up = asyncio.ensure_future(batches.add(1))
    other = asyncio.ensure_future(batches.add(2))
    await asyncio.sleep(0)
    given_up.cancel()
    await other
    assert written == [[1, 2]]
    with pytest.raises(asyncio.CancelledError):
        await given_up
