"""The commands as people type them: worker, clock, status, and ``run`` beside them."""

import json
import signal

import pytest
from clusters import rss

from bot.cluster.hosts import host_of, jobs
from bot.cluster.status import Status
from bot.model import Source
from bot.store.processes import Process
from bot.store.queue import Length


@pytest.mark.parametrize("command", ["worker", "clock", "status"])
async def test_a_sqlite_file_is_refused_with_the_remedy(cluster, command):
    cluster.lay({})
    cluster.sqlite = True
    process = cluster.command(command)
    await cluster.until(process.ended, "its end")
    assert process.wait() == 2
    assert "presswatch db copy" in process.log.read_text()


async def test_a_queue_that_does_not_exist_is_refused(cluster):
    cluster.lay({})
    process = cluster.command("worker", "--queues", "deliver,mails")
    await cluster.until(process.ended, "its end")
    assert process.wait() == 2
    assert 'there is no queue "mails"' in process.log.read_text()


async def test_the_commands_do_what_run_does_and_status_tells_of_them(cluster, slack, feeds):
    feeds["/feed"] = rss(("g0", "Old tariff", "An old tariff."))
    cluster.lay({"news": feeds.at("/feed")})
    clock = cluster.command("clock")
    worker = cluster.command("worker", "--concurrency", "4")
    await cluster.until(lambda: cluster.one("SELECT count(*) FROM article") == 1, "the first poll")
    feeds["/feed"] = rss(("g1", "New tariff", "A new tariff."), ("g0", "Old tariff", "An old tariff."))
    cluster.ask("UPDATE source SET next_due = now()")
    await cluster.until(lambda: len(slack.texts()) == 1, "the message")
    status = await answer(cluster)
    row = json.loads(status.log.read_text())
    assert (status.wait(), row["troubles"]) == (0, [])
    assert row["leader"].split(":")[1] == str(clock.pid)
    assert {(each["kind"], each["pid"]) for each in row["processes"]} == {("clock", clock.pid), ("worker", worker.pid)}
    run = cluster.command("run")
    await cluster.until(lambda: run.said("a cluster works on this database"), "the warning")
    for process in (clock, run, worker):
        process.send(signal.SIGTERM)
    await cluster.until(lambda: clock.ended() and worker.ended() and run.ended(), "their end", patience=10)
    gone = await answer(cluster)
    assert gone.wait() == 1
    told = json.loads(gone.log.read_text())["troubles"]
    assert [each.partition(":")[0] for each in told] == [
        "no clock leads, so that nothing falls due",
        "no worker is there",
    ]


async def answer(cluster):
    process = cluster.command("status", "--json")
    await cluster.until(process.ended, "the status")
    return process


def status(now, **more):
    process = {"host": "h", "pid": 1, "queues": (), "started_at": now, "silent": 1.0, "version": "1", "rules": "a"}
    worker = Process(id="w", kind="worker", **process)
    facts = {
        "at": now, "leader": "c", "leading_since": now, "processes": (worker,), "queues": (), "due": 0,
        "due_since": None, "outbox": {}, "held": {},
    }  # fmt: skip
    return Status(**{**facts, **more}), process


def test_each_trouble_is_named(moment):
    well, process = status(moment)
    assert well.troubles == ()
    before = moment.replace(hour=moment.hour - 1)
    other = Process(id="x", kind="worker", **{**process, "rules": "b", "version": "2"})
    silent = Process(id="y", kind="clock", **{**process, "silent": 99.0})
    ill, _ = status(
        moment,
        leader=None,
        processes=(*well.processes, other, silent),
        queues=(Length(queue="ingest", waiting=3, doing=0, oldest=before),),
        due=2,
        due_since=before,
        outbox={"unknown": 1},
        held={"desk": "no such channel"},
    )
    words = ("no clock leads", "99 s", "different rules", "different versions", "queue ingest", "2 sources", "held", "not known")  # fmt: skip
    assert [word for word, said in zip(words, ill.troubles, strict=True) if word not in said] == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.example/a", "news.example"),
        ("http://news.example:80/b", "news.example"),
        ("https://news.example:8443/c", "news.example:8443"),
        ("https://user@news.example/", "source s"),
    ],
)
def test_sources_of_one_server_are_one_job(url, host):
    assert host_of(Source(id="s", kind="feed", url=url, name="s")) == host


def test_a_server_gets_a_job_if_one_of_its_sources_is_due():
    sources = [
        Source(id=name, kind="feed", url=f"https://{name[0]}.example/{name}", name=name) for name in ("a1", "a2", "b1")
    ]
    sources.append(Source(id="d1", kind="folder", path="/seeds", name="d1"))
    found = jobs(sources, ["a1", "a2", "d1", "gone"])
    assert [(job.queue, job.key) for job in found] == [("ingest", "host:a.example"), ("folders", "host:folder d1")]
