"""What parsers raise, told as the error of the feed that they were given."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import SourceError, TooLarge, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def feed_errors() -> Iterator[None]:
    """Raise nothing but SourceError: feedparser raises at many sites; whatever it is, it is this feed's error."""
    try:
        yield
    except SourceError:
        raise
    except MemoryError:
        raise TooLarge("the feed needs more memory than a parser may use; it was given up") from None
    except Exception as error:  # see above
        reason = f"{type(error).__name__}: {error}"[:200]
        raise Unreadable(f"the feed cannot be parsed ({reason})") from error
