"""What a term and a rule mean, written as slowly and obviously as possible, to compare the matcher with.

The text becomes a list of cells, one for each folded character, which know what stood there before. A term is
tried at every cell, element by element; a rule is evaluated from its definition. Nothing of bot.match is
used but the table of English plurals, nothing of bot.folding at all, of bot.text only where sentences end.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import chain, groupby, product

import opencc

from bot.match.plurals import variants
from bot.model import AllOf, AnyOf, AtLeast, CountOf, FarFrom, InField, Meta, Near, Not, Rule, Term, Together, children
from bot.text import sentences

T2S = opencc.OpenCC("t2s")
CJK_NAMES = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL")
STRIPPED = ("LATIN", "GREEK")
QUOTES = {"’": "'", "‘": "'", "“": '"', "”": '"'}
ZERO_WIDTH = "\u200b\u00ad\u2060\ufeff"


def name(char):
    return unicodedata.name(char, "")


def is_letter(char):
    return char.isalnum()


def is_mark(char):
    return unicodedata.category(char).startswith("M")


def is_cjk(char):
    return name(char).startswith(CJK_NAMES)


def runs_on(char):
    return is_cjk(char) or (name(char).startswith("THAI") and not char.isdigit())


@dataclass(frozen=True)
class Cell:
    base: str
    accents: str
    source: str
    start: int
    end: int


def one_kind(char):
    if unicodedata.category(char) == "Pd" or (char != "\n" and char.isspace()):
        return " "
    return T2S.convert(QUOTES.get(char, char))


def fold_one(cluster):
    """(character, accents) for each character that a letter and its marks fold to."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    found = []
    for char in map(one_kind, text):
        base, *marks = unicodedata.normalize("NFD", char)
        if found and is_mark(char) and name(found[-1][0]).startswith(STRIPPED):
            found[-1] = (found[-1][0], found[-1][1] + char)
        elif char == "ё" or (marks and name(base).startswith(STRIPPED)):
            found.append((base, "".join(marks)))
        else:
            found.append((char, ""))
    return found


def cells(text):
    """Folded characters with their origin; gaps are one cell, "\\n" where they hold a blank line."""
    clusters = []
    for place, char in enumerate(text):
        joins = is_mark(char) or "\u1161" <= char <= "\u11ff" or char in "ﾞﾟ"
        if joins and clusters:
            clusters[-1][0] += char
        elif char not in ZERO_WIDTH:
            clusters.append([char, place])
    single = [
        Cell(base, accents, cluster, start, start + len(cluster))
        for cluster, start in clusters
        for base, accents in fold_one(cluster)
    ]
    joined = []
    for gap, group in groupby(single, key=lambda cell: cell.base in " \n"):
        run = list(group)
        if gap:
            kind = "\n" if sum(cell.base == "\n" for cell in run) > 1 else " "
            joined.append(Cell(kind, "", " ", run[0].start, run[-1].end))
        else:
            joined += run
    return joined


# ── terms ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Element:
    """One thing that must stand in the text: a character (perhaps a capital, with accents), any one, or any ending."""

    base: str = ""
    capital: bool = False
    small: bool = False
    accents: str = ""
    wild: str = ""


def plain_elements(word):
    return [Element(base=cell.base, accents=cell.accents) for cell in cells(word)]


def acronym(word):
    bare = word.replace(".", "")
    ok = 2 <= len(bare) <= 5 and all(c.isupper() or c.isdigit() for c in bare) and any(c.isupper() for c in bare)
    return bare if ok and re.fullmatch(r"\w+|(\w\.)+\w?", word) else None


def alone(word):
    """The parts of a word, those of scripts without spaces apart from the others."""
    parts = []
    for char in word:
        if parts and (is_mark(char) or runs_on(char) == runs_on(parts[-1][0])):
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def word_spellings(word):
    """Every spelling of a word as (elements, whether it begins dotted, whether it ends so)."""
    if len(alone(word)) > 1:
        return chained([word_spellings(part) for part in alone(word)])
    bare = acronym(word)
    if bare is None:
        return [(plain_elements(word), False, False)]
    capitals = [Element(base=char.lower(), capital=not char.isdigit()) for char in bare]
    found = [(capitals, False, False)]
    if bare.isalpha():
        dot = Element(base=".")
        dotted = [element for letter in capitals for element in (letter, dot)]
        found += [(dotted, True, True), (dotted[:-1], True, True)]
    return found


