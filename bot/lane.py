"""The serial lane: what one poll brought is placed, decided and written in one transaction, or in some if it is much.

*Look* – what is known of these articles, which stored ones resemble them, what has been told where.
*Decide* – pure functions of ``stories`` and ``alerts``. *Act* – articles, mentions, stories, decisions,
alerts and outbox rows, committed together with the poll itself: before the commit nothing has happened
and the source falls due again, after it every message is a row. What tells of the source – the poll itself, its
validators, what it showed – is written with the last part alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .alerts.compose import compose
from .alerts.content import content
from .alerts.decide import Look, decide
from .arrivals import Superseded, Tally
from .extract import facts as read_facts
from .ingest import rhythm, timing
from .joining import join, recognise, rename
from .looking import crowded, remember, spent
from .model import Placement
from .news import Joining, take_note
from .overflow import note
from .placing import forget, settle
from .retelling import content_of, message_uid
from .store import (
    alerts,
    articles,
    facts,
    forgotten,
    groups,
    headlines,
    joined,
    ledger,
    mutes,
    outbox,
    sources,
    stories,
)
from .stories import LEARNT, Habits, is_fuller, learn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from .alerts.decide import Verdict
    from .arrivals import Arrival, Batch
    from .desk import Desk
    from .joining import Recognised
    from .model import Alert, ArticleState, DestinationKind, Mute, News, Told
    from .store import Tx
    from .store.records import AlertParts, Known, PollRecord, SourceState


def commit_part(desk: Desk, batch: Batch, most: int, window: int) -> tuple[Tally, Batch | None]:
    """Write what is left of a poll, and the poll itself; or, of many articles, a part, before the rest and the poll.

    A part ends with the ``most``-th article that is new or changed; where it is not known yet how many there are of
    these, ``window`` arrivals are looked at. Returns what came of it, and the poll with what is left to be written.
    Raises StoreError, Outdated, Superseded: nothing of the part is written.
    """
    with desk.store.write() as tx:
        desk.checkpoint("lane.begun")
        work = _looked(desk, tx, batch, window)
        end = work.end(most)
        rest = None
        if end < len(batch.arrivals):
            rest = work.take_part(end)
        else:
            work.take_rest()
    if rest:
        desk.checkpoint("lane.part")
    else:
        desk.checkpoint("lane.committed")
    return work.tally, rest


def _looked(desk: Desk, tx: Tx, batch: Batch, window: int) -> _Lane:
    """What is known of a poll: of all of it at its beginning and its end, which is held against the last poll."""
    if desk.source(batch.source.id) != batch.source:
        raise Superseded
    arrivals = batch.arrivals
    middle = (batch.begun or batch.is_folder) and len(arrivals) - batch.begun > window
    start = batch.begun if middle or batch.is_folder else 0
    stop = batch.begun + window if middle else len(arrivals)
    came = [arrival.article for arrival in arrivals[start:stop]]
    others = {arrival.article.key for arrival in (*arrivals[:start], *arrivals[stop:])}
    state = sources.get(tx, batch.source.id)
    seen = recognise(tx, state, batch.source.id, came, batch.listed, others=others)
    own = (replace(each, article=one) for each, one in zip(arrivals[start:stop], seen.articles, strict=True))
    batch = replace(batch, arrivals=(*arrivals[:start], *own, *arrivals[stop:]))
    work = _Lane(desk=desk, tx=tx, batch=batch, state=state, seen=seen, stop=stop)
    work.tally.settled = seen.articles == came
    return work


@dataclass(kw_only=True)
class _Lane:
    """One transaction's work; ``overlap`` counts the items that join the poll with the last one."""

    desk: Desk
    tx: Tx
    batch: Batch
    state: SourceState | None  # the source before this poll
    seen: Recognised
    stop: int  # before which arrival the look ends
    overlap: int | None = None
    tally: Tally = field(default_factory=Tally)
    asked: float | None = None  # the interval in seconds that a gap asks for
    titles: list[str] = field(default_factory=list)  # the source's last headlines before this poll
    forgotten: set[str] = field(default_factory=set)  # keys of articles that retention has removed whole
    habits: Habits | None = None  # what they teach; the same for all articles of a poll, whatever their order

    @property
    def now(self) -> datetime:
        """When the poll began."""
        return self.batch.poll.at

    def told(self) -> PollRecord:
        """The poll with what its items were, and when the next one comes if this one shows a gap."""
        tally, poll = self.tally, self.batch.poll
        news = self.batch.news or bool(self.seen.open)
        poll = replace(poll, new=tally.new, changed=tally.changed, known=tally.known, refused=tally.refused, news=news)
        if tally.gap_from is not None:
            poll = replace(poll, gap_from=tally.gap_from, gap_to=poll.at, tight=self.asked)
        return self._planned(self._learned(poll)) if (tally.new or news) and not tally.first else poll

    def _learned(self, poll: PollRecord) -> PollRecord:
        """The poll with what it teaches of the feed's rhythm: how long there was nothing new before it."""
        state = self.state
        if state is None or state.last_ok_at is None or timing.was_held_up(state.interval, poll.at - state.last_ok_at):
            return poll
        gap = (poll.at - (state.last_new or state.baseline_at or state.last_ok_at)).total_seconds()
        longest = max(gap, state.longest or 0.0) if state.last_new else None
        hours = rhythm.remembered(state.hours, poll.at, gap)
        return replace(poll, rhythm=rhythm.learned(state.rhythm, gap), longest=longest, hours=hours)

    def _planned(self, poll: PollRecord) -> PollRecord:
        """The poll with the time of the next, now that this one brought something new or shows a gap."""
        state = self.state
        if state is None or poll.interval is None:
            return poll
        plan = timing.plan(
            self.batch.source,
            poll.at,
            timing.Habit(gap=poll.rhythm or state.rhythm, hours=poll.hours or state.hours),
            tight=self.asked or timing.recent(state.tight, state.gap_to, poll.at),
            floor=poll.floor,
        )
        if self.asked is not None and plan.by != "rhythm" and plan.seconds < poll.interval:
            self.tally.tight = plan.seconds
        next_due = poll.at + (poll.next_due - poll.at) * (plan.seconds / poll.interval)
        return replace(poll, interval=plan.seconds, interval_by=plan.by, next_due=next_due)

    def end(self, most: int) -> int:
        """Before which arrival this part ends: before the next to be written after ``most`` of them."""
        for place in range(self.batch.begun, self.stop):
            article = self.batch.arrivals[place].article
            if self.seen.is_costly(article.key, article.content_hash):
                if most == 0:
                    return place
                most -= 1
        return self.stop

    def take_part(self, end: int) -> Batch:
        """Write the arrivals before ``end``, and of the poll a line of its history alone; the poll with the others."""
        batch, state = self.batch, self.state
        self._look_at_source()
        if state is not None and not batch.is_folder:
            self.tally.first = self._is_first(state)
            rename(self.tx, batch.source.id, self._known_before(end))
        self._take_all(batch.arrivals[batch.begun : end])
        tally = self.tally
        if tally.new:
            forget(self.tx, self.now, most=4 * tally.new)
        part = replace(batch.poll, status="part", fetched=end - batch.begun, repeated=0, new=tally.new)
        note = sources.FIRST_POLL if tally.first else None
        sources.record_part(self.tx, replace(part, changed=tally.changed, known=tally.known, note=note))
        return batch.after(end, tally)

    def take_rest(self) -> None:
        """Write what is left, and the poll with all that it tells of its source."""
        self._look_at_source()
        self._look_back()
        self._take_all(self.batch.arrivals[self.batch.begun :])
        self._refuse()
        self._tidy()
        self.desk.checkpoint("lane.placed")
        status = "baseline" if self.tally.first else self.batch.poll.status
        sources.record_poll(self.tx, replace(self.told(), status=status, overlap=self.overlap))
        self.desk.checkpoint("lane.recorded")

    def _look_at_source(self) -> None:
        """The source's last headlines, and whether what the poll relies on still is so."""
        if not self.batch.is_folder and self.batch.arrivals:
            self.titles = headlines.get(self.tx, self.batch.source.id)
            self.habits = learn(self.titles)
        if self.batch.listed is not None:
            self.batch.listed.check(self.state)

    def _is_first(self, state: SourceState) -> bool:
        """Whether it is a part of a first poll: nothing was known before, and none has come to its end meanwhile."""
        if state.baseline_at is not None or self.batch.poll.status != "ok" or self.batch.listed is not None:
            return False
        return not self.seen.before and (self.batch.first or not self.batch.begun)

    def _known_before(self, end: int) -> dict[str, Known]:
        keys = [arrival.article.key for arrival in self.batch.arrivals[self.batch.begun : end]]
        return {key: self.seen.known[key] for key in keys if key in self.seen.known}

    def _take_all(self, arrivals: Sequence[Arrival]) -> None:
        known = self.seen.known
        strangers = [arrival.article for arrival in arrivals if arrival.article.key not in known]
        self.forgotten = forgotten.known(self.tx, self.batch.source.id, strangers)
        for arrival in arrivals:
            self.take(arrival, known.get(arrival.article.key))

    def _look_back(self) -> None:
        """Is this a feed's first poll, or one that nothing joins with the last?"""
        state, listed = self.state, self.batch.listed
        if listed is not None:
            self.tally.known += listed.known
        if state is None or self.batch.is_folder or self.batch.poll.status != "ok":
            return
        joint = join(self.tx, state, self.seen, joined=self.batch.joined, listed=listed)
        self.overlap, self.tally.first, self.tally.gap_from = joint.overlap, joint.first, joint.gap_from
        if joint.gap_from is not None:
            self.asked = timing.tightened(state.interval, self.batch.poll.at - joint.gap_from)

    def _is_baseline(self, arrival: Arrival) -> bool:
        return self.tally.first and arrival.rank >= self.batch.backfill

    def _begin(self, arrival: Arrival) -> ArticleState:
        """Where a new article's ledger begins: with a first poll below "no rule", so that it stays there."""
        return "baseline" if self._is_baseline(arrival) else "no rule"

    @cached_property
    def mutes(self) -> tuple[Mute, ...]:
        """The mutes in force."""
        return mutes.in_force(self.tx, self.now)

    @cached_property
    def last_group(self) -> Mapping[str, datetime]:
        """When alerts last went together, by destination."""
        return groups.latest(self.tx)

    def _spent(self, arrival: Arrival) -> Collection[str]:
        """The rules that hit the article and have told of more stories than they expect."""
        rules = self.batch.live.ruleset.rules
        return spent(self.tx, [rules[one.rule] for one in arrival.mentions if one.rule in rules], self.now)

    @property
    def kind_of(self) -> dict[str, DestinationKind]:
        """What each destination is."""
        return {destination.id: destination.kind for destination in self.desk.config.destinations}

    def take(self, arrival: Arrival, known: Known | None) -> None:
        """Bring one article home: new, a new version of a known one, or nothing to do."""
        if known is None and arrival.article.key in self.forgotten:
            self.tally.known += 1
            return
        if known is None:
            self._take_new(arrival)
            return
        if known.key != arrival.article.key:
            self.tally.settled = False
            articles.adopt_key(self.tx, known.id, arrival.article)
        if known.content_hash != arrival.article.content_hash:
            self._take_version(arrival, known)
        else:
            self.tally.known += 1

    def _refuse(self) -> None:
        """Remember the items that can be no articles."""
        refused = self.batch.refused
        new = ledger.refuse(self.tx, self.batch.source.id, refused, self.now) if refused else 0
        self.tally.refused += new
        self.tally.known += len(refused) - new

    def _tidy(self) -> None:
        """Remember the new headlines, and forget what is past the windows of events and copies."""
        if not (self.tally.new or self.batch.news or self.seen.open):
            return
        forget(self.tx, self.now, most=100 + 4 * self.tally.new)
        if not self.batch.is_folder:
            before = self.seen.before
            new = [arrival for arrival in self.batch.arrivals if arrival.article.key not in before]
            newest_last = [arrival.article.title for arrival in sorted(new, key=lambda each: -each.rank)]
            headlines.put(self.tx, self.batch.source.id, [*self.titles, *newest_last][-LEARNT:])

    def _take_new(self, arrival: Arrival) -> None:
        home = settle(self.tx, arrival.article, state=self._begin(arrival), now=self.now, habits=self.habits)
        if home.placement.merges:
            self.__dict__.pop("mutes", None)  # those of a story that is a part of another now
        ref, story, placement = home.ref, home.story, home.placement
        articles.add_mentions(self.tx, ref.version, arrival.mentions)
        joining = self._joining(arrival, ref.article, story, placement)
        if ref.new:
            facts.add(self.tx, ref.version, joining.found)
        self.tally.new += 1
        if self._is_baseline(arrival):
            self.tally.kept += 1
            self.tally.kept_matching += bool(arrival.mentions)
        self.desk.checkpoint("lane.written")
        told = stories.told(self.tx, story) if placement.story is not None else {}
        news = self._learn(arrival, joining, told)
        self._decide(self._look(arrival, joining, placement, told, news), arrival, 1)
        if placement.merges:
            self._link(story, told)

    def _take_version(self, arrival: Arrival, known: Known) -> None:
        placement = Placement(kind="new", story=known.story, reason="a new version of a stored article")
        joining = replace(self._joining(arrival, known.id, known.story, placement), edited=True, silent=False)
        told = stories.told(self.tx, known.story)
        news = self._learn(arrival, joining, told)  # before what it replaces is gone
        ref = articles.add_version(self.tx, known.id, arrival.article, self.now)
        articles.add_mentions(self.tx, ref.version, arrival.mentions)
        facts.add(self.tx, ref.version, joining.found)
        self.tally.changed += 1
        look = self._look(arrival, joining, placement, told, news)
        self._decide(replace(look, matched_before=known.rules), arrival, known.n + 1)

    def _joining(self, arrival: Arrival, article: int, story: int, placement: Placement) -> Joining:
        return Joining(
            article=arrival.article,
            found=read_facts(arrival.article),
            id=article,
            story=story,
            source_name=self.batch.source.name,
            alone=placement.story is None,
            copied=placement.kind == "copy" and not is_fuller(arrival.article.title),
            silent=self._is_baseline(arrival),
        )

    def _learn(self, arrival: Arrival, joining: Joining, told: Mapping[str, Told]) -> tuple[News, ...]:
        """What the article brings; nothing is learnt of one that concerns nobody."""
        return take_note(self.tx, joining, self.now, told=bool(told)) if arrival.mentions or told else ()

    def _look(
        self,
        arrival: Arrival,
        joining: Joining,
        placement: Placement,
        told: Mapping[str, Told],
        news: tuple[News, ...],
    ) -> Look:
        return Look(
            now=self.now,
            article_id=joining.id,
            article=arrival.article,
            story=joining.story,
            mentions=arrival.mentions,
            rules=self.batch.live.ruleset.rules,
            placement=placement,
            source=self.batch.source,
            baseline=joining.silent,
            edited=joining.edited,
            original=self._state_of(placement.copy_of),
            told=told,
            news=news,
            mutes=self.mutes,
            crowded=crowded(self.tx, self.desk.config.destinations, self.now),
            spent=self._spent(arrival) if told else (),
            last_group=self.last_group,
            destinations=self.desk.config.destinations,
            routes=self.desk.config.routes,
        )

    def _decide(self, look: Look, arrival: Arrival, version: int) -> None:
        """``version`` is the number of the article's."""
        self.tally.matched += bool(look.mentions)
        seen = remember(self.tx, look, version=version, rules_at=self.batch.live.since, config_at=self.desk.config_at)
        verdict = decide(look)
        if verdict.state is not None and (look.edited or verdict.state != self._begin(arrival)):
            articles.set_state(self.tx, look.article_id, verdict.state)
        self._write(arrival, verdict, look.told, seen)

    def _state_of(self, article: int | None) -> ArticleState | None:
        stored = articles.get(self.tx, article) if article is not None else None
        return stored.state if stored is not None else None

    def _write(self, arrival: Arrival, verdict: Verdict, told: Mapping[str, Told], look: int) -> None:
        articles.add_decisions(self.tx, verdict.decisions, self.now, look)
        note(self.desk, self.tx, verdict.decisions, self.now)
        for alert in verdict.alerts:
            self._queue(alert, arrival, told.get(alert.destination), look)
        for destination in verdict.counter:
            self._count(told[destination])

    def _queue(self, alert: Alert, arrival: Arrival, told: Told | None, look: int) -> None:
        """One alert and its message; nothing if this destination was told the same before."""
        alert_id = alerts.add(self.tx, alert, self.now, look)
        if alert_id is None:
            return
        shown = content(
            alert,
            arrival.article,
            source=self.batch.source,
            mentions=arrival.mentions,
            rules=self.batch.live.ruleset.rules,
            outlets=stories.outlets(self.tx, alert.story),
        )
        root = None if told is None else told.delivery
        outbox.enqueue(
            self.tx,
            uid=message_uid(alert_id, alert.destination, self.now),
            alert=alert_id,
            destination=alert.destination,
            op="post" if told is None else "reply",
            payload=compose(shown, self.kind_of[alert.destination]),
            at=self.now,
            not_before=alert.not_before,
            may_group=alert.may_group,
            root=root,
        )
        if root and not alert.may_group:
            groups.hurry(self.tx, root, self.now)
        self.desk.checkpoint("lane.queued")
        self.tally.alerts += 1

    def _count(self, told: Told) -> None:
        """One more outlet carries what this destination was told: its message shall say so."""
        if told.delivery:
            self._renew(alerts.content_parts(self.tx, told.alert), told.delivery)

    def _link(self, story: int, told: Mapping[str, Told]) -> None:
        """Stories are one now: where a destination has a message of each, the later ones name the others too.

        The oldest, to which all that follows belongs, has been counted in just now and names them already.
        """
        for root in joined.roots(self.tx, story):
            oldest = told.get(root.destination)
            if oldest is not None and root.alert != oldest.alert and root.destination in self.kind_of:
                self._renew(alerts.content_parts(self.tx, root.alert, apart=True), root.delivery)

    def _renew(self, parts: AlertParts | None, delivery: int) -> None:
        """Write the message of this delivery as it reads now: in the outbox, or as a change of the one that stands."""
        if parts is None:
            return
        payload = compose(content_of(parts, self.batch.live.ruleset.rules), self.kind_of[parts.destination])
        if not outbox.replace_payload(self.tx, delivery, payload):
            outbox.coalesce_update(self.tx, delivery, payload, self.now)
