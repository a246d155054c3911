"""What became of an article and why: the stored history, and every rule in force held against the stored text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .alerts.digest_content import chosen
from .ingest.links import canonical_url
from .match import explain as explain_rules
from .reload import compile_rules, rebuilt
from .rights import Allowance
from .rules import changes, read_folder, sentence, tree
from .store import explain as stored
from .store import refusals, sources
from .store import rules as stored_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from .config import Config
    from .desk import Live
    from .match import Clause, Explanation
    from .model import Digest, Mention
    from .store import Tx
    from .store.explain import Gap, History
    from .store.issues import IssueHistory
    from .store.records import SourceState
    from .store.refusals import Refused

GAPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The rules as the bot would use them now, and since when (by rule; none for one it has not used yet)."""

    live: Live
    since: Mapping[str, datetime]

    @property
    def rejected(self) -> dict[str, str]:
        """Rule → the fault for which the version in its file is not in force."""
        found: dict[str, str] = {}
        for fault in self.live.faults:
            kind, _, id_ = (fault.subject or "").partition(" ")
            if kind == "rule":
                found.setdefault(id_, str(fault))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRule:
    """A rule as it was when it matched: in words and as a query, with what has been changed in it since.

    It was in force from ``since`` to ``until``, None where its hash still is the one in use.
    """

    rule: str
    hash: str
    since: datetime
    until: datetime | None
    sentence: str
    tree: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An article's history and what each rule now in force says of its newest version, in the rules' order.

    ``issues`` are the digests that told of it, as far as their themes and rules are today what they were then.
    ``excerpt_note`` says that the source's limit has left out or cut sentences, where it has. ``past`` are the rules
    that matched and are others now, or gone, by their ids.
    """

    history: History
    rules: tuple[Explanation, ...]
    issues: tuple[IssueHistory, ...]
    excerpt_note: str = ""
    past: Mapping[str, PastRule] = field(default_factory=dict)

    @property
    def matched(self) -> dict[str, Mention]:
        """Rule → the mention that was stored when it matched, in the newest version that has one."""
        return _matched(self.history)


def _matched(history: History) -> dict[str, Mention]:
    return {mention.rule: mention for version in history.versions for mention in version.mentions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """What may say why an address was never seen: the sources of its host with their health and possible gaps."""

    host: str
    sources: tuple[SourceState, ...]
    gaps: tuple[Gap, ...]


def in_force(tx: Tx, config: Config) -> InForce:
    """The rules folder as it stands now; as in the running bot, a rule at fault keeps its last good version.

    Raises ConfigError for a folder that cannot be read.
    """
    files, unread = read_folder(config.rules_dir)
    stored_now = stored_rules.active(tx)
    good = {id_: rule for id_, (_, definition) in stored_now.items() if (rule := rebuilt(definition)) is not None}
    live = compile_rules(files, unread, good, {destination.id for destination in config.destinations})
    since = stored.in_force_since(tx)
    known = live.ruleset.rules
    return InForce(
        live=live,
        since={id_: since[id_] for id_, (hash_, _) in stored_now.items() if id_ in known and known[id_].hash == hash_},
    )


def find(tx: Tx, wanted: str) -> list[int]:
    """Ids of the articles somebody means by an id, an address in any spelling, or an item's key."""
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 and stored.by_id(tx, int(wanted)):
        return [int(wanted)]
    return stored.find(tx, urls=_spellings(wanted), keys=[wanted])


def refused(tx: Tx, wanted: str, *, loosely: bool) -> list[Refused]:
    """The refused items that somebody means, the newest first: by address, by id, by the name of a file or a title.

    ``loosely``: where none is meant exactly, those whose name holds what is ``wanted``.
    """
    found = refusals.find(tx, urls=_spellings(wanted), ids=[wanted, wanted.rpartition("/")[2]])
    return found or (refusals.named(tx, wanted) if loosely else [])


def _spellings(wanted: str) -> list[str]:
    canonical = canonical_url(wanted) or (canonical_url(f"https://{wanted}") if "." in wanted else None)
    return list(dict.fromkeys(filter(None, (wanted, canonical))))


def dossiers(tx: Tx, ids: Sequence[int], rules: InForce, digests: Sequence[Digest], now: datetime) -> list[Dossier]:
    """Everything about these articles; ``digests`` are those that are configured."""
    histories = [history for id_ in ids if (history := stored.history(tx, id_)) is not None]
    return [dossier(tx, history, rules, digests, now) for history in histories]


