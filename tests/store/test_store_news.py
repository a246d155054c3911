"""What stories hold: each fact once, found by value and by topic, whatever the stories were merged into."""

import pytest
from store_samples import NOW, article, later, put_article, put_source

from bot.model import Fact, News, Sentence
from bot.store import news, stories

TARIFF = Fact(kind="about", value="% tariff: 25 %", text="25 %", topic="% tariff", about=("graphite", "steel"))
PERSON = Fact(kind="name", value="raimondo", text="Gina Raimondo")
TOLD = News(
    kind="change",
    value="10 %",
    text="25 % → 10 %",
    reason="earlier articles have 25 %",
    weight=0.85,
    sentence=Sentence(field="body", start=5, end=9, text="10 %", spans=((0, 2),)),
)
BARE = News(kind="official", value="official", text="Confirmed by X", reason="because", weight=0.95)


@pytest.fixture
def tx(store):
    put_source(store, "wire", "paper")
    with store.write() as open_tx:
        yield open_tx


def merge(tx, story, into):
    table = stories.t.story
    tx.run(table.update().where(table.c.id == story).values(merged_into=into))


def test_facts_are_found_by_value_and_by_topic(tx):
    id_, story, _ = put_article(tx)
    news.add(tx, story, id_, [TARIFF, PERSON])
    assert news.held(tx, story, ["raimondo", "nobody"], []) == [PERSON]
    assert news.held(tx, story, [], ["% tariff"]) == [TARIFF]
    assert news.held(tx, story, ["% tariff: 25 %"], ["% tariff"]) == [TARIFF]
    assert news.held(tx, story, [], []) == []


def test_another_story_holds_its_own(tx):
    id_, story, _ = put_article(tx, article("a"))
    other, elsewhere, _ = put_article(tx, article("b"))
    news.add(tx, story, id_, [PERSON])
    assert (news.any_of(tx, story), news.any_of(tx, elsewhere)) == (True, False)
    assert news.held(tx, elsewhere, ["raimondo"], []) == []
    news.add(tx, elsewhere, other, [PERSON])
    assert news.held(tx, elsewhere, ["raimondo"], []) == [PERSON]


def test_the_first_article_that_states_a_fact_keeps_it(tx):
    first, story, _ = put_article(tx, article("a"))
    second, _, _ = put_article(tx, article("b"), story=story)
    news.add(tx, story, first, [PERSON])
    news.add(tx, story, second, [Fact(kind="name", value="raimondo", text="Raimondo"), TARIFF])
    assert news.held(tx, story, ["raimondo"], []) == [PERSON]
    assert news.members(tx, story, 10) == [first, second]


def test_merged_stories_hold_what_each_of_them_held(tx):
    first, story, _ = put_article(tx, article("a"))
    second, other, _ = put_article(tx, article("b"))
    news.add(tx, story, first, [TARIFF])
    news.add(tx, other, second, [PERSON])
    news.add_news(tx, other, second, [BARE], NOW)
    merge(tx, other, story)
    for asked in (story, other):
        assert {fact.value for fact in news.held(tx, asked, ["raimondo"], ["% tariff"])} == {TARIFF.value, PERSON.value}
        assert news.members(tx, asked, 10) == [first, second]
    third, _, _ = put_article(tx, article("c"), story=other)
    news.add(tx, other, third, [Fact(kind="date", value="2026-03-02")])
    assert news.held(tx, story, ["2026-03-02"], [])
    assert news.news_of(tx, [story], after=0, since=NOW) == {story: ((second, BARE),)}


def test_news_is_told_once_and_comes_back_as_it_was(tx):
    id_, story, _ = put_article(tx)
    news.add_news(tx, story, id_, [TOLD, BARE], NOW)
    news.add_news(tx, story, id_, [TOLD], later(9))
    assert news.news_of(tx, [story], after=0, since=NOW) == {story: ((id_, TOLD), (id_, BARE))}


def test_an_issue_has_the_news_since_the_one_before(tx):
    id_, story, _ = put_article(tx)
    assert news.newest(tx) == 0
    news.add_news(tx, story, id_, [BARE], NOW)
    seen = news.newest(tx)
    news.add_news(tx, story, id_, [TOLD], NOW)  # of a poll that began as early, and was written later
    assert news.news_of(tx, [story], after=seen, since=later(99)) == {story: ((id_, TOLD),)}
    assert news.news_of(tx, [story], after=None, since=later(1)) == {}
    assert len(news.news_of(tx, [story], after=None, since=NOW)[story]) == 2


@pytest.mark.parametrize("asked", [["a\x00b"], ["\ud800"], ["'; DROP TABLE story; --"]])
def test_hostile_values_are_only_values(tx, asked):
    id_, story, _ = put_article(tx)
    news.add(tx, story, id_, [Fact(kind="name", value="x'); --", text="\x00 \ud800")])
    assert news.held(tx, story, ["x'); --"], [])[0].text == "\ufffd \ufffd"
    if asked[0].isprintable():
        assert news.held(tx, story, asked, []) == []


def test_who_leads_can_be_asked_and_set(tx):
    first, story, _ = put_article(tx, article("a", body="12345"))
    second, _, _ = put_article(tx, article("b", source="paper"), story=story, at=later(5))
    lead = stories.lead(tx, story)
    assert (lead.article, lead.tier, lead.at, lead.length) == (first, "outlet", NOW, 5)
    stories.set_lead(tx, story, second)
    assert stories.lead(tx, story) == stories.member(tx, second)
    assert stories.lead(tx, stories.open(tx, NOW)) is None
