"""A digest as text, HTML, mail, Slack message and terminal lines: complete, within limits, harmless."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser

import pytest
from digest_samples import DIGEST, NOW, RULES, WINDOW, article, matched, material, mention, news
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.compose import compose_digest
from bot.alerts.digest_content import digest_content
from bot.alerts.digest_html import LIMIT, html
from bot.alerts.digest_mail import mail, message_id, text_of
from bot.alerts.digest_text import WIDTH, is_empty, subject, text
from bot.model import SourceGap, SourceTrouble
from bot.text import columns

EVIL = [
    "<script>alert(1)</script>",
    "<!channel> & <http://evil.example|your bank>",
    "a\r\nBcc: everybody@example.org",
    "=?utf-8?q?x=0D=0ABcc=3A_everybody=40example.org?=",
    "\u202egnp.exe\u2066",
    "nul\x00 esc\x1b[31m bell\x07",
    "\ud800 lone",
    '"><img src=https://evil.example/x.png>',
    "{{ 7 * 7 }}{% raw %}",
    "*bold* _it_ ~no~ `code`",
]


def content(*members, window=WINDOW, digest=DIGEST, **more):
    return digest_content(digest, window, material(*members, **more), RULES)


def sent(one, **more):
    values = {"sender": "presswatch@example.org", "recipient": "desk@example.org", "at": NOW}
    given = {**values, "message_id": "<a@example.org>", **more}
    return BytesParser(policy=policy.default).parsebytes(mail(one, **given))


class Page(HTMLParser):
    """The tags, links and visible text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.links, self.seen = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src", "background"}]

    def handle_data(self, data):
        self.seen += data


def test_the_text_tells_everything_within_its_width():
    members = [matched(n, article(f"News {n} " + "word " * 30)) for n in range(3)]
    troubles = (SourceTrouble(name="WTO", reason="no answer", since=NOW - timedelta(days=2)),)
    gaps = (SourceGap(name="Wire", begin=NOW - timedelta(hours=9), end=NOW - timedelta(hours=3)),)
    shown = text(content(*members, troubles=troubles, gaps=gaps))
    for part in ("News 0", "News 2", "US–China trade", "[High]", "*tariff*", "Why: Tariffs", "WTO: no good answer"):
        assert part in shown
    assert "items may be missing" in shown
    assert "26 Nov 2026, 07:30 to 27 Nov 2026, 07:30 (America/New_York)" in re.sub(r"\s+", " ", shown)
    assert all(len(line) <= WIDTH for line in shown.splitlines() if "http" not in line)
    assert any(line.strip() == "https://wire.example/1?a=1&b=2" for line in shown.splitlines())


def test_times_are_those_of_the_zone_that_the_window_names():
    assert "27 Nov 2026, 05:30" in text(content(matched(1)))


def test_the_subject_counts_what_is_loud():
    one = content(matched(1), matched(2, rules=("pots",)))
    assert subject(one) == "Presswatch morning: 2 stories, 1 high – 27 Nov 2026"


def test_an_empty_issue_is_a_heartbeat_of_a_few_lines():
    one = content()
    assert is_empty(one)
    assert subject(one) == "Presswatch morning: nothing new – 27 Nov 2026"
    assert "Nothing new." in text(one)
    assert len(text(one).splitlines()) < 15
    assert "Nothing new." in Page(html(one).html).seen


@pytest.mark.parametrize("part", ["troubles", "gaps"])
def test_trouble_alone_is_not_empty(part):
    one = {
        "troubles": SourceTrouble(name="WTO", reason="gone"),
        "gaps": SourceGap(name="WTO", begin=NOW, end=NOW),
    }[part]
    assert not is_empty(content(**{part: (one,)}))


def test_a_late_issue_says_so_everywhere():
    one = content(matched(1), window=replace(WINDOW, late=True))
    assert "late" in text(one)
    assert "late" in Page(html(one).html).seen
    assert "late" in json.dumps(compose_digest(one, "slack"))


def test_the_page_loads_nothing_and_links_only_to_articles():
    page = Page(html(content(matched(1))).html)
    assert page.links == ["https://wire.example/1?a=1&b=2"]
    assert not {"script", "img", "link", "iframe", "form", "object"} & set(page.tags)
    assert "tariff" in page.seen


def test_the_page_keeps_its_dark_colours_and_inlines_the_rest():
    page = html(content(matched(1))).html
    assert "prefers-color-scheme: dark" in page
    assert "max-width: 600px" in page.partition("</style>")[2]


