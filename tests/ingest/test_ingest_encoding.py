"""Bytes to text, whatever they claim to be."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.eastasian import guess
from bot.ingest.encoding import decode, decode_text, is_text

WESTERN = "Café “Müller” – naïve €"
CHINESE = "雷蒙多访华期间，中美同意成立工作组，讨论出口管制问题。"


def xml(encoding, text=WESTERN):
    return f'<?xml version="1.0" encoding="{encoding}"?><rss>{text}</rss>'


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        pytest.param(xml("utf-8").encode(), None, id="as declared"),
        pytest.param(xml("iso-8859-1").encode(), None, id="utf-8 that claims to be latin-1"),
        pytest.param(xml("utf-8").encode("cp1252"), None, id="windows-1252 that claims to be utf-8"),
        pytest.param(xml("iso-8859-1").encode("cp1252"), None, id="latin-1 means windows-1252"),
        pytest.param(xml("windows-1252").encode("cp1252"), "utf-8", id="the server is wrong"),
        pytest.param(b"<rss>" + WESTERN.encode("cp1252") + b"</rss>", "windows-1252", id="only the server says it"),
        pytest.param(xml("no-such-thing").encode("cp1252"), "nor-this", id="unknown labels"),
        pytest.param(codecs.BOM_UTF8 + xml("utf-16").encode(), "latin-1", id="a mark beats every label"),
        pytest.param(codecs.BOM_UTF16_LE + xml("utf-8").encode("utf-16-le"), None, id="utf-16 with mark"),
        pytest.param(codecs.BOM_UTF32_BE + xml("utf-8").encode("utf-32-be"), None, id="utf-32 with mark"),
        pytest.param(xml("utf-16").encode("utf-16-be"), None, id="utf-16 without mark"),
    ],
)
def test_feeds_are_read_right_whatever_they_claim(body, charset):
    assert WESTERN in decode(body, charset)


@pytest.mark.parametrize("encoding", ["gb2312", "gb18030", "big5", "shift_jis", "euc-kr", "iso-2022-jp", "koi8-r"])
def test_declared_encodings_of_other_scripts(encoding):
    text = {
        "shift_jis": "輸出管理",
        "iso-2022-jp": "輸出管理",
        "euc-kr": "수출 통제",
        "koi8-r": "Экспорт",
        "big5": "出口管制",
    }
    wanted = text.get(encoding, "出口管制")
    assert wanted in decode(xml(encoding, wanted).encode(encoding))


def test_a_text_cut_off_within_a_character_stays_utf_8():
    body = xml("utf-8", CHINESE).encode().partition("制".encode())[0] + "制".encode()[:2]
    text = decode(body)
    assert "出口管" in text
    assert text.endswith("\ufffd")


@pytest.mark.parametrize("label", ["utf-7", "idna", "unicode_escape", "hex", "base64", "rot13"])
def test_a_label_cannot_choose_a_codec_that_is_no_charset(label):
    assert decode(xml(label, "+ADw-b+AD4- \\u0041 é").encode("cp1252")).endswith("+ADw-b+AD4- \\u0041 é</rss>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_files_in_western_encodings(encoding):
    text = WESTERN + " and quite a few plain words around it"
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_files_in_chinese(encoding):
    assert decode_text(CHINESE.encode(encoding)) == CHINESE


SENTENCES = {
    "gb18030": [
        "商务部宣布，自下月起对镓和锗实施出口许可。",
        "华为新手机引发关注，专家认为芯片由国内生产。",
        "外交部：反对单边制裁",
        "中美关税",
        "商务部对镓锗实施出口管制",
        "經濟部表示，出口管制對業者影響有限。",
    ],
    "cp950": [
        "美國商務部長訪問北京，雙方同意成立工作小組。",
        "台積電表示，新的出口管制對公司影響有限。",
        "財政部說，關稅豁免將延長到明年年底。",
        "晶片禁令擴大",
        "鎵和鍺出口管制",
        "關稅",
    ],
    "big5hkscs": ["香港嘅出口商話，新關稅會令成本增加，佢哋唔知點算。"],
    "cp932": [
        "米商務長官が北京を訪れ、輸出管理について協議した。",
        "経済産業省は先端半導体の製造装置を許可制にすると発表した。",
        "ファーウェイの新型スマートフォン",
        "輸出規制強化",
        "曖昧な合意",
    ],
    "euc_jp": ["米商務長官が北京を訪れ、輸出管理について協議した。", "トヨタ自動車は来月から中国での生産を減らす。"],
    "cp949": [
        "미국 상무장관이 베이징을 방문해 수출 통제를 논의했다.",
        "정부는 반도체 장비에 대한 수출 규제를 강화한다고 밝혔다.",
        "대통령실 “협의 중”",
        "수출 통제",
        "관세",
    ],
    "cp1252": [
        "Café “Müller” – naïve €",
        "Le ministère a annoncé l’élargissement des contrôles à l’exportation.",
        "Über Zölle wird in Brüssel ständig gestritten, sagte die Kommissarin.",
        "El señor Peña habló de los aranceles en España.",
        "Færøerne får nye regler på området.",
        "ÄÖÜ, Größe, créée, São Paulo não",
    ],
}
CASES = [(encoding, text) for encoding, texts in SENTENCES.items() for text in (*texts, "\n\n".join(texts))]


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_text_files_tell_their_encoding_by_their_characters(encoding, text):
    assert decode_text(text.encode(encoding)) == text
    framed = f"---\ntitle: Talks on tariffs\nsource: The Example\n---\n{text}\n"
    assert decode_text(framed.encode(encoding)) == framed


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_pages_and_feeds_that_declare_nothing_or_lie_are_told_the_same_way(encoding, text):
    assert text in decode(f"<html><p>{text}</p></html>".encode(encoding))
    assert text in decode(xml("utf-8", text).encode(encoding), "utf-8")


@pytest.mark.parametrize("encoding", ["gb18030", "cp950", "cp932", "cp949"])
def test_one_broken_byte_does_not_turn_a_long_text_into_another_language(encoding):
    text = "\n".join(SENTENCES[encoding] * 3)
    body = bytearray(text.encode(encoding))
    body[-3:-3] = b"\xff"
    assert decode_text(bytes(body)).startswith(text[:-5])


@pytest.mark.parametrize("text", [CHINESE, "수출 통제를 논의했다", "半導体の製造装置を許可制", WESTERN])
def test_utf_8_with_a_broken_byte_stays_utf_8(text):
    body = text.encode()
    found = decode_text(body[:12] + b"\xff" + body[12:] + b" " + body)
    assert text in found


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5"])
def test_other_scripts_are_not_taken_for_an_east_asian_one(encoding):
    body = "Китай вводит пошлины на американские товары, сообщило министерство".encode(encoding)
    assert guess(body) is None


@given(st.binary(min_size=200, max_size=400).filter(lambda body: len(set(body)) > 100))
def test_noise_is_no_language(body):
    assert guess(body) is None


@pytest.mark.parametrize(
    ("body", "sound"),
    [
        pytest.param(b"Plain words.\r\n\tMore\x0c", True, id="text"),
        pytest.param(WESTERN.encode("cp1252"), True, id="western"),
        pytest.param(WESTERN.encode("utf-16"), True, id="utf-16"),
        pytest.param(b"", True, id="nothing"),
        pytest.param(b"one \x08 stray control character", True, id="stray control character"),
        pytest.param(b"words\0words", False, id="zero byte"),
        pytest.param(bytes(range(1, 256)), False, id="every byte"),
        pytest.param(b"\x1b[\x01\x02\x03\x04 words", False, id="control characters"),
        pytest.param(b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj", False, id="a pdf without streams"),
        pytest.param(b"PK\x03\x04 and so on", False, id="an office document"),
        pytest.param(rb"{\rtf1\ansi Words.}", False, id="rich text"),
    ],
)
def test_what_is_text(body, sound):
    assert is_text(body, decode_text(body)) is sound


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "latin-1", "gbk", "utf-16", "x"]))
def test_no_bytes_make_it_fail(body, charset):
    assert isinstance(decode(body, charset), str)
    assert isinstance(decode_text(body), str)


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda text: text[0] not in "\ufeff\0<"
    )
)
def test_utf_8_comes_back_as_it_was(text):
    if "\0" not in text:
        assert decode(text.encode()) == text
