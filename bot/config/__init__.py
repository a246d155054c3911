"""``config.toml`` and the environment → a frozen :class:`Config`; all mistakes at once, each in its place.

The way: ``models`` says what a table may hold, ``tables`` reads them one by one, ``places``, ``accounts`` and
``lists`` make values of them, ``load`` puts these together; ``defaults`` stands in for what is not given, ``origin``
reads all of it again.
"""

from .load import example_text, load
from .origin import Origin
from .secret import Secret
from .values import Config, Listen, Mail, Network, Slack

__all__ = ["Config", "Listen", "Mail", "Network", "Origin", "Secret", "Slack", "example_text", "load"]
