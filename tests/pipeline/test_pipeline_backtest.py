"""What an edit of the rules would have brought, counted on archives that are made for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import empty_database

from bot.backtest import Flow, Readers, backtest, edit, in_use
from bot.match import Matcher
from bot.model import Article, Destination, Route, Source
from bot.rules import load
from bot.store import Store, articles, retention, sources, stories
from bot.store import rules as stored_rules

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
BEGIN = NOW - timedelta(days=30)
WORDS = ("tin", "zinc", "lead", "gold")
DESK, OTHER = Destination(id="desk", kind="console"), Destination(id="other", kind="console", default=False)
READERS = Readers(destinations=[DESK, OTHER], routes=())


class Archive:
    """A store whose articles are put there one by one."""

    def __init__(self, path):
        path.write_bytes(empty_database())
        self.store = Store(f"sqlite:///{path}")
        self.store.open()
        self.count = 0
        with self.store.write() as tx:
            sources.sync(tx, [Source(id=id_, kind="folder", name=id_) for id_ in ("wire", "quiet")], NOW)

    def put(self, title, *, days=1.0, story=None, state="no rule", source="wire"):
        self.count += 1
        at, key = NOW - timedelta(days=days), f"k{self.count}"
        item = Article(
            source=source,
            key=key,
            key_kind="guid",
            fingerprint=key,
            content_hash=key,
            title=title,
            body="Nothing else.",
        )
        with self.store.write() as tx:
            story = stories.open(tx, at) if story is None else story
            return articles.add(tx, item, state=state, first_seen=at, order_at=at, story=story).article, story

    def test(self, before, after, *named, readers=READERS):
        with self.store.read() as tx:
            change = edit(before, after, Matcher(after.values()), named)
            return backtest(tx, change, readers, BEGIN, NOW, on_article=lambda: None)


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path / "archive.db")
    yield made
    made.store.close()


def rules(*tables):
    loaded = load({"f.toml": "".join(f"[[rule]]\n{table}\n" for table in tables)})
    assert loaded.faults == ()
    return loaded.ruleset.rules


def rule(id_, *terms, more=""):
    listed = ", ".join(f'"{term}"' for term in terms)
    return f'id = "{id_}"\nany = [{listed}]\n{more}'


def test_stories_are_gained_and_lost_with_their_newest_article(archive):
    archive.put("Tin is dear", days=5)
    newest, story = archive.put("Zinc is dear", days=2)
    archive.put("Zinc in another paper", days=3, story=story)
    lost, _ = archive.put("Lead is dear", days=4)
    found = archive.test(rules(rule("metals", "tin", "lead")), rules(rule("metals", "tin", "zinc")))
    (effect,) = found.rules
    assert (effect.kind, effect.gained, effect.lost) == ("changed", (newest,), (lost,))
    assert (effect.articles_before, effect.articles, effect.stories_before, effect.stories) == (2, 3, 2, 2)
    assert found.articles == 4


def test_new_removed_and_untouched_rules(archive):
    tin, _ = archive.put("Tin is dear", days=2)
    zinc, _ = archive.put("Zinc is dear", days=1)
    before, after = rules(rule("old", "tin"), rule("same", "zinc")), rules(rule("young", "zinc"), rule("same", "zinc"))
    found = archive.test(before, after)
    assert [(each.rule, each.kind, each.gained, each.lost) for each in found.rules] == [
        ("old", "removed", (), (tin,)),
        ("young", "new", (zinc,), ()),
    ]


def test_a_story_is_told_once_whichever_rules_match_it(archive):
    """So a new rule that finds what others found brings nobody a message."""
    for number in range(6):
        archive.put(f"Tin number {number}", days=10)
    archive.put("Zinc is dear", days=10)
    before = rules(rule("tin", "tin"))
    found = archive.test(before, {**before, **rules(rule("both", "tin", "zinc"))})
    assert found.days == 10
    assert found.flows == (Flow(destination="desk", before=0.6, after=0.7),)


def test_where_a_rule_goes_is_part_of_the_edit(archive):
    archive.put("Tin is dear", days=10)
    before, after = rules(rule("tin", "tin")), rules(rule("tin", "tin", more='notify = ["other"]'))
    (effect,), flows = (found := archive.test(before, after)).rules, found.flows
    assert (effect.kind, effect.gained, effect.lost) == ("changed", (), ())
    assert set(flows) == {
        Flow(destination="desk", before=0.1, after=0.0),
        Flow(destination="other", before=0.0, after=0.1),
    }
    routes = [Route(notify=("other",), severity="urgent")]
    urgent = rules(rule("tin", "tin", more='severity = "urgent"'))
    assert set(archive.test(before, urgent, readers=replace(READERS, routes=routes)).flows) == set(flows)


def test_nobody_is_told_of_first_polls_and_silent_sources(archive):
    archive.put("Tin is dear", days=10, state="baseline")
    archive.put("Tin is cheap", days=9, source="quiet")
    archive.put("Tin is rare", days=8)
    found = archive.test({}, rules(rule("tin", "tin")), readers=replace(READERS, silent={"quiet"}))
    assert (found.rules[0].stories, found.first_polls) == (3, 1)
    assert found.flows == (Flow(destination="desk", before=0.0, after=0.1),)


def test_a_young_archive_is_not_taken_for_a_month_of_silence(archive):
    for number in range(4):
        archive.put(f"Tin number {number}", days=0.25)
    found = archive.test({}, rules(rule("tin", "tin")))
    assert (found.days, found.flows[0].after) == (1, 4), "and a few hours count as a day"


def test_only_what_is_asked_for_is_read(archive):
    archive.put("Tin is dear", days=31)
    archive.put("Tin is cheap", days=29)
    found = archive.test({}, rules(rule("tin", "tin")))
    assert (found.articles, found.days, found.rules[0].articles) == (1, 30, 1)


def test_texts_that_are_no_longer_kept_are_left_out(archive):
    """Its headline is still there: a rule that looks for it would gain half an article."""
    gone, _ = archive.put("Tin is dear")
    with archive.store.write() as tx:
        retention.remove_texts(tx, [gone], NOW)
    found = archive.test({}, rules(rule("tin", "tin")))
    assert (found.articles, found.removed, found.rules[0].articles) == (0, 1, 0)


def test_a_rule_is_off_after_its_last_day(archive):
    archive.put("Tin is dear", days=5)
    archive.put("Tin is cheap", days=15)
    until = (NOW - timedelta(days=10)).date()
    before, after = rules(rule("tin", "tin")), rules(rule("tin", "tin", more=f"until = {until}"))
    (effect,) = archive.test(before, after).rules
    assert (effect.articles_before, effect.articles, len(effect.lost)) == (2, 1, 1)


def test_a_rule_that_is_named_is_looked_at_as_if_no_other_had_been_touched(archive):
    archive.put("Tin is dear", days=10)
    archive.put("Zinc is dear", days=10)
    before = rules(rule("a", "tin"), rule("b", "lead"), rule("gone", "zinc"))
    after = rules(rule("a", "tin"), rule("b", "zinc"))
    assert [each.rule for each in archive.test(before, after).rules] == ["b", "gone"]
    named = archive.test(before, after, "a")
    assert [(each.rule, each.kind, each.stories) for each in named.rules] == [("a", "same", 1)]
    assert named.flows == (Flow(destination="desk", before=0.2, after=0.2),)
    assert [each.kind for each in archive.test(before, after, "gone").rules] == ["removed"]


def test_the_rules_in_use_are_those_that_the_store_remembers(archive):
    old, new = rules(rule("a", "tin"), rule("b", "zinc")), rules(rule("a", "tin"), rule("b", "lead"))
    with archive.store.write() as tx:
        stored_rules.record(tx, old.values(), NOW)
    with archive.store.read() as tx:
        found = in_use(tx, new)
    assert found["a"] is new["a"], "what is the same need not be compiled again"
    assert (found["b"].hash, found["b"].expr) == (old["b"].hash, old["b"].expr)


terms = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)
folders = st.dictionaries(st.sampled_from(["a", "b", "c"]), terms, max_size=3)
headlines = st.lists(st.tuples(st.lists(st.sampled_from(WORDS), max_size=3), st.integers(0, 2)), max_size=8)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=folders, after=folders, listed=headlines)
def test_it_finds_what_matching_every_article_twice_finds(tmp_path_factory, before, after, listed):
    was, is_ = (rules(*(rule(id_, *words) for id_, words in sorted(one.items()))) for one in (before, after))
    archive = Archive(tmp_path_factory.mktemp("archive") / "a.db")
    put = [(words, archive.put("News of " + " and ".join(words), story=None)[1]) for words, _ in listed]

    def found(side, id_):
        return {story for words, story in put if id_ in side and set(side[id_]) & set(words)}

    effects = {each.rule: each for each in archive.test(was, is_).rules}
    archive.store.close()
    assert effects.keys() == {
        id_ for id_ in {*was, *is_} if was.get(id_) is None or is_.get(id_) is None or was[id_].hash != is_[id_].hash
    }
    for id_, effect in effects.items():
        old, new = found(before, id_), found(after, id_)
        assert (effect.stories_before, effect.stories) == (len(old), len(new))
        assert (len(effect.gained), len(effect.lost)) == (len(new - old), len(old - new))