@pytest.mark.parametrize("evil", EVIL)
def test_text_from_outside_is_harmless_everywhere(evil):
    item = article(evil, evil + " tariff.", url="javascript:alert(1)", outlet=evil)
    one = content(
        matched(1, item, mentions=(mention(text=evil + " tariff.", span=(0, 3)),)), news={1: ((2, news(evil)),)}
    )
    one = replace(one, troubles=(SourceTrouble(name=evil, reason=evil),))
    page = Page(html(one).html)
    assert page.links == []
    assert not {"script", "img"} & set(page.tags)
    assert "49" not in page.seen
    plain = text(one)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", plain)
    slack = json.dumps(compose_digest(one, "slack")["full"])
    assert "<!channel>" not in slack
    assert "<http://evil" not in slack
    console = json.dumps(compose_digest(one, "console")["full"])
    assert "\\u001b" not in console
    message = sent(one)
    assert message["Bcc"] is None
    assert message["To"] == "desk@example.org"


def test_the_mail_has_both_parts_and_its_headers():
    message = sent(content(matched(1)))
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert message["Subject"] == "Presswatch morning: 1 story, 1 high – 27 Nov 2026"
    assert message["From"] == "Presswatch <presswatch@example.org>"
    assert message["Message-ID"] == "<a@example.org>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].strip().startswith("<mailto:presswatch@example.org")
    assert "A tariff on pots" in message.get_body(("plain",)).get_content()
    assert "A tariff on pots" in message.get_body(("html",)).get_content()


def test_the_mail_is_ascii_in_short_lines_with_crlf():
    raw = mail(
        content(matched(1, article("华为 – Zölle " * 30))),
        sender="presswatch@example.org",
        recipient="desk@example.org",
        message_id="<a@example.org>",
        at=NOW,
    )
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_an_address_that_not_every_relay_takes_is_refused():
    with pytest.raises(ValueError, match="punycode"):
        sent(content(), recipient="redaktion@münchen.example")


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "<x@y.z>", "x@y.z, q@y.z", "a@b.c\r\nBcc: x@y.z"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match="is no mail address"):
        sent(content(), recipient=address)
    with pytest.raises(ValueError, match="is no mail address"):
        sent(content(), sender=address)


def test_headers_that_programs_read_stay_whole_however_long_the_addresses_are():
    sender = "presswatch-alerts@newsroom.example-organisation.org"
    identity = "morning-briefing-for-the-trade-desk"
    raw = mail(
        content(matched(1), digest=replace(DIGEST, id=identity)),
        sender=sender,
        recipient="a-very-long-name-of-a-distribution-list-for-all-correspondents@newsroom.example-organisation.org",
        message_id=message_id(identity, WINDOW.day, "desk@example.org", "newsroom.example-organisation.org"),
        at=NOW,
    )
    lines = raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <mailto:{sender}?subject=unsubscribe%20{identity}>" in lines
    assert any(line.startswith("List-Id: ") and line.endswith("example-organisation.org>") for line in lines)
    assert all("=?" not in line for line in lines if not line.startswith((" ", "Subject")))


def test_a_list_s_name_is_that_of_the_digest_and_the_sender_s_domain():
    assert sent(content())["List-Id"] == "Presswatch morning <morning.presswatch.example.org>"
    other = sent(content(), recipient="chief@example.org", message_id="<b@example.org>")
    assert other["List-Id"] == sent(content())["List-Id"]


@pytest.mark.parametrize(
    ("given", "header"),
    [
        (None, "mailto:presswatch@example.org?subject=unsubscribe%20morning"),
        ("mailto:desk+lists@example.org", "mailto:desk+lists@example.org?subject=unsubscribe%20morning"),
        ("mailto:desk@example.org?subject=stop", "mailto:desk@example.org?subject=stop"),
        ("https://lists.example.org/p?a=1&b=2", "https://lists.example.org/p?a=1&b=2"),
        ("", None),
    ],
)
def test_readers_find_where_to_end_it_in_the_header_and_in_both_parts(given, header):
    message = sent(content(), unsubscribe=given)
    assert message["List-Unsubscribe"] == (f"<{header}>" if header else None)
    assert message["List-Unsubscribe-Post"] is None  # nobody answers a program
    plain, page = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert ("To end this digest" in plain, "To end this digest" in page) == (bool(header), bool(header))
    assert Page(page).links == ([header] if header else [])
    assert header is None or f"\n{header}\n" in plain.replace("\r\n", "\n")


