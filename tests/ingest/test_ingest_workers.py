"""Parsing in processes that can be killed: limits, reuse, and nobody waits for a hostile feed."""

import asyncio
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from bot.config.secret import Secret
from bot.errors import NotAFeed, SourceError, TooLarge, Unreadable
from bot.ingest import workers
from bot.ingest.workers import CPU, LARGE, MEMORY, QUICK, WALL, ParserPool
from bot.model import Source

GOOD = b"<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>Story</title></item></channel></rss>"
PID = "__import__('os').getpid()"
SPIN = "sum(range(10 ** 12))"  # processor time, in C, where no signal handler of Python's would run


def shape(size, unit, before="<rss><channel>", after=""):
    return (before + unit * ((size - len(before) - len(after)) // len(unit)) + after).encode()


# Ten to the ninth "lol", and one long entity referred to very often: each would become gigabytes.
LAUGHS = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">'
LAUGHS += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS += "]><rss version='2.0'><channel><title>&a9;</title><item><title>&a9;</title></item></channel></rss>"
BLOWN_UP = (
    f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]><rss version="2.0"><channel><title>t</title>'
)
BLOWN_UP += f"<item><title>{'&a;' * 50_000}</title></item></channel></rss>"

HOSTILE = {
    "line feeds": b"\n" * 100_000,
    "line feeds before the feed": shape(100_000, "\n", '<?xml version="1.0"?>', "<rss version='2.0'><channel/></rss>"),
    "line feeds within": shape(300_000, "\n", "<rss><channel><item><title>"),
    "CDATA never closed": shape(600_000, "<![CDATA[x"),
    "comments never closed": shape(300_000, "<!--x"),
    "items never closed": shape(280_000, "<item x>"),
    "tags never closed": shape(250_000, '<item a="b" '),
    "entries": shape(700_000, '<entry><link href="x"/>', "<feed>"),
    "closing tags that are none": shape(500_000, "</item ", "<rss><channel><item>"),
    "declarations": shape(500_000, "<?x ", ""),
    "document types": shape(500_000, "<!DOCTYPE ", ""),
    "a long number": shape(500_000, "9", "<rss><channel><title>&#", ";</title></channel></rss>"),
    "deep HTML": shape(400_000, "&lt;div&gt;", "<rss version='2.0'><channel><item><description>"),
    "an entity bomb": LAUGHS.encode(),
    "an entity of many parts": BLOWN_UP.encode(),
    "brackets": b"(" * 100_000,
    "nested JSON": b"[" * 500_000,
}


@pytest.fixture
async def pool():
    async with ParserPool() as pool:
        yield pool


async def test_nothing_starts_before_the_first_body():
    async with ParserPool() as pool:
        assert not pool.started
    assert not pool.started


async def test_parse_and_read(pool):
    feed = await pool.parse(GOOD, "text/xml", "https://a.example/feed")
    assert [item.guid for item in feed.items] == ["1"]
    read = await pool.read(GOOD, None, None, Source(id="s", kind="feed", name="S", tier="wire"))
    assert [(article.key, article.tier) for article in read.articles] == [("1", "wire")]


async def test_a_sources_credentials_do_not_come_near_what_strangers_wrote(pool):
    secret = Secret("s3cret")  # refuses to be written, and so to be sent to another process
    source = Source(id="s", kind="feed", name="S", headers={"Authorization": secret})
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(source)
    assert len((await pool.read(GOOD, None, None, source)).articles) == 1
    assert len((await pool.show(GOOD, None, None, source)).items) == 1


async def test_errors_come_back_as_they_were_raised(pool):
    with pytest.raises(NotAFeed, match="web page"):
        await pool.parse(b"<html><title>x</title></html>")
    with pytest.raises(TooLarge):
        await pool.parse(b"<rss><channel>" + b"<item/>" * 20_001)


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_feed_is_an_error_or_a_feed_within_a_second_of_processor_time(body):
    """The kernel counts, so that a busy machine changes nothing: with ``cpu=1`` a worker dies within its second second."""
    async with ParserPool(workers=1, quick=60, wall=60, cpu=1) as pool:
        worker = await pool._run(eval, PID)
        with contextlib.suppress(SourceError):
            await pool.parse(body)
        assert await pool._run(eval, PID) == worker, "the worker is the one that it was: nothing had to be killed"


async def test_a_feed_is_read_while_every_quick_worker_is_stuck():
    """What is stuck leaves the quick lane after QUICK seconds, long before it is given up; the others go on there."""
    assert QUICK < 1 < WALL
    async with ParserPool(wall=600, cpu=600) as pool:
        await pool.parse(GOOD)
        stuck = [asyncio.create_task(pool._run(eval, SPIN)) for _ in range(2)]  # one for each worker
        await asyncio.to_thread(_wait_until_busy, pool._quick, 2)
        for _ in range(3):
            assert (await pool.parse(GOOD)).title == "t"
        assert not any(task.done() for task in stuck)
        for task in stuck:
            task.cancel()


async def test_a_large_feed_is_read_while_a_hostile_one_is_given_its_time():
    large = GOOD.replace(b"Story", b"Story" + b"y" * LARGE)
    async with ParserPool(wall=600, cpu=600) as pool:
        await pool.parse(large)
        stuck = asyncio.create_task(pool._run(eval, SPIN.ljust(LARGE)))
        await asyncio.to_thread(_wait_until_busy, pool._patient, 1)
        assert (await pool.parse(large)).title == "t"
        assert not stuck.done()
        stuck.cancel()


async def test_every_worker_has_the_limits_that_the_house_promises(pool):
    assert (MEMORY, CPU, WALL) == (1_000_000_000, 10, 15)
    code = "[__import__('resource').getrlimit(each)[0] for each in map(__import__('resource').__getattribute__, %r)]"
    limits = code % (("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE"),)
    used = "__import__('resource').getrusage(0).ru_utime"
    for size in (0, LARGE):  # the quick lane, the patient one
        (memory, cpu, core), spent = await pool._run(eval, f"{limits}, {used}".ljust(size))
        assert (memory, core) == (MEMORY, 0)
        assert CPU <= cpu <= spent + CPU + 2
    assert (pool._quick._seconds, pool._patient._seconds) == (QUICK, WALL)


async def test_what_takes_too_long_is_killed_in_both_lanes_and_the_workers_go_on():
    async with ParserPool(quick=0.3, wall=0.6) as pool:
        await pool.parse(GOOD)
        stuck = [asyncio.create_task(pool._run(eval, SPIN)) for _ in range(2)]
        for result in await asyncio.gather(*stuck, return_exceptions=True):
            assert isinstance(result, Unreadable)
            assert "longer than 0.6 s" in str(result)
        assert (await pool.parse(GOOD)).title == "t"


async def test_slow_but_honest_work_is_done_in_the_patient_lane():
    async with ParserPool(quick=0.1, wall=30) as pool:
        assert await pool._run(eval, "sum(range(3 * 10 ** 7))") == sum(range(3 * 10**7))


async def test_processor_time_is_limited_for_each_body_not_for_the_worker():
    async with ParserPool(workers=1, quick=30, cpu=1) as pool:
        for _ in range(3):
            await pool._run(eval, "sum(range(2 * 10 ** 7))")
        with pytest.raises(Unreadable, match="1 s of processor time"):
            await pool._run(eval, SPIN)
        assert (await pool.parse(GOOD)).title == "t"


async def test_who_gives_up_while_the_workers_start_leaves_none_behind(monkeypatch):
    started, begun, go = [], asyncio.Event(), threading.Event()
    loop, start = asyncio.get_running_loop(), workers._Lane._start

    def slowly(lane):
        loop.call_soon_threadsafe(begun.set)
        go.wait(30)
        started.append(start(lane))
        return started[-1]

    monkeypatch.setattr(workers._Lane, "_start", slowly)
    async with ParserPool() as pool:
        waiting = asyncio.create_task(pool.parse(GOOD))
        await begun.wait()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        go.set()
        assert (await pool.parse(GOOD)).title == "t"
        assert len(started) == 1
    async with ParserPool() as pool:
        begun.clear()
        go.clear()
        waiting = asyncio.create_task(pool.parse(GOOD))
        await begun.wait()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        go.set()
    assert len(started) == 2
    assert not any(each.active for each in started)


async def test_memory_is_limited(pool):
    with pytest.raises(TooLarge, match="memory"):
        await pool._run(eval, "bytearray(2 * 10 ** 9)")
    assert (await pool.parse(GOOD)).title == "t"


async def test_a_worker_that_dies_costs_its_own_body_only(pool):
    with pytest.raises(Unreadable, match=f"signal {signal.SIGKILL:d}"):
        await pool._run(eval, "__import__('os').kill(__import__('os').getpid(), 9)")
    assert (await pool.parse(GOOD)).title == "t"


async def test_idle_workers_killed_from_outside_are_replaced():
    async with ParserPool(workers=1) as pool:
        pid = await pool._run(eval, "__import__('os').getpid()")
        os.kill(pid, signal.SIGKILL)
        results = [await pool.parse(GOOD) for _ in range(3)]
        assert [feed.title for feed in results] == ["t"] * 3
        assert await pool._run(eval, "__import__('os').getpid()") != pid


async def test_a_cancelled_parse_frees_its_worker():
    async with ParserPool(workers=1, quick=60) as pool:
        await pool.parse(GOOD)
        task = asyncio.create_task(pool._run(eval, SPIN))
        await asyncio.to_thread(_wait_until_busy, pool._quick, 1)
        task.cancel()
        assert (await asyncio.wait_for(pool.parse(GOOD), 20)).title == "t"


def _wait_until_busy(lane, workers):
    tasks = lane._pool._pool_manager.task_manager.tasks
    ends = time.monotonic() + 20
    while sum(bool(task.started) for task in list(tasks.values())) < workers:
        assert time.monotonic() < ends
        time.sleep(0.01)


async def test_workers_are_reused(pool):
    pids = {await pool._run(eval, "__import__('os').getpid()") for _ in range(20)}
    assert 1 <= len(pids) <= 2


SCRIPT = """
import asyncio, sys
MARK = print("main imported", flush=True)
from bot.ingest import workers
from bot.ingest.workers import ParserPool
async def main():
    heavy = {"feedparser", "selectolax"} & set(sys.modules)
    pool = ParserPool()
    loaded = await pool._run(eval, "sorted(m for m in ('click', 'aiohttp', 'sqlalchemy', 'feedparser') if m in __import__('sys').modules)")
    pid = await pool._run(eval, "__import__('os').getpid()")
    print(sorted(heavy), loaded, pid, flush=True)
    if "wait" in sys.argv:
        await asyncio.sleep(60)
    await pool.aclose()
asyncio.run(main())
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "program.py"  # not guarded by __name__: importing it again would start all over
    path.write_text(textwrap.dedent(SCRIPT))
    root = os.fspath(Path(__file__).resolve().parents[2])
    return [sys.executable, os.fspath(path)], {**os.environ, "PYTHONPATH": root}


def test_workers_load_the_parser_and_nothing_else_and_never_the_main_module(script):
    command, environ = script
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True)
    marks, found = done.stdout.splitlines()
    assert marks == "main imported"
    assert found.startswith("[] ['feedparser'] ")


def test_workers_end_when_the_program_is_killed(script):
    command, environ = script
    with subprocess.Popen([*command, "wait"], env=environ, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        program.stdout.readline()
        worker = int(program.stdout.readline().split()[-1])
        os.kill(worker, 0)
        program.kill()
        program.wait()
        ends = time.monotonic() + 20
        while _alive(worker):
            assert time.monotonic() < ends, "the worker outlived its program"
            time.sleep(0.05)


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    ("error", "said"),
    [(EOFError(), False), (FileNotFoundError("a lock that is gone"), False), (ValueError("a bug"), True)],
)
def test_a_worker_that_is_born_while_the_program_ends_says_nothing(error, said, capsys, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the module sets it where it is loaded
    from bot.ingest import forked

    forked.report(type(error), error, None)
    assert bool(capsys.readouterr().err) is said


def test_workers_are_born_with_that_hook():
    code = (
        "import sys, multiprocessing.forkserver\nfrom bot.ingest import workers\n"
        "for name in workers._PRELOAD: __import__(name)\nprint(sys.excepthook.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "bot.ingest.forked"
