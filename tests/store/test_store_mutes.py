"""Mutes: each with an end, an author and a comment; kept when they have ended, for old decisions name them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from store_samples import NOW, later, put_article, put_source

from bot.store import mutes, stories
from bot.store import tables as t


@pytest.fixture
def tx(store):
    put_source(store, "wire")
    with store.write() as open_tx:
        yield open_tx


def add(tx, kind="rule", value="tariffs", hours=2, **more):
    expires = NOW + timedelta(hours=hours)
    return mutes.add(tx, kind=kind, value=value, author="desk", comment="enough", at=NOW, expires_at=expires, **more)


def test_a_mute_is_read_back_as_it_was_made(tx):
    made = add(tx, destination="phones")
    assert mutes.get(tx, made.id) == made
    assert mutes.recent(tx) == [made]
    assert mutes.get(tx, made.id + 1) is None


def test_it_holds_until_its_end(tx):
    made = add(tx)
    assert mutes.in_force(tx, NOW) == (made,)
    assert mutes.in_force(tx, later(hours=2)) == ()
    assert mutes.in_force(tx, later(-1)) == ()


def test_ended_early_it_holds_no_longer_and_stays_on_record(tx):
    made = add(tx)
    assert mutes.end(tx, made.id, later(60)).ended_at == later(60)
    assert mutes.in_force(tx, later(61)) == ()
    assert mutes.end(tx, made.id, later(90)).ended_at == later(60)
    assert [mute.id for mute in mutes.recent(tx)] == [made.id]


def test_one_that_has_run_out_is_not_ended(tx):
    made = add(tx)
    assert mutes.end(tx, made.id, later(hours=3)).ended_at is None
    assert mutes.end(tx, made.id + 1, NOW) is None


def test_a_story_s_mute_goes_with_the_story_it_was_merged_into(tx):
    _, first, _ = put_article(tx)
    second = stories.open(tx, NOW)
    add(tx, kind="story", value=str(second))
    tx.run(sa.update(t.story).where(t.story.c.id == second).values(merged_into=first))
    assert [mute.value for mute in mutes.in_force(tx, NOW)] == [str(first)]
    assert stories.exists(tx, first)
    assert not stories.exists(tx, first + 99)
