"""What was in doubt: when it is looked for, and what a second copy changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, PAYLOAD, later, put_message, put_source, take

from bot.model import Copies, Copy, Delivered, Held, Later, LookUp, Marked, RefusedPayload, Removed, Unknown
from bot.store import doubts, groups, outbox, tables
from bot.store.outbox import Policy

POLICY = Policy()
LOST = Unknown(reason="reset")
# Claimed at NOW, in doubt until lease and settle are over, found missing and sent again then.
AGAIN = later(150)
DUE = AGAIN + timedelta(seconds=120)
LAST = AGAIN + timedelta(seconds=960)


@pytest.fixture
def tx(store):
    put_source(store)
    with store.write() as open_tx:
        yield open_tx


def place(ts):
    return Delivered(channel_id="C1", ts=ts)


def copies(*stamps, uid="u1", marked=()):
    here = tuple(Copy(uid=uid, channel_id="C1", ts=ts) for ts in stamps)
    return Copies(found={uid: here}, marked=frozenset(("C1", ts) for ts in marked), complete=True)


def doubted(tx, *, ts="20.2"):
    """The claimed messages: sent, lost, not found, and sent again."""
    for delivery in take(tx):
        outbox.mark(tx, delivery, LOST, NOW, POLICY)
    asked = outbox.unknowns(tx, AGAIN)["desk"]
    outbox.settle(tx, asked, LookUp(complete=True), AGAIN, POLICY)
    claimed = take(tx, now=AGAIN)
    for delivery in claimed:
        outbox.mark(tx, delivery, place(ts), AGAIN, POLICY)
    return claimed


def claim(tx, now=DUE):
    return doubts.claim(tx, "desk", now, POLICY.lease)


def stored(tx, delivery):
    return tx.row(sa.select(tables.delivery).where(tables.delivery.c.id == delivery))


def rows(tx, table):
    return [dict(row) for row in tx.rows(sa.select(table))]


def fates(tx):
    return {row["ts"]: row["fate"] for row in rows(tx, tables.duplicate)}


# ── when ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outcome", [place("1.1"), Later(reason="429", seconds=0)])
def test_what_was_never_in_doubt_is_not_looked_for(tx, outcome):
    put_message(tx, "u1")
    outbox.mark(tx, take(tx)[0], outcome, NOW, POLICY)
    for delivery in take(tx):
        outbox.mark(tx, delivery, place("1.1"), NOW, POLICY)
    assert rows(tx, tables.doubt) == []
    assert not doubts.is_due(tx, "desk", later(100_000))


def test_what_was_in_doubt_is_looked_for_twice_after_it_is_there(tx):
    put_message(tx, "u1")
    doubted(tx)
    assert not doubts.is_due(tx, "desk", DUE - timedelta(seconds=1))
    assert doubts.is_due(tx, "desk", DUE)
    assert not doubts.is_due(tx, "other", DUE)
    (doubt,) = claim(tx)
    assert (doubt.delivery.uid, doubt.delivery.ts, doubt.delivery.first_tried_at) == ("u1", "20.2", NOW)
    assert doubts.found(tx, doubt, copies("20.2"), DUE) is None
    doubts.looked(tx, doubt, DUE, POLICY)
    assert not doubts.is_due(tx, "desk", LAST - timedelta(seconds=1))
    (doubt,) = claim(tx, LAST)
    doubts.looked(tx, doubt, LAST, POLICY)
    assert rows(tx, tables.doubt) == []


def test_a_program_that_was_down_so_long_looks_once(tx):
    put_message(tx, "u1")
    doubted(tx)
    (doubt,) = claim(tx, later(9_000))
    doubts.looked(tx, doubt, later(9_000), POLICY)
    assert rows(tx, tables.doubt) == []


def test_what_was_found_by_the_look_up_is_looked_for_too_and_at_once_where_it_was_seen_twice(tx):
    put_message(tx, "u1")
    outbox.mark(tx, take(tx)[0], LOST, NOW, POLICY)
    asked = outbox.unknowns(tx, AGAIN)["desk"]
    answer = LookUp(found={"u1": ("C1", "1.1")}, complete=True, twice=frozenset({"u1"}))
    assert not doubts.is_due(tx, "desk", AGAIN), "it is not there yet"
    outbox.settle(tx, asked, answer, AGAIN, POLICY)
    assert doubts.is_due(tx, "desk", AGAIN)


def test_an_answer_that_comes_after_somebody_else_sent_it_says_that_there_are_two(tx):
    put_message(tx, "u1")
    (late,) = take(tx)
    outbox.expire(tx, later(91), POLICY)
    outbox.settle(tx, outbox.unknowns(tx, AGAIN)["desk"], LookUp(complete=True), AGAIN, POLICY)
    outbox.mark(tx, take(tx, now=AGAIN)[0], place("20.2"), AGAIN, POLICY)
    assert outbox.mark(tx, late, place("1.1"), later(155), POLICY) == "sent"
    assert doubts.is_due(tx, "desk", later(155))


@pytest.mark.parametrize(
    ("outcome", "policy"),
    [
        (Delivered(), POLICY),
        (RefusedPayload(reason="invalid_blocks"), POLICY),
        (place("1.1"), replace(POLICY, sweeps=())),
    ],
    ids=["where there are no names", "refused for good", "switched off"],
)
def test_what_cannot_be_looked_for_is_forgotten(tx, outcome, policy):
    put_message(tx, "u1")
    outbox.mark(tx, take(tx)[0], LOST, NOW, policy)
    outbox.settle(tx, outbox.unknowns(tx, AGAIN)["desk"], LookUp(complete=True), AGAIN, policy)
    for _ in range(2):
        for delivery in take(tx, now=AGAIN):
            outbox.mark(tx, delivery, outcome, AGAIN, policy)
    assert rows(tx, tables.doubt) == []


def test_who_looks_puts_others_off_for_as_long_as_the_lease(tx):
    put_message(tx, "u1")
    doubted(tx)
    (mine,) = claim(tx)
    assert claim(tx) == []
    assert doubts.renew(tx, mine, DUE, POLICY.lease)
    (theirs,) = claim(tx, DUE + timedelta(seconds=90))
    assert theirs.fence == mine.fence + 1
    assert not doubts.renew(tx, mine, DUE, POLICY.lease)
    doubts.looked(tx, mine, DUE, POLICY)
    assert doubts.renew(tx, theirs, DUE, POLICY.lease), "who has lost it ends nothing"


# ── what was found ───────────────────────────────────────────────────────────────────────────────


def test_the_earliest_message_is_the_one_and_what_follows_goes_there(tx):
    root, story = put_message(tx, "u1")
    doubted(tx)
    put_message(tx, "reply", op="reply", root=root, story=story)
    outbox.coalesce_update(tx, root, {"full": {"text": "+1 outlet"}}, AGAIN, pause=0)
    (doubt,) = claim(tx)
    work = doubts.found(tx, doubt, copies("10.1", "20.2", "30.3"), DUE)
    assert (work.first.ts, [copy.ts for copy in work.copies], work.newest) == ("10.1", ["20.2", "30.3"], None)
    assert fates(tx) == {"20.2": "found", "30.3": "found"}
    reply, update = take(tx, now=DUE)
    assert (reply.thread_ts, update.ts) == ("10.1", "10.1")


def test_the_earliest_message_reads_as_the_later_one_did_last(tx):
    root, _ = put_message(tx, "u1")
    doubted(tx)
    outbox.coalesce_update(tx, root, {"full": {"text": "+1 outlet"}}, AGAIN, pause=0)
    for delivery in take(tx, now=AGAIN):
        outbox.mark(tx, delivery, place("20.2"), AGAIN, POLICY)
    (doubt,) = claim(tx)
    assert doubts.found(tx, doubt, copies("20.2", "30.3"), DUE).newest is None, "that is the one it was"
    assert doubts.found(tx, doubt, copies("10.1", "20.2", "30.3"), DUE).newest == {"full": {"text": "+1 outlet"}}
    assert doubts.found(tx, doubt, copies("10.1", "20.2", "30.3"), DUE).newest is None, "it was said once"


def test_alerts_that_share_a_message_follow_it(tx):
    members = [put_message(tx, uid)[0] for uid in ("a", "b")]
    group = groups.join(tx, members, uid="u1", destination="desk", payload=PAYLOAD, at=NOW)
    doubted(tx)
    (doubt,) = claim(tx)
    assert doubt.delivery.id == group
    doubts.found(tx, doubt, copies("10.1", "20.2"), DUE)
    assert {stored(tx, id_)["ts"] for id_ in (group, *members)} == {"10.1"}


def test_a_message_is_left_alone_while_something_is_under_way_into_its_thread(tx):
    members = [put_message(tx, uid) for uid in ("a", "b")]
    groups.join(tx, [id_ for id_, _ in members], uid="u1", destination="desk", payload=PAYLOAD, at=NOW)
    doubted(tx)
    put_message(tx, "reply", op="reply", root=members[1][0], story=members[1][1], at=AGAIN)
    (reply,) = take(tx, now=DUE, lease=10_000)
    assert not doubts.is_due(tx, "desk", DUE)
    outbox.mark(tx, reply, place("21.1"), DUE, POLICY)
    assert doubts.is_due(tx, "desk", DUE)


@pytest.mark.parametrize(
    ("outcome", "fate"),
    [
        (Removed(), "removed"),
        (Marked(), "marked"),
        (RefusedPayload(reason="edit_window_closed"), "left"),
        (Later(reason="429", seconds=30), "found"),
        (Held(reason="missing_scope"), "found"),
    ],
)
def test_what_became_of_a_copy_is_written_down(tx, outcome, fate):
    put_message(tx, "u1")
    doubted(tx)
    (doubt,) = claim(tx)
    (copy,) = doubts.found(tx, doubt, copies("10.1", "20.2"), DUE).copies
    doubts.became(tx, doubt, copy, outcome, DUE)
    (row,) = rows(tx, tables.duplicate)
    assert (row["fate"], row["error"]) == (fate, getattr(outcome, "reason", None))
    assert (row["done_at"] is None) == (fate == "found")
    again = doubts.found(tx, doubt, copies("10.1", "20.2"), DUE)
    assert [one.ts for one in again.copies] == ([] if fate == "left" else ["20.2"])
    (tally,) = doubts.tally(tx, NOW)
    assert (tally.destination, tally.fate, tally.number) == ("desk", fate, 1)
    assert doubts.tally(tx, later(1_000)) == []


@pytest.mark.parametrize("marked", [True, False])
def test_a_kill_after_a_copy_was_taken_back_is_made_good_by_the_next_look(tx, marked):
    put_message(tx, "u1")
    (delivery,) = doubted(tx)
    (doubt,) = claim(tx)
    doubts.found(tx, doubt, copies("10.1", "20.2"), DUE)
    (doubt,) = claim(tx, DUE + timedelta(seconds=90))
    assert doubts.found(tx, doubt, copies("10.1", marked=["20.2"] if marked else []), DUE) is None
    assert fates(tx) == {"20.2": "marked" if marked else "removed"}
    assert stored(tx, delivery.id)["ts"] == "10.1"


def test_a_look_that_failed_is_repeated_less_and_less_often_and_not_for_ever(tx):
    put_message(tx, "u1")
    doubted(tx)
    (doubt,) = claim(tx)
    doubts.found(tx, doubt, copies("10.1", "20.2"), DUE)
    waits, now = [], DUE
    while rows(tx, tables.doubt):
        doubts.failed(tx, doubt, now, POLICY, reason="not_in_channel", seconds=None)
        if left := rows(tx, tables.doubt):
            waits.append((left[0]["due"] - now).total_seconds())
            now = left[0]["due"]
            (doubt,) = claim(tx, now)
    assert waits[:4] == [2, 4, 8, 16]
    assert timedelta(hours=20) < now - DUE < timedelta(hours=26)
    (row,) = rows(tx, tables.duplicate)
    assert (row["fate"], row["error"]) == ("left", "not_in_channel")


def test_a_pause_that_was_asked_for_is_kept_and_what_can_never_be_is_given_up(tx):
    put_message(tx, "u1")
    doubted(tx)
    (doubt,) = claim(tx)
    doubts.failed(tx, doubt, DUE, POLICY, reason="429", seconds=30)
    assert not doubts.is_due(tx, "desk", DUE + timedelta(seconds=29))
    (doubt,) = claim(tx, DUE + timedelta(seconds=30))
    doubts.failed(tx, doubt, DUE, POLICY, reason="missing_scope", seconds=None, possible=False)
    assert rows(tx, tables.doubt) == []
