"""What a term becomes: forms, plurals, and what the automata find of them."""

import random
import re
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.match import forms
from bot.match.automaton import ENGINES, EmptyAutomaton, build
from bot.match.plurals import variants
from bot.model import Alias, Term


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("ban", ("bans",)),
        ("bans", ("ban",)),
        ("company", ("companies",)),
        ("companies", ("company",)),
        ("delay", ("delays",)),
        ("tax", ("taxes",)),
        ("taxes", ("tax", "taxe")),
        ("branch", ("branches",)),
        ("sanctions", ("sanction",)),
        ("class", ("classes",)),
        ("classes", ("class",)),
        ("status", ("statuses",)),
        ("buses", ("bus",)),
        ("embargo", ("embargoes", "embargos")),
        ("movies", ("movie",)),
        ("uses", ("use",)),
        ("crisis", ()),
        ("economics", ()),
        ("ox", ()),
        ("u.s", ()),
        ("r2d2", ()),
        *((word, ()) for word in ("goods", "arms", "customs", "news", "securities", "species", "series", "this")),
    ],
)
def test_plurals_and_singulars(word, others):
    assert variants(word) == others


# A singular and a plural that find each other.
PAIRS = """
    policy policies, business businesses, tax taxes, battery batteries, shipment shipments, sanction sanctions,
    subsidy subsidies, duty duties, levy levies, ally allies, currency currencies, proxy proxies, company companies,
    day days, monkey monkeys, journey journeys, attorney attorneys, ray rays, buy buys, price prices, base bases,
    case cases, house houses, cause causes, use uses, lease leases, purchase purchases, licence licences, size sizes,
    gas gases, bus buses, bias biases, status statuses, process processes, virus viruses, campus campuses,
    caucus caucuses, prospectus prospectuses, lens lenses, loss losses, class classes, address addresses,
    witness witnesses, boss bosses, box boxes, annex annexes, waltz waltzes, prize prizes, batch batches,
    breach breaches, crash crashes, dispatch dispatches, oligarch oligarchs, monarch monarchs, epoch epochs,
    biotech biotechs, march marches, search searches, tariff tariffs, chief chiefs, belief beliefs, roof roofs,
    drive drives, curve curves, executive executives, embargo embargoes, embargo embargos, hero heroes,
    photo photos, memo memos, veto vetoes, euro euros, ratio ratios, studio studios, tie ties, movie movies,
    sortie sorties, committee committees, fee fees, employee employees, refugee refugees, quota quotas, chip chips,
    semiconductor semiconductors, wafer wafers, critic critics, clinic clinics, republic republics, fabric fabrics,
    epidemic epidemics, tactic tactics, statistic statistics, topic topics, taxi taxis, saudi saudis,
    houthi houthis, israeli israelis, hindu hindus, bureau bureaus, food foods, rep reps, state states, emirate emirates, nation nations,
    force forces, rate rates, talk talks, import imports, export exports, curb curbs, human humans, german germans
"""


@pytest.mark.parametrize("pair", [pair.split() for pair in PAIRS.split(",")], ids=" ".join)
def test_a_noun_and_its_plural_find_each_other(pair):
    one, several = pair
    assert several in variants(one)
    assert one in variants(several)


# What a noun must not find, for it is another word: in either number.
STRANGERS = """
    goods good, arms arm, customs custom, news new, means mean, securities security, treasuries treasury, corps corp,
    series serie, species specie, chassis chassi, headquarters headquarter, aircraft aircrafts, economics economic,
    politics politic, physics physic, ethics ethic, logistics logistic, electronics electronic, lives live,
    leaves leave, shelves shelve, halves halve, calves calve, clothes clothe, savings saving, earnings earning,
    proceeds proceed, commons common, dues due, jeans jean, riches rich, does doe, has ha, this thi, was wa, us u,
    hamas hama, marcos marco, carlos carlo, laos lao, wales wale, texas texa, paris pari, kansas kansa, mars mar,
    athens athen, brussels brussel, cyprus cypru, reuters reuter, siemens siemen, airbus airbu, status statu, bias bia, gas ga, bus bu, process proces, alias alia
"""


@pytest.mark.parametrize("pair", [pair.split() for pair in STRANGERS.split(",")], ids=" ".join)
def test_words_that_only_look_like_a_noun_and_its_plural_do_not_find_each_other(pair):
    one, other = pair
    assert other not in variants(one)
    assert one not in variants(other)


# A plural that must not find its would-be singular, while the singular may have a plural.
ONE_WAY = """
    uses us, theses these, analyses analyse, diagnoses diagnose, futures future, rights right, odds odd,
    minutes minute, damages damage, contents content, remains remain, affairs affair, equities equity,
    reserves reserve, holdings holding, amends amend, times time, adams adam, roberts robert, james jame,
    williams william, philips philip, andreas andrea, santos santo, plastics plastic, comics comic,
    crisis crisi, basis base, analysis analyse
"""


@pytest.mark.parametrize(("several", "stranger"), [pair.split() for pair in ONE_WAY.split(",")])
def test_a_plural_does_not_find_what_its_singular_would_mean_instead(several, stranger):
    assert stranger not in variants(several)


