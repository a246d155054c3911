"""What ties a text to the world, with places: figures, regulatory references, days that count, who said what."""

from bot.model import Deadline, Facts, Reference

from .deadlines import deadlines
from .facts import facts
from .figures import Figure, figures
from .naming import named
from .quotes import quotes
from .references import references
from .strength import strong

__all__ = [
    "Deadline",
    "Facts",
    "Figure",
    "Reference",
    "deadlines",
    "facts",
    "figures",
    "named",
    "quotes",
    "references",
    "strong",
]
