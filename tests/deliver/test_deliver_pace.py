import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.deliver.pace import Bucket, Pace


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def make():
    clock = Clock()
    return clock, Pace(clock=clock, sleep=clock.sleep)


async def test_one_message_a_second_and_channel():
    clock, pace = make()
    for _ in range(4):
        assert await pace.turn("chat.postMessage", "C1", longest=20) == 0
    assert clock.slept == [1.0, 1.0, 1.0]


async def test_channels_do_not_wait_for_each_other():
    clock, pace = make()
    for channel in "ABCDEFGH":
        await pace.turn("chat.postMessage", channel, longest=20)
    assert clock.slept == []


async def test_the_workspace_has_a_bucket_of_its_own():
    clock, pace = make()
    for number in range(20):
        await pace.turn("chat.postMessage", f"C{number}", longest=20)
    assert sum(clock.slept) == (20 - 8) * 0.25


async def test_who_would_wait_too_long_is_told_so_and_takes_no_turn():
    clock, pace = make()
    await pace.turn("chat.postMessage", "C1", longest=20)
    assert await pace.turn("chat.postMessage", "C1", longest=0.5) == 1.0
    assert await pace.turn("chat.postMessage", "C1", longest=20) == 0
    assert clock.slept == [1.0]


async def test_a_pause_belongs_to_its_method_and_ends():
    clock, pace = make()
    pace.pause("chat.postMessage", 30)
    pace.pause("chat.postMessage", 10)
    assert pace.paused("chat.postMessage") == 30
    assert pace.paused("chat.update") == 0
    assert await pace.turn("chat.postMessage", "C1", longest=20) == 30
    clock.now += 30
    assert pace.paused("chat.postMessage") == 0
    assert await pace.turn("chat.postMessage", "C1", longest=20) == 0


async def test_scale_zero_switches_the_buckets_off():
    clock = Clock()
    pace = Pace(clock=clock, sleep=clock.sleep, scale=0)
    for _ in range(50):
        await pace.turn("chat.postMessage", "C1", longest=0)
    assert clock.slept == []


async def test_turns_taken_side_by_side_are_spaced_too():
    _, pace = make()
    waits = []

    async def note(seconds):
        waits.append(seconds)

    pace.sleep = note
    await asyncio.gather(*(pace.turn("chat.postMessage", "C1", longest=20) for _ in range(4)))
    assert waits == [1.0, 2.0, 3.0]


@given(st.lists(st.floats(0, 5), min_size=1, max_size=40), st.integers(1, 5))
def test_a_bucket_never_lets_more_through_than_its_rate(gaps, saved):
    bucket, now, passed = Bucket(1.0, saved, at=0.0), 0.0, []
    for gap in gaps:
        now += gap
        passed.append(now + bucket.wait(now))
        bucket.take(now)
    for start in range(len(passed)):
        for end in range(start, len(passed)):
            assert end - start + 1 <= saved + (passed[end] - passed[start]) + 1e-6
