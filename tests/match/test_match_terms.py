"""Single terms in texts of many scripts: what is found, and the exact characters of it."""

import pytest
from makers import article, term

from bot.match import Matcher
from bot.model import Alias, AnyOf, Rule, Term


def found(term, body):
    mentions = Matcher([Rule(id="r", title="", expr=AnyOf((term,)))]).match(article(body))
    hits = [hit for mention in mentions for hit in mention.hits]
    assert all(body[hit.start : hit.end] == hit.text for hit in hits)
    return [hit.text for hit in hits]


CASES = [
    # folding
    ("export control", "EXPORT\u00a0Controls, export-control; export\ncontrol; export – control", 4),
    ("export-control", "export control", ["export control"]),
    ("export control", "export\n\ncontrol, exportcontrol, export, control", []),
    ("export control", "an ex\u00adport\u200b control.", ["ex\u00adport\u200b control"]),
    ("Zurich", "Zürich and Zu\u0308rich and ZURICH", ["Zürich", "Zu\u0308rich", "ZURICH"]),
    ("Zürich", "Zürich and Zu\u0308rich and ZURICH and Zùrich", ["Zürich", "Zu\u0308rich"]),
    ("resume", "a résumé", ["résumé"]),
    ("résumé", "to resume, a resumé", []),
    ("Istanbul", "İstanbul", ["İstanbul"]),
    ("firm", "two ﬁrms", ["ﬁrms"]),
    ("Strasse", "die Straße", ["Straße"]),
    ("Moody's", "Moody’s and Moodys", ["Moody’s"]),
    # word edges
    ("ban", "bank urban ban", ["ban"]),
    ("C++", "C++ and C+++ (C++)", ["C++", "C++", "C++"]),
    ("$370 billion", "about US$370 billion", ["$370 billion"]),
    (".NET", "in ASP.NET", [".NET"]),
    ("AT&T", "at&t", ["at&t"]),
    ("Huawei", "Huawei™, Huawei_phones, Huaweis, Huawei2", ["Huawei", "Huawei", "Huaweis"]),
    # plural and possessive
    ("export ban", "export bans, export ban's, export banned", ["export bans", "export ban's"]),
    ("company", "companies, company’s", ["companies", "company’s"]),
    ("companies", "company, companies", ["company", "companies"]),
    ("goods", "good goods", ["goods"]),
    ("AI", "AIs and AI", ["AI"]),
    # capitals
    ("US", "the US, the U.S., U.S-made, us, Us", ["US", "U.S.", "U.S"]),
    ("U.S.", "US and u.s.", ["US"]),
    ("US", "The U.S.A. and USA and P.U.S.", []),
    ("BIS", "BIS bis Bis B.I.S. IBIS", ["BIS", "B.I.S."]),
    ("GPU", "GPUs and GPUS and gpus and a GPU’s", ["GPUs", "GPU’s"]),
    ("5G", "5G, 5g, 15G", ["5G"]),
    ("G7", "G7 g7 ＧＩ Ｇ７", ["G7", "Ｇ７"]),
    ("US Commerce Secretary", "U.S. commerce secretary, us commerce secretary", ["U.S. commerce secretary"]),
    ("США", "США, сша", ["США"]),
    # exact
    ("=Apple", "Apple apple APPLE Apples Apple’s", ["Apple", "Apple"]),
    ("=bans", "ban bans Bans", ["bans"]),
    ("=Zurich", "Zürich Zurich", ["Zurich"]),
    ("=US", "U.S. US", ["US"]),
    ("=export-control", "export control, export–control, Export-control", ["export–control"]),
    ("=華為", "华为 華為", ["華為"]),
    # wildcards
    ("chip*", "chip chips chipmaker’s microchip", ["chip", "chips", "chipmaker"]),
    ("export control*", "export-controlled", ["export-controlled"]),
    ("organi?ation", "organization organisation organiation", ["organization", "organisation"]),
    ("ter?", "ter term terms te", ["term"]),
    ("chip* ban", "chipmakers ban", ["chipmakers ban"]),
    ("出口*", "出口管制", ["出口"]),
    # regular expressions
    ("/tariffs? on/", "Tariffs   on and tariff on", ["Tariffs   on", "tariff on"]),
    ("/sanction(s|ed)/", "sanction sanctions SANCTIONED sanctionsx", ["sanctions", "SANCTIONED"]),
    ("/semiconduct(or|ors)/", "semiconductors", ["semiconductors"]),
    ("/port cont/", "export control", []),
    ("/export.control/", "Export–Control", ["Export–Control"]),
    ("/export.*control/", "export\n\ncontrol", []),
    (r"/\$\d+ billion/", "US$370 billion", ["$370 billion"]),
    ("/naïve plan/", "a naive plan, a naïve plan", ["naive plan", "naïve plan"]),
    ("/出口.{2}/", "限制出口管制措施", ["出口管制"]),
    # scripts
    ("华为", "華為公司和华为手机", ["華為", "华为"]),
    ("出口管制", "美国出口管制措施", ["出口管制"]),
    ("AI", "使用AI技术，AIR", ["AI"]),
    ("チップ", "半導体チップの", ["チップ"]),
    ("チップ", "ﾏｲｸﾛﾁｯﾌﾟ", ["ﾁｯﾌﾟ"]),
    ("かす", "がす", []),
    ("수출", "수출통제를", ["수출"]),
    ("한국", "\u1112\u1161\u11ab국은", ["\u1112\u1161\u11ab국"]),
    ("ส่งออก", "การส่งออกสินค้า", ["ส่งออก"]),
    ("กา", "กี่ กา", ["กา"]),
    ("निर्यात", "निर्यात निर्यातक", ["निर्यात"]),
    ("का", "कि का", ["का"]),
    ("санкции", "САНКЦИИ, антисанкции", ["САНКЦИИ"]),
    ("елка", "ёлка", ["ёлка"]),
    ("ёлка", "елка", []),
    ("мои", "мой", []),
    ("κυρωσεις", "ΚΥΡΏΣΕΙΣ", ["ΚΥΡΏΣΕΙΣ"]),
    ("محمد", "مُحَمَّد", ["مُحَمَّد"]),
    ("שלום", "שָׁלוֹם", ["שָׁלוֹם"]),
    ("Viet Nam", "Việt-Nam", ["Việt-Nam"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "body", "expected"), CASES, ids=[f"{typed}-{n}" for n, (typed, *_) in enumerate(CASES)]
)
def test_what_a_term_finds(typed, body, expected):
    hits = found(term(typed), body)
    assert len(hits) == expected if isinstance(expected, int) else hits == expected


def test_an_alias_has_no_plural_but_a_possessive():
    one = Term(text="Raimondo", entity="e", alias=Alias(text="Raimondo"))
    assert found(one, "Raimondos, Raimondo’s, RAIMONDO") == ["Raimondo’s", "RAIMONDO"]


def test_a_regular_expression_in_a_long_paragraph_is_not_encoded_again_for_every_match():
    body = "export " * 20_000 + "华为 exports"
    assert found(term("/exports/"), body) == ["exports"]
    assert len(found(term("/expo(rt)?/"), body)) == 500


@pytest.mark.parametrize(
    "body",
    ["a" * 200_000, "us " * 60_000, "é\u0301" * 50_000, "\n" * 200_000, " - " * 60_000, "u." * 60_000, "'s" * 60_000],
    ids=["letters", "hits", "marks", "lines", "gaps", "dots", "quotes"],
)
def test_long_monotonous_texts_are_no_trap(body):
    several = [
        term("US"),
        term("aaa*"),
        term("é"),
        term("/export (a+)+b/"),
        term("=U.S."),
        Term(text="s", alias=Alias(text="s")),
    ]
    for one in several:
        found(one, body)


def test_a_lone_surrogate_is_no_trap():
    assert found(term("US"), "\ud800 US \udfff") == ["US"]
