"""The held-out articles are labelled as tests/replay/README.md says, and their labels agree with their texts."""

import re
import tomllib
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "heldout"
NEEDED = {"id", "story", "source", "tier", "published", "lang", "title", "text"}
TIERS = {"official", "wire", "outlet", "aggregator"}
OPENING = '"“„「'
CLOSING = '"”“」\n'

ARTICLES = [
    article
    for path in sorted(FOLDER.glob("*.toml"))
    for article in tomllib.loads(path.read_text("utf-8"))["article"]
]  # fmt: skip
BY_ID = {article["id"]: article for article in ARTICLES}
COPIES = [article for article in ARTICLES if "copy_of" in article]
QUOTING = [article for article in ARTICLES if "quote" in article]
PAIRS = [
    line.split("\t")
    for line in (FOLDER / "pairs.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def twice(values):
    return [value for value, times in Counter(values).items() if times > 1]


def phrases(text):
    """Runs of three words or of three Chinese signs, whatever the marks between them."""
    words = re.findall(r"[^\W一-鿿]+|[一-鿿]", text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


def plain(text):
    return text.replace("’", "'").casefold()


def first_text(article):
    while "copy_of" in article:
        article = BY_ID[article["copy_of"]]
    return article["id"]


def relation(one, two):
    if first_text(one) == first_text(two):
        return {"copy"}
    return {"same"} if one["story"] == two["story"] else {"related", "different"}


def carries(article):
    """The share of a copy's words, in runs of three, that the named article holds too."""
    original = BY_ID[article["copy_of"]]
    mine = phrases(article["text"] or article["title"])
    return len(mine & phrases(f"{original['title']}\n{original['text']}")) / len(mine)


def strangers(article):
    """Quotations that do not stand between marks in the text, in the order of the labels."""
    place, text = 0, f"\n{article['text']}\n"
    for quote in article["quote"]:
        marked = (left + quote["text"] + right for left in OPENING for right in CLOSING)
        found = [start for words in marked if (start := text.find(words, place)) >= 0]
        if not found:
            yield article["id"], quote["text"]
        else:
            place = min(found) + 1


def unnamed(article):
    told = plain(f"{article['title']}\n{article['text']}")
    return [(article["id"], quote["speaker"]) for quote in article["quote"] if plain(quote["speaker"]) not in told]


def test_the_set_is_large_enough_to_judge_by():
    assert len(ARTICLES) >= 310
    assert len({article["story"] for article in ARTICLES}) >= 100
    assert len(QUOTING) >= 170
    assert len(COPIES) >= 60
    assert len(PAIRS) >= 290
    assert {article["lang"] for article in ARTICLES} == {"en", "zh", "de"}


def test_every_article_has_what_the_format_asks_for():
    assert twice(article["id"] for article in ARTICLES) == []
    for article in ARTICLES:
        assert set(article) - {"copy_of", "quote", "quotes"} == NEEDED, article["id"]
        assert article["tier"] in TIERS, article["id"]
        assert article["published"].tzinfo is not None, article["id"]
        assert article["title"].strip() == article["title"] != "", article["id"]
        assert ("quote" in article) != (article.get("quotes") is False), article["id"]


def test_a_copy_carries_the_words_of_an_earlier_article_of_its_story():
    for article in COPIES:
        original = BY_ID[article["copy_of"]]
        assert original is not article
        assert original["story"] == article["story"], article["id"]
        assert original["published"] < article["published"], article["id"]
    assert {article["id"]: carries(article) for article in COPIES if carries(article) < 0.6} == {}


def test_a_source_has_one_tier_and_a_story_no_gap_of_three_days():
    tiers, times = defaultdict(set), defaultdict(list)
    for article in ARTICLES:
        tiers[article["source"]].add(article["tier"])
        times[article["story"]].append(article["published"])
    assert [source for source, found in tiers.items() if len(found) > 1] == []
    late = timedelta(hours=72)
    assert [story for story, told in times.items() if any(b - a > late for a, b in pairwise(sorted(told)))] == []


def test_quotations_stand_between_marks_in_the_text_and_their_speakers_are_named_there():
    assert [stranger for article in QUOTING for stranger in strangers(article)] == []
    assert [speaker for article in QUOTING for speaker in unnamed(article)] == []


def test_named_pairs_agree_with_the_labels_of_their_articles():
    assert twice(frozenset(pair[1:3]) for pair in PAIRS) == []
    assert [pair for pair in PAIRS if pair[0] not in relation(BY_ID[pair[1]], BY_ID[pair[2]])] == []


def test_hard_negatives_say_why_they_are_hard():
    negatives = [pair for pair in PAIRS if pair[0] in {"related", "different"}]
    assert len(negatives) > 100
    assert [pair for pair in negatives if len(pair) != 4 or not pair[3].strip()] == []
