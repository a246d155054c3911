"""``presswatch rules fmt``, ``schema``, ``new`` and ``check --watch`` as analysts and their editors use them."""

import json
import signal
import subprocess
import tomllib

import pytest

UNEVEN = '[[rule]]\nid="a"   # the first\nany=["x1","y1"]\n[[rule.test]]\ntext="x1"\nexpect="match"\n'
EVEN = '[[rule]]\nid = "a"  # the first\nany = ["x1", "y1"]\n\n[[rule.test]]\ntext = "x1"\nexpect = "match"\n'
NEW = ("rules", "new", "rare-earths", "--any", "rare earth", "--any", "稀土")
TESTS = ("--match", "Licences for rare earths.", "--no", "A museum of minerals.")


@pytest.fixture
def desk(desk):
    """The desk with its rule in the one layout."""
    path = desk.folder / "rules" / "rules.toml"
    path.write_text(path.read_text().lstrip())
    return desk


def test_fmt_lays_out_every_file_and_does_nothing_the_second_time(desk):
    desk.write("rules/deep/a.toml", UNEVEN)
    checked = desk.run("rules", "fmt", "--check")
    assert (checked.code, checked.out) == (1, "would change: rules/deep/a.toml\n")
    assert (desk.folder / "rules/deep/a.toml").read_text() == UNEVEN
    changed = desk.run("rules", "fmt")
    assert (changed.code, changed.out) == (0, "changed: rules/deep/a.toml\n")
    assert (desk.folder / "rules/deep/a.toml").read_text() == EVEN
    assert desk.run("rules", "fmt", "--check").out == "Nothing to change.\n"


def test_fmt_takes_files_by_name_with_their_line_ends_and_leaves_what_is_no_toml(desk):
    desk.write("rules/a.toml", UNEVEN)
    (desk.folder / "b.toml").write_bytes(UNEVEN.replace("\n", "\r\n").encode())
    desk.write("rules/bad.toml", "[[rule]\n")
    assert desk.run("rules", "fmt", "b.toml").out == "changed: b.toml\n"
    assert (desk.folder / "b.toml").read_bytes() == EVEN.replace("\n", "\r\n").encode()
    assert (desk.folder / "rules/a.toml").read_text() == UNEVEN
    result = desk.run("rules", "fmt")
    assert result.code == 1
    assert "rules/bad.toml:1:" in result.err
    assert (desk.folder / "rules/a.toml").read_text() == EVEN
    assert desk.run("rules", "fmt", "none.toml").code == 1


def test_the_schema_is_printed_or_written_and_named_in_the_files(desk):
    printed = json.loads(desk.run("rules", "schema").out)
    assert "RuleTable" in printed["definitions"]
    desk.write("rules/deep/a.toml", EVEN)
    desk.write("rules/own.toml", "#:schema https://example.org/s.json\n" + EVEN.replace('"a"', '"b"'))
    assert desk.run("rules", "schema", "--write").code == 0
    assert json.loads((desk.folder / "rules/.schema/rules.json").read_text()) == printed
    assert (desk.folder / "rules/deep/a.toml").read_text() == f"#:schema ./../.schema/rules.json\n\n{EVEN}"
    assert (desk.folder / "rules/own.toml").read_text().startswith("#:schema https://example.org/s.json\n")
    assert desk.run("rules", "schema", "--write", "--json").rows == [
        {"written": "rules/.schema/rules.json", "files": []}
    ]
    assert desk.run("rules", "check").code == 0


def test_a_schema_that_is_not_there_or_of_another_version_is_remarked_upon(desk):
    desk.run("rules", "schema", "--write")
    assert "schema" not in desk.run("rules", "check").err
    desk.write("rules/.schema/rules.json", "{}")
    assert "its schema is that of another version – presswatch rules schema --write" in desk.run("rules", "check").err
    (desk.folder / "rules/.schema/rules.json").unlink()
    assert "its schema ./.schema/rules.json is not there" in desk.run("rules", "check").err


