"""Words that say little about which event a text tells of, and the same words in Chinese and English.

The lists are fixed and short. Weights learnt from what happens to be stored would make the answer for two articles
depend on what came in between, and so on the order in which the same articles arrived.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .vocabulary import EMPTY_WORDS, NEGATIONS


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ENDINGS = re.compile(r"(?<=[a-z]{4})(?:ations?|itions?|ings?|ments?|ers?|ors?|ed|es|ies|ied|ly|s|e|y)\Z")
_LAST = frozenset("degnrsty")  # letters that endings end with


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A folded word without its ending, so that "raises", "raised" and "raising" are one; at least four letters stay.

    >>> [stem(word) for word in ("tariffs", "exporters", "exported", "bans", "gas")]
    ['tariff', 'export', 'export', 'ban', 'gas']
    """
    if not word.isalpha() or not word.isascii():
        return word
    if word[-1] not in _LAST or word.endswith(("ss", "us", "is")):
        return word
    if len(word) == 4:
        return word.removesuffix("s")
    while (ending := _ENDINGS.search(word)) is not None:
        word = word[: ending.start()]
    return word


# Neither names nor facts: they are left out altogether.
_EMPTY = (
    EMPTY_WORDS
    | NEGATIONS
    | _set("""
    i we you they them us our your my me him so if then than there here all any some each every other another such only
    just also very much many most more less few both either can could may might must shall should do does did done being
    between against under through during since until while because where whether within across along among around above
    below per via still even yet already ever again once too well like as say saying according told tell asked ask
    mr ms mrs dr sir lady monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec today yesterday
    tomorrow week month year day hour morning afternoon evening night time ago earlier later now
""")
)

