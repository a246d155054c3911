"""Alerts that share a message: each stands in exactly one, whatever becomes of it."""

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from store_samples import NOW, PAYLOAD, later, next_due, put_message, put_source, take, uids
from test_store_outbox import POLICY, SENT, Histories, send, state_of

from bot.model import Delivered, Gone, LookUp, RefusedPayload, Unknown
from bot.store import groups, outbox, tables

REFUSED = RefusedPayload(reason="invalid_blocks")


@pytest.fixture
def tx(store):
    put_source(store)
    with store.write() as open_tx:
        yield open_tx


def free(tx, uid, **more):
    """A message that may share one; its delivery and story."""
    delivery, story = put_message(tx, uid, **more)
    tx.run(sa.update(tables.delivery).where(tables.delivery.c.id == delivery).values(may_group=True))
    return delivery, story


def joined(tx, *members, uid="group", at=NOW):
    return groups.join(tx, members, uid=uid, destination="desk", payload=PAYLOAD, at=at)


def stored(tx, delivery):
    return tx.row(sa.select(tables.delivery).where(tables.delivery.c.id == delivery))


def waiting(tx, most=99):
    return [each.id for each in groups.waiting(tx, "desk", most)]


def test_what_may_share_a_message(tx):
    first, story = free(tx, "a")
    reply, _ = free(tx, "a2", op="reply", root=first, story=story)
    put_message(tx, "high")
    alone, other = put_message(tx, "b")
    free(tx, "b2", op="reply", root=alone, story=other)
    free(tx, "elsewhere", destination="other")
    last, _ = free(tx, "c")
    assert waiting(tx) == [first, reply, last]
    assert waiting(tx, 2) == [first, reply]
    joined(tx, first, reply)
    assert waiting(tx) == [last]
    assert state_of(tx) == {"pending": 6}, "a group is counted by its alerts"


def test_what_was_tried_goes_on_by_itself(tx):
    free(tx, "a")
    send(tx, Unknown(reason="reset"))
    assert waiting(tx) == []


def test_the_alerts_of_a_group_stand_where_it_stands(tx):
    members = [free(tx, uid)[0] for uid in "abc"]
    group = joined(tx, *members)
    (claimed,) = take(tx)
    assert (claimed.uid, claimed.kind) == ("group", "group")
    outbox.mark(tx, claimed, SENT, later(1), POLICY)
    for id_ in [group, *members]:
        assert [stored(tx, id_)[name] for name in ("state", "channel_id", "ts", "sent_at")] == [
            *("sent", "C1", "111.222"),
            later(1),
        ]
    assert next_due(tx, later(9)) is None


def test_a_reply_to_one_of_them_waits_for_the_group_and_goes_into_its_thread(tx):
    first, story = free(tx, "a")
    joined(tx, first, free(tx, "b")[0])
    put_message(tx, "a2", op="reply", root=first, story=story)
    assert uids(send(tx, Unknown(reason="reset"))) == ["group"]
    (unknown,) = outbox.unknowns(tx, later(500))["desk"]
    outbox.settle(tx, [unknown], LookUp(found={"group": ("C7", "7.7")}), later(500), POLICY)
    (reply,) = take(tx, now=later(500))
    assert (reply.uid, reply.channel_id, reply.thread_ts) == ("a2", "C7", "7.7")


def test_the_alerts_of_a_group_are_counted_in_its_state(tx):
    joined(tx, *(free(tx, uid)[0] for uid in "abc"))
    send(tx, Unknown(reason="reset"))
    assert state_of(tx) == {"unknown": 3}


def test_a_group_has_no_counter(tx):
    first, _ = free(tx, "a")
    joined(tx, first, free(tx, "b")[0])
    send(tx)
    assert outbox.coalesce_update(tx, first, PAYLOAD, NOW) is None


def test_the_alerts_of_a_refused_group_go_one_by_one_and_never_together_again(tx):
    members = [free(tx, uid)[0] for uid in "ab"]
    joined(tx, *members)
    send(tx, REFUSED)
    send(tx, REFUSED)
    assert waiting(tx) == []
    assert uids(send(tx)) == ["a", "b"]
    assert groups.latest(tx) == {}
    assert state_of(tx) == {"sent": 2}


