"""Rules and tests as they are written into files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.model import RuleTest
from bot.tomlfile.strings import toml_string

SCHEMA = ".schema/rules.json"
"""Where the schema lies in the rules folder; what is hidden is not read as rules."""

DIRECTIVE = re.compile(r"^#:schema[ \t]+(\S+)[ \t]*$", re.MULTILINE)
"""How a file names its schema to editors (taplo.tamasfe.dev, "Directives"): a comment before anything else."""


def directive(name: str) -> str:
    """The line for the file ``name``, relative to the rules folder."""
    return f"#:schema ./{'../' * name.count('/')}{SCHEMA}"


def named_schema(text: str) -> str | None:
    """What a file's text names as its schema."""
    head = re.match(r"(?:[ \t]*(?:#.*)?\n)*", text)
    found = DIRECTIVE.search(head.group() if head else "")
    return found[1] if found else None


def with_directive(text: str, name: str) -> str:
    """The text with the line at its top, unless it names a schema."""
    return text if named_schema(text) is not None else f"{directive(name)}\n\n{text.lstrip(chr(10))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """What somebody wants of a rule that is not written yet; every text as it is typed."""

    id: str
    title: str = ""
    theme: str = ""
    severity: str = ""
    owner: str = ""
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    query: str = ""
    matching: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def new_file(wanted: NewRule, name: str) -> str:
    """A file with the rule and its tests, in the layout of ``rules fmt``."""
    lines = [directive(name), "", "[[rule]]"]
    rows = {key: getattr(wanted, key) for key in ("id", "title", "theme", "severity", "owner")}
    lines += [f"{key} = {toml_string(value)}" for key, value in rows.items() if value]
    lists = {key: getattr(wanted, key) for key in ("any", "all", "none")}
    lines += [f"{key} = [{', '.join(map(toml_string, terms))}]" for key, terms in lists.items() if terms]
    if wanted.query:
        lines.append(f"query = {toml_string(wanted.query)}")
    tests = [RuleTest(text=text, expect="match") for text in wanted.matching]
    tests += [RuleTest(text=text, expect="no") for text in wanted.other]
    return "\n".join([*lines, "", *(table_of(test) for test in tests)])


def table_of(test: RuleTest) -> str:
    """The test as a ``[[rule.test]]`` table, its keys in the order in which people read them."""
    rows = {
        "title": toml_string(test.title) if test.title else "",
        "text": _text(test.text) if test.text else "",
        "date": test.date.isoformat() if test.date else "",
        "lang": toml_string(test.lang) if test.lang else "",
        "source": toml_string(test.source) if test.source else "",
        "author": toml_string(test.author) if test.author else "",
        "url": toml_string(test.url) if test.url else "",
        "expect": toml_string(test.expect),
    }
    return "\n".join(["[[rule.test]]", *(f"{key} = {value}" for key, value in rows.items() if value), ""])


def _text(text: str) -> str:
    """Text on one line as it is, on several between three quotes, so that paragraphs stay such."""
    if "\n" not in text:
        return toml_string(text)
    lines = (toml_string(line)[1:-1] for line in text.split("\n"))
    return '"""\n' + "\n".join(lines) + '"""'
