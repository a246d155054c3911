"""A few cases of every kind of the proof; all of it is ``python tests/crash/full.py``, which these run too.

The kinds that are at stake when power fails need a C compiler and Linux, and are skipped with the reason elsewhere.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import proof_disk
import pytest
from proof_burst import burst
from proof_cases import POINTS
from proof_disk import SECTOR, Record, after_cut
from proof_outlets import told_at_hook, told_in_feed
from proof_report import failed
from proof_services import dice_of
from proof_verdict import Verdict, judge
from proof_world import Template, open_world

ROOT = Path(__file__).resolve().parents[2]
FULL = Path(__file__).with_name("full.py")
STRUCK = (
    *("random:1", "outlet:1", "sigterm:2", "point:deliver.sent:3", "point:notices.committed:0"),
    *("late:0", "point:sweep.found:0", "point:sweep.retracted:1"),
)
# Those that strike where they are told to.
HIT = ("point", "late", "power", "control", "write")
DISK = ("power:1", "control:1", "write:61:ENOSPC", "write:97:EIO")


def run_full(folder, *words):
    """The command's exit code, what it said, and the results in its report."""
    command = [sys.executable, str(FULL), "--folder", str(folder), "--processes", "1", *words]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=110, env=dict(os.environ), check=False)
    report = folder / "report.json"
    return ended, json.loads(report.read_text())["cases"] if report.exists() else []


def test_a_few_cases_of_every_kind_lose_nothing_and_double_nothing(tmp_path):
    disk = () if proof_disk.why_not() else DISK
    ended, results = run_full(tmp_path, "--only", *STRUCK, *disk)
    bad = [each for each in results if not each["clean"] and not each["case"].startswith("control")]
    assert not bad, bad
    assert ended.returncode == 0, ended.stderr
    assert {each["case"] for each in results} == {*STRUCK, *disk}
    assert all(each["hit"] for each in results if each["case"].startswith(HIT))
    if not disk:
        pytest.skip(f"power cuts and failing writes were left out: {proof_disk.why_not()}")
    control = next(each for each in results if each["case"].startswith("control"))
    assert control["lost"] or control["doubled"], "with NORMAL a commit must be lost, or the cuts notice nothing"


def test_a_run_that_was_stopped_goes_on_and_fails_where_a_case_failed(tmp_path):
    journal = tmp_path / "journal.jsonl"
    case = {"case": "burst:20:2", "seconds": 1.0, "clean": False, **vars(Verdict(lost=["alert 7"]))}
    journal.write_text(json.dumps(case) + '\n{"case": "burst:30:2", "sec')
    ended, results = run_full(tmp_path, "--resume", str(journal), "--only", "burst:20:2", "burst:10:1")
    assert ended.returncode == 1
    assert [each["case"] for each in results] == ["burst:20:2", "burst:10:1"]
    assert "--only burst:20:2`: alert 7" in (tmp_path / "report.md").read_text()


# Passed once a night, or when far more than usual comes in: the tests of these are where the program stops there.
RARE = {
    "group.joined",
    "group.committed",
    "purge.forgotten",
    "purge.removed",
    "purge.committed",
    "spikes.counted",
    "spikes.queued",
    "spikes.committed",
}


def test_every_named_point_of_the_program_is_one_of_the_proof():
    sources = [path.read_text() for path in (ROOT / "bot").rglob("*.py")]
    assert {name for text in sources for name in re.findall(r'checkpoint\("([a-z._]+)"\)', text)} - RARE == set(POINTS)


def test_controls_that_lose_nothing_are_a_failure():
    case = {"case": "control:0", "clean": True, **vars(Verdict())}
    assert failed([case])
    assert not failed([{**case, "clean": False, "lost": ["acknowledged commits are gone"]}])


@pytest.mark.parametrize(("count", "width"), [(120, 10), (70, 2)])
async def test_a_burst_goes_out_in_order_and_no_faster_than_slack_takes_it(count, width):
    verdict, figures = await burst(count, width)
    assert verdict.clean, verdict
    assert verdict.visible == count
    assert figures["fastest"] > (0.9 if width == 2 else 0.1)


async def test_without_a_pace_the_burst_is_seen_to_be_too_fast():
    verdict, _ = await burst(20, 2, scale=0)
    assert "messages a second" in verdict.broken[0]


async def test_what_shows_late_is_seen_twice_where_nobody_looks_for_it_again(tmp_path):
    """Not every case has a message that shows late in time; one of a few must."""
    template = await Template.make(tmp_path)
    for number in range(6):
        async with open_world(template, dice_of(f"late:{number}"), late=True) as world:
            assert (await world.drive(unswept=True))[0] == 0
            verdict = await judge(world)
        if verdict.doubled:
            return
    pytest.fail("cases with messages that show late notice nothing")


async def test_the_verdict_sees_what_is_lost_and_what_is_doubled(tmp_path):
    template = await Template.make(tmp_path)
    async with open_world(template) as world:
        await world.finish()
        assert (await judge(world)).clean
        messages = world.slack.workspace.messages
        gone = messages.pop(0)
        assert (await judge(world)).lost == ["alert 1 to desk: sent, 0 times in Slack"]
        messages += [gone, gone]
        assert any("2 times in Slack" in sentence for sentence in (await judge(world)).doubled)
        world.relay.got.append(world.relay.got[0])
        assert "the digest came twice, though the relay had confirmed it" in (await judge(world)).doubled


def test_the_verdict_sees_what_a_webhook_and_a_feed_lack_or_have_twice(tmp_path):
    row = ("u", 7, "hook", "post", "sent", "alert", True, 3)
    plain, marked = ({"op": "post", "may_repeat": told} for told in (False, True))

    def seen(taken):
        verdict = Verdict()
        told_at_hook(verdict, taken, [row])
        return bool(verdict.lost), bool(verdict.doubled)

    assert seen([("u.3", plain)]) == seen([("u.3", plain), ("u.3", marked)]) == (False, False)
    assert seen([]) == (True, False)
    assert seen([("u.3", plain), ("u.3", plain)]) == (False, True)
    assert seen([("u.3", plain), ("u.4", plain)]) == (False, True)
    feed = tmp_path / "alerts.json"
    for items, expected in ((["u"], (False, False)), ([], (True, False)), (["u", "u"], (False, True))):
        feed.write_text(json.dumps({"items": [{"id": f"urn:uuid:{uid}"} for uid in items]}))
        verdict = Verdict()
        told_in_feed(verdict, feed, [row])
        assert (bool(verdict.lost), bool(verdict.doubled), bool(verdict.broken)) == (*expected, False)
    feed.write_text('{"items": [')
    told_in_feed(verdict, feed, [row])
    assert verdict.broken


def test_a_cut_keeps_what_was_synced_and_any_part_of_the_rest():
    size = 4 * SECTOR
    before = bytes(size)
    synced = [Record(1.0, "W", "presswatch.db", 0, b"a" * SECTOR), Record(2.0, "S", "presswatch.db", 0, b"")]
    rest = Record(3.0, "W", "presswatch.db", SECTOR, b"b" * (3 * SECTOR))
    seen = set()
    for seed in range(60):
        content = after_cut(before, [*synced, rest], dice_of(f"cut {seed}"))["presswatch.db"]
        assert content[:SECTOR] == b"a" * SECTOR
        seen.add(tuple(content[start : start + 1] for start in range(SECTOR, size, SECTOR)))
    assert len(seen) > 3, "torn between sectors"
    assert {(b"\0", b"\0", b"\0"), (b"b", b"b", b"b")} <= seen
