"""The whole proof that no alert is lost and none doubled, as a command with a report.

    python tests/crash/full.py                          # 50 × every named point, 1,000 random kills, 1,000 SIGTERMs …
    python tests/crash/full.py --random 20000 --resume var/proof/journal.jsonl
    python tests/crash/full.py --only power:17          # one case again

Finished cases are lines of a journal, so that a run that was stopped goes on where it was (--resume). The report lies
beside it: report.md and report.json. Exit code 1: something was lost, doubled or broken, or a control passed.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import proof_disk  # noqa: E402 – the path is set above
from proof_cases import POINTS, count_writes, run_case  # noqa: E402
from proof_report import failed, summary, write_report  # noqa: E402
from proof_world import Template  # noqa: E402

# Most of a case is waiting for leases and for Slack to show things: so many are played at a time for each core.
AT_A_TIME = 4
ENDED = "a worker ended before its cases did: see what it said above"


def main():
    options = _options()
    if options.worker:
        return asyncio.run(_work(options.worker))
    options.folder.mkdir(parents=True, exist_ok=True)
    journal = options.resume or options.folder / "journal.jsonl"
    if not options.resume:
        journal.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="proof-") as scratch:
        asyncio.run(_run(options, journal, Path(scratch)))
    results = _finished(journal)
    write_report(options.folder, results.values())
    print(summary(results.values()))
    print(f"Report: {options.folder / 'report.md'}")
    return 1 if failed(results.values()) else 0


def _options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=50, metavar="N", help="SIGKILLs at each named point")
    parser.add_argument("--random", type=int, default=1000, metavar="N", help="cases with SIGKILL at any time")
    parser.add_argument("--outlets", type=int, default=200, metavar="N", help="such cases with a webhook and a feed")
    parser.add_argument("--late", type=int, default=200, metavar="N", help="cases with messages that show late")
    parser.add_argument("--sigterm", type=int, default=1000, metavar="N", help="SIGTERMs at any time")
    parser.add_argument("--power", type=int, default=200, metavar="N", help="power cuts; a fifth as many controls")
    parser.add_argument("--writes", type=int, metavar="N", help="only every N-th failing write; 0: none (default: all)")
    parser.add_argument("--burst", type=int, default=10_000, metavar="N", help="alerts in the burst to ten channels")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="these cases, by name")
    parser.add_argument("--resume", type=Path, metavar="FILE", help="go on with this journal")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "proof", help="where journal and report lie")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2, metavar="N")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


async def _run(options, journal, scratch):
    done = _finished(journal)
    environment = dict(os.environ)
    if not (reason := proof_disk.why_not()):
        environment["LD_PRELOAD"] = str(proof_disk.build(scratch))
    workers = [await _Worker.start(scratch / str(number), environment) for number in range(options.processes)]
    try:
        names = options.only or await _plan(options, workers[0], reason)
        if reason and not options.only:
            print(f"No power cuts and no failing writes: {reason}", file=sys.stderr)
        todo = [name for name in dict.fromkeys(names) if name not in done]
        with journal.open("a") as lines:
            _end_line(journal, lines)
            await _all(todo, len(names), workers, lines)
    finally:
        for worker in workers:
            await worker.end()


async def _plan(options, worker, no_disk):
    """The names of all cases, kinds mixed, so that the first minutes tell of each."""
    kinds = [
        [f"point:{point}:{number}" for number in range(options.points) for point in POINTS],
        [f"random:{number}" for number in range(options.random)],
        [f"outlet:{number}" for number in range(options.outlets)],
        [f"late:{number}" for number in range(options.late)],
        [f"sigterm:{number}" for number in range(options.sigterm)],
    ]
    if not no_disk:
        kinds.append([f"power:{number}" for number in range(options.power)])
        kinds.append([f"control:{number}" for number in range(-(-options.power // 5))])
        if options.writes != 0:
            count = (await worker.play("count"))["count"]
            writes = range(1, count + 1, options.writes or 1)
            kinds.append([f"write:{number}:{error}" for number in writes for error in ("ENOSPC", "EIO")])
    if options.burst:
        kinds.append([f"burst:{options.burst}:10", f"burst:{options.burst // 5}:2"])
    placed = sorted((place / len(names), name) for names in kinds for place, name in enumerate(names))
    return [name for _, name in placed]


async def _all(todo, total, workers, lines):
    """Play ``todo``; each result is a line as soon as it is there."""
    waiting, began, bad = iter(todo), time.monotonic(), 0
    finished = total - len(todo)

    async def lane(worker):
        nonlocal finished, bad
        for name in waiting:
            result = await worker.play(name)
            lines.write(json.dumps(result) + "\n")
            lines.flush()
            finished += 1
            bad += not result["clean"] and not name.startswith("control")
            _bar(finished, total, bad, time.monotonic() - began, len(todo) - (total - finished))

    await asyncio.gather(*(lane(worker) for worker in workers for _ in range(AT_A_TIME)))
    sys.stderr.write("\n")


def _bar(finished, total, bad, seconds, here):
    if sys.stderr.isatty() or finished == total:
        width = 30 * finished // max(1, total)
        pace = seconds / max(1, here)
        sys.stderr.write(f"\r[{'█' * width:<30}] {finished}/{total}, {bad} failed, {pace:.2f} s a case ")
        sys.stderr.flush()


def _end_line(journal, lines):
    """A run that was stopped may have left half a line, which must not spoil the next."""
    if (text := journal.read_text()) and not text.endswith("\n"):
        lines.write("\n")


def _finished(journal):
    """What stands in the journal, by case; a line that was cut off by the end of a run does not count."""
    found = {}
    for line in journal.read_text().splitlines() if journal.exists() else ():
        try:
            result = json.loads(line)
        except ValueError:
            continue
        found[result["case"]] = result
    return found


# ── workers ──────────────────────────────────────────────────────────────────────────────────────


class _Worker:
    """A process that plays cases, several at a time: names go in, results come out, one a line."""

    def __init__(self, process):
        self._process, self._asked = process, {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, folder, environment):
        folder.mkdir()
        command = (sys.executable, __file__, "--worker", str(folder))
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return cls(await asyncio.create_subprocess_exec(*command, env=environment, limit=2**20, **pipes))

    async def play(self, name):
        if self._reading.done():
            raise RuntimeError(ENDED)
        answer = self._asked[name] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(f"{name}\n".encode())
        return await answer

    async def _read(self):
        while line := await self._process.stdout.readline():
            result = json.loads(line)
            self._asked.pop(result["case"]).set_result(result)
        for answer in self._asked.values():
            answer.set_exception(RuntimeError(ENDED))

    async def end(self):
        self._process.stdin.close()
        await self._process.wait()
        await self._reading


async def _work(folder):
    """Play what is asked for until there is no more to come."""
    template, reader = None, asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    playing = set()

    async def play(name):
        shared = None if name.startswith("burst") else await template
        result = (
            {"case": name, "count": await count_writes(shared)} if name == "count" else await run_case(name, shared)
        )
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()

    while line := await reader.readline():
        name = line.decode().strip()
        if template is None and not name.startswith("burst"):  # which plays in a folder of its own
            template = asyncio.create_task(Template.make(folder))
        task = asyncio.create_task(play(name))
        playing.add(task)
        task.add_done_callback(lambda task: _done(task, playing))
    if playing:
        await asyncio.wait(playing)
    return 0


def _done(task, playing):
    """A case that could not even be begun ends the worker, and so the run, instead of being waited for."""
    playing.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        traceback.print_exception(error)
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
