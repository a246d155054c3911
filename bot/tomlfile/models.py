"""pydantic models over TOML tables, and their errors as faults in plain words.

Models say what a table may hold; :func:`check` reads one table of a file with one and collects every
mistake. Kept apart from the rest of the room because importing pydantic takes a tenth of a second.
"""

from __future__ import annotations

import re
import typing
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from .suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

    from bot.errors import Fault

    from .reading import TomlFile, TomlPath

Item = TypeVar("Item")
Model = TypeVar("Model", bound="Table")

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Table(BaseModel):
    """A TOML table: unknown keys are mistakes, and nothing is converted (``"5"`` is no number)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @classmethod
    def mistakes(cls, raw: Mapping[str, Any]) -> Iterator[Mistake]:  # noqa: ARG003 (for those that have some)
        """What is wrong with the table as a whole, told beside the mistakes of its single values."""
        yield from ()


class Mistake(ValueError):
    """Raised by a validator: ``message`` follows the key's name ("must …"), ``remedy`` says what to do.

    ``key`` names the key of the table that a mistake of the table as a whole is shown at.
    """

    def __init__(self, message: str, remedy: str = "", key: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        self.key = key


def _id(value: str) -> str:
    if ID.fullmatch(value):
        return value
    slug = re.sub(r"[^a-z0-9_]+", "-", value.lower()).strip("-_")[:64]
    remedy = f'for example "{slug}"' if ID.fullmatch(slug) else 'for example "export-controls"'
    raise Mistake("must be small letters, digits, - and _, at most 64 of them", remedy)


def _line(value: str) -> str:
    if not value.strip():
        raise Mistake("is empty", "write something between the quotes, or leave the key out")
    if CONTROL.search(value):
        raise Mistake("holds a line break or control character", "write it on one line")
    return value


Id = Annotated[str, AfterValidator(_id), Field(json_schema_extra={"pattern": f"^{ID.pattern}$"})]
"""What things are called in files: small letters, digits, ``-`` and ``_``."""

Line = Annotated[str, AfterValidator(_line)]
"""Text on one line, not blank."""

Many = Annotated[tuple[Item, ...], Field(strict=False)]
"""A TOML list, kept as a tuple."""


def check(
    file: TomlFile, path: TomlPath, model: type[Model], faults: list[Fault], *, subject: str = ""
) -> Model | None:
    """The table at ``path`` read with ``model``; its mistakes are added to ``faults`` and give None."""
    value: Any = file.data
    for step in path:
        value = value[step]
    found = []
    for mistake in model.mistakes(value) if isinstance(value, dict) else ():
        place = (*path, mistake.key) if mistake.key else path
        words = f"{subject or 'this'} {mistake}"
        found.append(file.fault(place, words, mistake.remedy, subject=subject, key=bool(mistake.key)))
    try:
        table = model.model_validate(value)
    except ValidationError as error:
        faults.extend([*found, *faults_of(file, error, model, path, subject=subject)])
        return None
    faults.extend(found)
    return None if found else table


def faults_of(
    file: TomlFile, error: ValidationError, model: type[Table], path: TomlPath = (), *, subject: str = ""
) -> list[Fault]:
    """Every mistake in ``error`` at its place; ``path`` leads to the table that ``model`` was tried on."""
    found = []
    for detail in error.errors(include_url=False):
        loc = detail["loc"]
        message, remedy = _words(detail, loc, model)
        message = message if loc else f"{subject or 'this'} {message}"
        on_key = detail["type"] == "extra_forbidden"
        found.append(file.fault((*path, *loc), message, remedy, subject=subject, key=on_key))
    return found


def _words(detail: ErrorDetails, loc: TomlPath, model: type[Table]) -> tuple[str, str]:
    """Message and remedy of one error."""
    kind, context = detail["type"], detail.get("ctx", {})
    name = _name(loc)
    if kind == "extra_forbidden":
        return f"unknown key {name}", did_you_mean(str(loc[-1]), _keys_at(model, loc[:-1]))
    if kind == "missing":
        return f"{name} is missing", f"add {loc[-1]} = …"
    if kind == "literal_error":
        return _choice(name, detail["input"], context)
    if kind == "value_error":
        mistake = context["error"]
        return f"{name} {mistake}".lstrip(), getattr(mistake, "remedy", "")
    if kind in BOUNDS:
        words, key = BOUNDS[kind]
        return f"{name} must be {words} {context[key]}", ""
    return _wrong_type(kind, name, loc, detail)


BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}

EXPECTED = {
    "string_type": ("text in quotes", '{key} = "…"'),
    "int_type": ("a whole number", "{key} = 5"),
    "float_type": ("a number", "{key} = 5"),
    "bool_type": ("true or false", "{key} = true"),
    "date_type": ("a date without quotes", "{key} = 2027-01-31"),
    "time_type": ("a time of day", "{key} = 07:30:00"),
    "tuple_type": ("a list", '{key} = ["…", "…"]'),
    "list_type": ("a list", '{key} = ["…", "…"]'),
    "dict_type": ("a table", '{key} = {{ name = "…" }}'),
    "model_type": ("a table", "{key} = {{ name = … }}"),
}


def _wrong_type(kind: str, name: str, loc: TomlPath, detail: ErrorDetails) -> tuple[str, str]:
    wanted, example = EXPECTED.get(kind, ("", ""))
    if not wanted:
        return f"{name}: {detail['msg']}", ""
    key = loc[-1] if loc and isinstance(loc[-1], str) else ""
    remedy = f"write {example.format(key=key)}" if key else ""
    return f"{name} must be {wanted}, not {kind_of(detail['input'])}".lstrip(), remedy


def _choice(name: str, value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    options = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    if not isinstance(value, str):
        return f"{name} must be text in quotes, not {kind_of(value)}", f"one of {', '.join(options)}"
    return f'{name} cannot be "{_cut(value)}"', did_you_mean(value, options)


def _name(loc: TomlPath) -> str:
    """How a message names the thing at ``loc``: its key in quotes, list items by number."""
    if not loc:
        return ""
    last = loc[-1]
    if isinstance(last, str):
        return f'"{last}"'
    owner = next((step for step in reversed(loc) if isinstance(step, str)), "")
    return f'item {last + 1} of "{owner}"' if owner else f"item {last + 1}"


def kind_of(value: object) -> str:
    """What a TOML value is, in words, without showing it."""
    names = {bool: "true or false", str: "text", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")


def _keys_at(model: type[Table], loc: TomlPath) -> list[str]:
    """The keys that may stand in the table at ``loc``."""
    current: type[BaseModel] | None = model
    for step in loc:
        if current is not None and isinstance(step, str):
            fields = {field.alias or name: field for name, field in current.model_fields.items()}
            current = _model_in(fields[step].annotation) if step in fields else None
    if current is None:
        return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in typing.get_args(annotation))
    return next((found for found in inner if found is not None), None)


def _cut(text: str) -> str:
    clean = CONTROL.sub("�", text)
    return clean if len(clean) <= 40 else clean[:39] + "…"
