"""The one door out to the internet: guard, fetch, bounded unpacking."""

from .address import parse
from .door import FEED_LIMIT, PAGE_LIMIT, Door
from .guard import Resolver
from .places import Place, Places
from .response import Response, http_date

__all__ = ["FEED_LIMIT", "PAGE_LIMIT", "Door", "Place", "Places", "Resolver", "Response", "http_date", "parse"]
