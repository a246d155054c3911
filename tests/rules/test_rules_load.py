"""From texts to rules: one mistake keeps back one rule, never the others."""

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import ConfigError, Fault
from bot.model import Alias, AllOf, AnyOf, Entity, Not, NotNear, Rule, RuleTest, Term, terms_of
from bot.packaged import packaged
from bot.rules import Known, load, read_folder, rebuild

FULL = """\
[[rule]]
id       = "export-controls"
title    = "Export controls"
theme    = "us-china-trade"
severity = "high"
owner    = "trade-desk@example.org"
notify   = ["trade-alerts", "trade-alerts"]
any      = ["export control", "=Entity List", "@raimondo", "$chips", "@firm"]
all      = ["China"]
none     = ["tax holiday", "sports"]
mask     = ["export control software", "@firm"]
not_near = { term = "export control", of = "volume control", within = 5 }
where    = ["title", "lead:100"]
min_hits = 2
sources  = { tier = ["official", "wire"], lang = "en" }
expect   = "0..12/day"
until    = 2027-01-31

[[rule.test]]
text   = "Export controls on chips for China were widened."
expect = "match"

[[rule.test]]
title  = "Sports"
date   = 2024-05-01
lang   = "en"
source = "scmp"
expect = "no"

[[entity]]
id = "raimondo"
name = "Gina Raimondo"
kind = "person"
aliases = [
  "Gina Raimondo",
  { text = "Raimondo", with = ["commerce", "secretary"], without = "Marcantonio", within = 20 },
  { text = "=US Commerce Secretary", from = 2021-03-03, until = 2025-01-20 },
]

[[entity]]
id = "firm"
name = "Firm"
kind = "organization"
aliases = ["Firm"]

[[terms]]
id = "chips"
any = ["semiconductor", "chip*", "@firm"]
"""


def only(text, id_="a", **more):
    loaded = load({"f.toml": text}, **more)
    assert loaded.faults == (), loaded.faults
    return loaded.ruleset.rules[id_]


def faults(text):
    return [str(fault) for fault in load({"f.toml": text}).faults]


def rule(id_="a", rest='any = ["x y"]'):
    return f'[[rule]]\nid = "{id_}"\n{rest}\n'


def test_everything_a_rule_can_say():
    loaded = load({"f.toml": FULL})
    assert loaded.faults == ()
    full, dated = Alias(text="Gina Raimondo"), date(2021, 3, 3)
    short = Alias(text="Raimondo", requires=("commerce", "secretary"), within=20, without=("Marcantonio",))
    office = Alias(text="=US Commerce Secretary", valid_from=dated, valid_until=date(2025, 1, 20))
    firm = Term(text="Firm", entity="firm", alias=Alias(text="Firm"))
    raimondo = AnyOf(
        (
            Term(text="Gina Raimondo", entity="raimondo", alias=full),
            Term(text="Raimondo", entity="raimondo", alias=short),
            Term(text="US Commerce Secretary", kind="exact", entity="raimondo", alias=office),
        ),
        "@raimondo",
    )
    firms = AnyOf((firm,), "@firm")
    chips = AnyOf((Term(text="semiconductor"), Term(text="chip*", kind="wildcard"), firms), "$chips")
    made = loaded.ruleset.rules["export-controls"]
    assert made == Rule(
        id="export-controls",
        title="Export controls",
        expr=AllOf(
            (
                AnyOf((Term(text="export control"), Term(text="Entity List", kind="exact"), raimondo, chips, firms)),
                Term(text="China"),
                Not(AnyOf((Term(text="tax holiday"), Term(text="sports")))),
            )
        ),
        theme="us-china-trade",
        severity="high",
        owner="trade-desk@example.org",
        notify=("trade-alerts",),
        mask=(Term(text="export control software"), firm),
        not_near=(NotNear(term=(Term(text="export control"),), of=(Term(text="volume control"),), within=5),),
        where=("title", "lead:100"),
        min_hits=2,
        tiers=("official", "wire"),
        langs=("en",),
        expect="0..12/day",
        until=date(2027, 1, 31),
        tests=(
            RuleTest(text="Export controls on chips for China were widened.", expect="match", line=19),
            RuleTest(text="", title="Sports", expect="no", date=date(2024, 5, 1), lang="en", source="scmp", line=23),
        ),
        hash=made.hash,
        definition=made.definition,
        file="f.toml",
        line=1,
    )
    assert loaded.ruleset.entities["raimondo"] == Entity(
        id="raimondo", name="Gina Raimondo", kind="person", aliases=(full, short, office)
    )
    assert loaded.ruleset.lists == {"chips": tuple(terms_of(chips))}