# What trade news speak of whatever happens. These tell apart little, so they weigh little.
_COMMON = _set("""
    china chinese beijing america american washington united states us usa eu europe european union brussels world
    global international foreign domestic country countries nation national region government state federal ministry
    minister department commerce secretary official officials spokesperson spokesman spokeswoman spokespeople
    president premier prime leader leaders administration agency authority authorities bureau office committee
    commission council congress senate house white lawmaker lawmakers chairman chair chief head director
    representative senior trade trading trader tariff tariffs duty duties import imports importer export exports
    exporter control controls curb curbs restriction restrictions restrict ban bans sanction sanctions rule rules law
    laws regulation regulations policy policies measure measures order orders list lists license licence licenses
    entity entities company companies firm firms business businesses industry industries sector market markets maker
    makers producer producers manufacturer manufacturers supplier suppliers supply chain chains product products
    production goods technology technologies tech security economic economy economics price prices cost costs demand
    stock stocks share shares investor investors investment investments bank money billion million trillion thousand
    hundred percent dollar dollars yuan euro euros analyst analysts expert experts source sources people person
    statement comment comments report reports reported reporter reporters news media press release conference briefing
    interview article talk talks meeting meet meets visit visits trip negotiation negotiations deal deals agreement
    agreements plan plans planned move moves step steps decision decisions issue issues concern concerns question
    response relation relations tension tensions war dispute disputes pressure effort efforts action actions process
    system new first second third last next previous recent recently current currently latest former major key big
    large largest small high higher highest low lower lowest long short full part total number level rate rates growth
    rise rises rose fall falls fell increase increases increased decrease drop drops gain gains change changes cut
    cuts raise raises raised say says announce announces announced announcement make makes made take takes took taken
    give gives given get set sets put go goes going come comes came see sees seen look keep hold holds held call calls
    called show shows showed use used uses include includes included including need needs want wants seek seeks sought
    urge urges urged expect expected expects begin begins began start starts started end ends ended continue continues
    remain remains remained become help helps aim aims aimed work works working follow follows followed following add
    added warn warns warned effect effective apply applies applied affect affected impact support issued publish
    published released way ways side sides point points place areas area based under amid ahead against due likely
    possible two three four five six seven eight nine ten half dozen one reuters ap afp bloomberg xinhua cnbc bbc cnn
    times daily post journal able accept accord account act actual address adopt advance advanced agree agreed air
    allow allowed almost alone although among amount analysis answer answered appear appeared approach argue argued
    arrive arrived arrival attempt available avoid away back bad balance barrier base basis behind believe benefit
    best better beyond biggest bill body book both bring brought broad build built buy buyer buyers campaign capacity
    capital care carry case cases cause caution center central centre certain challenge challenges charge check chance
    choice choose cite cited city claim class clear close closed closely combined commercial common commonly compare
    compared competition competitive complete condition conditions conduct confirm confirmed consider considered
    contact contain content contract cooperation core cover covered create created critical customer customers damage
    data date debate december declare declined decline deep defend degree delay deliver delivered deny depend describe
    described design designed despite detail details detailed determine develop developed development developments
    difference different difficult direct direction discuss discussed discussion division dialogue door double doubt
    draft draw drawn drive driven early earn ease easing easy element else emerge emerging enable enough ensure enter
    entire equal essential establish estimate estimated even event events evidence exact example except exchange
    executive exist existing expand expanded expansion experience explain express extend extra eye face faced facility
    fact factor fail failed fair faith family far fast favor fear fears feel field figure figures file filed final
    find finding findings fine finish finished fit fix focus force forced forces form formal forward found free freely
    fresh friend front fully function fund funds further future game gap gather general giant goal good gone grant
    granted great ground group groups grow growing guide hand handle happen hard heavy hear heard hit hits home hope
    hopes host however huge human idea identify image immediate immediately implement importance important improve
    independent indicate individual inform insist instead intend intended interest interests internal introduce
    introduced involve involved join joined joint journey judge judgment jump just justify kind know known lack land
    landing language launch lay layer lead leading learn leave leaves left legal less lesser let letter lie life light
    limit limited limits line link linked little live local location lock lose loss losses lost lot love main mainly
    maintain majority manage manager many mark marked mass match material matter mean means medium member members memo
    mention method middle mind minute miss model modern moment monitor month monthly mood moral motion mount mutual
    name named narrow native natural nature near nearly necessary network never night normal note noted nothing notice
    object observe obtain obvious occur offer offered offers old open opened opening operate operation operations
    opinion opportunity oppose opposed opposition option ordinary origin original others outside overall own owner
    pace pack page paid paper particular particularly partner partners party pass passed past path patient pattern
    pause pay payment peace period permit personal phase phone photo pick picture piece play player please pledge
    popular position positive power powerful practice practices prepare prepared presence present preserve prevent
    previously primary principle prior private prize probably problem problems procedure professional profit program
    programme progress project promise promised promote prompt proof proper properly propose proposal protect
    protection prove proven provide provided provides provision purchase purpose pursue push pushed quality quarter
    quarterly quick quickly quiet quite quote race range rapid rare rather ratio reach reached react reaction read
    ready real reality realize reason reasonable receive received reduce reduced refer reference reflect refuse
    refused regional regular reject related relevant reliable relief rely remark remarks remember remind remote remove
    removed repeat replace reply represent request require required requirement requirements research reserve resolve
    resource resources respect respond rest result results retain return reveal revealed review reviewed revise right
    rights risk risks rival rivals role roll room round routine row run running rush safe safety sale sales same
    satisfy save scale scene schedule scope search season seat section secure seem send sense sent separate series
    serious serve service services session settle settled severe shape sharp sharply shift ship shot shut sign signal
    signals signed significant similar simple simply single site situation size slight slow slowly smooth social
    society sold sole solid solution solve some soon sort sound space speak special specific specify speech speed
    spend spent spirit split spot spread spring square stable stability staff stage stake stand standard standards
    stay steady still stop stopped store story strategic strategy stress strike strong strongly structure struggle
    study stuff style subject success successful suffer sufficient suggest suggested suit summer summit sure surface
    surprise survey suspect sustain sweeping swift switch table tackle target targets task teach team tell temporary
    tend term terms test tested thing think thought threat threaten threatened tie ties tight tighten tone tool top
    topic touch tough toward track tradition traditional traffic transfer transform travel treat treatment trend trial
    trigger trouble true trust truth try turn type types typical understand understanding unfair unit unite universal
    unless unlike upper urgent useful user users usual usually value variety various vast version victim view views
    violate virtual vital voice volume vote wait walk wall wave weak weaken weight welcome welcomed well western whole
    wide widely widen widened wider will win wind wing winter wish within witness wonder word words worker workers
    worry worried worse worst worth write written wrong yearly young register document public proposed interim
    information collection january february march april may june july august september october november
    accident airline airlines airport airports appeal appeals arrest arrested artist artists assembly attorney badly
    ballot boat boats british burn burned burnt bus cabinet candidate candidates captain champion champions
    championship child children cities clinical club clubs coach coalition coast concert conservative court courts
    crash crashed crime crimes criminal crop crops cup dead death deaths defendant defender democrat democrats
    deputies deputy derby die died dies disease doctor doctors dose doses driver drivers drought drug drugs dutch
    earthquake east eastern elected election elections emergency english evacuate evacuated evacuation families fans
    farm farmer farmers farms ferry festival film films fire firefighter firefighters fires flames flight flights
    flood flooding floods food foods french german goalkeeper goals governor grain health hearing heat highway
    hospital hospitals household households hurt indian infection infections injured injuries injury island islands
    italian jail japanese jury justice justices killed kilometre kilometres km korean labour lake lawsuit lawyer
    lawyers league liberal magnitude man matches mayor medicine medicines men metric mile miles minutes motorway
    mountain museum museums north northern nurse officer officers outbreak parliament parliamentary parties passenger
    passengers patients penalty pill plaintiff plane planes police poll polls port ports prison prosecutor prosecutors
    quake rail rails railway rain recall recalled republican republicans rescue rescued resident residents river road
    roads ruled ruling russian school schools snow south southern spanish stadium station stations storm storms
    striker student students sue sued suing supporters supreme tablet teacher teachers teams temperature temperatures
    testimony title ton tonne tonnes tons town towns train training trains tram universities university vaccine
    vaccines verdict village villages virus voter voters weather west winner wins woman women wound wounded
""")

