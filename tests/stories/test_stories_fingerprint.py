"""Index entries: small, quick, the same in every process, and sure to meet where a passage is shared."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Article
from bot.stories import features
from bot.stories.fingerprint import ENTRIES, SHINGLE, WINDOW, passages
from bot.stories.place import compare
from bot.stories.reading import Reading
from bot.stories.tokens import body_words, title_words, tokens


def article(title="", body="", url=None):
    return Article(
        source="s",
        key="k",
        key_kind="guid",
        fingerprint="f",
        content_hash="c",
        title=title,
        body=body,
        canonical_url=url,
    )


def kinds(found):
    return {kind for kind, _ in found.entries}


def test_every_kind_has_its_entries():
    found = features(article("Four words make one", "a b c d e f", "https://news.example/1"))
    assert kinds(found) == {"passage", "text", "title", "url"}
    assert features(article()).entries == ()
    assert kinds(features(article("Morning news"))) == {"text"}


def printed(code, seed):
    environ = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True).stdout


def test_entries_are_the_same_in_every_process():
    code = (
        "from bot.model import Article; from bot.stories import features;"
        "print(features(Article(source='s', key='k', key_kind='guid', fingerprint='f', content_hash='c',"
        "title='Four words make one', body='Firms left the list on Tuesday. ' * 9)).entries)"
    )
    runs = [printed(code, seed) for seed in ("1", "2")]
    assert runs[0] == runs[1] != ""


numbered = st.lists(st.integers(0, 10**6).map(lambda n: f"w{n}"), max_size=60)
PASSAGE = WINDOW + SHINGLE - 1
shared_passages = st.lists(st.integers(0, 10**6).map(str), min_size=PASSAGE, max_size=PASSAGE)


@given(
    numbered, numbered, numbered, numbered, st.lists(st.integers(0, 10**6).map(str), min_size=PASSAGE, max_size=PASSAGE)
)
def test_a_shared_passage_gives_a_shared_entry(before_a, after_a, before_b, after_b, passage):
    one, two = [*before_a, *passage, *after_a], [*before_b, *passage, *after_b]
    assert set(passages(one)) & set(passages(two))


@given(st.lists(st.sampled_from("abcdefgh"), max_size=400))
def test_entries_are_shingles_of_the_text_and_few(words):
    found = passages(words)
    assert len(found) == len(set(found)) <= ENTRIES
    assert bool(found) == (len(words) >= SHINGLE)


def test_a_long_text_costs_no_more_than_a_long_article():
    assert len(features(article(body=" ".join(f"w{n}" for n in range(50_000)))).entries) <= ENTRIES + 3


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The U.S. said", "The US said"),
        ("25 per cent", "25%"),
        ("25 percent", "25 %"),
        ("“It’s on”", '"Its on"'),
        ("co\u00adoperate", "cooperate"),
        ("Zürich", "zurich"),
        ("1,200", "1200"),
        ("華為", "华为"),
        ("BEIJING (Reuters) - Talks began", "Talks began"),
        ("Talks began\n\n(Reporting by A B)", "Talks began © 2023 The Wire"),
    ],
)
def test_a_house_style_leaves_no_trace(one, two):
    assert tokens(one).folded == tokens(two).folded


def test_a_word_that_opens_a_sentence_is_no_name():
    read = tokens("Talks began. Officials met Raimondo. “We agree,” Xi said.")
    assert [read.folded[at] for at in range(len(read.folded)) if read.is_name(at)] == ["raimondo", "xi"]


def test_han_counts_by_the_character():
    assert tokens("华为5G").folded[:2] == ("华", "为")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Firms leave the unverified list - Reuters", "firms leave the unverified list"),
        ("Firms leave the unverified list | The Morning Paper", "firms leave the unverified list"),
        ("Firms leave – at last", "firms leave at last"),
        ("Trade talks - Reuters", "trade talks reuters"),
    ],
)
def test_the_outlet_is_not_part_of_the_headline(title, expected):
    assert " ".join(title_words(title)) == expected


HOSTILE = {
    "newlines": "\n" * 100_000,
    "blanks and words": (" " * 5_000 + "word") * 20,
    "one word": "a" * 100_000,
    "initials": "A." * 50_000,
    "numbers": "1," * 50_000,
    "signs": "- " * 50_000,
    "open brackets": "(Reporting by " * 8_000,
    "capitals": "A " * 50_000,
    "cut marks": "… " * 50_000,
    "the same again": "firms left the list " * 6_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(30)  # without the caps they take minutes
def test_hostile_texts_come_to_an_end(name):
    text = HOSTILE[name]
    features(article(text, text))
    compare(Reading.of(article(text, text)), Reading.of(article("Other", f"Begin {text} end")))
    assert len(features(article(text, text)).entries) <= ENTRIES + 3


@given(st.one_of(st.text(), st.text(st.characters(max_codepoint=127)), st.text("aZ09.,%$'_ percent\x1c")))
def test_words_without_their_places_are_the_same_words(text):
    assert body_words(text) == tokens(text).folded
