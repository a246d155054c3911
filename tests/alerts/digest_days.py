"""Days that a digest may have to tell of, from a quiet one to a flood: for tests of how it looks and what it takes."""

from dataclasses import replace
from datetime import date, timedelta

from digest_samples import DIGEST, NOW, WINDOW, article, matched, material, news

from bot.alerts.digest_content import digest_content
from bot.alerts.digest_html import html
from bot.model import (
    Aside,
    DatedArticle,
    Deadline,
    Hit,
    Ledger,
    Mention,
    Outlet,
    Quote,
    Rule,
    RuleChange,
    RuleOff,
    Sentence,
    SourceGap,
    SourceTrouble,
    Term,
)
from bot.model.volume import Spike

RULES = {
    id_: Rule(id=id_, title=title, expr=Term(text=id_), theme=theme, severity=severity)
    for id_, title, theme, severity in (
        ("tariffs", "Tariffs", "us-china-trade", "high"),
        ("entity-list", "Entity List", "export-controls", "urgent"),
        ("chips", "Chips", "export-controls", "normal"),
        ("graphite", "Graphite and gallium", "critical-minerals", "normal"),
        ("ports", "Ports and shipping", "shipping", "low"),
        ("fisheries", "Fisheries", "oceans", "normal"),
        ("visas", "Visas", "people", "low"),
    )
}


def found(rule, text, words):
    """A mention of ``rule`` that quotes ``text``, with ``words`` in it found."""
    start = text.index(words)
    span = (start, start + len(words))
    hit = Hit(term=words.casefold(), field="body", start=span[0], end=span[1], text=words)
    return Mention(
        rule=rule,
        rule_hash="h",
        hits=(hit,),
        sentences=(Sentence(field="body", start=0, end=len(text), text=text, spans=(span,)),),
    )


def story(number, headline, rule, text, words, *, outlet="The Wire", hours=2, others=(), said=(), **more):
    item = article(
        headline,
        text,
        url=f"https://news.example/{number}",
        outlet=outlet,
        published_at=NOW - timedelta(hours=hours, minutes=number),
        lang=more.pop("lang", "en"),
    )
    outlets = (
        Outlet(source="own", name=outlet, url=item.url),
        *(Outlet(source=name, name=name, url=f"https://{name.lower().replace(' ', '')}.example/1") for name in others),
    )
    return matched(
        number, item, rules=(rule,), mentions=(found(rule, text, words),), outlets=outlets, quotes=said, **more
    )


def quote(speaker, role, said):
    return Quote(
        speaker=speaker, role=role, text=said, start=0, end=len(said), spans=((0, len(said)),), speaker_start=0, speaker_end=1
    )  # fmt: skip


def dated(number, kind, day, headline, sentence, rule):
    return DatedArticle(
        deadline=Deadline(kind=kind, day=day, start=0, end=1, text="", sentence=sentence, field="body"),
        article=number,
        story=number,
        rules=(rule,),
        title=headline,
        title_derived=False,
        published_at=NOW,
        url=f"https://register.example/{number}",
        canonical_url=None,
        outlet="Federal Register",
        source="register",
        source_name="Federal Register",
        key=str(number),
        tier="official",
    )