EMPTY = frozenset(_EMPTY) | frozenset(stem(word) for word in _EMPTY)
"""Words and stems that are no traits at all."""
COMMON = frozenset(stem(word) for word in _COMMON)
"""Stems that weigh little."""

COUNTRIES = frozenset(
    stem(word)
    for word in [
        "china",
        "chinese",
        "america",
        "american",
        "europe",
        "european",
        "japan",
        "japanese",
        "korea",
        "korean",
        "taiwan",
        "taiwanese",
        "vietnam",
        "vietnamese",
        "india",
        "indian",
        "russia",
        "russian",
        "canada",
        "canadian",
        "mexico",
        "mexican",
        "brazil",
        "brazilian",
        "australia",
        "australian",
        "germany",
        "german",
        "france",
        "french",
        "britain",
        "british",
        "netherlands",
        "dutch",
        "italy",
        "italian",
        "spain",
        "spanish",
        "turkey",
        "turkish",
        "thailand",
        "thai",
        "malaysia",
        "malaysian",
        "indonesia",
        "indonesian",
        "cambodia",
        "cambodian",
        "philippines",
        "singapore",
        "ukraine",
        "iran",
        "iranian",
        "israel",
        "pakistan",
        "bangladesh",
        "switzerland",
        "swiss",
        "norway",
        "sweden",
        "poland",
        "argentina",
        "chile",
        "peru",
        "colombia",
        "egypt",
        "africa",
        "oman",
        "qatar",
        "emirates",
        "saudi",
        "kazakhstan",
        "belarus",
        "hungary",
        "belgium",
        "austria",
        "denmark",
        "finland",
        "ireland",
        "portugal",
        "greece",
    ]
)
"""Of what country a thing is tells cases apart that are alike otherwise."""

