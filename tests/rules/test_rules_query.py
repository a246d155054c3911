"""The query key: the whole language in a rule, every mistake at its place in the file."""

import json
import re
from dataclasses import replace

import pytest

from bot.match import Matcher, run_tests
from bot.model import AllOf, AnyOf, Article, Near, Not, NotNear, Term
from bot.rules import load, load_query, read_folder, rebuild, sentence, show

NAMES = """
[[entity]]
id = "e"
name = "E"
kind = "law"
aliases = ["Alpha", "Alpha Law"]

[[terms]]
id = "l"
any = ["lithium", "tin*"]
"""


def rule(query, *more, id_="a"):
    return "\n".join(("[[rule]]", f'id = "{id_}"', f"query = {query}", *more)) + "\n"


def only(text):
    loaded = load({"f.toml": text})
    assert loaded.faults == (), [str(fault) for fault in loaded.faults]
    (made,) = loaded.ruleset.rules.values()
    return made


def found(made, body, title="", **more):
    article = Article(
        source="s", key="1", key_kind="fingerprint", fingerprint="", content_hash="", title=title, body=body, **more
    )
    return [hit.text for mention in Matcher([made]).match(article) for hit in mention.hits]


def faults(text):
    return load({"f.toml": text}).faults


STEEL = Near(Term(text="tariff"), Term(text="steel"), 5)


def test_a_query_is_the_rule_s_expression():
    assert only(rule('"tariff NEAR/5 steel"')).expr == STEEL


def test_none_stands_beside_the_query_as_one_part():
    made = only(rule('"tariff NEAR/5 steel"', 'none = ["quota", "beer"]'))
    assert made.expr == AllOf((STEEL, Not(AnyOf((Term(text="quota"), Term(text="beer"))))))
    made = only(rule('"tariff AND steel"', 'none = ["quota"]'))
    assert made.expr == AllOf((AllOf((Term(text="tariff"), Term(text="steel"))), Not(Term(text="quota"))))


def test_entities_and_lists_stand_for_what_they_hold():
    made = only(rule('"@e AND $l"') + NAMES)
    entity, listed = made.expr.parts
    assert [(term.text, term.entity) for term in entity.parts] == [("Alpha", "e"), ("Alpha Law", "e")]
    assert listed == AnyOf((Term(text="lithium"), Term(text="tin*", kind="wildcard")), "$l")
    assert (entity.name, listed.name) == ("@e", "$l")


@pytest.mark.parametrize(
    ("key", "body", "hits"),
    [
        ("", "Tariffs on steel. A tariff schedule for steel.", ["Tariffs", "steel", "tariff", "steel"]),
        ('none = ["schedule"]', "Tariffs on steel. A tariff schedule for steel.", []),
        ('mask = ["tariff schedule"]', "Tariffs on steel. A tariff schedule for steel.", ["Tariffs", "steel"]),
        (
            'not_near = { term = "tariff", of = "schedule", within = 1 }',
            "Tariffs on steel, cars. A tariff schedule for steel.",
            ["Tariffs", "steel"],
        ),
        ('where = ["lead:3"]', "Tariffs on steel. A tariff schedule for steel.", ["Tariffs", "steel"]),
        ('where = ["title"]', "Tariffs on steel. A tariff schedule for steel.", []),
        ("min_hits = 4", "Tariffs on steel. A tariff schedule for steel.", ["Tariffs", "steel", "tariff", "steel"]),
        ("min_hits = 5", "Tariffs on steel. A tariff schedule for steel.", []),
        ('sources = { tier = ["official"] }', "Tariffs on steel.", []),
        ('sources = { tier = ["outlet"] }', "Tariffs on steel.", ["Tariffs", "steel"]),
    ],
)
def test_the_other_keys_apply_as_to_typed_rules(key, body, hits):
    assert found(only(rule('"tariff NEAR/5 steel"', key)), body) == hits


@pytest.mark.parametrize("keys", [("any",), ("all",), ("any", "all")])
def test_a_query_stands_in_place_of_any_and_all(keys):
    (fault,) = faults(rule('"tariff"', *(f'{key} = ["steel"]' for key in keys)))
    assert str(fault) == (
        f"f.toml:3:1: rule a has a query and {' and '.join(keys)}, but takes one or the other"
        " – write these terms into the query, or leave the query out"
    )


def test_empty_lists_beside_a_query_are_none():
    assert only(rule('"tariff"', "any = []", "all = []", "none = []")).expr == Term(text="tariff")


@pytest.mark.parametrize("value", ["5", '["tariff"]', "true"])
def test_a_query_is_text(value):
    (fault,) = faults(rule(value))
    assert str(fault).startswith('f.toml:3:9: "query" must be text in quotes, not ')


# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("'tariff and steel'", [(3, 17)]),
        ("'出口 and steel'", [(3, 13)]),
        (r'"\"a b\" and steel"', [(3, 18)]),
        (r'"\u51fa\u53e3 and @nobody"', [(3, 23), (3, 27)]),
        ("'''tariff and steel'''", [(3, 19)]),
        ("'''\ntariff and\n  出口 and @nobody'''", [(4, 8), (5, 6), (5, 10)]),
        ('"""\ntariff \\\n   and steel\n  and "x y" AND $nil"""', [(5, 4), (6, 3), (6, 17)]),
        ('"tariff AND"', [(3, 17)]),
        ('""', [(3, 10)]),
        ("'''\n\n'''", [(4, 1)]),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_mistake_is_at_its_line_and_column(written, places, ends):
    found = faults(rule(written).replace("\n", ends))
    assert [(fault.line, fault.column) for fault in found] == places
    assert {(fault.file, fault.subject) for fault in found} == {("f.toml", "rule a")}


def test_a_mistake_shows_the_line_of_the_query_and_stays_one_sentence():
    first, second = faults(rule("'''\n@nobody AND 出口\nand steel'''"))
    assert str(first).startswith('f.toml:4:1: there is no entity "@nobody" – ')
    assert first.excerpt == "@nobody AND 出口\n^^^^^^^"
    assert second.excerpt == "and steel\n^^^"
    assert "\n" not in str(first) + str(second)
    assert first.remedy.endswith('or write "@nobody" to look for this very text')


def test_the_query_s_mistakes_are_told_beside_the_table_s():
    places = [(fault.line, fault.column) for fault in faults(rule("'tariff and @nobody'", 'severity = "hihg"'))]
    assert places == [(3, 17), (3, 21), (4, 12)]


def test_a_broken_name_is_told_where_the_query_uses_it():
    text = rule("'tariff AND $l'") + NAMES.replace('"tin*"', '"t*"')
    by_subject = {fault.subject: fault for fault in faults(text)}
    assert by_subject.keys() == {"rule a", "list l"}
    assert str(by_subject["rule a"]).startswith('f.toml:3:21: "$l" has a mistake itself – mend it first: f.toml:11')


@pytest.mark.parametrize(("name", "meant"), [("@l", "$l"), ("$e", "@e"), ("$ll", "$l")])
def test_a_name_with_the_wrong_sign_is_recognised(name, meant):
    for text in (rule(f"'tariff AND {name}'"), f'[[rule]]\nid = "a"\nany = ["{name}"]\n'):
        (fault,) = faults(text + NAMES)
        assert fault.remedy == f'did you mean "{meant}"?'


def test_a_rule_with_a_mistake_in_its_query_keeps_its_last_version():
    good = only(rule('"tariff NEAR/5 steel"'))
    loaded = load({"f.toml": rule('"tariff NEAR steel"') + rule('"nuts"', id_="b")}, {"a": good})
    assert loaded.ruleset.rules["a"] == good
    assert loaded.ruleset.rules["b"].expr == Term(text="nuts")
    assert loaded.kept == ("a",)


def many(number, id_="many"):
    return f'[[terms]]\nid = "{id_}"\nany = {json.dumps([f"word{n}" for n in range(number)])}\n'


def test_a_query_cannot_stand_for_more_terms_than_any_rule():
    text = many(4000)
    assert faults(rule("'$many AND ($many OR steel)'") + text) == ()
    (fault,) = faults(rule("'$many AND $many AND $many AND $many'") + text)
    assert str(fault).startswith("f.toml:3:30: the query stands for more than 10,000 terms with this")
    (fault,) = faults(rule("'$many AND $many'", 'none = ["$many"]') + text)
    assert str(fault).startswith("f.toml:1:1: rule a stands for more than 10,000 terms")


def test_a_query_is_held_against_the_other_keys():
    warned = load({"f.toml": rule("'tariff NEAR/5 steel'", 'mask = ["steel band", "beer tent"]')}).warnings
    (remark,) = [str(each) for each in warned if "mask" in str(each)]
    assert remark.startswith("f.toml:4:23: rule a: this item of mask shares no word with ")
    (fault,) = faults(rule("'tariff NEAR/5 steel'", 'none = ["steel"]'))
    assert str(fault).startswith('f.toml:3:24: rule a can never match: "steel" must occur')


# ── versions, tests, words ───────────────────────────────────────────────────────────────────────