def test_the_least_a_rule_can_say():
    made = only(rule(rest='any = ["tariff"]'))
    assert made == Rule(
        id="a", title="a", expr=Term(text="tariff"), hash=made.hash, definition=made.definition, file="f.toml", line=1
    )


@pytest.mark.parametrize(
    ("rest", "expr"),
    [
        ('any = ["a1", "b1"]', AnyOf((Term(text="a1"), Term(text="b1")))),
        ('all = ["a1", "b1"]', AllOf((Term(text="a1"), Term(text="b1")))),
        ('all = ["a1"]\nany = []', Term(text="a1")),
        ('any = ["a1"]\nnone = ["b1"]', AllOf((Term(text="a1"), Not(Term(text="b1"))))),
        ('any = ["a1", "b1"]\nall = ["c1"]', AllOf((AnyOf((Term(text="a1"), Term(text="b1"))), Term(text="c1")))),
    ],
)
def test_typed_keys_become_one_tree(rest, expr):
    assert only(rule(rest=rest)).expr == expr


def test_not_near_takes_one_table_or_several_and_references():
    made = only(
        rule(
            rest='any = ["x1"]\n'
            'not_near = [{ term = ["x1", "$l"], of = "@e", within = 0 }, { term = "x1", of = "z1", within = 9 }]'
        )
        + '[[terms]]\nid = "l"\nany = ["l1", "l2"]\n[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = ["e1"]\n'
    )
    first, second = made.not_near
    assert [term.text for term in first.term] == ["x1", "l1", "l2"]
    assert [(term.text, term.entity) for term in first.of] == [("e1", "e")]
    assert (first.within, second.within) == (0, 9)
    assert set(json.loads(made.definition)["entities"]) == {"e"}


