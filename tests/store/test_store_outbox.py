"""The outbox on real databases: nothing lost, nothing claimed twice, everything in order."""

from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from store_samples import NOW, PAYLOAD, later, next_due, put_message, put_source, take, uids

from bot.model import Delivered, Held, Later, LookUp, RefusedPayload, Unknown
from bot.store import outbox
from bot.store.outbox import Policy

POLICY = Policy()
SENT = Delivered(channel_id="C1", ts="111.222")


@pytest.fixture
def tx(store):
    """A writing transaction, committed at the end of the test."""
    put_source(store)
    with store.write() as open_tx:
        yield open_tx


def send(tx, outcome=SENT, *, now=NOW, policy=POLICY, **more):
    """Claim everything that may go and mark it all with one outcome; the deliveries."""
    claimed = take(tx, now=now, **more)
    for delivery in claimed:
        outbox.mark(tx, delivery, outcome, now, policy)
    return claimed


def state_of(tx, destination="desk"):
    return {state: n for (name, state), n in outbox.counts(tx).items() if name == destination}


# ── in ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_message_goes_its_whole_way(tx):
    put_message(tx, "u1")
    (delivery,) = take(tx, now=later(1))
    assert (delivery.uid, delivery.op, delivery.payload) == ("u1", "post", PAYLOAD)
    assert (delivery.attempt, delivery.fence, delivery.lease_until) == (1, 1, later(91))
    assert (delivery.created_at, delivery.first_tried_at) == (NOW, later(1))
    assert outbox.still_mine(tx, delivery.id, delivery.fence, later(2))
    assert outbox.mark(tx, delivery, SENT, later(2), POLICY) == "sent"
    assert state_of(tx) == {"sent": 1}
    assert take(tx, now=later(10_000)) == []
    assert next_due(tx, later(10_000)) is None


def test_queued_twice_is_queued_once(tx):
    first, _ = put_message(tx, "u1")
    again = outbox.enqueue(
        tx, uid="u1", alert=None, destination="desk", op="post", payload={"full": {}}, at=later(5), root=None
    )
    assert again == first
    assert [delivery.payload for delivery in take(tx, now=later(9))] == [PAYLOAD]


def test_the_text_may_change_until_the_first_try(tx):
    delivery, _ = put_message(tx, "u1")
    assert outbox.replace_payload(tx, delivery, {"full": {"text": "new"}})
    (claimed,) = send(tx, Later(reason="429", seconds=0))
    assert claimed.payload == {"full": {"text": "new"}}
    assert not outbox.replace_payload(tx, delivery, {"full": {"text": "too late"}})
    assert take(tx)[0].payload == {"full": {"text": "new"}}


# ── order ────────────────────────────────────────────────────────────────────────────────────────


def test_first_in_first_out(tx):
    for number in range(5):
        put_message(tx, f"u{number}")
    assert uids(take(tx, limit=3)) == ["u0", "u1", "u2"]
    assert take(tx) == [], "what is under way must be marked before the next may go"


def test_destinations_take_turns(tx):
    for number in range(3):
        put_message(tx, f"a{number}", destination="a")
    put_message(tx, "b0", destination="b")
    put_message(tx, "c0", destination="c")
    assert uids(take(tx, limit=3, destinations=("a", "b"))) == ["a0", "b0", "a1"]


def test_replies_and_updates_wait_for_their_root_and_carry_its_names(tx):
    root, story = put_message(tx, "root")
    put_message(tx, "reply", op="reply", root=root, story=story)
    outbox.coalesce_update(tx, root, {"full": {"text": "+1 outlet"}}, NOW, pause=0)
    assert uids(take(tx)) == ["root"]
    outbox.expire(tx, later(91), POLICY)
    assert take(tx, now=later(91)) == []
    (unknown,) = outbox.unknowns(tx, later(200))["desk"]
    outbox.settle(tx, [unknown], LookUp(found={"root": ("C7", "7.7")}), later(200), POLICY)
    reply, update = take(tx, now=later(201))
    assert (reply.op, reply.channel_id, reply.thread_ts, reply.ts) == ("reply", "C7", "7.7", None)
    assert (update.op, update.channel_id, update.ts) == ("update", "C7", "7.7")


