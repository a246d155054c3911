"""What the shipped rules and samples promise as files, read without the bot's own code."""

import itertools
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RULE_FILES = sorted((ROOT / "rules").glob("**/*.toml"))
SEED_FILES = sorted(path for path in (ROOT / "seeds").iterdir() if path.suffix in {".txt", ".md"})

PROMISED = {
    "export-controls", "entity-list", "unverified-list", "bis", "tariffs", "section-301", "raimondo", "yellen",
    "blinken", "huawei", "boeing-china", "chips", "smic", "biren", "outbound-investment", "cfius",
    "critical-minerals", "working-group",
}  # fmt: skip
KEYS = {
    "id", "title", "theme", "severity", "owner", "notify", "any", "all", "none", "mask", "not_near", "where",
    "query", "min_hits", "sources", "expect", "until", "test",
}  # fmt: skip
MARKS = ("Sample article written for Presswatch.", "本文是为 Presswatch 编写的示例文章。")
HAN = re.compile(r"[㐀-鿿]")


def tables(kind: str) -> list[dict[str, Any]]:
    """Every table of a kind over all rule files."""
    found: list[dict[str, Any]] = []
    for path in RULE_FILES:
        found += tomllib.loads(path.read_text("utf-8")).get(kind, [])
    return found


RULES = {rule["id"]: rule for rule in tables("rule")}
ENTITIES = {entity["id"]: entity for entity in tables("entity")}
DATED = [
    (entity["id"], alias)
    for entity in ENTITIES.values()
    for alias in entity["aliases"]
    if isinstance(alias, dict) and ("from" in alias or "until" in alias)
]


def references(rule: dict[str, Any]) -> set[str]:
    """The ``@entity`` and ``$list`` names that a rule uses."""
    near = rule.get("not_near", [])
    near = [near] if isinstance(near, dict) else near
    terms = [term for key in ("any", "all", "none", "mask") for term in rule.get(key, [])]
    terms += [pair[key] for pair in near for key in ("term", "of")]
    return {term for term in terms if term[0] in "@$"} | set(re.findall(r"[@$][a-z][a-z0-9_-]*", rule.get("query", "")))


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["rule", "entity", "terms"])
def test_ids_are_unique_over_the_folder(kind: str) -> None:
    counts = Counter(table["id"] for table in tables(kind))
    assert [name for name, n in counts.items() if n > 1] == []


def test_the_promised_rules_are_there() -> None:
    assert set(RULES) >= PROMISED
    assert len(RULES) >= 14
    assert len(ENTITIES) >= 45


@pytest.mark.parametrize("rule_id", RULES)
def test_each_rule_is_complete(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert set(rule) <= KEYS
    assert rule["title"]
    assert rule["theme"] == "us-china-trade"
    assert rule["severity"] in {"low", "normal", "high", "urgent"}
    expected = Counter(test["expect"] for test in rule["test"])
    assert expected["match"] >= 2
    assert expected["no"] >= 2
    assert set(expected) == {"match", "no"}


@pytest.mark.parametrize("rule_id", RULES)
def test_no_rule_repeats_a_test(rule_id: str) -> None:
    texts = Counter((test.get("title", ""), test["text"], test.get("date")) for test in RULES[rule_id]["test"])
    assert max(texts.values()) == 1


def test_every_reference_has_its_table_and_every_table_a_reference() -> None:
    used = set().union(*(references(rule) for rule in RULES.values()))
    there = {f"@{name}" for name in ENTITIES} | {f"${terms['id']}" for terms in tables("terms")}
    assert used == there


def test_rules_read_both_languages() -> None:
    chinese = [rule_id for rule_id, rule in RULES.items() if any(HAN.search(test["text"]) for test in rule["test"])]
    named = [name for name, entity in ENTITIES.items() if HAN.search(str(entity["aliases"]))]
    assert len(chinese) >= 14
    assert len(named) >= 45


@pytest.mark.parametrize(("entity_id", "alias"), DATED, ids=[f"{name}: {alias['text']}" for name, alias in DATED])
def test_offices_begin_before_they_end(entity_id: str, alias: dict[str, Any]) -> None:
    assert "from" in alias
    assert "until" not in alias or alias["from"] < alias["until"]


def test_nobody_holds_an_office_at_the_same_time_as_another() -> None:
    held: dict[str, list[tuple[Any, Any, str]]] = {}
    for entity_id, alias in DATED:
        held.setdefault(alias["text"], []).append((alias["from"], alias.get("until"), entity_id))
    for office, terms in held.items():
        ordered = sorted(terms, key=lambda term: term[0])
        for (_, until, before), (start, _, after) in itertools.pairwise(ordered):
            assert until is not None, f"{office}: {before} has no end, though {after} follows"
            assert until < start, f"{office}: {before} and {after} overlap"


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_rule_files_say_what_they_hold(path: Path) -> None:
    schema, empty, first, *_ = path.read_text("utf-8").split("\n")
    assert (schema, empty) == ("#:schema ./.schema/rules.json", "")
    assert first.startswith("# ")


# ── samples ──────────────────────────────────────────────────────────────────────────────────────


def front_matter(text: str) -> dict[str, str]:
    """The ``key: value`` lines between the fences, or nothing."""
    if not text.startswith("---\n"):
        return {}
    head = text[4:].split("\n---\n", 1)[0]
    return {key: value.strip() for key, value in (line.split(":", 1) for line in head.splitlines())}


def test_there_are_enough_samples_of_both_shapes() -> None:
    clean = [path for path in SEED_FILES if front_matter(path.read_text("utf-8"))]
    assert len(SEED_FILES) >= 12
    assert 5 <= len(clean) <= len(SEED_FILES) - 5
    assert {path.suffix for path in SEED_FILES} == {".txt", ".md"}


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.name)
def test_a_sample_says_that_it_is_one(path: Path) -> None:
    assert path.read_text("utf-8").rstrip().endswith(MARKS)


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.name)
def test_a_sample_puts_no_words_in_anybody_s_mouth(path: Path) -> None:
    assert re.findall('[“”„«»「」『』"]', path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.name)
def test_a_sample_has_the_length_of_a_short_article(path: Path) -> None:
    text = path.read_text("utf-8")
    words = len(text.split()) + len(HAN.findall(text)) // 2
    assert 120 <= words <= 450


@pytest.mark.parametrize("path", SEED_FILES, ids=lambda path: path.name)
def test_front_matter_names_no_outlet_and_a_day_of_2023(path: Path) -> None:
    facts = front_matter(path.read_text("utf-8"))
    if not facts:
        return
    assert set(facts) == {"title", "url", "source", "published", "language"}
    assert facts["source"].startswith("Presswatch samples")
    assert re.match(r"https://[a-z-]+\.presswatch\.example/", facts["url"])
    assert facts["published"].startswith("2023-")
    assert facts["language"] in {"en", "zh"}


def test_no_two_samples_share_an_address() -> None:
    urls = Counter(front_matter(path.read_text("utf-8")).get("url") for path in SEED_FILES)
    assert [url for url, n in urls.items() if url and n > 1] == []
