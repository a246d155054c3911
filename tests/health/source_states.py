"""A source as the store remembers it, to be changed as a test wishes."""

from datetime import UTC, datetime, timedelta

from bot.store.records import SourceState

NOW = datetime(2023, 8, 28, 12, tzinfo=UTC)


def state(**more):
    values = {
        "id": "wire",
        "kind": "feed",
        "name": "Wire",
        "url": "https://wire.example/feed",
        "path": None,
        "tier": "wire",
        "state": "active",
        "etag": None,
        "last_modified": None,
        "body_hash": None,
        "moved_to": None,
        "next_due": NOW,
        "interval": 900.0,
        "failures": 0,
        "first_failed_at": None,
        "last_error": None,
        "failing": False,
        "last_ok_at": NOW,
        "baseline_at": NOW - timedelta(days=90),
        "articles": 1234,
    }
    return SourceState(**{**values, **more})
