"""Bytes to text, for input whose declared encoding may be missing or wrong."""

from __future__ import annotations

import codecs
import re

from .eastasian import guess

# Byte order marks, longest first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<" and the character after it look without a mark (XML 1.0, appendix F).
_FIRST_BYTES = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
# Labels that in practice mean a larger set (WHATWG Encoding Standard, "Names and labels").
_LARGER = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_SEVEN_BIT = ("iso2022", "hz")  # their bytes are valid UTF-8 too, so the label must decide
_UNUSABLE = ("utf_7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")


def decode(body: bytes, charset: str | None = None) -> str:
    """``body`` as text; never fails, and replaces what no encoding explains by U+FFFD.

    Order of trust: a byte order mark, the look of the first bytes, valid UTF-8, the document's own
    declaration, ``charset`` (the server's word); then UTF-8 with a few faults, an East Asian encoding if the
    characters are such a language's, and Windows-1252.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    start = body[:1024].lstrip(b" \t\r\n")
    for first, encoding in _FIRST_BYTES:
        if start.startswith(first):
            return body.decode(encoding, "replace")
    labels = [known for label in (_declaration(body), charset) if label and (known := _known(label))]
    seven_bit = [label for label in labels if label.startswith(_SEVEN_BIT)]
    for encoding in (*seven_bit, "utf-8", *labels):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _mostly(body)


def decode_text(body: bytes) -> str:
    """A plain text file, which declares nothing: as :func:`decode`, and UTF-16 of Western text without a mark too."""
    encoding = _wide(body)
    if encoding:
        return body.decode(encoding, "replace")
    if any(body.startswith(mark) for mark, _ in _MARKS) or _is(body, "utf-8"):
        return decode(body)
    return _mostly(body)


# Documents that may look like text to a reader of characters, and are not.
_SIGNATURES = (b"%PDF-", b"%!PS", b"{\\rtf", b"PK\x03\x04")
_STRANGE = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f\x7f\ufffd]")
NOT_TEXT = "is not text; save it as plain text in UTF-8"


def is_text(body: bytes, text: str) -> bool:
    """Whether ``body``, decoded to ``text``, is writing: no zero byte, few control and undecodable characters."""
    return not body.startswith(_SIGNATURES) and "\0" not in text and len(_STRANGE.findall(text)) <= len(text) // 20


def _declaration(body: bytes) -> str | None:
    head = body[:2048]
    found = _DECLARED.search(head) or _META.search(head)
    return found[1].decode("ascii", "replace") if found else None


def _known(label: str) -> str | None:
    """Python's name of the encoding, or None if it is no character encoding (or not one to trust)."""
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    return None if name.replace("-", "_") in _UNUSABLE else _LARGER.get(name, name)


def _is(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    head = body[:2000]
    if len(head) < 8 or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[offset::2].count(0), head[1 - offset :: 2].count(0)
        if zeros > len(head) // 4 and others * 10 < zeros:
            return encoding
    return None


def _mostly(body: bytes) -> str:
    """UTF-8 with a few broken bytes, else an East Asian encoding, else Windows-1252."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text) - broken if len(body) < 1_000_000 else len(body) - len(text)
    if sound >= broken:
        return text
    return body.decode(guess(body) or "cp1252", "replace")
