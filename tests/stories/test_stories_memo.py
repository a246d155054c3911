"""What is made of single words is kept, and no more than so much of it."""

from bot.stories import memo
from bot.stories.memo import Memo


def test_a_word_is_made_once_until_too_many_are_kept(monkeypatch):
    monkeypatch.setattr(memo, "MOST", 3)
    made = []
    kept = Memo(lambda word: made.append(word) or word.upper())
    assert list(map(kept.__getitem__, ["a", "b", "a", "c", "a"])) == ["A", "B", "A", "C", "A"]
    assert made == ["a", "b", "c"]
    assert kept["d"] == "D"
    assert dict(kept) == {"d": "D"}
    assert kept["a"] == "A"
