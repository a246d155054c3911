"""What houses write differently and mean the same: spellings, abbreviations, short and long names, near synonyms.

Each line of a table is one thing, written first as it is compared. Only what editors exchange without a thought stands
here; a word that is sometimes another fact ("nearly", "at least", "killed" and "injured") does not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .vocabulary import NEGATIONS, STYLE, TURNS

_SPELLING = (
    (re.compile(r"is(e|ed|es|er|ers|ing|ation|ations)\Z"), r"iz\1"),
    (re.compile(r"ys(e|ed|es|er|ers|ing)\Z"), r"yz\1"),
    (re.compile(r"(?<=[a-z]{2})our(?=s?\Z|ed\Z|ing\Z|able|ite|hood|ful)"), "or"),
    (re.compile(r"(?<=[a-z]{2})tre(?=s?\Z)"), "ter"),
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=ed\Z|ing\Z|er\Z|ers\Z|ery\Z|or\Z)"), "l"),
    (re.compile(r"ogue(?=s?\Z)"), "og"),
    (re.compile(r"amme(?=s?\Z)"), "am"),
    (re.compile(r"(?<=[a-z]{2})ence(?=s?\Z|less\Z)"), "ense"),
)
_LIKELY = re.compile(r"is|ys|our|tre|ll|ogue|amme|ence")

# One word each.
_SAME = """
    toward towards
    among amongst
    while whilst
    learned learnt
    burned burnt
    proved proven
    gray grey
    tire tyre
    tires tyres
    curb kerb
    check cheque
    aluminum aluminium
    jewelry jewellery
    license licence
    licenses licences
    practice practise
    plow plough
    skeptical sceptical
    skeptics sceptics
    maneuver manoeuvre
    ton tonne tons tonnes
    inquiry enquiry
    okay ok
    percent pc pct prozent
    about around some roughly approximately circa rund etwa
    nearly almost
    immediately instantly
    however nevertheless
    says said states stated
    show shows showed reveal reveals revealed
    begin begins began start starts started
    buy buys bought purchase purchases purchased acquire acquires acquired
    help helps helped aid aids aided
    need needs needed require requires required
    use uses used
    vessel vessels ship ships
    truck trucks lorry lorries
    shot shots jab jabs
    company companies firm firms
    worker workers employee employees
    attorney attorneys lawyer lawyers
    gasoline petrol
    cellphone cellphones mobile mobiles
    stock stocks share shares
    yearly annual
    largest biggest
    under beneath
    also too
    but yet
    because since
    although though
    former ex
    additional further extra
    several various
    huge enormous
    rapid rapidly quick quickly swift swiftly
    lawmaker lawmakers legislator legislators
    soccer football
    fell dropped declined
    rose climbed gained increased
    fall drop decline
    rise climb gain increase
    dispute disputes row rows
    happen happens happened occur occurs occurred
    try tries tried attempt attempts attempted
    ask asks asked
    end ends ended ending finish finishes finished finishing
    choose chooses chose select selects selected pick picks picked
    get gets got receive receives received obtain obtains obtained
    give gives gave
    tell tells told
    car cars automobile automobiles
    plane planes aircraft
    movie movies film films
    child children kid kids
    reporters journalists
    announced declared
    underway
    dismissed rejected refused
    allow allows allowed let lets permitted
    before earlier
    after later
    closed shut
    injured hurt wounded
    establish establishes established
    canceled cancelled cancel cancels
    postponed postpone postpones delayed
    lieutenant lt
    general gen
    colonel col
    captain capt
    sergeant sgt
    governor gov
    senator sen
    representative rep
    professor prof
    department dept
    government govt
    international intl
    corporation corp
    january jan januar
    february feb februar
    march mar marz
    april apr
    june jun juni
    july jul juli
    august aug
    september sep sept
    october oct oktober
    november nov
    december dec dezember
    km kilometer kilometers kilometre kilometres
    meter meters metre metres
    centimeter centimeters centimetre centimetres cm
    kg kilogram kilograms kilo kilos
    mile miles
    yard yards
    foot feet ft
    pound pounds lb lbs
    hour hours hr hrs
    minute minutes min mins
    us american
    found finds find finding
    make makes made making
    bring brings brought bringing
    doctor dr
    mpox monkeypox
