"""What is stored of an article: field by field, and which references name one event."""

from datetime import UTC, date, datetime

import pytest

from bot.extract import facts, references, strong
from bot.model import Article

ADDRESS = "https://www.federalregister.gov/documents/2023/10/25/2023-23055/controls"


def article(**more):
    values = {"source": "fr", "key": "k", "key_kind": "guid", "fingerprint": "f", "content_hash": "h"}
    return Article(**{**values, "title": "", "body": "", "published_at": datetime(2023, 10, 25, tzinfo=UTC), **more})


def test_title_body_and_address_each_have_their_places():
    told = facts(article(title="RIN 0694-AJ23", body="See 88 FR 73458. Effective November 17, 2023.", url=ADDRESS))
    assert [(one.field, one.value) for one in told.references] == [
        ("title", "0694-AJ23"),
        ("body", "88 FR 73458"),
        ("url", "2023-23055"),
    ]
    assert ADDRESS[told.references[2].start : told.references[2].end] == "2023-23055"
    assert [(one.field, one.day) for one in told.deadlines] == [("body", date(2023, 11, 17))]


def test_after_publication_is_reckoned_on_the_documents_own_page_only():
    body = "This rule is effective 30 days after publication."
    own = facts(article(body=body, url=ADDRESS, canonical_url=ADDRESS)).deadlines
    assert [one.day for one in own] == [date(2023, 11, 24)]
    assert facts(article(body=body, url="https://news.example/1")).deadlines == ()
    assert facts(article(body=body, url="https://federalregister.gov.example/1")).deadlines == ()


def test_an_address_that_is_none_does_no_harm():
    assert facts(article(body="no number", url="https://[broken")).references == ()


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("FR Doc. 2023-23055, 88 FR 73458", "", [("fr-citation", "88 FR 73458"), ("fr-document", "2023-23055")]),
        ("商务部公告2023年第23号", "", [("announcement", "MOFCOM 2023-23")]),
        ("Executive Order 14105, 15 CFR 744, HTS 9903.88.15, ECCN 3A090, H.R. 4346, 19 U.S.C. 1862", "Final rule", []),
        ("RIN 0694-AJ23", "Export controls on chips", []),
        ("RIN 0694-AJ23", "Interim Final Rule on chips", [("rin", "0694-AJ23 interim final rule")]),
        (
            "A-570-601",
            "Bearings From China: Final Results of Review; 2018-2019",
            [("case", "A-570-601 final 2018-19")],
        ),
        (
            "A-570-601",
            "Bearings From China: Preliminary Results of Review; 2018-2019",
            [("case", "A-570-601 preliminary 2018-19")],
        ),
        ("Docket No. BIS-2022-0025", "Extension of Comment Period", [("docket", "BIS-2022-0025 extension")]),
    ],
)
def test_what_names_one_event(text, title, expected):
    assert strong(references(text), title) == tuple(expected)
