"""What delivery promises stands in the documentation in the words of the proof that holds it."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "crash"))

from promises import HELD_BY, PROMISES  # noqa: E402 – the path is set above


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_stands_in_the_design_page_word_for_word(promise):
    page = " ".join((ROOT / "docs" / "design.md").read_text().split())
    assert promise in page


def test_each_promise_is_held_by_some_kind_of_case():
    assert set(HELD_BY) == set(PROMISES)
    assert all(HELD_BY.values())
