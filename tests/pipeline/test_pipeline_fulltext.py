"""Whole articles: the page behind an item is matched, or the alert says why it was not. Real servers, files, workers."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from servers import FaultServer, busy, reply, silent
from world import CONSOLE, rss

from bot.cli import cli
from bot.errors import ConfigError
from bot.explain import find
from bot.fulltext import (
    FIRST_POLL,
    LISTED_MORE,
    MOST,
    READ,
    RESTLESS,
    TOO_MANY,
    VERSIONS,
    excuses,
    joined,
    page_of,
    with_page,
    without_headline,
)
from bot.model import Article, Mention
from bot.model.ledger import total
from bot.store import articles, ledger
from bot.store import explain as stored
from bot.store.records import Known

SUMMARY = "The port gave notice on Tuesday, as it does every spring, and the boatmen of the town took note of it."
BODY = (
    "The port gave notice on Tuesday that the eastern basin will be closed to larger ships from the first of June.",
    "Behind the notice stands a quarrel over the tariff on sand, which the barges bring from the upper river.",
    "Shipping agents learned of it from a sheet of paper at the gate and called it a blow to the spring trade.",
    "The authority promised to publish its figures by the end of the month and to hear everybody by the basin.",
)
SUBSCRIBE = "<div><h3>Subscribe to continue reading</h3><p>From £1 a week</p></div>"


def page(*more, texts=BODY, head="", title="Notice a"):
    body = "".join(f"<p>{text}</p>" for text in texts) + "".join(more)
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"


def html(body):
    return reply(body, content_type="text/html; charset=utf-8")


def item(server, name, summary=SUMMARY, link=None):
    return {
        "id": name,
        "title": f"Notice {name}",
        "content_text": summary,
        "url": server.at(f"/{name}") if link is None else link,
    }


class Feed:
    """A feed with full text whose first poll is over, so that what it lists next is news."""

    def __init__(self, world, settings="fulltext = true\n"):
        self.world, self.server, self.items = world, world.server, []
        world.feed_source("port", "/feed")
        world.sources[-1] += settings
        self.write()

    def write(self):
        self.server["/feed"] = json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "Port", "items": self.items}
        )

    def publish(self, *items):
        self.items = [*items, *self.items]
        self.write()


@pytest.fixture
def feed(world):
    return Feed(world)


def versions(desk):
    with desk.store.read() as tx:
        return {each.article.key: each.article for each in articles.archive(tx)}


async def alerted(world, feed, desk, *items, **wishes):
    """What the first poll brings is the baseline; then these items come."""
    await world.round(desk)
    world.later(minutes=20)
    feed.publish(*items)
    return await world.round(desk, **wishes)


# ── what is matched ──────────────────────────────────────────────────────────────────────────────


async def test_a_rule_matches_words_that_only_the_page_holds_and_its_evidence_points_into_what_is_stored(world, feed):
    world.server["/a"] = html(page())
    async with world.desk() as desk:
        polled, delivered = await alerted(world, feed, desk, item(world.server, "a"))
        article = versions(desk)["a"]
        with desk.store.read() as tx:
            history = stored.history(tx, find(tx, "a")[0])
    assert (polled.alerts, delivered.sent) == (1, 1)
    assert polled.sources[0].note == ""
    assert (article.text_seen, article.text_reason) == ("full", READ)
    assert article.body == "\n\n".join((SUMMARY, *BODY))
    (mention,) = history.versions[0].mentions
    assert (mention.text_seen, mention.text_reason) == ("full", READ)
    assert all(article.body[hit.start : hit.end] == hit.text for hit in mention.hits)
    assert [hit.text for hit in mention.hits] == ["tariff"]
    assert "only the summary" not in world.slack.texts()[0]


async def test_a_summary_that_the_page_holds_is_not_stored_twice(world, feed):
    world.server["/a"] = html(page())
    async with world.desk() as desk:
        await alerted(
            world, feed, desk, item(world.server, "a", summary="The port gave notice on Tuesday that the eastern ba…")
        )
        assert versions(desk)["a"].body == "\n\n".join(BODY)


WALLS = {
    "blocked": (None, "robots.txt of 127.0.0.1 does not allow it"),
    "gone": (busy(404), "127.0.0.1 has no such page (404)"),
    "marked": (
        html(
            page(head='<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>')
        ),
        "its page is for subscribers",
    ),
    "barred": (html(page(SUBSCRIBE, texts=BODY[:2])), "its page is for subscribers"),
    "consent": (
        html(
            page(
                texts=[
                    "We value your privacy. We and our partners use cookies on your device to show you personalised ads. Accept all or manage your choices."
                ]
                * 3
            )
        ),
        "its page asks for consent to cookies",
    ),
    "short": (html(page(texts=["The tariff is in the paper of today."])), LISTED_MORE),
}


@pytest.mark.parametrize("name", WALLS)
async def test_without_a_page_the_alert_goes_out_on_the_summary_and_says_so(world, feed, name):
    route, reason = WALLS[name]
    world.server["/robots.txt"] = "User-agent: *\nDisallow: /blocked"
    if route is not None:
        world.server[f"/{name}"] = route
    async with world.desk() as desk:
        summary = SUMMARY + " It is about the tariff."
        polled, delivered = await alerted(world, feed, desk, item(world.server, name, summary))
        article = versions(desk)[name]
    assert (polled.alerts, delivered.sent) == (1, 1)
    assert (article.body, article.text_seen, article.text_reason) == (
        summary,
        "summary" if reason != LISTED_MORE else "full",
        reason,
    )
    assert polled.sources[0].note == f"1 of 1 page not read: {reason}"


async def test_a_summary_that_says_so_in_slack_and_on_the_terminal(world):
    feed = Feed(world)
    world.server["/feed"] = rss()
    async with world.desk(CONSOLE + '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "C0000001"\n') as desk:
        await world.round(desk)
        world.later(minutes=20)
        link = f"<link>{world.server.at('/gone')}</link>"
        world.server["/feed"] = rss("A tariff on sand").replace("</title><desc", f"</title>{link}<desc")
        await world.round(desk)
    assert feed.server.paths().count("/gone") == 1
    said = "only the summary was seen: 127.0.0.1 has no such page (404)"
    assert said in json.dumps(world.slack.workspace.messages[0].data, ensure_ascii=False)
    told = lambda *args: CliRunner().invoke(cli, [*args, "--config", str(world.folder / "config.toml")])  # noqa: E731
    listed = told("alerts", "--to", "desk")
    assert "127.0.0.1 has no such page (404)" in listed.output
    (row, _) = map(json.loads, told("alerts", "--json").output.splitlines())
    assert (row["text_seen"], row["text_reason"]) == ("summary", "127.0.0.1 has no such page (404)")
    shown = told("explain", world.server.at("/gone"))
    assert "read: its title and summary (127.0.0.1 has no such page (404))" in " ".join(shown.output.split())
    version = json.loads(told("explain", world.server.at("/gone"), "--json").output)["versions"][0]
    assert version["text_reason"] == version["mentions"][0]["text_reason"] == "127.0.0.1 has no such page (404)"


# ── which pages are fetched ──────────────────────────────────────────────────────────────────────


async def test_the_first_poll_fetches_no_page_but_those_that_may_be_alerted(world, feed):
    world.server["/new"] = world.server["/old"] = html(page())
    for name, date in (("old", "2023-08-01T12:00:00Z"), ("new", "2023-08-27T12:00:00Z")):
        feed.publish({**item(world.server, name), "date_published": date})
    async with world.desk() as desk:
        await world.round(desk, backfill=1)
        found = versions(desk)
    assert (found["new"].text_reason, found["old"].text_reason) == (READ, FIRST_POLL)
    assert "/old" not in world.server.paths()


async def test_a_page_is_fetched_once_whatever_became_of_it(world, feed):
    world.server["/a"], world.server["/b"] = html(page()), busy(500)
    async with world.desk() as desk:
        await alerted(world, feed, desk, item(world.server, "a"), item(world.server, "b"))
        for number in range(3):
            world.later(minutes=20)
            feed.publish(item(world.server, f"other{number}", "Nothing to see here at all today.", link=""))
            polled, _ = await world.round(desk)
            assert (polled.sources[0].new, polled.sources[0].changed) == (1, 0)
        found = versions(desk)
    assert world.server.paths().count("/a") == world.server.paths().count("/b") == 1
    assert found["a"].text_reason == READ
    assert found["other2"].text_reason == "it has no address"


async def test_a_changed_item_brings_its_page_again_but_not_for_ever(world, feed):
    world.server["/a"] = html(page())
    async with world.desk() as desk:
        await alerted(world, feed, desk, item(world.server, "a"))
        for number in range(4):
            world.later(minutes=20)
            feed.items[0]["content_text"] = f"{SUMMARY} {number} comments."
            feed.write()
            polled, _ = await world.round(desk)
            assert polled.sources[0].changed == 1
        assert versions(desk)["a"].text_reason == RESTLESS
    assert world.server.paths().count("/a") == VERSIONS


async def test_switching_it_on_or_off_changes_no_stored_article(world, feed):
    world.server["/a"] = html(page())
    async with world.desk() as desk:
        await alerted(world, feed, desk, item(world.server, "a"))
    for setting in ("fulltext = false\n", "fulltext = true\n"):
        world.sources[-1] = (
            world.sources[-1].replace("fulltext = true\n", "").replace("fulltext = false\n", "") + setting
        )
        async with world.desk() as desk:
            world.later(minutes=20)
            feed.publish()
            polled, _ = await world.round(desk)
            assert polled.sources[0].changed == 0
            assert versions(desk)["a"].text_reason == READ
    assert world.server.paths().count("/a") == 1


async def test_of_a_news_sitemap_which_lists_titles_the_page_is_the_only_text(world):
    def sitemap(*names):
        one = "<url><loc>{0}</loc><news:news><news:publication><news:name>Port</news:name></news:publication>"
        one += "<news:publication_date>2023-08-28T10:00:00Z</news:publication_date><news:title>Notice {1}</news:title></news:news></url>"
        spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        return f"<urlset {spaces}>{''.join(one.format(world.server.at('/' + name), name) for name in names)}</urlset>"

    world.sources.append(
        f'[[source]]\nid = "s"\nkind = "sitemap"\nurl = "{world.server.at("/s.xml")}"\nfulltext = true\n'
    )
    world.server["/a"], world.server["/s.xml"] = html(page()), [sitemap("old"), sitemap("a", "old")]
    async with world.desk() as desk:
        await world.round(desk)
        world.later(minutes=20)
        _, delivered = await world.round(desk)
        (found,) = (each for each in versions(desk).values() if each.title == "Notice a")
    assert (found.body, found.text_seen, found.text_reason) == ("\n\n".join(BODY), "full", READ)
    assert delivered.sent == 1
    assert "/old" not in world.server.paths()


async def test_a_source_that_does_not_ask_for_it_fetches_no_page(world):
    feed = Feed(world, settings="")
    world.server["/a"] = html(page())
    async with world.desk() as desk:
        await alerted(world, feed, desk, item(world.server, "a"))
        assert versions(desk)["a"].text_reason == ""
        assert not desk.pool._quick._preload[-1].startswith("protego")
    assert set(world.server.paths()) == {"/feed"}


# ── nobody waits, nothing is lost ────────────────────────────────────────────────────────────────


async def test_pages_that_never_come_hold_up_no_alert(world, feed):
    for number in range(4):
        world.server[f"/{number}"] = silent
    items = [
        item(world.server, str(number), f"Tariff number {number} is about w{number}x alone, says the port.")
        for number in range(4)
    ]
    async with world.desk() as desk:
        polled, delivered = await alerted(world, feed, desk, *items, deadline=1.5)
        found = versions(desk)
    assert delivered.sent == 4
    assert all("127.0.0.1" in article.text_reason for article in found.values())
    assert polled.sources[0].note.startswith("4 of 4 pages not read: 127.0.0.1 did not answer")


async def test_the_books_hold(world, feed):
    begin = world.at
    world.server["/a"], world.server["/b"] = html(page()), busy(403)
    async with world.desk() as desk:
        await alerted(world, feed, desk, item(world.server, "a"), item(world.server, "b"), item(world.server, "a"))
        world.later(minutes=20)
        feed.items[0]["content_text"] = "Another tariff."
        feed.write()
        await world.round(desk)
        with desk.store.read() as tx:
            account = total(ledger.accounts(tx, begin, world.at + timedelta(seconds=1)))
    assert account.holds
    assert (account.fetched, account.changed, account.states["alerted"]) == (2, 1, 1)


async def test_a_kill_after_the_pages_were_read_loses_nothing(world, feed):
    world.server["/a"] = html(page())

    class Killed(BaseException):
        pass

    def kill(name):
        if name == "ingest.read" and "/a" in world.server.paths() and not killed:
            killed.append(name)
            raise Killed

    killed = []
    async with world.desk() as desk:
        await world.round(desk)
    world.later(minutes=20)
    feed.publish(item(world.server, "a"))
    with pytest.raises(BaseException):  # noqa: B017, PT011 – the group that Killed comes in
        async with world.desk(checkpoint=kill) as desk:
            await world.round(desk)
    async with world.desk(checkpoint=kill) as desk:
        _, delivered = await world.round(desk)
        assert versions(desk)["a"].text_reason == READ
    assert killed
    assert delivered.sent == 1


async def test_a_link_into_the_network_is_not_followed_and_the_alert_goes_out(world, feed):
    async with FaultServer(host="127.0.0.2") as inside, world.desk() as desk:
        inside["/secret"] = html(page())
        notice = item(world.server, "a", "The tariff rises.", link=inside.at("/secret"))
        _, delivered = await alerted(world, feed, desk, notice)
        assert "127.0.0.2" in versions(desk)["a"].text_reason
        assert inside.connections == 0
    assert delivered.sent == 1


# ── the pure parts ───────────────────────────────────────────────────────────────────────────────


def made(key, body="Listed.", **more):
    kept = {
        "source": "s",
        "key_kind": "guid",
        "fingerprint": key,
        "content_hash": body,
        "title": "Notice",
        "text_seen": "summary",
    }
    return Article(key=key, body=body, url=f"https://x.example/{key}", **{**kept, **more})


def known(key, content_hash, n=1):
    return Known(id=1, key=key, version=1, n=n, content_hash=content_hash, story=1, state="no rule")


def test_which_pages_are_read():
    new, same, changed, restless = made("new"), made("same"), made("changed"), made("restless")
    before = {
        "same": known("same", "Listed."),
        "changed": known("changed", "x"),
        "restless": known("restless", "x", VERSIONS),
    }
    assert excuses([new, same, changed, restless], before, first=False, backfill=0) == {
        "new": "",
        "changed": "",
        "restless": RESTLESS,
    }


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("https://news.example/story?utm_source=x", "https://news.example/story?utm_source=x"),
        ("https://www.google.com/url?rct=j&url=https://news.example/story&ct=ga", "https://news.example/story"),
        ("https://www.google.com/url?url=http://127.0.0.1/", "https://www.google.com/url?url=http://127.0.0.1/"),
        (None, ""),
    ],
)
def test_the_page_of_an_aggregators_link_is_the_one_that_it_leads_to(link, page):
    assert page_of(replace(made("one"), url=link)) == page


def test_not_more_than_so_many_at_a_time():
    many = [made(str(number)) for number in range(MOST + 2)]
    found = excuses(many, {}, first=False, backfill=0)
    assert [found[each.key] for each in many] == [""] * MOST + [TOO_MANY] * 2


@pytest.mark.parametrize(
    ("listed", "text", "expected"),
    [
        ("", "Page.", "Page."),
        ("Prices rise.", "Prices rise. More of it.", "Prices rise. More of it."),
        ("PRICES – rise!", "Prices rise. More.", "Prices rise. More."),
        ("Prices rise in the no…", "Prices rise in the north. More.", "Prices rise in the north. More."),
        ("Prices rise in the no [...]", "Prices rise in the north. More.", "Prices rise in the north. More."),
        ("A kettle is a pot.", "Prices rise.", "A kettle is a pot.\n\nPrices rise."),
        ("价格上涨。", "价格上涨。更多内容。", "价格上涨。更多内容。"),
    ],
)
def test_what_the_source_listed_is_never_lost_and_not_said_twice(listed, text, expected):
    assert joined(listed, text) == expected


def test_a_page_that_only_repeats_the_headline_has_no_text():
    assert without_headline("Notice\n\nThe text.", "NOTICE!") == "The text."
    assert with_page(made("a", body=""), "").text_reason == LISTED_MORE
    assert with_page(made("a"), "Short").text_seen == "summary"


def test_evidence_of_older_versions_says_nothing_of_pages():
    mention = Mention(rule="r", rule_hash="h", hits=(), sentences=(), text_seen="summary", text_reason="why not")
    evidence = mention.evidence()
    assert Mention.from_evidence("r", "h", 0.0, evidence) == mention
    del evidence["text_reason"]
    assert Mention.from_evidence("r", "h", 0.0, evidence).text_reason == ""


# ── the extra ────────────────────────────────────────────────────────────────────────────────────


async def test_without_the_extra_the_configuration_says_what_to_install(world, feed, monkeypatch):
    monkeypatch.setattr("bot.config.lists.FULLTEXT", ("trafilatura", "no_such_module"))
    with pytest.raises(ConfigError) as raised:
        async with world.desk():
            pass
    (fault,) = raised.value.faults
    assert fault.line
    assert str(fault).endswith("needs an extra that is not installed – pip install 'presswatch[fulltext]'")


async def test_a_folder_has_no_pages(world):
    world.folder_source("a", one="A tariff.")
    world.sources[-1] += "fulltext = true\n"
    with pytest.raises(ConfigError, match="whole articles already – remove it"):
        async with world.desk():
            pass
