"""Hashes by which texts and keys are recognised. They are stored: a change makes every article look new."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from bot.model import Refusal
from bot.text import clean, cut

from .limits import MAX_KEY
from .links import canonical_url

_ASCII_WORDS = bytes(ord(char.lower()) if (char := chr(code)).isalnum() or char == "_" else 32 for code in range(128))
_ASCII_WORDS += bytes(128)
_WORD = re.compile(r"\w+")
_SPACES = re.compile(b"  +")
MAX_NAME = 120  # characters by which a refused item is named


def bounded(key: str) -> str:
    """The key without control characters; a very long one as its hash, so that no store refuses it."""
    key = clean(key).strip()
    return key if len(key) <= MAX_KEY else "sha256:" + _hash(key)


def fingerprint(title: str, body: str, *parts: str) -> str:
    """The hash of an article's words, whatever their case, punctuation and spacing.

    ``parts`` tell apart what has the same words: a daily item without text differs by its date alone.
    Made to stay the same from version to version, so it does not use the folding of the matcher.
    """
    return _hash("\n".join((_words(f"{title}\n{body}"), *parts)))


def _words(text: str) -> str:
    """The words in small letters with one space between them."""
    if not text.isascii():
        return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    return _SPACES.sub(b" ", text.encode().translate(_ASCII_WORDS)).strip().decode()  # five times faster, and the same


def content_hash(title: str, body: str) -> str:
    """The hash of what can be matched: two versions with the same one need no second look."""
    return _hash(f"{title}\n\n{body}")


def refusal(name: str, reason: str, *parts: str, url: str | None = None, guid: str | None = None) -> Refusal:
    """The refusal of the item that ``name`` and ``parts`` identify; ``url`` is its address, ``guid`` its own id."""
    shown = cut(" ".join(clean(name).split()), MAX_NAME)
    return Refusal(
        key=_hash("\n".join((name, *parts))),
        name=shown or "(no name)",
        reason=clean(reason),
        url=canonical_url(url),
        guid=bounded(guid) if guid else None,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
