"""The store: everything that is remembered, behind verbs by noun with plain values in and out.

Open a :class:`Store`, take a transaction (``with store.write() as tx``) and hand it to the functions of
``sources``, ``articles``, ``stories``, ``alerts``, ``rules`` and ``outbox``. No row, session or exception of
the database library leaves this room; what can go wrong with a database is a ``StoreError``.
"""

from .backup import backup
from .store import LOCK_TIMEOUT, Store, Tx, version
from .vitals import newest_time, vitals

__all__ = ["LOCK_TIMEOUT", "Store", "Tx", "backup", "newest_time", "version", "vitals"]