def dossier(tx: Tx, history: History, rules: InForce, digests: Sequence[Digest], at: datetime) -> Dossier:
    """An article's history with what these rules say of it, no more of its words than its source allows."""
    return _allowed(
        Dossier(
            history=history,
            rules=tuple(explain_rules(rules.live.matcher, history.stored.article, at.date())),
            issues=tuple(_listing(history, {digest.id: digest for digest in digests}, rules)),
            past=_past(tx, history, rules),
        )
    )


def _past(tx: Tx, history: History, rules: InForce) -> dict[str, PastRule]:
    """The rules that matched in another version than the one of today."""
    now = rules.live.ruleset.rules
    matched = {id_: mention.rule_hash for id_, mention in _matched(history).items()}
    others = {id_: hash_ for id_, hash_ in matched.items() if id_ not in now or now[id_].hash != hash_}
    kept = stored_rules.versions(tx, others.values()) if others else {}
    found: dict[str, PastRule] = {}
    for id_, hash_ in others.items():
        period = kept.get((id_, hash_))
        rule = rebuilt(period.definition) if period else None
        if period is not None and rule is not None:
            found[id_] = PastRule(
                rule=id_,
                hash=hash_,
                since=period.since,
                until=period.until,
                sentence=sentence(rule),
                tree=tree(rule.expr),
                changes=changes(period.definition, now[id_].definition) if id_ in now else (),
            )
    return found


def _allowed(dossier: Dossier) -> Dossier:
    """The dossier with no more of the article's words than its source allows; what matches goes first."""
    article = dossier.history.stored.article
    allowed = Allowance(article.excerpt, derived=article.title_derived)
    if allowed.limit is None:
        return dossier
    titles = {article.title: allowed.headline(article.title)}
    matching = {each.rule.id: allowed.found(each.mention) for each in dossier.rules if each.mention is not None}
    stored = replace(dossier.history.stored, article=replace(article, title=titles[article.title]))
    versions = tuple(
        replace(
            version,
            title=titles.get(version.title) or allowed.headline(version.title),
            mentions=tuple(map(allowed.found, version.mentions)),
        )
        for version in dossier.history.versions
    )
    rules = tuple(
        replace(
            each, mention=matching.get(each.rule.id), clauses=tuple(_clause(clause, allowed) for clause in each.clauses)
        )
        for each in dossier.rules
    )
    facts = dossier.history.facts
    deadlines = tuple(replace(each, sentence=allowed.words(each.sentence)) for each in facts.deadlines)
    facts = replace(facts, deadlines=deadlines, quotes=allowed.quotes(facts.quotes))
    history = replace(dossier.history, stored=stored, versions=versions, facts=facts)
    return replace(dossier, history=history, rules=rules, excerpt_note=allowed.note)


def _clause(clause: Clause, allowed: Allowance) -> Clause:
    obstacles = tuple(
        replace(each, sentences=allowed.sentences(each.sentences), hits=allowed.hits(each.hits))
        for each in clause.obstacles
    )
    # What a pattern finds is no word of the rule.
    found = filter(None, map(allowed.words, clause.found)) if "/" in clause.text else clause.found
    return replace(clause, found=tuple(found), obstacles=obstacles)


def _listing(history: History, digests: Mapping[str, Digest], rules: InForce) -> Iterator[IssueHistory]:
    """The issues for which a digest asked for at least one rule; of one that is gone nobody knows what it asked for."""
    for issue in history.issues:
        digest = digests.get(issue.digest)
        asked = tuple(id_ for id_ in issue.rules if digest is None or chosen(digest, id_, rules.live.ruleset.rules))
        if asked:
            yield replace(issue, rules=asked)


def nearby(tx: Tx, wanted: str) -> Nearby | None:
    """The sources an address could have come from; None for what is no address."""
    host = _host(wanted)
    if host is None:
        return None
    brought = stored.carriers(tx, host)
    found = tuple(state for state in sources.states(tx) if state.id in brought or same_site(_host(state.url), host))
    return Nearby(host=host, sources=found, gaps=tuple(stored.gaps(tx, [state.id for state in found], GAPS)))


def _host(address: str | None) -> str | None:
    spelled = _spellings(address or "")
    return urlsplit(spelled[-1]).hostname if spelled and spelled[-1].startswith("https://") else None


def same_site(one: str | None, other: str) -> bool:
    """Whether two hosts belong together: feeds often live beside the pages, as ``feeds.example.org`` does."""
    if one is None:
        return False
    return one.endswith(f".{other}") or other.endswith(f".{one}") or _site(one) == _site(other)


def _site(host: str) -> str:
    """The last two names, or three under registries like ``co.uk`` and ``gov.cn``; an address of digits whole."""
    names = host.split(".")
    if ":" in host or names[-1].isdigit():
        return host
    registry = len(names[-1]) == 2 and len(names) > 2 and len(names[-2]) <= 3
    return ".".join(names[-3:] if registry else names[-2:])
