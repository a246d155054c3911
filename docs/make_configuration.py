"""Fill the tables of keys in docs/configuration.md from the models in bot/config/models.py.

python docs/make_configuration.py        (needs the development installation)

What a key means stands under it in the model; its type is read from its annotation, its default from pydantic.
Each table stands between a comment that names its model and one that ends it; the prose around them is written by hand.
"""

import ast
import inspect
import json
import re
from pathlib import Path
from typing import NamedTuple

from pydantic.fields import FieldInfo

from bot.config import models
from bot.config.load import RESERVED_KEYS
from bot.tomlfile import durations
from bot.tomlfile.models import Table

PAGE = Path(__file__).resolve().parent / "configuration.md"

NOT_YET = " *Not used by this version.*"
UNITS = sorted(durations.SECONDS.items(), key=lambda unit: -unit[1])

# Annotations as they are written, in words; most are named in bot/config/kinds.py.
TYPES = {
    "Address": "a mail address",
    "bool": "`true` or `false`",
    "ClockTime": "a time of day",
    "Day": "`mon` … `sun`",
    "EnvName": "the name of an environment variable",
    "Lifetime": 'a length of time, or `"never"`',
    "Excerpt": 'a number of characters, or `"none"`',
    "Headers": "a table of names and texts",
    "HeaderText": "plain text",
    "HeaderVariables": "a table of names and variables",
    "Hidden": "text",
    "Hours": "a span of hours",
    "Id": "a name: small letters, digits, `-`, `_`",
    "Ids": "a list of names, or one",
    "int": "a whole number",
    "Lang": "a language (`en`, `zh-Hant`)",
    "Line": "text",
    "Listen": "`host:port` or `unix:/path`",
    "MailHost": "the name of a host",
    "Proxy": "an http(s) address",
    "Reachable": "a host",
    "Seconds": "a length of time",
    "Severity": "`low`, `normal`, `high`, `urgent`",
    "SourceKind": "`feed`, `folder`, `sitemap`",
    "SlackUrl": "an http(s) address",
    "Tier": "`official`, `wire`, `outlet`, `aggregator`",
    "Url": "an http(s) address",
    "WayOut": "an address with `mailto:` or `https:`",
    "Zone": "a time zone",
}

MANY = {"Line": "a list of texts", "Reachable": "a list of hosts"}

TABLE = re.compile(r"(<!-- keys of (\w+)(?: under (\w+))? -->\n).*?(<!-- end -->)", re.DOTALL)


class Written(NamedTuple):
    """A field of a model as it stands in the source."""

    annotation: ast.expr
    meaning: str


def written(model: type[Table]) -> dict[str, Written]:
    """The fields of ``model`` by name; the meaning is empty where none stands under the field."""
    (body,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, below in zip(body.body, [*body.body[1:], ast.Pass()], strict=True):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            said = ast.literal_eval(below.value) if isinstance(below, ast.Expr) else ""
            found[field.target.id] = Written(field.annotation, " ".join(said.split()))
    return found


def words(annotation: ast.expr) -> str:
    """A type as people say it; raises KeyError for one that has no words yet."""
    if isinstance(annotation, ast.BinOp):  # "… | None": it may be left out
        return words(annotation.left)
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        return _annotated(annotation)
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Literal":
        return ", ".join(f"`{choice}`" for choice in ast.literal_eval(annotation.slice))
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Many":
        return MANY.get(ast.unparse(annotation.slice)) or f"a list of {words(annotation.slice)}"
    return TYPES[ast.unparse(annotation)]


def _annotated(annotation: ast.Subscript) -> str:
    """``Annotated[type, …]``: the type with its bounds."""
    assert isinstance(annotation.slice, ast.Tuple)
    kind, *more = annotation.slice.elts
    said = words(kind)
    for call in (each for each in more if isinstance(each, ast.Call)):
        given = {word.arg: ast.unparse(word.value) for word in call.keywords}
        if ast.unparse(call.func) == "between":
            said += ", {} to {}".format(*(ast.literal_eval(argument) for argument in call.args))
        elif {"ge", "le"} <= given.keys():
            said += f", {given['ge']} to {given['le']}"
    return said + (", or one" if "OneOrMore" in map(ast.unparse, more) else "")


def default(field: FieldInfo, annotation: ast.expr) -> str:
    """The default as it would be written in the file; "–" for none."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}):
        return "–"
    if "Seconds" in ast.unparse(annotation):
        value = next(f"{value / size:g}{unit}" for unit, size in UNITS if value % size == 0)
    return f"`{json.dumps(value)}`"


def row(name: str, field: FieldInfo, source: Written, *, later: bool) -> str:
    """One key: name, type, default, meaning."""
    cells = (f"`{field.alias or name}`", words(source.annotation), default(field, source.annotation), source.meaning)
    return f"| {' | '.join(cells)}{NOT_YET if later else ''} |"


def filled(text: str) -> str:
    """The page with every table of keys written anew."""
    return TABLE.sub(_table, text)


def _table(mark: re.Match[str]) -> str:
    start, name, section, end = mark.groups()
    model: type[Table] = getattr(models, name)
    later, source = RESERVED_KEYS.get(section or "", ()), written(model)
    rows = [row(key, field, source[key], later=key in later) for key, field in model.model_fields.items()]
    return start + "\n".join(["| key | type | default | meaning |", "|---|---|---|---|", *rows, end])


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), encoding="utf-8")
