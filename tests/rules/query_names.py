"""Names for queries under test, and queries read with them."""

from bot.model import AnyOf, Term
from bot.rules.query import parse
from bot.tomlfile.models import Mistake


def term(text):
    return Term(text=text)


HUAWEI = AnyOf((Term(text="Huawei", entity="huawei"), Term(text="华为", entity="huawei")), "@huawei")
LONE = AnyOf((Term(text="BIS", entity="bis"),), "@bis")
CHIPS = AnyOf((term("semiconductor"), Term(text="chip*", kind="wildcard"), LONE), "$chips")
FIRMS = AnyOf((HUAWEI, LONE), "$firms")
KNOWN = {group.name: group for group in (HUAWEI, LONE, CHIPS, FIRMS)}


class Book:
    """Entities and lists by name."""

    def expand(self, reference):
        name = {"entity": "@", "list": "$"}[reference.kind] + reference.id
        if name not in KNOWN:
            raise Mistake(f'there is no {reference.kind} "{name}"', 'did you mean "@huawei"?')
        return KNOWN[name]


def read(text, **options):
    return parse(text, Book(), **options)
