"""``rules backtest`` as its users meet it."""

import json
import subprocess
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.backtest import Backtest, Flow, RuleEffect
from bot.cli.rules_backtest_markdown import MOST, code, comment
from bot.cli.rules_backtest_report import Report

RULES = '[[rule]]\nid = "metals"\nany = ["{}"]\n'


def git(desk, *args):
    who = ("-c", "user.name=A", "-c", "user.email=a@desk.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(desk.folder), *who, *args], check=True, capture_output=True)


@pytest.fixture
def metals(desk):
    """A desk that has told of tin, and now looks for zinc."""
    desk.write("rules/rules.toml", RULES.format("tin"))
    desk.seed(1, "Tin is dear", "A mine in the hills was flooded, and buyers wait.")
    desk.seed(2, "Zinc is dear", "The smelter on the coast struck for higher wages.")
    desk.run("run", "--once")
    desk.write("rules/rules.toml", RULES.format("zinc"))
    return desk


def test_what_was_gained_and_lost_is_shown_with_whom_it_would_have_told(metals):
    result = metals.run("rules", "backtest")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "Against the rules in use: 2 archived articles of the last 30 days",
        "metals (changed): +1 / −1 stories, 1 → 1; matches 1 article (50.0 %)",
        "  + Zinc is dear  #2",
        "  − Tin is dear  #1",
        "destination  before  after",
        "console      1.0     1.0    +0.0",
        "Stories told a day, the average of 1 day. Replies, mutes and what first polls brought are not counted.",
    ]
    assert metals.run("rules", "backtest", "--changed").out == result.out
    assert "Nothing differs" not in metals.run("rules", "backtest", "metals").out


def test_how_many_headlines_are_named_can_be_said(metals):
    metals.write("rules/rules.toml", RULES.format('dear", "zinc'))
    result = metals.run("rules", "backtest", "--last", "0")
    assert "is dear" not in result.out
    assert "    and 1 more: --last 1 shows them\n" in result.out


def test_a_revision_of_git_can_be_compared_with(metals):
    git(metals, "init", "-q", "-b", "main")
    git(metals, "add", "rules")
    git(metals, "commit", "-q", "-m", "Zinc")
    assert "Nothing differs from main (" in metals.run("rules", "backtest", "--against", "main").out
    metals.write("rules/more.toml", RULES.format("mine").replace("metals", "mines"))
    head, effect, story, flow = metals.run("rules", "backtest", "--against", "main", "--json").rows
    assert head["against"].startswith("main (")
    assert (effect["rule"], effect["change"], effect["gained"], effect["lost"]) == ("mines", "new", 1, 0)
    assert (story["effect"], story["headline"]) == ("gained", "Tin is dear")
    assert (flow["before"], flow["after"]) == (1, 2)
    wrong = metals.run("rules", "backtest", "--against", "nobody")
    assert (wrong.code, "git knows no such revision" in wrong.err) == (2, True)


def test_what_was_wrong_at_a_revision_is_said(metals):
    git(metals, "init", "-q", "-b", "main")
    git(metals, "commit", "-q", "-m", "Nothing", "--allow-empty")
    assert "held no rules" in metals.run("rules", "backtest", "--against", "main").err
    metals.write("rules/rules.toml", RULES.format("zinc") + "sverity = 1\n")
    git(metals, "add", "rules")
    git(metals, "commit", "-q", "-m", "Misspelt")
    metals.write("rules/rules.toml", RULES.format("zinc"))
    result = metals.run("rules", "backtest", "--against", "main")
    assert "had 1 mistake; those rules count as off" in result.err
    assert "metals (new): +1 / −0 stories" in result.out


def test_a_rule_at_fault_is_not_taken_for_removed(metals):
    """Until it is mended its last good version stays in force."""
    metals.write("rules/rules.toml", RULES.format("zinc") + "sverity = 1\n")
    result = metals.run("rules", "backtest", "--markdown")
    assert (result.code, "sverity" in result.err) == (1, True)
    assert "Nothing differs from `the rules in use`. **1 mistake** in the rule files" in result.out


