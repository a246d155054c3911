"""The benchmarks run; what they measure is for people to read."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_program_as_a_whole_can_be_measured():
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), "--runs", "1", "--archive", "1"]
    done = subprocess.run(
        [*command, "--only", "help", "again"], capture_output=True, text=True, check=True, timeout=100
    )
    head, _, *lines = done.stdout.splitlines()
    assert head.startswith("Presswatch ")
    assert [line[:52].strip() for line in lines] == [
        "python -c pass",
        "presswatch --help",
        "presswatch --help ÷ python -c pass",
        "second run --once, nothing due",
    ]


def test_what_an_edit_of_the_rules_costs_can_be_measured():
    command = [sys.executable, str(ROOT / "benchmarks" / "reload.py"), "--rules", "60", "--runs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    _, *lines = done.stdout.splitlines()
    assert [line[:32].strip() for line in lines] == ["at the start", "one rule edited", "every rule edited"]
