"""Small digests for the tests of what they say and how they look."""

from datetime import UTC, date, datetime, time, timedelta

from bot.model import (
    Article,
    Decision,
    Digest,
    Hit,
    Ledger,
    Matched,
    Material,
    Mention,
    News,
    Outlet,
    Rule,
    Sentence,
    Term,
    Window,
)

NOW = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
ZONE = "America/New_York"
DIGEST = Digest(id="morning", to=("desk",), at=time(7, 30), zone=ZONE)
WINDOW = Window(day=date(2026, 11, 27), zone=ZONE, begin=NOW - timedelta(days=1), end=NOW)
RULES = {
    id_: Rule(id=id_, title=title, expr=Term(text=id_), theme=theme, severity=severity)
    for id_, title, theme, severity in (
        ("tariffs", "Tariffs", "us-china-trade", "high"),
        ("pots", "Pots and pans", "kitchen", "normal"),
        ("chips", "Chips", "us-china-trade", "low"),
        ("rare", "Rare earths", "critical-minerals", "normal"),
    )
}


def article(headline="A tariff on pots", body="A tariff on pots is coming. Nobody likes it.", **more):
    values = {
        "source": "wire",
        "key": "k",
        "key_kind": "guid",
        "fingerprint": "f",
        "content_hash": "h",
        "title": headline,
        "body": body,
        "url": "https://wire.example/1?a=1&b=2",
        "published_at": NOW - timedelta(hours=2),
    }
    return Article(**{**values, **more})


def mention(rule="tariffs", text="A tariff on pots is coming.", span=(2, 8)):
    hit = Hit(term="tariff", field="body", start=span[0], end=span[1], text=text[slice(*span)])
    return Mention(
        rule=rule,
        rule_hash="h",
        hits=(hit,),
        sentences=(Sentence(field="body", start=0, end=len(text), text=text, spans=(span,)),),
    )


def matched(number=1, item=None, *, rules=("tariffs",), told=True, **more):
    item = item or article()
    verdict = ("alert", "first") if told else ("no", "source is silent")
    values = {
        "article_id": number,
        "article": item,
        "story": number,
        "story_opened_at": NOW - timedelta(hours=1),
        "kind": "item",
        "state": "alerted" if told else "muted",
        "first_seen": NOW - timedelta(hours=1),
        "source_name": "The Wire",
        "mentions": tuple(mention(rule) for rule in rules),
        "outlets": (Outlet(source="wire", name="The Wire", url=item.url),),
        "decisions": tuple(
            Decision(article=number, rule=rule, destination="desk", verdict=verdict[0], reason=verdict[1])
            for rule in rules
        ),
    }
    return Matched(**{**values, **more})


def news(text="Confirmed by the Federal Register", kind="change", weight=0.85):
    return News(kind=kind, value=text, text=text, reason="because", weight=weight)


def material(*members, **more):
    return Material(upto=1, matched=members, **{"ledger": Ledger(articles=9, matched=len(members), sources=3), **more})
