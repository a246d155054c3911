"""Which East Asian encoding undeclared bytes are written in, told by how usual the characters are that come out.

Almost any bytes of one of these encodings are valid in another, but they come out as characters that nobody
writes. The makers of the character sets put the everyday characters into a block of their own (GB 2312 rows
16–55, Big5 A440–C67E, JIS X 0208 rows 4, 5 and 16–47, KS X 1001 rows 16–40), so a high share of characters
from that block says that the guess is right. Where two blocks overlap (Korean syllables are everyday Chinese
characters to GB 2312), the few commonest characters of each language decide: most sentences hold some.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

SAMPLE = 65_536  # bytes looked at
# Least share of everyday characters among those beyond ASCII. Measured: whole sentences 0.83–1 in their own
# encoding (headlines full of names 0.7), 60 random bytes at most 0.68, Western words at most 0.5.
USUAL = 0.7
_TOGETHER = 1.5  # least mean length of runs beyond ASCII: in Western text accented letters stand alone
_BROKEN = 50  # of so many characters, one may be undecodable
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_PUNCTUATION = frozenset(
    [chr(code) for code in (*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F))]
    + list("—–―‐‑·‧・…‥“”‘’『』×°℃％￥￠￡○●◎■□▲△▼▽★☆※→←↑↓")
)
# The commonest characters of running text, most of them grammar.
_COMMONEST = {
    "Chinese": "的一是不了在人有我他中大上和地到就出可也年日月部美方制商政"
    "这来国以说时要会对为与发长关税口经业公司這來國說時會對為與發長關稅經業",
    "traditional Chinese": "的一是不了在人有我他中大上和地到就出可也年日月部美方制商政"
    "這來國以說時要會對為與發長關稅口經業公司",
    "Japanese": "のはにをとがでしたてるいれなかりらもこあっすさんまくうきけおよそだ日年中国大人出会月米",
    "Korean": "이다는의가에을를은한고하지로사기도인대자해서시그정국과들것와일부원"
    "수제관세장상전보주스어리아나라구조동경공성업중출통",
}
_CANTONESE = frozenset("嘅佢哋唔咗喺啲嚟冇咁嗰噉咩嘢")  # written every day in Hong Kong, outside Big5's first block
# Each codec and the family of everyday characters it is judged by; of two that score the same, the first counts.
_CODECS = {
    "gb18030": "Chinese",
    "cp950": "traditional Chinese",
    "big5hkscs": "traditional Chinese",
    "cp932": "Japanese",
    "euc_jp": "Japanese",
    "cp949": "Korean",
}


def guess(body: bytes) -> str | None:
    """GB 18030, Big5, Shift_JIS, EUC-JP or EUC-KR by Python's name, if ``body`` reads as usual text in one; else None.

    ``body`` declares nothing and is not UTF-8. A few broken characters are no hindrance.
    """
    sample = _sample(body)
    best, least = None, 0.0
    for codec, family in _CODECS.items():
        score = _score(sample.decode(codec, "replace"), family)
        if score > least:
            best, least = codec, score
    return best


def _sample(body: bytes) -> bytes:
    """The first :data:`SAMPLE` bytes from the line on in which the first byte beyond ASCII stands."""
    found = re.search(rb"[\x80-\xff]", body)
    start = body.rfind(b"\n", 0, found.start()) + 1 if found else 0
    return body[start : start + SAMPLE]


def _score(text: str, family: str) -> float:
    """0 for what does not read as the family's text; else the shares of its everyday and of its commonest characters.

    The two are added up, so the score is at most 2.
    """
    runs = _BEYOND_ASCII.findall(text)
    counts = Counter("".join(runs))
    beyond = counts.total()
    if beyond < 2 or beyond < len(runs) * _TOGETHER or counts["\ufffd"] > 1 + beyond // _BROKEN:
        return 0.0
    everyday = sum(counts[char] for char in counts.keys() & _everyday(family)) / beyond
    commonest = sum(counts[char] for char in set(_COMMONEST[family])) / beyond
    return everyday + commonest if everyday >= USUAL else 0.0


@cache
def _everyday(family: str) -> frozenset[str]:
    """The everyday characters and the punctuation of a family; GB 18030 is used for both ways to write Chinese."""
    if family == "Chinese":
        found = _block("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)) | _everyday("traditional Chinese")
    elif family == "traditional Chinese":
        found = _block("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))) | _CANTONESE
    elif family == "Japanese":
        found = _block("euc_jp", (0xA4, 0xA5, *range(0xB0, 0xD0)), range(0xA1, 0xFF)) | {"ー", "々"}
    else:
        found = _block("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF))
    return found | _PUNCTUATION


def _block(codec: str, leads: range | tuple[int, ...], trails: range | tuple[int, ...]) -> frozenset[str]:
    pairs = (bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)
    return frozenset(pair for pair in pairs if len(pair) == 1)