def test_more_than_a_destination_should_get_ends_with_1(metals):
    metals.write("rules/rules.toml", RULES.format('tin", "zinc'))
    assert metals.run("rules", "backtest", "--fail-over", "2").code == 0
    result = metals.run("rules", "backtest", "--fail-over", "1.5")
    assert (result.code, "console would be told of more than 1.5 stories a day" in result.err) == (1, True)
    metals.run("run", "--once", "--force")
    assert metals.run("rules", "backtest", "metals", "--fail-over", "1").code == 0, "it is no more than before"


def test_no_more_of_an_article_is_shown_than_its_source_allows(metals):
    metals.write(
        "seeds/bare.txt", "Zinc prices of the third quarter surprised the traders who had sold in May.\n\nMore.\n"
    )
    config = (metals.folder / "config.toml").read_text()
    metals.write("config.toml", config.replace('kind = "folder"', 'kind = "folder"\nexcerpt = 20'))
    metals.write("rules/rules.toml", RULES.format("tin"))
    metals.run("run", "--once", "--force")
    metals.write("rules/rules.toml", RULES.format("zinc"))
    shown = [row["headline"] for row in metals.run("rules", "backtest", "--json").rows if row.get("effect") == "gained"]
    assert sorted(shown) == ["Zinc is dear", "Zinc prices of the…"]
    assert "third quarter" not in metals.run("rules", "backtest", "--markdown").out


@pytest.mark.parametrize(
    "arguments", [("nobody",), ("metals", "--changed"), ("--markdown", "--json"), ("--days", "0"), ("--fail-over", "x")]
)
def test_wrong_use(metals, arguments):
    assert metals.run("rules", "backtest", *arguments).code == 2


def test_without_an_archive_it_says_so(desk):
    result = desk.run("rules", "backtest", "--markdown")
    assert (result.code, "No archive yet" in result.err) == (0, True)
    assert result.out == "### Backtest of the rules\n\nThere is no archive to hold the rules against.\n"
    desk.write("rules/rules.toml", "[[rule]]\n")
    assert desk.run("rules", "backtest").code == 1


# ── the comment on a pull request ────────────────────────────────────────────────────────────────


def test_the_comment_is_markdown_with_tables_and_headlines_to_unfold(metals):
    out = metals.run("rules", "backtest", "--markdown").out
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(out)
    assert html.count("<table>") == 2
    assert "<details><summary>metals: +1 / −1 stories</summary>" in html
    assert "<li>\n<p>− <code>Tin is dear</code></p>" in html or "<li>− <code>Tin is dear</code></li>" in html
    assert "<td><code>console</code></td>" in html


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1))
def test_words_of_others_are_nothing_but_words_in_it(text):
    """Neither mentions nor links nor marks; as a headline comes: on one line, without blanks at its ends."""
    assert (
        MarkdownIt().render(f"- {code(text)}")
        == f"<ul>\n<li><code>{escape(text).replace('&#x27;', chr(39))}</code></li>\n</ul>\n"
    )


@given(st.integers(0, 3_000), st.integers(0, 400), st.integers(0, 30))
def test_it_never_is_longer_than_github_takes(rules, length, stories):
    effects = tuple(
        RuleEffect(
            rule=f"{'r' * (length // 10)}{number}",
            kind="changed",
            articles_before=0,
            articles=stories,
            stories_before=0,
            stories=stories,
            gained=tuple(range(stories)),
            lost=(),
        )
        for number in range(rules)
    )
    flows = (Flow(destination="d", before=1, after=2),)
    found = Backtest(articles=stories, removed=0, first_polls=0, days=1, rules=effects, flows=flows)
    headlines = dict.fromkeys(range(stories), "x" * length)
    report = Report(against="main", asked=30, found=found, headlines=headlines, last=5, mistakes=1)
    written = comment(report)
    assert len(written) <= MOST + 500
    shown = written.count("| changed |")
    assert (shown == rules) != ("more rule" in written.split("<details>")[0])
    assert not rules or "| `d` | 1.0 | 2.0 | +1.0 |" in written


def test_json_has_one_object_per_line(metals):
    out = metals.run("rules", "backtest", "--json").out
    assert all(isinstance(json.loads(line), dict) for line in out.splitlines())
