"""The benchmarks run; what they measure is for people to read."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.match.frequency import Frequencies
from bot.model import AllOf, AnyOf, Near, Not, Rule, Term

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


def test_how_long_a_purge_holds_up_others_can_be_measured():
    command = [sys.executable, str(ROOT / "benchmarks" / "purge.py"), "--stored", "60", "--most", "40"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    head, _, *lines = done.stdout.splitlines()
    assert head.startswith("60 articles, ")
    # A look, twelve steps of five articles, looks for decisions and polls of which there are none.
    assert int(head.split(";")[1].split()[0]) >= 12
    assert [line[:18].strip() for line in lines] == ["processor time", "on the clock"]


def test_both_databases_can_be_measured_side_by_side():
    command = [sys.executable, str(ROOT / "benchmarks" / "purge.py"), "--stored", "20", "--most", "8", "--postgresql"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert done.stdout.startswith("20 articles, ")


def test_what_an_edit_of_the_rules_costs_can_be_measured():
    command = [sys.executable, str(ROOT / "benchmarks" / "reload.py"), "--rules", "60", "--runs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    _, *lines = done.stdout.splitlines()
    assert [line[:32].strip() for line in lines] == ["at the start", "one rule edited", "every rule edited"]


def test_what_a_backtest_costs_can_be_measured():
    """That it finds what the plain way finds is what its exit status says."""
    command = [sys.executable, str(ROOT / "benchmarks" / "backtest.py"), "--archive", "200", "--rounds", "1"]
    done = subprocess.run(
        [*command, "--rules", "40", "20", "--changed", "30"], capture_output=True, text=True, check=True, timeout=110
    )
    _, _, *lines = done.stdout.splitlines()
    ways = ["  whole articles", "  texts", "  a matcher each", "  backtest", "  ÷"]
    assert [line.split("edited: ")[0] if "edited" in line else line[:52].rstrip() for line in lines] == [
        "200 articles, 40 rules, 30 of them ",
        *ways,
        "200 articles, 20 rules, 20 of them ",
        *ways,
    ]


def test_a_backtest_that_finds_something_else_is_noticed():
    changed = """
import sys, backtest
found = backtest.one_by_one
backtest.WAYS["a matcher each"] = lambda *of: (found(*of)[0] + 1, 0)
sys.exit(backtest.main())
"""
    command = [sys.executable, "-c", changed, "--archive", "50", "--rounds", "1", "--rules", "20"]
    done = subprocess.run(command, cwd=ROOT / "benchmarks", capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 1, done.stderr
    assert "the two ways differ" in done.stdout


def test_what_feeds_cost_can_be_measured():
    """That every way reads the same articles is what its exit status says."""
    command = [sys.executable, str(ROOT / "benchmarks" / "feeds.py"), "--feeds", "1", "--runs", "1", "--rules", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=200)
    names = [line[: line.rindex("  ")].split("  ")[0].strip() for line in done.stdout.splitlines()[2:] if "  " in line]
    for kind in ("RSS, summaries", "RSS, whole texts", "Atom, summaries"):
        for row in ("whole way, ÷", "1 new, ÷, all matched", "3 new, ÷, new ones matched", "1 new, to the store, ÷"):
            assert f"{kind}: {row}" in names
    assert "remembered: 5,000 feeds of 30 items" in names


def test_what_a_look_at_volume_costs_can_be_measured():
    command = [sys.executable, str(ROOT / "benchmarks" / "volume.py"), "--days", "2", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    _, *lines = done.stdout.splitlines()
    assert [line[:14].strip() for line in lines] == ["nothing new", "quick look", "close look"]


def test_what_finding_stories_costs_can_be_measured():
    sizes = ["--stored", "60", "1200", "--a-day", "40"]  # the larger one reaches beyond both windows
    command = [sys.executable, str(ROOT / "benchmarks" / "stories.py"), *sizes, "--new", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=110)
    _, *lines = done.stdout.splitlines()
    steps = ["read", "copies", "events", "place", "all", "settled"]
    texts = ["fold", "index entries", "traits and keys", "compare with one copy"]
    names = [line[:24].strip() if line[0] != " " else line.split()[0] for line in lines]
    headed = ["60 stored articles, 40 a", "2", *steps, "1,200 stored articles, 4", "2", *steps]
    assert names == [*texts, *headed]


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


FEEDS = ("--feeds", "1", "--runs", "1")


def test_reading_feeds_is_measured_beside_feedparser_alone(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "page.html").write_text("<html></html>")
    (folder / "feed.xml").write_text("<rss><channel><item><title>x</title></item></channel></rss>")
    command = [sys.executable, str(ROOT / "benchmarks" / "feeds.py"), str(folder), *FEEDS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    names = [line[:52].strip() for line in done.stdout.splitlines()]
    for kind in ("mine", "RSS, summaries", "RSS, whole texts", "Atom, summaries"):
        assert f"{kind}: plain feeds of 1" in names
        assert f"{kind}: parse, ÷" in names
        assert f"{kind}: whole way, ÷" in names
        assert f"{kind}: making articles, an item" in names


def test_feeds_that_are_read_otherwise_than_by_feedparser_are_noticed():
    changed = """
import sys, feeds
from dataclasses import replace
read = feeds.read_bytes
def otherwise(*of, plain=True):
    found = read(*of, plain=plain)
    return replace(found, articles=tuple(replace(each, title=each.title + "!" * plain) for each in found.articles))
