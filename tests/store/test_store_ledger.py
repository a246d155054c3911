"""The ledger's two witnesses on both databases: what polls wrote down, and what the items have become."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, poll, put_article, put_source

from bot.model import Refusal
from bot.model.ledger import total
from bot.store import ledger, sources

DAY = timedelta(days=1)


def accounts(tx, begin=NOW, end=NOW + DAY, **more):
    return ledger.accounts(tx, begin, end, **more)


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_:
        yield open_


def put(tx, *keys, source="wire", at=NOW, state="no rule", **figures):
    """One poll that brought articles with these keys."""
    for key in keys:
        put_article(tx, article(key, source=source), at=at, state=state)
    listed = len(keys) + sum(figures.values())
    sources.record_poll(tx, poll(source, at=at, fetched=listed, new=len(keys), **figures))


def test_what_polls_brought_is_counted_by_what_became_of_it(tx):
    put(tx, "a", "b", known=3, repeated=1)
    put(tx, "c", state="alerted", at=later(hours=1), changed=2)
    put(tx, "d", source="paper", state="baseline")
    paper, wire = accounts(tx)
    assert (paper.source, paper.fetched, paper.states["baseline"], paper.holds) == ("paper", 1, 1, True)
    assert (wire.polls, wire.listed, wire.fetched, wire.changed, wire.known, wire.repeated) == (2, 9, 3, 2, 3, 1)
    assert {state: number for state, number in wire.states.items() if number} == {"alerted": 1, "no rule": 2}
    assert wire.holds
    assert total([paper, wire]).holds
    assert [account.source for account in accounts(tx, source="paper")] == ["paper"]


def test_a_window_begins_with_its_first_moment_and_ends_before_its_last(tx):
    put(tx, "a")
    put(tx, "b", at=NOW + DAY)
    assert [account.fetched for account in accounts(tx)] == [1]
    assert [account.fetched for account in accounts(tx, NOW + DAY, NOW + 2 * DAY)] == [1]
    assert accounts(tx, NOW - DAY, NOW) == []


def test_an_item_that_can_be_no_article_is_counted_once(tx):
    bad, worse = (Refusal(key=name, name=name, reason="is not text") for name in ("bad", "worse"))
    assert ledger.refuse(tx, "wire", [bad, bad], NOW) == 1
    sources.record_poll(tx, poll(fetched=2, refused=1, known=1))
    assert ledger.refuse(tx, "wire", [bad, worse], later(hours=1)) == 1
    sources.record_poll(tx, poll(at=later(hours=1), fetched=2, refused=1, known=1))
    (wire,) = accounts(tx)
    assert (wire.fetched, wire.states["error"], wire.errors, wire.holds) == (2, 2, (worse, bad), True)
    (wire,) = accounts(tx, later(hours=1), NOW + DAY)
    assert (wire.fetched, wire.errors) == (1, (worse,))


@pytest.mark.parametrize(
    ("harm", "missing", "untraced"),
    [
        ("UPDATE article SET state = 'lost'", 2, 0),
        ("UPDATE poll SET new = 1", -1, 1),
        ("UPDATE poll SET known = 0", 0, 3),
        ("DELETE FROM poll", -2, 0),
    ],
)
def test_books_that_do_not_agree_are_noticed(tx, harm, missing, untraced):
    put(tx, "a", "b", known=3)
    tx.run(sa.text(harm))
    (wire,) = accounts(tx)
    assert (wire.missing, wire.untraced, wire.holds) == (missing, untraced, False)
    assert not total([wire]).holds


def test_polls_of_a_version_that_did_not_tell_known_from_repeated_hold(tx):
    put(tx, "a", known=3)
    tx.run(sa.text("UPDATE poll SET changed = NULL, known = NULL, repeated = NULL, refused = NULL"))
    (wire,) = accounts(tx)
    assert (wire.fetched, wire.unsplit, wire.holds) == (1, 3, True)


def test_failed_polls_and_gaps_are_told(tx):
    sources.record_poll(tx, poll(status="error", error="no answer"))
    sources.record_poll(tx, poll(at=later(hours=1), gap_from=NOW, gap_to=later(hours=1)))
    (wire,) = accounts(tx)
    assert (wire.polls, wire.failed, wire.gaps) == (2, 1, ((NOW, later(hours=1)),))
