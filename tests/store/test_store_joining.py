"""Whether a poll joins the last one, on both databases: what feeds showed is kept, and gaps have their times."""

import pytest
from store_samples import NOW, article, later, poll, put_article, source

from bot.joining import Joint, join, recognise
from bot.store import shown, sources
from bot.store.records import Shown


@pytest.fixture
def tx(store):
    with store.write() as open_tx:
        sources.sync(open_tx, [source("wire"), source("paper")], NOW)
        yield open_tx


class Feed:
    """Polls of one feed, an hour apart; items are letters."""

    def __init__(self, tx, id_="wire"):
        self.tx, self.id, self.hours = tx, id_, 0

    def show(self, *keys, joined=False, **more):
        """What joins this poll with the last one."""
        at = later(hours=self.hours)
        self.hours += 1
        found = [article(key, source=self.id, **more) for key in keys]
        state = sources.get(self.tx, self.id)
        seen = recognise(self.tx, state, self.id, found)
        joint = join(self.tx, state, seen, joined=joined)
        for each in found:
            if each.key not in seen.known:
                put_article(self.tx, each, at=at)
        sources.record_poll(self.tx, poll(self.id, at=at, overlap=joint.overlap))
        return joint

    def same(self):
        """A poll that says that nothing has changed."""
        sources.record_poll(self.tx, poll(self.id, status="unchanged", at=later(hours=self.hours)))
        self.hours += 1


def test_what_a_feed_showed_is_read_as_it_was_written(tx):
    assert shown.get(tx, "wire") is None
    first = Shown(items={"z": 1, "a": 3, "m": 2}, number=3, most=9)
    shown.put(tx, "wire", first)
    shown.put(tx, "paper", Shown(items={}))
    assert (shown.get(tx, "wire"), list(shown.get(tx, "wire").items)) == (first, ["z", "a", "m"])
    shown.set_last(tx, "wire", NOW)
    assert (shown.get(tx, "wire").last_at, shown.get(tx, "paper").last_at) == (NOW, None)
    second = Shown(items={"b": 4}, number=4, most=9)
    shown.put(tx, "wire", second)
    assert shown.get(tx, "wire") == second


def test_the_first_poll_is_no_gap_and_the_next_one_is_joined_by_what_is_left(tx):
    feed = Feed(tx)
    assert feed.show("a", "b", "c") == Joint(first=True)
    assert feed.show("d", "a", "b") == Joint(overlap=2)
    assert feed.show("e", "f", "d") == Joint(overlap=1)


def test_a_gap_lies_between_the_last_good_poll_and_this_one(tx):
    feed = Feed(tx)
    feed.show("a", "b")
    feed.same()
    assert feed.show("c", "d") == Joint(overlap=0, gap_from=later(hours=1))
    assert feed.show("e", "c") == Joint(overlap=1)


def test_an_item_that_is_stored_but_was_not_shown_last_joins_nothing(tx):
    feed = Feed(tx)
    feed.show("a", "b", "c")
    feed.show("d", "e", "b")
    feed.show("f", "g", "d")
    assert feed.show("x", "a", "y").gap_from == later(hours=2)


def test_a_pinned_item_joins_nothing(tx):
    feed = Feed(tx)
    feed.show("pin", "a", "b", "c")
    assert feed.show("pin", "d", "a", "b").gap_from is None
    assert feed.show("pin", "x", "y", "z") == Joint(overlap=0, gap_from=later(hours=1))


def test_a_feed_that_shows_nothing_new_has_nothing_to_prove_and_replaces_nothing(tx):
    feed = Feed(tx)
    feed.show("a", "b", "c", "d")
    feed.show("f", "e", "a", "b")
    for keys in ((), ("f",), ("c", "d"), ("b", "a", "e")):  # empty, shorter, a stale page, another order
        assert feed.show(*keys) == Joint(), keys
    assert feed.show("h", "g", "f", "e") == Joint(overlap=2)


def test_a_feed_that_was_empty_and_comes_back_with_what_it_had_is_joined(tx):
    feed = Feed(tx)
    feed.show("a", "b")
    feed.show()
    assert feed.show("c", "a").gap_from is None


def test_a_feed_that_was_empty_and_comes_back_full_of_new_items_is_a_gap_since_it_was_seen_full(tx):
    feed = Feed(tx)
    feed.show("a", "b")
    feed.same()
    feed.show()
    feed.same()
    feed.show()
    assert feed.show("c", "d") == Joint(overlap=0, gap_from=later(hours=1))
    assert feed.show("e", "c") == Joint(overlap=1)


def test_a_feed_that_was_empty_and_fills_up_again_lacks_nothing(tx):
    feed = Feed(tx)
    feed.show("a", "b", "c")
    feed.show("d", "a", "b")
    feed.show()
    assert feed.show("x", "y") == Joint(overlap=0)
    assert feed.show("p", "q").gap_from == later(hours=3), "only what comes right after it was empty"


def test_a_feed_that_was_empty_and_shows_its_items_again_is_not_empty_any_more(tx):
    feed = Feed(tx)
    feed.show("a", "b", "c")
    feed.show()
    feed.show("a", "b", "c")
    assert feed.show("x", "y").gap_from == later(hours=2)


def test_a_feed_that_was_empty_from_the_first_lacks_nothing(tx):
    feed = Feed(tx)
    assert feed.show() == Joint(first=True)
    assert feed.show("a", "b") == Joint()
    assert feed.show("c", "d").gap_from == later(hours=1)


def test_ids_that_all_change_are_seen_through(tx):
    feed = Feed(tx)
    feed.show("a", "b", "c")
    fingerprints = {"http:c": "fp-c", "http:d": "fp-d"}
    found = [article(key, fingerprint=value) for key, value in fingerprints.items()]
    state = sources.get(tx, "wire")
    assert join(tx, state, recognise(tx, state, "wire", found)) == Joint(overlap=1)


def test_another_address_of_a_known_feed_is_neither_first_nor_a_gap(tx):
    feed = Feed(tx)
    feed.show("a", "b", "c", "d")
    feed.show("e", "f", "a", "b")
    sources.sync(tx, [source("wire", url="https://new.example/feed"), source("paper")], later(hours=2))
    assert feed.show("x", "c", "d") == Joint()
    assert feed.show("y", "x", "c").overlap == 2


def test_a_source_of_which_only_a_part_was_read_is_joined_by_the_rest(tx):
    feed = Feed(tx)
    feed.show("a1", "a2", "b1", "b2")
    assert feed.show("b3", "b4", joined=True) == Joint()
    assert feed.show("a3", "a1", "b5", "b3").overlap == 2
    assert feed.show("x", "y").gap_from == later(hours=2)


def test_sources_are_kept_apart(tx):
    wire, paper = Feed(tx), Feed(tx, "paper")
    wire.show("a", "b")
    assert paper.show("a", "b").first
    assert paper.show("c", "a").overlap == 1
    assert wire.show("c", "d").gap_from is not None


def test_after_an_upgrade_a_feed_is_held_against_all_that_is_stored(tx):
    """What the last poll of an older version showed is not known."""
    feed = Feed(tx)
    feed.show("a", "b")
    feed.show("c", "a")
    tx.run(shown.t.shown.delete())
    assert feed.show("d", "b") == Joint()
    tx.run(shown.t.shown.delete())
    assert feed.show("x", "y") == Joint(gap_from=later(hours=2))
