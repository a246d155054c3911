"""Many alerts in one message: each with its headline, rule and link, within what the services take."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_alerts_compose import CONTENT

from bot.alerts import wording
from bot.alerts.compose_group import MOST, ROOM, compose_group
from bot.deliver.fake_blocks import MAX_BLOCKS, MAX_TOTAL, faults, size
from bot.model import News

LONGEST_TEXT = 4000


def many(count, **changes):
    return [
        replace(CONTENT, **{"headline": f"Number {n}", "url": f"https://example.org/{n}", **changes})
        for n in range(count)
    ]


def test_slack_gets_a_line_for_each_with_link_source_and_rules():
    payload, shown = compose_group(many(3), "slack")
    assert (shown, payload["alerts"]) == (3, 3)
    head, lines = payload["full"]["blocks"]
    assert head["text"]["text"] == "*3 alerts in one message, because many came at once*"
    rules = ", ".join(wording.rule_title(why) for why in CONTENT.why[:2])
    for number, line in enumerate(lines["text"]["text"].split("\n")):
        assert line.startswith(f"• <https://example.org/{number}|Number {number}>")
        assert wording.source(CONTENT) in line
        assert rules in line
    assert payload["minimal"] == payload["full"]


def test_a_reply_says_what_is_new():
    news = News(kind="change", value="x", text="25 % → 10 %", reason="because", weight=1.0)
    payload, _ = compose_group([*many(1), *many(1, kind="new fact", news=(news,)), *many(1, kind="new rule")], "slack")
    lines = payload["full"]["blocks"][1]["text"]["text"].split("\n")
    assert lines[1].startswith("• New: 25 % → 10 % – <https://")
    assert lines[2].startswith("• Also matches: <https://")


@pytest.mark.parametrize("kind", ["slack", "console", "apprise"])
def test_what_does_not_fit_is_left_to_the_next_message(kind):
    contents = many(100)
    found = []
    while contents:
        payload, shown = compose_group(contents, kind)
        assert 1 <= shown <= MOST
        found += [n for n in range(100) if f"https://example.org/{n}" in {*_links(payload["full"], kind)}]
        contents = contents[shown:]
    assert found == list(range(100))


def _links(message, kind):
    if kind == "slack":
        text = "\n".join(block["text"]["text"] for block in message["blocks"])
        return [part.partition("|")[0] for part in text.split("<")]
    if kind == "console":
        return [part[2] for line in message["lines"] for part in line["parts"]]
    return message["text"].split()


def test_a_service_behind_apprise_gets_no_more_than_most_take():
    payload, shown = compose_group(many(100, headline="word " * 40), "apprise")
    assert shown < MOST
    assert len(payload["full"]["text"]) <= ROOM["apprise"]


texts = st.text(st.sampled_from("&<>*_~|`ab \u202e\n中é\x00"), max_size=400)


@given(st.lists(st.tuples(texts, st.integers(0, 2000), texts), min_size=1, max_size=60))
def test_slack_takes_whatever_the_articles_say(rows):
    contents = [
        replace(
            CONTENT,
            kind="new fact",
            headline=headline,
            source=source,
            url="https://example.org/" + "&" * length,
            news=(News(kind="change", value="x", text=headline, reason="because", weight=1.0),),
        )
        for headline, length, source in rows
    ]
    payload, shown = compose_group(contents, "slack")
    message = payload["full"]
    assert shown >= 1
    assert faults(message["blocks"]) == []
    assert len(message["blocks"]) <= MAX_BLOCKS
    assert size(message["blocks"]) <= MAX_TOTAL
    assert 0 < len(message["text"]) <= LONGEST_TEXT