def test_chinese_texts_are_wrapped_by_columns():
    headline = (
        "商务部新闻发言人就美方将有关中国实体列入出口管制实体清单答记者问,并表示 Entity List 将采取必要措施。" * 2
    )
    lines = text(content(matched(1, article(headline)))).splitlines()
    shown = [line for line in lines if columns(line) != len(line)]
    assert len(shown) > 1
    assert max(map(columns, lines)) <= WIDTH
    assert not any(line.strip().startswith(("。", "，")) for line in shown)
    assert "".join(line.strip() for line in shown).replace("* [High]", "").count("实体清单") == 2


def test_the_message_id_depends_on_the_issue_and_the_recipient_alone():
    day = WINDOW.day
    one = message_id("morning", day, "desk@example.org", "example.org")
    assert one == message_id("morning", day, "desk@example.org", "example.org")
    others = {
        message_id("evening", day, "desk@example.org", "example.org"),
        message_id("morning", day + timedelta(days=1), "desk@example.org", "example.org"),
        message_id("morning", day, "chief@example.org", "example.org"),
    }
    assert len({one, *others}) == 4
    assert re.fullmatch(r"<[A-Za-z0-9.-]+@[A-Za-z0-9.-]+>", message_id("m", day, "x", "bad domain\r\n"))


def test_a_huge_issue_keeps_to_its_limit_and_attaches_the_whole_list():
    sentence = "A tariff on pots is coming, and so much more is to be said about it. " * 4
    members = [
        matched(
            n,
            article(f"Story number {n} of a very long day", sentence),
            rules=("pots",),
            mentions=(mention("pots", sentence, (2, 8)),),
        )
        for n in range(400)
    ]
    one = content(*members)
    page = html(one)
    assert len(page.html.encode()) <= LIMIT
    assert 0 < page.omitted < 400
    assert f"And {page.omitted} more stories" in Page(page.html).seen
    message = sent(one)
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "morning-2026-11-27.txt"
    listed = attached.get_content()
    assert all(f"Story number {n} of" in listed for n in range(400))


def test_sentences_of_less_severe_stories_go_before_any_story_does():
    sentence = "A tariff on pots is coming, and so much more is to be said about it. " * 4
    members = [
        matched(n, article(f"Story {n}", sentence), rules=("pots",), mentions=(mention("pots", sentence),))
        for n in range(20)
    ]
    one = content(*members)
    whole = len(html(one).html.encode())
    page = html(one, limit=whole - 2_000)
    assert page.omitted == 0
    assert "so much more" not in Page(page.html).seen
    assert "some sentences are left out" in Page(page.html).seen


def test_sentences_of_low_stories_go_before_those_of_normal_ones():
    members = []
    for n in range(20):
        name, rule = ("Normal", "pots") if n % 2 else ("Low", "chips")
        said = f"{name} things are to be said about a tariff on pots, and at some length. " * 4
        members.append(matched(n, article(f"Story {n}", said), rules=(rule,), mentions=(mention(rule, said),)))
    one = content(*members)
    page = html(one, limit=len(html(one).html.encode()) - 1_000)
    assert (page.omitted, page.shortened, page.cut) == (0, True, True)
    seen = Page(page.html).seen
    assert "Normal things" in seen
    assert "Low things" not in seen


def test_a_mail_whose_page_lacks_only_sentences_attaches_the_text_too():
    said = "A tariff on pots is coming, and so much more is to be said about it. " * 4
    for number in range(60, 200, 10):
        members = [
            matched(n, article(f"Story {n}", said), rules=("pots",), mentions=(mention("pots", said),))
            for n in range(number)
        ]
        one = content(*members)
        if html(one).shortened:
            break
    assert html(one).omitted == 0
    (attached,) = sent(one).iter_attachments()
    assert attached.get_content().count("so much more") >= number


def test_a_page_keeps_to_its_limit_when_every_source_is_in_trouble():
    troubles = tuple(SourceTrouble(name=f"Source {n}", reason="gone " * 40) for n in range(900))
    one = content(matched(1), troubles=troubles)
    page = html(one)
    assert len(page.html.encode()) <= LIMIT
    assert not page.cut
    assert "And 880 more: presswatch sources list" in Page(page.html).seen
    whole = text(one)
    assert all(f"Source {n}:" in whole for n in range(900))


