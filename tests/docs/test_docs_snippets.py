"""Every command and snippet of the documentation is run: somebody follows each page from top to bottom."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from reader import Block, agrees, blocks, commands, reader

from bot.config import load
from bot.reload import compile_rules

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL = [(page, block) for page in PAGES for block in blocks(page)]
# What nobody can run here is shown only. A page that needs more of it says so in this table.
SHOWN = ("", "text")
SHOWN_ONLY = {"design.md": 1, "getting-started.md": 1, "performance.md": 7, "query-language.md": 21, "scaling.md": 1}


def of(language: str) -> list:
    return [
        pytest.param(page, block, id=f"{page.name}:{block.line}") for page, block in ALL if block.language == language
    ]


@pytest.mark.timeout(300)  # a dozen processes, one after the other
@pytest.mark.parametrize("page", [page for page in PAGES if any(b.language == "console" for b in blocks(page))], ids=lambda page: page.name)  # fmt: skip
def test_somebody_can_follow_the_page_from_top_to_bottom(page, tmp_path):
    with reader(tmp_path) as somebody:
        for block in blocks(page):
            somebody.follow(block)


@pytest.mark.parametrize(("page", "block"), of("toml"))
def test_toml_is_rules_or_a_configuration(page, block, tmp_path):
    is_rules = block.name.startswith("rules/") or page.name == "rules.md"
    if is_rules:
        live = compile_rules({"example.toml": block.text})
        assert live.faults == ()
        assert all(rule.tests for rule in live.ruleset.rules.values()), "a rule that is shown has tests beside it"
    else:
        (tmp_path / "config.toml").write_text(block.text.replace("/run/secrets/", ""))
        (tmp_path / "slack-token").write_text("xoxb-test\n")
        load(None, {}, tmp_path)


@pytest.mark.parametrize(("page", "block"), of("sh"))
def test_shell_lines_are_such(page, block):
    subprocess.run(["bash", "-n", "-c", block.text], check=True)


def test_every_block_says_what_it_is():
    known = {"console", "sh", "toml", *SHOWN}
    unknown = [f"{page.name}:{block.line}" for page, block in ALL if block.language not in known]
    assert unknown == []


def test_what_is_shown_only_does_not_grow_unnoticed():
    # The page of commands is written by docs/make_cli.py: it shows the commands' own help.
    shown = Counter(page.name for page, block in ALL if block.language in SHOWN and page.name != "cli.md")
    assert shown == SHOWN_ONLY


def test_every_line_of_a_console_block_belongs_to_a_command():
    wrong = [f"{page.name}:{block.line}" for page, block in ALL if block.language == "console" if not block.text.startswith("$ ")]  # fmt: skip
    assert wrong == []


def test_promises_of_a_console_block_are_read():
    found = commands(Block("console", "", "$ one --x  # exit code 1\nout\n\nmore\n$ two\n", 1))
    assert [(c.line, c.code, c.shown) for c in found] == [("one --x", 1, "out\n\nmore"), ("two", 0, None)]


@pytest.mark.parametrize(
    ("shown", "output", "same"),
    [
        ("a … c", "a b b c\n", True),
        ("a … c", "a b\nc", False),
        ("a\n…\nc", "a\nb\nb\nc\n", True),
        ("a\n…\nc", "a\nc", True),
        ("a\n…\nc", "a\nc\nb", False),
        ("a\n…", "a\nb\nb", True),
        ("a", "a\nb", False),
        ("a.c", "abc", False),
    ],
)
def test_what_is_shown_is_compared_with_what_is_printed(shown, output, same):
    assert agrees(shown, output) is same
