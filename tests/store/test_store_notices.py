"""What was told of troubles, and what there is to tell of queues, on both databases."""

from datetime import timedelta

import pytest
from store_samples import NOW, PAYLOAD, article, later, put_alert, put_source

from bot.model import Delivered, RefusedPayload, Window
from bot.store import Store, digests, notices, outbox
from bot.store.notices import Told
from bot.store.outbox import Policy

POLICY = Policy()


def said(sign="no answer", **more):
    return {"kind": "source", "title": "Source 华为 & co", "sign": sign, "recent": [NOW.isoformat()], **more}


def told(store):
    with store.read() as tx:
        return notices.told(tx)


def test_what_was_told_is_remembered_changed_and_forgotten(store):
    keys = ["source wto", "rule rule 100%_\\", "queue notice:x"]
    with store.write() as tx:
        notices.remember(tx, {key: Told(said=said(), at=NOW) for key in keys})
    assert told(store) == {key: Told(said=said(), at=NOW) for key in sorted(keys)}
    with store.write() as tx:
        notices.remember(tx, {keys[0]: Told(said=said("a web page"), at=later(60))})
        notices.forget(tx, keys[1:])
    assert told(store) == {keys[0]: Told(said=said("a web page"), at=later(60))}


def test_nothing_to_remember_or_forget_is_no_trouble(store):
    with store.write() as tx:
        notices.remember(tx, {})
        notices.forget(tx, ())
    assert told(store) == {}


def test_other_settings_are_left_alone(store):
    with store.write() as tx:
        outbox.hold(tx, "desk", "not_in_channel", NOW)
        notices.remember(tx, {"desk": Told(said=said(), at=NOW)})
        notices.forget(tx, ["desk"])
        assert outbox.held(tx) == {"desk": "not_in_channel"}


def test_a_transaction_that_fails_has_told_nothing(store):
    def fail():
        with store.write() as tx:
            notices.remember(tx, {"source wto": Told(said=said(), at=NOW)})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert told(store) == {}


def test_another_process_sees_what_was_told(store, url):
    other = Store(url)
    other.open()
    with store.write() as tx:
        notices.remember(tx, {"source wto": Told(said=said(), at=NOW)})
    assert told(other) == told(store)
    other.close()


# ── queues ───────────────────────────────────────────────────────────────────────────────────────


def queue(tx, uid, destination="desk", *, kind="alert", outcome=None, at=NOW):
    """One message of a kind, with one or two tries that end in ``outcome``."""
    alert = put_alert(tx, article(uid), destination=destination)[0] if kind == "alert" else None
    run = freeze(tx, uid) if kind == "digest" else None
    outbox.enqueue(tx, uid=uid, alert=alert, destination=destination, op="post", payload=PAYLOAD, at=at, digest_run=run)
    for _ in range({type(None): 0, RefusedPayload: 2}.get(type(outcome), 1)):
        (claimed,) = outbox.claim(tx, owner="me", now=at, lease=9.0, limit=1, destinations=[destination])
        outbox.mark(tx, claimed, outcome, at, POLICY)


def freeze(tx, uid):
    window = Window(day=NOW.date(), zone="UTC", begin=NOW, end=later(60))
    return digests.freeze(
        tx, digest=uid, recipient="desk", window=window, upto=0, frozen=b"", message_id="<1@x.org>", at=NOW
    )


def test_lost_messages_are_counted_by_destination_with_the_newest_reason(store):
    put_source(store)
    with store.write() as tx:
        queue(tx, "a", outcome=RefusedPayload(reason="too long"))
        queue(tx, "b", outcome=RefusedPayload(reason="invalid blocks"))
        queue(tx, "c", "other", kind="digest", outcome=RefusedPayload(reason="no such address"))
        queue(tx, "d", outcome=Delivered(channel_id="C1", ts="1.0"))
        queue(tx, "e", "third")
        assert notices.undelivered(tx) == {"desk": (2, "invalid blocks"), "other": (1, "no such address")}


def test_lost_notices_and_changes_of_messages_do_not_count(store):
    put_source(store)
    with store.write() as tx:
        queue(tx, "a", outcome=Delivered(channel_id="C1", ts="1.0"))
        (root,) = [row for (_, state), row in outbox.counts(tx).items() if state == "sent"]
        outbox.coalesce_update(tx, root, PAYLOAD, NOW)
        at = later(minutes=5)
        for _ in range(2):
            (claimed,) = outbox.claim(tx, owner="me", now=at, lease=9.0, limit=1, destinations=["desk"])
            outbox.mark(tx, claimed, RefusedPayload(reason="block_mismatch"), at, POLICY)
        queue(tx, "n", kind="notice", outcome=RefusedPayload(reason="too long"))
        assert outbox.counts(tx)["desk", "dead"] == 2
        assert notices.undelivered(tx) == {}


def test_what_went_out_since_then_is_counted(store):
    put_source(store)
    with store.write() as tx:
        for number in range(3):
            at = NOW + timedelta(minutes=number)
            queue(tx, f"m{number}", outcome=Delivered(channel_id="C1", ts=f"{number}.0"), at=at)
        queue(tx, "waits", at=later(minutes=9))
        queue(tx, "else", "other", outcome=Delivered(), at=later(minutes=9))
        assert [notices.sent_since(tx, "desk", later(minutes=number)) for number in (0, 1, 2, 3)] == [3, 2, 1, 0]