# What is done to something that was announced before is another act, so another event; each line is one act.
ACTS = {
    stem(word): number
    for number, line in enumerate(
        """
        pause paused suspend suspended suspension halt halted delay delayed postpone postponed shelve shelved
        lift lifted revoke revoked rescind withdraw withdrew withdrawn cancel cancelled scrap scrapped drop dropped
        block blocked reject rejected strikes overturn overturned
        uphold upheld
        appeal appealed
        extend extended extension prolong
        exempt exempted exemption exclude excluded exclusion spare spared
        resume resumed restore restored reopen reopened
        sue sued sues lawsuit suit
        retaliate retaliates retaliation countermeasures answer answers
        final finalize finalizes finalized
        preliminary
        propose proposes proposed proposal draft
        initiate initiates initiation probe investigate
        correct corrects correction
        double doubles doubled quadruple
        veto vetoes
        hearing
        """.strip().splitlines()
    )
    for word in line.split()
}

# So that a Chinese report and an English one of the same event have traits in common.
_GLOSSARY = {
    "中国": "china", "美国": "us", "欧盟": "eu", "日本": "japan", "韩国": "korea", "荷兰": "netherlands",
    "德国": "germany", "印度": "india", "台湾": "taiwan", "俄罗斯": "russia", "加拿大": "canada", "墨西哥": "mexico",
    "澳大利亚": "australia", "越南": "vietnam", "英国": "britain", "法国": "france", "北京": "beijing",
    "上海": "shanghai", "华盛顿": "washington", "日内瓦": "geneva", "马德里": "madrid", "伦敦": "london",
    "斯德哥尔摩": "stockholm", "雷蒙多": "raimondo", "耶伦": "yellen", "布林肯": "blinken", "拜登": "biden",
    "特朗普": "trump", "习近平": "xi", "李强": "li", "何立峰": "he", "王文涛": "wentao", "贝森特": "bessent",
    "戴琪": "tai", "沙利文": "sullivan", "华为": "huawei", "中芯国际": "smic", "英伟达": "nvidia", "台积电": "tsmc",
    "阿斯麦": "asml", "美光": "micron", "比亚迪": "byd", "长江存储": "ymtc", "波音": "boeing", "苹果": "apple",
    "特斯拉": "tesla", "高通": "qualcomm", "商务部": "commerce", "财政部": "treasury", "海关": "customs",
    "外交部": "foreign", "工信部": "industry", "关税": "tariff", "反倾销": "antidumping", "反补贴": "countervailing",
    "出口管制": "controls", "实体清单": "entity", "制裁": "sanction", "稀土": "rare", "镓": "gallium",
    "锗": "germanium", "石墨": "graphite", "锑": "antimony", "芯片": "chip", "半导体": "semiconductor",
    "电动汽车": "electric", "电池": "battery", "光伏": "solar", "钢铁": "steel", "铝": "aluminum", "大豆": "soybean",
    "猪肉": "pork", "白兰地": "brandy", "无人机": "drone", "人工智能": "intelligence", "光刻机": "lithography",
    "存储": "memory", "港口": "port", "船舶": "ship", "药品": "pharmaceutical", "芬太尼": "fentanyl",
    "工作组": "group",
}  # fmt: skip
_GLOSSED = re.compile("|".join(sorted(_GLOSSARY, key=len, reverse=True)))


@lru_cache(maxsize=1 << 16)
def is_usual(term: str) -> bool:
    """Whether a term weighs little: a common one, or digits, which count as figures."""
    return term in COMMON or term[0].isdigit()


def glossed(text: str) -> tuple[set[str], str]:
    """The stems of the Chinese words that the glossary knows, and the text without them."""
    found = {stem(_GLOSSARY[match[0]]) for match in _GLOSSED.finditer(text)}
    return found, _GLOSSED.sub(" ", text)
