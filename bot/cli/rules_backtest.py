"""``presswatch rules backtest``: what an edit of the rules would have brought, and whom it would have told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_faults, print_json, progress, style
from .layout import print_table
from .rules_backtest_report import WORDS, Report, archive_words, effect_words, flow_rows, flow_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.backtest import Backtest, Edit, RuleEffect
    from bot.desk import Live
    from bot.model import Rule
    from bot.store import Tx
    from bot.store.records import Archived

IN_USE = "the rules in use"

EPILOG = """\b
Examples
  presswatch rules backtest                         what differs from the rules in use
  presswatch rules backtest tariffs --days 90       one rule, over a longer time
  presswatch rules backtest --against origin/main   what differs from another revision of git
  presswatch rules backtest --against HEAD --markdown --fail-over 40

Exit code 1: a rule has a mistake, or a destination would be told of more than --fail-over allows.
"""


@click.command("backtest", epilog=EPILOG, short_help="Show what an edit of the rules would have brought, and whom.")
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=complete.rule_ids)
@click.option("--changed", is_flag=True, help="Every rule that differs; so it is without an ID.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=30, show_default=True, metavar="N", help="Days of the archive."
)
@click.option("--against", metavar="GITREV", help="Compare with this revision of git, not with the rules in use.")
@click.option("--markdown", is_flag=True, help="Write Markdown for a comment on a pull request.")
@click.option(
    "--last", type=click.IntRange(0), default=5, show_default=True, metavar="N", help="Headlines of each rule."
)
@click.option(
    "--fail-over",
    type=click.FloatRange(0),
    metavar="N",
    help="End with 1 if a destination would be told of more than N stories a day, and of more than before.",
)
@common_options
@pass_settings
def backtest(
    settings: Settings,
    ids: tuple[str, ...],
    *,
    changed: bool,
    days: int,
    against: str | None,
    markdown: bool,
    last: int,
    fail_over: float | None,
) -> int:
    """Show which stories an edit of the rules would have gained and lost, and how many a day each destination gets.

    The archived articles are held against the rules folder as it stands and against the rules in use, or the folder as
    it was at a revision of git. Destinations and routes are those of the configuration as it stands. A story is told
    once to a destination; replies, mutes and what first polls brought are not counted. Nothing is stored.
    """
    from bot.app import database_exists, open_store
    from bot.store import archive

    if ids and changed:
        raise click.UsageError("name rules, or give --changed, not both")
    if markdown and settings.as_json:
        raise click.UsageError("give --markdown or --json, not both")
    if not database_exists(settings.config):
        return _without_archive(settings, markdown=markdown)
    with open_store(settings.config) as store, store.read() as tx:
        name, change, live = _edit(settings, tx, against, ids)
        print_faults(settings.rule_faults(live.faults), as_json=settings.as_json)
        found = _replayed(settings, tx, change, days)
        shown = [id_ for each in found.rules for side in (each.gained, each.lost) for id_ in side[:last]]
        stored = archive.by_id(tx, sorted(set(shown)))
    report = Report(
        against=name,
        asked=days,
        found=found,
        headlines={id_: _headline(each) for id_, each in stored.items()},
        last=last,
        mistakes=len(live.faults),
    )
    if markdown:
        from .rules_backtest_markdown import comment

        click.echo(comment(report))
    elif settings.as_json:
        _print_rows(report, stored)
    else:
        _print(report)
    over = _over(found, fail_over)
    for id_ in over:
        hint(f"{id_} would be told of more than {fail_over:g} stories a day (--fail-over).")
    return 1 if over or live.faults else 0


def _without_archive(settings: Settings, *, markdown: bool) -> int:
    live = settings.rules
    print_faults(settings.rule_faults(live.faults), as_json=settings.as_json)
    hint("No archive yet: presswatch run --once fills it.")
    if markdown:
        from .rules_backtest_markdown import NO_ARCHIVE

        click.echo(NO_ARCHIVE)
    return 1 if live.faults else 0


def _over(found: Backtest, most: float | None) -> list[str]:
    if most is None:
        return []
    return [flow.destination for flow in found.flows if flow.after > most and flow.after > flow.before]


# ── the two sides ────────────────────────────────────────────────────────────────────────────────


def _edit(settings: Settings, tx: Tx, against: str | None, ids: tuple[str, ...]) -> tuple[str, Edit, Live]:
    """What is compared with what. A rule at fault is not gone: it keeps its earlier version."""
    from bot.backtest import edit, in_use
    from bot.reload import compile_rules
    from bot.rules import read_folder

    live = settings.rules
    before: Mapping[str, Rule]
    if against is None:
        name, before = IN_USE, in_use(tx, live.ruleset.rules)
    else:
        name, before = _at(settings, against)
    if live.faults:
        files, unread = read_folder(settings.config.rules_dir)
        live = compile_rules(files, unread, before, {each.id for each in settings.config.alerting})
    after = live.ruleset.rules
    unknown = [id_ for id_ in ids if id_ not in after and id_ not in before]
    if unknown:
        raise click.UsageError(f'there is no rule "{unknown[0]}": presswatch rules list names them all')
    return name, edit(before, after, live.matcher, tuple(dict.fromkeys(ids))), live


def _at(settings: Settings, revision: str) -> tuple[str, Mapping[str, Rule]]:
    """The rules of the folder as it was at a revision. One that was at fault then was off."""
    from bot import rules
    from bot.revisions import folder_at

    commit, files, unread = folder_at(settings.config.rules_dir, revision)
    loaded = rules.load(files, unread=unread)
    faults = (*unread, *loaded.faults)
    if not files:
        hint(f"At {revision} this folder held no rules: every rule is new.")
    elif faults:
        hint(f"At {revision} the rules had {plural(len(faults), 'mistake')}; those rules count as off.")
    name = revision if commit.startswith(revision) else f"{revision} ({commit})"
    return name, loaded.ruleset.rules


def _replayed(settings: Settings, tx: Tx, change: Edit, days: int) -> Backtest:
    from bot.app import now
    from bot.backtest import Readers, backtest
    from bot.store import texts

    config = settings.config
    readers = Readers(
        destinations=config.alerting,
        routes=config.routes,
        silent={source.id for source in config.sources if not source.alerts},
    )
    at = now()
    begin = at - timedelta(days=days)
    total = texts.number(tx, begin)
    with progress(settings, "Replaying the archive") as step:
        return backtest(tx, change, readers, begin, at, on_article=lambda: step(total, ""))


def _headline(stored: Archived) -> str:
    """An article's headline, as much of it as its source lets readers see."""
    from bot.rights import headline as allowed

    from .explain_lines import headline

    article = stored.article
    return headline(allowed(article.title, article.excerpt, derived=article.title_derived))


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


