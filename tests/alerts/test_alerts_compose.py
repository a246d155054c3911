import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import wording
from bot.alerts.compose import compose
from bot.deliver import fake_blocks
from bot.model import AlertContent, Joined, News, Outlet, Sentence, Why

BODY = "Another group on export controls, an information exchange, started on Tuesday in Beijing."


def spans(text, *parts):
    return tuple((text.index(part), text.index(part) + len(part)) for part in parts)


def sentence(text, *parts, field="body"):
    return Sentence(field=field, start=0, end=len(text), text=text, spans=spans(text, *parts))


def why(title="Export controls", *terms, severity="normal", aliases=()):
    return Why(rule="r", title=title, theme="trade", severity=severity, terms=terms, aliases=aliases)


def news(text="Confirmed by the Federal Register"):
    return News(kind="official", value="official", text=text, reason="because", weight=0.95)


STORY = " · story 1"
CONTENT = AlertContent(
    kind="first",
    article=1,
    story=1,
    headline="US and China set up working group",
    title_derived=False,
    url="https://example.org/a?b=1&c=2",
    source="Example Gazette",
    tier="outlet",
    published_at=datetime(2023, 8, 28, 14, 5, tzinfo=UTC),
    severity="normal",
    why=(why("Export controls", "export controls", "information exchange"),),
    sentences=(sentence(BODY, "export controls", "information exchange"),),
)


def slack_texts(content):
    return [
        block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"]
        for block in compose(content, "slack")["full"]["blocks"]
    ]


def console_lines(content, shape="full", part="lines"):
    return [
        " " * line["indent"] + "".join(f"[{text}]" if style == "hit" else text for text, style, _ in line["parts"])
        for line in compose(content, "console")[shape][part]
    ]


# ── what a reader sees ───────────────────────────────────────────────────────────────────────────


def test_a_slack_alert_reads_well():
    assert slack_texts(CONTENT) == [
        "*<https://example.org/a?b=1&amp;c=2|US and China set up working group>*",
        "Example Gazette  ·  <!date^1693231500^{date_short_pretty}, {time}|28 Aug 2023, 14:05 UTC>",
        "> Another group on *export controls*, an *information exchange*, started on Tuesday in Beijing.",
        "*Export controls*: “export controls”, “information exchange”",
    ]


def test_a_console_alert_reads_well():
    assert console_lines(CONTENT) == [
        "US and China set up working group",
        "  Example Gazette · 28 Aug 2023, 14:05 UTC · story 1",
        "  Another group on [export controls], an [information exchange], started on Tuesday in Beijing.",
        "  Why: Export controls – “export controls”, “information exchange”",
        "  https://example.org/a?b=1&c=2",
    ]


def test_a_message_that_was_asked_for_again_says_so():
    again = replace(CONTENT, resent=True)
    note = "sent again on request"
    assert slack_texts(again)[1].endswith(f"  ·  {note}")
    assert console_lines(again)[1].endswith(f" · {note} · story 1")
    assert compose(again, "slack")["full"]["text"].splitlines()[1].endswith(f"({note})")
    assert note in compose(again, "slack")["minimal"]["text"]
    assert console_lines(again, "minimal")[0].endswith(f" – {note}")


def test_the_fallback_says_the_same_for_notifications_and_screen_readers():
    text = compose(replace(CONTENT, severity="urgent"), "slack")["full"]["text"]
    assert text.splitlines() == [
        "Urgent: US and China set up working group",
        "Example Gazette, 28 Aug 2023, 14:05 UTC",
        BODY,
        "Export controls: “export controls”, “information exchange”",
    ]


def test_the_minimal_message_is_plain():
    minimal = compose(CONTENT, "slack")["minimal"]
    assert "blocks" not in minimal
    assert minimal["text"] == (
        "US and China set up working group – Example Gazette – Export controls\n<https://example.org/a?b=1&amp;c=2>"
    )
    assert console_lines(CONTENT, "minimal") == ["US and China set up working group – Example Gazette"]


