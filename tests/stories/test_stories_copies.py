"""Reprints by a light hand are copies; independent reports that share quotations, background or boilerplate are not.

Each row is one text beside another of the same day, from another house.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Article
from bot.stories.place import compare
from bot.stories.reading import Reading

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)


def text(*parts):
    return "\n\n".join(parts)


LEAD = (
    "Brussels will charge provisional duties of 23.4% on tyres from four Vietnamese makers from Thursday, the European"
    " Commission said on Tuesday, after an inquiry found that they were sold below cost."
)
CASE = (
    "The case was brought in August by five producers with 12,000 workers, most of them in Slovakia and Poland. They"
    " say imports from Vietnam have tripled since 2022 and taken a fifth of the market."
)
QUOTE = (
    "“No one has to choose between a fair price and an open door,” said Commissioner Helena Brandt. “We ask for both,"
    " and we ask for them in writing.”"
)
HANOI = (
    "Hanoi rejected the findings and said it would look at all means open to it, including a complaint in Geneva."
    " Importers have until May 8 to comment, and member states vote in the autumn."
)
MARKET = (
    "Shares of Gumex, the largest of the five, rose 4.1% in Bratislava. Analysts at Vltava Bank expect prices of"
    " winter tyres to go up by about a tenth before November."
)
WIRE = text(LEAD, CASE, QUOTE, HANOI, MARKET)
TITLE = "EU sets duties of 23.4% on Vietnamese tyres"

CRASH = (
    "A freight train loaded with grain ran into the back of a works train near Halden on Monday night, killing two"
    " track workers and injuring five others, the railway inspectorate said.\n\n"
    "The driver had passed a signal at danger at 22:40, according to a first reading of the recorder. The line between"
    " Halden and the border will stay closed until Thursday at least, and 38 trains a day are diverted over Kornsjo.\n\n"
    "“We have lost two colleagues who had done nothing but their work,” said Ingrid Moen, head of the track company.\n\n"
    "It is the worst accident on the network since 2000. The inspectorate will publish a first report within a month."
)
BANK = (
    "Die Notenbank hat den Leitzins am Mittwoch um einen Viertelpunkt auf 1,75 Prozent gesenkt, den niedrigsten Stand"
    " seit drei Jahren. Der Rat entschied mit sechs gegen drei Stimmen.\n\n"
    "Die Teuerung werde im Sommer unter zwei Prozent fallen, sagte Gouverneur Falk Reuter in Wien. Die Wirtschaft soll"
    " in diesem Jahr um 0,6 Prozent wachsen, nach 1,1 Prozent, die noch im Januar erwartet worden waren.\n\n"
    "Die Banken hatten eine Pause erwartet. Der Kurs zehnjähriger Anleihen stieg nach der Entscheidung."
)

NOTICE = (
    "据海关统计，今年前两个月我国稀土出口七千二百吨，同比下降百分之三。其中，磁体出口增长较快，钕铁硼占多数，"
    "主要销往越南和墨西哥。分析人士认为，部分企业提前备货，推高了二月份的数字，三月份可能回落。"
)

CRASHED = CRASH.split("\n\n")
RATE = BANK.split("\n\n")


def likeness(one, other, titles=(TITLE, "Tyres from Vietnam to cost more"), houses=("wire", "daily"), hours=0):
    ids = {"key": "k", "key_kind": "guid", "fingerprint": "f", "content_hash": "c"}
    moments = (NOON, NOON + timedelta(hours=hours))
    a, b = (
        Reading.of(
            Article(
                **ids,
                source=house,
                title=title,
                body=body,
                canonical_url=f"https://{house}.example/{house}",
                published_at=at,
            )
        )
        for house, title, body, at in zip(houses, titles, (one, other), moments, strict=True)
    )
    assert compare(a, b) == compare(b, a)
    return compare(a, b)


RETOLD = (
    "Tyre makers in Vietnam face provisional duties of 23.4% in the European Union from Thursday because they sold"
    " below cost, Brussels announced on Tuesday."
)
LOCAL = "Garages in the county say they have already put in orders for the winter."
REPRINTS = {
    "first sentence rewritten": text(RETOLD, CASE, QUOTE, HANOI, MARKET),
    "first sentence rewritten, two paragraphs gone": text(RETOLD, CASE, HANOI),
    "colour before the lead": text("Winter tyres are about to become a matter of diplomacy.", WIRE),
    "a local paragraph before, the market gone": text(LOCAL, LEAD, CASE, HANOI),
    "a local paragraph in the place of another": text(LEAD, CASE, LOCAL, HANOI),
    "two of five paragraphs": text(LEAD, HANOI),
    "lead and quotation": text(LEAD, QUOTE),
    "quotation moved up": text(LEAD, QUOTE, MARKET, CASE, HANOI),
    "a sentence moved, another left out": text(
        LEAD, "Importers have until May 8 to comment, and member states vote in the autumn.", CASE, MARKET
    ),
    "sentences split": WIRE.replace(", after an inquiry found", ". An inquiry had found").replace(
        "12,000 workers, most of them", "12,000 workers. Most of them are"
    ),
    "synonyms": WIRE.replace("producers", "manufacturers").replace("largest", "biggest").replace("tripled", "trebled"),
    "the night said otherwise": ("crash", CRASH.replace("on Monday night", "late on Monday")),
    "overnight": ("crash", CRASH.replace("on Monday night", "overnight")),
    "day with its date": ("crash", CRASH.replace("on Monday night", "on Monday (13 April)")),
    "short name": WIRE.replace("the European Commission", "the EC"),
    "capital for the government": WIRE.replace("Hanoi rejected", "Vietnam rejected"),
    "without its day": WIRE.replace(" on Tuesday", ""),
    "delay in the colour": text("With a delay of a week, the tyre case reached its first end.", LEAD, CASE, HANOI),
    "update of another kind left out": text(LEAD, CASE, HANOI),
    "chinese, who says it": ("notice", NOTICE.replace("据海关统计，", "海关总署14日发布数据：")),
    "chinese, the answer alone": ("notice", NOTICE.replace("据海关统计，", "答：")),
    "german, lead and last": ("bank", text(RATE[0], RATE[2])),
    "german, rewritten lead": (
        "bank",
        BANK.replace(
            "Die Notenbank hat den Leitzins am Mittwoch um einen Viertelpunkt auf 1,75 Prozent gesenkt, den niedrigsten"
            " Stand seit drei Jahren.",
            "Der Leitzins sinkt auf 1,75 Prozent. So niedrig war er seit drei Jahren nicht.",
        ),
    ),
}
BASES = {"wire": WIRE, "crash": CRASH, "bank": BANK, "notice": NOTICE}


def pair(row):
    return (BASES[row[0]], row[1]) if isinstance(row, tuple) else (WIRE, row)


@pytest.mark.parametrize("name", REPRINTS)
def test_a_light_hand_leaves_a_copy(name):
    found = likeness(*pair(REPRINTS[name]))
    assert found.score > 0, found.reason


OWN = (
    "European tyre factories have won a first round against their rivals in Vietnam. From Thursday customs will add"
    " 23.4% to the price of what four of them ship to Rotterdam and Hamburg."
)
DETAIL = (
    "The list names Saovang, Hoa Lu, Lotus Rubber and Kim Long, whose books inspectors read for seven weeks. A fifth"
    " firm was let off because it had opened all of its accounts, an official who asked not to be named said."
)
ABOUT = (
    "The European Commission opens about thirty such inquiries a year. It has to decide on definitive duties within"
    " fourteen months of the complaint, and it may collect provisional ones for at most half a year. Duties are paid"
    " by importers at the border and go to the common budget."
)
OTHERS = {
    "shared quotation": text(OWN, QUOTE, DETAIL),
    "shared quotations and little else": text(
        OWN, QUOTE, "“It is a tax on distance,” said Tran Duc Hai of the rubber association in Ho Chi Minh City."
    ),
    "shared background": (text(LEAD, CASE, ABOUT), text(OWN, DETAIL, ABOUT)),
    "shared background that is longer than the news": (
        text("Four firms in Vietnam pay 23.4% more on tyres from Thursday.", ABOUT),
        text("Steel rods from Turkey are to be looked into, officials said on Tuesday.", ABOUT),
    ),
    "shared background and quotation": (text(LEAD, QUOTE, ABOUT), text(OWN, QUOTE, ABOUT)),
    "own words throughout": text(OWN, DETAIL),
    "a later report with the background": (
        text(LEAD, CASE, HANOI),
        text("Vietnam has asked for talks in Geneva on the duties that Brussels put on its tyres.", CASE, DETAIL),
    ),
    "the lead alone taken over": text(
        LEAD,
        DETAIL,
        "The duty is the highest that Brussels has set on rubber since 2009, lawyers in Ghent said.",
        LOCAL,
    ),
    "round-up": text(
        *(
            f"Item {n}: customs officers in {place} found {n}0 cartons of cigarettes, a spokesman for the office said,"
            " and nobody was arrested that day."
            for n, place in enumerate(["Rostock", "Gdynia", "Turku", "Malmo", "Riga", "Kiel"], 2)
        ),
        LEAD,
    ),
    "chinese figure": ("notice", NOTICE.replace("据海关统计，", "答：").replace("七千二百", "七千三百")),
    "figure": text(LEAD.replace("23.4%", "24.3%"), CASE, QUOTE, HANOI, MARKET),
    "figure in a rewritten lead": text(RETOLD.replace("23.4%", "24.3%"), CASE, QUOTE, HANOI, MARKET),
    "figure in a moved paragraph": text(LEAD, QUOTE, HANOI, MARKET.replace("4.1%", "1.4%"), CASE),
    "figure at the beginning of a moved paragraph": (
        "crash",
        text(
            CRASHED[0],
            CRASHED[2],
            CRASHED[3],
            CRASHED[1].replace("22:40", "23:40"),
        ),
    ),
    "toll in a rewritten lead": (
        "crash",
        text(
            "The number of track workers killed when a grain train hit a works train near Halden has risen to three.",
            *CRASHED[1:],
        ),
    ),
    "place": ("crash", CRASH.replace("Halden", "Moss")),
    "name": WIRE.replace("Helena Brandt", "Marta Kohl"),
    "country": WIRE.replace("Vietnamese", "Thai").replace("Vietnam", "Thailand").replace("Hanoi", "Bangkok"),
    "negation": text(LEAD, CASE, QUOTE, HANOI.replace("said it would", "said it would not"), MARKET),
    "modal": text(LEAD.replace("will charge", "may charge"), CASE, QUOTE, HANOI, MARKET),
    "direction": ("bank", BANK.replace("gesenkt", "erhöht").replace("niedrigsten", "höchsten")),
    "day": text(LEAD.replace("from Thursday", "from Friday"), CASE, QUOTE, HANOI, MARKET),
    "day of the next night": ("crash", CRASH.replace("on Monday night", "on Tuesday night")),
    "votes": ("bank", BANK.replace("sechs gegen drei", "fünf gegen vier")),
    "date of the deadline": text(LEAD, CASE, HANOI.replace("May 8", "May 18")),
    "subject of a template": (
        text("Aldane Plc will buy back own shares worth 40 million euros from Monday.", ABOUT, ABOUT.upper()),
        text("Borealis Group has named a new head of finance who starts in June.", ABOUT, ABOUT.upper()),
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_shared_besides_makes_no_copy(name):
    row = OTHERS[name]
    one, other = row if isinstance(row, tuple) and row[0] not in BASES else pair(row)
    found = likeness(one, other)
    assert found.score == 0, found.reason


def test_a_reprint_of_the_corrected_text_is_its_copy_and_none_of_the_first_one_s():
    wrong = WIRE.replace("12,000", "21,000")
    note = "(Corrects number of workers in paragraph 2 to 12,000, not 21,000)"
    titles = (f"CORRECTED-{TITLE}", "Tyres from Vietnam to cost more")
    reprint = text(LEAD, CASE, HANOI)
    assert likeness(text(note, WIRE), reprint, titles).score > 0
    assert likeness(text(note, WIRE), reprint.replace("12,000", "21,000"), titles).score == 0
    assert likeness(text(note, WIRE), text(LEAD, QUOTE, HANOI), titles).score == 0  # of which version, nobody knows
    assert likeness(text(note, WIRE), wrong, (titles[0], TITLE), ("wire", "wire")).score == 0


def test_a_short_report_under_two_headlines():
    brief = (
        "The port of Aberlyn was closed on Monday after a gale tore two barges from their moorings. Nobody was hurt,"
        " and the harbour master hopes to open the southern basin by noon."
    )
    titles = ("Gale shuts port of Aberlyn, two barges adrift", "Aberlyn port shut as gale sets barges loose")
    assert likeness(brief, brief, titles).score > 0
    assert likeness(brief, text("Ferries to the islands run late.", brief), titles).score > 0
    assert likeness(brief, brief.replace("two barges", "three barges"), titles).score == 0
    assert likeness(brief, brief, ("Gale shuts port, 2 barges adrift", "Gale shuts port, 3 barges adrift")).score == 0


DRAIN = (
    "The basin behind the sluice was dredged in 1958 for timber that nobody floats any more. Eels have come back since"
    " the tannery upstream fell silent, and two herons nest on the crane."
)
REPORT = text(
    "A gale tore two barges from their moorings in Aberlyn on Monday, and the harbour master closed the port.",
    "“We counted the ropes twice and the barges once,” said Una Reid, who has run the harbour since 2011, “and it should"
    " have been the other way round, as anybody can see from the quay this morning.”",
    DRAIN,
    "Ferries to the islands run from Kell until the southern basin opens, which may be at noon.",
)
PASSAGES = {
    "a paragraph out of the middle": (DRAIN, 1, True),
    "the last paragraph before it": (text(REPORT.split("\n\n")[3], DRAIN), 1, True),
    "in another order": (text(REPORT.split("\n\n")[3], DRAIN, REPORT.split("\n\n")[0]), 1, True),
    "a negation less": (DRAIN.replace("nobody floats", "floats"), 1, False),
    "a figure exchanged": (DRAIN.replace("1958", "1985"), 1, False),
    "a name for another": (DRAIN.replace("Eels", "Otters"), 1, False),
    "the quotation alone": (REPORT.split("\n\n")[1], 1, False),
    "a few words of it": (DRAIN.partition(". ")[0] + ".", 1, False),
    "told before: the longer one gathers": (DRAIN, -1, False),
    "days later": (DRAIN, 80, False),
    "half of it only": (text(DRAIN, LOCAL, "The council has put up a bench and asks for names."), 1, False),
    "chinese phrases": ("中方对此强烈不满，坚决反对，将采取一切必要措施，坚定维护自身正当权益。", 1, False),
}


@pytest.mark.parametrize("name", PASSAGES)
def test_a_passage_cut_out_of_an_earlier_text_is_its_copy(name):
    passage, hours, wanted = PASSAGES[name]
    whole = (
        text("公告二十三日公布，涉及七种稀土，商会说出口商正在重新申请许可证，价格上涨。", passage)
        if "中" in passage
        else REPORT
    )
    found = likeness(whole, passage, ("Gale shuts port of Aberlyn", "Herons on the crane"), hours=hours)
    assert (found.score > 0) == wanted, found.reason
