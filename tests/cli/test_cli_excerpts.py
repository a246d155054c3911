"""The line that shows a mistake of a query, on terminals narrower than it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.excerpts import LEAST, narrowed
from bot.text import columns

LINE = 'tariff AND "export control" AND semiconductor and steel AND aluminium'
WORDS = st.sampled_from(["tariff", "出口管制", "Zu\u0308rich", "AND", "(", "…", "निर्यात", "ガス"])


def drawn(line, word):
    """An excerpt with carets under the word."""
    before, word, _ = line.partition(word)
    return f"{line}\n{' ' * columns(before)}{'^' * columns(word)}"


def under(excerpt):
    """What stands over the carets."""
    line, carets = excerpt.split("\n")
    begin, end = carets.index("^"), len(carets)
    return "".join(
        char
        for place, char in enumerate(line)
        if begin <= columns(line[:place]) < end or (not columns(char) and begin < columns(line[:place]) <= end)
    )


@pytest.mark.parametrize(
    ("word", "width", "expected"),
    [
        ("and", 36, ["…miconductor and steel AND aluminium", " " * 13 + "^^^"]),
        ("tariff", 36, ['tariff AND "export control" AND sem…', "^^^^^^"]),
        ("aluminium", 36, ["…d steel AND aluminium", " " * 13 + "^^^^^^^^^"]),
        ("and", 90, [LINE, " " * 46 + "^^^"]),
    ],
)
def test_a_line_is_cut_around_the_carets(word, width, expected):
    assert narrowed(drawn(LINE, word), width).split("\n") == expected


@given(
    st.lists(WORDS, max_size=30),
    st.sampled_from(["here", "这里", "ここ"]),
    st.lists(WORDS, max_size=30),
    st.integers(0, 90),
)
def test_the_carets_stay_under_their_word_and_nothing_is_wider_than_the_terminal(before, word, after, width):
    excerpt = drawn(" ".join([*before, word, *after]), word)
    found = narrowed(excerpt, width)
    assert max(columns(line) for line in found.split("\n")) <= max(width, LEAST)
    assert under(found) == word
    assert found == excerpt or "…" in found


def test_a_long_place_is_cut_with_its_line():
    excerpt = f"{'x' * 60}\n{'^' * 60}"
    assert narrowed(excerpt, 30) == f"{'x' * 29}…\n{'^' * 30}"


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_mistake_of_a_query_is_shown_in_the_width_of_the_terminal(desk, width):
    article = desk.write("article.txt", "Tariffs on steel.\n")
    said = desk.on_a_terminal("match", "--query", LINE, str(article), columns=width)
    shown = said.out.split("\n")
    place = next(number for number, line in enumerate(shown) if line.strip().startswith("^"))
    assert under(f"{shown[place - 1]}\n{shown[place]}") == "and"
    assert columns(shown[place - 1]) <= width
