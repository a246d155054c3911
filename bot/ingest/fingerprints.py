"""Hashes by which texts and keys are recognised. They are stored: a change makes every article look new."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from bot.model import Refusal
from bot.text import clean, cut

from .limits import MAX_KEY

MAX_NAME = 120  # characters by which a refused item is named
# What stands between words, where a text is ASCII throughout: the same as not \w, in a tenth of the time.
_ASCII_SIGNS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


def bounded(key: str) -> str:
    """The key without control characters; a very long one as its hash, so that no store refuses it."""
    key = clean(key).strip()
    return key if len(key) <= MAX_KEY else "sha256:" + _hash(key)


def fingerprint(title: str, body: str, *parts: str) -> str:
    """The hash of an article's words, whatever their case, punctuation and spacing.

    ``parts`` tell apart what has the same words: a daily item without text differs by its date alone.
    Made to stay the same from version to version, so it does not use the folding of the matcher.
    """
    text = unicodedata.normalize("NFKC", f"{title}\n{body}").casefold()
    words = text.translate(_ASCII_SIGNS).split() if text.isascii() else re.findall(r"\w+", text)
    return _hash("\n".join((" ".join(words), *parts)))


def content_hash(title: str, body: str) -> str:
    """The hash of what can be matched: two versions with the same one need no second look."""
    return _hash(f"{title}\n\n{body}")


def refusal(name: str, reason: str, *parts: str) -> Refusal:
    """The refusal of the item that ``name`` and ``parts`` identify."""
    shown = cut(" ".join(clean(name).split()), MAX_NAME)
    return Refusal(key=_hash("\n".join((name, *parts))), name=shown or "(no name)", reason=clean(reason))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