feeds.read_bytes = otherwise
sys.exit(feeds.main())
"""
    command = [sys.executable, "-c", changed, *FEEDS]
    done = subprocess.run(command, cwd=ROOT / "benchmarks", capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 1, done.stderr
    assert "Atom, summaries: the two ways differ" in done.stdout


def test_a_peer_that_is_not_installed_is_named():
    blocked = "import sys; sys.modules['tantivy'] = None; import match; sys.exit(match.main())"
    done = run_changed(blocked, "tantivy")
    assert done.returncode == 0, done.stderr
    assert "not installed: tantivy" in done.stdout


def test_lucene_is_named_where_its_jars_are_not(monkeypatch):
    monkeypatch.delenv("PRESSWATCH_LUCENE", raising=False)
    done = run_changed("import sys, match; sys.exit(match.main())", "lucene")
    assert done.returncode == 0, done.stderr
    assert "  Lucene Monitor          not installed: " in done.stdout


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


def run_changed(code, *engines, timeout=100):
    command = [sys.executable, "-c", code, *MATCH, "--only", *engines]
    return subprocess.run(
        command, cwd=ROOT / "benchmarks", capture_output=True, text=True, timeout=timeout, check=False
    )


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


# ── Lucene ───────────────────────────────────────────────────────────────────────────────────────


def group(*texts):
    return AnyOf(tuple(Term(text=text, kind="wildcard" if "*" in text else "plain") for text in texts))


ASKED = {
    "word": group("tariff"),
    "phrase": group("export controls"),
    "either": group("gallium", "rare earths"),
    "ending": group("germani*"),
    "short ending": group("ger*"),
    "both": AllOf((group("export controls", "quota"), group("gallium", "tungsten"))),
    "without": AllOf((group("gallium"), Not(group("recycled", "scrap metal")))),
    "near": Near(group("tariff"), group("gallium"), 3),
}


def test_a_rule_is_told_to_lucene_in_its_own_words(benchmarks):
    from peers_lucene import lucene

    assert {name: lucene(expr) for name, expr in ASKED.items()} == {
        "word": "(tariff)",
        "phrase": '("export controls")',
        "either": '(gallium "rare earths")',
        "ending": "(germani*)",
        "short ending": "(ger*)",
        "both": '(+("export controls" quota) +(gallium tungsten))',
        "without": '(+(gallium) -(recycled "scrap metal"))',
        "near": "(+(tariff) +(gallium))",
    }


jars = pytest.mark.skipif(
    not (shutil.which("javac") and os.environ.get("PRESSWATCH_LUCENE")),
    reason="needs a JDK, and Lucene's jars named by PRESSWATCH_LUCENE",
)


@jars
def test_lucene_s_monitor_meets_the_rules_that_it_is_told(benchmarks):
    import peers_lucene
    from rulebook import Pool

    pool = Pool([], [], [], Counter({"export": 90, "controls": 20, "gallium": 2, "quota": 1}), Frequencies([]))
    texts = {
        "A tariff far away from all that gallium.": {"word", "either", "without", "near"},
        "Export controls on Germanium, not on gallium.": {
            "phrase",
            "either",
            "ending",
            "short ending",
            "both",
            "without",
        },
        "Controls of an export; earths that are rare; German tariffs.": {"short ending"},
        "A quota for recycled gallium.": {"either", "both"},
        "Gallium from scrap: metal without a quota.": {"either", "both"},
        "Rare earths.": {"either"},
        "": set(),
    }
    rules = [Rule(id=name, title="", expr=expr) for name, expr in ASKED.items()]
    column = peers_lucene.measure(rules, pool, list(texts), 2)
    assert dict(zip(texts, column.found, strict=True)) == texts
    assert len(column.times) == len(texts)
    assert min(column.times) > 0
    assert column.build is not None


@jars
@pytest.mark.timeout(320)  # Java is warm after 20,000 articles
def test_lucene_s_monitor_is_measured_and_finds_the_same():
    done = run_changed("import sys, match; sys.exit(match.main())", "ours", "lucene", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("  Lucene Monitor"))
    assert "  0 of " in line
    assert "articles/s ÷ Lucene Monitor" in done.stdout


@pytest.mark.skipif(not shutil.which("javac"), reason="needs a JDK")
def test_jars_that_are_not_lucene_s_are_told(benchmarks, monkeypatch, tmp_path):
    import peers_lucene
    from rulebook import Pool

    monkeypatch.setenv("PRESSWATCH_LUCENE", str(tmp_path / "*"))
    with pytest.raises(RuntimeError, match="does PRESSWATCH_LUCENE name all of Lucene's jars") as told:
        peers_lucene.measure([], Pool([], [], [], Counter(), Frequencies([])), [], 1)
    assert "org.apache.lucene" in str(told.value)


def _reckoned(tmp_path, *more):
    command = [sys.executable, str(ROOT / "benchmarks" / "scaling.py"), "--feeds", "2000", "400000"]
    command += ["--json", str(tmp_path / "needs.json"), *more]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=100)
    return done, json.loads((tmp_path / "needs.json").read_text("utf-8")) if done.returncode == 0 else []


def test_what_many_feeds_need_can_be_reckoned_with_other_figures(tmp_path):
    done, (few, many) = _reckoned(tmp_path)
    assert done.stdout.splitlines()[1].split() == ["feeds", "2,000", "400,000"]
    assert few["workers"] == 1 < many["workers"]
    assert many["workers"] * many["workers_busy"] > 100 * few["workers_busy"]
    _, (_, dearer) = _reckoned(tmp_path, "--set", "poll.unchanged=80000", "article.lane=100000")
    assert dearer["workers"] > 10 * many["workers"]
    # A lane that is asked for more than it can do is one too few, however long it has to do it.
    assert dearer["lanes"] > 1 == many["lanes"]
    done, _ = _reckoned(tmp_path, "--set", "poll.unchaned=1")
    assert done.returncode == 1
    assert "there is no such figure" in done.stderr