def test_slack_gets_the_loudest_stories_within_its_limits():
    members = [matched(n, article(f"Story {n} " + "&" * 150)) for n in range(60)]
    old = [matched(100 + n, article(f"Old {n} " + "<" * 200), told=False, state="baseline") for n in range(30)]
    payload = compose_digest(content(*members, *old), "slack")
    blocks = payload["full"]["blocks"]
    assert len(blocks) <= 50
    sizes = [len(block["text"]["text"]) for block in blocks if block["type"] == "section"]
    assert max(sizes) <= 3_000
    elements = [element for block in blocks if block["type"] == "context" for element in block["elements"]]
    assert max(len(element["text"]) for element in elements) <= 2_000
    assert sum(sizes) + sum(len(element["text"]) for element in elements) <= 13_000
    assert "more stories" in json.dumps(blocks)
    assert len(payload["full"]["text"]) <= 4_000
    assert payload["minimal"]["text"].startswith("Presswatch morning: 60 stories")


def test_slack_takes_the_longest_issue_there_is_and_still_gets_its_figures_and_window():
    said = "A tariff on pots & pans, <so they say>, is coming. " * 12
    item = article("Words & words " * 40, said, outlet="Outlet & " * 20)
    found = tuple(mention(rule, said) for rule in RULES)
    old = [matched(100 + n, item, told=False, state="baseline") for n in range(30)]
    troubles = tuple(SourceTrouble(name=f"Source & {n}", reason="gone & " * 40) for n in range(300))
    new = {n: tuple((n + 1, news("New & " * 60 + str(each))) for each in range(9)) for n in range(40)}
    one = content(*(matched(n, item, mentions=found) for n in range(40)), *old, troubles=troubles, news=new)
    blocks = compose_digest(one, "slack")["full"]["blocks"]
    texts = [each["text"] for block in blocks for each in block.get("elements", [block.get("text")])]
    assert len(blocks) <= 50
    assert sum(map(len, texts)) <= 13_000
    assert re.search(r"and \d+ more: presswatch sources list", texts[-2])
    assert texts[-1].endswith("(America/New_York)")


def test_every_form_says_what_is_new():
    one = content(matched(1), news={1: ((2, news("25 % → 10 % (tariff)")), (3, news()))})
    said = "New: 25 % → 10 % (tariff); Confirmed by the Federal Register"
    assert f"    {said}\n" in text(one)
    assert said in Page(html(one).html).seen
    assert said.replace("New:", "*New:*") in compose_digest(one, "slack")["full"]["blocks"][3]["text"]["text"]
    lines = compose_digest(one, "console")["full"]["lines"]
    assert said in ["".join(part[0] for part in line["parts"]) for line in lines]


def test_a_terminal_gets_every_story():
    lines = compose_digest(content(*(matched(n, article(f"Story {n}")) for n in range(30))), "console")["full"]["lines"]
    said = "\n".join("".join(part[0] for part in line["parts"]) for line in lines)
    assert all(f"Story {n}" in said for n in range(30))
    assert "Why: Tariffs" in said


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_words_give_a_mail_that_reads_back(headline, body):
    item = article(headline, body)
    message = sent(content(matched(1, item, mentions=(replace(mention(), sentences=()),))))
    assert message["Subject"].startswith("Presswatch morning: 1 story")
    assert len(list(message.walk())) == 3


def test_naughty_strings_are_harmless_in_every_form(corpora):
    strings = json.loads((corpora / "evil" / "naughty_strings.json").read_text("utf-8"))["strings"]
    assert len(strings) > 100
    members = [matched(n, article(evil, evil, outlet=evil)) for n, evil in enumerate(strings)]
    one = content(*members)
    page = Page(html(one, limit=10_000_000).html)
    assert not {"script", "img", "iframe", "svg"} & set(page.tags)
    message = sent(one)
    assert len(list(message.walk())) >= 3
    json.dumps(compose_digest(one, "slack"))


def test_the_text_of_an_issue_can_be_read_back_from_what_was_frozen():
    one = content(matched(1, article("华为 – Zölle")))
    frozen = mail(
        one, sender="presswatch@example.org", recipient="desk@example.org", message_id="<a@example.org>", at=NOW
    )
    stop = "mailto:presswatch@example.org?subject=unsubscribe%20morning"
    assert text_of(frozen) == text(one, stop=stop)
    assert text_of(text(one).encode()) == text(one)


def test_what_a_channel_has_no_room_for_is_where_it_says():
    members = [matched(n, article(f"Story {n}")) for n in range(60)]
    assert "presswatch digest morning --last" in json.dumps(compose_digest(content(*members), "slack"))
