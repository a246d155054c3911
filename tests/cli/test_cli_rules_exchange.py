"""``rules import`` and ``rules export`` as their users meet them."""

from bot.rules import load


def test_an_imported_string_is_a_rule_that_loads(desk):
    desk.write("search.txt", "huawei near5 (ban or curb*)\nand hd=tariff\n")
    result = desk.run("rules", "import", "--from", "factiva", "search.txt")
    assert (result.code, result.err) == (0, "")
    loaded = load({"imported.toml": result.out})
    assert loaded.faults == ()
    assert list(loaded.ruleset.rules) == ["search"]
    assert "# Translated from Factiva (search.txt)." in result.out


def test_a_string_may_come_from_standard_input_with_an_id_of_its_own(desk):
    result = desk.run("rules", "import", "--from", "brandwatch", "--id", "steel", "-", stdin="steel NEAR/3 tin")
    assert (result.code, 'id    = "steel"' in result.out) == (0, True)
    (row,) = desk.run("rules", "import", "--from", "lexis", "--json", "-", stdin="steel w/3 tin").rows
    assert row["query"] == '("steel" NEAR/3 "tin")'


def test_a_string_with_something_that_has_no_like_here_is_refused(desk):
    result = desk.run("rules", "import", "--from", "lexis", "-", stdin="steel and HLEAD(china)")
    assert (result.code, result.out) == (1, "")
    lines = result.err.splitlines()
    assert lines[0] == 'standard input:1:11: "HLEAD(…)" of Lexis has no like here'
    assert lines[2] == "              ^^^^^"


def test_a_translation_that_is_no_rule_here_is_refused_with_the_query_it_would_be(desk):
    result = desk.run("rules", "import", "--from", "lexis", "-", stdin="not steel")
    assert result.code == 1
    assert 'As a query of Presswatch it is: NOT "steel"' in result.err


def test_a_missing_file_and_an_unknown_service_are_wrong_use(desk):
    result = desk.run("rules", "import", "--from", "lexis", "missing.txt")
    assert (result.code, "missing.txt cannot be read" in result.err) == (2, True)
    assert desk.run("rules", "import", "--from", "nobody", "-").code == 2


def test_rules_are_exported_one_a_line_and_those_that_cannot_be_are_named(desk):
    result = desk.run("rules", "export")
    assert (result.code, result.out) == (0, "# tariffs\n(tariff OR tariff's OR tariffs)\n")
    desk.write("rules/more.toml", '[[rule]]\nid = "exact"\nany = ["=Steel"]\n')
    result = desk.run("rules", "export")
    assert (result.code, "# tariffs" in result.out) == (1, True)
    assert 'exact is not written: "Steel" is found as it is written' in result.err
    result = desk.run("rules", "export", "tariffs", "--json")
    assert (result.code, [row["query"] for row in result.rows]) == (0, ["(tariff OR tariff's OR tariffs)"])
    assert desk.run("rules", "export", "nobody").code == 2