"""
WORDS = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}

# Several words, written as one.
_LONG = {
    "us": "united states of america|united states",
    "eu": "european union",
    "uk": "united kingdom",
    "un": "united nations",
    "congo": "democratic republic of the congo|democratic republic of congo|dr congo",
    "ceo": "chief executive officer|chief executive",
    "cfo": "chief financial officer|finance director",
    "over": "more than|greater than",
    "under": "less than|fewer than",
    "underway": "under way",
    "immediately": "at once|right away|straight away|with immediate effect",
    "although": "even though",
    "because": "due to the fact that",
    "must": "have to|has to|need to|needs to",
    "q1": "first quarter",
    "q2": "second quarter",
    "q3": "third quarter",
    "q4": "fourth quarter|final quarter",
    "lastyear": "last year",
    "thisyear": "this year",
    "lastmonth": "last month",
    "thismonth": "this month",
    "7day": "a week|one week",
    "6month": "half a year",
    "dismissed": "threw out|throws out|thrown out|turned down|turns down",
    "canceled": "called off|calls off",
    "postponed": "put off|puts off",
    "establish": "set up|sets up",
    "newsconference": "news conference|press conference",
    "says": "told reporters|told journalists|tells reporters|tells journalists",
    "before": "ahead of",
    "then": "随 后",
    "saying": "统 计",
}
PHRASES: dict[str, list[tuple[tuple[str, ...], str]]] = {}
"""By their first word, the longest first: other words, and the one that stands for them."""
for _word, _listed in _LONG.items():
    for _phrase in _listed.split("|"):
        PHRASES.setdefault(_phrase.split()[0], []).append((tuple(_phrase.split()), _word))
for _found in PHRASES.values():
    _found.sort(key=lambda pair: -len(pair[0]))


@lru_cache(maxsize=1 << 16)
def common_form(word: str) -> str:
    """A folded word as all houses would write it.

    >>> [common_form(word) for word in ("centres", "organised", "labour", "Towards".lower(), "four")]
    ['centers', 'organized', 'labor', 'toward', 'four']
    """
    if _LIKELY.search(word):
        for pattern, replacement in _SPELLING:
            word = pattern.sub(replacement, word)
    return WORDS.get(word, word)


def _forms(listed: str) -> frozenset[str]:
    return frozenset(common_form(word) for word in listed.split())


MINOR = frozenset(map(common_form, STYLE)) | _forms("""
    per being had do does did can could might must shall should about there here such both so then now own these
    inc ltd co corp plc ag gmbh as sa nv th rd nd st dr sir local time newly just already still
    der die das den dem des ein eine einen einem einer und oder im am zu zum zur auf mit von vom fur wie als dass es sie
    了 的 在 于 將 将 会 已 已经 该 其 对 并 与 和 及 等 也 则 又 所 这 那 就 据 称 说 表 示 指 出 发 布 公 消 息 道 报
    讯 电 记 者 宣 显 数 告 知 答
""")
"""Words that carry no fact: the grammar's, and what says that somebody said it."""
GENERIC = _forms("""
    company firm group maker manufacturer producer ministry government country nation minister president agency bank
    team club city town court official spokesman spokeswoman spokesperson regulator authority operator union party
    state region island village capital airline airport carrier university institute body watchdog administration
    chief boss leader head man woman policeman officer reporter newspaper outlet rival partner side
""")
"""Nouns that stand for a name."""
_UP = _forms(
    "up rise rises rose risen increase increases increased gain gains gained climb climbs climbed jump jumps"
    " jumped grow grows grew grown higher raise raises raised expand expands expanded more above over"
)
_DOWN = _forms(
    "down fall falls fell fallen decrease decreases decreased drop drops dropped slide slides slid decline"
    " declines declined shrink shrinks shrank lower lowers lowered cut cuts contract contracts contracted"
    " less below under trim trims trimmed"
)
# Of other languages, only these.
_UP |= _forms(
    "steigt steigen stieg stiegen gestiegen erhoht erhohen erhohte erhohten hebt hob angehoben hoher hohere hoheren"
    " hochste hochsten mehr uber wachst gewachsen hausse augmente augmentent monte plus sube suben subio mas"
)
_DOWN |= _forms(
    "fallt fallen fiel fielen gefallen senkt senken senkte senkten gesenkt sinkt sinken sank sanken gesunken niedriger"
    " niedrigere niedrigeren niedrigste niedrigsten weniger unter schrumpft baisse diminue recule moins baja bajan bajo"
)
_TURNS = {common_form(word): common_form(word) for word in TURNS if not word.startswith("$€£¥")}
_DENIALS = NEGATIONS | _forms(
    "nicht kein keine keinen keiner nie ohne pas jamais sans aucun aucune sin nunca ningun ninguna"
)
TURN = _TURNS | dict.fromkeys(_UP, "up") | dict.fromkeys(_DOWN, "down") | dict.fromkeys(_DENIALS, "not")
"""Words whose exchange turns a sentence, with the direction that they stand for."""
MODALS = (
    dict.fromkeys(_forms("may might"), "possible")
    | dict.fromkeys(_forms("can could kann konnen konnte konnten"), "able")
    | dict.fromkeys(_forms("must should muss mussen soll sollen"), "due")
    | dict.fromkeys(_forms("will would wird werden"), "certain")
)
"""Whether something will be, may be, can be or has to be."""
