"""The outbox machine: every state against every answer, and the order of the queue."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import NOW, later

from bot.model import Delivered, Gone, Held, Later, LookUp, RefusedPayload, Unknown
from bot.store.machine import (
    PATIENCE,
    Policy,
    Standing,
    Waiting,
    after,
    expired,
    looked_up,
    queue,
    released,
    without_updates,
)

POLICY = Policy()
LEASE_OVER = later(90)
SHOWN = later(90 + 60)
FAR = later(hours=27)  # further ahead than anything is planned

OUTCOMES = {
    "delivered": Delivered(channel_id="C1", ts="1.2"),
    "later": Later(reason="429"),
    "refused": RefusedPayload(reason="msg_too_long"),
    "held": Held(reason="not_in_channel"),
    "unknown": Unknown(reason="reset"),
    "gone": Gone(reason="thread_not_found"),
}
STATES = ("pending", "sending", "sent", "unknown", "held", "dead")
# state → the state after each answer, in the order of OUTCOMES
TABLE = {
    "pending": ("sent", "pending", "pending", "pending", "pending", "pending"),
    "sending": ("sent", "pending", "pending", "held", "unknown", "pending"),
    "sent": ("sent", "sent", "sent", "sent", "sent", "sent"),
    "unknown": ("sent", "pending", "pending", "held", "unknown", "pending"),
    "held": ("held", "held", "held", "held", "held", "held"),
    "dead": ("dead", "dead", "dead", "dead", "dead", "dead"),
}


def row(state="sending", **more):
    return Standing(
        **{"state": state, "op": "post", "attempt": 1, "lease_until": LEASE_OVER, "not_before": NOW, **more}
    )


def test_table_is_complete():
    assert set(TABLE) == set(STATES)
    assert all(len(line) == len(OUTCOMES) for line in TABLE.values())


@pytest.mark.parametrize(
    ("state", "name", "expected"),
    [
        pytest.param(state, name, expected, id=f"{state}-{name}")
        for state, line in TABLE.items()
        for name, expected in zip(OUTCOMES, line, strict=True)
    ],
)
def test_every_state_after_every_outcome(state, name, expected):
    result = after(row(state), OUTCOMES[name], NOW, POLICY)
    assert result.state == expected
    if state in {"sent", "held", "dead"} or (state == "pending" and name != "delivered"):
        assert result == row(state)


@pytest.mark.parametrize(
    ("attempt", "asked", "seconds"),
    [
        (1, None, 2),
        (2, None, 4),
        (5, None, 32),
        (12, None, 900),
        (5_000, None, 900),
        (1, 37.5, 37.5),
        (9, 0.0, 0),
        (1, -3.0, 0),
        (1, 1e12, 86_400),
    ],
)
def test_later_waits(attempt, asked, seconds):
    result = after(row(attempt=attempt), Later(reason="429", seconds=asked), NOW, POLICY)
    assert (result.state, result.not_before, result.error) == ("pending", later(seconds), "429")


def test_a_refused_payload_is_tried_minimal_once():
    smaller = after(row(), OUTCOMES["refused"], NOW, POLICY)
    assert (smaller.state, smaller.minimal_only, smaller.not_before) == ("pending", True, NOW)
    given_up = after(row(minimal_only=True), OUTCOMES["refused"], NOW, POLICY)
    assert (given_up.state, given_up.error) == ("dead", "msg_too_long")


def test_an_unknown_message_is_looked_up_when_it_must_be_visible():
    assert after(row(), OUTCOMES["unknown"], later(1), POLICY).not_before == SHOWN
    assert expired(row(), later(500), POLICY).not_before == SHOWN


def test_an_update_is_never_unknown():
    result = after(row(op="update"), OUTCOMES["unknown"], NOW, POLICY)
    assert (result.state, result.not_before, result.may_repeat) == ("pending", later(2), False)
    assert expired(row(op="update"), NOW, POLICY).state == "pending"


@pytest.mark.parametrize("state", [state for state in STATES if state != "sending"])
def test_only_messages_under_way_expire(state):
    assert expired(row(state), NOW, POLICY) == row(state)


@pytest.mark.parametrize(
    ("answer", "there", "policy", "state", "may_repeat"),
    [
        pytest.param(LookUp(complete=True), True, POLICY, "sent", False, id="there"),
        pytest.param(LookUp(), True, POLICY, "sent", False, id="there-in-half-a-window"),
        pytest.param(LookUp(complete=True), False, POLICY, "pending", False, id="not-there"),
        pytest.param(LookUp(reason="timeout"), False, POLICY, "unknown", False, id="look-up-failed"),
        pytest.param(
            LookUp(possible=False, reason="missing_scope"), False, POLICY, "pending", True, id="impossible-resend"
        ),
        pytest.param(LookUp(possible=False), False, Policy(resend_unknown=False), "held", True, id="impossible-hold"),
    ],
)
def test_what_a_look_up_settles(answer, there, policy, state, may_repeat):
    result = looked_up(row("unknown", error="reset"), answer, there=there, now=NOW, policy=policy)
    assert (result.state, result.may_repeat) == (state, may_repeat)


@pytest.mark.parametrize("state", [state for state in STATES if state != "unknown"])
@pytest.mark.parametrize("there", [True, False])
def test_a_look_up_moves_unknown_messages_only(state, there):
    assert looked_up(row(state), LookUp(complete=True), there=there, now=NOW, policy=POLICY) == row(state)


def test_failing_look_ups_wait_longer_and_longer():
    standing, waits = row("unknown"), []
    for _ in range(12):
        standing = looked_up(standing, LookUp(reason="timeout"), there=False, now=NOW, policy=POLICY)
        waits.append((standing.not_before - NOW).total_seconds())
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == 900
    assert looked_up(standing, LookUp(complete=True), there=False, now=NOW, policy=POLICY).look_ups == 0


@pytest.mark.parametrize(
    ("held", "state"),
    [
        (row("held"), "pending"),
        (row("held", may_repeat=True), "unknown"),
        (row("held", may_repeat=True, op="update"), "pending"),
    ],
    ids=["never-written", "perhaps-written", "update"],
)
def test_release(held, state):
    assert released(held).state == state


@pytest.mark.parametrize("state", [state for state in STATES if state != "held"])
def test_release_touches_held_messages_only(state):
    assert released(row(state)) == row(state)


def test_the_end_of_a_lease_from_a_clock_that_was_set_back():
    assert expired(row(lease_until=FAR), NOW, POLICY).not_before == SHOWN


# ── the queue ────────────────────────────────────────────────────────────────────────────────────


def waiting(id_, state="pending", story=None, **more):
    return Waiting(
        **{"id": id_, "state": state, "story": id_ if story is None else story, "attempt": 0, "not_before": NOW, **more}
    )


@pytest.mark.parametrize(
    ("rows", "ready", "wake"),
    [
        pytest.param([], [], None, id="empty"),
        pytest.param([waiting(1), waiting(2)], [1, 2], NOW, id="in-order"),
        pytest.param(
            [waiting(1, "sending", lease_until=later(9)), waiting(2)], [], later(9), id="under-way-blocks-all"
        ),
        pytest.param([waiting(1, attempt=1, not_before=later(7)), waiting(2)], [], later(7), id="back-off-blocks-all"),
        pytest.param(
            [waiting(1, attempt=PATIENCE, not_before=later(7)), waiting(2), waiting(3, story=1)],
            [2],
            NOW,
            id="patience-ends",
        ),
        pytest.param([waiting(1, not_before=later(30)), waiting(2)], [2], NOW, id="scheduled-blocks-nothing"),
        pytest.param([waiting(1, attempt=1, not_before=FAR), waiting(2)], [1, 2], NOW, id="clock-set-back"),
        pytest.param([waiting(1, "sending", lease_until=FAR)], [], NOW, id="lease-before-the-clock-was-set-back"),
        pytest.param([waiting(1, "unknown", not_before=FAR)], [], NOW, id="look-up-before-the-clock-was-set-back"),
        pytest.param(
            [waiting(1, "unknown", not_before=later(60)), waiting(2), waiting(3, story=1)],
            [2],
            NOW,
            id="unknown-blocks-its-story",
        ),
        pytest.param(
            [waiting(1, "unknown", not_before=later(60)), waiting(3, story=1)], [], later(60), id="wake-to-look-up"
        ),
        pytest.param([waiting(1, "held"), waiting(2), waiting(3, story=1)], [2], NOW, id="held-row-blocks-its-story"),
        pytest.param([waiting(1, "held")], [], None, id="held-needs-a-person"),
        pytest.param([waiting(1), waiting(2, story=1, root_state="pending")], [1], NOW, id="reply-waits-for-root"),
        pytest.param([waiting(2, story=1, root_state="sent")], [2], NOW, id="reply-after-root"),
        pytest.param(
            [
                Waiting(id=1, state="unknown", story=None, attempt=1, not_before=later(5)),
                Waiting(id=2, state="pending", story=None, attempt=0, not_before=NOW),
            ],
            [2],
            NOW,
            id="no-story-blocks-nobody",
        ),
    ],
)
def test_queue(rows, ready, wake):
    assert queue(rows, NOW) == (ready, wake)


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        pytest.param([waiting(1, op="update")], [], id="only-an-update"),
        pytest.param([waiting(1), waiting(2, op="update", attempt=1, not_before=later(9))], [1], id="nothing-behind"),
        pytest.param([waiting(1, op="update"), waiting(2)], [2], id="goes-first-but-holds-up-nothing"),
        pytest.param([waiting(1, op="update", not_before=later(9)), waiting(2)], [2], id="meant-for-later"),
        pytest.param(
            [waiting(1, "sending", op="update", lease_until=later(9)), waiting(2)], [1, 2], id="under-way-before-it"
        ),
        pytest.param(
            [waiting(1, op="update", root_state="pending"), waiting(2, story=1)], [1, 2], id="waits-for-its-root"
        ),
        pytest.param(
            [waiting(1, op="update", attempt=2, not_before=later(9)), waiting(2)], [1, 2], id="back-off-before-it"
        ),
        pytest.param([waiting(1, op="reply"), waiting(2, "held")], [1, 2], id="no-updates-at-all"),
    ],
)
def test_updates_count_while_they_hold_up_a_message(rows, kept):
    assert [row.id for row in without_updates(rows, NOW)] == kept


ROWS = st.lists(
    st.builds(
        Waiting,
        id=st.integers(1, 10**6),
        state=st.sampled_from(["pending", "sending", "unknown", "held"]),
        story=st.integers(1, 4),
        attempt=st.integers(0, PATIENCE + 2),
        not_before=st.integers(-100, 100).map(lambda s: NOW + timedelta(seconds=s)),
        lease_until=st.integers(-100, 100).map(lambda s: NOW + timedelta(seconds=s)),
        op=st.sampled_from(["post", "update"]),
        root_state=st.sampled_from([None, "sent", "pending", "unknown"]),
    ),
    max_size=12,
    unique_by=lambda waiting: waiting.id,
).map(lambda rows: sorted(rows, key=lambda waiting: waiting.id))


@given(ROWS)
def test_queue_keeps_order_and_never_passes_a_doubtful_message_of_the_story(rows):
    ready, wake = queue(rows, NOW)
    assert ready == sorted(ready)
    by_id = {waiting.id: waiting for waiting in rows}
    for id_ in ready:
        chosen = by_id[id_]
        assert chosen.state == "pending"
        assert chosen.not_before <= NOW
        earlier = [waiting for waiting in rows if waiting.id < id_]
        assert not any(waiting.state == "sending" for waiting in earlier)
        assert not any(waiting.state == "unknown" and waiting.story == chosen.story for waiting in earlier)
    # Whatever can move by itself is never forgotten.
    if any(waiting.state in {"sending", "unknown"} for waiting in rows):
        assert wake is not None


@given(ROWS)
def test_waiting_without_updates_never_means_waking_for_nothing(rows):
    """Awake at that time, the queue has something to do: a loop around it cannot spin."""
    wake = queue(without_updates(rows, NOW), NOW)[1]
    if wake is not None and wake <= NOW:
        ready, truth = queue(rows, NOW)
        assert truth is not None
        assert ready or truth <= NOW


# ── one repetition and no more ───────────────────────────────────────────────────────────────────

BLIND = LookUp(possible=False, repeatable_once=True, reason="nobody can look")


def test_what_nobody_can_look_up_goes_out_one_more_time():
    again = looked_up(row("unknown"), BLIND, there=False, now=NOW, policy=POLICY)
    assert (again.state, again.may_repeat) == ("pending", True)


def test_a_repetition_in_doubt_is_shown_to_a_person_and_not_sent_again():
    over = looked_up(row("unknown", may_repeat=True), BLIND, there=False, now=NOW, policy=POLICY)
    assert over.state == "dead"
    assert "not sent a third time" in over.error


def test_where_more_repetitions_are_allowed_they_go_on():
    blind = LookUp(possible=False)
    again = looked_up(row("unknown", may_repeat=True), blind, there=False, now=NOW, policy=POLICY)
    assert again.state == "pending"


@given(st.lists(st.sampled_from(["later", "unknown", "expired"]), max_size=12))
def test_at_most_two_attempts_are_ever_in_doubt(answers):
    standing, doubts = row("pending", lease_until=None), 0
    for answer in answers:
        if standing.state != "pending":
            break
        sending = row("sending", may_repeat=standing.may_repeat)
        if answer == "expired":
            standing = expired(sending, LEASE_OVER, POLICY)
        else:
            standing = after(sending, OUTCOMES[answer], NOW, POLICY)
        if standing.state == "unknown":
            doubts += 1
            standing = looked_up(standing, BLIND, there=False, now=SHOWN, policy=POLICY)
    assert doubts <= 2
    assert standing.state == ("dead" if doubts == 2 else "pending")