def chained(ways):
    """One spelling after the other, in every combination."""
    return [(list(chain.from_iterable(part[0] for part in way)), way[0][1], way[-1][2]) for way in product(*ways)]


def last_spellings(word, plural):
    found = word_spellings(word)
    if not plural:
        return found
    *before, word = alone(word)
    if before:
        return chained([*map(word_spellings, before), last_spellings(word, plural)])
    folded = "".join(cell.base for cell in cells(word))
    accents = [cell.accents for cell in cells(word)]
    if acronym(word) is None:
        for other in variants(folded):
            same = 0
            while same < min(len(other), len(folded)) and other[same] == folded[same]:
                same += 1
            found.append(
                ([Element(base=c, accents=accents[i] if i < same else "") for i, c in enumerate(other)], False, False)
            )
    elif word.isalpha() and len(word) >= 3 and word[-1] != "S":
        found.append((found[0][0] + [Element(base="s", small=True)], False, False))
    return found


def patterns(term):
    """Every sequence of elements that matches, each with whether it begins and ends dotted."""
    parts = [part for part in re.split(r"[\s-]+", term.text) if part]
    ways = [([], False, False)]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if term.kind == "wildcard" and re.search(r"[*?]", part):
            options = [([wild_element(char) for char in part.casefold()], False, False)]
        elif last:
            options = last_spellings(part, plural=term.alias is None)
        else:
            options = word_spellings(part)
        ways = [
            (way + ([Element(base=" ")] if number else []) + spelling, begins if number else first, last_dotted)
            for way, begins, _ in ways
            for spelling, first, last_dotted in options
        ]
    return ways


def wild_element(char):
    return Element(wild=char) if char in "*?" else Element(base=char)


def fits(element, cell):
    if element.wild == "?":
        return cell.base.isalnum() or is_mark(cell.base)
    if element.base != cell.base:
        return False
    if element.capital and not cell.source.isupper():
        return False
    if element.small and not cell.source.islower():
        return False
    return not element.accents or element.accents == cell.accents


def goes_on(text, place):
    base = text[place].base if place < len(text) else " "
    return (is_letter(base) or is_mark(base)) and not runs_on(base)


def ends(elements, text, place):
    """Where a sequence of elements that begins at ``place`` may end."""
    if not elements:
        return {place}
    if elements[0].wild == "*":
        found = ends(elements[1:], text, place)
        return found | (ends(elements, text, place + 1) if goes_on(text, place) else set())
    if place < len(text) and fits(elements[0], text[place]):
        return ends(elements[1:], text, place + 1)
    return set()


def at_edge(text, place):
    """Whether a word may begin or end between the cells before and at ``place``."""
    if place == 0 or place == len(text):
        return True
    if is_mark(text[place].base):
        return False
    before = place - 1
    while before > 0 and is_mark(text[before].base):
        before -= 1
    left, right = text[before].base, text[place].base
    return not (is_letter(left) and not runs_on(left) and is_letter(right) and not runs_on(right))


def single_letter(text, place):
    """Whether a letter stands alone at this place: no other letter of a spaced script beside it."""
    spaced = [0 <= p < len(text) and goes_on(text, p) for p in (place - 1, place, place + 1)]
    return spaced == [False, True, False]


def in_longer_acronym(text, start, end, begins, finishes):
    before = begins and start > 1 and text[start - 1].base == "." and single_letter(text, start - 2)
    stop = end - 1 if text[end - 1].base == "." else end
    after = finishes and stop < len(text) and text[stop].base == "." and single_letter(text, stop + 1)
    return before or after


def light(text):
    text = unicodedata.normalize("NFKC", "".join(char for char in text if char not in ZERO_WIDTH))
    text = "".join("-" if unicodedata.category(c) == "Pd" else QUOTES.get(c, c) for c in text)
    return " ".join(text.split())