def test_the_alerts_of_a_refused_group_that_may_stand_there_say_so(tx):
    joined(tx, *(free(tx, uid)[0] for uid in "ab"))
    send(tx, Unknown(reason="reset"))
    (unknown,) = outbox.unknowns(tx, later(500))["desk"]
    outbox.settle(tx, [unknown], LookUp(possible=False), later(500), POLICY)
    send(tx, REFUSED, now=later(500))
    send(tx, REFUSED, now=later(500))
    assert [(each.uid, each.may_repeat) for each in take(tx, now=later(500))] == [("a", True), ("b", True)]


def test_when_alerts_last_went_together(tx):
    joined(tx, free(tx, "a")[0], uid="g1")
    joined(tx, free(tx, "b")[0], uid="g2", at=later(60))
    assert groups.latest(tx) == {"desk": later(60)}


def test_what_must_go_at_once_takes_its_root_along(tx):
    root, _ = put_message(tx, "a", at=later(600))
    groups.hurry(tx, root, NOW)
    assert stored(tx, root)["not_before"] == later(600), "it does not wait for company"
    tx.run(sa.update(tables.delivery).values(may_group=True))
    groups.hurry(tx, root, NOW)
    assert (stored(tx, root)["not_before"], stored(tx, root)["may_group"]) == (NOW, False)


# ── threads ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outcome", [Gone(reason="thread_not_found"), Delivered(channel_id="C1", ts="9.9", alone=True)])
def test_of_the_replies_to_what_is_gone_the_first_opens_a_thread(tx, outcome):
    root, story = put_message(tx, "root")
    send(tx)
    first, _ = put_message(tx, "r1", op="reply", root=root, story=story)
    second, _ = put_message(tx, "r2", op="reply", root=root, story=story)
    outbox.coalesce_update(tx, root, PAYLOAD, NOW, pause=0)
    send(tx, outcome, limit=1)
    assert (stored(tx, first)["op"], stored(tx, first)["root"]) == ("post", None)
    assert stored(tx, second)["root"] == first
    assert stored(tx, root)["gone_at"] == NOW
    assert outbox.coalesce_update(tx, root, PAYLOAD, NOW) is None
    sent = [(each.uid, each.op) for _ in range(3) for each in send(tx)]
    assert ("r2", "reply") in sent
    assert ("root", "update") not in sent
    assert state_of(tx) == {"sent": 3}


# ── any order of events ──────────────────────────────────────────────────────────────────────────


class Landed(set):
    """What has reached the service; a group brings its alerts along."""

    def __init__(self):
        self.members = {}

    def add(self, uid):
        super().update([uid, *self.members.get(uid, ())])


class GroupedHistories(Histories):
    """The histories of the outbox, with alerts put together and threads lost at any time."""

    @initialize()
    def with_groups(self):
        self.landed = Landed()

    @rule()
    def may_group(self):
        self.tx.run(sa.update(tables.delivery).where(tables.delivery.c.alert.is_not(None)).values(may_group=True))

    @rule(most=st.integers(2, 5))
    def group(self, most):
        found = groups.waiting(self.tx, "desk", most)
        if len(found) < 2:
            return
        self.number += 1
        uid, ids = f"g{self.number}", [each.id for each in found]
        columns = tables.delivery.c
        named = [row["uid"] for row in self.tx.rows(sa.select(columns.uid).where(columns.id.in_(ids)))]
        self.landed.members[uid] = named
        joined(self.tx, *ids, uid=uid, at=later(self.now))

    @precondition(lambda self: self.claimed is not None and self.claimed.op == "reply")
    @rule(alone=st.booleans())
    def thread_is_gone(self, alone):
        if alone:
            self.landed.add(self.claimed.uid)
        self.tell(Delivered(channel_id="C1", ts="9.9", alone=True) if alone else Gone(reason="thread_not_found"))

    @invariant()
    def whoever_is_in_a_group_shares_its_fate(self):
        if not hasattr(self, "tx"):
            return
        group, member = tables.delivery.alias("g").c, tables.delivery.c
        pairs = sa.select(
            member.state.label("own"), group.state.label("theirs"), member.op, member.ts, group.ts.label("at")
        )
        for row in self.tx.rows(pairs.where(member.grouped_in == group.id)):
            assert (row["own"] == "sent") == (row["theirs"] == "sent")
            assert row["theirs"] != "dead"
            assert row["own"] in {"pending", "sent"}
            assert row["ts"] == row["at"]


def test_random_histories_with_groups(sqlite_store):
    put_source(sqlite_store)
    machine = type("BoundHistories", (GroupedHistories,), {"store": sqlite_store})
    case = machine.TestCase
    case.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
    case("runTest").runTest()
