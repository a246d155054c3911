"""Small values for the store's tests."""

from datetime import UTC, datetime, timedelta

from bot.model import Alert, Article, Hit, Mention, Rule, Sentence, Source, Term
from bot.store import alerts, articles, outbox, sources, stories
from bot.store.records import PollRecord

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
PAYLOAD = {"full": {"text": "Beijing & 华为 😀"}, "minimal": {"text": "Beijing"}}


def later(seconds=0.0, **more):
    return NOW + timedelta(seconds=seconds, **more)


def source(id_="wire", **more):
    return Source(
        **{"id": id_, "kind": "feed", "name": id_.title(), "url": f"https://{id_}.example/feed", "every": 900.0, **more}
    )


def article(key="k1", **more):
    values = {
        "source": "wire",
        "key": key,
        "key_kind": "guid",
        "fingerprint": f"fp-{key}",
        "content_hash": f"hash-{key}",
        "title": f"Title {key}",
        "body": f"Body of {key}. Second sentence.",
        "url": f"https://wire.example/{key}",
        "canonical_url": f"https://wire.example/{key}",
        "published_at": NOW - timedelta(hours=1),
        "published_raw": "Mon, 2 Mar 2026 09:30:00 +0100",
        "date_origin": "published",
    }
    return Article(**{**values, **more})


def mention(rule="export-controls", rule_hash="h1", entity=None, text="export controls"):
    hit = Hit(
        term=text, field="title", start=0, end=len(text), text=text, entity=entity, alias=text if entity else None
    )
    sentence = Sentence(field="title", start=0, end=20, text="New export controls.", spans=((4, 19),))
    return Mention(rule=rule, rule_hash=rule_hash, hits=(hit,), sentences=(sentence,), clauses=("any",), score=0.5)


def rule(id_="export-controls", hash_="h1", definition="{}"):
    return Rule(id=id_, title=id_.title(), expr=Term(text="export controls"), hash=hash_, definition=definition)


def poll(source_id="wire", status="ok", at=NOW, **more):
    return PollRecord(
        **{"source": source_id, "at": at, "status": status, "next_due": at + timedelta(minutes=15), **more}
    )


def put_source(store, *ids):
    with store.write() as tx:
        sources.sync(tx, [source(id_) for id_ in ids or ("wire",)], NOW)


def put_article(tx, item=None, *, story=None, state="no rule", at=NOW, kind="item", order_at=None):
    """One article in a story of its own (or the given one); (article id, story id, version id)."""
    item = item or article()
    story = story if story is not None else stories.open(tx, at)
    ref = articles.add(tx, item, state=state, first_seen=at, order_at=order_at or at, story=story)
    stories.join(tx, story, ref.article, kind, 1.0, "test", at)
    return ref.article, story, ref.version


def put_alert(tx, item=None, *, destination="desk", rules=("export-controls",), kind="first", story=None, at=NOW):
    """An alert with its article; (alert id, article id, story id)."""
    article_id, story, _ = put_article(tx, item, story=story, at=at)
    values = Alert(
        story=story, destination=destination, kind=kind, article=article_id, rules=tuple(rules), severity="high"
    )
    return alerts.add(tx, values, at), article_id, story


def put_message(tx, key="k1", *, destination="desk", at=NOW, op="post", root=None, story=None):
    """An alert and its queued message; (delivery id, story id). ``key`` is also the uid."""
    kind = "first" if op == "post" else "new rule"
    item = article(f"{destination}-{key}")
    alert, _, story = put_alert(tx, item, destination=destination, kind=kind, rules=(key,), story=story, at=at)
    delivery = outbox.enqueue(
        tx, uid=key, alert=alert, destination=destination, op=op, payload=PAYLOAD, at=at, root=root
    )
    return delivery, story


def how_many(tx):
    """How many articles there are."""
    return sum(1 for _ in articles.archive(tx))


def take(tx, *, now=NOW, limit=10, destinations=("desk",), owner="me", lease=90.0):
    return outbox.claim(tx, owner=owner, now=now, lease=lease, limit=limit, destinations=destinations)


def next_due(tx, now=NOW, *, destinations=("desk",), **more):
    return outbox.next_due(tx, now, destinations=destinations, **more)


def uids(deliveries):
    return [delivery.uid for delivery in deliveries]
