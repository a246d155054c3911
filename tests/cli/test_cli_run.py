"""``presswatch run``: the main job from files to alerts, and what happens when something is wrong."""

import os
import signal
import sqlite3
import subprocess
import time

import pytest
from servers import ThreadedFaultServer, page

from bot.deliver import fake_slack

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def rss(*titles: str) -> str:
    items = (
        f"<item><guid>{t}</guid><title>{t}</title><description>{t} in detail.</description></item>" for t in titles
    )
    return RSS.format(items="".join(items))


def feed_config(url: str, port: int) -> str:
    return f'[network]\nallow = ["127.0.0.1:{port}"]\n[[source]]\nid = "feed"\nkind = "feed"\nurl = "{url}"\nname = "The Feed"\n'


def test_a_seed_article_is_alerted_with_its_reason_and_only_once(desk):
    desk.seed(
        1, "Ministry lowers tariffs on kettles", "The ministry said that a tariff on kettles would fall. Nothing else."
    )
    first = desk.run("run", "--once")
    assert first.code == 0
    assert "Ministry lowers tariffs on kettles" in first.out
    assert "a *tariff* on kettles would fall" in first.out
    assert "Tariffs" in first.out
    assert "1 alert" in first.out
    second = desk.run("run", "--once", "--force")
    assert second.code == 0
    assert "Ministry" not in second.out
    assert "Nothing new to alert" in second.out


def test_without_a_config_it_says_in_one_line_that_defaults_are_used(desk):
    (desk.folder / "config.toml").unlink()
    desk.seed(1, "Tariffs rise")
    result = desk.run("run", "--once")
    assert result.code == 0
    assert "Tariffs rise" in result.out
    assert [line for line in result.err.splitlines() if "embedded defaults" in line] != []
    assert (desk.folder / "var" / "presswatch.db").exists()


def test_sources_that_do_not_answer_are_reported_and_stop_nothing(desk):
    desk.seed(1, "Tariffs rise")
    desk.write(
        "config.toml",
        feed_config("http://127.0.0.1:9/feed", 9) + '[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\n',
    )
    result = desk.run("run", "--once")
    assert result.code == 0
    assert "Tariffs rise" in result.out
    assert "! The Feed (feed): " in result.out
    assert "1 did not answer" in result.out


def test_a_first_poll_is_a_baseline_and_a_new_item_is_exactly_one_alert(desk):
    with ThreadedFaultServer() as server:
        server["/feed"] = rss("Old tariff news", "Old weather news")
        desk.write("config.toml", feed_config(server.at("/feed"), server.port))
        first = desk.run("run", "--once")
        assert "2 stored as baseline, 1 match: presswatch alerts --baseline" in first.out
        assert "Nothing new to alert" in first.out
        assert "Old tariff news" in desk.run("alerts", "--baseline").out
        server["/feed"] = rss("Old tariff news", "Old weather news", "Fresh tariff news")
        second = desk.run("run", "--once", "--force")
        assert second.out.count("Fresh tariff news\n") == 1
        assert "Old tariff news" not in second.out
        assert "1 alert" in second.out
        assert "Nothing new to alert" in desk.run("run", "--once", "--force").out


def test_backfill_alerts_the_newest_of_a_first_poll(desk):
    with ThreadedFaultServer() as server:
        server["/feed"] = rss("First tariff news", "Second tariff news", "Third tariff news")
        desk.write("config.toml", feed_config(server.at("/feed"), server.port))
        result = desk.run("run", "--once", "--backfill", "2")
    assert "2 alerts" in result.out
    assert "1 stored as baseline" in result.out


def test_a_web_page_instead_of_a_feed_is_an_error_that_needs_attention(desk):
    with ThreadedFaultServer() as server:
        server["/feed"] = page()
        desk.write("config.toml", feed_config(server.at("/feed"), server.port))
        result = desk.run("run", "--once")
        listed = desk.run("sources", "list")
    assert result.code == 1
    assert "not a feed" in result.out
    assert listed.code == 1
    assert "failing" in listed.out