# ── faults ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[rules]]\n", '1:1: unknown key "rules" – did you mean "rule"?'),
        ('[rule]\nid = "a"', '1:1: "rule" must be written with two brackets, not as a table – [[rule]]'),
        ('rule = ["x"]', "1:9: rule number 1 must be a table, not text"),
        ('[[rule]]\nany = ["x"]', '1:1: "id" is missing'),
        ('[[rule]]\nid = "A B"\nany = ["x"]', '2:6: "id" must be small letters'),
        (rule(rest=""), '1:1: rule a has nothing to look for – add any = ["…"] or all = ["…"], or a query'),
        (rule(rest='none = ["x"]'), "1:1: rule a has nothing to look for: none alone would match almost everything"),
        (rule(rest='any = ["x"]\nanyy = 1'), '4:1: unknown key "anyy" – did you mean "any"?'),
        (rule(rest='any = "x"'), '3:7: "any" must be a list, not text – write any = ["…", "…"]'),
        (rule(rest='any = ["出口", "x", 5]'), '3:19: item 3 of "any" must be text in quotes, not a number'),
        (rule(rest='any = ["出口", "x AND y"]'), '3:14: item 2 of "any" holds the operator "AND"'),
        (rule(rest='all = ["x", "/[a-z]+/"]'), '3:13: item 2 of "all" must contain 3 plain characters'),
        (rule(rest='any = ["x"]\nseverity = "hgih"'), '4:12: "severity" cannot be "hgih" – did you mean "high"?'),
        (rule(rest='any = ["x"]\nmin_hits = 0'), '4:12: "min_hits" must be at least 1'),
        (rule(rest='any = ["x"]\nmin_hits = "2"'), '4:12: "min_hits" must be a whole number, not text'),
        (rule(rest='any = ["x"]\nwhere = ["title", "lead:0"]'), '4:19: item 2 of "where" cannot be "lead:0"'),
        (rule(rest='any = ["x"]\nwhere = "titel"'), '4:9: "where" cannot be "titel" – did you mean "title"?'),
        (rule(rest='any = ["x"]\nwhere = ["body", "titel"]'), '4:18: item 2 of "where" cannot be "titel" – did you'),
        (rule(rest='any = ["x"]\nwhere = "page"'), '4:9: "where" cannot be "page" – one of "title", "lead"'),
        (rule(rest='any = ["x"]\nwhere = "lead:x"'), '4:9: "where" cannot be "lead:x" – one of "title", "lead"'),
        (rule(rest='any = ["x"]\nwhere = 5'), '4:9: "where" must be a list, not a number'),
        (rule(rest='any = ["x"]\nexpect = "12..3/day"'), '4:10: "expect" cannot be "12..3/day"'),
        (rule(rest='any = ["x"]\nuntil = "2027-01-31"'), '4:9: "until" must be a date without quotes, not text'),
        (
            rule(rest='any = ["x"]\nsources = { tier = ["wier"] }'),
            '4:21: item 1 of "tier" cannot be "wier" – did you mean "wire"?',
        ),
        (rule(rest='any = ["x"]\nsources = { tiers = ["wire"] }'), '4:13: unknown key "tiers" – did you mean "tier"?'),
        (rule(rest='any = ["x"]\nsources = { lang = "English" }'), '4:20: "lang" cannot be "English"'),
        (
            rule(rest='any = ["x"]\nsources = { tier = "wier" }'),
            '4:20: "tier" cannot be "wier" – did you mean "wire"?',
        ),
        (rule(rest='any = ["x"]\nnot_near = { term = "x", within = 5 }'), '4:12: "of" is missing'),
        (
            rule(rest='any = ["x"]\nnot_near = { term = "x", of = "(", within = 5 }'),
            '4:31: "of" holds no letter',
        ),
        (rule(rest='any = ["x"]\nnot_near = "x"'), '4:12: "not_near" must be a table, not text – { term = "…"'),
        (
            rule(rest='any = ["x1", "y1"]\nall = ["x1", "z1"]\nnone = ["q1", "y1", "x1"]'),
            '5:8: rule a can never match: "x1", "y1" are looked for, and none of them may occur – remove one of the two',
        ),
        (
            rule(rest='any = ["x1", "y1"]\nall = ["z1", "x1"]\nnone = ["x1"]'),
            '4:14: rule a can never match: "x1" must occur, and must not',
        ),
        (
            rule(rest='any = ["$l"]\nnone = ["beta", "Alpha"]\n[[terms]]\nid = "l"\nany = ["alpha", "Beta"]'),
            '4:8: rule a can never match: "alpha", "Beta" are looked for, and none',
        ),
        (
            rule(rest='any = ["@e"]\nnone = ["e1"]\n[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = ["e1"]'),
            '4:8: rule a can never match: "e1" must occur, and must not',
        ),
        (rule() + '[[rule.test]]\ntext = "x"', '4:1: "expect" is missing'),
        (
            rule() + '[[rule.test]]\ntext = "x"\nexpect = "yes"',
            '6:10: "expect" cannot be "yes" – known here: match, no',
        ),
        (rule() + '[[rule.test]]\ntext = " "\nexpect = "no"', '4:1: item 1 of "test" has neither text nor title'),
        (rule(rest='any = ["@nobody"]'), '3:8: there is no entity "@nobody" – define it with [[entity]]'),
        (rule(rest='any = ["$none"]'), '3:8: there is no list "$none" – define it with [[terms]]'),
        (
            rule(rest='any = ["x", "@e2"]\n[[entity]]\nid = "e1"\nname = "E"\nkind = "law"\naliases = ["e"]'),
            '3:13: there is no entity "@e2" – did you mean "@e1"?',
        ),
        (rule(rest='any = ["@nobody"]\ntypo = 1'), '3:8: there is no entity "@nobody"'),
        ('[[entity]]\nid = "e"\nname = "E"\nkind = "people"\naliases = ["x"]', '4:8: "kind" cannot be "people"'),
        ('[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = []', "1:1: entity e has no aliases"),
        (
            '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = [{ text = "x", wiht = "y" }]',
            '5:26: unknown key "wiht" – did you mean "with"?',
        ),
        ('[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = ["x", "a (b)"]', '5:17: "text" holds "("'),
        (
            '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = [{ text = "x", within = 5 }]',
            '5:12: item 1 of "aliases" has within',
        ),
        (
            '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = [{ text = "x", with = "y*" }]',
            '5:33: "with" needs 3 letters or digits',
        ),
        (
            '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = [{ text = "/abc/" }]',
            '5:21: "text" is a regular expression',
        ),
        (
            (
                '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\n'
                'aliases = [{ text = "x", from = 2025-01-02, until = 2025-01-01 }]'
            ),
            '5:12: item 1 of "aliases" is valid from a day after its last one',
        ),
        ('[[terms]]\nid = "l"\nany = []', "1:1: list l has no terms"),
        ('[[terms]]\nid = "l"\nany = ["x", "$l"]', '3:13: "$l": a list cannot hold another list'),
        ('[[terms]]\nid = "l"\nany = ["@e"]', '3:8: there is no entity "@e"'),
    ],
)
def test_mistakes_in_their_place(text, expected):
    found = faults(text)
    assert any(fault.startswith(f"f.toml:{expected}") for fault in found), found


