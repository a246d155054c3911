"""Every fuzz target for a moment, and everything that fuzzing has found before. For longer: tests/fuzz/run.py."""

import subprocess
import sys
from pathlib import Path

import fuzz_targets
import pytest
from crashers import CRASHERS
from fuzz_inputs import inputs
from fuzz_targets import TARGETS, seeds_of
from hypothesis import HealthCheck, given, settings

from bot import rules
from bot.ingest import feedxml, opml
from bot.ingest.dates import parse_date
from bot.ingest.parse import read_bytes
from bot.net.inflate import Inflater

RUN = Path(__file__).with_name("run.py")
SLOW = {"feed": 60, "rule": 60, "query": 60, "opml": 60}


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_the_documented_errors(name):
    target = TARGETS[name]

    @settings(max_examples=SLOW.get(name, 150), suppress_health_check=list(HealthCheck))
    @given(inputs(list(target.seeds), target.tokens))
    def hold(data):
        target.run(data)

    hold()


def test_what_fuzzing_begins_with_is_good():
    """Inputs that are turned down at the door would try nothing behind it."""
    f = fuzz_targets
    loaded = rules.load({"names.toml": f.NAMES, "a.toml": f.RULE.decode()}, destinations=("desk",))
    assert (list(loaded.ruleset.rules), loaded.faults, list(loaded.ruleset.lists)) == (["a", "b"], (), ["chips"])
    assert [rules.load_query(text, {"names.toml": f.NAMES}).faults for text in f.QUERIES] == [()] * len(f.QUERIES)
    assert all(parse_date(text) for text in f.DATES)
    assert all(
        read_bytes(seed[1:], f.TYPES[seed[0]], f.AT, f.SOURCE).articles for seed in (f.RSS, f.ATOM, f.RDF, f.JSON)
    )
    assert len(opml.read_opml(f.OPML).feeds) == 1
    for seed in f.PACKED:
        inflater = Inflater(f.CODINGS[seed[0]], f.LIMIT, "a")
        assert b"".join(inflater.feed(seed[2:]))
        inflater.finish()


@pytest.mark.parametrize("name", TARGETS)
def test_good_inputs_and_their_halves(name):
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)
        TARGETS[name].run(seed[: len(seed) // 2])


@pytest.mark.parametrize(("name", "found"), [(name, found) for name, cases in CRASHERS.items() for found in cases])
def test_what_was_found_before_stays_mended(name, found):
    TARGETS[name].run(CRASHERS[name][found])


@pytest.mark.parametrize("name", TARGETS)
def test_the_real_inputs(name, corpora):
    target = TARGETS[name]
    real = seeds_of(target)[len(target.seeds) :]
    for seed in real[:: 1 + len(real) // 300]:  # all of them are read elsewhere; here what is promised is checked too
        target.run(seed)


def test_the_command_runs_a_target_and_counts():
    done = subprocess.run(
        [sys.executable, str(RUN), "date", "--seconds", "1", "--engine", "hypothesis"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "date: nothing found in" in done.stdout) == (0, True), done.stderr


def test_what_is_not_documented_reaches_the_fuzzer(monkeypatch):
    """The harness itself: it swallows no more than it says."""
    monkeypatch.setattr(fuzz_targets, "parse_date", lambda _text: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fuzz_targets.dates(b"2026-03-02")
    monkeypatch.setattr(feedxml, "mend", lambda _text: 1 / 0)  # feeds are parsed behind a net
    with pytest.raises(ZeroDivisionError):
        fuzz_targets.feed(fuzz_targets.RSS)
