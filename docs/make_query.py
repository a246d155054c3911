"""Write the reference in docs/query-language.md from the grammar in bot/rules/query/grammar.py.

python docs/make_query.py        (needs the development installation)

Between the two comments of the page each production has its form, what it means, examples, and where it is used.
"""

import re
from pathlib import Path

from bot.rules.query import MOST_CHARACTERS, MOST_SIGNS
from bot.rules.query.grammar import GRAMMAR, More, Piece, Production, Row, Sign, Use, uses
from bot.rules.query.lexer import MOST_BETWEEN, MOST_COUNTED
from bot.rules.query.parser import DEEPEST

PAGE = Path(__file__).resolve().parent / "query-language.md"
GENERATED = re.compile(r"(<!-- generated: begin -->\n).*?(<!-- generated: end -->)", re.DOTALL)


def form(piece: Piece, *, inside: bool = False) -> str:
    """A piece in extended Backus–Naur form, in brackets where it stands inside another and needs them."""
    if isinstance(piece, Sign):
        return f"'{piece.text}'"
    if isinstance(piece, Use):
        return piece.name
    if isinstance(piece, More):
        part = form(piece.part, inside=True)
        said = f"{part}, {{ {form(piece.between)}, {part} }}"
        return f"( {said} )" if inside else said
    between = ", " if isinstance(piece, Row) else " | "
    said = between.join(form(part, inside=True) for part in piece.parts)
    return f"( {said} )" if inside and len(piece.parts) > 1 else said


def section(name: str, production: Production) -> str:
    """All of one production."""
    used = [f"[{other}](#{other})" for other, each in GRAMMAR.items() if name in uses(each.made)]
    lines = [f"### {name}", "", "```text", f"{name} = {form(production.made)}", "```", "", production.meaning, ""]
    if production.examples:
        lines += ["For example " + ", ".join(f"`{example}`" for example in production.examples) + ".", ""]
    if used:
        lines += [f"Stands in {', '.join(used)}.", ""]
    return "\n".join(lines)


def filled(text: str) -> str:
    """The page with its reference written anew."""
    limits = (
        f"A query has at most {MOST_CHARACTERS:,} characters, {MOST_SIGNS:,} words and operators, and "
        f"{DEEPEST} brackets inside each other; n is at most {MOST_BETWEEN:,} between two words and {MOST_COUNTED:,} in a count.\n"
    )
    parts = [*(section(name, production) for name, production in GRAMMAR.items()), "### Limits\n", limits]
    return GENERATED.sub(lambda found: found[1] + "\n" + "\n".join(parts) + "\n" + found[2], text)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), encoding="utf-8")
