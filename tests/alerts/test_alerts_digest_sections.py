"""An issue's parts: in the same order in every form, each only where there is something to tell, none cut silently."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import digest_days as days
import pytest
from digest_samples import NOW, WINDOW, news

from bot.alerts import digest_parts, digest_rules, digest_sections, digest_volume
from bot.alerts.compose import compose_digest
from bot.alerts.digest_html import LIMIT, html
from bot.alerts.digest_summary import preheader, summary
from bot.alerts.digest_text import WIDTH, text
from bot.model import Aside, SourceTrouble, ThemeVolume
from bot.text import columns

# What every form must say, in this order: the order in which a digest is read.
ORDER = (
    "7 stories in 4 themes, 1 urgent and 2 high.",
    "News in 2 earlier stories",
    "Fri 4 Dec 2026: comments due",
    "Urgent and high",
    "Washington puts eleven makers",
    "Tariff on batteries",
    "New since yesterday",
    "Confirmed by the Court of International Trade",
    "Comments due by 14 Dec 2026 instead of 30 Nov 2026",
    "Other stories",
    "A foundry in Dresden",
    "Dock workers in Antwerp",
    "Deadlines of the next 30 days",
    "Exclusions for surgical gowns end",
    "Who said what",
    "We shall pay it",
    "Volume by theme",
    "1 (usually 1 to 3)",
    "Driven by “Entity List” (9 stories)",
    "Nothing on: Oceans, People.",
    "Rules",
    "Changed: Tariffs – none and list makers",
    "Too quiet: Fisheries – 0 stories in the last week, expected 3 to 12",
    "Ocean Gazette: no good answer since",
    "Elbe Post: items may be missing between",
    "412 new articles, 19 matched a rule, 3 alerted, 11 copies, 1 message still waiting.",
    "26 Nov 2026, 07:30 to 27 Nov 2026, 07:30 (America/New_York)",
)


class Seen(HTMLParser):
    """What a reader sees of a page."""

    def __init__(self, page):
        super().__init__()
        self.words, self.skipped = [], 0
        self.feed(page.partition("</head>")[2].partition('<table class="sheet"')[2])

    def handle_data(self, data):
        self.words.append(data)


def seen(page):
    return " ".join("".join(Seen(page).words).split())


def slack(one):
    blocks = compose_digest(one, "slack")["full"]["blocks"]
    texts = (each["text"] for block in blocks for each in block.get("elements", [block.get("text")]))
    return re.sub(r"<[^|>]*\|([^>]*)>|[*]", r"\1", " ".join(texts))


FORMS = {
    "text": lambda one: " ".join(text(one).replace("*", "").split()),
    "html": lambda one: seen(html(one).html),
    "slack": slack,
    "console": lambda one: " ".join(
        "".join(part[0] for part in line["parts"]) for line in compose_digest(one, "console")["full"]["lines"]
    ),
    "feed": lambda one: compose_digest(one, "feed")["full"]["text"],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_tells_everything_in_the_same_order(form):
    told = " ".join(FORMS[form](days.full()).split())
    places = [told.index(part, 0) if number < 3 else told.index(part, 300) for number, part in enumerate(ORDER)]
    assert [(ORDER[n], ORDER[n + 1]) for n, (one, two) in enumerate(pairwise(places)) if one >= two] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_quiet_day_has_no_empty_headings(form):
    told = FORMS[form](days.empty())
    headings = ("High", "New since", "Other stories", "Deadlines of", "Who said", "Volume by", "More than", "Rules")
    assert [part for part in headings if part in told] == []
    assert "Nothing new." in told
    assert "All 38 sources answer." in told


# ── which story stands where ─────────────────────────────────────────────────────────────────────


def test_each_story_stands_in_one_part():
    one = days.full()
    in_parts = [
        story.alert.story for part in digest_parts.parts(one) for theme in part.themes for story in theme.stories
    ]
    assert sorted(in_parts) == sorted(story.alert.story for story in one.stories)
    assert in_parts == [story.alert.story for story in digest_sections.in_order(one)]


def test_a_loud_story_of_an_earlier_issue_is_told_for_its_news_or_among_the_others():
    known = {11: frozenset({"tariffs"})}
    with_news = days.day(days.GOES_ON[0], told=known, news=days.NEWS)
    without = days.day(days.GOES_ON[0], told=known)
    assert [part.title for part in digest_parts.parts(with_news)] == ["New since yesterday"]
    assert [part.title for part in digest_parts.parts(without)] == ["Stories"]
    assert [part.title for part in digest_parts.parts(days.day(days.GOES_ON[0], news=days.NEWS))] == ["High"]


def test_what_another_digest_told_is_new_to_this_one():
    chips = replace(days.DIGEST, themes=("us-china-trade",))
    (story,) = days.day(days.GOES_ON[0], told={11: frozenset({"chips"})}, news=days.NEWS, digest=chips).stories
    assert not story.told_before


def test_a_story_goes_on_though_no_rule_matched_anew():
    one = days.day(going_on=days.GOES_ON, told=days.FULL["told"], news=days.NEWS)
    assert [story.alert.story for story in digest_sections.updates(one)] == [11, 12]
    assert one.volume[0].stories == 0  # what goes on is not new


@pytest.mark.parametrize(
    ("before", "title"),
    [
        (date(2026, 11, 26), "New since yesterday"),
        (date(2026, 11, 20), "New since Friday, 20 Nov 2026"),
        (date(2026, 11, 27), "New since the last issue"),
        (None, "New since the last issue"),
    ],
)
def test_the_heading_names_the_issue_before(before, title):
    assert digest_parts.updates_title(days.day(aside=Aside(before=before))) == title


def test_the_weightiest_news_comes_first_and_of_an_update_no_old_sentence():
    one = days.full()
    assert [story.alert.story for story in digest_sections.updates(one)] == [11, 12]
    assert "Customs will give back duties" not in text(one)


# ── three lines ──────────────────────────────────────────────────────────────────────────────────


def test_the_summary_has_three_lines_whatever_the_day():
    for one in (days.full(), days.empty(), days.one(), days.many(50), days.wide()):
        lines = summary(one)
        assert [label for label, _ in lines] == ["Stories", "Changed", "Next"]
        assert all(line.endswith(".") and "\n" not in line for _, line in lines)
        assert summary(one) == lines


def test_the_second_line_counts_what_is_not_as_it_was():
    _, (_, changed), (_, coming) = summary(days.full())
    assert changed == (
        "News in 2 earlier stories, more than usual on Export controls, 1 rule edited, 1 rule not as expected, "
        "1 source in trouble and 1 possible gap."
    )
    assert coming.endswith("Request for comments on parts for lithography machines. 1 more in 30 days.")
    assert summary(days.empty())[1][1] == "Nothing in earlier stories, rules and sources."
    assert summary(days.one())[1][1] == "This is the first issue."


def test_an_inbox_shows_the_first_headlines_beside_the_subject():
    assert preheader(days.full()).startswith("Washington puts eleven makers of lithography parts on the Entity List ·")
    assert preheader(days.empty()) == "Nothing new."
    assert preheader(days.full())[:60] in html(days.full()).html


# ── bars ─────────────────────────────────────────────────────────────────────────────────────────


def rows(*found):
    return replace(days.empty(), volume=tuple(found))


def test_bars_are_shares_of_the_widest_row_and_say_in_words_what_they_show():
    one = rows(
        ThemeVolume(theme="a", title="A", stories=20, normal=(1, 10)),
        ThemeVolume(theme="b", title="B", stories=5, normal=(4, 40)),
        ThemeVolume(theme="c", title="C", stories=0, normal=(0, 0)),
    )
    first, second, third = digest_volume.bars(one)
    assert (first.fill, first.low, first.high, first.above) == (50, 2, 25, True)
    assert (second.fill, second.low, second.high, second.above) == (12, 10, 100, False)
    assert (third.fill, third.low, third.label) == (0, 0, "0 (usually 0)")
    assert first.label == "20 (usually 1 to 10)"
    drawn = digest_volume.lines(one)
    assert [line.count("█") for line in drawn] == [10, 2, 0]
    assert [line.count("░") for line in drawn] == [0, 18, 0]


def test_a_theme_counts_the_stories_that_are_new_to_the_reader():
    counted = {row.theme: row.stories for row in days.full().volume}
    assert counted == {"export-controls": 2, "us-china-trade": 1, "critical-minerals": 1, "shipping": 1, "oceans": 0}


def test_one_bar_with_nothing_to_compare_is_left_out():
    assert days.one().volume == ()
    normal = replace(days.ASIDE, normal={"us-china-trade": (1, 5)})
    assert len(days.day(days.STORIES[1], aside=normal).volume) == 1


# ── nothing is cut silently ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [300, 2_000])
def test_a_flood_is_cut_and_counted(number):
    one = days.many(number)
    page = html(one)
    assert len(page.html.encode()) <= LIMIT
    told = seen(page.html)
    assert f"And {page.omitted:,} more stories: the text version lists all of them." in told
    assert len(re.findall(r"Pots of kind \d+", told)) + page.omitted == len(one.stories)
    assert len(set(re.findall(r"Pots of kind (\d+)", text(one)))) == number
    for part in (*ORDER[12:14], ORDER[16], "(usually 1 to 3)", *ORDER[18:]):
        assert part in told


def test_a_page_keeps_to_its_limit_whatever_the_lists_hold():
    """Addresses and texts as long as they are taken at all, in a script that needs three bytes a letter."""
    long = "https://example.org/" + "a" * 1_970
    dated = [
        replace(each, url=long, title="號" * 400, outlet="號" * 200, story=n, article=n,
                deadline=replace(each.deadline, sentence="號" * 400, derived="號" * 400, day=WINDOW.day + timedelta(n % 30)))
        for n in range(1, 80)
        for each in days.DEADLINES[:1]
    ]  # fmt: skip
    first = [
        replace(days.STORIES[0], article_id=n, story=n, state="baseline", decisions=(), quotes=(),
                article=replace(days.STORIES[0].article, url=long, title="號" * 400))
        for n in range(500, 560)
    ]  # fmt: skip
    troubles = tuple(SourceTrouble(name="號" * 90, reason="號" * 300, since=NOW) for _ in range(90))
    told = [
        replace(each, article_id=n, story=n, quotes=tuple(replace(quote, text="號" * 500) for quote in each.quotes))
        for n in range(100, 220)
        for each in days.STORIES[:1]
    ]
    one = days.day(*told, *first, **{**days.FULL, "deadlines": tuple(dated), "troubles": troubles})
    page = html(one)
    assert len(page.html.encode()) <= LIMIT
    found = seen(page.html)
    assert 0 < page.omitted < 120
    for left_out in ("more stories", "more deadlines: presswatch deadlines", "more: presswatch alerts --baseline"):
        assert left_out in found
    assert re.search(r"And \d+ more: presswatch sources list", found)


def test_lists_of_a_channel_say_how_many_there_are_more():
    changed = tuple(replace(days.FULL["rule_changes"][0], rule=f"r{n}") for n in range(40))
    words = ("It will cost us more than the rest of the year did", "Nobody asked those who have to load the lorries")
    said = tuple(replace(days.STORIES[0].quotes[0], speaker=f"Speaker {n} Fox", text=words[n]) for n in range(2))
    members = [replace(days.STORIES[1], article_id=n, story=n, quotes=said) for n in range(15)]
    one = days.day(*members, **{**days.FULL, "rule_changes": changed, "deadlines": days.DEADLINES * 1})
    told = slack(one)
    assert re.search(r"and \d+ more: presswatch rules list", told)
    assert re.search(r"and \d+ more: presswatch digest morning --last", told)
    shown = len(re.findall(r"– Speaker \d Fox", told))
    rest = int(re.search(r"and (\d+) more: presswatch digest morning --last", told)[1])
    assert shown + rest == 15 * len(said)
    assert len(digest_rules.lines(one)) == 41


def test_the_text_keeps_to_its_width_with_bars_and_quotations():
    one = days.full()
    assert max(columns(line) for line in text(one).splitlines() if "http" not in line) <= WIDTH


# ── for programs ─────────────────────────────────────────────────────────────────────────────────


def test_the_document_has_every_part():
    document = json.loads(json.dumps(compose_digest(days.full(), "webhook")["full"]))
    assert document["summary_lines"] == [line for _, line in summary(days.full())]
    assert document["summary"] == " ".join(document["summary_lines"])
    assert (document["high"], document["updates"]) == ([1, 2], [11, 12])
    told = {story["story"]: story for theme in document["themes"] for story in theme["stories"]}
    assert told.keys() == {1, 2, 3, 4, 5, 11, 12}
    assert (told[11]["told_before"], told[1]["told_before"]) == (True, False)
    assert [one["text"] for one in told[12]["news"]] == ["Comments due by 14 Dec 2026 instead of 30 Nov 2026"]
    assert [(one["day"], one["kind"], one["what"]) for one in document["deadlines"]] == [
        ("2026-12-04", "comments", "comments due"),
        ("2026-12-15", "effective", "takes effect"),
    ]
    assert [(one["speaker"], one["story"]) for one in document["quotes"]] == [("Alan Reyes", 1), ("Lena Ortiz", 2)]
    (spike,) = document["spikes"]
    assert (spike["subject"], spike["stories"], spike["normal"]) == ("export-controls", 14, [1, 6])
    assert document["volume"][0] == {
        "theme": "export-controls",
        "title": "Export controls",
        "stories": 2,
        "normal": [0, 1],
    }
    assert document["rule_changes"] == [
        {"rule": "tariffs", "title": "Tariffs", "change": "changed", "parts": ["none", "$makers"]}
    ]
    assert [(one["rule"], one["verdict"]) for one in document["rules_off"]] == [("fisheries", "low")]
    assert [one["source"] for one in (*document["troubles"], *document["gaps"])] == ["Ocean Gazette", "Elbe Post"]
    assert document["ledger"]["articles"] == 412
    assert (document["day"], document["zone"], document["late"], document["before"]) == (
        "2026-11-27",
        "America/New_York",
        False,
        "2026-11-26",
    )


def test_news_of_a_rule_or_a_story_are_not_lost_where_empty_days_are_left_out():
    from bot.alerts.digest_text import is_empty

    assert is_empty(days.empty())
    assert not is_empty(days.day(rule_changes=days.FULL["rule_changes"]))
    assert not is_empty(days.day(going_on=days.GOES_ON, told=days.FULL["told"], news={11: ((2, news()),)}))