WHOLE = rule(
    "'''\n(\"punitive tariff\" NEAR/5 @e OR 2 OF ($l, steel))\nAND NOT title:beer'''",
    'none = ["quota"]',
    'not_near = { term = "steel", of = "band", within = 2 }',
    "[[rule.test]]",
    'text = "Steel and lithium."',
    'expect = "match"',
    'author = "Jane Doe"',
    'url = "https://x.example/a"',
)


def test_a_stored_version_is_rebuilt_and_its_hash_covers_what_the_query_names():
    made = only(WHOLE + NAMES)
    assert made.not_near == (NotNear(term=(Term(text="steel"),), of=(Term(text="band"),), within=2),)
    again = rebuild(made.definition)
    assert again == replace(made, file="", line=0, tests=tuple(replace(test, line=0) for test in made.tests))
    changed = only(WHOLE + NAMES.replace("lithium", "cobalt"))
    assert changed.hash != made.hash
    assert rebuild(changed.definition).hash == changed.hash
    assert only(WHOLE.replace("steel", "brass", 1) + NAMES).hash != made.hash


def test_versions_stored_before_there_were_queries_are_rebuilt():
    old = '{"entities":{},"lists":{},"rule":{"all":[],"any":["tariff"],"id":"a","none":["beer"]},"schema":1}'
    assert rebuild(old).expr == AllOf((Term(text="tariff"), Not(Term(text="beer"))))


@pytest.mark.parametrize(
    ("query", "fact", "expect"),
    [
        ("author:Doe", 'author = "Jane Doe"', "match"),
        ("author:Doe", 'author = "Jane Roe"', "no"),
        ("author:Doe", "", "no"),
        ('url:"/press/"', 'url = "https://x.example/press/1"', "match"),
        ('url:"/press/"', 'url = "https://x.example/sport/1"', "no"),
        ("source:gazette", 'source = "gazette"', "match"),
        ("source:gazette", 'source = "other"', "no"),
        ("tier:official", 'source = "official"', "match"),
        ("tier:official", "", "no"),
        ("lang:zh", 'lang = "zh"', "match"),
        ("lang:zh", 'lang = "en"', "no"),
    ],
)
def test_inline_tests_can_state_the_facts_that_a_query_asks_for(query, fact, expect):
    test = f'[[rule.test]]\ntext = "A tariff."\nexpect = "{expect}"\n{fact}'
    assert [failure.detail for failure in run_tests([only(rule(f"'tariff AND {query}'", test))])] == []
    other = "no" if expect == "match" else "match"
    assert len(run_tests([only(rule(f"'tariff AND {query}'", test.replace(f'"{expect}"', f'"{other}"')))])) == 1


def test_facts_of_a_test_are_checked():
    found = faults(rule("'tariff'", "[[rule.test]]", 'text = "x"', 'expect = "no"', 'author = ""', "url = 5"))
    assert [(fault.line, fault.column) for fault in found] == [(7, 10), (8, 7)]


def test_a_rule_with_a_query_can_be_shown():
    made = only(WHOLE + NAMES)
    assert "punitive tariff" in show(made)
    assert "punitive tariff" in sentence(made)


# ── a query that no file holds ───────────────────────────────────────────────────────────────────


def test_a_single_query_is_a_rule_with_the_folder_s_names():
    asked = load_query("@e NEAR/5 steel", {"f.toml": NAMES})
    assert (asked.faults, asked.elsewhere) == ((), ())
    assert asked.rule.id == "query"
    assert found(asked.rule, "Alpha is a law on steel.") == ["Alpha", "steel"]


def test_mistakes_of_a_single_query_count_its_own_lines():
    asked = load_query("steel\n  and @f", {"f.toml": NAMES, "bad.toml": "[[rule]\n"})
    assert asked.rule is None
    assert [(fault.file, fault.line, fault.column) for fault in asked.faults] == [("query", 2, 3), ("query", 2, 7)]
    assert [fault.file for fault in asked.elsewhere] == ["bad.toml"]
    assert "it may stand in a file that cannot be read: bad.toml" in asked.faults[1].remedy


def test_a_single_query_that_can_never_match_is_told_so():
    (fault,) = load_query("tariff AND NOT tariff", {}).faults
    assert str(fault).startswith("query:1:1: the query can never match: ")


REMARKS = [
    ("lang:en AND lang:zh AND tariff", ["can match only an article whose language is unknown: "]),
    ("a AND 华", ['"a" is a single letter or digit', '"华" is a single Chinese']),
    ("title:(a OR tin) AND 2 OF (b, tin, zinc)", ['"a" is a single', '"b" is a single']),
    ("tin OR zinc OR tin", ['"tin" stands twice side by side']),
    ("(tin NEAR/5 zinc) OR iron OR (tin NEAR/5 zinc)", ['("tin" NEAR/5 "zinc") stands twice']),
    ("vitamin ONEAR/0 C", []),
    ("tin AND NOT x", []),
    ("$l OR =x OR tin", []),
    ("author:x AND tin", []),
]


