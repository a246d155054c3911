"""The JSON Schema of a rules file, made from the models that read it, for editors that complete and check.

It tells less than ``rules check``: what a term, a query or a reference means is beyond a schema. It never refuses
what is accepted. Draft 7, because that is what TOML editors know (taplo, Even Better TOML, Tombi).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from .files import EntityTable, RuleTable, TermsTable

if TYPE_CHECKING:
    from bot.tomlfile.models import Table

DRAFT = "http://json-schema.org/draft-07/schema#"

TABLES: dict[str, type[Table]] = {"rule": RuleTable, "entity": EntityTable, "terms": TermsTable}

# What is offered at once where a table is begun (taplo.tamasfe.dev, "Schema extensions").
INITIAL = {
    "RuleTable": ["id", "title", "any"],
    "TestTable": ["text", "expect"],
    "EntityTable": ["id", "name", "kind", "aliases"],
    "TermsTable": ["id", "any"],
    "NotNearTable": ["term", "of", "within"],
    "AliasTable": ["text"],
}

WORDS: dict[str, dict[str, str]] = {
    "RuleTable": {
        "id": "The name in files and commands: small letters, digits, - and _.",
        "title": "The name in alerts; without it the id.",
        "theme": "The group that digests and the volume are told by.",
        "severity": "How loud its alerts are.",
        "owner": "Who is asked about the rule, and told when it is rejected, too quiet, too loud or past its day.",
        "notify": "Destinations by name, in place of the default ones.",
        "any": "One of these must occur. @id is an entity, $id a list, chip* any ending, =Term exact, /re/ a pattern.",
        "all": "Every one of these must occur.",
        "none": "One of these anywhere in the article, and the rule does not match. See mask and not_near.",
        "mask": "Occurrences inside one of these phrases do not count.",
        "not_near": "Drops only those occurrences of term that have one of of at most within words away.",
        "where": 'Where to look: "title", "body", "lead" (the first 60 words), "lead:100". Without it everywhere.',
        "min_hits": "So many occurrences at least.",
        "query": "In place of any and all: the query language.",
        "sources": "Only articles from such sources.",
        "inhibited_by": "Rules beside which this one adds nothing: it is silent on a story that one of them tells.",
        "repeat": 'For how long after a message on a story it tells nothing further of it: "30m".',
        "expect": 'How many stories it should bring: "0..12/day", "1..40/week", "0..2/hour".',
        "until": "A date after which the rule is off.",
        "test": "A small article, and what the rule must say of it.",
    },
    "TestTable": {
        "title": "The headline.",
        "text": "The text; an empty line begins a paragraph.",
        "expect": "Whether the rule must match.",
        "date": "The article's date, for aliases that are valid for some time.",
        "lang": 'Its language, such as "en".',
        "source": "A source's id, or a tier.",
        "author": "The byline.",
        "url": "The address.",
    },
    "NotNearTable": {
        "term": "What is dropped.",
        "of": "What must not stand close by.",
        "within": "Words between the two, at most.",
    },
    "SourcesTable": {"tier": "Only from sources of these tiers.", "lang": "Only articles in these languages."},
    "EntityTable": {
        "id": "The name that rules use: @id.",
        "name": "The name for readers; only the aliases are looked for.",
        "kind": "What it is.",
        "aliases": "The ways in which it is written.",
    },
    "AliasTable": {
        "text": "The name as it is written.",
        "with": "Ambiguous: one of these must stand close by, or a full alias anywhere in the article.",
        "within": "How close, in words; 30 without it.",
        "without": "None of these may stand as close.",
        "from": "The first day on which it is valid, by the article's date.",
        "until": "The last day on which it is valid.",
    },
    "TermsTable": {"id": "The name that rules use: $id.", "any": "The terms that it stands for."},
}


def schema() -> dict[str, Any]:
    """The schema as JSON values. What it is made from has no order of its own, so it is the same every time."""
    definitions: dict[str, Any] = {}
    for model in TABLES.values():
        made = TypeAdapter(model).json_schema(by_alias=True)
        definitions |= made.pop("$defs", {})
        definitions[model.__name__] = made
    for name, definition in definitions.items():
        _finish(name, definition)
    return {
        "$schema": DRAFT,
        "title": "Presswatch rules",
        "description": "Rules, entities and lists of terms: docs/rules.md",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: {"type": "array", "items": {"$ref": f"#/definitions/{model.__name__}"}}
            for key, model in TABLES.items()
        },
        "definitions": {name: _plain(definitions[name]) for name in sorted(definitions)},
    }


def _finish(name: str, definition: dict[str, Any]) -> None:
    """Say what the keys mean, and what the models check beside the types."""
    definition["description"] = definition["description"].replace("``", "")
    for key, words in WORDS[name].items():
        definition["properties"][key]["description"] = words
    if name in INITIAL:
        definition["x-taplo"] = {"initKeys": INITIAL[name]}
    if name == "RuleTable":
        definition["anyOf"] = [{"required": [key]} for key in ("any", "all", "query")]
    if name == "TestTable":
        definition["anyOf"] = [{"required": [key]} for key in ("text", "title")]
    for key in {"EntityTable": ("aliases",), "TermsTable": ("any",)}.get(name, ()):
        definition["properties"][key]["minItems"] = 1


def _plain(value: Any) -> Any:  # noqa: ANN401 – any JSON
    """Without made-up titles and the null that TOML does not have; references as draft 7 has them."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value.replace("#/$defs/", "#/definitions/") if isinstance(value, str) else value
    made = {key: _plain(item) for key, item in value.items() if not _made_up(key, item)}
    options = made.get("anyOf", ())
    if {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        made = {**made, **rest[0]} if len(rest) == 1 else {**made, "anyOf": rest}
        if len(rest) == 1:
            del made["anyOf"]
    if "$ref" in made:  # draft 7 looks at nothing beside a reference
        reference = {"$ref": made.pop("$ref")}
        made = {"allOf": [reference], **made} if made else reference
    return made


def _made_up(key: str, value: object) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)
