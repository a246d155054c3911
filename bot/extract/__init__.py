"""What stands in a text and ties it to the world: figures, regulatory references and days that count, with places."""

from bot.model import Deadline, Facts, Reference

from .deadlines import deadlines
from .facts import facts
from .figures import Figure, figures
from .naming import named
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
    "references",
    "strong",
]