@pytest.mark.parametrize(("query", "remarks"), REMARKS, ids=[query for query, _ in REMARKS])
def test_what_only_looks_like_a_mistake_in_a_query_is_remarked_upon(query, remarks):
    asked = load_query(query, {"f.toml": NAMES.replace("lithium", "y")})
    assert asked.rule
    loaded = load({"f.toml": NAMES.replace("lithium", "y") + rule(f"'{query}'")})
    assert loaded.faults == ()
    of_rule = [fault for fault in loaded.warnings if "has no tests" not in fault.message]
    for said in (asked.warnings, of_rule):
        assert len(said) == len(remarks)
        assert all(words in fault.message for fault, words in zip(said, remarks, strict=True))


PLACES = [
    ("tin OR iron OR (a AND zinc)", "a AND"),
    ("iron OR tin OR zinc OR tin", "tin$"),
    ("tin AND (zinc OR tin OR iron OR tin)", "tin\\)$"),
    ("(tin NEAR/5 zinc) OR iron OR (tin NEAR/5 zinc)", "\\(tin NEAR/5 zinc\\)$"),
    ("@e OR $l OR @e", "@e$"),
    ("tin AND 2 OF ($l, zinc, lithium)", "2 OF"),
    ("tariff AND lang:en AND lang:zh", "lang:en"),
    ("tariff AND\n  lang:(en OR fr) AND lang:zh", "lang:\\(en"),
]


@pytest.mark.parametrize(("query", "place"), PLACES)
def test_a_remark_on_a_query_stands_at_its_word(query, place):
    (said,) = load_query(query, {"f.toml": NAMES}).warnings
    lines = query.split("\n")
    assert re.match(place, lines[said.line - 1][said.column - 1 :]), said
    shown, carets = said.excerpt.split("\n")
    assert re.match(place, shown[carets.index("^") :])
    loaded = load({"f.toml": NAMES + rule(f"'''\n{query}'''")})
    (of_rule,) = [fault for fault in loaded.warnings if "has no tests" not in fault.message]
    begin = NAMES.count("\n") + 3
    assert (of_rule.line - begin, of_rule.column) == (said.line, said.column)


IMPOSSIBLE = [
    ("tin AND (zinc AND iron) AND NOT zinc", "zinc AND iron"),
    ("iron AND (tin OR zinc) AND NOT (tin OR zinc)", "\\(tin OR zinc\\) AND NOT"),
    ("tin AND 2 OF (zinc, iron, lead) AND NOT (zinc OR iron)", "2 OF"),
    ("tin AND tier:wire AND tier:official", "tier:wire"),
    ("(tin NEAR/3 zinc) AND iron AND NOT (tin NEAR/3 zinc)", "\\(tin NEAR"),
]


@pytest.mark.parametrize(("query", "place"), IMPOSSIBLE)
def test_what_keeps_a_query_from_ever_matching_is_pointed_at(query, place):
    (said,) = load_query(query, {}).faults
    assert "can never match" in said.message
    assert re.match(place, query[said.column - 1 :]), said
    (of_rule,) = faults(rule(f"'{query}'"))
    assert of_rule.column == said.column + len("query = '")


def test_a_word_of_a_query_that_none_excludes_is_remarked_upon():
    (_, warning) = load({"f.toml": rule("'tin OR zinc'", 'none = ["zinc"]')}).warnings
    assert str(warning).startswith('f.toml:3:17: rule a: "zinc" stands in none too, so it never makes a match')


def test_control_characters_of_a_query_do_not_reach_its_messages():
    for fault in load_query('a\x1b[31m OR "b\x07" OR c\x9b:d', {}).faults:
        assert str(fault).isprintable()


def test_a_rule_s_mistakes_are_nothing_to_a_single_query():
    asked = load_query("steel", {"f.toml": rule("'and'") + '[[rule]]\nid = "b"\n'})
    assert (asked.elsewhere, asked.faults) == ((), ())
    assert load_query("steel", {"f.toml": NAMES.replace("law", "lwa")}).elsewhere


def test_files_that_could_not_be_read_are_told(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b"# \xe9")
    files, unread = read_folder(tmp_path)
    asked = load_query("steel", files, unread=unread)
    assert [fault.file for fault in asked.elsewhere] == ["latin.toml"]
    assert asked.rule
