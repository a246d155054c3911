"""A feed of our own: a file that feed readers take, whole or not at all, and the same however often it is written."""

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from bot.deliver import ownfeed
from bot.deliver.ownfeed import FeedSender, write
from bot.model import Delivered, Delivery, Destination, Held, Later, Posted

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ENTRY = {
    "title": "Huawei 华为 & <b>",
    "url": "https://paper.example/a?b=1&c=2",
    "html": "<p>Duties on <strong>pots</strong> &amp; pans</p>",
    "text": "Duties on pots & pans",
    "published": None,
    "categories": ["trade", "high"],
}
NOTICE = {**ENTRY, "title": "Presswatch needs a look", "url": None, "categories": ["notice"]}
POSTED = [
    Posted(uid="2", payload={"full": NOTICE}, at=AT + timedelta(hours=1), changed_at=AT + timedelta(hours=1)),
    Posted(uid="1", payload={"full": ENTRY}, at=AT, changed_at=AT + timedelta(hours=2)),
]


def delivery(**changes):
    return Delivery(**{"id": 7, "uid": "1", "destination": "own", "op": "post", "payload": {}, **changes})


def sender(path, asked=None):
    async def entries(destination, limit, besides):
        if asked is not None:
            asked.append((destination, limit, besides))
        return POSTED

    return FeedSender([Destination(id="own", kind="feed", target=str(path))], entries=entries)


@pytest.mark.parametrize("name", ["alerts.xml", "alerts.atom", "alerts.rss"])
def test_feed_readers_read_it(tmp_path, name):
    write(tmp_path / name, POSTED, "Alerts")
    found = feedparser.parse((tmp_path / name).read_bytes())
    assert not found.bozo
    assert found.feed.title == "Alerts"
    notice, alert = found.entries
    assert (alert.id, alert.link) == ("urn:uuid:1", ENTRY["url"])
    assert alert.title.startswith("Huawei 华为 &")
    assert alert.published_parsed[:4] == (2026, 3, 2, 12)
    assert [tag.term for tag in alert.tags] == ["trade", "high"]
    html = alert.content[0].value if "content" in alert else alert.summary
    assert "<strong>pots</strong> &amp; pans" in html
    assert not notice.get("links")


def test_our_own_reader_reads_the_json_feed(tmp_path):
    write(tmp_path / "alerts.json", POSTED, "Alerts")
    feed = json.loads((tmp_path / "alerts.json").read_text("utf-8"))
    assert feed["version"].endswith("/1.1")
    assert [item["id"] for item in feed["items"]] == ["urn:uuid:2", "urn:uuid:1"]
    assert feed["items"][1]["title"] == ENTRY["title"]
    assert feed["items"][1]["tags"] == ["trade", "high"]
    assert "url" not in feed["items"][0]


def test_an_empty_feed_is_a_feed(tmp_path):
    write(tmp_path / "alerts.xml", [], "Alerts")
    assert feedparser.parse((tmp_path / "alerts.xml").read_bytes()).version == "atom10"


async def test_a_message_is_written_with_those_that_stand(tmp_path):
    asked, path = [], tmp_path / "deep" / "alerts.json"
    assert await sender(path, asked).send(delivery()) == Delivered()
    assert asked == [("own", ownfeed.NEWEST, (7,))]
    before = path.read_bytes()
    assert await sender(path).send(delivery()) == Delivered()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["alerts.json"]


async def test_a_place_that_cannot_be_written_keeps_the_message(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    out = sender(tmp_path / "file" / "alerts.xml")
    outcome = await out.send(delivery())
    assert isinstance(outcome, Later)
    (finding,) = await out.check(Destination(id="own", kind="feed"))
    assert (finding.state, bool(finding.remedy)) == ("fail", True)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(ownfeed, "write", refuse)  # the tests may run as root, whom nothing is refused
    assert isinstance(await out.send(delivery()), Held)


async def test_a_destination_that_is_gone_keeps_its_messages(tmp_path):
    assert isinstance(await sender(tmp_path / "a.xml").send(delivery(destination="gone")), Held)


async def test_it_is_never_in_doubt(tmp_path):
    out, here = sender(tmp_path / "a.xml"), Destination(id="own", kind="feed")
    assert (await out.look_up(here, [delivery()])).complete
    assert (await out.try_out(here)).state == "ok"
    assert list(tmp_path.iterdir()) == []
