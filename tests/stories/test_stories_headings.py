"""What an outlet writes under its headlines, and over its columns, is learnt from its own headlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.headings import Habits, bare_title, gathers, learn

SUBJECTS = ["Salt", "Grit", "Fish", "Copper", "Timber", "Wool", "Tin", "Barley", "Slate", "Ferries"]
NEWS = [f"{subject} {verb} in spring" for subject in SUBJECTS for verb in ("is dearer", "sells well")]


@pytest.mark.parametrize("mark", [" – harbour post", " | Nikkei Asia", " - 新华网", "（北方日报）"])
def test_the_name_at_the_end_of_most_headlines_is_the_outlet_s(mark):
    habits = learn([f"{title}{mark}" for title in NEWS] + ["Weather", "Letters"])
    assert bare_title(f"Duty on salt rises{mark}", habits) == "Duty on salt rises"
    assert bare_title("Duty on salt – the view from Brede", habits) == "Duty on salt – the view from Brede"


def test_an_end_that_a_few_headlines_share_is_theirs():
    habits = learn([*NEWS, *(f"{title} – in pictures" for title in NEWS[:5])])
    assert habits.ends == frozenset()


def test_the_title_of_a_column_before_its_news_is_taken_off():
    habits = learn([*NEWS, *(f"Quarry diary: {title}" for title in NEWS[:4])])
    assert bare_title("Quarry diary: Norland taxes salt", habits) == "Norland taxes salt"
    assert bare_title("Estavia: duty on salt", habits) == "Estavia: duty on salt"


def test_the_title_of_a_column_that_says_nothing_else_is_no_headline():
    habits = learn([*NEWS, *["What we know so far"] * 4])
    assert bare_title("What We Know So Far", habits) == ""
    assert gathers("What we know so far", habits)
    assert bare_title("Duty on salt rises", habits) == "Duty on salt rises"


@pytest.mark.parametrize(
    "title",
    ["UPDATE 1-Duty on salt rises", "EXCLUSIVE: Duty on salt rises", "Analysis: Duty on salt rises",
     "Breaking | Duty on salt rises", "Duty on salt rises", "Duty on salt rises – Reuters"],
)  # fmt: skip
def test_marks_that_every_house_uses_are_known(title):
    assert bare_title(title) == "Duty on salt rises"


@given(st.permutations(NEWS + ["Quarry diary: a"] * 4 + [f"{title} – Post" for title in NEWS * 2]))
def test_habits_do_not_depend_on_the_order_of_headlines(titles):
    assert learn(titles) == learn(sorted(titles))


def test_a_new_source_has_no_habits():
    assert learn([]) == Habits()
    assert learn(["One – Post"] * 3).ends == frozenset()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Morning briefing", True),
        ("The week in salt: three duties, one storm", True),
        ("Live: salt talks in Osvik", True),
        ("From 1998 to today: road salt in nine charts", True),
        ("One year after the salt duty: what has changed", True),
        ("环球早报：三大关税", True),
        ("Ministers briefed on salt duty", False),
        ("Norland puts 18.4% duty on road salt", False),
        ("Salt duty a week after the vote", False),
        ("Live cattle exports rise", False),
    ],
)
def test_round_ups_and_looks_back_say_what_they_are(title, expected):
    assert gathers(title) is expected
