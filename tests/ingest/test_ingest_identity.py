"""Items to articles: one body, a title in any case, a key that is its own within the feed."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest import normalise
from bot.ingest.fingerprints import fingerprint
from bot.ingest.identity import articles, read
from bot.ingest.limits import MAX_TEXT
from bot.ingest.normalise import DERIVED_TITLE, article, derived_title
from bot.model import Item, Source

SOURCE = Source(id="wire", kind="feed", name="Wire", tier="wire")
AT = datetime(2023, 8, 28, 12, tzinfo=UTC)


def item(number, **changes):
    fields = {
        "guid": f"id-{number}",
        "link": f"https://a.example/{number}",
        "title": f"Story {number}",
        "summary": f"<p>Text {number}</p>",
        "published_at": AT,
    }
    return Item(**{**fields, **changes})


def keys(*items):
    return [(found.key_kind, found.key) for found in articles(items, SOURCE)]


def test_an_item_that_can_be_no_article_takes_no_other_along(monkeypatch):
    real = normalise.article

    def article_or_bug(item, source, *, lang=None):
        if "poison" in item.summary:
            raise ZeroDivisionError("a bug")
        return real(item, source, lang=lang)

    monkeypatch.setattr(normalise, "article", article_or_bug)
    items = [
        item(1),
        item(2, summary="poison"),
        item(2, summary="poison"),
        item(3),
        item(4, guid="", link="", summary="poison"),
    ]
    found, refused = read(items, SOURCE)
    assert [each.title for each in found] == ["Story 1", "Story 3"]
    assert [each.name for each in refused] == ["Story 2", "Story 4"]
    assert "ZeroDivisionError: a bug" in refused[0].reason
    assert read(items, SOURCE)[1] == refused  # it is known again
    assert [(each.url, each.guid) for each in refused] == [("https://a.example/2", "id-2"), (None, None)]


# ── the article ──────────────────────────────────────────────────────────────────────────────────


def test_an_item_becomes_visible_text():
    found = article(
        item(
            1,
            title="<b>Curbs</b> &amp; chips\x1b[31m\u202e",
            summary="short",
            content="<p>The <i>whole</i></p><p>text</p>",
            author="A",
        ),
        SOURCE,
        lang="en-US",
    )
    assert (found.title, found.title_derived) == ("Curbs & chips[31m", False)
    assert (found.body, found.text_seen) == ("The whole\n\ntext", "full")
    assert (found.source, found.tier, found.author, found.lang) == ("wire", "wire", "A", "en-us")
    assert (found.published_at, found.date_origin) == (AT, "published")


@pytest.mark.parametrize(
    ("fields", "body", "seen"),
    [
        ({"summary": "short", "content": "<p>longer text</p>"}, "longer text", "full"),
        ({"summary": "a long summary", "content": "<img>x"}, "a long summary", "summary"),
        ({"summary": "a summary", "content": ""}, "a summary", "summary"),
        ({"summary": "", "content": "<script>x</script>"}, "", "title"),
        ({"summary": "<b>Story</b> 1", "content": ""}, "", "title"),
    ],
)
def test_the_longer_text_is_the_body(fields, body, seen):
    found = article(item(1, **fields), SOURCE)
    assert (found.body, found.text_seen) == (body, seen)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Mr. Li met the U.S. envoy. Then he left.", "Mr. Li met the U.S. envoy."),
        ("美国商务部长访华。双方会谈。", "美国商务部长访华。"),
        ("One line\nof two. More.", "One line of two."),
        ("", ""),
    ],
)
def test_a_derived_title_is_the_first_sentence(body, title):
    assert derived_title(body) == title


def test_a_derived_title_is_cut_and_marked():
    found = article(item(1, title=" ", summary="word " * 100), SOURCE)
    assert found.title_derived
    assert len(found.title) <= DERIVED_TITLE
    assert found.title.endswith("…")


@pytest.mark.parametrize(
    ("fields", "expected", "origin"),
    [
        ({"published_at": None, "updated_at": AT}, AT, "updated"),
        ({"published_at": None, "published_raw": "soon"}, None, "unknown"),
        ({"published_at": AT, "updated_at": AT.replace(year=2024)}, AT, "published"),
    ],
)
def test_dates_say_where_they_come_from(fields, expected, origin):
    found = article(item(1, **fields), SOURCE)
    assert (found.published_at, found.date_origin) == (expected, origin)


@pytest.mark.parametrize(
    ("configured", "given", "feed", "expected"),
    [
        ("zh", "en", "en", "zh"),
        (None, "zh_CN", "en", "zh-cn"),
        (None, None, "EN-us", "en-us"),
        (None, "<b>", None, None),
    ],
)
def test_the_configured_language_wins(configured, given, feed, expected):
    assert article(item(1, lang=given), replace(SOURCE, lang=configured), lang=feed).lang == expected


def test_very_long_texts_are_cut():
    found = article(item(1, title="t" * 5_000, summary="x" * (MAX_TEXT + 5)), SOURCE)
    assert (len(found.title), len(found.body)) == (1_000, MAX_TEXT)


def test_the_content_hash_changes_with_the_words_and_with_nothing_else():
    first = article(item(1), SOURCE)
    assert (
        article(item(1, guid="x", link="https://b.example/", published_at=None), SOURCE).content_hash
        == first.content_hash
    )
    assert article(item(1, summary="<p>Text 1!</p>"), SOURCE).content_hash != first.content_hash
    assert article(item(1, title="Storm 1"), SOURCE).content_hash != first.content_hash


def test_the_fingerprint_is_of_words_and_date():
    assert fingerprint("The Curbs", "on “chips”.") == fingerprint("the curbs", "ON chips")
    assert fingerprint("a", "b", "2023") != fingerprint("a", "b", "2024")
    same = [
        article(item(1, guid=guid, link=link), SOURCE).fingerprint
        for guid in "ab"
        for link in ("https://x.example", None)
    ]
    assert len(set(same)) == 1


def test_a_daily_item_without_text_differs_by_date_or_link():
    bare = Item(title="Markets at noon")
    found = [
        article(replace(bare, published_at=AT), SOURCE),
        article(replace(bare, published_at=AT.replace(day=29)), SOURCE),
        article(replace(bare, link="https://a.example/1"), SOURCE),
        article(replace(bare, link="https://a.example/2"), SOURCE),
    ]
    assert len({one.fingerprint for one in found}) == 4


def test_a_fingerprint_stays_what_it_was():
    """Stored fingerprints must go on meaning the same: if this fails, every archive forgets what it knows."""
    assert fingerprint("Curbs on chips", "Text").startswith("e7043d1c415c")


# ── the key ──────────────────────────────────────────────────────────────────────────────────────


def test_guids_that_are_unique_are_keys():
    assert keys(item(1), item(2)) == [("guid", "id-1"), ("guid", "id-2")]


def test_shared_guids_give_way_to_links():
    assert keys(item(1, guid="https://a.example/"), item(2, guid="https://a.example/")) == [
        ("link", "https://a.example/1"),
        ("link", "https://a.example/2"),
    ]


def test_shared_guids_and_links_give_way_to_words():
    shared = {"guid": "x", "link": None}
    found = keys(*(item(number, **shared) for number in range(3)))
    assert [kind for kind, _ in found] == ["fingerprint"] * 3
    assert len(set(found)) == 3
    front = {"guid": None, "link": "https://a.example/"}
    found = keys(item(1, **front), item(2, **front))
    assert [kind for kind, _ in found] == ["fingerprint", "fingerprint"]
    assert len(set(found)) == 2


def test_an_item_without_guid_takes_its_link_and_leaves_the_others_alone():
    assert keys(item(1), item(2, guid=None), item(3, guid=None, link=None))[:2] == [
        ("guid", "id-1"),
        ("link", "https://a.example/2"),
    ]


def test_the_same_item_twice_comes_once_in_its_newest_form():
    old, new = item(1, updated_at=AT), item(1, title="Corrected", updated_at=AT.replace(day=29))
    for pair in ((old, new), (new, old)):
        (found,) = articles(pair, SOURCE)
        assert (found.title, found.key_kind) == ("Corrected", "guid")


def test_items_that_all_carry_the_front_pages_guid_and_link_are_all_kept():
    front = {"guid": "https://a.example/", "link": "https://a.example/"}
    found = keys(*(item(number, **front, published_at=AT.replace(day=number)) for number in (1, 2, 3)))
    assert len(set(found)) == 3
    undated = keys(*(item(number, **front, published_at=None) for number in (1, 2, 3)))
    assert len(set(undated)) == 3


def test_tracking_parameters_do_not_make_another_item():
    first, second = (item(1, guid=None, link=f"https://a.example/1?utm_source={name}") for name in "ab")
    assert keys(first) == keys(second) == [("link", "https://a.example/1")]


def test_long_and_dirty_guids_are_bounded():
    (kind, key), (_, other) = keys(item(1, guid="g" * 5_000), item(2, guid=" a\x00\u202eb\n"))
    assert kind == "guid"
    assert key.startswith("sha256:")
    assert other == "ab"


@given(
    st.lists(
        st.builds(
            Item,
            guid=st.sampled_from([None, "", "a", "b", "c"]),
            link=st.sampled_from([None, "https://a.example/", "https://a.example/1", "nonsense"]),
            title=st.sampled_from(["", "x", "y", "<script>"]),
            summary=st.sampled_from(["", "p", "q"]),
            updated_at=st.sampled_from([None, AT]),
        )
    )
)
def test_keys_are_unique_and_stable_and_lose_no_text(items):
    found = articles(items, SOURCE)
    assert [one.key for one in articles(items, SOURCE)] == [one.key for one in found]
    assert len({one.key for one in found}) == len(found)
    assert all(one.key for one in found)
    # An item is left out only for one with the same words, or for another version of it (the same guid, link and
    # title), which may in turn be left out for one with the same words.
    kept = {one.fingerprint for one in found}
    for one in items:
        versions = [one, *(other for other in items if version_of(one) and version_of(other) == version_of(one))]
        assert kept & {article(version, SOURCE).fingerprint for version in versions}


def version_of(one):
    """What two versions of one item share; None for an item that lacks a part of it."""
    as_article = article(one, SOURCE)
    name = (one.guid, as_article.canonical_url, as_article.title)
    return name if all(name) else None


@pytest.mark.parametrize("sign", [chr(code) for code in range(128)], ids=ascii)
def test_the_words_of_a_fingerprint_are_those_that_were_stored_with_it(sign):
    text = f"T{sign}t\nb{sign}{sign}1"
    expected = hashlib.sha256(" ".join(re.findall(r"\w+", text.casefold())).encode()).hexdigest()
    assert fingerprint(f"T{sign}t", f"b{sign}{sign}1") == expected