@pytest.mark.parametrize("shape", ["full", "minimal"])
def test_slack_is_to_add_nothing_of_its_own(shape):
    message = compose(CONTENT, "slack")[shape]
    assert {key: message[key] for key in ("unfurl_links", "unfurl_media", "link_names", "parse")} == {
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "parse": "none",
    }
    assert all(node["verbatim"] for node in nodes(message) if node.get("type") == "mrkdwn")


def nodes(value):
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)


@pytest.mark.parametrize(
    ("severity", "slack", "console"),
    [
        ("low", "", ""),
        ("normal", "", ""),
        ("high", ":large_orange_circle: *High*", "High"),
        ("urgent", ":red_circle: *Urgent*", "Urgent"),
    ],
)
def test_severity_is_visible_but_calm(severity, slack, console):
    content = replace(CONTENT, severity=severity)
    assert slack_texts(content)[1].endswith(slack or "UTC>")
    assert console_lines(content)[1].removesuffix(STORY).endswith(console or "UTC")
    assert slack_texts(content)[0] == slack_texts(CONTENT)[0]


@pytest.mark.parametrize(
    ("moment", "slack", "console"),
    [
        (None, "no date", "no date"),
        (datetime(2023, 8, 28, tzinfo=UTC), "28 Aug 2023", "28 Aug 2023"),
        (datetime(2023, 1, 2, 3, 4, tzinfo=UTC), "|2 Jan 2023, 03:04 UTC>", "2 Jan 2023, 03:04 UTC"),
    ],
    ids=["no date", "a day without a time stays that day everywhere", "a time is shown in the reader's zone"],
)
def test_dates(moment, slack, console):
    content = replace(CONTENT, published_at=moment)
    assert slack_texts(content)[1].endswith(slack)
    assert console_lines(content)[1].removesuffix(STORY).endswith(console)
    assert ("!date" in slack_texts(content)[1]) == ("|" in slack)


@pytest.mark.parametrize("seen", ["title", "summary"])
def test_a_reader_is_told_when_the_full_text_was_not_seen(seen):
    content = replace(CONTENT, text_seen=seen, tier="official")
    for line in (slack_texts(content)[1], console_lines(content)[1]):
        assert line.strip().startswith("Example Gazette (official source)")
        assert line.removesuffix(STORY).endswith(" was seen")


def test_a_reader_is_told_why_the_page_behind_an_item_was_not_read():
    content = replace(CONTENT, text_seen="summary", text_reason="port.example has no such page (404)")
    for line in (slack_texts(content)[1], console_lines(content)[1]):
        assert line.removesuffix(STORY).endswith("only the summary was seen: port.example has no such page (404)")
    assert "its page" not in str(compose(replace(content, text_seen="full", text_reason="from its page"), "slack"))


def test_a_reason_holds_what_a_server_said_and_is_no_markup():
    reason = "what stands at its address is no web page (<!channel>/*x*\x1b[2J\n" + "x" * 500 + ")"
    content = replace(CONTENT, text_seen="summary", text_reason=reason)
    line = slack_texts(content)[1]
    assert "<!channel>" not in line
    assert "&lt;!channel&gt;" in line
    assert len(line) < 600
    assert "\x1b" not in console_lines(content)[1]
    assert "\n" not in console_lines(content)[1]


def test_aliases_say_whom_they_stand_for_unless_it_is_plain():
    aliases = (("gina-raimondo", "Commerce Secretary"), ("huawei", "Huawei"), ("huawei", "Huawei"))
    content = replace(CONTENT, why=(why("People", "Commerce Secretary", "visit", aliases=aliases),))
    assert slack_texts(content)[3] == "*People*: “Commerce Secretary” (gina-raimondo), “Huawei”, “visit”"


def test_every_rule_has_its_line_and_the_rest_is_counted():
    content = replace(CONTENT, why=tuple(why(f"Rule {n}", "x") for n in range(20)))
    assert slack_texts(content)[3].splitlines() == [
        *(f"*Rule {n}*: “x”" for n in range(6)),
        "and 14 more: Rule 6, Rule 7, Rule 8, Rule 9, Rule 10, Rule 11 …",
    ]
    reasons = [line for line in console_lines(content) if "Rule" in line or "more" in line]
    assert reasons[:2] == ["  Why: Rule 0 – “x”", "       Rule 1 – “x”"]
    assert reasons[-1] == "       and 15 more: Rule 5, Rule 6, Rule 7, Rule 8, Rule 9, Rule 10 …"


