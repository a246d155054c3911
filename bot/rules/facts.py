"""What may be asked of an article's source: its tier, its language."""

from __future__ import annotations

from bot.model.words import LANG, TIERS
from bot.tomlfile import did_you_mean
from bot.tomlfile.models import Mistake


def primary(tag: str) -> str:
    """The language of a language tag: "en" of "en-US"."""
    return tag.replace("_", "-").partition("-")[0].lower()


def check_lang(value: str) -> str:
    """The language tag itself; raises :class:`Mistake` if it is none."""
    if not LANG.fullmatch(value):
        raise Mistake(f'cannot be "{value[:40]}"', 'a language is two or three small letters, such as "en" or "zh"')
    return value


def check_tier(value: str) -> str:
    """The tier itself; raises :class:`Mistake` if there is no such tier."""
    if value not in TIERS:
        raise Mistake(f'cannot be "{value[:40]}"', did_you_mean(value, TIERS))
    return value
