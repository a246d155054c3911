"""The benchmarks run; what they measure is for people to read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MATCH = ("--rules", "40", "--articles", "20", "--rounds", "1")


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


def test_what_polling_costs_can_be_measured(tmp_path):
    figures = tmp_path / "figures.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "polling.py"), "--feeds", "60", "40", "--rules", "300"]
    short = ["--rounds", "1", "--idle", "0.1", "--squeeze", "900"]
    done = subprocess.run(
        [*command, *short, "--json", str(figures)], capture_output=True, text=True, check=True, timeout=110
    )
    parts = {name: part for name, part in json.loads(figures.read_text("utf-8")).items() if name != "machine"}
    assert [[figure["name"] for figure in part] for part in parts.values()] == [
        ["aiohttp alone", "our poll", "our poll ÷ aiohttp alone"],
        [
            "new items a round",
            "processor time of its polls",
            "processor time of 900 s idle",
            "share of one core",
            "memory of all processes",
            "fetch to outbox, median",
            "fetch to outbox, p99",
        ],
    ]
    measured = {figure["name"]: figure["value"] for part in parts.values() for figure in part}
    assert 4 <= measured["new items a round"] <= 12, "four feeds had one to three"
    assert measured["fetch to outbox, p99"] > 0
    assert [name for name in measured if f"  {name}" not in done.stdout] == []


def test_the_matcher_is_measured_beside_every_peer_and_all_find_the_same(tmp_path):
    figures = tmp_path / "figures.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "match.py"), *MATCH, "--json", str(figures)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    names = [line.strip().split("  ")[0] for line in done.stdout.splitlines()]
    stages = ["fold", "fold + scan", "ours: which rules", "ours: with evidence", "naive re", "PostgreSQL"]
    assert [name for name in stages if name not in names] == []
    assert [name for name in names if name.startswith("tantivy")]
    ratios = [
        "whole match ÷ fold and scan",
        "p99 ÷ median",
        "articles/s ÷ naive re",
        "articles/s ÷ PostgreSQL",
        "memory",
    ]
    assert [ratio for ratio in ratios if ratio not in names] == []
    (measured,) = json.loads(figures.read_text("utf-8"))["rules"]
    engines = [figures for figures in measured["engines"].values() if "missing" not in figures]
    assert all(figures["articles_a_second"] > 0 for figures in engines)
    compared = [(figures["compared_mentions"], figures["differing_mentions"]) for figures in engines[3:]]
    assert len(compared) >= 3, "ours with evidence, naive re, PostgreSQL, and tantivy where it is installed"
    assert [found for found in compared if found[0] == 0 or found[1] != 0] == []


def test_a_peer_that_is_not_installed_is_named():
    blocked = "import sys; sys.modules['tantivy'] = None; import match; sys.exit(match.main())"
    done = run_changed(blocked, "tantivy")
    assert done.returncode == 0, done.stderr
    assert "not installed: tantivy" in done.stdout


def test_a_peer_that_finds_something_else_is_noticed():
    changed = """
import sys, match, peers
asked = peers.Naive.meets
peers.Naive.meets = lambda self, texts: [found ^ {"r3"} for found in asked(self, texts)]
sys.exit(match.main())
"""
    done = run_changed(changed, "ours", "re")
    assert done.returncode == 1, done.stderr
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("  naive re"))
    assert int(line.split()[-3]) == 20, "one mention in each of 20 articles"


def run_changed(code, *engines):
    command = [sys.executable, "-c", code, *MATCH, "--only", *engines]
    return subprocess.run(command, cwd=ROOT / "benchmarks", capture_output=True, text=True, timeout=100, check=False)


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


def test_only_rules_with_near_may_find_more_where_near_is_not_asked(benchmarks):
    import peers

    ours, theirs = [{"a", "near"}, {"b"}], [{"a", "near"}, {"b", "near"}]
    assert str(peers.compare(ours, theirs)) == "1 of 4"
    assert str(peers.compare(ours, theirs, {"near"})) == "0 of 3 (+1 for want of NEAR)"
    assert str(peers.compare(ours, [{"a"}, {"b"}], {"near"})) == "1 of 3", "but ours they must find"


def test_growth_is_the_power_of_the_number_of_rules(benchmarks):
    import figures
    from peers import Column

    def measured(rules, time):
        return figures.Measured(rules, 4.5, [Column(figures.SCAN, [50.0]), Column(figures.WHICH, [time])])

    results = [measured(1_000, 20.0), measured(100_000, 200.0)]
    assert figures.exponent(results) == pytest.approx(0.5)
    assert figures.exponent(results[:1]) is None
    (line,) = list(figures.growth(results))[1:]
    assert line.split() == ["growth", "exponent", "0.50", "aim", "≤", "0.45", "missed"]


def test_what_was_reckoned_from_fewer_rules_is_marked(benchmarks):
    import figures
    from peers import Column

    lines = list(figures.table(figures.Measured(10_000, 4.5, [Column("naive re", [3e6], build=1.0, scale=10)])))
    assert lines[-1].split() == ["naive", "re", "~3,000,000", "~3,000,000", "~0.3", "~1.00"]
