"""match --query: a query is tried before it becomes a rule, and told all its mistakes."""

import os

import pytest

NAMES = """
[[entity]]
id = "huawei"
name = "Huawei"
kind = "organization"
aliases = ["Huawei", "华为"]

[[terms]]
id = "chips"
any = ["semiconductor", "chip*"]
"""


def test_a_query_is_held_against_every_article_and_nothing_is_stored(desk):
    desk.seed(1, "Tariffs rise")
    desk.seed(2, "A calm day", "New tariffs on steel, and on pots.")
    desk.seed(3, "Rain", "It rains on steel.")
    result = desk.run("match", "--query", "tariff NEAR/1 steel", "seeds")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "Tariffs rise  seeds/1.txt",
        "  the query does not match",
        "A calm day  seeds/2.txt",
        "  query: 2 hits – tariffs, steel",
        "      “New tariffs on steel, and on pots.”",
        "Rain  seeds/3.txt",
        "  the query does not match",
        "The query matches 1 of 3 articles.",
    ]
    assert not (desk.folder / "var").exists()


def test_a_query_that_matches_nothing_is_no_failure(desk):
    result = desk.run("match", "--query", "steel", str(desk.write("a.txt", "It rains.")))
    assert (result.code, result.out.splitlines()[1:]) == (0, ["  the query does not match"])
    result = desk.run("match", "--query", "steel", "a.txt", "--json")
    assert (result.code, result.out) == (0, "")


def test_entities_and_lists_of_the_folder_may_be_named(desk):
    desk.write("rules/names.toml", NAMES)
    desk.write("a.txt", "华为发布新款芯片。 Its chipset is new.")
    result = desk.run("match", "--query", "@huawei AND $chips", "a.txt", "--json")
    (row,) = result.rows
    assert (result.code, row["rule"], row["file"]) == (0, "query", "a.txt")
    assert [(hit["term"], hit["text"]) for hit in row["hits"]] == [("华为", "华为"), ("chip*", "chipset")]


def test_every_mistake_is_shown_with_its_place_and_a_repair_before_anything_is_read(desk):
    result = desk.run("match", "--query", "tariff and 出口 AND\n@nobody", "missing.txt")
    assert (result.code, result.out) == (2, "")
    assert "missing.txt" not in result.err
    lines = result.err.splitlines()
    first, second = (number for number, line in enumerate(lines) if line.startswith("query:"))
    assert lines[first].startswith("query:1:8: ")
    assert lines[first + 1 : first + 3] == ["    tariff and 出口 AND", "           ^^^"]
    assert lines[first + 3].startswith("    → ")
    assert "AND" in lines[first + 3]
    assert lines[second].startswith('query:2:1: there is no entity "@nobody"')
    assert lines[second + 1 : second + 3] == ["    @nobody", "    ^^^^^^^"]


def test_mistakes_are_objects_for_scripts(desk):
    result = desk.run("match", "--query", "steel and @nobody", "seeds", "--json")
    assert (result.code, result.err) == (2, "")
    faults = [row["fault"] for row in result.rows]
    assert [(fault["file"], fault["line"], fault["column"]) for fault in faults] == [("query", 1, 7), ("query", 1, 11)]
    assert all(fault["message"] and fault["remedy"] for fault in faults)
    assert faults[1]["excerpt"] == "steel and @nobody\n          ^^^^^^^"


def test_what_only_looks_like_a_mistake_is_a_hint(desk):
    article = str(desk.write("a.txt", "Tariffs."))
    result = desk.run("match", "--query", "tariff AND (lang:en AND lang:zh)", article)
    assert (result.code, "query: 1 hit – Tariffs" in result.out) == (0, True)
    assert result.err.startswith("query:1:13: the query can match only an article whose language is unknown")
    assert desk.run("match", "--query", "tariff AND (lang:en AND lang:zh)", article, "--json").err == ""


def test_mistakes_elsewhere_in_the_folder_are_named_and_keep_nothing_back(desk):
    desk.write("rules/bad.toml", '[[rule]]\nid = "b"\nseverity = "hihg"\nany = ["x"]\n' + NAMES.replace("chip*", "c*"))
    article = str(desk.write("a.txt", "Huawei sells semiconductors."))
    result = desk.run("match", "--query", "@huawei", article)
    assert result.code == 0
    assert "query: 1 hit – Huawei" in result.out
    assert "rules has mistakes" in result.err
    assert "presswatch rules check" in result.err
    result = desk.run("match", "--query", "@huawei AND $chips", article)
    assert result.code == 2
    assert '"$chips" has a mistake itself' in result.err
    assert "mend it first: bad.toml:" in result.err


def test_rules_check_shows_the_mistakes_of_a_rule_s_query_the_same_way(desk):
    desk.write("rules/own.toml", '[[rule]]\nid = "own"\nquery = "出口 and \\"steel pipe\\""\n')
    result = desk.run("rules", "check")
    assert result.code == 1
    assert result.err.splitlines()[:4] == [
        'rules/own.toml:3:13: "and": operators are written in capitals',
        '    出口 and "steel pipe"',
        "         ^^^",
        '    → write AND, or "and" to look for the word',
    ]
    (row, *_) = desk.run("rules", "check", "--json").rows
    assert row["fault"]["excerpt"] == '出口 and "steel pipe"\n     ^^^'


def test_a_file_that_cannot_be_read_is_said(desk):
    result = desk.run("match", "--query", "steel", "missing.txt")
    assert (result.code, result.out) == (1, "")
    assert "missing.txt: cannot be read" in result.err


def test_the_query_or_the_article_may_come_from_standard_input(desk):
    desk.write("a.txt", "Steel and\n\ntariffs.")
    result = desk.run("match", "--query", "-", "a.txt", stdin="\ufeffsteel\nAND tariff\n")
    assert (result.code, "query: 2 hits" in result.out) == (0, True)
    result = desk.run("match", "--query", "-", "a.txt", stdin="steel\nand tariff\n")
    assert (result.code, "query:2:1: " in result.err) == (2, True)
    result = desk.run("match", "--query", "steel", "-", stdin="Steel.")
    assert (result.code, "query: 1 hit" in result.out) == (0, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--query", "-", "-"), "only one of the query and the article"),
        (("--query", "steel", "--rule", "tariffs", "seeds"), "--query stands in place of the rules"),
        (("--query", "steel", "--query", "tin", "seeds"), "one at a time"),
        (("--query", "", "seeds"), "query:1:1: "),
        (("--query", "AND \x1b[31m\u202ex y", "seeds"), "query:1:5: "),
        (("--query", os.fsdecode(b"caf\xe9"), "seeds"), "query:1:4: "),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(shared_desk, options, words):
    result = shared_desk.run("match", *options)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert not {"\x1b", "\u202e"} & set(result.err)
