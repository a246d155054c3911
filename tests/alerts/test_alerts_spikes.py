"""What is said of a spike, to whom, and what drove it: on Slack, on a terminal, in a digest."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from digest_samples import DIGEST, RULES, WINDOW, material
from volume_samples import BEGIN, newsroom, past

from bot.alerts import digest_console, digest_html, digest_slack, spikes
from bot.alerts.compose import compose_digest
from bot.alerts.compose_notices import compose_notices
from bot.alerts.compose_spikes import compose_spike
from bot.alerts.digest_content import digest_content
from bot.alerts.digest_text import is_empty, text
from bot.alerts.notices import Notice, Trouble
from bot.alerts.spike_words import sentence
from bot.alerts.volume import DAY, HOUR, usual
from bot.model import Destination, DestinationKind, Hit, Mention, Route, Rule, Term
from bot.model.volume import Series, Spike, SpikeStory, Subject

AT = datetime(2026, 11, 27, 12, 2, tzinfo=UTC)
SPIKE = Spike(
    kind="theme",
    subject="us-china-trade",
    title="US–China trade",
    rules=("tariffs",),
    hours=1,
    begin=AT.replace(minute=0),
    at=AT,
    stories=23,
    articles=61,
    low=2,
    high=9,
    weeks=8,
    top=(
        SpikeStory(headline="Tariffs <rise> & *fall*", url="https://wire.example/1", source="The Wire", outlets=19),
        SpikeStory(headline="", url="javascript:alert(1)", source="A | B", outlets=1),
    ),
    terms=(("entity list", 14), ("Huawei", 1)),
)


def texts(payload):
    """Every line of the terminal's form."""
    return ["".join(part[0] for part in line["parts"]) for line in payload["lines"]]


def test_the_sentence_says_how_many_since_when_and_what_is_normal():
    assert sentence(SPIKE) == (
        "US–China trade: 23 stories (61 articles) in the hour since 27 Nov 2026, 12:00 UTC, "
        "where 2 to 9 are normal on a Friday at this hour (8 weeks compared)"
    )
    day = replace(SPIKE, hours=24, begin=AT - timedelta(hours=20), articles=23)
    assert sentence(day) == (
        "US–China trade: 23 stories in 24 hours, since 26 Nov 2026, 16:02 UTC, "
        "where 2 to 9 are normal in 24 hours up to this hour of a Friday (8 weeks compared)"
    )


def test_slack_shows_stories_with_links_and_outlets_and_nothing_from_outside_is_markup():
    full = compose_spike(SPIKE, "slack")["full"]
    head, stories, why = full["blocks"]
    assert head["text"]["text"].startswith(
        "*More than usual: US–China trade*\n23 stories (61 articles) in the hour since"
    )
    first, second = stories["text"]["text"].splitlines()
    assert first == "• <https://wire.example/1|Tariffs &lt;rise&gt; &amp; ∗fall∗> – The Wire, +18 outlets"
    assert second == "• (no headline) – A | B"
    assert why["elements"][0]["text"] == "Driven by “entity list” (14 stories), “Huawei” (1 story)"
    assert full["text"].startswith("More than usual: US–China trade: 23 stories")
    assert compose_spike(SPIKE, "slack")["minimal"]["text"].count("\n") == 0


@pytest.mark.parametrize("kind", ["slack", "console"])
def test_whatever_comes_from_outside_the_message_keeps_to_its_limits(kind):
    long = SpikeStory(headline="&" * 9_000, url="https://e.example/" + "a" * 1900, source="<" * 500, outlets=99_999)
    wild = replace(SPIKE, title="*" * 900, top=(long,) * 5, terms=(("&" * 500, 3),) * 5)
    payload = compose_spike(wild, kind)
    assert json.loads(json.dumps(payload)) == payload
    if kind == "slack":
        for block in payload["full"]["blocks"]:
            said = block.get("elements", [block.get("text")])[0]["text"]
            assert 0 < len(said) <= 3000
        assert len(payload["full"]["text"]) <= 4000
        assert len(payload["minimal"]["text"]) <= 4000


def test_a_terminal_shows_the_same():
    lines = texts(compose_spike(SPIKE, "console")["full"])
    assert lines[0] == "More than usual: US–China trade"
    assert lines[2] == "• Tariffs <rise> & *fall* – The Wire, +18 outlets"
    assert lines[-1].startswith("Driven by “entity list”")
    assert len(compose_spike(SPIKE, "console")["minimal"]["lines"]) == 1


def test_it_is_stored_and_read_as_it_was():
    assert Spike.from_json(json.loads(json.dumps(SPIKE.as_json()))) == SPIKE


# ── digests ──────────────────────────────────────────────────────────────────────────────────────


def content(digest=DIGEST, *found):
    return digest_content(digest, WINDOW, material(spikes=found), RULES)


def test_every_form_of_a_digest_names_it_in_the_reader_s_time():
    issue = content(DIGEST, SPIKE)
    told = "US–China trade: 23 stories (61 articles) in the hour since 27 Nov 2026, 07:00, where 2 to 9"
    assert not is_empty(issue)
    flat = " ".join(text(issue).split())
    assert told in flat
    assert "Driven by “entity list”" in flat
    assert any(told in line for line in texts(digest_console.full(issue)))
    assert any(told in str(block) for block in digest_slack.full(issue)["blocks"])
    assert told in digest_slack.full(issue)["text"]
    assert told in digest_html.html(issue).html


def test_only_digests_that_tell_of_its_rules_name_it():
    assert content(replace(DIGEST, themes=("us-china-trade",)), SPIKE).spikes == (SPIKE,)
    assert content(replace(DIGEST, rules=("tariffs",)), SPIKE).spikes == (SPIKE,)
    assert is_empty(content(replace(DIGEST, themes=("kitchen",)), SPIKE))


