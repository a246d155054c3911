"""Bytes to text, whatever they claim to be."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.encoding import decode, decode_text

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