def test_a_new_rule_is_written_with_its_tests_and_is_good(desk):
    result = desk.run(*NEW, *TESTS, "--theme", "trade", "--severity", "high", "--none", "museum shop")
    assert result.code == 0, result.err
    text = (desk.folder / "rules/rare-earths.toml").read_text()
    assert text.startswith('#:schema ./.schema/rules.json\n\n[[rule]]\nid = "rare-earths"\n')
    (rule,) = tomllib.loads(text)["rule"]
    assert (rule["any"], rule["none"], rule["severity"]) == (["rare earth", "稀土"], ["museum shop"], "high")
    assert [test["expect"] for test in rule["test"]] == ["match", "no"]
    assert desk.run("rules", "check").code == 0
    assert desk.run("rules", "fmt", "--check").code == 0
    assert desk.run("rules", "test", "rare-earths").code == 0


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        ((), 2, "these are needed: --match; --no"),
        (("--match", "A kettle.", "--no", "A pot."), 1, "its own test fails"),
        ((*TESTS, "--any", "x AND y"), 1, 'holds the operator "AND"'),
        ((*TESTS, "--file", "rules"), 2, "is there already"),
        ((*TESTS, "--file", "../outside"), 2, "a name inside the rules folder"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(desk, more, code, message):
    result = desk.run(*NEW, *more)
    assert (result.code, sorted(path.name for path in (desk.folder / "rules").iterdir())) == (code, ["rules.toml"])
    assert message in result.err


def test_an_id_that_is_taken_is_a_mistake(desk):
    result = desk.run(
        "rules", "new", "tariffs", "--any", "levy", "--match", "A levy.", "--no", "A pot.", "--file", "other"
    )
    assert result.code == 1
    assert "given to more than one rule" in result.err


def test_on_a_terminal_it_asks_and_asks_again(desk):
    typed = "Rare Earths\nrare-earths\n\ntrade\nhigh\nrare earth AND x\nrare earth\n\n\nLicences for rare earths.\nA museum.\n"
    result = desk.on_a_terminal("rules", "new", typed=typed)
    assert "small letters, digits, - and _" in result.out
    assert 'holds the operator "AND"' in result.out
    assert result.code == 0, result.out
    (rule,) = tomllib.loads((desk.folder / "rules/rare-earths.toml").read_text())["rule"]
    assert {key: rule[key] for key in ("title", "theme", "severity", "any")} == {
        "title": "Rare earths",
        "theme": "trade",
        "severity": "high",
        "any": ["rare earth"],
    }


def test_watching_checks_again_after_each_edit(desk):
    process = desk.start("rules", "check", "--watch", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        until(process, "all good")
        desk.write("rules/bad.toml", '[[rule]]\nid = "b"\nanny = ["x1"]\n')
        assert any("bad.toml:3:1" in line for line in until(process, "mistake"))
        (desk.folder / "rules/bad.toml").unlink()
        until(process, "all good")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 130


def until(process, wanted):
    """The lines up to one with ``wanted``; the test's own timeout ends a wait for nothing."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if wanted in line and "Watching" not in line:
            return lines
    raise AssertionError("".join(lines))


def test_a_new_rule_is_applied_to_the_archive(desk):
    desk.seed(1, "Kettles of copper arrive")
    desk.run("run", "--once")
    desk.write("rules/more.toml", '[[rule]]\nid = "copper"\nany = ["copper"]\n')
    dry = desk.run("rules", "apply", "copper", "--dry-run")
    assert (dry.code, "Kettles of copper arrive · seeds" in dry.out) == (0, True)
    assert "copper matches 1 of 1 article of the last 30d: 1 new, 0 known before." in dry.out
    assert desk.run("search", "copper", "--rule", "copper", "--json").rows == []
    told = desk.run("rules", "apply", "copper", "--since", "2020-01-01", "--alert")
    assert (told.code, "→ console" in told.out, "1 alert queued." in told.out) == (0, True, True)
    assert len(desk.run("search", "copper", "--rule", "copper", "--json").rows) == 1
    assert "applied to the archive on request" in desk.run("explain", "1").out
    assert "0 new, 1 known before" in desk.run("rules", "apply", "copper").out
    assert "cannot --alert" in desk.run("rules", "apply", "copper", "--alert", "--dry-run").err
