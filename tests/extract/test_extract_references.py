"""Regulatory references: every form is found with its place, and nothing that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extract import references


def found(text):
    return [(reference.kind, reference.value) for reference in references(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[FR Doc. 2023-23055 Filed 10-24-23]", [("fr-document", "2023-23055")]),
        ("FR Doc. No. C1-2021-02597", [("fr-document", "C1-2021-02597")]),
        (
            "https://www.federalregister.gov/documents/2020/03/19/2020-05674/notice-of-product",
            [("fr-document", "2020-05674")],
        ),
        ("https://www.federalregister.gov/d/2020-05674", [("fr-document", "2020-05674")]),
        ("as published at 88 FR 73458, on", [("fr-citation", "88 FR 73458")]),
        ("88 Fed. Reg. 73,458", [("fr-citation", "88 FR 73458")]),
        ("RIN 0694-AJ23", [("rin", "0694-AJ23")]),
        ("Docket No. 231013-0248", [("docket", "231013-0248")]),
        ("submit to BIS-2022-0025 by", [("docket", "BIS-2022-0025")]),
        ("EPA-HQ-OAR-2021-0317", [("docket", "EPA-HQ-OAR-2021-0317")]),
        ("the order (A-570-601)", [("case", "A-570-601")]),
        ("Docket No. A-570-601", [("case", "A-570-601")]),
        ("Investigation No. 337-TA-1300", [("investigation", "337-TA-1300")]),
        ("Executive Order 14105 of August 9", [("executive-order", "EO 14105")]),
        ("E.O. 13873", [("executive-order", "EO 13873")]),
        (
            "Executive Orders 13873, 14034 and 14105",
            [("executive-order", "EO 13873"), ("executive-order", "EO 14034"), ("executive-order", "EO 14105")],
        ),
        ("15 CFR part 744", [("cfr", "15 CFR 744")]),
        ("15 C.F.R. § 744.23", [("cfr", "15 CFR 744.23")]),
        ("15 CFR 744.11(a)(1)", [("cfr", "15 CFR 744.11")]),
        ("15 CFR parts 734 and 744", [("cfr", "15 CFR 734"), ("cfr", "15 CFR 744")]),
        ("ECCN 3A090.a or 4A090", [("eccn", "3A090.a"), ("eccn", "4A090")]),
    ],
)
def test_forms(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "seat 3A090 of the flight",
        "the 2018-20199 season",
        "15 percent of 744",
        "Docket Sub-Committee",
        "In 2023-24 the FR was thin",
        "model AB-1234",
        "Executive orders are common",
        "88 FROG 12",
    ],
)
def test_what_is_not_a_reference(text):
    assert found(text) == []


def test_only_a_plural_announces_a_list():
    assert found("15 CFR 744 and 27 firms") == [("cfr", "15 CFR 744")]


def test_neighbouring_titles_are_kept_apart():
    assert found("15 CFR parts 734 and 19 CFR 351") == [("cfr", "15 CFR 734"), ("cfr", "19 CFR 351")]


def test_places_are_those_of_the_numbers():
    text = "Executive Orders 13873 and 14105; RIN 0694-AJ23"
    assert [text[r.start : r.end] for r in references(text)] == ["13873", "14105", "0694-AJ23"]


@given(st.text(alphabet="0123456789-ABCEFRTA .,()§Doketin", max_size=60))
def test_any_text_gives_references_at_their_places(text):
    assert all(text[r.start : r.end] == r.text for r in references(text))