def _print(report: Report) -> None:
    found = report.found
    if not found.rules:
        click.echo(f"Nothing differs from {report.against}.")
        return
    click.echo(f"Against {report.against}: {archive_words(report)}")
    for each in found.rules:
        click.echo(f"{style(each.rule, bold=True)} ({WORDS[each.kind]}): {effect_words(each, found.articles)}")
        _print_stories(report, "+", each.gained, "green")
        _print_stories(report, "−", each.lost, "red")
    if found.flows:
        print_table(("destination", "before", "after", ""), flow_rows(found))
        click.echo(style(flow_words(report), dim=True))


def _print_stories(report: Report, mark: str, ids: Sequence[int], colour: str) -> None:
    named = report.named(ids)
    for id_ in named:
        click.echo(f"  {style(mark, fg=colour)} {report.headlines[id_]}  {style(f'#{id_}', dim=True)}")
    if len(ids) > len(named):
        click.echo(style(f"    and {len(ids) - len(named):,} more: --last {len(ids)} shows them", dim=True))


def _print_rows(report: Report, stored: Mapping[int, Archived]) -> None:
    found = report.found
    summary = {"against": report.against, "articles": found.articles, "removed": found.removed}
    print_json({**summary, "first_polls": found.first_polls, "days": round(found.days, 2)})
    for each in found.rules:
        print_json(
            {
                "rule": each.rule,
                "change": each.kind,
                "articles_before": each.articles_before,
                "articles": each.articles,
                "share": round(each.articles / found.articles, 6) if found.articles else None,
                "stories_before": each.stories_before,
                "stories": each.stories,
                "gained": len(each.gained),
                "lost": len(each.lost),
            }
        )
        for effect, id_ in _effects(report, each):
            row = {"rule": each.rule, "effect": effect, "article": id_, "headline": report.headlines[id_]}
            print_json({**row, "url": stored[id_].article.url})
    for flow in found.flows:
        print_json({"destination": flow.destination, "before": round(flow.before, 2), "after": round(flow.after, 2)})


def _effects(report: Report, each: RuleEffect) -> Iterator[tuple[str, int]]:
    for effect, ids in (("gained", each.gained), ("lost", each.lost)):
        yield from ((effect, id_) for id_ in report.named(ids))