def test_every_mistake_of_every_rule_at_once_and_the_others_go_live():
    loaded = load(
        {
            "b.toml": rule("bad", 'any = ["x AND y", " z"]\nseverity = "hihg"\nnone = ["@nobody"]') + rule("good"),
            "a.toml": "[[rule]\n",
            "c.toml": rule("fine") + rule("worse", "min_hits = 0"),
        }
    )
    assert set(loaded.ruleset.rules) == {"good", "fine"}
    assert loaded.off == ("bad", "worse")
    assert [(fault.file, fault.line, fault.subject) for fault in loaded.faults] == [
        ("a.toml", 1, "file a.toml"),
        ("b.toml", 3, "rule bad"),
        ("b.toml", 3, "rule bad"),
        ("b.toml", 4, "rule bad"),
        ("b.toml", 5, "rule bad"),
        ("c.toml", 4, "rule worse"),
        ("c.toml", 6, "rule worse"),
    ]


def test_an_id_given_twice_names_both_places_and_neither_goes_live():
    loaded = load({"a.toml": rule("x") + rule("y"), "b.toml": "\n" + rule("x"), "c.toml": rule("x")})
    assert set(loaded.ruleset.rules) == {"y"}
    assert [str(fault) for fault in loaded.faults] == [
        'a.toml:2:6: the id "x" is given to more than one rule – rename one; also in b.toml:2 and c.toml:1',
        'b.toml:3:6: the id "x" is given to more than one rule – rename one; also in a.toml:1 and c.toml:1',
        'c.toml:2:6: the id "x" is given to more than one rule – rename one; also in a.toml:1 and b.toml:2',
    ]


def test_kinds_have_their_own_ids():
    text = (
        rule("x", 'any = ["@x", "$x"]')
        + '[[terms]]\nid = "x"\nany = ["t"]\n[[entity]]\nid = "x"\nname = "X"\nkind = "law"\naliases = ["a"]'
    )
    entity = AnyOf((Term(text="a", entity="x", alias=Alias(text="a")),), "@x")
    assert only(text, "x").expr == AnyOf((entity, AnyOf((Term(text="t"),), "$x")))


def test_a_mistake_in_an_entity_keeps_back_the_rules_that_use_it_and_says_where():
    entity = '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = ["a (b)"]\n'
    loaded = load(
        {
            "r.toml": rule("uses", 'any = ["$l"]') + rule("other"),
            "e.toml": entity + '[[terms]]\nid = "l"\nany = ["@e"]\n',
        }
    )
    assert set(loaded.ruleset.rules) == {"other"}
    assert [fault.subject for fault in loaded.faults] == ["entity e", "list l", "rule uses"]
    assert str(loaded.faults[1]) == 'e.toml:8:8: "@e" has a mistake itself – mend it first: e.toml:1'
    assert str(loaded.faults[2]) == 'r.toml:3:8: "$l" has a mistake itself – mend it first: e.toml:6'


