"""``presswatch alerts resend`` as somebody uses it who has just connected a channel."""

from dataclasses import replace

import click
import pytest

from bot.cli.common import Settings
from bot.cli.resend import destination_named
from bot.config import load
from bot.deliver import fake_slack
from bot.model import Destination

LATER = '[[destination]]\nid = "later"\nkind = "console"\ndefault = false\n'
TERMINAL = '[[destination]]\nid = "terminal"\nkind = "console"\n'


@pytest.fixture
def told(desk):
    """A desk whose terminal has been told of two stories; a second one has been told of nothing."""
    desk.write("config.toml", (desk.folder / "config.toml").read_text() + TERMINAL + LATER)
    desk.seed(1, "Tariffs on kettles rise")
    desk.run("run", "--once")
    desk.seed(2, "Tariffs on pots fall")
    desk.run("run", "--once", "--force")
    return desk


def test_the_newest_stories_appear_oldest_first(told):
    result = told.run("alerts", "resend", "--last", "2", "--to", "later")
    assert result.code == 0
    assert result.out.index("kettles rise") < result.out.index("pots fall")
    assert result.out.count("sent again on request") == 2
    assert result.out.count("new here: sent") == 2
    assert result.out.splitlines()[-1] == "2 messages sent to later."
    again = told.run("alerts", "resend", "--last", "1", "--to", "later")
    assert "told here before: sent" in again.out
    assert "kettles" not in again.out


def test_json_prints_one_object_per_story(told):
    rows = told.run("alerts", "resend", "--to", "later", "--json").rows
    resent = [row["resent"] for row in rows if "resent" in row]
    assert [set(row) for row in resent] == [{"story", "alert", "headline", "first", "state", "error"}] * 2
    assert [(row["first"], row["state"], row["error"]) for row in resent] == [(True, "sent", None)] * 2


def test_a_channel_that_cannot_be_reached_keeps_them_and_ends_with_1(told):
    with fake_slack.in_thread(fake_slack.FakeSlack()) as slack:
        config = (told.folder / "config.toml").read_text()
        told.write("config.toml", f'{config}[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "#alerts"\n')
        told.write("config.toml", (told.folder / "config.toml").read_text() + f'[slack]\nbase_url = "{slack.url}"\n')
        without = told.run("alerts", "resend", "--to", "desk")
        assert without.code == 1
        assert without.out.count("held") == 2
        assert without.out.count("SLACK_BOT_TOKEN") == 1, "one trouble is said once"
        told.env["SLACK_BOT_TOKEN"] = slack.token
        assert told.run("alerts", "resend", "--to", "desk").code == 0
        assert ["kettles" in text for text in slack.texts()] == [True, False]


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["--to", "latr"], 'did you mean "later"?'),
        ([], "--to"),
        (["--to", "later", "--last", "0"], "--last"),
    ],
)
def test_wrong_use_says_how_it_is_meant(told, args, hint):
    result = told.run("alerts", "resend", *args)
    assert result.code == 2
    assert hint in result.err


def test_what_takes_digests_is_offered_no_alerts(tmp_path):
    mailbox = Destination(id="mail:desk@example.org", kind="mail", target="desk@example.org")
    terminal = Destination(id="terminal", kind="console")
    settings = Settings()
    settings.config = replace(load(None, {}, tmp_path), destinations=(terminal, mailbox))
    assert destination_named(settings, "terminal") is terminal
    with pytest.raises(click.UsageError, match="takes digests, not alerts: name one of terminal"):
        destination_named(settings, mailbox.id)


def test_without_alerts_it_says_where_to_look(desk):
    result = desk.run("alerts", "resend", "--to", "console")
    assert result.code == 0
    assert "alerts --baseline" in result.out
    assert "--backfill" in result.out


def test_the_list_works_as_before_and_names_the_command(told):
    assert "pots fall" in told.run("alerts", "--last", "1", "--to", "terminal").out
    assert told.run("alerts", "--baseline").code == 0
    assert "resend" in told.run("alerts", "--help").out