def exact_hits(term, text, original):
    wanted = "".join(cell.base for cell in cells(term.text))
    for start in range(len(text)):
        end = start + len(wanted)
        if "".join(cell.base for cell in text[start:end]) != wanted or not (
            at_edge(text, start) and at_edge(text, end)
        ):
            continue
        if light(original[text[start].start : text[end - 1].end]) == light(term.text):
            yield start, end


def term_hits(term, text, original):
    """Every hit as (first cell, cell after the last); of those that begin together the longest."""
    if term.kind == "exact":
        return sorted(exact_hits(term, text, original))
    if term.kind == "regex":
        return sorted(regex_hits(term, text))
    longest = {}
    for elements, begins, finishes in patterns(term):
        folded = "".join(element.base or element.wild for element in elements)
        for start in range(len(text)):
            for end in ends(elements, text, start):
                if not at_edge(text, start) or not at_edge(text, end):
                    continue
                if in_longer_acronym(text, start, end, begins, finishes):
                    continue
                longest[start] = max(longest.get(start, 0), possessive_end(text, end, folded, term))
    return sorted(longest.items())


def regex_hits(term, text):
    """For expressions of letters, within one word."""
    line = "".join(cell.base for cell in text)
    for start in range(len(line)):
        match = re.compile(term.text).match(line, start)
        if match and at_edge(text, start) and at_edge(text, match.end()):
            yield start, match.end()


def possessive_end(text, end, folded, term):
    last = alone(re.split(r"[ ]", folded)[-1])[-1]
    typed = alone("".join(cell.base for cell in cells(term.text)).split(" ")[-1])[-1]
    if not re.fullmatch(r"[a-z]{3,}", last) or (last != typed and last.endswith("s")):
        return end
    after = "".join(cell.base for cell in text[end : end + 2])
    return end + 2 if after == "'s" and at_edge(text, end + 2) else end


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


def word_numbers(text):
    """For each cell the number of words that begin at or before it."""
    line = "".join(cell.base for cell in text)
    count, numbers = 0, []
    for place in range(len(line)):
        count += begins_word(line, place)
        numbers.append(count)
    return numbers


def begins_word(line, place):
    if not is_letter(line[place]):
        return False
    before = line[place - 1] if place else " "
    if is_cjk(line[place]) or is_cjk(before):
        return True
    return not (is_letter(before) or is_mark(before) or goes_on_after(line, place, before))


def goes_on_after(line, place, sign):
    """Whether an apostrophe, a dot or a comma joins what follows to the word before."""
    left = line[place - 2] if place > 1 else " "
    if sign == "'":
        return is_letter(left) and not is_cjk(left)
    if sign in ".," and left.isdigit() and line[place].isdigit():
        return True
    # a dotted acronym: single letters, a dot after each
    single = sign == "." and left.isalpha() and not is_cjk(left) and line[place].isalpha()
    far = line[place - 3] if place > 2 else " "
    return single and not is_letter(line[place + 1 : place + 2] or " ") and not is_letter(far) and far != "'"