def test_a_missing_entity_may_stand_in_a_file_that_cannot_be_read():
    loaded = load({"r.toml": rule("uses", 'any = ["@raimondo"]'), "people.toml": "[[entity"})
    assert "it may stand in a file that cannot be read: people.toml" in loaded.faults[1].remedy


def test_destinations_are_checked_where_they_are_known():
    text = rule("a", 'any = ["x"]\nnotify = ["desk", "dsek"]') + rule("b", 'any = ["x"]\nnotify = ["desk"]')
    assert load({"f.toml": text}).faults == ()
    loaded = load({"f.toml": text}, destinations={"desk"})
    assert [str(fault) for fault in loaded.faults] == [
        'f.toml:4:19: there is no destination "dsek" – did you mean "desk"?'
    ]
    assert set(loaded.ruleset.rules) == {"b"}


def test_a_rule_is_inhibited_by_others_that_are_there():
    text = rule("a", 'any = ["x"]\ninhibited_by = ["b", "bb", "a"]') + rule("b", 'any = ["x"]')
    assert faults(text) == [
        'f.toml:4:22: there is no rule "bb" – did you mean "b"?',
        "f.toml:4:28: a rule cannot be inhibited by itself – remove it",
    ]
    known = Known()
    good = rule("a", 'any = ["x"]\ninhibited_by = ["b"]\nrepeat = "90m"')
    made = load({"f.toml": good, "g.toml": rule("b")}, known=known).ruleset.rules["a"]
    assert (made.inhibited_by, made.repeat) == (("b",), 5400)
    assert replace(rebuild(made.definition), file=made.file, line=made.line) == made
    gone = load({"f.toml": good}, {"a": made}, known=known)
    assert ([str(fault) for fault in gone.faults], gone.kept) == (
        ['f.toml:4:17: there is no rule "b" – known here: a'],
        ("a",),
    )


def test_how_long_a_story_rests_is_a_length_of_time():
    assert "no length of time" in faults(rule("a", 'any = ["x"]\nrepeat = "soon"'))[0]


ENTITY = '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = [{0}]\n'


@pytest.mark.parametrize(
    ("any_", "none", "aliases"),
    [
        (["US"], ["us"], ""),
        (["US rules"], ["us rules"], ""),
        (["=Alpha"], ["=alpha"], ""),
        (["us-china"], ["US-China"], ""),
        (["Alpha"], ["@e"], '"Alpha"'),
        (["alpha", "beta"], ["alpha"], ""),
        (["alpha"], ["alpha beta"], ""),
        (["alpha*"], ["alpha"], ""),
        (["Alpha"], ["@e"], '{ text = "Alpha", with = ["court"] }'),
        (["Alpha"], ["@e"], '{ text = "Alpha", until = 2020-01-01 }'),
    ],
)
def test_a_rule_that_can_match_something_is_not_called_impossible(any_, none, aliases):
    text = rule(rest=f"any = {json.dumps(any_)}\nnone = {json.dumps(none)}") + (
        ENTITY.format(aliases) if aliases else ""
    )
    assert load({"f.toml": text}).faults == ()


@pytest.mark.parametrize("title", ["", 'title = "Tariffs"'])
def test_a_rule_without_a_title_is_called_by_its_id(title):
    made = only(rule(rest=f'any = ["tariff"]\n{title}'))
    assert made.title == ("Tariffs" if title else "a")
    assert rebuild(made.definition).title == made.title


# ── last good versions ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def good():
    return dict(load({"f.toml": rule("a") + rule("b"), "g.toml": rule("c")}).ruleset.rules)


OTHER = {"g.toml": rule("c")}