@pytest.mark.parametrize("code", [404, 500])
def test_an_error_status_is_recorded_against_the_source(desk, code):
    with ThreadedFaultServer() as server:
        server["/feed"] = page("no such thing", status=code)
        desk.write("config.toml", feed_config(server.at("/feed"), server.port))
        result = desk.run("run", "--once")
    assert result.code == (1 if code == 404 else 0)
    assert str(code) in result.out


def test_copies_make_one_alert_that_counts_the_outlets(desk):
    text = (
        "The ministry announced on Monday that it would lower the tariff on kettles, pots and pans from the coming spring. "
        "Importers had asked for the step since the harvest, when prices in the shops began to rise faster than wages did. "
        "A spokesperson said that the treasury would lose little by it, because the goods make up a small part of trade. "
        "Makers of enamel in the north of the country called for help, and the ministry promised to look into their case."
    )
    desk.write("a/1.txt", f"---\ntitle: Ministry lowers tariffs\n---\n{text}\n")
    desk.write("b/1.txt", f"---\ntitle: Kettles to become cheaper\n---\n{text}\n")
    desk.write("c/1.txt", f"---\ntitle: Pots and pans: what changes\n---\n{text}\n")
    folders = (
        f'[[source]]\nid = "{name}"\nkind = "folder"\npath = "{name}"\nname = "Outlet {name}"\n' for name in "abc"
    )
    desk.write("config.toml", "".join(folders))
    result = desk.run("run", "--once")
    assert "1 alert" in result.out
    assert "Also carried by 2 outlets" in result.out
    assert len(desk.run("alerts", "--json").rows) == 1


def test_an_edited_seed_alerts_only_for_the_rule_it_newly_matches(desk):
    desk.write("rules/more.toml", '[[rule]]\nid = "kettles"\ntitle = "Kettles"\nany = ["kettle"]\n')
    desk.write("seeds/1.txt", "---\ntitle: Tariffs fall\nurl: https://e.example/1\n---\nThe tariff falls today.\n")
    desk.run("run", "--once")
    desk.write(
        "seeds/1.txt", "---\ntitle: Tariffs fall\nurl: https://e.example/1\n---\nThe tariff on a kettle falls today.\n"
    )
    result = desk.run("run", "--once", "--force")
    assert "1 alert" in result.out
    rows = desk.run("alerts", "--json").rows
    assert [(row["kind"], row["rules"]) for row in rows] == [("new rule", ["kettles"]), ("first", ["tariffs"])]


def test_a_wrong_key_names_every_mistake_and_exits_2(desk):
    desk.write("config.toml", 'data_dri = "x"\n[network]\ndeadline = "soon"\n')
    result = desk.run("run", "--once")
    assert result.code == 2
    assert "config.toml:1:1" in result.err
    assert "data_dir" in result.err
    assert "config.toml:3:" in result.err


def test_a_rejected_rule_leaves_the_others_in_force_and_exits_1(desk):
    desk.seed(1, "Tariffs rise")
    desk.write("rules/broken.toml", '[[rule]]\nid = "broken"\ntitle = "Broken"\nanny = ["x"]\n')
    result = desk.run("run", "--once")
    assert result.code == 1
    assert "broken.toml:4:1" in result.err
    assert "Tariffs rise" in result.out


