"""Stories: which articles carry one text. ``features`` to look up by, ``place`` to decide."""

from .fingerprint import features
from .place import is_exact, place

__all__ = ["features", "is_exact", "place"]
