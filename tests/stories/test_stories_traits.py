"""What names an event is read out of an article, however its outlet writes it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from story_samples import ARTICLES

from bot.model import Traits
from bot.stories import keys, traits
from bot.stories.common import stem

PLAIN = replace(ARTICLES["salt-wire"], title="", body="", canonical_url=None)


def of(body, title="", **changes):
    return traits(replace(PLAIN, title=title, body=body, **changes))


def test_names_are_told_from_words_by_capitals_inside_sentences():
    found = of("The quarries of Hallmark met in Osvik. Ferries were late. NATO and the EU's envoys listened.")
    assert {"hallmark", "osvik", "nato"} <= found.names
    assert {"ferr", "quarr"} <= found.words
    assert found.names & found.words == frozenset()


def test_capitals_of_a_headline_in_capitals_say_nothing():
    found = of("The salt duty was set on Tuesday in Osvik.", title="Norland Sets Duty On Salt In Osvik")
    assert "salt" in found.words
    assert "osvik" in found.names
    assert found.headline >= {"salt", "osvik", stem("norland")}


@pytest.mark.parametrize(
    "text", ["It costs $1.5 billion.", "It costs US$1.5bn.", "It costs 1.5 billion dollars.", "耗资15亿美元。"]
)
def test_figures_have_one_key(text):
    assert of(text).figures == {"1500000000 USD"}


def test_years_and_days_are_no_figures():
    found = of("On Aug 29, 2023, 17 boats sailed; 40 followed in 2024.")
    assert (found.figures, found.numbers) == (frozenset(), {"17", "40"})


@pytest.mark.parametrize(
    "text",
    ["On Aug. 29 it began.", "On 29 August it began.", "8月29日开始。", "It began on Tuesday.", "August 29, 2023:"],
)
def test_days_have_one_name(text):
    assert of(text, published_at=datetime(2023, 8, 30, tzinfo=UTC)).days == {"08-29"}


def test_a_weekday_stays_one_where_the_article_has_no_date():
    assert of("It began on Tuesday.", published_at=None).days == {"tue"}


def test_a_quotation_that_was_cut_shares_passages_with_the_whole():
    whole = "We have waited ten years for a floor under prices, and now there is one at last."
    full, cut = of(f'"{whole}" he said.'), of(f"“{whole[:52]}” he said.")
    assert full.quotes & cut.quotes
    assert of('The "salt duty" was set.').quotes == frozenset()


def test_chinese_words_that_the_glossary_knows_are_those_of_english_reports():
    found = of("商务部宣布对镓实施出口管制。", title="中国限制镓出口")
    assert {"gallium", stem("china")} <= found.names | found.words
    assert of("商務部宣佈對鎵實施出口管制。").words == of("商务部宣布对镓实施出口管制。").words


def test_official_documents_know_what_they_are():
    found = of("x", canonical_url="https://www.federalregister.gov/documents/2023/08/29/2023-18456/salt")
    assert (found.documents, found.official, found.publisher) == ({"2023-18456"}, True, "www.federalregister.gov")
    assert of("x", tier="official").official
    assert (of("x").official, of("x").publisher) == (False, "wire.example")
    assert of("See RIN 0694-AI94 and 88 FR 73458.").references == {"rin 0694-AI94", "fr-citation 88 FR 73458"}


def test_nothing_has_no_traits_but_its_publisher():
    assert of("") == Traits(publisher="wire.example")
    assert keys(of("")) == ()


def test_common_words_are_keys_in_twos_only():
    common = keys(of("", title="China raises tariffs"))
    assert len(common) == 3
    assert set(common) < set(keys(of("", title="China raises tariffs on salt")))


def test_only_the_beginning_is_read():
    assert of("word " * 5_000 + "Hallmark met.") == of("word " * 5_000)