def test_a_locked_database_is_one_clear_sentence_and_exit_3(desk):
    desk.run("run", "--once")
    held = sqlite3.connect(desk.folder / "var" / "presswatch.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    try:
        result = desk.run("run", "--once")
    finally:
        held.close()
    assert result.code == 3
    assert "held by another process" in result.err
    assert len(result.err.strip().splitlines()) == 1


def test_a_database_from_a_newer_version_is_refused_with_exit_3(desk):
    desk.run("run", "--once")
    with sqlite3.connect(desk.folder / "var" / "presswatch.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    result = desk.run("run", "--once")
    assert result.code == 3
    assert "newer" in result.err


def slack_config(slack) -> str:
    return f'[slack]\nbase_url = "{slack.url}"\n[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "#alerts"\n'


def test_a_wrong_slack_token_holds_the_queue_and_the_right_one_empties_it(desk):
    desk.seed(1, "Tariffs rise")
    with fake_slack.in_thread(fake_slack.FakeSlack()) as slack:
        desk.write("config.toml", (desk.folder / "config.toml").read_text() + slack_config(slack))
        desk.env["SLACK_BOT_TOKEN"] = "xoxb-wrong-token"
        result = desk.run("run", "--once")
        assert result.code == 1
        assert "held" in result.out
        assert slack.texts() == []
        doctor = desk.run("doctor")
        assert doctor.code == 1
        assert "xoxb-wrong-token" not in doctor.out + doctor.err + result.out + result.err
        desk.env["SLACK_BOT_TOKEN"] = slack.token
        assert desk.run("run", "--once").code == 0
        assert len(slack.texts()) == 1
        assert desk.run("doctor", "--send").code == 0


@pytest.fixture
def running(desk):
    """A running bot that is stopped at the end of the test."""
    desk.seed(1, "Tariffs rise")
    process = desk.start("run", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    yield desk, process
    if process.poll() is None:
        process.kill()
    process.communicate()


def lines_until(stream, wanted: str) -> list[str]:
    """The lines up to the one that holds ``wanted``; the test's own timeout ends a wait for nothing."""
    seen = []
    for line in stream:
        seen.append(line)
        if wanted in line:
            return seen
    raise AssertionError(f"{wanted!r} never came; saw: {''.join(seen)}")


def test_sigterm_stops_the_running_bot_within_ten_seconds(running):
    desk, process = running
    lines_until(process.stdout, "Tariffs rise")
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert time.monotonic() - begun < 10
    assert "Nothing new to alert" in desk.run("run", "--once", "--force").out


def test_the_running_bot_takes_an_edited_rule_into_use(running):
    desk, process = running
    lines_until(process.stdout, "Tariffs rise")
    desk.write("rules/more.toml", '[[rule]]\nid = "kettles"\ntitle = "Kettles"\nany = ["kettle"]\n')
    os.kill(process.pid, signal.SIGHUP)
    lines_until(process.stderr, "kettles")
    assert "kettles" in desk.run("rules", "list").out


def test_the_running_bot_takes_an_edited_configuration_into_use(running):
    desk, process = running
    lines_until(process.stdout, "Tariffs rise")
    desk.write("more/2.txt", "---\ntitle: Tariffs fall\n---\nThe tariff on copper pots falls, a minister said.\n")
    text = (desk.folder / "config.toml").read_text()
    desk.write("config.toml", text + '[[source]]\nid = "more"\nkind = "folder"\npath = "more"\n')
    os.kill(process.pid, signal.SIGHUP)
    lines_until(process.stderr, "configuration loaded")
    lines_until(process.stdout, "Tariffs fall")
    desk.write("config.toml", text + "[[sauce]]\n")
    os.kill(process.pid, signal.SIGHUP)
    assert "sauce" in lines_until(process.stderr, "configuration rejected")[-1]
    assert process.poll() is None


def test_without_the_wanted_proxy_nothing_goes_out_and_what_stays_inside_works(desk):
    """Each command that would go out ends with the place and the remedy; set, empty or not at all is one to it."""
    with ThreadedFaultServer() as server, ThreadedFaultServer() as proxy:
        server["/feed"] = rss("A tariff on tea")
        text = feed_config(server.at("/feed"), server.port).replace("\n", '\nproxy_env = "CORP_PROXY"\n', 1)
        desk.write("config.toml", text)
        commands = (("run", "--once"), ("run",), ("sources", "check", "feed"), ("sources", "add", server.at("/other")))
        for environ in ({}, {"CORP_PROXY": " "}):
            desk.env.update(environ)
            for command in (*commands, ("doctor",)):
                result = desk.run(*command)
                assert result.code == 2, command
                assert "config.toml:2:13: the environment variable CORP_PROXY is not set" in result.err
                assert "set it where Presswatch runs" in result.err
            assert desk.run("rules", "check").code == 0
        assert server.requests == []
        desk.env["CORP_PROXY"] = proxy.url
        desk.run("run", "--once")
        assert server.requests == []
        assert proxy.requests != []