def test_an_unknown_message_blocks_its_story_only(tx):
    root, story = put_message(tx, "a")
    put_message(tx, "b")
    put_message(tx, "a2", op="reply", root=root, story=story)
    first, second = take(tx)
    outbox.mark(tx, first, Unknown(reason="reset"), NOW, POLICY)
    outbox.mark(tx, second, SENT, NOW, POLICY)
    put_message(tx, "c")
    assert uids(take(tx)) == ["c"]


def test_back_off_holds_up_the_destination_but_no_other(tx):
    put_message(tx, "a")
    put_message(tx, "b")
    put_message(tx, "x", destination="other")
    send(tx, Later(reason="ratelimited", seconds=30), limit=1)
    assert take(tx, now=later(29)) == []
    assert next_due(tx, later(1), destinations=("desk", "other")) == later(1), "the other destination can go at once"
    assert uids(take(tx, now=later(29), destinations=("desk", "other"))) == ["x"]
    assert uids(take(tx, now=later(30))) == ["a", "b"]


def test_a_message_meant_for_later_waits_without_blocking(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, PAYLOAD, later(1))
    assert next_due(tx, later(1)) == later(30)
    put_message(tx, "now")
    assert uids(send(tx, now=later(1))) == ["now"]
    assert uids(take(tx, now=later(30))) == ["root"]


# ── when there is something to do ────────────────────────────────────────────────────────────────


def test_only_the_destinations_asked_for_are_waited_for(tx):
    put_message(tx, "gone", destination="gone")
    put_message(tx, "a")
    send(tx, Later(reason="ratelimited", seconds=30))
    assert next_due(tx, NOW) == later(30)
    assert next_due(tx, NOW, destinations=("desk", "gone")) == NOW
    assert next_due(tx, NOW, destinations=()) is None


def test_updates_need_not_be_waited_for(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, PAYLOAD, later(1))
    assert next_due(tx, later(1)) == later(30)
    assert next_due(tx, later(1), updates=False) is None
    assert next_due(tx, later(99), updates=False) is None, "not even when it may go"
    put_message(tx, "b")
    assert next_due(tx, later(1), updates=False) == later(1)


def test_an_update_is_waited_for_while_a_message_stands_behind_it(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, PAYLOAD, NOW, pause=0)
    (update,) = take(tx)
    put_message(tx, "behind")
    assert next_due(tx, later(1), updates=False) == update.lease_until
    outbox.mark(tx, update, Later(reason="ratelimited", seconds=30), later(1), POLICY)
    assert take(tx, now=later(2)) == []
    assert next_due(tx, later(2), updates=False) == later(31)


@pytest.mark.parametrize(
    ("outcome", "now"),
    [(None, NOW), (Later(reason="429"), NOW), (Unknown(reason="reset"), NOW), (Held(reason="auth"), NOW)],
    ids=["pending", "back-off", "unknown", "held"],
)
def test_waiting_counts_what_is_open(tx, outcome, now):
    put_message(tx, "a")
    put_message(tx, "b", destination="other")
    if outcome is not None:
        send(tx, outcome, now=now)
    assert outbox.waiting(tx, ["desk"]) == 1
    assert outbox.waiting(tx, {"desk", "other"}) == 2
    assert outbox.waiting(tx, []) == 0


def test_waiting_counts_what_is_under_way_and_nothing_that_is_done(tx):
    put_message(tx, "a")
    take(tx)
    assert outbox.waiting(tx, ["desk"]) == 1
    put_message(tx, "b", destination="other")
    send(tx, destinations=("other",))
    put_message(tx, "c", destination="third")
    for _ in range(2):
        send(tx, RefusedPayload(reason="no"), destinations=("third",))
    assert outbox.waiting(tx, ["other", "third"]) == 0


def test_waiting_counts_updates_if_asked(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, PAYLOAD, NOW)
    assert outbox.waiting(tx, ["desk"]) == 0
    assert outbox.waiting(tx, ["desk"], updates=True) == 1


# ── a clock that was set back ────────────────────────────────────────────────────────────────────

DAY = 86_400


def test_a_wait_that_nobody_asked_for_is_over(tx):
    put_message(tx, "a")
    send(tx, Later(reason="ratelimited", seconds=30))
    assert take(tx, now=later(-DAY)) == [], "a day may have been asked for"
    back = later(-2 * DAY)
    assert next_due(tx, back) == back
    assert uids(take(tx, now=back)) == ["a"]


