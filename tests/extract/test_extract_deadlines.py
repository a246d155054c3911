"""Days that count: what happens on which day, where it stands, and what is no such day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extract import deadlines

PUBLISHED = date(2023, 10, 25)


def found(text, **more):
    return [(one.kind, one.day.isoformat()) for one in deadlines(text, **{"published": PUBLISHED, **more})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This rule is effective October 17, 2023.", [("effective", "2023-10-17")]),
        ("DATES: Effective date: 17 October 2023.", [("effective", "2023-10-17")]),
        ("The rule becomes effective on Nov. 16, 2023, officials said.", [("effective", "2023-11-16")]),
        ("The tariff takes effect at 12:01 a.m. ET on January 1, 2024.", [("effective", "2024-01-01")]),
        ("It enters into force on 2024-02-01.", [("effective", "2024-02-01")]),
        ("DATES: Applicable October 25, 2023.", [("effective", "2023-10-25")]),
        (
            "It delays the effective date of the rule from May 14, 2023, until November 14, 2023.",
            [("effective", "2023-11-14")],
        ),
        ("本公告自2023年12月1日起正式实施。", [("effective", "2023-12-01")]),
        ("自2023年12月1日零时起，对原产于美国的商品加征关税。", [("effective", "2023-12-01")]),
        ("Comments must be received by BIS no later than December 18, 2023.", [("comments", "2023-12-18")]),
        ("Written comments are due by close of business December 18, 2023.", [("comments", "2023-12-18")]),
        (
            "Submit comments to the U.S. Trade Representative by 11:59 p.m. on December 18, 2023.",
            [("comments", "2023-12-18")],
        ),
        ("The comment period closes on December 18, 2023.", [("comments", "2023-12-18")]),
        ("The comment period is reopened from June 15, 2023, to June 30, 2023.", [("comments", "2023-06-30")]),
        ("extending the deadline for written comments to March 14, 2025", [("comments", "2025-03-14")]),
        ("意见反馈截止时间为2023年12月18日。", [("comments", "2023-12-18")]),
        ("Exporters must comply with the new rule by January 25, 2024.", [("compliance", "2024-01-25")]),
        ("The compliance date is extended from July 19, 2027 to November 19, 2027.", [("compliance", "2027-11-19")]),
        (
            "The Commission will hold a public hearing in Washington, DC on February 1, 2024.",
            [("hearing", "2024-02-01")],
        ),
        ("The public hearing will convene on December 3-5, 2025.", [("hearing", "2025-12-03")]),
        ("The exclusions are scheduled to expire on May 14, 2020.", [("expiry", "2020-05-14")]),
        ("It extends the exclusions through November 29, 2025.", [("expiry", "2025-11-29")]),
        ("The licence remains in effect until May 28, 2025.", [("expiry", "2025-05-28")]),
        (
            "The pause is effective from May 14, 2025 through August 12, 2025.",
            [("effective", "2025-05-14"), ("expiry", "2025-08-12")],
        ),
        (
            "The rule is effective November 16, 2023. Comments must be received by December 18, 2023.",
            [("effective", "2023-11-16"), ("comments", "2023-12-18")],
        ),
    ],
)
def test_what_happens_when(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A cost-effective plan of October 17, 2023 is here.",
        "On October 17, 2023, the ministry spoke of effective controls.",
        "Comments were due on May 3, 2023.",
        "soliciting comments on the collection of information published on May 3, 2023",
        "The comment period was originally scheduled to close on May 20, 2022.",
        "The hearing scheduled for October 12, 2023 was cancelled.",
        "A hearing was held on February 7, 2024.",
        "The rule was to become effective on July 30, 2024, but a court stopped it.",
        "Comments help. The minister spoke on May 3, 2023.",
        "It becomes effective on February 30, 2024.",
        "The plan is effective and comments are welcome.",
        "effective tariff rate of 17 percent in 2023",
        "Officials may comment on the talks of May 3, 2023",
        "",
    ],
)
def test_what_is_no_day_that_counts(text):
    assert found(text) == []


def test_a_day_without_a_year_is_the_nearest_and_says_so():
    (one,) = deadlines("The tariffs take effect on January 6.", published=date(2023, 12, 20))
    assert (one.day, one.derived) == (date(2024, 1, 6), "the year is that of publication on 2023-12-20")
    (past,) = deadlines(
        "The tariffs took effect, and the rules go into effect on December 1.", published=date(2023, 12, 20)
    )
    assert past.day == date(2023, 12, 1)


def test_a_day_without_a_year_is_none_where_nothing_gives_the_year():
    assert deadlines("The tariffs take effect on January 6.") == ()


def test_days_after_publication_need_the_publication_itself():
    text = "Comments are due within 60 days after publication in the Federal Register."
    (one,) = deadlines(text, published=PUBLISHED, is_publication=True)
    assert (one.day, one.derived) == (date(2023, 12, 24), "60 days after publication on 2023-10-25")
    assert text[one.start : one.end] == "60 days after publication"
    assert deadlines(text, published=PUBLISHED) == ()
    assert deadlines(text, is_publication=True) == ()


def test_places_and_the_sentence():
    text = "A rule came.\n\nIt is effective\nOctober 17, 2023, the U.S. agency said. More follows."
    (one,) = deadlines(text)
    assert (text[one.start : one.end], one.text) == ("October 17, 2023", "October 17, 2023")
    assert one.sentence == "It is effective October 17, 2023, the U.S. agency said."


@given(
    st.lists(
        st.sampled_from(
            [
                "effective",
                "comments",
                "must",
                "be received",
                "by",
                "until",
                "from",
                "to",
                "hearing",
                "on",
                "expires",
                ", ",
                ". ",
                "October 17, 2023",
                "Jan. 6",
                "2023-13-45",
                "60 days after publication",
                "compliance date",
                "\n\n",
                "自",
                "起",
                "实施",
                "12月1日",
            ]
        ),
        max_size=14,
    )
)
def test_any_text_gives_days_at_their_places(words):
    text = " ".join(words)
    told = deadlines(text, published=PUBLISHED, is_publication=True)
    assert all(text[one.start : one.end] == one.text for one in told)
    assert [one.start for one in told] == sorted({one.start for one in told})
