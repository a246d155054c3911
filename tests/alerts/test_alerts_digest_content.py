"""What an issue tells of: each story once, under one theme, with every reason."""

from dataclasses import replace
from datetime import timedelta

import pytest
from digest_samples import DIGEST, NOW, RULES, WINDOW, article, matched, material, news

from bot.alerts.digest_content import BASELINE, digest_content, theme_title
from bot.model import Outlet


def content(*members, digest=DIGEST, rules=RULES, **more):
    return digest_content(digest, WINDOW, material(*members, **more), rules)


def headlines(found):
    return [story.alert.headline for theme in found.themes for story in theme.stories]


def test_a_story_is_one_entry_however_many_articles_it_has():
    lead = matched(1, article("The news"), first_seen=NOW - timedelta(hours=3))
    copy = matched(2, article("The news, reprinted"), story=1, kind="copy", rules=("pots",))
    found = content(copy, lead)
    assert headlines(found) == ["The news"]
    assert {why.rule for why in found.stories[0].alert.why} == {"tariffs", "pots"}


def test_an_official_source_leads_before_an_earlier_outlet():
    outlet = matched(1, article("As reported"), first_seen=NOW - timedelta(hours=5))
    official = matched(2, article("Notice", tier="official"), story=1)
    assert headlines(content(outlet, official)) == ["Notice"]


def test_outlets_are_counted_without_the_lead_itself():
    lead = article("The news")
    outlets = (
        Outlet(source="wire", name="The Wire", url=lead.url),
        Outlet(source="b", name="Second Paper", url="https://b.example/1"),
    )
    found = content(matched(1, lead, outlets=outlets))
    assert [outlet.name for outlet in found.stories[0].alert.copies] == ["Second Paper"]


def test_a_story_stands_under_the_theme_of_its_most_severe_rule_only():
    found = content(matched(1, rules=("pots", "tariffs")))
    assert [(theme.id, len(theme.stories)) for theme in found.themes] == [("us-china-trade", 1)]


def test_the_most_severe_comes_first_and_equals_keep_their_order():
    low = matched(1, article("Low"), rules=("chips",))
    high, later = matched(2, article("High")), matched(3, article("High, older"))
    normal = matched(4, article("Normal"), rules=("pots",))
    found = content(low, high, normal, later)
    assert headlines(found) == ["High", "High, older", "Low", "Normal"]
    assert [theme.id for theme in found.themes] == ["us-china-trade", "kitchen"]


def test_themes_and_rules_choose_what_is_told():
    trade, pots, rare = matched(1, article("Trade")), matched(2, article("Pots"), rules=("pots",)), matched(3)
    rare = replace(rare, mentions=(replace(rare.mentions[0], rule="rare"),), article=article("Rare"))
    chosen = replace(DIGEST, themes=("kitchen",), rules=("rare",))
    assert sorted(headlines(content(trade, pots, rare, digest=chosen))) == ["Pots", "Rare"]
    assert len(headlines(content(trade, pots, rare))) == 3


def test_a_rule_that_is_gone_is_shown_by_its_id_without_a_theme():
    found = content(matched(1, rules=("gone",)))
    assert [(theme.id, theme.title) for theme in found.themes] == [("", "Other")]
    assert found.stories[0].alert.why[0].title == "gone"


def test_watched_themes_without_news_are_named():
    found = content(matched(1))
    assert found.quiet_themes == ("Critical minerals", "Kitchen")
    assert content(matched(1, rules=("pots", "tariffs"))).quiet_themes == ("Critical minerals",)  # it tells of both
    only = content(matched(1), digest=replace(DIGEST, themes=("us-china-trade",)))
    assert only.quiet_themes == ()


def test_what_was_not_alerted_says_why():
    told, silent = content(matched(1)).stories[0], content(matched(1, told=False)).stories[0]
    assert (told.alerted, told.note) == (True, "")
    assert not silent.alerted
    assert "alerts = false" in silent.note


def test_first_polls_are_listed_apart_the_newest_ones_only():
    first = [matched(n, article(f"Old {n}"), told=False, state="baseline") for n in range(BASELINE + 4)]
    found = content(*first, matched(99, article("New")))
    assert headlines(found) == ["New"]
    assert [story.alert.headline for story in found.baseline][:2] == ["Old 0", "Old 1"]
    assert (len(found.baseline), found.baseline_more) == (BASELINE, 4)


def test_a_story_that_began_with_a_first_poll_but_goes_on_is_a_story():
    old = matched(1, article("Old"), told=False, state="baseline")
    new = matched(2, article("More of it"), story=1, first_seen=NOW)
    found = content(new, old)
    assert len(found.stories) == 1
    assert found.baseline == ()


def test_an_older_story_says_since_when():
    began = NOW - timedelta(days=4)
    assert content(matched(1, story_opened_at=began)).stories[0].since == began
    assert content(matched(1)).stories[0].since is None


def test_sentences_are_those_of_the_leading_text_alone():
    lead = matched(1, article("The news"), first_seen=NOW - timedelta(hours=3))
    copy = matched(2, article("Reprint"), story=1, kind="copy", rules=("pots", "tariffs"))
    (found,) = content(copy, lead).stories
    assert [sentence.text for sentence in found.alert.sentences] == ["A tariff on pots is coming."]
    assert found.alert.sentences[0].spans == ((2, 8),)
    assert {why.rule for why in found.alert.why} == {"pots", "tariffs"}


@pytest.mark.parametrize(
    ("id_", "title"),
    [
        ("us-china-trade", "US–China trade"),
        ("critical-minerals", "Critical minerals"),
        ("eu", "EU"),
        ("us-eu", "US–EU"),
        ("trade-with-china", "Trade with China"),
        ("", "Other"),
    ],
)
def test_themes_have_titles_for_readers(id_, title):
    assert theme_title(id_) == title


def test_what_later_articles_brought_comes_the_weightiest_first():
    found = content(matched(1), news={1: ((2, news("a name", "person", 0.3)), (3, news("25 % → 10 %")))})
    assert [one.text for one in found.stories[0].news] == ["25 % → 10 %", "a name"]
    assert content(matched(1), news={9: ((2, news()),)}).stories[0].news == ()


def test_of_the_leading_article_only_what_its_headline_does_not_say():
    own = ((1, news("a name", "person", 0.3)), (1, news("Confirmed by the Federal Register", "official", 0.95)))
    assert [one.text for one in content(matched(1), news={1: own}).stories[0].news] == [
        "Confirmed by the Federal Register"
    ]
