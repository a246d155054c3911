"""A matcher that was updated says what a new one says, whatever was edited, in whatever order."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_match_oracle import article, rules, texts

from bot.match import Matcher, explain
from bot.model import Rule, Term


@st.composite
def books(draw):
    """Rules with ids and hashes, as they stand in a folder, and then edited several times."""
    drawn = draw(st.lists(rules(), min_size=1, max_size=14))
    book = [replace(rule, id=f"r{number}", hash=f"h{number}") for number, rule in enumerate(drawn)]
    edited = [book]
    for version in range(draw(st.integers(1, 3))):
        kept = [rule for rule in edited[-1] if draw(st.integers(0, 11))]
        changed = [
            replace(draw(rules()), id=rule.id, hash=f"{rule.hash}.{version}") if not draw(st.integers(0, 7)) else rule
            for rule in kept
        ]
        new = [replace(rule, id=f"n{version}.{n}") for n, rule in enumerate(draw(st.lists(rules(), max_size=2)))]
        edited.append(draw(st.permutations(changed + new)) if draw(st.booleans()) else changed + new)
    return edited


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(books(), texts(most=4), texts(most=20))
def test_an_updated_matcher_is_a_new_one(versions, title, body):
    one = article(title, body)
    matcher = Matcher(versions[0])
    for version in versions[1:]:
        matcher = matcher.updated(version)
    fresh = Matcher(versions[-1])
    assert matcher.match(one) == fresh.match(one)
    assert matcher.matching(one) == [mention.rule for mention in fresh.match(one)]
    assert explain(matcher, one) == explain(fresh, one)


def numbered(count):
    return [Rule(id=f"r{n}", title="", expr=Term(text=f"word{n:03}x"), hash=f"h{n}", line=n) for n in range(count)]


def test_an_edited_rule_and_a_moved_one_are_in_force_at_once():
    before = numbered(40)
    edited = [replace(before[3], expr=Term(text="tin"), hash="new"), *before[:3], *before[4:]]
    moved = [replace(rule, line=rule.line + 7) for rule in edited]
    matcher = Matcher(before).updated(moved)
    one = article("", "tin word003x word002x word039x")
    assert matcher.matching(one) == ["r3", "r2", "r39"]
    assert [found.rule.line for found in explain(matcher, one)] == [rule.line for rule in moved]


def test_rules_without_a_hash_are_the_same_only_if_they_are_the_very_same():
    before = [replace(rule, hash="") for rule in numbered(40)]
    matcher = Matcher(before).updated([replace(before[0], expr=Term(text="tin")), *before[1:]])
    assert matcher.matching(article("", "tin word000x word001x")) == ["r0", "r1"]


def test_two_rules_of_one_id_are_both_matched():
    before = numbered(20)
    again = [*before, replace(before[5], expr=Term(text="tin"), hash="other")]
    assert Matcher(before).updated(again).matching(article("", "tin word005x")) == ["r5", "r5"]
