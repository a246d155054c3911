"""The shipped rules, loaded and run by the bot itself."""

from datetime import date
from pathlib import Path

import pytest

from bot.match import Matcher, run_tests
from bot.model import Article, Rule
from bot.rules import Loaded, load, read_folder

FOLDER = Path(__file__).resolve().parents[2] / "rules"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    files, faults = read_folder(FOLDER)
    assert list(faults) == []
    return load(files)


@pytest.fixture(scope="module")
def rules(loaded: Loaded) -> dict[str, Rule]:
    return dict(loaded.ruleset.rules)


@pytest.fixture(scope="module")
def matcher(rules: dict[str, Rule]) -> Matcher:
    return Matcher(rules.values())


def found(matcher: Matcher, text: str, *, title: str = "", lang: str = "en", on: date | None = None) -> set[str]:
    """The ids of the rules that match a text."""
    article = Article(
        source="test",
        key="1",
        key_kind="fingerprint",
        fingerprint="1",
        content_hash="1",
        title=title,
        body=text,
        lang=lang,
    )
    return {mention.rule for mention in matcher.match(article, on)}


def test_every_rule_loads_without_a_fault(loaded: Loaded) -> None:
    assert [str(fault) for fault in loaded.faults] == []
    assert loaded.kept == ()
    assert len(loaded.ruleset.rules) >= 14
    assert len(loaded.ruleset.entities) >= 45


def test_all_inline_tests_pass(rules: dict[str, Rule]) -> None:
    assert [str(failure) for failure in run_tests(rules.values())] == []


def test_every_rule_has_two_tests_of_each_kind(rules: dict[str, Rule]) -> None:
    for rule in rules.values():
        wanted = [test.expect for test in rule.tests]
        assert wanted.count("match") >= 2, rule.id
        assert wanted.count("no") >= 2, rule.id


def test_every_rule_has_a_hash_of_its_own(rules: dict[str, Rule]) -> None:
    hashes = {rule.hash for rule in rules.values()}
    assert len(hashes) == len(rules)
    assert "" not in hashes


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The export-control rules were tightened.", {"export-controls"}),
        ("EXPORT CONTROLS were tightened again.", {"export-controls"}),
        ("Huawei’s new phone sells well.", {"huawei"}),
        ("華為發布新款手機。", {"huawei"}),
        ("The U.S. Department of Commerce published a notice on China.", {"us-commerce-officials"}),
        ("The U.S.–China working group on export controls met.", {"working-group", "export-controls"}),
        ("出口管制與實體清單是兩國會談的議題。", {"export-controls"}),
        ("US tariffs on Chinese steel stay.", {"tariffs"}),
    ],
    ids=["hyphen", "capitals", "possessive", "traditional", "dotted", "dash", "traditional lists", "plural"],
)
def test_writings_of_the_same_thing_are_found(matcher: Matcher, text: str, wanted: set[str]) -> None:
    assert found(matcher, text) >= wanted


@pytest.mark.parametrize(
    "text",
    [
        "The volume export took a minute, and the export control was hidden in the toolbar.",
        "Your phone plan has a new tariff with more roaming, and it works in China too.",
        "A chocolate chip cookie recipe from Beijing has no export licence.",
        "The bis repetita of the essay pleased the jury.",
        "She told us that commerce needs a good secretary.",
        "The article's boeing of the drum and the micron of dust.",
        "La Chine et le SMIC : le salaire minimum augmente.",
        "Graves were found at Section 301 of the old arena.",
        "",
    ],
    ids=["software", "phone plan", "cookie", "bis", "us", "sounds", "wage", "arena", "empty"],
)
def test_look_alikes_are_left_alone(matcher: Matcher, text: str) -> None:
    assert found(matcher, text) == set()


def test_an_ambiguous_surname_counts_beside_the_full_name(matcher: Matcher) -> None:
    alone = "Estevez will speak tomorrow."
    assert "bis" not in found(matcher, alone)
    assert "bis" in found(matcher, f"Alan Estevez came to the hearing.\n\n{alone}")


def test_one_occurrence_under_a_mask_does_not_hide_another(matcher: Matcher) -> None:
    masked = "Beijing added two firms to its unreliable entity list."
    assert "entity-list" not in found(matcher, masked)
    assert "entity-list" in found(matcher, f"{masked}\n\nWashington added ten firms to the Entity List for exporters.")


def test_one_occurrence_near_other_words_does_not_hide_another(matcher: Matcher) -> None:
    dropped = "The government announced export curbs on wheat."
    assert "export-controls" not in found(matcher, dropped)
    assert "export-controls" in found(matcher, f"{dropped}\n\nThe export curbs on chips remain in force.")


def test_no_rule_has_an_end(rules: dict[str, Rule]) -> None:
    assert [rule.id for rule in rules.values() if rule.until is not None] == []