@pytest.mark.parametrize(
    ("text", "kept", "live"),
    [
        (rule("a") + rule("b"), (), {"a", "b", "c"}),
        (rule("a", "any = 1") + rule("b"), ("a",), {"a", "b", "c"}),
        (rule("b"), (), {"b", "c"}),
        ("[[rule]\n", ("a", "b"), {"a", "b", "c"}),
        ("[[rule]]\nid = 'A'\n" + rule("b"), ("a",), {"a", "b", "c"}),
        ("[[rule]]\n" + rule("b"), ("a",), {"a", "b", "c"}),
        ("[[ruel]]\n", ("a", "b"), {"a", "b", "c"}),
        (rule("a") + rule("a") + rule("b"), ("a",), {"a", "b", "c"}),
        (rule("new", "any = 1") + rule("b"), (), {"b", "c"}),
        ("", (), {"c"}),
    ],
    ids=[
        "good",
        "at fault",
        "deleted",
        "unreadable",
        "id spoilt",
        "id lost",
        "table misspelt",
        "twice",
        "new at fault",
        "empty",
    ],
)
def test_a_bad_edit_never_stops_the_news(good, text, kept, live):
    loaded = load({"f.toml": text, **OTHER}, good)
    assert loaded.kept == kept
    assert set(loaded.ruleset.rules) == live
    for id_ in kept:
        assert loaded.ruleset.rules[id_] is good[id_]


def test_an_edit_that_is_good_goes_live_beside_one_that_is_not(good):
    loaded = load({"f.toml": rule("a", "any = 1") + rule("b", 'any = ["new"]'), **OTHER}, good)
    assert loaded.ruleset.rules["a"] is good["a"]
    assert loaded.ruleset.rules["b"].expr == Term(text="new")
    assert (loaded.kept, loaded.off) == (("a",), ())


def test_a_file_that_could_not_be_read_keeps_its_rules(good):
    unread = [Fault(file="f.toml", line=1, column=5, message="not UTF-8")]
    assert load(OTHER, good, unread=unread).kept == ("a", "b")
    assert set(load(OTHER, good).ruleset.rules) == {"c"}


def test_rules_rebuilt_from_the_store_may_stand_in_any_unreadable_file(good):
    stored = {id_: rebuild(made.definition) for id_, made in good.items()}
    loaded = load({"f.toml": "[[rule]\n", **OTHER}, stored)
    assert loaded.kept == ("a", "b")
    assert set(load(OTHER, stored).ruleset.rules) == {"c"}


def test_a_moved_rule_is_not_kept_beside_itself(good):
    loaded = load({"f.toml": "[[rule]\n", "g.toml": rule("c") + rule("a", 'any = ["moved"]')}, good)
    assert loaded.kept == ("b",)
    assert loaded.ruleset.rules["a"].expr == Term(text="moved")


# ── definition and hash ──────────────────────────────────────────────────────────────────────────


def bare(made):
    return replace(made, file="", line=0, tests=tuple(replace(test, line=0) for test in made.tests))


def test_the_hash_is_that_of_the_definition_and_rebuild_gives_the_same_rule():
    made = only(FULL, "export-controls")
    assert made.hash == hashlib.sha256(made.definition.encode()).hexdigest()
    assert rebuild(made.definition) == bare(made)
    content = json.loads(made.definition)
    assert set(content["entities"]) == {"raimondo", "firm"}
    assert set(content["lists"]) == {"chips"}
    assert json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == made.definition


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("min_hits = 2", "min_hits = 3"),
        ("Marcantonio", "Antonio"),
        ("2025-01-20", "2025-01-21"),
        ('"semiconductor"', '"semi-conductor"'),
        ('aliases = ["Firm"]', 'aliases = ["Firm", "Firma"]'),
        ("were widened", "were narrowed"),
        ('Export controls"', 'Controls"'),
    ],
)
def test_the_hash_covers_the_rule_and_all_it_refers_to(old, new):
    assert old in FULL
    assert only(FULL, "export-controls").hash != only(FULL.replace(old, new), "export-controls").hash


def test_the_hash_does_not_cover_place_layout_or_neighbours():
    made = only(FULL, "export-controls")
    moved = load({"other.toml": "# moved\n\n" + rule("z") + FULL.replace("       =", " =")}).ruleset.rules[
        "export-controls"
    ]
    assert (moved.hash, moved.definition) == (made.hash, made.definition)
    assert (moved.file, moved.line) == ("other.toml", 6)