class Oracle:
    def __init__(self, article):
        self.article = article
        self.fields = {"body": article.body}
        self.derived = article.title_derived and bool(article.body)
        if not self.derived:
            self.fields["title"] = article.title
        self.cells = {field: cells(text) for field, text in self.fields.items()}
        self.numbers = {field: word_numbers(text) for field, text in self.cells.items()}
        self.published = article.published_at
        self.known = {}

    def raw(self, term):
        if term not in self.known:
            self.known[term] = [
                (field, start, end)
                for field, text in self.cells.items()
                for start, end in term_hits(term, text, self.fields[field])
            ]
        return self.known[term]

    def between(self, one, other):
        """Words between two hits of one field."""
        (_, a, b), (_, c, d) = one, other
        numbers = self.numbers[one[0]]
        if c < b and a < d:
            return 0
        first, second = (b, c) if b <= c else (d, a)
        return numbers[second - 1] - numbers[first - 1] if second > first else 0

    def across(self, one, other):
        """Words between a hit in the title and one in the body."""
        title, body = (one, other) if one[0] == "title" else (other, one)
        numbers = self.numbers["title"]
        return numbers[-1] - numbers[title[2] - 1] + (self.numbers["body"][body[1] - 1] if body[1] else 0)

    def beside(self, hit, others, within, paragraph):
        for other in others:
            if other[0] != hit[0]:  # only context reaches from the title into the body
                if not paragraph and self.across(hit, other) <= within:
                    return True
                continue
            if hit[1] <= other[1] and other[2] <= hit[2]:
                continue
            gap = self.cells[hit[0]][min(hit[2], other[2]) : max(hit[1], other[1])]
            if paragraph and any(cell.base == "\n" for cell in gap):
                continue
            if self.between(hit, other) <= within:
                return True
        return False

    def valid(self, term, family):
        alias = term.alias
        hits = self.raw(term)
        if alias is None:
            return hits
        day = self.published and self.published.date()
        if day and ((alias.valid_from and day < alias.valid_from) or (alias.valid_until and day > alias.valid_until)):
            return []
        without = [hit for text in alias.without for hit in self.raw(Term(text=text))]
        hits = [hit for hit in hits if not self.beside(hit, without, alias.within, paragraph=False)]
        if alias.requires:
            full = [
                other
                for other in family
                if other.entity == term.entity and not other.alias.requires and not other.alias.without
            ]
            if not any(self.valid(other, family) for other in full):
                requires = [hit for text in alias.requires for hit in self.raw(Term(text=text))]
                hits = [hit for hit in hits if self.beside(hit, requires, alias.within, paragraph=False)]
        return hits

    def in_zone(self, hit, where):
        return any(self.in_field(hit, zone) for zone in where)

    def in_field(self, hit, zone):
        field, _, end = hit
        kind, _, count = zone.partition(":")
        if kind == "title" and self.derived:
            first, last = self.derived_title()
            start, stop = self.origin(hit)
            return first <= start and stop <= last
        return kind == field or (
            kind == "lead" and field == "body" and self.numbers["body"][end - 1] <= int(count or 60)
        )

    def derived_title(self):
        """Where the body says what the derived title repeats, in original characters."""
        title = self.article.title.rstrip(" …")
        if title and title in self.article.body:
            begin = self.article.body.index(title)
            return begin, begin + len(title)
        return (sentences(self.article.body) or [(0, 0)])[0]

    def fact(self, meta):
        """Whether a fact about the article is so; None if that is not known."""
        article, wanted = self.article, meta.term.text
        if meta.field == "author":
            return bool(list(term_hits(meta.term, cells(article.author), article.author))) if article.author else False
        if meta.field == "url":
            return wanted.casefold() in (article.url or "").casefold()
        if meta.field == "lang":
            return main_language(article.lang) == main_language(wanted) if article.lang else None
        return {"source": article.source, "tier": article.tier}[meta.field] == wanted

    def together(self, one, other, unit):
        """Whether two hits begin in one sentence or paragraph."""
        if one[0] != other[0]:
            return False
        if one[0] == "title":
            return True
        first, second = sorted([one[1], other[1]])
        if unit == "paragraph":
            return not self.broken("body", first, second)
        begins = [self.cells["body"][place].start for place in (first, second)]
        return any(start <= begins[0] and begins[1] < end for start, end in sentences(self.fields["body"]))

    def broken(self, field, start, end):
        return any(cell.base == "\n" for cell in self.cells[field][start:end])

    def near(self, one, other, within, ordered):
        if one[0] != other[0] or overlap(one, other) or (ordered and other[1] < one[1]):
            return False
        first, second = sorted([one, other], key=lambda hit: hit[1])
        return not self.broken(one[0], first[2], second[1]) and self.between(one, other) <= within

    def holds(self, rule):
        """The set of counted hits if the rule is true, else None."""
        if rule.tiers and self.article.tier not in rule.tiers:
            return None
        if rule.langs and self.article.lang and main_language(self.article.lang) not in map(main_language, rule.langs):
            return None
        # A full name anywhere in the article vouches for the others, whatever part of the rule names it.
        near = [term for one in rule.not_near for term in (*one.term, *one.of)]
        family = [term for term in (*all_terms(rule.expr), *rule.mask, *near) if term.alias]
        masked = [hit for term in rule.mask for hit in self.valid(term, family)]
        dropped = [
            hit
            for near in rule.not_near
            for term in near.term
            for hit in self.valid(term, family)
            if self.beside(hit, [o for of in near.of for o in self.valid(of, family)], near.within, paragraph=True)
        ]
        found = evaluate(rule.expr, Look(self, rule, family, masked, dropped))
        if found is None or (rule.min_hits > 1 and len(places({hit for _, hit in found})) < rule.min_hits):
            return None
        return {(term.text, hit[0], *self.origin(hit)) for term, hit in found}

    def origin(self, hit):
        field, start, end = hit
        return self.cells[field][start].start, self.cells[field][end - 1].end


