"""From the rules folder to rules in force: load, compile, try the inline tests, swap – or keep the last good ones."""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import rules
from .desk import Live
from .errors import ConfigError, Fault
from .match import Frequencies, Matcher, run_tests
from .store import articles
from .store import rules as stored_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from .desk import Desk
    from .match import TestFailure
    from .model import Rule, RuleSet, Term
    from .store import Store, Tx


MANY, SAMPLE = 500, 300
"""From so many rules on it pays to learn from so many articles, the newest, which words are met how often."""
MANY_OBJECTS = 50_000
"""To walk through so many takes the collector some milliseconds."""

SLICE = 50
"""Rules tested in one go: some milliseconds."""

LOOKS = 8
"""How often an edit is looked at again until two looks see the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """What a look at the rules folder brought: ``changed`` rule ids, and every fault found."""

    changed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    kept: tuple[str, ...] = ()
    total: int = 0


def compile_rules(
    files: Mapping[str, str],
    unread: Sequence[Fault] = (),
    last_good: Mapping[str, Rule] | None = None,
    destinations: Collection[str] | None = None,
    *,
    live: Live | None = None,
    frequency: Callable[[Term], float] | None = None,
) -> Live:
    """Rules and matcher out of the folder's texts; a rule at fault keeps its version of ``last_good``, else is off.

    ``unread`` are the faults of files that could not be read; ``destinations`` the ids that ``notify`` may name.
    Rules that are the same in ``live`` are not compiled and tested again. ``frequency`` is the share of the articles
    in which a term is met.
    """
    good = last_good or {}
    with _uncollected():
        known = (live and live.known) or rules.Known()
        loaded = rules.load(files, good, unread=unread, destinations=destinations, known=known)
        in_force = live.ruleset.rules if live else {}
        found = replace(loaded.ruleset, rules=_reused(loaded.ruleset.rules, in_force))
        matcher = _matcher(live, found, frequency)
        new = [rule for id_, rule in found.rules.items() if id_ not in in_force or in_force[id_].hash != rule.hash]
        failures = list(_failures(new, matcher))
        ruleset, reverted = _without_failing(found, failures, good)
        return Live(
            ruleset=ruleset,
            matcher=matcher.updated(ruleset.rules.values(), frequency) if failures else matcher,
            digest=_digest(files, unread),
            warnings=loaded.warnings,
            faults=(*unread, *loaded.faults, *(_fault(failure) for failure in failures)),
            kept=tuple(dict.fromkeys((*loaded.kept, *reverted))),
            owners={**loaded.owners, **{each.rule.id: each.rule.owner for each in failures if each.rule.owner}},
            known=known,
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector off: it would walk through all the new rules again and again, and stop the program for that.

    Of many rules it never hears. They make no cycles, so that nothing is lost by it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MANY_OBJECTS:
            gc.freeze()
        if collecting:
            gc.enable()


def _failures(new: Sequence[Rule], matcher: Matcher) -> Iterator[TestFailure]:
    """Failing tests, with pauses: a scan lets go of the interpreter, but too briefly for a thread that waits for it."""
    for start in range(0, len(new), SLICE):
        yield from run_tests(new[start : start + SLICE], matcher)
        if start + SLICE < len(new):
            time.sleep(0.001)


def _matcher(live: Live | None, ruleset: RuleSet, frequency: Callable[[Term], float] | None) -> Matcher:
    listed = ruleset.rules.values()
    return live.matcher.updated(listed, frequency) if live else Matcher(listed, frequency)


def _reused(loaded: Mapping[str, Rule], in_force: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules, those that are still the same being the very objects in force, so that they are not held twice."""
    return {
        id_: in_force[id_] if id_ in in_force and _same(in_force[id_], rule) else rule for id_, rule in loaded.items()
    }


def _same(one: Rule, other: Rule) -> bool:
    """Whether two rules say the same, at the same place."""
    return one is other or (one.hash == other.hash and _places(one) == _places(other))


def _places(rule: Rule) -> tuple[str, int, list[int]]:
    return rule.file, rule.line, [test.line for test in rule.tests]


def _digest(files: Mapping[str, str], unread: Sequence[Fault]) -> str:
    return rules.digest({**files, "": "\n".join(map(str, unread))})


def _without_failing(
    ruleset: RuleSet, failures: Sequence[TestFailure], good: Mapping[str, Rule]
) -> tuple[RuleSet, tuple[str, ...]]:
    failing = {failure.rule.id for failure in failures}
    live = {id_: rule for id_, rule in ruleset.rules.items() if id_ not in failing}
    reverted = {id_: good[id_] for id_ in failing if id_ in good}
    return replace(ruleset, rules={**live, **reverted}), tuple(reverted)


