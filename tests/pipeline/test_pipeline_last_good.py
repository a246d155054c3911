"""A law of editing: whatever is done to the files, each rule in force is its newest good version."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pipeline import compile_rules

TEST = '[[rule.test]]\ntext = "{}"\nexpect = "match"\n'
# What a file may hold of its rule: (the word that a good version looks for, the text).
GOOD = {word: f'[[rule]]\nid = "{{id}}"\nany = ["{word}"]\n' + TEST.format(word) for word in ("apple", "berry")}
FAULTY = {
    "type": '[[rule]]\nid = "{id}"\nany = [5]\n',
    "key": '[[rule]]\nid = "{id}"\nanny = ["cherry"]\n',
    "test": '[[rule]]\nid = "{id}"\nany = ["cherry"]\n' + TEST.format("damson"),
    "reference": '[[rule]]\nid = "{id}"\nany = ["@nobody"]\n',
    "toml": '[[rule]]\nid = "{id}"\nany = ["cherry"\n',
}
EDITS = st.tuples(st.sampled_from(("a", "b")), st.sampled_from([*GOOD, *FAULTY, "gone"]))


@settings(max_examples=60)
@given(st.lists(EDITS, max_size=8))
def test_each_rule_in_force_is_its_newest_good_version(edits):
    files: dict[str, str] = {}
    wanted: dict[str, str] = {}
    live = None
    for id_, what in edits:
        name = f"{id_}.toml"
        if what == "gone":
            files.pop(name, None)
            wanted.pop(id_, None)
        else:
            files[name] = {**GOOD, **FAULTY}[what].replace("{id}", id_)
            wanted |= {id_: what} if what in GOOD else {}
        last_good = live.ruleset.rules if live else {}
        live = compile_rules(files, (), last_good, live=live)
        assert {rule.id: rule.expr.text for rule in live.ruleset.rules.values()} == wanted
        faulty = {
            name
            for name, text in files.items()
            if text not in {good.replace("{id}", name[0]) for good in GOOD.values()}
        }
        assert {fault.file for fault in live.faults} == faulty
        # After a restart they come from the store, and know no file.
        again = compile_rules(files, (), {key: live.ruleset.rules[key] for key in wanted})
        assert again.ruleset.rules.keys() == wanted.keys()
