"""The documentation is executed: commands exist, rule examples load and pass their own tests, links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS, cli
from bot.reload import compile_rules
from bot.rules import files as rule_files

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def mentioned_commands() -> list[tuple[str, str]]:
    """Every ``presswatch …`` in a console block or in code quotes, with its page."""
    found = set()
    for page in PAGES:
        text = page.read_text("utf-8")
        quoted = re.findall(r"`presswatch ([^`\n]+)`", text)
        typed = [
            line
            for block in blocks(page, "console")
            for line in re.findall(r"^ *\$ presswatch (.+)$", block, re.MULTILINE)
        ]
        found.update((page.name, command.replace("\\|", "|")) for command in (*quoted, *typed))
    return sorted(found)


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that ``words`` begin with, and the words that are left."""
    command: click.Command = cli
    while words and isinstance(command, click.Group):
        inner = command.get_command(click.Context(command), words[0])
        if inner is None:
            break
        command, words = inner, words[1:]
    return command, words


@pytest.mark.parametrize(("page", "command"), mentioned_commands(), ids=str)
def test_every_command_in_the_documentation_exists(page, command):
    words = shlex.split(command.replace("…", ""))
    if words[0] in {"COMMAND", "--help"}:
        return
    found, rest = resolve(words)
    alone = not isinstance(found, click.Group) or found.invoke_without_command
    assert alone or not rest, f"{page}: presswatch {command}"
    known = {option for parameter in found.params for option in parameter.opts} | {"--help"}
    options = {word.split("=")[0] for word in rest if word.startswith("-")}
    assert options <= known, f"{page}: presswatch {command}"


def leaves(group: click.Group, path: str = "presswatch") -> list[str]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        inner = group.get_command(context, name)
        if isinstance(inner, click.Group):
            found += leaves(inner, f"{path} {name}")
        if not isinstance(inner, click.Group) or inner.invoke_without_command:
            found.append(f"{path} {name}")
    return found


def test_every_command_is_in_the_documentation():
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert [leaf for leaf in leaves(cli) if f"`{leaf}" not in text] == []


def test_the_help_lines_of_the_index_are_those_of_the_commands():
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert command.name == name
        assert command.help


@pytest.mark.parametrize("number", range(len(blocks(ROOT / "docs" / "rules.md", "toml"))))
def test_the_rule_examples_load_and_pass_their_own_tests(number):
    text = blocks(ROOT / "docs" / "rules.md", "toml")[number]
    live = compile_rules({"example.toml": text})
    assert live.faults == ()
    assert all(rule.tests for rule in live.ruleset.rules.values())


def test_the_keys_of_the_rules_page_are_those_of_the_models():
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    table = page.split("| key | meaning | default |")[1].split("\n\n")[0]
    told = {key for cell in re.findall(r"^\| (`.+?`) \|", table, flags=re.MULTILINE) for key in re.findall(r"`(\w+)`", cell)}  # fmt: skip
    # "test" has a table of its own in the examples, "query" is named as what is refused.
    assert told | {"test", "query"} == set(rule_files.RuleTable.model_fields)
    about_tests = page.split("A test is a small article")[1].split("\n\n")[0]
    assert [key for key in rule_files.TestTable.model_fields if f"`{key}" not in about_tests] == []


def test_the_terms_table_says_what_the_matcher_does():
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    rows = re.findall(r'^\| `"(.+?)"` \| (.+?) \|$', page, flags=re.MULTILINE)
    assert len(rows) >= 6
    extra = '[[entity]]\nid="huawei"\nname="Huawei"\nkind="organization"\naliases=["Huawei"]\n[[terms]]\nid="chips"\nany=["chip"]\n'
    for term, _ in rows:
        rule = f"[[rule]]\nid = 'x'\ntitle = 'X'\nany = ['{term}']\n"
        assert compile_rules({"x.toml": extra + rule}).faults == (), term


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings_that_exist(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if target.startswith(("http:", "https:")):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, target


def test_the_quick_start_is_two_commands():
    out = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "quickstart.py"), str(ROOT / "README.md")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert len(out) == 2
    assert out[0].endswith("presswatch run --once")
    assert "pytest" in out[1]
    for command in out:
        assert "sudo apt install python3-venv" in command, "the remedy where a system Python lacks venv"
        subprocess.run(["bash", "-n", "-c", command], check=True)
