"""The shipped samples and the two given articles, read and matched by the bot itself."""

import shutil
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from bot.ingest.seeds import poll
from bot.match import Matcher, explain
from bot.model import Article, Candidate, Mention, Source
from bot.rules import load, read_folder
from bot.stories import features, place

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"

GOLDEN: dict[str, set[str]] = {
    "boeing-waits-for-deliveries.txt": {"aircraft-rivals", "boeing-china", "raimondo"},
    "chip-rules-october.txt": {
        "biren",
        "bis",
        "chinese-trade-officials",
        "chips",
        "entity-list",
        "export-controls",
        "nvidia-china",
        "raimondo",
    },
    "gallium-germanium-licences.md": {
        "chinese-trade-officials",
        "chips",
        "critical-minerals",
        "export-controls",
        "yellen",
    },
    "graphite-permits.txt": {"chinese-trade-officials", "chips", "critical-minerals", "export-controls"},
    "home-studio-test.md": set(),
    "importers-reprieve.md": {"section-301", "tariffs", "ustr"},
    "library-reopens.txt": set(),
    "mate-60-teardown.txt": {"chip-machines", "chips", "entity-list", "export-controls", "huawei", "raimondo", "smic"},
    "outbound-investment-order.md": {
        "chinese-trade-officials",
        "chips",
        "outbound-investment",
        "us-commerce-officials",
        "us-treasury",
        "yellen",
    },
    "raimondo-four-days.txt": {
        "blinken",
        "chinese-trade-officials",
        "entity-list",
        "export-controls",
        "huawei",
        "kerry",
        "raimondo",
        "section-301",
        "tariffs",
        "yellen",
    },
    "section-301-still-there.txt": {"phase-one-deal", "raimondo", "section-301", "tariffs", "ustr"},
    "tariff-exclusions-extended.md": {"section-301", "tariffs", "ustr"},
    "tourism-summit-planned.md": {"chinese-trade-officials", "raimondo", "tourism-summit"},
    "unverified-list-removals.md": {
        "bis",
        "chinese-trade-officials",
        "entity-list",
        "export-controls",
        "raimondo",
        "unverified-list",
        "us-commerce-officials",
    },
    "working-group-agreed.md": {"chinese-trade-officials", "export-controls", "raimondo", "working-group"},
    "wto-panel-retaliation.md": {"metals-tariffs", "tariffs", "wto-disputes"},
    "yellen-in-beijing.md": {"blinken", "chinese-trade-officials", "critical-minerals", "kerry", "yellen"},
    "zhongmei-gongzuozu.md": {
        "bis",
        "chinese-trade-officials",
        "entity-list",
        "export-controls",
        "huawei",
        "outbound-investment",
        "raimondo",
        "section-301",
        "tariffs",
        "tourism-summit",
        "unverified-list",
        "us-commerce-officials",
        "working-group",
    },
}


def read(folder: Path) -> tuple[Article, ...]:
    """The articles of a folder, which must be free of faults."""
    source = Source(id="seeds", kind="folder", name="Seeds", path=str(folder))
    read_in = poll(source)
    assert list(read_in.faults) == []
    return read_in.articles


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Article]:
    """Every sample by its file's name: each file stands in a folder alone, so that the name is known."""
    by_name = {}
    for path in sorted(SEEDS.iterdir()):
        folder = tmp_path_factory.mktemp("seed")
        shutil.copy(path, folder)
        (by_name[path.name],) = read(folder)
    return by_name


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    files, _ = read_folder(ROOT / "rules")
    return Matcher(load(files).ruleset.rules.values())


def rule_ids(mentions: list[Mention]) -> set[str]:
    return {mention.rule for mention in mentions}


def evidence(mentions: list[Mention]) -> str:
    return "\n".join(sentence.text for mention in mentions for sentence in mention.sentences)


# ── samples ──────────────────────────────────────────────────────────────────────────────────────


def test_the_folder_loads_as_a_whole_and_every_sample_is_another_article() -> None:
    articles = read(SEEDS)
    assert len(articles) == len(list(SEEDS.iterdir()))
    assert len({article.key for article in articles}) == len(articles)


def test_the_table_names_every_sample(articles: dict[str, Article]) -> None:
    assert set(articles) == set(GOLDEN)


@pytest.mark.parametrize("name", GOLDEN)
def test_samples_match_what_they_are_about(name: str, articles: dict[str, Article], matcher: Matcher) -> None:
    assert rule_ids(matcher.match(articles[name])) == GOLDEN[name]


@pytest.mark.parametrize("name", GOLDEN)
def test_clean_samples_keep_their_facts_and_messy_ones_get_a_headline(name: str, articles: dict[str, Article]) -> None:
    article = articles[name]
    clean = (SEEDS / name).read_text("utf-8").startswith("---\n")
    assert article.title_derived is not clean
    assert article.title
    assert len(article.title) <= 120
    assert (article.url is not None) is clean
    assert (article.published_at is not None) is clean
    if article.published_at is not None:
        assert article.published_at.year == 2023


