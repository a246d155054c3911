"""The folders for judging are labelled as tests/replay/README.md says, and their labels agree with their texts."""

import re
import tomllib
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
NEEDED = {"id", "story", "source", "tier", "published", "lang", "title", "text"}
TIERS = {"official", "wire", "outlet", "aggregator"}
OPENING = '"“„«「‘'
CLOSING = '"”“»」’\n'

LEAST = {
    # articles, stories, articles with quotations, copies, named pairs, languages
    "heldout": (310, 100, 170, 60, 290, {"en", "zh", "de"}),
    "unseen": (550, 140, 290, 300, 1000, {"en", "zh", "de", "fr", "es"}),
    "judged": (370, 95, 95, 120, 590, {"en", "zh", "de", "fr"}),
}


class Folder:
    """A folder as it stands on disk, read without the program's own reader."""

    def __init__(self, name):
        self.name = name
        self.articles = [
            article
            for path in sorted((HERE / name).glob("*.toml"))
            for article in tomllib.loads(path.read_text("utf-8"))["article"]
        ]
        self.by_id = {article["id"]: article for article in self.articles}
        self.copies = [article for article in self.articles if "copy_of" in article]
        self.quoting = [article for article in self.articles if "quote" in article]
        lines = (HERE / name / "pairs.tsv").read_text("utf-8").splitlines()
        self.pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]

    def first_text(self, article):
        while "copy_of" in article:
            article = self.by_id[article["copy_of"]]
        return article["id"]

    def relation(self, one, two):
        one, two = self.by_id[one], self.by_id[two]
        if self.first_text(one) == self.first_text(two):
            return {"copy"}
        return {"same"} if one["story"] == two["story"] else {"related", "different"}

    def carries(self, article):
        """The share of a copy's words, in runs of three, that the named article holds too."""
        original = self.by_id[article["copy_of"]]
        mine = phrases(article["text"] or article["title"])
        return len(mine & phrases(f"{original['title']}\n{original['text']}")) / len(mine)


FOLDERS = {name: Folder(name) for name in LEAST}


@pytest.fixture(params=FOLDERS)
def folder(request):
    return FOLDERS[request.param]


def twice(values):
    return [value for value, times in Counter(values).items() if times > 1]


def phrases(text):
    """Runs of three words or of three Chinese signs, whatever the marks between them."""
    words = re.findall(r"[^\W一-鿿]+|[一-鿿]", text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


def plain(text):
    return text.replace("’", "'").casefold()


def strangers(article):
    """Quotations that do not stand between marks in the text, in the order of the labels."""
    place, text = 0, re.sub(r"(?<=«)\s|\s(?=»)", "", f"\n{article['text']}\n")
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


def test_the_set_is_large_enough_to_judge_by(folder):
    articles, stories, quoting, copies, pairs, languages = LEAST[folder.name]
    assert len(folder.articles) >= articles
    assert len({article["story"] for article in folder.articles}) >= stories
    assert len(folder.quoting) >= quoting
    assert len(folder.copies) >= copies
    assert len(folder.pairs) >= pairs
    assert {article["lang"] for article in folder.articles} == languages


def test_every_article_has_what_the_format_asks_for(folder):
    assert twice(article["id"] for article in folder.articles) == []
    for article in folder.articles:
        assert set(article) - {"copy_of", "quote", "quotes"} == NEEDED, article["id"]
        assert article["tier"] in TIERS, article["id"]
        assert article["published"].tzinfo is not None, article["id"]
        assert article["title"].strip() == article["title"] != "", article["id"]
        assert ("quote" in article) != (article.get("quotes") is False), article["id"]


def test_a_copy_carries_the_words_of_an_earlier_article_of_its_story(folder):
    for article in folder.copies:
        original = folder.by_id[article["copy_of"]]
        assert original is not article
        assert original["story"] == article["story"], article["id"]
        assert original["published"] < article["published"], article["id"]
    shares = {article["id"]: folder.carries(article) for article in folder.copies}
    assert {name: share for name, share in shares.items() if share < 0.6} == {}


def test_a_source_has_one_tier_and_a_story_no_gap_of_three_days(folder):
    tiers, times = defaultdict(set), defaultdict(list)
    for article in folder.articles:
        tiers[article["source"]].add(article["tier"])
        times[article["story"]].append(article["published"])
    assert [source for source, found in tiers.items() if len(found) > 1] == []
    late = timedelta(hours=72)
    assert [story for story, told in times.items() if any(b - a > late for a, b in pairwise(sorted(told)))] == []


def test_no_text_is_under_two_stories(folder):
    stories = defaultdict(set)
    for article in folder.articles:
        if article["text"]:
            stories[article["text"]].add(article["story"])
    assert [found for found in stories.values() if len(found) > 1] == []


def test_quotations_stand_between_marks_in_the_text_and_their_speakers_are_named_there(folder):
    assert [stranger for article in folder.quoting for stranger in strangers(article)] == []
    assert [speaker for article in folder.quoting for speaker in unnamed(article)] == []


def test_named_pairs_agree_with_the_labels_of_their_articles(folder):
    assert twice(frozenset(pair[1:3]) for pair in folder.pairs) == []
    assert [pair for pair in folder.pairs if pair[0] not in folder.relation(*pair[1:3])] == []


def test_hard_negatives_say_why_they_are_hard(folder):
    negatives = [pair for pair in folder.pairs if pair[0] in {"related", "different"}]
    assert len(negatives) > 100
    assert [pair for pair in negatives if len(pair) != 4 or not pair[3].strip()] == []