STORIES = (
    story(
        1,
        "Washington puts eleven makers of lithography parts on the Entity List",
        "entity-list",
        "The Commerce Department added eleven firms to the Entity List on Thursday, among them two that make lenses for "
        "lithography machines.",
        "Entity List",
        outlet="Federal Register",
        others=("Meridian", "Harbour Times", "The Ledger"),
        said=(
            quote(
                "Alan Reyes",
                "under secretary for industry and security",
                "We know which parts a machine cannot do without, and these are among them",
            ),
        ),
    ),
    story(
        2,
        "Tariff on batteries for electric lorries to rise to 35 percent in March",
        "tariffs",
        "The tariff on batteries for electric lorries will rise from 25 to 35 percent on 1 March, the trade "
        "representative said in a notice.",
        "tariff",
        others=("Meridian",),
        said=(
            quote(
                "Lena Ortiz",
                "who buys batteries for a maker of lorries in Ohio",
                "We shall pay it, because nobody else can deliver before the autumn",
            ),
        ),
    ),
    story(
        3,
        "Beijing lets two shipments of gallium leave for Rotterdam",
        "graphite",
        "Two shipments of gallium have been licensed for the first time since the summer, traders in Rotterdam said.",
        "gallium",
        outlet="Harbour Times",
    ),
    story(
        4,
        "A foundry in Dresden asks for help with its second line of chips",
        "chips",
        "The foundry wants a third of the cost of its second line of chips from the state.",
        "chips",
        outlet="Elbe Post",
        told=False,
    ),
    story(
        5,
        "Dock workers in Antwerp go back to their cranes",
        "ports",
        "After nine days the dock workers ended their strike at the port on Thursday night.",
        "port",
        outlet="Harbour Times",
        told=False,
    ),
)
GOES_ON = (
    story(
        11,
        "Customs to give back duties on garden furniture",
        "tariffs",
        "Customs will give back duties that were taken under the tariff on garden furniture since May.",
        "tariff",
        hours=40,
        story_opened_at=NOW - timedelta(days=2),
    ),
    story(
        12,
        "Inquiry into graphite anodes opens",
        "graphite",
        "The commission opened an inquiry into graphite anodes that are sold below cost.",
        "graphite",
        outlet="The Ledger",
        hours=70,
        story_opened_at=NOW - timedelta(days=3),
    ),
)
NEWS = {
    11: (
        (911, news("$310 million → $425 million (duties to be given back)")),
        (912, news("Confirmed by the Court of International Trade", "official", 0.95)),
    ),
    12: ((913, news("Comments due by 14 Dec 2026 instead of 30 Nov 2026", "deadline", 0.8)),),
}
DEADLINES = (
    dated(
        21,
        "comments",
        date(2026, 12, 4),
        "Request for comments on parts for lithography machines",
        "Comments must be received by December 4, 2026.",
        "chips",
    ),
    dated(
        22,
        "effective",
        date(2026, 12, 15),
        "Exclusions for surgical gowns end",
        "The exclusions expire at midnight and duties are effective on December 15, 2026.",
        "tariffs",
    ),
)
SPIKE = Spike(
    kind="theme",
    subject="export-controls",
    title="Export controls",
    rules=("entity-list", "chips"),
    hours=24,
    begin=NOW - timedelta(hours=22),
    at=NOW - timedelta(hours=3),
    stories=14,
    articles=52,
    low=1,
    high=6,
    weeks=8,
    terms=(("Entity List", 9), ("lithography", 7)),
)
ASIDE = Aside(
    before=date(2026, 11, 26),
    normal={"us-china-trade": (1, 5), "export-controls": (0, 1), "critical-minerals": (1, 3), "oceans": (1, 2)},
    off=(
        RuleOff(
            rule="fisheries",
            title="Fisheries",
            verdict="low",
            detail="0 stories in the last week, expected 3 to 12",
            cause="1 of 2 sources that brought its matches is not well: Ocean Gazette has been silent since 2026-11-20",
        ),
    ),
)
FULL = {
    "going_on": GOES_ON,
    "told": {11: frozenset({"tariffs"}), 12: frozenset({"graphite"})},
    "news": NEWS,
    "deadlines": DEADLINES,
    "spikes": (SPIKE,),
    "rule_changes": (
        RuleChange(
            rule="tariffs", title="Tariffs", theme="us-china-trade", change="changed", parts=("none", "$makers")
        ),
    ),
    "troubles": (
        SourceTrouble(name="Ocean Gazette", reason="answered 503 for two days", since=NOW - timedelta(days=2)),
    ),
    "gaps": (SourceGap(name="Elbe Post", begin=NOW - timedelta(hours=9), end=NOW - timedelta(hours=7)),),
    "ledger": Ledger(articles=412, matched=19, copies=11, alerted=3, waiting=1, sources=38),
}


def day(*members, aside=ASIDE, window=WINDOW, digest=DIGEST, **more):
    return digest_content(digest, window, material(*members, **more), RULES, aside)


def full():
    """A day with everything that a digest knows how to tell."""
    return day(*STORIES, **FULL)


def page():
    """That day as the page of a mail."""
    return html(full(), stop="mailto:presswatch@example.org").html


def empty():
    """Nothing has happened."""
    return day(ledger=Ledger(articles=87, sources=38), aside=replace(ASIDE, off=(), normal={}))


def one():
    """A single story."""
    return day(STORIES[1], aside=Aside(), ledger=Ledger(articles=31, matched=1, alerted=1, sources=1))


def many(number):
    """A flood."""
    said = "The tariff on pots number {} is coming, and a good deal more than that is to be said about it by everybody."
    members = [
        story(
            n,
            f"Pots of kind {n} will cost more than anybody in the trade had thought",
            ("tariffs", "chips", "graphite", "ports")[n % 4],
            said.format(n),
            "tariff",
        )
        for n in range(101, 101 + number)
    ]
    return day(*members, **FULL)


def wide():
    """Titles that are long, of one word, in Chinese and from right to left."""
    chinese = "商务部新闻发言人就美方将有关中国实体列入出口管制实体清单答记者问，并表示将采取必要措施维护企业正当权益"
    arabic = "وزارة التجارة تعلن رسوما جمركية جديدة على البطاريات المستوردة من الصين ابتداء من آذار المقبل"
    hebrew = "משרד הכלכלה יטיל מכס של 25% על סוללות מיובאות"
    return day(
        story(1, "A very long headline that goes on and on " * 8, "tariffs", "The tariff is coming.", "tariff"),
        story(2, "Donaudampfschifffahrtsgesellschaft" * 4, "chips", "Word/" * 60 + " chips", "chips"),
        story(3, chinese, "entity-list", f"{chinese}。", "实体清单", outlet="商务部", lang="zh"),
        story(4, arabic, "tariffs", f"{arabic}.", "رسوما جمركية", outlet="الجريدة", lang="ar"),
        story(5, hebrew, "graphite", f"{hebrew}.", "מכס", outlet="העיתון", lang="he"),
        ledger=Ledger(articles=9, matched=5, sources=3),
    )
