"""Copies are found whatever an outlet does to them; an exchanged fact keeps two articles apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Article, Candidate
from bot.stories import features, is_exact, place
from bot.stories.place import compare
from bot.stories.reading import Reading

NOON = datetime(2023, 8, 29, 12, tzinfo=UTC)
TITLE = "Commerce takes 27 firms off its unverified list"
BODY = (
    """
The Commerce Department said on Tuesday that it had taken 27 Chinese firms off the unverified list, a step that eases
paperwork for American suppliers a day before the secretary lands in Beijing.

Firms on the list cannot receive certain goods until officials have checked where the goods end up, and exporters must
collect a signed statement before each shipment leaves a port of the United States.

A spokeswoman for the ministry in Beijing welcomed the decision and called it proof that both sides can settle
differences by talking, while urging Washington to lift the curbs that remain on makers of memory chips.

Trade lawyers cautioned that the firms were small makers of sensors and batteries, and that the larger restrictions on
advanced processors, worth about US$370 billion in yearly sales, do not change.
""".strip()
    .replace("\n\n", "\0")
    .replace("\n", " ")
    .replace("\0", "\n\n")
)
PARAGRAPHS = BODY.split("\n\n")
OTHER = (
    "Orchards in the valley lost a third of their cherries to late frost this spring, growers told the assembly, and "
    "asked for help with nets and heaters before the apples are in bloom."
)


def article(title=TITLE, body=BODY, url=None, at=NOON, source="one"):
    return Article(
        source=source,
        key="k",
        key_kind="guid",
        fingerprint="f",
        content_hash="c",
        title=title,
        body=body,
        url=url,
        canonical_url=url,
        published_at=at,
    )


def stored(original, number=1, story=10, for_=None):
    entries = set(features(original).entries)
    shared = tuple(sorted(entries & set(features(for_).entries))) if for_ else tuple(sorted(entries))
    return Candidate(
        article=number,
        story=story,
        source=original.source,
        title=original.title,
        body=original.body,
        canonical_url=original.canonical_url,
        shared=shared,
        published_at=original.published_at or NOON,
    )


def placed(new, *originals):
    """Place an article as the store would ask for it: only those that share an entry are candidates."""
    candidates = [stored(original, number, number * 10, for_=new) for number, original in enumerate(originals, 1)]
    return place(new, [candidate for candidate in candidates if candidate.shared])


def words(text, share):
    return " ".join(text.split()[: int(len(text.split()) * share)])


COPIES = {
    "itself": article(),
    "another headline": article(title="Small step, big talks: what the list decision means"),
    "outlet at the end": article(title=f"{TITLE} - Reuters"),
    "no headline": article(title=""),
    "dateline": article(body=f"WASHINGTON (Reuters) – {BODY}"),
    "dateline with date": article(body=f"BEIJING, Aug 29 (Reuters) - {BODY}"),
    "dateline without a place": article(body=f"Aug 29 (Pan-Pacific) – {BODY}"),
    "reporter without a name": article(body=f"By our foreign staff\n{BODY}"),
    "reporters at the end": article(body=f"{BODY}\nBy our foreign staff and agencies"),
    "dateline in capitals": article(body=f"WASHINGTON: {BODY}"),
    "byline": article(body=f"By Staff Writers and Wire Services\n\n{BODY}"),
    "credits": article(body=f"{BODY}\n\n(Reporting by Beijing bureau; Editing by Washington desk)"),
    "signpost": article(body=f"{words(BODY, 0.9)} ... Continue reading at the site"),
    "cut by an interface": article(body=f"{words(BODY, 0.6)}… [+2340 chars]"),
    "cut in a word": article(body=BODY[:412] + "…"),
    "two thirds": article(body=words(BODY, 0.66)),
    "paragraph added at the end": article(body=f"{BODY}\n\n{OTHER}"),
    "paragraph added at the beginning": article(body=f"{OTHER}\n\n{BODY}"),
    "paragraph added in the middle": article(body="\n\n".join([*PARAGRAPHS[:2], OTHER, *PARAGRAPHS[2:]])),
    "paragraph left out": article(body="\n\n".join([PARAGRAPHS[0], *PARAGRAPHS[2:]])),
    "paragraphs in another order": article(
        body="\n\n".join([PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[1], PARAGRAPHS[3]])
    ),
    "typography": article(
        body=BODY.replace("\n\n", "\n")
        .replace(" that ", "\u00a0that ")
        .replace("a day", "a\u00ad day")
        .replace("-", "‑")
    ),
    "capitals": article(title=TITLE.upper(), body=BODY.replace("Commerce Department", "Commerce department")),
    "house style": article(
        body=BODY.replace("US$370 billion", "$370bn")
        .replace("27 Chinese", "twenty-seven Chinese")
        .replace("the United States", "the U.S.")
    ),
    "a wire's update that only adds": article(f"UPDATE 1-{TITLE}", f"{BODY}\n\n{OTHER}"),
    "figures and dates of another house": article(
        body=BODY.replace("on Tuesday", "yesterday").replace("US$370 billion", "370 billion dollars")
    ),
    "light edits": article(
        body=BODY.replace("A spokeswoman for the ministry in Beijing welcomed", "The ministry in Beijing welcomed")
        .replace("cautioned", "warned")
        .replace("small makers", "small manufacturers")
    ),
    "day at the beginning": article(
        body=BODY.replace(
            "The Commerce Department said on Tuesday that it", "On Tuesday, the Commerce Department said it"
        )
    ),
    "one word of style": article(body=BODY.replace("welcomed the decision", "welcomed the move")),
}


@pytest.mark.parametrize("name", COPIES)
def test_copies_are_found(name):
    copy = replace(COPIES[name], source="two")
    placement = placed(copy, article(OTHER[:40], OTHER * 4), article())
    assert (placement.kind, placement.story, placement.copy_of) == ("copy", 20, 2), placement.reason
    assert 0.8 <= placement.score <= 1.0


@pytest.mark.parametrize("name", COPIES)
def test_copies_are_found_the_other_way_round(name):
    assert placed(article(), COPIES[name]).kind == "copy"


APART = {
    "figure": article(body=BODY.replace("27 Chinese", "33 Chinese")),
    "figure in words": article(body=BODY.replace("27 Chinese", "thirty-three Chinese")),
    "amount": article(body=BODY.replace("US$370 billion", "US$370 million")),
    "currency": article(body=BODY.replace("US$370 billion", "€370 billion")),
    "name": article(body=BODY.replace("Beijing", "Hanoi")),
    "nationality": article(body=BODY.replace("Chinese", "Korean")),
    "weekday": article(body=BODY.replace("Tuesday", "Friday")),
    "negation": article(body=BODY.replace("and that the larger", "and not that the larger")),
    "direction": article(body=BODY.replace("welcomed", "rejected")),
    "subject of the headline": article(
        "Commerce takes 27 makers off its unverified list", BODY.replace("27 Chinese firms", "27 Chinese makers")
    ),
    "too many words": article(
        body=BODY.replace("goods", "wares")
        .replace("certain", "various")
        .replace("cautioned", "warned")
        .replace("urging", "asking")
    ),
    "figure in the headline": article("Commerce takes 33 firms off its unverified list"),
    "correction": article(f"{TITLE}; Correction"),
    "corrected": article(f"CORRECTED-{TITLE}"),
    "extension": article(f"{TITLE}; Extension of Comment Period"),
    "correction in the text": article(body=f"This is a corrected version of an earlier report.\n\n{BODY}"),
    "own document": article(body=f"{BODY} FR Doc. 2023-18000"),
    "three weeks later": article(at=NOON + timedelta(days=21)),
    "quoted in the middle": article(
        body="\n\n".join([OTHER.replace("valley", f"valley {n}") for n in range(4)]) + BODY
    ),
    "only the beginning shared": article(body=PARAGRAPHS[0] + OTHER * 4),
    "another text": article(body=OTHER * 5),
}
ORIGINAL = article(body=f"{BODY} FR Doc. 2023-17999")


@pytest.mark.parametrize("name", APART)
def test_other_facts_are_other_news(name):
    original = ORIGINAL if name == "own document" else article()
    placement = placed(replace(APART[name], source="two"), original)
    assert placement.kind == "new", placement.reason
    assert placement.story is None
    assert placement.copy_of is None


def test_what_kept_them_apart_is_said():
    reason = placed(APART["own document"], ORIGINAL).reason
    assert reason == "not article 1: different references: 2023-17999 and 2023-18000"
    assert placed(article("Cherries and frost in spring", OTHER), article()).reason == "no stored article has its words"


FR = "https://www.federalregister.gov/documents/2023/08/{}/2023-{}/additions"


def test_a_long_change_is_quoted_by_its_beginning():
    said = "that both sides can settle differences by talking, while urging Washington to lift the curbs"
    reason = placed(article(body=BODY.replace(said, "that Hanoi and Manila ask for")), ORIGINAL).reason
    assert reason == (
        "not article 1: changed: both sides can settle differenses by talking while urging w… / hanoi and manila ask for"
    )


def test_official_documents_are_told_apart_by_their_address():
    one, two = article(url=FR.format(29, "18001")), article(url=FR.format(30, "18002"))
    assert placed(two, one).kind == "new"
    assert placed(replace(one, source="two"), one).kind == "copy"


def test_one_publisher_with_two_pages_says_two_things():
    first = article(url="https://ministry.example/notice/1")
    again = article(url="https://ministry.example/notice/2", at=NOON + timedelta(days=5))
    assert placed(again, first).kind == "new"
    assert placed(replace(again, published_at=NOON), first).kind == "copy"
    assert placed(replace(again, canonical_url="https://reprints.example/2"), first).kind == "copy"


def test_one_page_in_two_feeds_is_one_article():
    page = "https://news.example/2023/unverified-list"
    full, teaser = article(url=page), article(url=page, body="Paperwork gets easier for American suppliers.")
    placement = placed(replace(teaser, source="two"), full)
    assert (placement.kind, placement.reason) == ("copy", "the same address")
    assert not is_exact(placement)


def test_a_page_of_many_news_joins_nothing():
    page = "https://ministry.example/news"
    assert placed(article("Cherry growers ask for nets", OTHER, page), article(url=page)).kind == "new"


def test_exact_means_headline_and_body():
    assert is_exact(placed(article(source="two"), article()))
    assert is_exact(placed(article(body=BODY.replace("\n\n", " ")), article()))
    for name in ("another headline", "two thirds", "paragraph added at the end"):
        assert not is_exact(placed(COPIES[name], article()))


SHORT = "Officials will meet the press at noon on the unverified list and the firms that left it this week."


@pytest.mark.parametrize(
    ("new", "original", "kind"),
    [
        pytest.param(article(body=SHORT), article(body=SHORT), "copy", id="same headline, same words"),
        pytest.param(article("Press at noon", SHORT), article(body=SHORT), "new", id="another headline"),
        pytest.param(article(body=SHORT), article(body=SHORT, at=NOON + timedelta(days=4)), "new", id="days apart"),
        pytest.param(article(body=SHORT, at=None), article(body=SHORT), "new", id="undated"),
        pytest.param(article("Morning news", ""), article("Morning news", ""), "new", id="bare headline of two words"),
        pytest.param(article(body=""), article(body=""), "copy", id="bare headline of eight words"),
        pytest.param(article(body=""), article(), "copy", id="headline without its text"),
        pytest.param(article(body=""), article(at=NOON + timedelta(days=4)), "new", id="headline, days apart"),
        pytest.param(article("Firms leave list", ""), article("Firms leave list"), "new", id="headline of three words"),
        pytest.param(article(body=words(BODY, 0.25)), article(), "copy", id="summary: the opening words"),
        pytest.param(article("Elsewhere", words(BODY, 0.25)), article(), "copy", id="summary under another headline"),
        pytest.param(article("Elsewhere", words(BODY, 0.1)), article(), "new", id="a few words under another headline"),
        pytest.param(article(body=PARAGRAPHS[2]), article(), "new", id="a later paragraph"),
        pytest.param(article("", ""), article("", ""), "new", id="nothing at all"),
    ],
)
def test_few_words_must_agree_in_everything(new, original, kind):
    assert placed(replace(new, source="two"), original).kind == kind


REPORT = words(BODY, 0.3)


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        pytest.param(article("Elsewhere", REPORT, source="two"), "copy", id="another outlet"),
        pytest.param(article("Elsewhere", REPORT), "new", id="the same source"),
        pytest.param(article("Elsewhere", f"{REPORT}\n\n{OTHER}", source="two"), "copy", id="a sentence more"),
        pytest.param(article("Elsewhere", f"{OTHER}\n\n{REPORT}", source="two"), "new", id="a sentence before it"),
        pytest.param(article("Elsewhere", REPORT.replace("27", "29"), source="two"), "new", id="another figure"),
        pytest.param(article("Elsewhere", REPORT, source="two", at=NOON + timedelta(days=4)), "new", id="days apart"),
    ],
)
def test_a_short_report_under_another_headline_is_a_copy_of_another_outlet_s(new, kind):
    assert 30 <= len(REPORT.split()) < 60
    assert placed(new, article(body=REPORT)).kind == kind


ENDINGS = (
    "Consumer chips for games and phones stay free, but for 12 of the largest graphics cards.",
    "Two analysts cut their price targets for the company after the close of trading in New York.",
)


def test_another_last_paragraph_exchanges_no_fact():
    one, other = (article(body=f"{BODY}\n\n{ending}") for ending in ENDINGS)
    assert placed(replace(one, source="two"), other).kind == "copy"
    same_built = article(body=f"{BODY}\n\n{ENDINGS[0].replace('12', '14')}")
    assert placed(replace(one, source="two"), same_built).kind == "new"


@pytest.mark.parametrize(("short", "long"), [("AI", "artificial intelligence"), ("Sept. 9", "September 9")])
def test_short_and_long_for_one_thing(short, long):
    one, other = (article(body=f"{BODY}\n\nThe rules on {said} follow.\n\n{OTHER}") for said in (short, long))
    assert placed(replace(one, source="two"), other).kind == "copy"


def test_chinese_copies_in_either_script():
    body = (
        "美国商务部周二宣布，将二十七家中国企业移出未经核实名单，此举为美国供应商减轻了文件负担。名单上的企业在官员核实货物最终用途之前，"
        "不得接收若干货物，出口商须在每批货物离港之前取得签字声明。商务部发言人对此表示欢迎，称这证明双方能够通过对话解决分歧。"
    )
    copy = body.replace("美国", "美國").replace("商务部", "商務部").replace("企业", "企業").replace("货物", "貨物")
    assert placed(article("美國移出名單", copy, source="two"), article("名单", body)).kind == "copy"
    assert placed(article("名单", body.replace("二十七", "三十三")), article("名单", body)).kind == "new"


def test_the_best_match_wins_and_among_equals_the_first_stored():
    near = article(body=f"{BODY}\n\n{OTHER}")
    assert placed(article(source="new"), near, article(source="b"), article(source="c")).copy_of == 2


def test_many_unlikely_candidates_do_not_hide_the_original():
    new = article(source="two")
    crowd = [replace(stored(article(f"Talk {n}", OTHER), n), shared=(("passage", "0" * 8),)) for n in range(2, 60)]
    assert place(new, [*crowd, stored(article(), 99, for_=new)]).copy_of == 99


pairs = st.sampled_from([*COPIES.values(), *APART.values()])


@given(pairs, pairs)
def test_comparing_is_symmetric(one, two):
    assert compare(Reading.of(one), Reading.of(two)) == compare(Reading.of(two), Reading.of(one))


FROST = " ".join(f"{OTHER} Day {day} brought no rain at all." for day in range(4))


def carried(name, body):
    """One text as three outlets carry it."""
    return [
        article(f"{name}: what we know", body, f"https://one.example/{name}"),
        article(f"{name}: the long way", f"{body}\n\nNobody had expected it so soon.", f"https://two.example/{name}"),
        article(f"{name}: explained", f"WASHINGTON (Reuters) – {body}", f"https://three.example/{name}"),
    ]


GROUPS = {"list": carried("list", BODY), "frost": carried("frost", FROST)}


@given(st.permutations([(name, item) for name, items in GROUPS.items() for item in items]))
def test_the_order_of_arrival_does_not_change_the_stories(order):
    stories, archive, numbers = {}, [], count(1)
    for name, item in order:
        placement = placed_in(archive, item)
        story = placement.story or next(numbers) * 100
        archive.append((item, story))
        stories.setdefault(story, []).append(name)
    assert sorted(stories.values()) == sorted([[name] * 3 for name in GROUPS])


def placed_in(archive, item):
    candidates = [stored(old, number, story, for_=item) for number, (old, story) in enumerate(archive, 1)]
    return place(item, [candidate for candidate in candidates if candidate.shared])
