"""The keys of a webhook's documents are those that docs/operations.md lists: receivers are written after it."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
# What the sender adds, and what tells documents apart, stand in rows of their own.
COMMON = {"type"}


def listed(what):
    """The keys in the row of a document, each with those of its parts (none where the row names none)."""
    (row,) = re.findall(rf"^\| of {what} \| (.*) \|$", PAGE, flags=re.MULTILINE)
    parts = re.split(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)", row)
    found, waiting = {}, []
    for place, text in enumerate(parts):
        keys = re.findall(r"`(\w+)`", text)
        if place % 2 == 0:
            waiting = keys[-1:] if not re.search(r"` and `\w+` $", text) else keys[-2:]
            found |= {key: set() for key in keys}
        else:
            found |= {key: set(keys) for key in waiting}
    return found


@pytest.fixture
def documents(monkeypatch):
    """A document of each kind with all that it can hold."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "tests" / "alerts"), *sys.path])
    import digest_days as days

    from bot.alerts import compose_webhook
    from bot.alerts.compose import compose_digest

    baseline = days.matched(77, days.article("Old news"), told=False, state="baseline")
    issue = days.day(*days.STORIES, baseline, **days.FULL)
    told = compose_digest(issue, "webhook")["full"]
    return {
        "a digest": told,
        "a story in a digest": told["themes"][0]["stories"][0],
        "a spike": compose_webhook.spike(days.SPIKE)["full"],
        "an alert": compose_webhook.alert(issue.stories[0].alert)["full"],
    }


@pytest.mark.parametrize("what", ["a digest", "a spike", "an alert"])
def test_every_key_is_listed_and_no_other(documents, what):
    assert documents[what].keys() - COMMON == listed(what).keys()


def test_a_story_in_a_digest_has_the_keys_of_an_alert_and_those_listed_besides(documents):
    assert documents["a story in a digest"].keys() - documents["an alert"].keys() == listed(
        "a story in a digest"
    ).keys() - {"news"}


def test_the_parts_of_a_digest_have_the_keys_that_are_listed(documents):
    told = documents["a digest"]
    for name, keys in listed("a digest").items():
        if not keys or name in {"before", "high", "updates"}:
            continue
        part = told[name][0] if isinstance(told[name], list) else told[name]
        assert part.keys() == keys, name
