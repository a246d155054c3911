"""A load that goes on from the last one gives what a load of the same files from nothing gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Fault
from bot.rules import Known, load


def rule(id_, rest):
    return f'[[rule]]\nid = "{id_}"\n{rest}\n'


def entity(id_, aliases):
    return f'[[entity]]\nid = "{id_}"\nname = "E"\nkind = "person"\naliases = [{aliases}]\n'


def terms(id_, any_):
    return f'[[terms]]\nid = "{id_}"\nany = [{any_}]\n'


TESTED = '[[rule.test]]\ntext = "x y"\nexpect = "match"\n[[rule.test]]\ntext = "z"\nexpect = "no"\n'

PIECES = (
    "# a remark\n",
    entity("e", '"Ann Lee"'),
    entity("e", '"Ann Lee", { text = "Lee", with = ["court"] }'),
    entity("e", '{ text = "Ann Lee" }'),
    entity("e", "1"),
    terms("l", '"chip*", "@e"'),
    terms("l", '"chip*", "@e", "@f"'),
    terms("l", '"steel"'),
    terms("f", '"steel"') + entity("f", '"Firm"'),
    rule("a", 'any = ["@e"]\nnone = ["tax"]'),
    rule("a", 'any = ["@e", "oil"]'),
    rule("a", 'any = ["@e"]\nnotify = ["desk"]'),
    rule("b", 'any = ["$l"]\nall = ["China"]\nmask = ["nothing alike"]'),
    rule("b", 'any = ["$l"]\nnone = ["$l"]'),
    rule("c", "query = '@e NEAR/5 $l'"),
    rule("c", "query = '@e NEAR $f'"),
    rule("c", "query = 'oil OR oil OR @e'"),
    rule("d", 'any = ["x y", "x y"]\n' + TESTED),
    rule("d", 'any = 1\nall = ["@e"]'),
    rule("D", 'any = ["x y"]'),
    "[[ruel]]\n",
    "[[rule]\n",
)
NAMES = ("a.toml", "b.toml", "c.toml")
TEXTS = st.none() | st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
FOLDERS = st.fixed_dictionaries(dict.fromkeys(NAMES, TEXTS))
UNREAD = st.sampled_from([(), (Fault(file="d.toml", message="cannot be read"),)])
EDITS = st.lists(
    st.tuples(st.sampled_from(NAMES), TEXTS, UNREAD, st.sampled_from([None, frozenset(), frozenset({"desk"})])),
    max_size=6,
)


def shown(loaded):
    """All of a load's result, the order of its mappings included."""
    ruleset = loaded.ruleset
    return loaded, list(ruleset.rules), list(ruleset.entities), list(ruleset.lists)


@given(FOLDERS, EDITS)
def test_any_edits_give_what_a_load_from_nothing_gives(folder, edits):
    known, good = Known(), {}
    for name, text, unread, destinations in [("a.toml", folder["a.toml"], (), None), *edits]:
        folder = {**folder, name: text}
        files = {name: text for name, text in folder.items() if text is not None}
        loaded = load(files, good, unread=unread, destinations=destinations, known=known)
        assert shown(loaded) == shown(load(files, good, unread=unread, destinations=destinations))
        assert known.files.keys() == files.keys()
        good = loaded.ruleset.rules


BEFORE = {
    "names.toml": entity("e", '"Ann Lee"') + entity("f", '"Firm"') + terms("l", '"chip*", "@f"'),
    "a.toml": rule("named", 'any = ["@e"]'),
    "b.toml": rule("listed", 'any = ["$l"]') + rule("asked", "query = '$l AND @e'"),
    "c.toml": rule("plain", 'any = ["oil"]') + rule("d", 'any = ["tin"]'),
}


@pytest.mark.parametrize(
    ("name", "text", "anew"),
    [
        ("names.toml", "# a remark\n" + BEFORE["names.toml"], set()),
        ("names.toml", BEFORE["names.toml"].replace('"Ann Lee"', '"Ann Li"'), {"named", "asked"}),
        ("names.toml", BEFORE["names.toml"].replace('"Firm"', '"The Firm"'), {"listed", "asked"}),
        ("names.toml", BEFORE["names.toml"].replace("chip", "chap"), {"listed", "asked"}),
        ("c.toml", BEFORE["c.toml"].replace("tin", "zinc"), {"plain", "d"}),
        ("d.toml", rule("d", 'any = ["tin"]'), set()),
        ("d.toml", rule("new", 'any = ["tin"]'), {"new"}),
    ],
    ids=["nothing", "an entity", "an entity in a list", "a list", "a rule", "a twin", "a new file"],
)
def test_only_what_an_edit_concerns_is_compiled_anew(name, text, anew):
    known = Known()
    before = load(BEFORE, known=known).ruleset.rules
    after = load({**BEFORE, name: text}, known=known).ruleset.rules
    assert {id_ for id_, made in after.items() if made is not before.get(id_)} == anew