def _fault(failure: TestFailure) -> Fault:
    return Fault(
        file=failure.rule.file,
        line=failure.test.line or failure.rule.line,
        column=1,
        subject=f"rule {failure.rule.id}",
        message=f'rule "{failure.rule.id}": its own test fails – {failure.detail}',
        remedy="mend the rule or the test; until then the rule is not activated",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What a look at the folder found; ``missing`` says why it could not be read as a whole, if it could not."""

    files: Mapping[str, str]
    unread: tuple[Fault, ...] = ()
    missing: tuple[Fault, ...] = ()

    @property
    def digest(self) -> str:
        return _digest(self.files, self.missing or self.unread)


async def reload_rules(desk: Desk) -> Reloaded | None:
    """Look at the rules folder; None when nothing changed since the last look.

    Unchanged is judged by content, so that editors which rename, and folders swapped as a whole, are seen. An edit
    that is still being written is left for the next look. A folder that cannot be read is a fault while rules are in
    force, and raises ConfigError at the start.
    """
    async with desk.reloading:
        seen = await _changed(desk)
        if seen is None:
            return None
        if seen.missing:
            return _without_folder(desk, seen)
        before = await desk.call(_last_good, desk)
        destinations = {destination.id for destination in desk.config.alerting}
        frequency = await desk.call(_frequency, desk) if len(before) >= MANY else None
        live = await asyncio.to_thread(
            compile_rules, seen.files, seen.unread, before, destinations, live=desk.live, frequency=frequency
        )
        live = replace(live, since=await desk.call(_record, desk, live))
        rules_now = live.ruleset.rules.values()
        changed = tuple(rule.id for rule in rules_now if rule.id not in before or before[rule.id].hash != rule.hash)
        replaced = [*before.values(), desk.live]
        desk.live = live
        del before
        await asyncio.to_thread(_let_go, replaced)
    return Reloaded(changed=changed, faults=live.faults, kept=live.kept, total=len(live.ruleset.rules))


async def _changed(desk: Desk) -> _Seen | None:
    """What the folder holds, where that is not in force yet and two looks in a row see the same.

    Many programs empty a file before they write it, or put a folder's files in their places one by one: a single look
    in between would find rules gone, or with mistakes, that nobody has made. At the start there is nothing to keep
    in the meantime.
    """
    seen = await asyncio.to_thread(_look, desk)
    for _ in range(LOOKS):
        if desk.live is None:
            return seen
        if seen.digest == desk.live.digest:
            return None
        await desk.settle()
        again = await asyncio.to_thread(_look, desk)
        if again.digest == seen.digest:
            return seen
        seen = again
    return None


def _look(desk: Desk) -> _Seen:
    try:
        files, unread = rules.read_folder(desk.config.rules_dir)
    except ConfigError as error:
        return _Seen(files={}, missing=error.faults)
    return _Seen(files=files, unread=unread)


def _let_go(replaced: list[Rule | Live | None]) -> None:
    """Free what is no longer in force, last things first and one by one: all at once would stop the program."""
    while replaced:
        replaced.pop()


def _without_folder(desk: Desk, seen: _Seen) -> Reloaded:
    """Keep what is in force; told once, until the folder is back."""
    if desk.live is None:
        raise ConfigError(seen.missing)
    kept = tuple(desk.live.ruleset.rules)
    desk.live = replace(desk.live, digest=seen.digest, faults=seen.missing, kept=kept, readable=False)
    return Reloaded(faults=seen.missing, kept=kept, total=len(kept))


def _last_good(desk: Desk) -> dict[str, Rule]:
    if desk.live is not None:
        return dict(desk.live.ruleset.rules)
    with desk.store.read() as tx:
        stored = stored_rules.active(tx)
    return {id_: rule for id_, (_, definition) in stored.items() if (rule := rebuilt(definition)) is not None}


def learnt(store: Store) -> Frequencies | None:
    """How often terms are met, if so many rules are in force that reloading them asks the archive; else None."""
    with store.read() as tx:
        return _frequencies(tx) if len(stored_rules.active(tx)) >= MANY else None


def _frequency(desk: Desk) -> Frequencies:
    with desk.store.read() as tx:
        return _frequencies(tx)


def _frequencies(tx: Tx) -> Frequencies:
    return Frequencies(stored.article for stored in articles.archive(tx, limit=SAMPLE))


def rebuilt(definition: str) -> Rule | None:
    """The stored rule; None if this version's stricter checks no longer take it, which the file's check will tell."""
    try:
        return rules.rebuild(definition)
    except ConfigError:
        return None


def _record(desk: Desk, live: Live) -> datetime | None:
    with desk.store.write() as tx:
        stored_rules.record(tx, live.ruleset.rules.values(), desk.now())
        return stored_rules.since(tx)