def test_many_terms_are_counted_not_listed():
    content = replace(CONTENT, why=(why("Long", *(f"term {n}" for n in range(9))),))
    assert slack_texts(content)[3].endswith("“term 5”, 3 more")


# ── headline and evidence ────────────────────────────────────────────────────────────────────────


def test_a_derived_headline_is_not_said_twice():
    content = replace(CONTENT, headline=BODY[:40] + "…", title_derived=True)
    texts = slack_texts(content)
    assert texts[0] == "Another group on *export controls*, an *information exchange*, started on Tuesday in Beijing."
    assert texts[1].startswith("<https://example.org/a?b=1&amp;c=2|Example Gazette>")
    assert len(texts) == 3
    assert console_lines(content)[0].startswith("Another group on [export controls]")
    assert sum("Another group" in line for line in console_lines(content)) == 1


def test_a_derived_headline_from_elsewhere_stays_beside_the_evidence():
    texts = slack_texts(replace(CONTENT, headline="Washington and Beijing moved closer", title_derived=True))
    assert "Washington" in texts[0]
    assert texts[2].startswith("> Another group")


def test_evidence_that_is_the_headline_is_marked_there_and_not_quoted():
    title = sentence(CONTENT.headline, "working group", field="title")
    content = replace(CONTENT, sentences=(title,))
    assert console_lines(content)[0] == "US and China set up [working group]"
    assert not any(text.startswith(">") for text in slack_texts(content))


def test_two_sentences_at_most():
    sentences = tuple(sentence(f"Sentence {n} with export controls.", "export controls") for n in range(5))
    assert slack_texts(replace(CONTENT, sentences=sentences))[2].count("> ") == 2


