"""References as people type them: any way of writing gives the value that texts are searched by."""

import pytest

from bot.errors import QueryError
from bot.extract import named


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("RIN 0694-AI94", "0694-AI94"),
        ("0694-ai94", "0694-AI94"),
        ("88 fr 73458", "88 FR 73458"),
        ("88 Fed. Reg. 73,458", "88 FR 73458"),
        ("2023-23055", "2023-23055"),
        ("https://www.federalregister.gov/d/2023-23055", "2023-23055"),
        ("15 CFR 744", "15 CFR 744"),
        ("15 c.f.r. § 744.11(a)(1)", "15 CFR 744.11"),
        ("section 744.11", "15 CFR 744.11"),
        ("EAR § 744.23", "15 CFR 744.23"),
        ("15 CFR 744 Supp. 4", "15 CFR 744 Supp. 4"),
        ("3a090.a", "3A090.a"),
        ("8542310001", "8542.31.0001"),
        ("99038815", "9903.88.15"),
        ("heading 8542", "8542"),
        ("e.o. 14105", "EO 14105"),
        ("executive order of august 9, 2023", "EO of 2023-08-09"),
        ("EO of 2023-08-09", "EO of 2023-08-09"),
        ("proclamation 9704", "Proclamation 9704"),
        ("hr 4346", "H.R. 4346"),
        ("s.1260", "S. 1260"),
        ("public law 117-167", "Pub. L. 117-167"),
        ("19 usc 1862", "19 U.S.C. 1862"),
        ("ds597", "DS597"),
        ("regulation (eu) 2023/1115", "Regulation (EU) 2023/1115"),
        ("mofcom 2023-23", "MOFCOM 2023-23"),
        ("商务部公告2023年第23号", "MOFCOM 2023-23"),
        ("332-585", "332-585"),
        ("337-ta-1300", "337-TA-1300"),
        ("a-570-601", "A-570-601"),
        ("231013-0248", "231013-0248"),
        ("bis-2022-0025", "BIS-2022-0025"),
    ],
)
def test_any_way_of_writing(written, value):
    assert named(written).value == value


@pytest.mark.parametrize(
    "written", ["", "huawei", "744", "2023", "88 FR 73458 and 5", "15 CFR 744 and 88 FR 1000", "3A0901"]
)
def test_what_is_none_says_how_to_write_one(written):
    with pytest.raises(QueryError, match="RIN 0694-AI94"):
        named(written)