@given(st.from_regex(r"[a-z]{3,10}", fullmatch=True))
def test_no_word_is_its_own_plural_or_shorter_than_three_letters(word):
    assert word not in variants(word)
    assert all(len(other) >= 3 for other in variants(word))


def alias(text):
    return Term(text=text, entity="e", alias=Alias(text=text))


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (Term(text="Export-Control"), ("export control", "export control's", "export controls")),
        (Term(text="export bans"), ("export bans", "export bans's", "export ban", "export ban's")),
        (Term(text="goods"), ("goods", "goods's")),
        (Term(text="US"), ("US", "U.S.", "U.S")),
        (Term(text="U.S."), ("US", "U.S.", "U.S")),
        (Term(text="U.S"), ("US", "U.S.", "U.S")),
        (Term(text="GPU"), ("GPU", "GPU's", "GPUs", "G.P.U.", "G.P.U")),
        (Term(text="BIS"), ("BIS", "BIS's", "B.I.S.", "B.I.S")),
        (Term(text="5G"), ("5G",)),
        (Term(text="G7 ban"), ("G7 ban", "G7 ban's", "G7 bans")),
        (Term(text="HUAWEI"), ("huawei", "huawei's", "huaweis")),
        (Term(text="C++"), ("c++",)),
        (Term(text="$370 billion"), ("$370 billion", "$370 billion's", "$370 billions")),
        (Term(text="Moody’s"), ("moody's",)),
        (Term(text="Zürich ban"), ("zurich ban", "zurich ban's", "zurich bans")),
        (Term(text="華為"), ("华为",)),
        (Term(text="санкции США"), ("санкции США", "санкции С.Ш.А.", "санкции С.Ш.А")),
        (Term(text="chip*", kind="wildcard"), ("chip*",)),
        (Term(text="US chip*", kind="wildcard"), ("US chip*", "U.S. chip*", "U.S chip*")),
        (Term(text="wom?n ban", kind="wildcard"), ("wom?n ban", "wom?n ban's", "wom?n bans")),
        (Term(text="AP News", kind="exact"), ("AP News",)),
        (Term(text="tariffs? on", kind="regex"), ("/tariffs? on/",)),
        (alias("Gina Raimondo"), ("gina raimondo", "gina raimondo's")),
        (alias("US bank"), ("US bank", "US bank's", "U.S. bank", "U.S. bank's", "U.S bank", "U.S bank's")),
        (alias("BIS"), ("BIS", "BIS's", "B.I.S.", "B.I.S")),
    ],
    ids=lambda value: value.text if isinstance(value, Term) else "",
)
def test_every_form_is_shown(term, shown):
    assert forms(term) == shown


def test_a_phrase_of_many_acronyms_keeps_to_one_habit():
    shown = forms(Term(text="US EU UK UN WTO"))
    assert "US EU UK UN WTO" in shown
    assert "U.S. E.U. U.K. U.N. W.T.O." in shown
    assert len(shown) < 10


def test_a_term_of_nothing_has_no_form():
    assert forms(Term(text=" - ")) == ()
    assert forms(Term(text="*", kind="wildcard")) == ()


# ── automata ─────────────────────────────────────────────────────────────────────────────────────


def by_hand(patterns, text):
    return sorted(
        (start, start + len(pattern), number)
        for number, pattern in enumerate(patterns)
        for start in range(len(text))
        if text.startswith(pattern, start)
    )


SIGNS = "abé华\U0001f600\n\0"
letters = st.text(alphabet=SIGNS + "\ufffd", min_size=1, max_size=4)


@given(st.lists(letters, min_size=1, max_size=12, unique=True), st.text(alphabet=SIGNS + " x\udc80", max_size=40))
@example(["a\ufffd", "\ufffd", "b"], "a\udc80b\ud83d")
def test_every_automaton_finds_every_overlapping_occurrence(patterns, text):
    expected = by_hand(patterns, re.sub("[\ud800-\udfff]", "\ufffd", text))
    assert {engine: sorted(engine(patterns).find(text)) for engine in ENGINES} == dict.fromkeys(ENGINES, expected)


def test_the_automata_agree_on_many_patterns():
    rng = random.Random(3)
    patterns = sorted({"".join(rng.choices("abcdé 华", k=rng.randint(1, 6))) for _ in range(2000)})
    text = "".join(rng.choices("abcdé 华", k=3000))
    first, *others = (sorted(engine(patterns).find(text)) for engine in ENGINES)
    assert [found == first for found in others] == [True, True]


@pytest.mark.parametrize("missing", [(), ("daachorse",), ("daachorse", "ahocorasick_rs")])
def test_the_best_automaton_that_is_installed_does_it(missing, monkeypatch):
    for module in missing:
        monkeypatch.setitem(sys.modules, module, None)
    automaton = build(["us", "bus"])
    assert isinstance(automaton, ENGINES[len(missing)])
    assert sorted(automaton.find("bus")) == [(0, 3, 1), (1, 3, 0)]


def test_no_patterns_find_nothing():
    assert isinstance(build([]), EmptyAutomaton)
    assert list(build([]).find("text")) == []
