"""Stories: which articles carry one text, which tell of one event, who leads, and what is new.

``features`` and ``traits`` with their ``keys`` to look up by, ``place`` to decide; ``stated`` and ``novelty`` for what
a later article brings.
"""

from .event import LEAST_SHARED, WINDOW_OF_EVENTS, resembles
from .fingerprint import features
from .headings import LEARNT, Habits, is_fuller, learn
from .leading import leading
from .novelty import novelty
from .place import is_exact, place
from .stated import stated
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
    "is_fuller",
    "keys",
    "leading",
    "learn",
    "novelty",
    "place",
    "resembles",
    "stated",
    "traits",
]
