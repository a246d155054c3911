"""The proof that a cluster loses nothing and doubles nothing, and what it does in a second, on one machine.

    python tests/crash/cluster_proof.py                                     # some minutes
    python tests/crash/cluster_proof.py --feeds 20000 --hosts 4000 --spread 900 --kill-every 30 --rounds 8

PostgreSQL, clocks and workers as processes, a server of simulated feeds and a Slack. First its speed: all feeds fall due
at once, with 1, 2 and 4 workers; and jobs that do nothing, for what the queue itself costs. Then rounds in which all
feeds fall due within --spread seconds, while a worker is killed (SIGKILL) every --kill-every seconds and, by turns, the
leading clock is stopped (SIGSTOP), the leading clock is killed, PostgreSQL is restarted, and all connections are cut.
At the end every item of every feed must stand in the archive once, and every message in Slack once.

It prints what it found as it goes, and one JSON object at the end; exit code 1: something was lost or doubled.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]

import psutil  # noqa: E402 – the path is set above
from clusters import Cluster, Postgres  # noqa: E402
from feedserver import ITEMS, has_news, newest  # noqa: E402
from standing import far, remember, serving, source_id, write  # noqa: E402

from bot.deliver.fake_slack import FakeSlack, in_thread  # noqa: E402
from bot.store import Store, queue  # noqa: E402

PATIENCE = 3600.0
HEAD = """
[slack]
token_file = "token"
base_url = "{slack}"
[[destination]]
id = "desk"
kind = "slack"
channel = "C0000001"
group_over = 20
group_interval = "10s"
[network]
allow = ["localhost"]
"""
# Short times of doubt, so that a proof does not wait minutes for each killed sender; --real has those of the product.
SHORT = {"timing": {}, "policy": {"lease": 10.0, "settle": 1.0, "longest_wait": 5.0}, "deadline": 5.0}


def main():
    options = _options()
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder, serving(options.hosts) as feeds:
        server = Postgres()
        try:
            with in_thread(FakeSlack()) as slack:
                return asyncio.run(Proof(Path(folder), server, slack, feeds, options).run())
        finally:
            server.close()


def _options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--feeds", type=int, default=600, metavar="N", help="simulated feeds, a twelfth of them with news"
    )
    parser.add_argument("--hosts", type=int, default=200, metavar="N", help="servers that the feeds lie on")
    parser.add_argument("--rules", type=int, default=1000, metavar="N")
    parser.add_argument("--workers", type=int, default=4, metavar="N")
    parser.add_argument("--clocks", type=int, default=2, metavar="N")
    parser.add_argument("--rounds", type=int, default=4, metavar="N", help="rounds with faults")
    parser.add_argument("--spread", type=float, default=30.0, metavar="S", help="seconds in which a round falls due")
    parser.add_argument(
        "--kill-every", type=float, default=10.0, metavar="S", help="seconds between two killed workers"
    )
    parser.add_argument("--concurrency", type=int, default=32, metavar="N")
    parser.add_argument("--jobs", type=int, default=2000, metavar="N", help="empty jobs, for the queue's own cost")
    parser.add_argument("--real", action="store_true", help="leases, pauses and Slack's pace as the product has them")
    parser.add_argument("--no-speed", action="store_true", help="only the rounds with faults")
    parser.add_argument(
        "--control", action="store_true", help="take a message away and repeat one: the verdict must be 1"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Proof:
    """One run."""

    def __init__(self, folder, server, slack, feeds, options):
        self.cluster = Cluster(folder, server, slack.url)
        self.slack, self.feeds, self.options = slack, feeds, options
        self.rng = random.Random(options.seed)
        self.turn = 0
        self.figures = {"throughput": {}, "recovery": {}}
        self.workers, self.clocks = [], []
        more = {} if options.real else {**SHORT, "scale": 0.02}
        self.wish = {"concurrency": options.concurrency, "timing": {}, "policy": {}, "product": True, **more}

    async def run(self):
        self._lay()
        try:
            if not self.options.no_speed:
                await self._speed()
            await self._faults()
            found = await self._verdict()
        finally:
            self.cluster.end()
        print(json.dumps({**self.figures, **found}), flush=True)
        return 1 if found["lost"] or found["doubled"] else 0

    def _lay(self):
        cluster, options = self.cluster, self.options
        cluster.database = cluster.server.create()
        write(cluster.folder, self.feeds, options.feeds, options.rules)
        config = cluster.folder / "config.toml"
        sources = config.read_text().partition("[[source]]")
        config.write_text('rules = "rules"\n' + HEAD.format(slack=self.slack.url) + sources[1] + sources[2])
        (cluster.folder / "token").write_text("xoxb-fake")
        (cluster.folder / "token").chmod(0o600)
        self.store = Store(cluster.server.url(cluster.database))
        self.store.open()
        queue.prepare(self.store)

    # ── processes ────────────────────────────────────────────────────────────────────────────────

    def _worker(self):
        self.workers.append(self.cluster.start("worker", **self.wish))

    def _clock(self):
        self.clocks.append(self.cluster.start("clock", **self.wish))

    async def _stop(self, processes):
        for each in processes:
            each.send(signal.SIGCONT)
            each.send(signal.SIGTERM)
        for each in processes:
            await self._until(each.ended)
            if each.wait() != 0:
                raise SystemExit(f"a {each.kind} ended with {each.wait()}:\n{each.log.read_text()[-3000:]}")
        processes.clear()

    async def _until(self, condition, pause=0.1):
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > PATIENCE:
                raise SystemExit("it did not come to an end")
            await asyncio.sleep(pause)
        return time.monotonic() - began

    # ── speed ────────────────────────────────────────────────────────────────────────────────────

    async def _speed(self):
        self._worker()
        await self._until(lambda: self.cluster.one("SELECT count(*) FROM source") == self.options.feeds)
        await self._until(lambda: self.cluster.one("SELECT count(*) FROM process") == 1)
        quiet = [feed for feed in range(self.options.feeds) if not has_news(feed)]
        remember(self.store, quiet, far())
        await self._empty_jobs()
        self._clock()
        await self._polled("first polls of the feeds with news", first=True)
        for number in (1, 2, 4):
            while len(self.workers) < number:
                self._worker()
            await self._until(
                lambda n=number: self.cluster.one("SELECT count(*) FROM process WHERE kind = 'worker'") == n
            )
            await asyncio.sleep(3)  # rules are loaded, pools are open
            self.figures["throughput"][number] = await self._polled(f"{number} worker(s)")
        await self._stop([*self.workers, *self.clocks])
        self.workers, self.clocks = [], []

    async def _empty_jobs(self):
        count = self.options.jobs
        jobs = [queue.delivery(f"nobody {number}") for number in range(count)]
        cpu = self._cpu()
        began = time.monotonic()
        with self.store.beside() as tx:
            queue.enqueue(tx, jobs)
        written = time.monotonic() - began
        await self._until(lambda: not self.cluster.one("SELECT count(*) FROM procrastinate_jobs"), 0.05)
        seconds, cpu = time.monotonic() - began, self._cpu() - cpu
        self.figures["queue"] = {
            "jobs_per_second": round(count / (seconds - written)),
            "enqueue_ms_per_job": round(1000 * written / count, 3),
            "cpu_ms_per_job": round(1000 * cpu / count, 2),
        }
        print(f"queue: {self.figures['queue']}", flush=True)

    def _cpu(self):
        """Processor seconds of workers, clocks and the database so far."""
        names = {each.pid for each in (*self.workers, *self.clocks)}
        total = 0.0
        for process in psutil.process_iter(["pid", "name", "cpu_times"]):
            times = process.info["cpu_times"]
            if times and (process.info["pid"] in names or process.info["name"] == "postgres"):
                total += times.user + times.system + times.children_user + times.children_system
        return total

    async def _polled(self, name, *, first=False, spread=0.0):
        """Have all feeds fall due, and wait until all are polled; polls and new items a second."""
        if not first:
            self.turn += 1
            self.feeds.ask(f"/round/{self.turn}")
        news = [source_id(feed) for feed in range(self.options.feeds) if has_news(feed)]
        chosen = news if first else [source_id(feed) for feed in range(self.options.feeds)]
        articles = self.cluster.one("SELECT count(*) FROM article")
        began, cpu = self.cluster.one("SELECT clock_timestamp()"), self._cpu()
        listed = ", ".join(f"'{each}'" for each in chosen)
        self.cluster.server.run(
            f"UPDATE source SET next_due = clock_timestamp() + random() * {spread} * interval '1 second' "
            f"WHERE id IN ({listed})",
            self.cluster.database,
        )
        wanted = f"SELECT count(*) FROM source WHERE last_ok_at >= '{began.isoformat()}' AND id IN ({listed})"
        seconds = await self._until(lambda: self.cluster.one(wanted) == len(chosen), 0.25)
        items = self.cluster.one("SELECT count(*) FROM article") - articles
        found = {
            "polls_per_second": round(len(chosen) / seconds, 1),
            "items_per_second": round(items / seconds, 1),
            "cpu_ms_per_poll": round(1000 * (self._cpu() - cpu) / len(chosen), 2),
        }
        if spread:  # processes that died took their figures with them
            del found["cpu_ms_per_poll"]
        print(f"{name}: {len(chosen)} polls, {items} new items in {seconds:.1f} s: {found}", flush=True)
        return found

    # ── faults ───────────────────────────────────────────────────────────────────────────────────

    async def _faults(self):
        for _ in range(self.options.workers):
            self._worker()
        for _ in range(self.options.clocks):
            self._clock()
        await self._until(lambda: self.cluster.leader()[0] > 0)
        if self.options.no_speed:
            await self._until(lambda: self.cluster.one("SELECT count(*) FROM source") == self.options.feeds)
            remember(self.store, [feed for feed in range(self.options.feeds) if not has_news(feed)], far())
            await self._polled("first polls of the feeds with news", first=True)
        kills = asyncio.create_task(self._kill())
        faults = (self._stop_leader, self._kill_leader, self._restart, self._cut)
        for number in range(self.options.rounds):
            polling = asyncio.create_task(self._polled(f"round {number + 1}", spread=self.options.spread))
            await asyncio.sleep(self.options.spread / 3)
            await faults[number % len(faults)]()
            await polling
        kills.cancel()
        await asyncio.gather(kills, return_exceptions=True)
        waiting = "SELECT count(*) FROM delivery WHERE state IN ('pending', 'sending', 'unknown') AND op <> 'update'"
        seconds = await self._until(lambda: self.cluster.one(waiting) == 0, 0.5)
        print(f"outbox empty after {seconds:.1f} s", flush=True)
        await self._stop([*self.workers, *self.clocks])

    def _note(self, name, seconds):
        self.figures["recovery"].setdefault(name, []).append(round(seconds, 1))
        print(f"{name}: {seconds:.1f} s", flush=True)

    async def _kill(self):
        while True:
            await asyncio.sleep(self.options.kill_every)
            victim = self.workers.pop(self.rng.randrange(len(self.workers)))
            victim.kill()
            victim.wait()
            self._worker()  # as whoever keeps services alive would
            began = time.monotonic()
            await self._until(await self._is_replaced())
            self._note("worker killed → its jobs others'", time.monotonic() - began)

    async def _is_replaced(self):
        """Whether the jobs of the worker that just died are nobody's any more: it is the one whose heart stopped."""
        began = time.monotonic()
        silent = "SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - interval '4 seconds' "
        await self._until(lambda: self.cluster.ask(silent) or time.monotonic() - began > queue.STALLED)
        dead = self.cluster.one(silent + "ORDER BY last_heartbeat LIMIT 1") or 0
        held = f"SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = {dead}"
        return lambda: self.cluster.one(held) == 0

    async def _next_leader(self, name, fence):
        self._note(name, await self._until(lambda: self.cluster.leader()[0] > fence, 0.05))

    async def _stop_leader(self):
        fence, pid = self.cluster.leader()
        (leader,) = [each for each in self.clocks if each.pid == pid]
        leader.send(signal.SIGSTOP)
        await self._next_leader("leader stopped → another leads", fence)
        leader.send(signal.SIGCONT)

    async def _kill_leader(self):
        fence, pid = self.cluster.leader()
        (leader,) = [each for each in self.clocks if each.pid == pid]
        leader.kill()
        leader.wait()
        self.clocks.remove(leader)
        await self._next_leader("leader killed → another leads", fence)
        self._clock()

    async def _restart(self):
        await asyncio.to_thread(self.cluster.server.stop)
        await asyncio.to_thread(self.cluster.server.start)
        await self._work_again("PostgreSQL restarted → next poll written")

    async def _cut(self):
        self.cluster.server.cut(self.cluster.database)
        await self._work_again("connections cut → next poll written")

    async def _work_again(self, name):
        last = self.cluster.one("SELECT max(id) FROM poll")
        self._note(name, await self._until(lambda: (self.cluster.one("SELECT max(id) FROM poll") or 0) > last, 0.05))

    # ── verdict ──────────────────────────────────────────────────────────────────────────────────

    async def _verdict(self):
        if self.options.control:
            found = self.slack.workspace.messages
            del found[0]
            found.append(found[0])
        urls = Counter(row[0] for row in self.cluster.ask("SELECT url FROM article"))
        wanted = {
            f"https://news.example/{feed}/{number}"
            for feed in range(self.options.feeds)
            if has_news(feed)
            for number in range(1, newest(feed, self.turn) + 1)
            if number > newest(feed, 0) - ITEMS
        }
        messages = Counter(
            message.data.get("metadata", {}).get("event_payload", {}).get("uid")
            for message in self.slack.workspace.messages
        )
        rows = self.cluster.ask(
            "SELECT coalesce(bundle.uid, delivery.uid), coalesce(bundle.state, delivery.state) FROM delivery "
            "LEFT JOIN delivery AS bundle ON bundle.id = delivery.grouped_in WHERE delivery.op <> 'update' "
            "AND delivery.payload_kind IN ('alert', 'group')"
        )
        untold = self.cluster.one(
            "SELECT count(DISTINCT article.id) FROM article JOIN article_version ON article_version.article = article.id "
            "JOIN mention ON mention.article_version = article_version.id WHERE article.state = 'no rule'"
        )
        unsent = Counter(state for _, state in rows if state != "sent")
        lost = [uid for uid, state in rows if state == "sent" and not messages[uid]]
        doubled = [uid for uid, number in messages.items() if number > 1 and uid]
        found = {
            "items": len(wanted),
            "messages": sum(messages.values()),
            "alerts": self.cluster.one("SELECT count(*) FROM alert"),
            "lost": len(wanted - urls.keys()) + len(lost) + sum(unsent.values()) + untold,
            "doubled": sum(number > 1 for number in urls.values()) + len(doubled),
        }
        print(
            f"items lost {len(wanted - urls.keys())}, messages lost {len(lost)}, not sent {dict(unsent)}, untold {untold}"
        )
        for name, times in self.figures["recovery"].items():
            print(f"{name}: {len(times)} times, median {sorted(times)[len(times) // 2]} s, longest {max(times)} s")
        self.store.close()
        return found


if __name__ == "__main__":
    sys.exit(main())