@pytest.mark.parametrize(
    "definition",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"schema":1}',
        '{"schema":2,"rule":{},"entities":{},"lists":{}}',
        "[" * 100_000,
        '{"schema":1,"rule":{"id":"a"},"entities":{},"lists":{}}',
        '{"schema":1,"rule":5,"entities":{},"lists":{}}',
    ],
)
def test_what_is_no_definition_is_said_so(definition):
    with pytest.raises(ConfigError, match="stored rule"):
        rebuild(definition)


WORD = st.text("abcdefghé华 ", min_size=2, max_size=12).map(str.strip).filter(lambda word: len(word) > 1)


@given(
    any_=st.lists(WORD, min_size=1, max_size=4),
    none=st.lists(WORD, max_size=3),
    hits=st.integers(1, 9),
    until=st.none() | st.dates(date(2000, 1, 1)),
)
def test_any_rule_can_be_rebuilt(any_, none, hits, until):
    lines = [f"any = {json.dumps(any_, ensure_ascii=False)}", f"none = {json.dumps(none, ensure_ascii=False)}"]
    lines += [f"min_hits = {hits}", f"until = {until}" if until else ""]
    assume(not {term.casefold() for term in any_} <= {term.casefold() for term in none})
    made = only(rule(rest="\n".join(lines)))
    assert rebuild(made.definition) == bare(made)
    assert rebuild(rebuild(made.definition).definition) == bare(made)


# ── hostile input ────────────────────────────────────────────────────────────────────────────────


def test_a_rule_cannot_grow_without_bounds():
    words = ", ".join(f'"w{n}x"' for n in range(9_000))
    lists = f'[[terms]]\nid = "l"\nany = [{words}]\n'
    assert len(only(rule(rest='any = ["$l"]') + lists).expr.parts) == 9_000
    loaded = load({"f.toml": rule(rest='any = ["$l"]\nall = ["$l"]') + lists + rule("b")})
    assert [str(fault) for fault in loaded.faults] == [
        "f.toml:1:1: rule a stands for more than 10,000 terms – use wildcards, or split the rule"
    ]
    assert set(loaded.ruleset.rules) == {"b"}


@pytest.mark.parametrize(
    "value",
    ["1", '""', '"x"', "[1]", "[[]]", "[{}]", "{x = 1}", "true", "2027-01-31", '["\\u0000"]', '["@"]', '["$x"]'],
)
@pytest.mark.parametrize(
    "key",
    [
        "id",
        "title",
        "theme",
        "severity",
        "owner",
        "notify",
        "any",
        "all",
        "none",
        "mask",
        "not_near",
        "where",
        "min_hits",
        "query",
        "sources",
        "expect",
        "until",
        "test",
        "name",
        "kind",
        "aliases",
    ],
)
def test_no_shape_of_any_value_breaks_the_loading(key, value):
    for kind in ("rule", "entity", "terms"):
        loaded = load(
            {"f.toml": f"[[{kind}]]\n{key} = {value}\n" + rule("good", 'any = ["@", "x"]') + rule("fine")},
            destinations=set(),
        )
        assert "fine" in loaded.ruleset.rules
        assert loaded.faults


@given(st.text(st.sampled_from('[]rule="idany\n@$x, {}#\\'), max_size=80))
def test_any_text_beside_good_rules_leaves_them_alone(text):
    assert "fine" in load({"a.toml": text, "b.toml": rule("fine")}).ruleset.rules


# ── what ships ───────────────────────────────────────────────────────────────────────────────────


def test_the_rules_that_ship_are_without_mistakes_and_can_be_rebuilt():
    files, unread = read_folder(packaged("rules"))
    loaded = load(files, unread=unread)
    assert (unread, loaded.faults, loaded.warnings) == ((), (), ())
    assert len(loaded.ruleset.rules) >= 12
    for made in loaded.ruleset.rules.values():
        assert rebuild(made.definition) == bare(made)
        lines = files[made.file].split("\n")
        assert lines[made.line - 1].strip() == "[[rule]]"
        assert {lines[test.line - 1].strip() for test in made.tests} == {"[[rule.test]]"}