def test_no_service_can_ask_for_more_than_a_day(tx):
    put_message(tx, "a")
    send(tx, Later(reason="ratelimited", seconds=9 * DAY))
    assert take(tx, now=later(DAY - 1)) == []
    assert next_due(tx, NOW) == later(DAY)


def test_a_lease_that_nobody_gave_is_over(tx):
    put_message(tx, "a")
    take(tx)
    back = later(-2 * DAY)
    assert next_due(tx, back) == back
    assert outbox.expire(tx, later(-DAY), POLICY) == 0
    assert outbox.expire(tx, back, POLICY) == 1
    assert outbox.unknowns(tx, back + timedelta(seconds=149)) == {}, "whoever sends may still be at it"
    assert uids(outbox.unknowns(tx, back + timedelta(seconds=150))["desk"]) == ["a"]


def test_a_look_up_that_lies_too_far_ahead_is_due(tx):
    put_message(tx, "a")
    send(tx, Unknown(reason="reset"))
    back = later(-2 * DAY)
    assert next_due(tx, back) == back
    assert uids(outbox.unknowns(tx, back)["desk"]) == ["a"]


def test_the_pause_between_updates_is_no_longer_than_itself(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    back = later(-3_600)
    outbox.coalesce_update(tx, root, PAYLOAD, back)
    assert next_due(tx, back) == back + timedelta(seconds=30)


# ── fences and leases ────────────────────────────────────────────────────────────────────────────


def test_an_old_fence_changes_nothing(tx):
    put_message(tx, "u1")
    (slow,) = take(tx)
    outbox.expire(tx, later(91), POLICY)
    (unknown,) = outbox.unknowns(tx, later(200))["desk"]
    assert outbox.settle(tx, [unknown], LookUp(complete=True), later(200), POLICY) == {slow.id: "pending"}
    (second,) = take(tx, now=later(201), owner="another")
    assert (second.fence, second.attempt) == (2, 2)
    assert not outbox.still_mine(tx, slow.id, slow.fence, later(202))
    assert outbox.mark(tx, slow, RefusedPayload(reason="late"), later(202), POLICY) == "sending"
    assert outbox.still_mine(tx, second.id, second.fence, later(202))


def test_a_late_success_is_believed_while_nobody_else_has_tried(tx):
    put_message(tx, "u1")
    (slow,) = take(tx)
    outbox.expire(tx, later(91), POLICY)
    assert outbox.mark(tx, slow, SENT, later(92), POLICY) == "sent"
    assert outbox.unknowns(tx, later(1_000)) == {}


def test_a_lease_ends_at_its_time(tx):
    put_message(tx, "u1")
    (delivery,) = take(tx, lease=10.0)
    assert outbox.still_mine(tx, delivery.id, delivery.fence, later(9.999))
    assert not outbox.still_mine(tx, delivery.id, delivery.fence, later(10))
    assert outbox.expire(tx, later(9.999), POLICY) == 0
    assert outbox.expire(tx, later(10), POLICY) == 1


def test_what_a_dead_sender_had_is_looked_up_when_its_request_must_be_over(tx):
    put_message(tx, "mine")
    put_message(tx, "x", destination="other")
    take(tx, owner="me")
    take(tx, owner="another", destinations=("other",), lease=900.0)
    assert outbox.expire(tx, later(90), POLICY) == 1
    assert state_of(tx) == {"unknown": 1}
    assert state_of(tx, "other") == {"sending": 1}
    assert outbox.unknowns(tx, later(149)) == {}
    assert uids(outbox.unknowns(tx, later(150))["desk"]) == ["mine"]


# ── what becomes of messages ─────────────────────────────────────────────────────────────────────


def test_a_refused_payload_goes_minimal_then_dead(tx):
    put_message(tx, "u1")
    (full,) = send(tx, RefusedPayload(reason="invalid_blocks"))
    (small,) = send(tx, RefusedPayload(reason="no_text"))
    assert (full.minimal_only, small.minimal_only) == (False, True)
    assert state_of(tx) == {"dead": 1}


def test_a_reply_to_a_refused_root_goes_as_a_message_of_its_own(tx):
    root, story = put_message(tx, "root")
    put_message(tx, "reply", op="reply", root=root, story=story)
    outbox.coalesce_update(tx, root, PAYLOAD, NOW)
    send(tx, RefusedPayload(reason="x"))
    send(tx, RefusedPayload(reason="x"))
    (reply,) = take(tx)
    assert (reply.uid, reply.op, reply.thread_ts) == ("reply", "post", None)
    assert state_of(tx) == {"dead": 2, "sending": 1}, "the update has nothing left to change"


def test_a_reply_that_is_queued_when_its_root_was_refused_already_waits_for_nothing(tx):
    root, story = put_message(tx, "root")
    send(tx, RefusedPayload(reason="x"))
    send(tx, RefusedPayload(reason="x"))
    put_message(tx, "reply", op="reply", root=root, story=story)
    assert next_due(tx, NOW) == NOW
    assert [(delivery.uid, delivery.op) for delivery in take(tx)] == [("reply", "post")]


def test_a_refusing_destination_keeps_its_queue_whole(tx):
    for uid in ("a", "b"):
        put_message(tx, uid)
    send(tx, Held(reason="not_in_channel"), limit=1)
    put_message(tx, "c")
    assert outbox.held(tx) == {"desk": "not_in_channel"}
    assert take(tx, now=later(99_999)) == []
    assert next_due(tx, NOW) is None
    assert outbox.release(tx, "desk") == 1
    assert outbox.held(tx) == {}
    assert uids(take(tx)) == ["a", "b", "c"]


def test_a_destination_that_does_not_exist_any_more_is_left_alone(tx):
    put_message(tx, "a", destination="gone")
    assert take(tx, destinations=("desk",)) == []
    assert state_of(tx, "gone") == {"pending": 1}


def test_releasing_one_destination_leaves_the_others_held(tx):
    outbox.hold(tx, "desk", "invalid_auth", NOW)
    outbox.hold(tx, "100%_other", "invalid_auth", NOW)
    assert outbox.release(tx, "desk") == 0
    assert outbox.held(tx) == {"100%_other": "invalid_auth"}


def test_held_again_keeps_one_hold_with_the_newer_reason(tx):
    outbox.hold(tx, "desk", "invalid_auth", NOW)
    outbox.hold(tx, "desk", "not_in_channel", later(5))
    assert outbox.held(tx) == {"desk": "not_in_channel"}


@pytest.mark.parametrize(
    ("look_up", "policy", "state", "may_repeat"),
    [
        pytest.param(LookUp(found={"u1": ("C1", "9.9")}), POLICY, "sent", None, id="there"),
        pytest.param(LookUp(complete=True), POLICY, "pending", False, id="not-there"),
        pytest.param(LookUp(possible=False, reason="missing_scope"), POLICY, "pending", True, id="impossible-resend"),
        pytest.param(LookUp(possible=False), Policy(resend_unknown=False), "held", None, id="impossible-hold"),
        pytest.param(LookUp(reason="timeout"), POLICY, "unknown", None, id="failed"),
    ],
)
def test_settling_an_unknown_message(tx, look_up, policy, state, may_repeat):
    put_message(tx, "u1")
    send(tx, Unknown(reason="reset"))
    assert outbox.unknowns(tx, later(149)) == {}
    found = outbox.unknowns(tx, later(150))["desk"]
    assert outbox.settle(tx, found, look_up, later(150), policy) == {found[0].id: state}
    assert state_of(tx) == {state: 1}
    if may_repeat is not None:
        assert take(tx, now=later(150))[0].may_repeat is may_repeat


def test_settling_twice_is_settling_once(tx):
    put_message(tx, "u1")
    send(tx, Unknown(reason="reset"))
    found = outbox.unknowns(tx, later(150))["desk"]
    outbox.settle(tx, found, LookUp(complete=True), later(150), POLICY)
    assert outbox.settle(tx, found, LookUp(found={"u1": ("C", "1")}), later(151), POLICY) == {}
    assert state_of(tx) == {"pending": 1}


def test_a_doubtful_message_that_was_held_is_looked_up_after_release(tx):
    put_message(tx, "u1")
    send(tx, Unknown(reason="reset"))
    found = outbox.unknowns(tx, later(150))["desk"]
    outbox.settle(tx, found, LookUp(possible=False), later(150), Policy(resend_unknown=False))
    assert outbox.release(tx, "desk") == 1
    assert uids(outbox.unknowns(tx, later(151))["desk"]) == ["u1"]


# ── updates ──────────────────────────────────────────────────────────────────────────────────────


def text(number):
    return {"full": {"text": f"+{number} outlets"}}


def test_updates_of_a_message_are_coalesced_and_paced(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    ids = {outbox.coalesce_update(tx, root, text(number), later(number)) for number in (1, 2, 3)}
    assert len(ids) == 1
    assert take(tx, now=later(29)) == []
    (update,) = send(tx, Delivered(channel_id="C1", ts="111.222"), now=later(30))
    assert (update.uid, update.op, update.payload, update.ts) == ("root", "update", text(3), "111.222")
    second = outbox.coalesce_update(tx, root, text(4), later(40))
    assert second not in ids
    assert next_due(tx, later(41)) == later(60)
    assert [delivery.payload for delivery in take(tx, now=later(60))] == [text(4)]


def test_a_change_during_an_update_takes_its_place_when_it_fails(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, text(1), later(1), pause=0)
    (first,) = take(tx, now=later(1))
    outbox.coalesce_update(tx, root, text(2), later(2), pause=0)
    assert outbox.mark(tx, first, Unknown(reason="reset"), later(3), POLICY) == "pending"
    assert [delivery.payload for delivery in take(tx, now=later(3))] == [text(2)]
    assert outbox.mark(tx, first, SENT, later(4), POLICY) == "pending", "a late answer about a forgotten update"
    assert state_of(tx) == {"sent": 1, "sending": 1}


def updates(tx):
    """(revision, state, payload) of every change, oldest first."""
    columns = outbox.t.delivery.c
    rows = tx.rows(outbox.t.delivery.select().where(columns.op == "update").order_by(columns.revision))
    return [(row["revision"], row["state"], row["payload"]) for row in rows]


def test_the_newest_text_outlives_a_failure_of_the_first(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, text(1), later(1), pause=0)
    (first,) = take(tx, now=later(1))
    second = outbox.coalesce_update(tx, root, text(2), later(2), pause=0)
    outbox.mark(tx, first, Later(reason="ratelimited"), later(3), POLICY)
    assert outbox.coalesce_update(tx, root, text(3), later(4), pause=0) == second
    assert updates(tx) == [(2, "pending", text(3))]
    (last,) = send(tx, Later(reason="ratelimited", seconds=0), now=later(5))
    assert last.payload == text(3)
    outbox.coalesce_update(tx, root, text(4), later(6), pause=0)
    (sent,) = send(tx, now=later(7))
    assert (sent.payload, updates(tx)) == (text(4), [(2, "sent", text(4))])


def test_revisions_go_on_after_every_one_there_was(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    for number in (1, 2, 3):
        outbox.coalesce_update(tx, root, text(number), later(number), pause=0)
        send(tx, now=later(number))
    assert updates(tx) == [(number, "sent", text(number)) for number in (1, 2, 3)]


def test_a_late_answer_about_the_older_text_does_not_count_for_the_newer(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, text(1), later(1), pause=0)
    (slow,) = take(tx, now=later(1))
    outbox.expire(tx, later(91), POLICY)
    outbox.coalesce_update(tx, root, text(2), later(92), pause=0)
    assert outbox.mark(tx, slow, SENT, later(93), POLICY) == "pending"
    assert [delivery.payload for delivery in take(tx, now=later(100))] == [text(2)]


def test_of_changes_that_were_held_the_newest_goes(tx):
    root, _ = put_message(tx, "root")
    send(tx)
    outbox.coalesce_update(tx, root, text(1), later(1), pause=0)
    send(tx, Held(reason="not_in_channel"), now=later(1))
    outbox.coalesce_update(tx, root, text(2), later(2), pause=0)
    assert outbox.release(tx, "desk") == 1
    assert [delivery.payload for delivery in take(tx, now=later(3))] == [text(2)]
    assert len(updates(tx)) == 1


class Shown:
    """One message and what its readers see, while its text changes and its sender fails in every way."""

    OUTCOMES = MappingProxyType({"fail": Later(reason="429"), "sent": SENT, "hold": Held(reason="not_in_channel")})

    def __init__(self, tx):
        self.tx, self.now, self.newest, self.seen, self.claimed = tx, 0.0, 0, None, None
        self.root, _ = put_message(tx, "root")
        send(tx)

    def run(self, event):
        self.now += 1_000 if event in {"crash", "claim"} else 1
        if event in self.OUTCOMES:
            self.answer(event)
        else:
            getattr(self, event)()

    def news(self):
        self.newest += 1
        outbox.coalesce_update(self.tx, self.root, text(self.newest), later(self.now))

    def claim(self):
        if self.claimed is None:
            self.claimed = next(iter(take(self.tx, now=later(self.now))), None)

    def crash(self):
        outbox.expire(self.tx, later(self.now), POLICY)
        self.claimed = None

    def mend(self):
        outbox.release(self.tx, "desk")

    def answer(self, event):
        if self.claimed is not None:
            self.seen = self.claimed.payload if event == "sent" else self.seen
            outbox.mark(self.tx, self.claimed, self.OUTCOMES[event], later(self.now), POLICY)
            self.claimed = None


EVENTS = st.lists(st.sampled_from(["news", "claim", "fail", "sent", "crash", "hold", "mend"]), max_size=25)


@given(EVENTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_newest_counter_is_shown_in_the_end(sqlite_store, events):
    put_source(sqlite_store)
    context = sqlite_store.write()
    tx = context.__enter__()
    try:
        shown = Shown(tx)
        for event in [*events, "crash", "mend", "claim", "sent", "claim", "sent"]:
            shown.run(event)
        assert shown.seen == (text(shown.newest) if shown.newest else None)
        assert outbox.waiting(tx, ["desk"], updates=True) == 0
    finally:
        context.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)


def test_no_update_of_a_refused_message(tx):
    root, _ = put_message(tx, "root")
    send(tx, RefusedPayload(reason="x"))
    send(tx, RefusedPayload(reason="x"))
    assert outbox.coalesce_update(tx, root, text(1), NOW) is None


# ── random histories ─────────────────────────────────────────────────────────────────────────────


class Histories(RuleBasedStateMachine):
    """Any order of events, against a service that remembers what really reached it.

    No message is lost, claimed by two at once, or sent again although it stands there – unless nobody could
    look, and then it says that it may repeat.
    """

    store = None

    def __init__(self):
        super().__init__()
        self.now, self.number = 0.0, 0
        self.queued, self.landed, self.roots = set(), set(), []
        self.leases, self.claimed = {}, None

    @initialize()
    def begin(self):
        self.context = self.store.write()
        self.tx = self.context.__enter__()

    def teardown(self):
        if hasattr(self, "context"):
            self.context.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)

    @rule(reply=st.booleans())
    def enqueue(self, reply):
        self.number += 1
        uid = f"u{self.number}"
        if reply and self.roots:
            root, story = self.roots[self.number % len(self.roots)]
            put_message(self.tx, uid, op="reply", root=root, story=story, at=later(self.now))
        else:
            self.roots.append(put_message(self.tx, uid, at=later(self.now)))
        self.queued.add(uid)

    @rule(limit=st.integers(1, 4), owner=st.sampled_from(["a", "b"]))
    def claim(self, limit, owner):
        for delivery in take(self.tx, now=later(self.now), limit=limit, owner=owner):
            assert delivery.uid not in self.landed or delivery.may_repeat, "seen twice"
            assert self.leases.get(delivery.uid, -1) <= self.now, "claimed by two at once"
            assert delivery.op == "post" or delivery.thread_ts, "a reply before its root"
            self.leases[delivery.uid] = self.now + 90
            self.claimed = delivery

    def tell(self, outcome):
        outbox.mark(self.tx, self.claimed, outcome, later(self.now), POLICY)
        self.leases.pop(self.claimed.uid, None)
        self.claimed = None

    @precondition(lambda self: self.claimed is not None)
    @rule(outcome=st.sampled_from([Later(reason="429"), RefusedPayload(reason="no"), Held(reason="auth")]))
    def not_written(self, outcome):
        self.tell(outcome)

    @precondition(lambda self: self.claimed is not None)
    @rule(answered=st.booleans())
    def written(self, answered):
        self.landed.add(self.claimed.uid)
        self.tell(SENT if answered else Unknown(reason="reset"))

    @precondition(lambda self: self.claimed is not None)
    @rule()
    def lost_on_the_way(self):
        self.tell(Unknown(reason="reset"))

    @precondition(lambda self: self.claimed is not None)
    @rule(written=st.booleans())
    def crash(self, written):
        if written:
            self.landed.add(self.claimed.uid)
        self.claimed = None

    @rule(seconds=st.floats(0, 400))
    def wait(self, seconds):
        # A request never outlives its lease: after it the sender has crashed or has told.
        self.now += seconds
        if self.claimed is not None and self.leases[self.claimed.uid] <= self.now:
            self.claimed = None
        outbox.expire(self.tx, later(self.now), POLICY)

    @rule(kind=st.sampled_from(["whole", "part", "failed", "impossible"]))
    def look(self, kind):
        for deliveries in outbox.unknowns(self.tx, later(self.now)).values():
            there = [delivery.uid for delivery in deliveries if delivery.uid in self.landed]
            seen = {"whole": there, "part": there[:1]}.get(kind, [])
            answer = LookUp(
                found=dict.fromkeys(seen, ("C1", "5.5")), complete=kind == "whole", possible=kind != "impossible"
            )
            outbox.settle(self.tx, deliveries, answer, later(self.now), POLICY)

    @rule()
    def mend(self):
        outbox.release(self.tx, "desk")

    @invariant()
    def nothing_is_lost(self):
        if hasattr(self, "tx"):
            counted = outbox.counts(self.tx)
            assert sum(counted.values()) == len(self.queued)
            assert counted.get(("desk", "sent"), 0) <= len(self.landed), "sent means that it stands there"
            waiting = sum(n for (_, state), n in counted.items() if state in {"pending", "sending", "unknown"})
            if waiting and not outbox.held(self.tx):
                assert next_due(self.tx, later(self.now)) is not None, "waits for ever"


def test_random_histories(sqlite_store):
    put_source(sqlite_store)
    machine = type("BoundHistories", (Histories,), {"store": sqlite_store})
    case = machine.TestCase
    case.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
    case("runTest").runTest()


# ── odd queues ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("root", [None, 0])
def test_a_reply_without_a_root_is_a_message_of_its_own(tx, root):
    outbox.enqueue(tx, uid="u1", alert=None, destination="desk", op="reply", payload=PAYLOAD, at=NOW, root=root)
    assert [(delivery.uid, delivery.op) for delivery in take(tx)] == [("u1", "post")]


def test_a_long_row_of_doubtful_messages_hides_nothing(tx, monkeypatch):
    monkeypatch.setattr("bot.store.line._HEAD", 2)
    for number in range(9):
        put_message(tx, f"u{number}")
    for delivery in take(tx, limit=6):
        outbox.mark(tx, delivery, Unknown(reason="reset"), NOW, POLICY)
    assert uids(take(tx, limit=2)) == ["u6", "u7"]


@pytest.mark.parametrize("outcome", [SENT, Unknown(reason="reset")])
def test_a_message_costs_no_more_the_more_are_queued_or_sent(sqlite_store, outcome):
    """In steps of SQLite's machine: ten times as many messages, waiting and sent, are no more than a few steps more."""

    def steps_of_one():
        counted = 0

        def step():
            nonlocal counted
            counted += 1

        with sqlite_store.write() as tx:
            watched = tx._connection.connection.driver_connection
            watched.set_progress_handler(step, 10)
            assert next_due(tx, NOW) == NOW
            (delivery,) = take(tx, limit=1)
            outbox.mark(tx, delivery, outcome, NOW, POLICY)
            outbox.expire(tx, later(1), POLICY)
            watched.set_progress_handler(None, 0)
        return counted

    def queue(numbers):
        with sqlite_store.write() as tx:
            for number in numbers:
                put_message(tx, f"u{number}")

    put_source(sqlite_store)
    queue(range(300))
    with sqlite_store.write() as tx:
        send(tx, limit=100)
    few = steps_of_one()
    queue(range(300, 3_000))
    with sqlite_store.write() as tx:
        send(tx, limit=1_000)
    assert few > 100
    assert steps_of_one() < 1.2 * few
