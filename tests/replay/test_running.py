"""Labelled articles go the whole way, and the partition is read as the store has it – merged stories included."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from labelled import DEV, Labelled, LabelledSet, Pair, Quotation, read
from report import lines, outcomes
from running import partition, replay, url
from said import compared
from scoring import Score

NOON = datetime(2023, 8, 29, 12, tzinfo=UTC)
FROST = (
    "Orchards in the valley lost a third of their cherries to late frost this spring, growers told the assembly, and "
    "asked for help with nets and heaters before the apples are in bloom.\n"
    "A third of the trees stand on slopes that no machine can reach, so that smoke from wet straw remains the only "
    "shield in clear nights, the growers' federation wrote to the ministry, which promised an answer by the harvest."
)
LIST = (
    "The harbour board published its list of berths for the winter on Tuesday, and for the first time the ferries to "
    "the islands have lost theirs to barges with gravel.\n"
    "Captains learned of it from the notice board. They will moor at the coal pier, where a crane from the last century "
    "blocks the ramp, and passengers are to walk the last half mile with their luggage, the board's secretary said."
)


def article(name, text, hours=0, **more):
    values = {"story": name, "source": f"Outlet {name}", "title": f"What {name} tells", "tier": "outlet"} | more
    return Labelled(id=name, text=text, published=NOON + timedelta(hours=hours), **values)


ARTICLES = (
    article("frost", FROST),
    article("list", LIST, 1, source="商报观察", lang="en-gb"),
    article("reprint", FROST, 2, story="frost", copy_of="frost", title="Cherries: a third is lost", tier="wire"),
    article("title", "", 3, title="Nothing but a headline: of eight words or more"),
    article("third", FROST + "\nNobody had expected it so soon.", 4, story="frost", copy_of="reprint"),
)
SET = LabelledSet(
    articles=ARTICLES,
    pairs=(
        Pair(label="copy", one="frost", two="third"),
        Pair(label="different", one="frost", two="list", why="one winter"),
    ),
)


async def test_articles_are_placed_and_told_of(tmp_path):
    found = await replay(ARTICLES, tmp_path)
    assert list(found.found) == ["frost", "list", "reprint", "title", "third"]
    assert found.copies == {"frost": "frost", "list": "list", "reprint": "frost", "title": "title", "third": "frost"}
    assert len(set(found.stories.values())) == 3
    assert found.found["reprint"].copy_of == "frost"
    assert found.found["reprint"].reason == "the same words, retitled"
    assert (found.label("frost", "third"), found.label("frost", "list")) == ("copy", "apart")
    text = "\n".join(lines(SET, found, None, 10))
    assert "5 articles, 3 stories (2 of one article), 3 pairs of copies" in text
    assert "misses" not in text
    assert outcomes(SET, found)["hard"] == {"apart": 1}


async def test_what_the_store_says_later_is_followed(tmp_path):
    before = (await replay(ARTICLES, tmp_path)).stories
    database = tmp_path / "var" / "presswatch.db"
    with closing(sqlite3.connect(database)) as connection:
        first, second, third = before["list"], before["frost"], before["title"]
        connection.execute("UPDATE story SET merged_into = ? WHERE id = ?", (second, first))
        connection.execute(
            "INSERT INTO story_member (story, article, kind, score, reason, at) "
            "SELECT ?, id, 'related', 0.5, 'both of frost', at FROM article, story_member "
            "WHERE article.id = story_member.article AND canonical_url = ?",
            (first, url(ARTICLES[3])),
        )
        connection.commit()
        merged = partition(database, ARTICLES)
        assert merged.label("list", "frost") == "same"
        assert merged.related == {("title", second)}
        assert merged.label("title", "frost") == merged.label("list", "title") == "related"
        connection.execute("UPDATE story SET merged_into = ? WHERE id = ?", (third, second))
        connection.commit()
    assert set(partition(database, ARTICLES).stories.values()) == {third}
    text = "\n".join(lines(SET, merged, None, 10))
    assert "hard negatives in one story: 1\n  frost, list: one winter" in text
    assert "stories: false merges: 1\n  frost: What frost tells\n  list: What list tells\n      item, " in text


async def test_an_article_that_is_not_stored_stops_the_replay(tmp_path):
    twice = (ARTICLES[0], replace(ARTICLES[0], id="again", url=url(ARTICLES[0])))
    with pytest.raises(AssertionError, match="again was not stored"):
        await replay(twice, tmp_path)


def test_every_article_of_the_set_has_an_address_of_its_own():
    articles = read(DEV).articles
    assert len({url(article) for article in articles}) == len(articles)


def test_quotations_are_counted_over_all_articles():
    one, two = Quotation(speaker="Lin", text="we shall see"), Quotation(speaker="Ou", text="so be it")
    labelled = (
        (article("a", "", quotes=(one,)), [one, two]),
        (article("b", "", quotes=()), [two]),
        (article("c", "", quotes=(two,)), []),
    )
    result = compared(labelled)
    assert result.score == Score(1 / 3, 1 / 2)
    assert result.wrong == (("a", two), ("b", two))
    assert result.missed == (("c", two),)