def test_of_a_flood_of_spikes_channels_show_a_few_and_the_text_all():
    issue = content(DIGEST, *[replace(SPIKE, subject=f"s{number}") for number in range(20)])
    assert text(issue).count("23 stories") == 20
    assert digest_html.html(issue).html.count("23 stories") == 8
    assert "And 12 more: presswatch volume" in digest_html.html(issue).html
    assert sum(len(block["text"]["text"]) for block in digest_slack.full(issue)["blocks"] if "text" in block) < 13_000


# ── to whom, and why ─────────────────────────────────────────────────────────────────────────────


def test_it_goes_to_whoever_hears_of_one_of_its_rules_once():
    known = [Destination(id=name, kind="console", default=name == "all") for name in ("all", "trade", "chips")]
    rules = {
        "a": Rule(id="a", title="A", expr=Term(text="a"), theme="us-china-trade"),
        "b": Rule(id="b", title="B", expr=Term(text="b"), notify=("chips", "trade")),
        "c": Rule(id="c", title="C", expr=Term(text="c")),
    }
    routes = [Route(theme="us-china-trade", notify=("trade",))]
    subject = Subject(kind="entity", id="e", title="E", rules=("a", "b", "gone"))
    assert spikes.destinations(subject, rules, known, routes) == ("trade", "chips")
    assert spikes.destinations(replace(subject, rules=("c",)), rules, known, routes) == ("all",)


def evidence(story, *found, rule="a"):
    hits = tuple(
        Hit(term=term, field="body", start=0, end=1, text=words, entity=entity, alias=words if entity else None)
        for term, words, entity in found
    )
    return story, rule, Mention(rule=rule, rule_hash="", hits=hits, sentences=()).evidence()


def test_terms_are_counted_by_story_in_one_spelling():
    found = [
        evidence(1, ("tariff", "Tariffs", None), ("tariff", "tariffs", None)),
        evidence(1, ("tariff", "tariffs", None)),
        evidence(2, ("tariff", "tariffs", None), ("duty", "duties", None)),
    ]
    subject = Subject(kind="theme", id="t", title="T", rules=("a",))
    assert spikes.terms(subject, {}, found) == (("Tariffs", 2), ("duties", 1))


def test_of_an_entity_only_its_aliases_are_named():
    found = [evidence(1, ("Huawei", "Huawei", "huawei"), ("tariff", "tariff", None), ("SMIC", "SMIC", "smic"))]
    assert spikes.terms(Subject(kind="entity", id="huawei", title="H"), {}, found) == (("Huawei", 1),)


# ── since when ───────────────────────────────────────────────────────────────────────────────────


def test_an_hour_s_spike_began_in_it_and_a_day_s_with_its_first_loud_hour():
    counts = newsroom(12, 9, seed=2)
    counts[-DAY:] = [0] * 14 + [3] * 10
    whole = past(counts)
    assert spikes.since(whole, usual(whole, 1)) == BEGIN + (len(counts) - 1) * HOUR
    assert spikes.since(whole, usual(whole, DAY)) == BEGIN + (len(counts) - 10) * HOUR


def test_the_last_hours_are_counted_anew():
    series = Series(begin=BEGIN, stories=(1,) * 30, watched=(True,) * 30)
    again = spikes.with_stories(series, [BEGIN + 29 * HOUR, BEGIN + 29.5 * HOUR, BEGIN + 10 * HOUR], DAY)
    assert again.stories == (1,) * 6 + (0,) * 4 + (1,) + (0,) * 18 + (2,)


# ── every kind of destination ────────────────────────────────────────────────────────────────────

SHAPES = {
    "slack": {"text", "blocks"},
    "console": {"lines", "counter"},
    "webhook": {"type"},
    "feed": {"title", "url", "html", "text", "published", "categories"},
    "apprise": {"title", "url", "html", "text", "published", "categories"},
}


@pytest.mark.parametrize("kind", [kind for kind in get_args(DestinationKind) if kind not in ("mail", "file")])
def test_every_kind_of_destination_gets_what_its_sender_takes(kind):
    """Spikes, digests and notices; alerts have tests of their own."""
    trouble = Trouble(key="rule:r", kind="rule", title="r", detail="no answer", remedy="mend it")
    told = {
        "spike": compose_spike(SPIKE, kind),
        "digest": compose_digest(digest_content(DIGEST, WINDOW, material(), RULES), kind),
        "notice": compose_notices([Notice(step="begins", trouble=trouble)], kind),
    }
    for what, payload in told.items():
        for shape in ("full", "minimal"):
            needed = {"text"} if (kind, shape) == ("slack", "minimal") else SHAPES[kind]
            assert needed <= payload[shape].keys(), (what, shape)
            assert json.loads(json.dumps(payload)) == payload


def test_a_webhook_gets_a_spike_in_parts():
    document = compose_spike(SPIKE, "webhook")["full"]
    assert (document["type"], document["stories"], document["normal"]) == ("spike", 23, [2, 9])
    assert document["top"][0] == {
        "headline": "Tariffs <rise> & *fall*",
        "url": "https://wire.example/1",
        "source": "The Wire",
        "outlets": 19,
    }
    assert document["top"][1]["url"] is None
    assert document["terms"][0] == {"text": "entity list", "stories": 14}


def test_a_feed_s_entry_of_a_spike_is_escaped():
    entry = compose_spike(SPIKE, "feed")["full"]
    assert entry["title"] == "More than usual: US–China trade"
    assert "Tariffs &lt;rise&gt; &amp; *fall* – The Wire, +18 outlets" in entry["html"]
    assert "Driven by “entity list” (14 stories)" in entry["text"]
