"""Regulatory references: every form is found with its place, and nothing that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extract import codes, references
from bot.extract.found import one_dash
from bot.extract.references import _BY_DASH, _SIGNS, MOST


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
        ("https://www.govinfo.gov/content/pkg/FR-2023-10-25/pdf/2023-23055.pdf", [("fr-document", "2023-23055")]),
        ("https://www.federalregister.gov/citation/88-FR-73458", [("fr-citation", "88 FR 73458")]),
        ("RIN 0694–AJ23", [("rin", "0694-AJ23")]),
        ("Docket Nos. 231013-0248 and BIS-2022-0025", [("docket", "231013-0248"), ("docket", "BIS-2022-0025")]),
        ("comment USTR-2023-0001-0005 says", [("docket", "USTR-2023-0001")]),
        ("FDA-2020-N-1234", [("docket", "FDA-2020-N-1234")]),
        ("Docket ID: EPA-HQ-OAR-2021-0317-0001", [("docket", "EPA-HQ-OAR-2021-0317")]),
        ("the cases A–570–601 and C-570-602", [("case", "A-570-601"), ("case", "C-570-602")]),
        ("Inv. No. TA-201-75", [("investigation", "TA-201-75")]),
        ("Investigation No. 332-585", [("investigation", "332-585")]),
        (
            "Nos. 701-TA-672-674",
            [("investigation", "701-TA-672"), ("investigation", "701-TA-673"), ("investigation", "701-TA-674")],
        ),
        ("the WTO panel on DS597", [("wto-dispute", "DS597")]),
        ("WT/DS58/AB/R", [("wto-dispute", "DS58")]),
        ("EO 14105", [("executive-order", "EO 14105")]),
        ("Executive Order (E.O.) 14105", [("executive-order", "EO 14105")]),
        ("Exec. Order No. 14,105", [("executive-order", "EO 14105")]),
        ("Executive Order of August 9, 2023, on", [("executive-order", "EO of 2023-08-09")]),
        ("第14105号行政令", [("executive-order", "EO 14105")]),
        ("Proclamations 9704 and 9705", [("proclamation", "Proclamation 9704"), ("proclamation", "Proclamation 9705")]),
        ("H.R. 4346 passed", [("bill", "H.R. 4346")]),
        ("H. R. 4346 passed", [("bill", "H.R. 4346")]),
        ("HR 4346 passed the House", [("bill", "H.R. 4346")]),
        ("the Senate took up S. 1260.", [("bill", "S. 1260")]),
        (
            "H.Res. 11, H. Con. Res. 3 and S.J.Res. 18",
            [("bill", "H.Res. 11"), ("bill", "H.Con.Res. 3"), ("bill", "S.J.Res. 18")],
        ),
        ("Public Law 117–167", [("public-law", "Pub. L. 117-167")]),
        ("Pub. L. No. 117-167", [("public-law", "Pub. L. 117-167")]),
        ("P.L. 117-167", [("public-law", "Pub. L. 117-167")]),
        ("19 U.S.C. 1862", [("usc", "19 U.S.C. 1862")]),
        ("19 U.S.C. § 1677e(b)", [("usc", "19 U.S.C. 1677e")]),
        ("19 USC 2411", [("usc", "19 U.S.C. 2411")]),
        ("50 U.S.C. §§ 4801 and 4813", [("usc", "50 U.S.C. 4801"), ("usc", "50 U.S.C. 4813")]),
        ("EAR § 744.23", [("cfr", "15 CFR 744.23")]),
        ("section 744.11 of the EAR", [("cfr", "15 CFR 744.11")]),
        ("§ 744.11(a) of the Export Administration Regulations", [("cfr", "15 CFR 744.11")]),
        ("part 126 of the ITAR", [("cfr", "22 CFR 126")]),
        ("Supplement No. 4 to part 744", [("cfr", "15 CFR 744 Supp. 4")]),
        ("15 Code of Federal Regulations part 744", [("cfr", "15 CFR 744")]),
        ("HTS 8542.31.0001", [("hts", "8542.31.0001")]),
        ("HTSUS 8542.31.00.01", [("hts", "8542.31.0001")]),
        ("heading 9903.88.15", [("hts", "9903.88.15")]),
        ("headings 8541 and 8542", [("hts", "8541"), ("hts", "8542")]),
        ("subheading 8542.31", [("hts", "8542.31")]),
        ("heading 2009 of the HTSUS", [("hts", "2009")]),
        ("the tariff under 7308.90.9590, 7308.90.60", [("hts", "7308.90.9590"), ("hts", "7308.90.60")]),
        ("Regulation (EU) 2023/1115", [("eu-act", "Regulation (EU) 2023/1115")]),
        ("Council Regulation (EC) No 428/2009", [("eu-act", "Regulation (EC) 428/2009")]),
        ("Verordnung (EU) Nr. 833/2014", [("eu-act", "Regulation (EU) 833/2014")]),
        ("règlement (UE) n° 833/2014", [("eu-act", "Regulation (EU) 833/2014")]),
        ("Directive 2014/65/EU", [("eu-act", "Directive 2014/65/EU")]),
        ("商务部公告2023年第23号", [("announcement", "MOFCOM 2023-23")]),
        ("商务部 海关总署公告2023年第23号", [("announcement", "MOFCOM 2023-23")]),
        ("商务部公告〔2023〕23号", [("announcement", "MOFCOM 2023-23")]),
        ("国务院关税税则委员会公告 2025 年第 4 号", [("announcement", "Customs Tariff Commission 2025-4")]),
        ("MOFCOM Announcement No. 23 of 2023", [("announcement", "MOFCOM 2023-23")]),
        ("the Ministry of Commerce's Announcement No. 61 [2025]", [("announcement", "MOFCOM 2025-61")]),
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
        "CVE-2021-44228 in docket software",
        "an Airbus A-320-200",
        "call 1-800-570-601",
        "0694-AJ23 is the colour of the car",
        "Nintendo DS 597 games",
        "visa form DS-160 for the WTO",
        "Citroën DS 3 at the WTO",
        "the U.S. 1260 miles",
        "on page S. 1260 des Buches",
        "400 S. 12 in Congress Street",
        "George S. 5th said the Senate",
        "an HR 4346 form",
        "No. 19 USC 31, No. 4 UCLA 14",
        "No. 19 USC 2024 schedule",
        "EO 2000",
        "the Proclamation 1863",
        "Proclamation 2023",
        "version 2023.10.17 of the tariff file",
        "$8542.31.00 in tariffs",
        "chapter 7742.31.00 of tariffs",
        "heading 2024 estimates",
        "heading into 2024",
        "8542.31.0001 without a word",
        "Regulation 2023/1115 apples",
        "公告2023年第23号",
        "Announcement No. 23 of 2023 by the club",
        "the ear § 744.23",
        "EAR § 23.1",
        "Supplement No. 4 to part 12",
    ],
)
def test_what_is_not_a_reference(text):
    assert found(text) == []


def test_what_a_number_is_may_be_told_elsewhere_in_the_text():
    assert found("The RIN is new. It is 0694-AJ23.") == [("rin", "0694-AJ23")]
    assert found("ABC-2021-0317 is open on regulations.gov") == [("docket", "ABC-2021-0317")]
    assert found("ABC-2021-0317 is open") == []


def test_only_a_plural_announces_a_list():
    assert found("15 CFR 744 and 27 firms") == [("cfr", "15 CFR 744")]


def test_neighbouring_titles_are_kept_apart():
    assert found("15 CFR parts 734 and 19 CFR 351") == [("cfr", "15 CFR 734"), ("cfr", "19 CFR 351")]


def test_every_kind_of_dash_is_one_and_the_text_stays_as_written():
    (reference,) = references("Public Law 117–167.")
    assert (reference.value, reference.text) == ("Pub. L. 117-167", "Public Law 117–167")


def test_the_middle_of_a_range_stands_at_the_place_of_the_whole():
    text = "Nos. 701-TA-672-674 (Final)"
    assert [text[r.start : r.end] for r in references(text)] == ["701-TA-672", "701-TA-672-674", "674"]


def test_places_are_those_of_the_numbers():
    text = "Executive Orders 13873 and 14105; RIN 0694-AJ23"
    assert [text[r.start : r.end] for r in references(text)] == ["13873", "14105", "0694-AJ23"]


@given(st.text(alphabet="0123456789-–ABCEFRTAUHS .,/()§Doketinbp年公告第号", max_size=60))
def test_any_text_gives_references_at_their_places(text):
    assert all(text[r.start : r.end] == r.text for r in references(text))


def test_a_schedule_of_thousands_is_not_stored_whole():
    text = "heading 8542.31.0001, " * 2_000
    assert len(references(text)) == MOST


PIECES = [
    *(
        "FR Doc. ",
        "2023-23055",
        " 88 FR 73,458",
        "RIN 0694–AJ23",
        "Docket No. ",
        "BIS-2022-0025",
        "231013-0248",
        "A–570–601",
    ),
    *("701-TA-672-674", "Inv. No. 332-585", "WTO ", "DS597", "H.R. 4346", "S. 1260", "Senate ", "Pub. L. 117–167"),
    *("19 U.S.C. §§ 4801 and 4813", "Executive Orders ", "13873", " and ", "14105", "E.O. ", "Proclamation 9704"),
    *(
        "第14105号行政令",
        "15 CFR parts ",
        "744",
        ", 734",
        "§ 744.23",
        " of the EAR",
        "EAR ",
        "Supplement No. 4 to part 744",
    ),
    *(
        "ECCN ",
        "3A090.a",
        "8542.31.0001",
        " tariff ",
        "heading ",
        "8542",
        "Regulation (EU) 2023/1115",
        "Directive 2014/65/EU",
    ),
    *("商务部公告2023年第23号", "MOFCOM ", "Announcement No. 23 of 2023", " x ", "\n", ". "),
]


def every_reader(text):
    """What all readers find that look at the whole text, whatever signs it has."""
    plain = one_dash(text)
    readers = {find for _, find in _SIGNS} | {*_BY_DASH, codes.control_numbers, codes.parts_of_books}
    return {found for find in readers for found in find(plain)}


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_no_reader_that_is_left_out_would_have_found_anything(text):
    told = {(one.kind, one.value, one.start, one.end) for one in references(text)}
    assert told == {tuple(found) for found in every_reader(text)}
