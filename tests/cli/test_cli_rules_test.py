"""``presswatch rules test``: a test runner for analysts, and a wrong alert that becomes a test."""

import tomllib
from xml.etree import ElementTree as ET

import pytest

FILE = """# The desk's rules.

[[rule]]
id = "tariffs"
title = "Tariffs"
any = ["tariff"]  # and duties?

[[rule.test]]
text = "New tariffs on kettles."
expect = "match"
# from the handbook

# ── pots ──
[[rule]]
id = "pots"
any = ["copper pot"]
all = ["kettle"]
"""


@pytest.fixture
def desk(desk):
    desk.write("rules/rules.toml", FILE)
    return desk


def wrong_alert(desk, text="The museum shows a tariff of 1822. It is written on vellum.", **front):
    front = {"title": "Old papers on show", **front}
    head = "".join(f"{key}: {value}\n" for key, value in front.items())
    desk.write("seeds/1.txt", f"---\n{head}---\nA long beginning without it.\n\n{text}\n")
    desk.run("run", "--once")


def rules(desk):
    return tomllib.loads((desk.folder / "rules" / "rules.toml").read_text())["rule"]


def test_every_file_has_a_line_with_a_mark_for_each_test(desk):
    desk.write(
        "rules/more.toml", '[[rule]]\nid = "m"\nany = ["mug"]\n' + '[[rule.test]]\ntext = "A mug"\nexpect = "no"\n' * 2
    )
    result = desk.run("rules", "test")
    assert result.code == 1
    assert result.out.splitlines()[:2] == ["rules/more.toml FF", "rules/rules.toml ."]
    assert 'FAILED m (rules/more.toml:7): should not match, but does, because of "mug": "A mug"' in result.out
    assert result.out.splitlines()[-1] == "1 passed, 2 failed, 1 rule without tests"
    told = desk.run("rules", "test", "tariffs", "-v")
    assert told.code == 0
    assert "rules/rules.toml:8 tariffs passed match: New tariffs on kettles." in told.out


def test_a_rule_that_should_match_says_what_is_in_the_way(desk):
    desk.write("rules/rules.toml", FILE + '[[rule.test]]\ntext = "A copper pot."\nexpect = "match"\n')
    lines = desk.run("rules", "test", "pots").out.splitlines()
    assert lines[1].startswith("FAILED pots (rules/rules.toml:18): should match, but does not")
    assert lines[2].strip() == '"kettle" does not occur'


def test_junit_has_a_case_for_each_test_and_each_mistake(desk):
    desk.write("rules/bad.toml", '[[rule]]\nid = "b"\nanny = ["x"]\n')
    desk.write("rules/rules.toml", FILE + '[[rule.test]]\ntext = "A \\u0007 copper <pot>"\nexpect = "match"\n')
    assert desk.run("rules", "test", "--junit", "out.xml").code == 1
    root = ET.parse(desk.folder / "out.xml").getroot()
    assert {key: root.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "4",
        "failures": "1",
        "errors": "2",
    }
    passed, failed = root.find("testsuite[@name='rules.toml']")
    assert (passed.get("classname"), passed.get("name"), len(passed)) == (
        "tariffs",
        "match: New tariffs on kettles.",
        0,
    )
    assert failed.find("failure").text == '"copper pot" does not occur\n"kettle" does not occur'
    assert failed.get("line") == "18"


def test_a_report_that_cannot_be_written_is_said(desk):
    result = desk.run("rules", "test", "--junit", "no/such/out.xml")
    assert (result.code, "cannot be written" in result.err) == (2, True)


def test_a_wrong_alert_becomes_a_test_in_the_right_place_and_all_else_stays(desk):
    wrong_alert(desk)
    assert "alert 1" in desk.run("alerts").out
    result = desk.run("rules", "test", "--from-alert", "1", "--expect", "no")
    assert result.code == 1, "the rule has to be mended yet"
    text = (desk.folder / "rules" / "rules.toml").read_text()
    added = '[[rule.test]]\ntext = "The museum shows a tariff of 1822."\nexpect = "no"\n'
    assert text == FILE.replace("# from the handbook\n", f"# from the handbook\n\n{added}")
    assert "should not match, but does" in result.out
    desk.write("rules/rules.toml", text.replace('any = ["tariff"]', 'any = ["tariff"]\nnone = ["museum"]'))
    assert desk.run("rules", "test").code == 0


def test_by_address_and_rule_and_as_something_that_should_match(desk):
    wrong_alert(desk, url="https://e.example/a?utm_source=x")
    result = desk.run("rules", "test", "--from-alert", "http://e.example/a", "--rule", "pots", "--expect", "match")
    assert result.code == 1
    (added,) = rules(desk)[1]["test"]
    assert added == {"title": "Old papers on show", "text": "A long beginning without it.", "expect": "match"}


def test_what_the_rule_does_already_is_said(desk):
    wrong_alert(desk)
    desk.write("rules/rules.toml", FILE.replace('any = ["tariff"]', 'any = ["tariff"]\nnone = ["museum"]'))
    result = desk.run("rules", "test", "--from-alert", "1")
    assert result.code == 0
    assert "does so already" in result.err


def test_facts_go_along_where_the_rule_asks_for_them(desk):
    text = FILE.replace('any = ["tariff"]', "query = 'tariff AND source:seeds AND url:\"e.example\"'").replace(
        "New", "No"
    )
    desk.write("rules/rules.toml", text.replace('expect = "match"', 'expect = "no"'))
    wrong_alert(desk, url="https://e.example/a")
    desk.run("rules", "test", "--from-alert", "1")
    assert rules(desk)[0]["test"][1] == {
        "text": "The museum shows a tariff of 1822.",
        "source": "seeds",
        "url": "https://e.example/a",
        "expect": "no",
    }


def test_words_that_a_source_does_not_let_be_quoted_are_not_written(desk):
    config = (desk.folder / "config.toml").read_text()
    desk.write("config.toml", config + 'excerpt = "none"\n')
    wrong_alert(desk)
    result = desk.run("rules", "test", "--from-alert", "1", "--expect", "no")
    assert result.code == 1
    assert "1822" not in (desk.folder / "rules" / "rules.toml").read_text()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--from-alert", "7"), "there is no alert 7"),
        (("--from-alert", "https://e.example/none"), "there is no article https://e.example/none"),
        (("--from-alert", "1", "--rule", "tarifs"), 'did you mean "tariffs"?'),
    ],
)
def test_what_is_not_there_is_said(desk, args, message):
    wrong_alert(desk)
    result = desk.run("rules", "test", *args)
    assert (result.code, (desk.folder / "rules" / "rules.toml").read_text()) == (2, FILE)
    assert message in result.err


def test_without_an_archive_there_is_nothing_to_take(desk):
    assert "there is no archive yet" in desk.run("rules", "test", "--from-alert", "1").err
