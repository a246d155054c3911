"""Small reports of a few events, as outlets of different kinds would tell them; all written for these tests."""

from datetime import UTC, datetime, timedelta

from bot.model import Article

BEGIN = datetime(2023, 8, 28, 6, tzinfo=UTC)

# id, event, outlet, hours after BEGIN, tier, headline, text
PRESS = [
    (
        "visit-wire", "visit", "wire.example", 0, "wire",
        "Raimondo opens Beijing talks with plan for export control forum",
        ("BEIJING, Aug 28 – U.S. Commerce Secretary Gina Raimondo met Chinese Commerce Minister Wang Wentao in Beijing on "
        "Monday, and both agreed to set up a working group on commercial issues and a forum in which officials explain "
        "how they enforce export controls. The group will meet twice a year at vice-minister level."),
    ),
    (
        "visit-paper", "visit", "paper.example", 3, "outlet",
        "China and US to launch commercial working group during Raimondo's trip",
        ("Gina Raimondo and Wang Wentao announced a new working group for companies' complaints on Monday, the first "
        "result of the commerce secretary's four days in China. A separate exchange will deal with the enforcement of "
        "export controls, Ms Raimondo told reporters in Beijing."),
    ),
    (
        "visit-zh", "visit", "ribao.example", 4, "outlet",
        "王文涛会见雷蒙多 中美宣布成立工作组",
        "商务部部长王文涛8月28日在北京与美国商务部长雷蒙多举行会谈。双方宣布成立工作组，并启动出口管制信息交流机制。",
    ),
    (
        "visit-official", "visit", "office.example", 6, "official",
        "Readout of Secretary Raimondo's meeting with Minister Wang Wentao",
        ("Secretary of Commerce Gina Raimondo met with Minister of Commerce Wang Wentao in Beijing on August 28. They "
        "established a commercial issues working group and an export control enforcement information exchange."),
    ),
    (
        "shanghai-wire", "shanghai", "wire.example", 54, "wire",
        "Raimondo rides train to Shanghai and tells China it is becoming uninvestible",
        ("SHANGHAI, Aug 30 – American companies complain that China has become uninvestible because of fines, raids and a "
        "new counterespionage law, Gina Raimondo said on Wednesday before meeting the city's party chief, Chen Jining."),
    ),
    (
        "shanghai-paper", "shanghai", "paper.example", 57, "outlet",
        "'Uninvestible': US commerce chief passes on firms' fears over raids",
        ("Patience is wearing thin among American firms, the commerce secretary said in Shanghai on Wednesday. Raids and "
        "the counterespionage law have made China uninvestible for some of them, Gina Raimondo told Chen Jining."),
    ),
    (
        "salt-wire", "salt", "wire.example", 20, "wire",
        "Norland puts 18.4% duty on road salt from Estavia",
        ("OSVIK, Aug 29 – Norland's trade commission set a provisional duty of 18.4% on road salt from Estavia on Tuesday "
        "after a complaint by the quarries of Hallmark and Brede that imports were sold below cost."),
    ),
    (
        "salt-trade", "salt", "minerals.example", 25, "outlet",
        "Estavian salt faces Norland dumping duty before winter",
        ("Road salt from Estavia costs 18.4 percent more at Norland's border from Tuesday. The provisional rate follows a "
        "complaint by Hallmark and Brede; Estavian shippers have six weeks to reply to the trade commission."),
    ),
    (
        "grit-wire", "grit", "wire.example", 21, "wire",
        "Norland puts 7.2% duty on road grit from Lomark",
        ("OSVIK, Aug 29 – Norland's trade commission set a provisional duty of 7.2% on road grit from Lomark on Tuesday "
        "after a complaint by the quarries of Tessin and Vale that imports were sold below cost."),
    ),
    (
        "answer-wire", "answer", "wire.example", 44, "wire",
        "Estavia suspends fish licences for Norland in answer to salt duty",
        ("MERIK, Aug 30 – Estavia suspended 40 fishing licences held by boats from Norland on Wednesday, a day after the "
        "duty on its road salt. The minister for the sea, Arvo Lind, said that quotas would be reviewed too."),
    ),
    (
        "morning", "morning", "paper.example", 26, "outlet",
        "Morning briefing",
        ("Road salt from Estavia costs 18.4 percent more in Norland. Raimondo and Wang Wentao set up a working group. "
        "A storm nears the coast."),
    ),
]  # fmt: skip


def article(row):
    """One row of :data:`PRESS` as the program has it."""
    name, _, outlet, hours, tier, title, text = row
    address = f"https://{outlet}/{name}"
    return Article(
        source=outlet, key=name, key_kind="guid", fingerprint=name, content_hash=name, title=title, body=text,
        url=address, canonical_url=address, tier=tier, published_at=BEGIN + timedelta(hours=hours),
    )  # fmt: skip


ARTICLES = {row[0]: article(row) for row in PRESS}
EVENTS = {row[0]: row[1] for row in PRESS}
