"""Completion as a shell does it: its script is loaded, its function is called, its answers are read."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest

MORE = """
[[rule]]
id = "tanks"
title = "Tanks:\\n\\u001b[31m and \\u202eturrets"
any = ["tank"]
"""
CONFIG = """
[[source]]
id = "seeds"
kind = "folder"
path = "seeds"

[[source]]
id = "wire"
kind = "feed"
url = "https://wire.example/feed"
name = "The Wire"

[[destination]]
id = "desk"
kind = "console"

[[destination]]
id = "room"
kind = "console"

[[digest]]
id = "morning"
to = ["analyst@example.org"]
at = "07:30"
zone = "Europe/Berlin"

[[digest]]
id = "night"
to = ["analyst@example.org"]
at = "21:30"
zone = "Europe/Berlin"
"""


@pytest.fixture
def shell_desk(desk):
    """A desk whose PATH has a ``presswatch``."""
    desk.write("config.toml", CONFIG)
    desk.write("rules/more.toml", MORE)
    program = desk.write("bin/presswatch", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bot "$@"\n')
    program.chmod(0o755)
    desk.env["PATH"] = f"{program.parent}:{os.environ['PATH']}"
    desk.env["SHELL"] = "/bin/sh"
    return desk


def shell(desk, name: str, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [name, "-c", script],
        cwd=desk.folder,
        env=desk.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def offered(desk, line: str) -> list[str]:
    """What bash offers for the last word of ``line``; not a word goes to standard error."""
    words = shlex.split(line) + ([""] if line.endswith(" ") else [])
    script = (
        'eval "$(presswatch completion bash)"; compopt() { :; }\n'
        f"COMP_WORDS=({shlex.join(words)}); COMP_CWORD={len(words) - 1}\n"
        "_presswatch_completion presswatch; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = shell(desk, "bash", script)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("presswatch ru", ["run", "rules"]),
        ("presswatch rules ", ["check", "export", "import", "list", "near-miss", "show", "test"]),
        ("presswatch run --o", ["--once"]),
        ("presswatch completion ", ["bash", "zsh", "fish"]),
        ("presswatch rules show ta", ["tanks", "tariffs"]),
        ("presswatch rules test tanks tar", ["tariffs"]),
        ("presswatch match --rule ", ["tanks", "tariffs"]),
        ("presswatch search --rule t", ["tanks", "tariffs"]),
        ("presswatch explain 1 --rule tar", ["tariffs"]),
        ("presswatch search --source w", ["wire"]),
        ("presswatch sources check ", ["seeds", "wire"]),
        ("presswatch alerts --to ", ["desk", "room"]),
        ("presswatch alerts resend --to r", ["room"]),
        ("presswatch digest ", ["morning", "night"]),
        ("presswatch digest --preview n", ["night"]),
        ("presswatch rules show nothing-like-it", []),
    ],
)
def test_bash_offers_commands_options_and_ids(shell_desk, line, expected):
    assert offered(shell_desk, line) == expected


def test_bash_knows_which_command_the_script_is_for(shell_desk):
    registered = shell(shell_desk, "bash", 'eval "$(presswatch completion bash)"; complete -p presswatch').stdout
    assert "-F _presswatch_completion presswatch" in registered


def test_what_is_neither_command_nor_id_may_be_a_file(shell_desk):
    answer = ask(shell_desk, "bash", "presswatch sources check conf")
    assert answer.stdout == "file,conf\n"


def ask(desk, name: str, line: str) -> subprocess.CompletedProcess[str]:
    """The program's answer to a shell's question, as the shell reads it."""
    desk.env.update(_PRESSWATCH_COMPLETE=f"{name}_complete", COMP_WORDS=line, COMP_CWORD=str(len(line.split()) - 1))
    return shell(desk, "sh", "presswatch")


@pytest.mark.parametrize("where", ["presswatch --config other.toml sources check", "presswatch sources check --config other.toml"])  # fmt: skip
def test_the_configuration_that_was_typed_is_the_one_that_counts(shell_desk, where):
    shell_desk.write("other.toml", '[[source]]\nid = "only"\nkind = "feed"\nurl = "https://only.example/feed"\n')
    assert offered(shell_desk, f"{where} ") == ["only"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.toml", "[[source]]\nid = 'Not An Id'\n[unclosed"),
        ("config.toml", "rules = 'nowhere'\n"),
        ("rules/more.toml", "[[rule]\nid = "),
        ("rules/more.toml", "rule = 5\n"),
        ("rules/more.toml", "[[rule]]\nid = 5\n"),
    ],
)
def test_a_broken_file_offers_less_and_says_nothing(shell_desk, name, text):
    shell_desk.write(name, text)
    assert offered(shell_desk, "presswatch rules show ") == ([] if name == "config.toml" else ["tariffs"])


def test_a_title_with_line_breaks_and_control_characters_stays_one_plain_line(shell_desk):
    lines = ask(shell_desk, "zsh", "presswatch rules show tan").stdout.splitlines()
    assert lines[:2] == ["plain", "tanks"]
    assert lines[2].startswith("Tanks:")
    assert len(lines) == 3
    assert not {"\x1b", "\u202e"} & set(lines[2])


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_the_other_shells_accept_their_script(shell_desk, name):
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    script = shell_desk.write(f"script.{name}", shell_desk.run("completion", name).out)
    done = subprocess.run([name, "-n", str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_fish_offers_ids_with_their_titles(shell_desk):
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    done = shell(shell_desk, "fish", "presswatch completion fish | source; complete --do-complete 'presswatch rules show tar'")  # fmt: skip
    assert done.stdout == "tariffs\tTariffs\n"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_without_a_name_it_is_the_login_shell_s(shell_desk, name):
    shell_desk.env["SHELL"] = f"/usr/local/bin/{name}"
    assert shell_desk.run("completion").out == shell_desk.run("completion", name).out


@pytest.mark.parametrize(("args", "hint"), [([], "$SHELL"), (["tcsh"], 'no completion for "tcsh"')])
def test_a_shell_without_completion_is_wrong_use(shell_desk, args, hint):
    result = shell_desk.run("completion", *args)
    assert (result.code, result.out) == (2, "")
    assert hint in result.err
    assert "bash, zsh, fish" in result.err


def test_help_says_how_each_shell_keeps_it(desk):
    told = desk.run("completion", "--help").out
    assert all(place in told for place in ("~/.bashrc", "~/.zshrc", "~/.config/fish/completions/presswatch.fish"))


def test_command_names_come_without_the_commands_and_their_libraries(shell_desk):
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(sorted(m for m in sys.modules if m in HEAVY or m.startswith('bot.cli.')), file=sys.stderr))\n"
        "HEAVY = {'sqlalchemy', 'aiohttp', 'pydantic', 'rich'}\nfrom bot.cli import main\nmain()"
    )
    shell_desk.env.update(_PRESSWATCH_COMPLETE="bash_complete", COMP_WORDS="presswatch ", COMP_CWORD="1")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=shell_desk.folder,
        env=shell_desk.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "plain,run" in done.stdout.split()
    assert done.stderr.splitlines()[-1] == "[]"