@pytest.mark.parametrize("name", GOLDEN)
def test_nothing_of_the_page_around_an_article_stays_in_it(name: str, articles: dict[str, Article]) -> None:
    body = articles[name].body
    paragraphs = [paragraph.strip() for paragraph in body.split("\n\n")]
    assert "Advertisement" not in paragraphs
    assert "---" not in paragraphs
    assert [p for p in paragraphs if p[:2].isdigit() and p[2:3] == ":"] == []
    assert "language:" not in body
    assert [p for p in paragraphs if p[-1] not in ".。"] == [], "a pull quote or a caption is left"


def test_the_chinese_sample_is_known_as_chinese(articles: dict[str, Article]) -> None:
    assert articles["zhongmei-gongzuozu.md"].lang == "zh"


def test_two_desks_carry_one_text(articles: dict[str, Article]) -> None:
    first, second = articles["tariff-exclusions-extended.md"], articles["importers-reprieve.md"]
    assert first.body == second.body
    assert first.title != second.title
    assert first.canonical_url != second.canonical_url


def candidate(number: int, article: Article, shared: set[tuple[str, str]]) -> Candidate:
    return Candidate(
        article=number,
        story=number,
        source=article.source,
        title=article.title,
        body=article.body,
        canonical_url=article.canonical_url,
        shared=tuple(sorted(shared)),
        published_at=article.published_at or datetime(2023, 9, 1, tzinfo=UTC),
    )


def test_the_two_desks_make_one_story_and_no_other_samples_do(articles: dict[str, Article]) -> None:
    entries = {name: set(features(article).entries) for name, article in articles.items()}
    copies = set()
    for new, old in permutations(articles, 2):
        shared = entries[new] & entries[old]
        if shared and place(articles[new], [candidate(1, articles[old], shared)]).kind == "copy":
            copies.add(frozenset({new, old}))
    assert copies == {frozenset({"tariff-exclusions-extended.md", "importers-reprieve.md"})}


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("raimondo-four-days.txt", "tariffs", "tariffs"),
        ("raimondo-four-days.txt", "yellen", "Janet Yellen"),
        ("chip-rules-october.txt", "nvidia-china", "Nvidia"),
        ("boeing-waits-for-deliveries.txt", "aircraft-rivals", "Airbus"),
        ("gallium-germanium-licences.md", "critical-minerals", "gallium"),
        ("outbound-investment-order.md", "us-treasury", "Treasury Department"),
        ("zhongmei-gongzuozu.md", "tourism-summit", "旅游高层对话"),
    ],
    ids=lambda value: value.split(".")[0],
)
def test_evidence_shows_what_the_rule_is_about_and_not_its_context_alone(
    name: str, rule: str, words: str, articles: dict[str, Article], matcher: Matcher
) -> None:
    (mention,) = (one for one in matcher.match(articles[name]) if one.rule == rule)
    assert words in evidence([mention])


# ── the two given articles ───────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def given(corpora: Path) -> dict[str, Article]:
    """The given articles, told apart by the firm that only one of them names."""
    articles = read(corpora.parent / "seeds")
    assert len(articles) == 2
    first, second = sorted(articles, key=lambda article: "Huawei" not in article.body)
    return {"first": first, "second": second}


@pytest.mark.parametrize(
    ("which", "wanted", "unwanted"),
    [
        ("first", {"export-controls", "raimondo", "huawei", "tariffs"}, set()),
        ("second", {"export-controls", "raimondo"}, {"huawei", "tariffs", "section-301", "smic"}),
    ],
)
def test_the_given_articles_match_as_expected(
    which: str, wanted: set[str], unwanted: set[str], given: dict[str, Article], matcher: Matcher
) -> None:
    ids = rule_ids(matcher.match(given[which]))
    assert ids >= wanted
    assert ids & unwanted == set()


@pytest.mark.parametrize("which", ["first", "second"])
def test_no_caption_and_no_advertisement_is_evidence(which: str, given: dict[str, Article], matcher: Matcher) -> None:
    shown = evidence(matcher.match(given[which]))
    assert shown
    assert "Advertisement" not in shown
    assert "00:50" not in shown
    assert "01:56" not in shown
    assert "arrives in Beijing for talks with Chinese officials" not in shown


@pytest.mark.parametrize("which", ["first", "second"])
def test_hits_of_given_articles_stand_where_they_say(which: str, given: dict[str, Article], matcher: Matcher) -> None:
    article = given[which]
    for mention in matcher.match(article):
        for hit in mention.hits:
            text = article.title if hit.field == "title" else article.body
            assert text[hit.start : hit.end] == hit.text


def test_every_rule_can_say_of_every_sample_why_it_matches_or_not(
    articles: dict[str, Article], matcher: Matcher
) -> None:
    for article in articles.values():
        explained = explain(matcher, article)
        assert [each.mention for each in explained if each.mention] == matcher.match(article)
        assert all(bool(each.obstacles) is (each.mention is None) for each in explained)
