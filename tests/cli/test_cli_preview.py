"""``presswatch preview``: an alert as each kind of destination gets it, and nothing is sent."""

import json

import pytest

from bot.deliver.fake_blocks import faults


@pytest.fixture
def told(desk):
    desk.seed(1, "Tariffs rise & fall")
    desk.run("run", "--once")
    return desk


def test_without_alerts_it_says_how_to_get_one(desk):
    done = desk.run("preview", "slack")
    assert (done.code, "presswatch run --once" in done.err) == (1, True)
    desk.run("run", "--once")
    assert desk.run("preview", "slack").code == 1


def test_slack_s_message_as_text_page_and_payload(told):
    done = told.run("preview", "slack")
    assert "Tariffs* rise & fall" in done.out
    assert "Nothing was sent." in done.err
    page = (told.folder / "var" / "previews" / "preview-slack-1.html").read_text("utf-8")
    assert "rise &amp; fall" in page
    (row,) = told.run("preview", "slack", "1", "--json").rows
    assert (row["alert"], row["kind"], faults(row["message"]["blocks"])) == (1, "slack", [])


@pytest.mark.parametrize("kind", ["console", "webhook", "feed", "apprise"])
def test_every_other_kind_shows_the_headline(told, kind):
    done = told.run("preview", kind, "--no-page")
    assert done.code == 0
    assert "rise & fall" in done.out.replace("*", "")
    (row,) = told.run("preview", kind, "--json").rows
    assert row["message"]


def test_a_feed_s_entry_has_a_page_a_webhook_s_document_none(told):
    assert "Page: var/previews/preview-feed-1.html" in told.run("preview", "feed").out
    out = told.run("preview", "webhook").out
    assert json.loads(out)["headline"] == "Tariffs rise & fall"


def test_the_preview_is_what_goes_out(desk):
    own = '[[destination]]\nid = "own"\nkind = "feed"\npath = "own.json"\n'
    desk.write("config.toml", (desk.folder / "config.toml").read_text() + own)
    desk.seed(1, "Tariffs rise & fall")
    desk.run("run", "--once")
    (item,) = json.loads((desk.folder / "own.json").read_text("utf-8"))["items"]
    (row,) = desk.run("preview", "feed", "--json").rows
    assert (row["message"]["title"], row["message"]["html"]) == (item["title"], item["content_html"])


def test_an_unknown_alert_is_wrong_use(told):
    done = told.run("preview", "slack", "99")
    assert (done.code, "there is no alert 99" in done.err) == (2, True)


@pytest.mark.parametrize("kind", ["slack", "console", "apprise"])
def test_the_newest_alerts_as_the_message_that_they_would_share(desk, kind):
    desk.seed(1, "Tariffs rise & fall")
    desk.seed(
        2, "Customs sheds are painted", "Painters of the harbour met about a tariff on brushes, and voted for blue."
    )
    desk.run("run", "--once")
    done = desk.run("preview", kind, "--last", "25")
    assert "2 alerts in one message" in done.out
    assert "rise & fall" in done.out
    assert "Customs sheds" in done.out
    (row,) = desk.run("preview", kind, "--last", "25", "--json").rows
    assert kind != "slack" or faults(row["message"]["blocks"]) == []


@pytest.mark.parametrize(
    "words",
    [
        ("feed", "--last", "3"),
        ("slack", "1", "--last", "3"),
        ("slack", "--last", "1"),
        ("slack", "x"),
        ("digest", "no-such"),
    ],
)
def test_what_shares_no_message_is_wrong_use(told, words):
    assert told.run("preview", *words).code == 2
