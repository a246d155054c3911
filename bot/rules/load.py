"""A folder's texts → the rules that go live. One mistake keeps back one rule, never the others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigError, Fault
from bot.model import Rule, RuleSet
from bot.tomlfile import TomlFile, did_you_mean

from .compile import Compiled, compile_drafts, compile_names
from .definition import read
from .drafts import Drafts, Known
from .queries import Asked, ask
from .references import Use

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from .drafts import Draft

NOTHING: Mapping[str, Rule] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What goes live, and what is wrong.

    ``kept`` are the rules that go on in their last good version, ``off`` those at fault that have none.
    ``warnings`` look like mistakes but keep nothing back. ``owners`` says of rules at fault whose they are.
    """

    ruleset: RuleSet
    faults: tuple[Fault, ...] = ()
    kept: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)


def load(
    files: Mapping[str, str],
    last_good: Mapping[str, Rule] = NOTHING,
    *,
    unread: Iterable[Fault] = (),
    destinations: Collection[str] | None = None,
    known: Known | None = None,
) -> Loaded:
    """Load all ``files`` (name → text) as a whole.

    A rule at fault keeps its version of ``last_good``; so does a rule that is missing while a file it may stand in
    cannot be read – ``unread`` are the faults of :func:`read_folder` that say so (they are not repeated in the
    result). With ``destinations`` given, ``notify`` must name some of them;
    ``inhibited_by`` must name rules of the folder.
    With ``known`` of the folder's last load only what changed since is read and compiled; it is kept up to date.
    """
    drafts = _drafts(files, unread, known)
    if destinations is not None:
        _refuse_unknown_destinations(drafts, destinations)
    _refuse_unknown_inhibitors(drafts)
    compiled = compile_drafts(drafts)
    faulty = {draft.id for draft in drafts.rules if draft.id} - compiled.rules.keys()
    kept = _kept(drafts, compiled, faulty, last_good)
    return Loaded(
        ruleset=RuleSet(rules={**compiled.rules, **kept}, entities=compiled.entities, lists=compiled.lists),
        faults=_in_order(drafts.faults, drafts.all),
        kept=tuple(kept),
        off=tuple(sorted(faulty - kept.keys())),
        warnings=tuple(compiled.warnings),
        owners=_owners(drafts, faulty, last_good),
    )


def load_query(text: str, files: Mapping[str, str], *, unread: Iterable[Fault] = ()) -> Asked:
    """Read one query that stands in no file, with the entities and lists of ``files`` (name → text).

    ``unread`` are the faults of :func:`read_folder`; they are repeated in the result.
    """
    unread = tuple(unread)
    drafts = _drafts(files, unread)
    asked = ask(text, Use(compile_names(drafts, Compiled())))
    return replace(asked, elsewhere=(*unread, *_in_order(drafts.faults, (*drafts.entities, *drafts.lists))))


def rebuild(definition: str) -> Rule:
    """The rule that ``definition`` was written from; its file and line are not part of it.

    Raises ConfigError if the text is no definition, or of a form that this version does not accept.
    """
    name = "stored rule"
    try:
        rule, entities, lists = read(definition)
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        fault = Fault(file=name, message=f"a stored rule version cannot be read: {error}", subject=name)
        raise ConfigError([fault]) from error
    drafts = Drafts()
    drafts.read(TomlFile(file=name, text="", data={"rule": [rule], "entity": entities, "terms": lists}))
    compiled = compile_drafts(drafts)
    faults = _in_order(drafts.faults, drafts.all)
    if faults:
        raise ConfigError(faults)
    (made,) = compiled.rules.values()
    tests = tuple(replace(test, line=0) for test in made.tests)
    return replace(made, file="", line=0, tests=tests)


def _drafts(files: Mapping[str, str], unread: Iterable[Fault], known: Known | None = None) -> Drafts:
    drafts = Drafts(doubtful={fault.file for fault in unread})
    for each in (known or Known()).read(files):
        drafts.add(each)
    drafts.refuse_twins()
    return drafts


def _refuse_unknown_destinations(drafts: Drafts, known: Collection[str]) -> None:
    for draft in drafts.rules:
        named = draft.raw.get("notify")
        for number, name in enumerate(named if isinstance(named, list) else ()):
            if isinstance(name, str) and name not in known:
                remedy = did_you_mean(name, known) or "add it to config.toml with [[destination]]"
                draft.fault(("notify", number), f'there is no destination "{name}"', remedy)


def _refuse_unknown_inhibitors(drafts: Drafts) -> None:
    known = [draft.id for draft in drafts.rules if draft.id]
    for draft in drafts.rules:
        named = draft.raw.get("inhibited_by")
        for number, name in enumerate(named if isinstance(named, list) else ()):
            if not isinstance(name, str):
                continue
            if name == draft.id:
                draft.fault(("inhibited_by", number), "a rule cannot be inhibited by itself", "remove it")
            elif name not in known and not drafts.doubtful:
                remedy = did_you_mean(name, known) or "remove it, or add the rule"
                draft.fault(("inhibited_by", number), f'there is no rule "{name}"', remedy)


def _kept(drafts: Drafts, compiled: Compiled, faulty: set[str], last_good: Mapping[str, Rule]) -> dict[str, Rule]:
    """Of the last good rules: those now at fault, and those missing while the file they stood in is in doubt.

    A rule that was rebuilt from the store knows no file: any file in doubt may be its own.
    """
    return {
        id_: rule
        for id_, rule in last_good.items()
        if id_ not in compiled.rules
        and (id_ in faulty or rule.file in drafts.doubtful or (drafts.doubtful and not rule.file))
    }


def _owners(drafts: Drafts, faulty: set[str], last_good: Mapping[str, Rule]) -> dict[str, str]:
    """Whose the rules at fault are: as the file says, however wrong the rest is, else as the last good version did."""
    said = {id_: rule.owner for id_, rule in last_good.items()}
    said |= {draft.id: owner for draft in drafts.rules if isinstance(owner := draft.raw.get("owner"), str)}
    return {id_: owner for id_ in sorted(faulty) if (owner := said.get(id_))}


def _in_order(faults: Iterable[Fault], drafts: Iterable[Draft[Any, Any]]) -> tuple[Fault, ...]:
    """These faults and those of the drafts, by place."""
    found = [*faults, *(fault for draft in drafts for fault in draft.faults)]
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line, fault.column)))
