"""Stories: which articles carry one text, and which tell of one event.

``features`` and ``traits`` with their ``keys`` to look up by, ``place`` to decide.
"""

from .event import LEAST_SHARED, WINDOW_OF_EVENTS
from .fingerprint import features
from .headings import LEARNT, Habits, learn
from .place import is_exact, place
from .together import Event
from .traits import keys, traits

__all__ = [
    "LEARNT",
    "LEAST_SHARED",
    "WINDOW_OF_EVENTS",
    "Event",
    "Habits",
    "features",
    "is_exact",
    "keys",
    "learn",
    "place",
    "traits",
]
