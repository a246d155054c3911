"""The stories that come out do not depend on the order in which articles come in, nor on the size of batches."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from story_samples import ARTICLES, EVENTS

from bot.model import Candidate, Neighbour
from bot.stories import LEAST_SHARED, Event, features, keys, place, traits

NAMES = sorted(ARTICLES)


@dataclass
class Shelf:
    """What the store does for stories, with nothing behind it: members, merges, and both kinds of index."""

    articles: list = field(default_factory=list)
    story: list = field(default_factory=list)
    merged: dict = field(default_factory=dict)
    related: set = field(default_factory=set)

    def standing(self, number):
        return self.merged.get(self.story[number], self.story[number])

    def add(self, new):
        told, entries = traits(new), set(features(new).entries)
        found = place(
            new, self.candidates(entries), Event(traits=told, at=new.published_at, neighbours=self.near(told))
        )
        story = len(self.articles) if found.story is None else found.story
        for gone in found.merges:
            self.merged |= {gone: story} | {old: story for old, into in self.merged.items() if into == gone}
        self.related |= {frozenset((len(self.articles), link.article)) for link in found.related}
        self.articles.append(new)
        self.story.append(story)
        return found

    def candidates(self, entries):
        shared = [(n, each, entries & set(features(each).entries)) for n, each in enumerate(self.articles)]
        return [
            Candidate(
                article=n, story=self.standing(n), source=each.source, title=each.title, body=each.body,
                canonical_url=each.canonical_url, shared=tuple(sorted(both)), published_at=each.published_at,
            )
            for n, each, both in shared if both
        ]  # fmt: skip

    def near(self, told):
        asked = set(keys(told))
        return [
            Neighbour(article=n, story=self.standing(n), at=each.published_at, traits=traits(each))
            for n, each in enumerate(self.articles)
            if len(asked & set(keys(traits(each)))) >= LEAST_SHARED
        ]

    def partition(self):
        stories = defaultdict(set)
        for number, each in enumerate(self.articles):
            stories[self.standing(number)].add(each.key)
        return {frozenset(members) for members in stories.values()}


def shelved(articles):
    shelf = Shelf()
    for each in articles:
        shelf.add(each)
    return shelf


EXPECTED = {frozenset(name for name in NAMES if EVENTS[name] == event) for event in EVENTS.values()}


@settings(max_examples=40, deadline=None)
@given(st.permutations(NAMES))
def test_any_order_gives_the_same_stories(names):
    assert shelved(ARTICLES[name] for name in names).partition() == EXPECTED


REPRINT = replace(ARTICLES["salt-wire"], key="reprint", source="late.example", canonical_url="https://late.example/1")
BRIDGE = [ARTICLES["visit-zh"], ARTICLES["visit-official"], ARTICLES["visit-wire"], ARTICLES["salt-wire"], REPRINT]


@settings(max_examples=40, deadline=None)
@given(st.permutations(BRIDGE))
def test_copies_and_reports_together_give_the_same_stories_in_any_order(articles):
    expected = {frozenset({"visit-zh", "visit-official", "visit-wire"}), frozenset({"salt-wire", "reprint"})}
    assert shelved(articles).partition() == expected


def test_an_article_that_ties_two_stories_together_merges_the_later_into_the_older():
    a, b = ARTICLES["visit-zh"], replace(ARTICLES["visit-official"], body="", title="Readout of a meeting in Beijing")
    apart = shelved([a, b])
    assert apart.partition() == {frozenset({a.key}), frozenset({b.key})}
    bridge = replace(
        ARTICLES["visit-wire"], title="Readout: Raimondo and Wang Wentao agree on working group at meeting in Beijing"
    )
    stories = [
        Neighbour(article=n, story=n, at=each.published_at, traits=traits(each)) for n, each in enumerate((a, a))
    ]
    placed = place(bridge, [], Event(traits=traits(bridge), at=bridge.published_at, neighbours=stories))
    assert (placed.kind, placed.story, placed.merges) == ("same story", 0, (1,))


def test_related_articles_are_listed_once_whichever_came_first():
    one = shelved([ARTICLES["morning"], ARTICLES["salt-wire"]])
    other = shelved([ARTICLES["salt-wire"], ARTICLES["morning"]])
    assert one.related == other.related == {frozenset({0, 1})}