def overlap(one, other):
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def main_language(tag):
    return re.split("[-_]", tag.lower())[0]


def places(hits):
    """The hits that are left if of those that overlap the first, longest one is kept."""
    kept = []
    for hit in sorted(hits, key=lambda h: (h[0], h[1], -h[2])):
        if not any(overlap(hit, other) for other in kept):
            kept.append(hit)
    return kept


def all_terms(expr):
    return [expr] if isinstance(expr, Term) else [term for part in children(expr) for term in all_terms(part)]


@dataclass(frozen=True)
class Look:
    """How an expression is looked at: which hits count, and what a fact that is not known counts for."""

    oracle: Oracle
    rule: Rule
    family: list
    masked: list
    dropped: list
    fields: tuple = ()
    negative: bool = False
    unknown: bool = True

    def hits(self, term):
        return [
            hit
            for hit in self.oracle.valid(term, self.family)
            if not any(overlap(hit, other) for other in self.masked)
            and all(self.oracle.in_field(hit, field) for field in self.fields)
            and (self.negative or (self.oracle.in_zone(hit, self.rule.where) and not self.is_dropped(hit)))
        ]

    def is_dropped(self, hit):
        return any(overlap(hit, other) for other in self.dropped)


def evaluate(expr, look):
    """The pairs of term and hit that make an expression true; None if it is not."""
    if isinstance(expr, Term):
        return {(expr, hit) for hit in look.hits(expr)} or None
    if isinstance(expr, Not):
        negated = evaluate(expr.part, replace(look, negative=True, unknown=not look.unknown))
        return set() if negated is None else None
    if isinstance(expr, InField):
        return evaluate(expr.part, replace(look, fields=(*look.fields, expr.field)))
    if isinstance(expr, Meta):
        so = look.oracle.fact(expr)
        return set() if (look.unknown if so is None else so) else None
    if isinstance(expr, Near | Together):
        return in_pairs(expr, look)
    if isinstance(expr, FarFrom):
        others = [hit for _, hit in evaluate(expr.of, replace(look, negative=True)) or ()]
        found = evaluate(expr.part, look) or set()
        return {pair for pair in found if not look.oracle.beside(pair[1], others, expr.within, paragraph=True)} or None
    if isinstance(expr, AtLeast):
        found = evaluate(expr.part, look) or set()
        return found if len(places({hit for _, hit in found})) >= expr.count else None
    results = [evaluate(part, look) for part in expr.parts]
    true = [result for result in results if result is not None]
    if isinstance(expr, CountOf):
        enough = with_places_of_their_own([{hit for _, hit in result} for result in true]) >= expr.count
        return set().union(*true) if enough else None
    assert isinstance(expr, AllOf | AnyOf)
    wanted = len(results) if isinstance(expr, AllOf) else 1
    return set().union(*true) if len(true) >= wanted else None


def in_pairs(expr, look):
    oracle, kept = look.oracle, set()
    left, right = (evaluate(side, look) or set() for side in (expr.left, expr.right))
    for one, other in product(left, right):
        if isinstance(expr, Near):
            pair = oracle.near(one[1], other[1], expr.within, expr.ordered)
        else:
            pair = not overlap(one[1], other[1]) and oracle.together(one[1], other[1], expr.unit)
        if pair:
            kept |= {one, other}
    return kept or None


def with_places_of_their_own(parts):
    """How many of the parts can at most be given a place each, by trying every way to do it."""
    every = places(set().union(*parts))
    return most([[place for place in every if any(overlap(place, hit) for hit in hits)] for hits in parts], ())


def most(choices, taken):
    if not choices:
        return 0
    given = [1 + most(choices[1:], (*taken, place)) for place in choices[0] if place not in taken]
    return max([most(choices[1:], taken), *given])
