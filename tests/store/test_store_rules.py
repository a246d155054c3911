"""Rule versions: what was in force when."""

import json

import pytest
from store_samples import NOW, later, rule

from bot.store import rules


@pytest.fixture
def tx(store):
    with store.write() as open_tx:
        yield open_tx


def periods(tx, rule_id):
    """(hash, seconds from, seconds until) of every period."""
    table = rules.t.rule_version
    found = tx.rows(table.select().where(table.c.rule == rule_id).order_by(table.c.id))
    return [
        (
            row["hash"],
            *(
                None if moment is None else (moment - NOW).total_seconds()
                for moment in (row["active_from"], row["active_until"])
            ),
        )
        for row in found
    ]


def test_recorded_rules_are_in_force(tx):
    assert rules.record(tx, [rule("a", "1", '{"x":1}'), rule("b", "2")], NOW) == ("a", "b")
    assert rules.active(tx) == {"a": ("1", '{"x":1}'), "b": ("2", "{}")}


def test_the_same_rules_again_change_nothing(tx):
    rules.record(tx, [rule("a", "1")], NOW)
    assert rules.record(tx, [rule("a", "1")], later(60)) == ()
    assert periods(tx, "a") == [("1", 0, None)]


def test_changed_removed_and_returned_rules(tx):
    for second, versions in enumerate([("1",), ("2",), (), ("1",)]):
        rules.record(tx, [rule("a", version) for version in versions], later(second))
    assert periods(tx, "a") == [("1", 0, 1), ("2", 1, 2), ("1", 3, None)]
    assert rules.active(tx) == {"a": ("1", "{}")}


def test_every_version_stays_with_the_time_in_which_it_was_in_force(tx):
    for second, version in enumerate(("1", "2", "1", "3")):
        rules.record(tx, [rule("a", version, f'{{"x":{version}}}'), rule("b", "1")], later(second))
    found = rules.versions(tx, ["1", "2", "4"])
    assert {key: (one.definition, one.since, one.until) for key, one in found.items()} == {
        ("a", "1"): ('{"x":1}', later(0), later(3)),
        ("a", "2"): ('{"x":2}', later(1), later(2)),
        ("b", "1"): ("{}", later(0), None),
    }


def test_no_rules(tx):
    assert rules.record(tx, [], NOW) == ()
    assert rules.active(tx) == {}


def test_what_a_rule_refers_to_is_hashed_apart():
    def definition(alias):
        return json.dumps({"rule": {}, "entities": {"huawei": {"aliases": [alias]}}, "lists": {"chips": ["GPU"]}})

    before, after = rules.references(definition("Huawei")), rules.references(definition("华为"))
    assert set(before) == {"@huawei", "$chips"}
    assert before["$chips"] == after["$chips"]
    assert before["@huawei"] != after["@huawei"]
    assert rules.references("") == {}


def defined(id_, version, **keys):
    definition = {"rule": {"id": id_, **keys}, "entities": {}, "lists": {}}
    if "list_" in keys:
        definition["lists"]["makers"] = definition["rule"].pop("list_")
    return rule(id_, version, json.dumps(definition))


def test_what_changed_since_a_moment_is_told_with_its_parts(tx):
    kept, gone = defined("kept", "1", title="Kept"), defined("gone", "1", title="Gone", theme="trade")
    old = defined("a", "1", title="A", severity="low", list_=["x"])
    rules.record(tx, [kept, gone, old], NOW)
    new = defined("a", "2", title="A", severity="high", list_=["x", "y"])
    rules.record(tx, [kept, new, defined("b", "1", title="B", theme="trade")], later(60))
    told = rules.changes(tx, later(30), later(90))
    assert [(one.rule, one.change, one.title, one.theme, one.parts) for one in told] == [
        ("a", "changed", "A", "", ("severity", "$makers")),
        ("b", "new", "B", "trade", ()),
        ("gone", "removed", "Gone", "trade", ()),
    ]
    assert rules.changes(tx, later(60), later(90)) == ()
    assert rules.changes(tx, NOW, later(30)) == ()


def test_a_rule_that_was_changed_and_changed_back_is_no_change(tx):
    for second, version in enumerate("121"):
        rules.record(tx, [defined("a", version, title=version)], later(10 * second))
    assert rules.changes(tx, later(5), later(25)) == ()
    assert [one.change for one in rules.changes(tx, later(5), later(15))] == ["changed"]
