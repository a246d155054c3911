"""Write the commands into docs/cli.md from the commands themselves.

python docs/make_cli.py        (needs the development installation)

What stands between the two marks comes from click's objects: usage, help, arguments, options, defaults. Everything
outside them is written by hand and stays.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli import COMMANDS, cli

PAGE = Path(__file__).resolve().parent / "cli.md"
BEGIN, END = "<!-- generated: begin -->\n", "<!-- generated: end -->\n"
CODE = re.compile(r"(`[^`]+`)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*(?![\w-])")


def commands(group: click.Group, above: click.Context) -> Iterator[tuple[click.Context, click.Command]]:
    """Every command that does something by itself, in the order of the help, with its context."""
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        assert command is not None
        ctx = click.Context(command, info_name=name, parent=above)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield ctx, command
        if isinstance(command, click.Group):
            yield from commands(command, ctx)


def prose(text: str) -> str:
    """Help text as Markdown, on one line: options become code, and nothing is taken for markup by accident."""
    parts = CODE.split(" ".join(text.split()))
    return "".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    escaped = re.sub(r"([*_\\])", r"\\\1", text).replace("<", "&lt;")
    return OPTION.sub(lambda match: f"`{match[0]}`", escaped)


def paragraphs(text: str | None) -> Iterator[str]:
    """The paragraphs of help text or an epilogue; those that click leaves as they are become code blocks."""
    for part in re.split(r"\n\s*\n", inspect.cleandoc(text or "")):
        mark, _, kept = part.partition("\n")
        if mark == "\b":
            yield f"```text\n{kept.rstrip()}\n```"
        elif part.strip():
            yield prose(part)


def cell(text: str) -> str:
    """Text that a table's cell can hold."""
    return text.replace("|", "\\|")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def argument(ctx: click.Context, parameter: click.Argument) -> tuple[str, ...]:
    """An argument's row; what it means is said in the help text above."""
    name = parameter.make_metavar(ctx).strip("[]").removesuffix("...").rstrip("]")
    many = ("one or more" if parameter.required else "any number") if parameter.nargs == -1 else ""
    return f"`{cell(name)}`", "required" if parameter.required else "–", many


def option(ctx: click.Context, parameter: click.Option) -> tuple[str, ...]:
    """An option's row: how it is written, its default, what it is for."""
    names = ", ".join(parameter.opts) + "".join(f"/{name}" for name in parameter.secondary_opts)
    value = "" if parameter.is_flag or parameter.count else f" {parameter.make_metavar(ctx)}"
    return f"`{cell(names + value)}`", default(ctx, parameter), cell(prose(parameter.help or ""))


def default(ctx: click.Context, parameter: click.Option) -> str:
    """The default as one would type it; "–" where there is none."""
    if parameter.required:
        return "required"
    value = parameter.get_default(ctx)
    if parameter.is_flag:
        on = parameter.opts[-1] if value else "".join(parameter.secondary_opts)
        return f"`{on}`" if on else "–"
    shown = isinstance(value, (int, float, str)) and not parameter.count
    return f"`{value}`" if shown else "–"


def rows(ctx: click.Context, command: click.Command) -> list[tuple[str, ...]]:
    """The command's own arguments and options; those that every command has are told once."""
    own = [each for each in command.params if each.expose_value]
    arguments = [argument(ctx, each) for each in own if isinstance(each, click.Argument)]
    return [*arguments, *(option(ctx, each) for each in own if isinstance(each, click.Option))]


def section(ctx: click.Context, command: click.Command) -> str:
    """Everything about one command."""
    usage = " ".join((ctx.command_path, *command.collect_usage_pieces(ctx)))
    parts = [f"### `{ctx.command_path}`", f"```text\n{usage}\n```", *paragraphs(command.help)]
    if found := rows(ctx, command):
        parts.append(table(("argument or option", "default", "meaning"), found))
    return "\n\n".join([*parts, *paragraphs(command.epilog)])


def line(ctx: click.Context, command: click.Command) -> str:
    """The command in one line: the index's for those that have one."""
    if ctx.parent is not None and ctx.parent.command is cli:
        return prose(COMMANDS[str(ctx.info_name)][1])
    return prose(command.get_short_help_str(200))


def generated() -> str:
    """All that stands between the marks."""
    root = click.Context(cli, info_name="presswatch", **cli.context_settings)
    found = list(commands(cli, root))
    index = [(f"[`{c.command_path}`](#{c.command_path.replace(' ', '-')})", line(c, command)) for c, command in found]
    everywhere = [option(root, each) for each in cli.get_params(root) if isinstance(each, click.Option)]
    parts = [
        table(("command", "what it does"), index),
        "## Options of every command",
        table(("option", "default", "meaning"), everywhere),
        "## Each command",
        *(section(ctx, command) for ctx, command in found),
    ]
    return "\n\n".join(parts)


def filled(text: str) -> str:
    """The page with everything between the marks written anew."""
    if not 0 <= text.find(BEGIN) < text.find(END):
        raise SystemExit(f"{PAGE.name} must hold these lines, in this order: {BEGIN}{END}")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{generated()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), encoding="utf-8")
