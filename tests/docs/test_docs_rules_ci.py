"""The recipe for reviews of rules: GitHub's own keys, our own commands, and a comment that says what was found."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml  # comes with Apprise

from bot.cli import cli
from bot.cli.rules_backtest_markdown import TITLE

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "docs" / "rules-ci.yml"
# YAML 1.1, which this reader speaks, takes the key "on" for a truth value.
FLOW = {{True: "on"}.get(key, key): value for key, value in yaml.safe_load(RECIPE.read_text("utf-8")).items()}
(JOB,) = FLOW["jobs"].values()
STEPS = JOB["steps"]
OURS = [step["run"] for step in STEPS if "presswatch rules" in step.get("run", "")]
COMMENT = STEPS[-1]
RULE = '[[rule]]\nid = "tariffs"\nany = ["{}"]\n'
# https://docs.github.com/actions/reference/workflow-syntax-for-github-actions
FLOW_KEYS = {"name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"}
JOB_KEYS = {
    "name",
    "needs",
    "if",
    "runs-on",
    "environment",
    "env",
    "steps",
    "timeout-minutes",
    "permissions",
    "strategy",
}
STEP_KEYS = {"id", "if", "name", "uses", "run", "with", "env", "shell", "working-directory", "timeout-minutes"}


def test_it_is_a_workflow_of_github():
    assert FLOW.keys() <= FLOW_KEYS
    assert JOB.keys() <= JOB_KEYS
    assert [step.keys() - STEP_KEYS for step in STEPS if step.keys() - STEP_KEYS] == []
    assert [step for step in STEPS if ("uses" in step) == ("run" in step)] == []
    assert FLOW["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert STEPS[0]["with"]["fetch-depth"] == 0, "or there is no revision to compare with"


def test_nothing_that_a_stranger_writes_is_run_as_a_command():
    """What stands in ``${{ }}`` is put into the script before the shell reads it: such values come by the environment."""
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("line", OURS, ids=lambda line: " ".join(line.split()[:3]))
def test_its_commands_and_options_exist(line):
    _, group, name, *arguments = shlex.split(line.partition(" > ")[0])
    command = cli.get_command(click.Context(cli), group).get_command(click.Context(cli), name)
    command.make_context(name, arguments)


@pytest.fixture
def review(tmp_path):
    """A checkout of a pull request that changes a rule, with an archive, and a gh that writes down what it is asked."""
    folder, programs = tmp_path / "checkout", tmp_path / "bin"
    (folder / "seeds").mkdir(parents=True)
    programs.mkdir()
    for name, script in {
        "presswatch": f'exec {sys.executable} -m bot "$@"',
        "gh": 'printf "%s\\n" "$*" >> "$GH_LOG"; case "$*" in *--paginate*) printf "%s" "$GH_FOUND";; esac',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PRESSWATCH_", "SLACK_"))}
    environment = {
        **kept,
        "PATH": f"{programs}:{kept['PATH']}",
        "PYTHONPATH": str(ROOT),
        "BASE": "origin/main",
        "GITHUB_REPOSITORY": "desk/rules",
        "PULL": "7",
        "GH_LOG": str(tmp_path / "gh.log"),
        "GH_FOUND": "",
        "PRESSWATCH_DATABASE_URL": "",
    }

    def run(script, **more):
        command = ["bash", "-e", "-c", script]  # as a runner does
        return subprocess.run(
            command, cwd=folder, env={**environment, **more}, check=False, capture_output=True, text=True
        )

    (folder / "config.toml").write_text('[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\n')
    (folder / "rules").mkdir()
    (folder / "rules" / "a.toml").write_text(RULE.format("tariff"))
    (folder / "seeds" / "1.txt").write_text("---\ntitle: Quotas are back\n---\nThe ministry counts pots again.\n")
    assert run("presswatch run --once").returncode == 0
    who = "git -c user.name=A -c user.email=a@desk.example -c commit.gpgsign=false"
    done = run(
        f"git init -q -b main && git add rules && {who} commit -qm Rules && git update-ref refs/remotes/{environment['BASE']} HEAD"
    )
    assert done.returncode == 0, done.stderr
    (folder / "rules" / "a.toml").write_text(RULE.format("quota"))
    run.folder, run.log = folder, tmp_path / "gh.log"
    return run


def test_a_pull_request_is_checked_and_commented_on(review):
    for line in OURS:
        done = review(line)
        assert done.returncode == 0, done.stdout + done.stderr
    written = (review.folder / "backtest.md").read_text("utf-8")
    assert written.startswith(TITLE)
    assert "`Quotas are back`" in written
    assert review(COMMENT["run"]).returncode == 0
    assert review.log.read_text().splitlines()[-1] == "pr comment 7 --body-file backtest.md"
    assert review(COMMENT["run"], GH_FOUND="41").returncode == 0
    assert re.search(r"PATCH repos/desk/rules/issues/comments/41 --field body=@backtest.md$", review.log.read_text())
    assert f'startswith("{TITLE}")' in COMMENT["run"], "by this its own comment is known"


def test_without_a_backtest_there_is_no_comment(review):
    assert review(OURS[-1].replace("$BASE", "nobody")).returncode == 2
    assert review(COMMENT["run"]).returncode == 0
    assert not review.log.exists()