@pytest.mark.parametrize("place", [0, 300, 700, 1400])
def test_a_long_sentence_is_cut_so_that_the_hit_stays(place):
    words = "word " * 300
    text = words[:place] + "export controls " + words[place:]
    pieces = wording.excerpt(sentence(text, "export controls"))
    shown = "".join(piece.text for piece in pieces)
    assert len(shown) <= wording.QUOTE
    assert [piece.text for piece in pieces if piece.hit] == ["export controls"]
    assert shown.startswith("…") == (place > wording.QUOTE // 3)
    assert shown.endswith("…") == (place < 1400)


def test_no_headline_is_said():
    assert "(no headline)" in slack_texts(replace(CONTENT, headline=" \u202e\x00 "))[0]


# ── bold in Slack's markup ───────────────────────────────────────────────────────────────────────


def quoted(text, *marks):
    return slack_texts(replace(CONTENT, sentences=(Sentence(field="body", start=0, end=1, text=text, spans=marks),)))[2]


Z = "\u200b"
BOLD = {
    "at both ends": ("Huawei wins", ((0, 6),), "> *Huawei* wins"),
    "before a possessive": ("Huawei’s chips", ((0, 6),), "> *Huawei*’s chips"),
    "inside a word": ("pre-Huaweish", ((4, 10),), f"> pre-*Huawei*{Z}sh"),
    "in Chinese": ("对华为实施", ((1, 3),), f"> 对{Z}*华为*{Z}实施"),
    "overlapping": ("export controls bill", ((0, 15), (7, 20)), "> *export controls bill*"),
    "touching": ("export controls", ((0, 6), (6, 15)), "> *export controls*"),
    "with white space at its edges": ("an export  bill", ((2, 10),), "> an *export* bill"),
    "over a line end": ("export\ncontrols", ((0, 15),), "> *export controls*"),
    "out of range": ("short", ((2, 99), (-3, 1)), f"> *s*{Z}h{Z}*ort*"),
    "empty": ("short", ((2, 2),), "> short"),
    "among asterisks": ("a *bold* claim on chips", ((18, 23),), "> a ∗bold∗ claim on *chips*"),
    "among code": ("`x` on chips", ((7, 12),), "> ˋxˋ on *chips*"),
    "among underscores": ("_it_ and snake_case", ((9, 19),), "> ˍitˍ and *snake_case*"),
    "among tildes": ("~30~ firms", ((5, 10),), "> ∼30∼ *firms*"),
    "escaped": ("<b>AT&T</b>", ((3, 7),), f"> &lt;b&gt;{Z}*AT&amp;T*{Z}&lt;/b&gt;"),
}


@pytest.mark.parametrize(("text", "marks", "expected"), BOLD.values(), ids=BOLD.keys())
def test_hits_are_bold_without_breaking_the_markup(text, marks, expected):
    assert quoted(text, *marks) == expected


# ── copies and replies ───────────────────────────────────────────────────────────────────────────

COPIES = (
    Outlet(source="b", name="Second Paper", url="https://second.example/x"),
    Outlet(source="c", name="Third <Wire>", url=None, tier="wire"),
)


def test_copies_lengthen_the_same_message():
    before, after = (compose(replace(CONTENT, copies=copies), "slack")["full"] for copies in ((), COPIES))
    assert after["blocks"][: len(before["blocks"])] == before["blocks"]
    assert slack_texts(replace(CONTENT, copies=COPIES))[-1] == (
        "*Also carried by 2 outlets*: <https://second.example/x|Second Paper>, Third &lt;Wire&gt;"
    )
    assert after["text"].endswith("Also carried by 2 outlets: Second Paper, Third &lt;Wire&gt;")
    assert "  Also carried by 2 outlets: Second Paper, Third <Wire>" in console_lines(replace(CONTENT, copies=COPIES))


def test_an_outlet_counts_once_and_the_source_itself_not_at_all():
    copies = (COPIES[0], COPIES[0], Outlet(source="a", name="EXAMPLE Gazette", url=None))
    assert slack_texts(replace(CONTENT, copies=copies))[-1].startswith("*Also carried by 1 outlet*: ")


def test_many_outlets_are_counted():
    copies = tuple(Outlet(source=f"s{n}", name=f"Paper {n}", url=None) for n in range(30))
    assert slack_texts(replace(CONTENT, copies=copies))[-1].endswith("Paper 7 and 22 more")
    assert any(line.endswith("Paper 7 and 22 more") for line in console_lines(replace(CONTENT, copies=copies)))


JOINED = (
    Joined(
        headline="Talks <in> Beijing", url="https://fifth.example/?a&b", channel_id="C0000001", ts="1693231500.000200"
    ),
    Joined(headline="", url="javascript:alert(1)", channel_id="#desk", ts="1693231500.000200"),
)


def test_messages_of_one_story_name_each_other():
    told = replace(CONTENT, copies=COPIES, joined=JOINED)
    message = "https://slack.com/archives/C0000001/p1693231500000200"
    assert slack_texts(told)[-1] == (
        "*One story with*: <https://fifth.example/?a&amp;b|Talks &lt;in&gt; Beijing> "
        f"(<{message}|message>), (no headline)"
    )
    assert compose(told, "slack")["full"]["text"].endswith("\nOne story with: Talks &lt;in&gt; Beijing, (no headline)")
    named = "One story with: Talks <in> Beijing (https://fifth.example/?a&b), (no headline)"
    assert "  " + named in console_lines(told)
    (counter,) = console_lines(told, part="counter")
    assert (
        counter
        == f"Also carried by 2 outlets: Second Paper, Third <Wire> · {named} – US and China set up working group"
    )
    entry = compose(told, "feed")["full"]
    assert entry["text"].endswith("\n" + named)
    assert entry["html"].endswith(
        '<p>One story with: <a href="https://fifth.example/?a&amp;b">Talks &lt;in&gt; Beijing</a>, (no headline)</p>'
    )
    assert compose(told, "webhook")["full"]["joined"] == [
        {"headline": "Talks <in> Beijing", "url": "https://fifth.example/?a&b"},
        {"headline": "(no headline)", "url": None},
    ]
    assert compose(CONTENT, "webhook")["full"]["joined"] == []


def test_what_only_joined_a_story_is_news_for_a_terminal_too():
    (counter,) = console_lines(replace(CONTENT, joined=JOINED[:1]), part="counter")
    assert counter.startswith("One story with: Talks <in> Beijing (https://fifth.example/?a&b) – US and China")


@pytest.mark.parametrize("address", ["https://example.org/" + "a" * 1250, "https://example.org/" + "&" * 400])
def test_many_and_long_messages_of_one_story_are_counted(address):
    joined = tuple(Joined(headline="&" * 300, url=address, channel_id="C0000001", ts="1.2") for _ in range(5))
    shown = slack_texts(replace(CONTENT, joined=joined))[-1]
    assert len(shown) <= 640
    names = shown.count("|message>")
    assert names >= 1
    assert shown.endswith(f" and {5 - names} more")
    assert any(line.endswith(" and 2 more") for line in console_lines(replace(CONTENT, joined=joined)))


def test_the_consoles_counter_names_the_article():
    assert console_lines(replace(CONTENT, copies=COPIES), part="counter") == [
        "Also carried by 2 outlets: Second Paper, Third <Wire> – US and China set up working group"
    ]
    assert console_lines(CONTENT, part="counter") == []


def test_a_reply_begins_with_what_is_new():
    content = replace(CONTENT, kind="new rule", why=(why("Huawei", "Huawei"), why("Tariffs", "tariff")))
    texts = slack_texts(content)
    assert texts[0] == "Also matches *Huawei, Tariffs*"
    assert texts[1].startswith("> Another group")
    assert texts[-1].startswith(
        "<https://example.org/a?b=1&amp;c=2|US and China set up working group>  ·  Example Gazette"
    )
    assert compose(content, "slack")["full"]["text"].startswith("Also matches Huawei, Tariffs: US and China")
    assert console_lines(content)[0] == "Also matches Huawei, Tariffs: US and China set up working group"


REPORTS = (Outlet(source="d", name="Fourth Paper", url="https://fourth.example/x"), COPIES[0])


def test_those_that_tell_it_in_other_words_are_counted_apart():
    told = replace(CONTENT, copies=COPIES, reports=REPORTS)
    assert slack_texts(told)[-2:] == [
        "*Also carried by 2 outlets*: <https://second.example/x|Second Paper>, Third &lt;Wire&gt;",
        "*Also reported by 1 outlet*: <https://fourth.example/x|Fourth Paper>",
    ]
    assert compose(told, "slack")["full"]["text"].endswith("\nAlso reported by 1 outlet: Fourth Paper")
    assert "  Also reported by 1 outlet: Fourth Paper" in console_lines(told)
    carried, reported = (
        "Also carried by 2 outlets: Second Paper, Third <Wire>",
        "Also reported by 1 outlet: Fourth Paper",
    )
    assert console_lines(told, part="counter") == [f"{carried} · {reported} – US and China set up working group"]


def test_a_new_fact_stands_first():
    told = replace(CONTENT, kind="new fact", news=(news(), news("25 % → 10 % (tariff)")), severity="high")
    texts = slack_texts(told)
    assert texts[0] == "*New in this story*\n• Confirmed by the Federal Register\n• 25 % → 10 % (tariff)"
    assert texts[-1].startswith("<https://example.org/a?b=1&amp;c=2|US and China set up working group>")
    assert compose(told, "slack")["full"]["text"].splitlines()[0] == (
        "High: New: Confirmed by the Federal Register; 25 % → 10 % (tariff) – US and China set up working group"
    )
    assert compose(told, "slack")["minimal"]["text"].startswith("New: Confirmed by the Federal Register; 25 %")
    assert console_lines(told)[:2] == [
        "New: Confirmed by the Federal Register; 25 % → 10 % (tariff)",
        "US and China set up working group",
    ]
    assert console_lines(told, "minimal")[0].startswith("New: Confirmed by the Federal Register")


def test_a_new_fact_without_rules_reads_well():
    told = replace(CONTENT, kind="new fact", news=(news(),), why=(), sentences=())
    assert slack_texts(told)[0] == "*New in this story*\n• Confirmed by the Federal Register"
    assert len(slack_texts(told)) == 2


def test_the_message_that_stands_says_what_has_been_new_since():
    told = replace(CONTENT, news=(news("25 % → 10 % (tariff)"), news()))
    assert slack_texts(told)[2] == "*New:* 25 % → 10 % (tariff)  ·  Confirmed by the Federal Register"
    assert "\nNew: 25 % → 10 % (tariff); Confirmed by the Federal Register\n" in compose(told, "slack")["full"]["text"]
    assert console_lines(told)[2] == "  New: 25 % → 10 % (tariff); Confirmed by the Federal Register"


def test_a_rule_and_news_in_one_reply():
    told = replace(CONTENT, kind="new rule", why=(why("Huawei", "Huawei"),), news=(news(),))
    assert slack_texts(told)[:2] == [
        "Also matches *Huawei*",
        "*New in this story*\n• Confirmed by the Federal Register",
    ]


def test_much_news_is_counted():
    told = replace(CONTENT, news=tuple(news(f"{number} %") for number in (1, 1, 2, 3, 4, 5)))
    assert wording.news(told) == ["1 %", "2 %", "3 %", "and 2 more"]


# ── links ────────────────────────────────────────────────────────────────────────────────────────

LINKS = {
    "plain": ("https://example.org/a", "https://example.org/a"),
    "query": ("http://example.org/?a=1&b=2#c", "http://example.org/?a=1&b=2#c"),
    "spaces around": (" https://example.org/ ", "https://example.org/"),
    "markup": ("https://example.org/<a>|b*`", "https://example.org/%3Ca%3E%7Cb%2A%60"),
    "already encoded": ("https://example.org/a%20b", "https://example.org/a%20b"),
    "letters": ("https://example.org/中?q=é", "https://example.org/%E4%B8%AD?q=%C3%A9"),
    "other host letters": ("https://münchen.example/a", "https://xn--mnchen-3ya.example/a"),
    "port": ("http://example.org:8080/a", "http://example.org:8080/a"),
    "address": ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
    "direction characters": ("https://example.org/\u202ea", "https://example.org/a"),
    "line end": ("https://example.org/a\nb", "https://example.org/ab"),
    "script": ("javascript:alert(1)", None),
    "capital script": ("JavaSCript:alert(1)", None),
    "file": ("File:///etc/passwd", None),
    "mail": ("mailto:a@example.org", None),
    "login": ("https://bank.example@evil.example/", None),
    "no host": ("https:///a", None),
    "host with markup": ("https://a|b/", None),
    "host with a space": ("https://a b/", None),
    "bad address": ("http://[::1", None),
    "bad port": ("http://example.org:99999999/", None),
    "text": ("not an address", None),
    "empty": ("", None),
    "none": (None, None),
    "endless": ("https://example.org/" + "a" * 3000, None),
    "endless once encoded": ("https://example.org/" + "中" * 400, None),
}


@pytest.mark.parametrize(("url", "expected"), LINKS.values(), ids=LINKS.keys())
def test_links(url, expected):
    assert wording.link(url) == expected


def test_an_alert_without_a_safe_link_has_none():
    content = replace(CONTENT, url="javascript:alert(1)")
    assert slack_texts(content)[0] == "*US and China set up working group*"
    assert not any("javascript" in line for line in [*slack_texts(content), *console_lines(content)])


# ── everything from outside is harmless ──────────────────────────────────────────────────────────

FORGED = re.compile(r"<(?!https?://[^<>|\s]+(?:\|[^<>|]*)?>|!date\^\d+\^\{date_short_pretty\}, \{time\}\|[^<>|]+>)")
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def everywhere(text):
    """An alert in which every part that comes from outside is ``text``."""
    marks = ((0, len(text)),) if text else ()
    return AlertContent(
        kind="first",
        article=1,
        story=1,
        headline=text,
        title_derived=False,
        url=f"https://example.org/{text}",
        source=text,
        tier="wire",
        published_at=datetime(2026, 1, 1, 1, 1, tzinfo=UTC),
        severity="urgent",
        why=tuple(
            Why(
                rule=text,
                title=text,
                theme=text,
                severity="high",
                terms=(text, "a" + text),
                aliases=((text, text + "b"),),
            )
            for _ in range(8)
        ),
        sentences=tuple(
            Sentence(field="body", start=0, end=1, text=text + end, spans=marks) for end in ("", " x", "y")
        ),
        copies=tuple(Outlet(source=text, name=f"{text}{n}", url=text) for n in range(12)),
        reports=tuple(Outlet(source=text, name=f"{n}{text}", url=text) for n in range(12)),
        news=tuple(news(f"{n}{text * 40}") for n in range(5)),
        text_seen="summary",
        text_reason=text,
        joined=tuple(
            Joined(headline=f"{text}{n}", url=f"https://example.org/{text}", channel_id=text, ts=text) for n in range(5)
        ),
    )


def check_harmless(content):
    for kind in ("first", "new rule", "new fact"):
        for derived in (False, True):
            check_payloads(replace(content, kind=kind, title_derived=derived))


def check_payloads(content):
    slack = compose(content, "slack")
    for message in slack.values():
        assert 0 < len(message["text"]) <= 3900
        assert fake_blocks.faults(message.get("blocks", [])) == []
        assert fake_blocks.size(message.get("blocks", [])) <= 12_000
        assert len(message.get("blocks", [])) < fake_blocks.MAX_BLOCKS
        for text in [message["text"], *(node["text"] for node in nodes(message) if node.get("type") == "mrkdwn")]:
            assert not FORGED.search(text), text
            assert not CONTROLS.search(text), text
            assert not re.search("&(?!amp;|lt;|gt;)", text), text
    console = compose(content, "console")
    for shape in console.values():
        for line in [*shape["lines"], *shape["counter"]]:
            for text, _, url in line["parts"]:
                assert not CONTROLS.search(text), text
                assert "\n" not in text
                assert url is None or re.fullmatch(r"https?://[!-~]+", url)
    assert json.loads(json.dumps([slack, console])) == [slack, console]
    json.dumps([slack, console], ensure_ascii=False).encode("utf-8")


def test_naughty_strings_are_harmless(corpora):
    naughty = json.loads((corpora / "evil" / "naughty_strings.json").read_text("utf-8"))["strings"]
    assert len(naughty) > 150
    for text in naughty:
        check_harmless(everywhere(text))


def test_slack_markup_does_not_leak(corpora):
    rules = json.loads((corpora / "slack" / "mrkdwn_rules.json").read_text("utf-8"))
    for text in rules["must_not_leak"]:
        check_harmless(everywhere(text))
        assert text not in json.dumps(compose(everywhere(text), "slack"), ensure_ascii=False)


HOSTILE = [
    "<!channel>",
    "<http://evil.example|bank>",
    "<@U1>",
    "&lt;!here&gt;",
    "*_~`>" * 9,
    "|" * 9,
    "\x1b[31m",
    "\ud800",
    "]]>",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_texts_are_harmless(text):
    check_harmless(everywhere(text))


@pytest.mark.parametrize("character", ["x", "&", "<", "中", "😀", "*", "e\u0301", " & "])
@pytest.mark.parametrize("length", [150, 3000, 20_000])
def test_long_texts_stay_within_every_limit(character, length):
    check_harmless(everywhere(character * length))


@given(st.text(max_size=60))
def test_any_text_is_harmless(text):
    check_harmless(everywhere(text))


ANY = st.text(st.characters(), max_size=80)


@given(ANY, st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=6), st.integers(10, 60))
def test_an_excerpt_is_the_cleaned_sentence_or_a_stretch_of_it(text, marks, limit):
    piece = Sentence(field="body", start=0, end=1, text=text, spans=tuple(marks))
    whole = "".join(part.text for part in wording.excerpt(piece, 1000))
    assert whole == wording.line(whole, 1000)
    shown = "".join(part.text for part in wording.excerpt(piece, limit))
    assert len(shown) <= limit
    if len(whole) <= limit:
        assert shown == whole
    else:
        assert shown.removeprefix("…").removesuffix("…") in whole


def test_an_alert_with_nothing_in_it_is_still_a_message():
    bare = replace(CONTENT, headline="", url=None, source="", why=(), sentences=(), published_at=None)
    check_harmless(bare)
