"""Stories as they are looked up: the lead, copies, other reports of the event, and what is only related."""

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, put_article, put_source

from bot.store import members, stories
from bot.store import tables as t


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper", "gazette")
    with store.write() as open_tx:
        yield open_tx


def alone(tx, key, source="wire", at=NOW):
    return put_article(tx, article(key, source=source), at=at)[:2]


def test_a_story_has_its_lead_its_members_and_what_is_related(tx):
    first, story = alone(tx, "a")
    (copy, _) = alone(tx, "b", "paper", later(1))
    other, elsewhere = alone(tx, "c", "gazette", later(2))
    tx.run(sa.delete(t.story_member).where(t.story_member.c.article == copy))
    stories.join(tx, story, copy, "copy", 0.99, "the same words, retitled", later(1), copy_of=first)
    stories.join(tx, story, other, "related", 0.4, "the same names", later(2))
    found = {each.id: each for each in members.recent(tx, 9)}
    assert (found[story].lead.article, found[story].lead.reason) == (first, "test")
    (member,) = found[story].members
    assert (member.article, member.kind, member.copy_of, member.source_name) == (copy, "copy", first, "Paper")
    (related,) = found[story].related
    assert (related.article, related.story, related.score) == (other, elsewhere, 0.4)
    assert (found[elsewhere].lead.article, found[elsewhere].members) == (other, ())
    assert [each.id for each in members.recent(tx, 9, several=True)] == [story]


def test_a_merged_story_is_told_by_the_one_it_went_into(tx):
    (first, story), (second, merged) = alone(tx, "a"), alone(tx, "b", "paper", later(1))
    stories.join(tx, story, second, "related", 0.5, "perhaps", later(1))
    tx.run(sa.update(t.story).where(t.story.c.id == merged).values(merged_into=story))
    (found,) = members.recent(tx, 9)
    assert (found.id, found.lead.article, [each.article for each in found.members]) == (story, first, [second])
    assert found.related == ()


def test_the_newest_come_first_and_the_old_are_left_out(tx):
    stored = [alone(tx, key, at=later(hour))[1] for hour, key in enumerate("abc")]
    assert [each.id for each in members.recent(tx, 2)] == stored[:0:-1]
    assert [each.id for each in members.recent(tx, 9, since=later(2))] == stored[2:]
