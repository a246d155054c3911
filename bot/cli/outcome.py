"""What ``presswatch run --once`` says at its end: the sources' troubles, then one line for everything."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, hint, print_json, say, span, style

if TYPE_CHECKING:
    from bot.model import DeliverReport, IngestReport, SourceReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that a run came to. ``rules`` are those in force; ``next_poll`` is in seconds, None without sources."""

    polled: IngestReport
    delivered: DeliverReport
    rules: int
    faults: int
    next_poll: float | None

    @property
    def failing(self) -> int:
        """Sources that a person should look at."""
        return sum(source.failing for source in self.polled.sources)

    @property
    def needs_attention(self) -> bool:
        """Whether the exit code says so."""
        sent = self.delivered
        left = sent.waiting or sent.digests_waiting or sent.dead or sent.digests_dead
        return bool(left or self.faults or self.failing or not self.rules)

    def total(self, figure: str) -> int:
        """One of the sources' figures, over all of them."""
        return sum(getattr(source, figure) for source in self.polled.sources)


def say_waiting(seconds: float, report: DeliverReport) -> None:
    """Why nothing happens for a while."""
    reason = f" ({'; '.join(report.notes)})" if report.notes else ""
    counts = [plural(report.waiting, "alert")] if report.waiting or not report.digests_waiting else []
    counts += [plural(report.digests_waiting, "digest")] if report.digests_waiting else []
    hint(f"{' and '.join(counts)} may not be sent yet{reason}: waiting {seconds:.0f} s.")


def show(settings: Settings, outcome: Outcome, *, backfill: int) -> None:
    """Print it, for people or for scripts."""
    if settings.as_json:
        _print_rows(outcome)
        return
    for source in outcome.polled.sources:
        _print_source(source, verbose=settings.verbose)
    for note in outcome.delivered.notes:
        say("!", note, fg="yellow")
    if not outcome.rules:
        say("!", f"no rule is in force: put rule files into {settings.config.rules_dir}", fg="yellow")
    if backfill and outcome.polled.sources and not any(s.status == "baseline" for s in outcome.polled.sources):
        hint("--backfill concerns first polls only, and every source here has been polled before.")
    click.echo(" · ".join(_summary(outcome)))


def _print_rows(outcome: Outcome) -> None:
    for source in outcome.polled.sources:
        print_json({"source": asdict(source)})
    figures = {name: outcome.total(name) for name in ("new", "changed", "matched")}
    counts = {"polled": len(outcome.polled.sources), "failing": outcome.failing, "rules": outcome.rules}
    print_json({"summary": {**counts, **figures, "alerts": outcome.polled.alerts, **asdict(outcome.delivered)}})


def _print_source(source: SourceReport, *, verbose: int) -> None:
    """What a reader must know of a source: troubles and baselines; with -v every one."""
    name = source.name if source.name == source.source else f"{source.name} ({source.source})"
    if source.status == "error" or source.failing:
        say("!", f"{name}: {source.note}", fg="yellow")
    elif source.note:
        say("✓", f"{name}: {source.note}", fg="green")
    elif verbose:
        say("·", f"{name}: {plural(source.fetched, 'item')}, {source.new} new ({source.ms} ms)", dim=True)


def _summary(outcome: Outcome) -> list[str]:
    delivered, polled = outcome.delivered, outcome.polled.sources
    head = []
    if delivered.sent:
        head.append(plural(delivered.sent, "alert"))
    if delivered.waiting:
        head.append(f"{plural(delivered.waiting, 'alert')} waiting, to be sent by the next run")
    if delivered.dead:
        head.append(f"{plural(delivered.dead, 'alert')} could not be delivered")
    parts = [style(part, bold=True) for part in head or ["Nothing new to alert"]]
    if delivered.digests:
        parts.append(plural(delivered.digests, "digest"))
    if delivered.digests_waiting:
        parts.append(f"{plural(delivered.digests_waiting, 'digest')} waiting, to be sent by the next run")
    if delivered.digests_dead:
        parts.append(f"{plural(delivered.digests_dead, 'digest')} could not be delivered")
    if delivered.quiet:
        parts.append(f"{plural(delivered.quiet, 'message')} kept for the end of quiet hours")
    if delivered.updated:
        parts.append(f"{plural(delivered.updated, 'message')} updated")
    if delivered.duplicates:
        parts.append(f"{plural(delivered.duplicates, 'duplicate')} taken back")
    parts += [plural(outcome.total("new"), "new article"), f"{outcome.total('matched'):,} with a match"]
    return [*parts, _polled(outcome, polled)]


def _polled(outcome: Outcome, polled: tuple[SourceReport, ...]) -> str:
    text = f"{plural(len(polled), 'source')} polled"
    silent = sum(source.status == "error" and not source.failing for source in polled)
    troubles = [f"{outcome.failing} failing"] if outcome.failing else []
    troubles += [f"{silent} did not answer and will be tried again"] if silent else []
    if troubles:
        text += f" ({', '.join(troubles)})"
    if not polled and outcome.next_poll is not None:
        text += f" (the next is due in {span(outcome.next_poll)}; --force polls now)"
    return text
