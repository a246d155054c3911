"""Another item under a guid that was taken: told by title, link and date, and given a key that is free."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.ingest.apart import told_apart
from bot.ingest.normalise import article
from bot.model import Item, Source

AT = datetime(2023, 8, 28, 12, tzinfo=UTC)
SOURCE = Source(id="wire", kind="feed", name="Wire")


@dataclass(frozen=True)
class Known:
    title: str = "Before"
    canonical_url: str | None = "https://a.example/before"
    published_at: datetime | None = AT


def came(key="g", title="Now", link="https://a.example/now", at=AT + timedelta(hours=1), kind="guid"):
    found = article(Item(link=link, title=title, summary=f"Of {title}.", published_at=at), SOURCE)
    return type(found)(**{**{name: getattr(found, name) for name in found.__slots__}, "key": key, "key_kind": kind})


def keys(*articles, stored=None):
    return [(each.key_kind, each.key) for each in told_apart(articles, {"g": Known()} if stored is None else stored)]


def test_an_item_that_shares_nothing_but_the_guid_is_another_one():
    assert keys(came(), came("h")) == [("link", "https://a.example/now"), ("guid", "h")]


@pytest.mark.parametrize("dates", [(None, AT), (AT, None), (None, None)])
def test_a_date_that_is_missing_proves_nothing(dates):
    before, now = dates
    stored = {"g": Known(published_at=before)}
    assert keys(came(at=now), stored=stored) == [("link", "https://a.example/now")]


@pytest.mark.parametrize(
    "same",
    [{"title": "Before"}, {"link": "https://www.a.example/before?utm_source=x"}, {"link": None}, {"at": AT}],
    ids=["title", "link", "no link", "date"],
)
def test_what_stayed_makes_it_an_edit(same):
    assert keys(came(**same)) == [("guid", "g")]


def test_what_was_stored_without_a_link_may_have_got_one():
    assert keys(came(), stored={"g": Known(canonical_url=None)}) == [("guid", "g")]


def test_only_guids_are_doubted():
    assert keys(came(kind="link")) == [("link", "g")]
    assert keys(came(kind="fingerprint")) == [("fingerprint", "g")]


def test_no_two_of_a_poll_get_the_same_key():
    stored = {"g": Known(), "h": Known(), "i": Known()}
    one, two, three = came("g", "One"), came("h", "Two"), came("i", "Two")
    assert keys(one, two, three, stored=stored) == [
        ("link", "https://a.example/now"),
        ("fingerprint", two.fingerprint),
        ("guid", "i"),  # the same words, date and link as the one before: nothing tells it apart
    ]
    taken = came("https://a.example/now", "Three", kind="link")
    assert keys(one, taken, stored=stored)[0] == ("fingerprint", one.fingerprint)
