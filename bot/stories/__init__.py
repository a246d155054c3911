"""Stories: which articles carry one text, who leads, what is new. ``features`` to look up by, ``place`` to decide."""

from .fingerprint import features
from .leading import leading
from .novelty import novelty
from .place import is_exact, place
from .stated import stated

__all__ = ["features", "is_exact", "leading", "novelty", "place", "stated"]
