"""Labelled folders are read as README.md says, and what is wrong in them is named with its place."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from labelled import DEV, BadLabels, read

HEAD = """
[[article]]
id = "one"
story = "list"
source = "A Wire"
published = 2023-08-22T04:10:00Z
title = "A list"
text = '''
“It is a list,” said Lin.
'''
"""
OTHER = HEAD.replace('"one"', '"two"').replace("04:10:00Z", "01:10:00Z")


def labelled(folder, text, pairs=""):
    (folder / "a.toml").write_text(text, "utf-8")
    if pairs:
        (folder / "pairs.tsv").write_text(pairs, "utf-8")
    return read(folder)


def test_articles_come_in_order_of_publication(tmp_path):
    found = labelled(tmp_path, HEAD + OTHER + 'copy_of = "one"\n', "# remark\nsame\tone\ttwo\t\n")
    assert [article.id for article in found.articles] == ["two", "one"]
    assert found.articles[0].quotes is None
    assert found.copies == {"two": "two", "one": "two"}
    assert (found.label("one", "two"), found.pairs[0].is_hard_negative) == ("copy", False)


def test_quotations_are_labelled_or_not(tmp_path):
    quoted = HEAD + '[[article.quote]]\nspeaker = "Lin"\ntext = "It is a list,"\n'
    assert labelled(tmp_path, quoted).articles[0].quotes[0].speaker == "Lin"
    assert labelled(tmp_path, HEAD + "quotes = false\n").articles[0].quotes == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("", "holds no article", id="empty"),
        pytest.param("[[article]\n", "a.toml: ", id="no TOML"),
        pytest.param("[[articles]]\n", "not ['articles']", id="another table"),
        pytest.param(HEAD.replace("story =", "storey ="), "missing ['story'], unknown ['storey']", id="misspelt"),
        pytest.param(HEAD.replace("00Z", "00"), "one: published is no date and time with its zone", id="no zone"),
        pytest.param(HEAD + 'tier = "best"\n', "tier is one of official, wire", id="tier"),
        pytest.param(HEAD + HEAD, "one: two articles have this id", id="id twice"),
        pytest.param(HEAD + 'copy_of = "three"\n', "one: copy_of names no other article (three)", id="copy of nothing"),
        pytest.param(HEAD + 'copy_of = "one"\n', "names no other article", id="copy of itself"),
        pytest.param(
            HEAD + OTHER.replace('"list"', '"other"') + 'copy_of = "one"\n',
            "two: a copy of one is of its story, list",
            id="copy in another story",
        ),
        pytest.param(HEAD + "quotes = true\n", "quotes can only be false", id="quotes"),
        pytest.param(
            HEAD + '[[article.quote]]\nspeaker = "Lin"\ntext = "a lost"\n',
            "does not hold the quotation",
            id="misquoted",
        ),
    ],
)
def test_faults_are_named(tmp_path, text, fault):
    with pytest.raises(BadLabels, match=re.escape(fault)):
        labelled(tmp_path, text)


@pytest.mark.parametrize("line", ["alike\tone\ttwo\t", "same\tone\tthree\t", "same\tone\tone\t", "same one two"])
def test_faults_of_pairs_are_named(tmp_path, line):
    with pytest.raises(BadLabels, match=r"pairs.tsv, line 2: "):
        labelled(tmp_path, HEAD + OTHER, f"# pairs\n{line}\n")


DEVELOPED = read(DEV)


def test_pairs_agree_with_the_articles():
    for pair in DEVELOPED.pairs:
        label = DEVELOPED.label(pair.one, pair.two)
        assert label == ("" if pair.label in {"related", "different"} else pair.label), pair


def test_no_pair_is_named_twice():
    named = Counter(frozenset((pair.one, pair.two)) for pair in DEVELOPED.pairs)
    assert [pair for pair, count in named.items() if count > 1] == []


def test_the_set_is_large_enough_to_judge_by():
    assert len(DEVELOPED.articles) >= 150
    assert len(set(DEVELOPED.stories.values())) >= 45
    assert len(DEVELOPED.pairs) >= 250
    assert sum(pair.is_hard_negative for pair in DEVELOPED.pairs) >= 100
    assert sum(bool(article.quotes) for article in DEVELOPED.articles) >= 40


def test_members_of_a_story_follow_each_other_within_three_days():
    last = {}
    for article in DEVELOPED.articles:
        before = last.get(article.story, article.published)
        assert (article.published - before).total_seconds() <= 72 * 3600, article.id
        last[article.story] = article.published


def test_no_text_is_under_two_stories():
    texts = Counter((article.text, article.story) for article in DEVELOPED.articles if article.text)
    both = [one for one, two in combinations(texts, 2) if one[0] == two[0] and one[1] != two[1]]
    assert both == []


def test_a_copy_stands_beside_its_original():
    """In one file, so that their difference can be read."""
    places = {}
    for path in sorted(Path(DEV).glob("*.toml")):
        for name in re.findall(r'^id = "(.+)"$', path.read_text("utf-8"), re.MULTILINE):
            places[name] = path.name
    assert [a.id for a in DEVELOPED.articles if a.copy_of and places[a.copy_of] != places[a.id]] == []
