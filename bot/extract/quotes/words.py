"""The words by which speech is told: verbs, offices, institutions, and what parts clauses.

Lists, not models: whatever stands in none of them is taken for nothing, which costs a quotation and invents none.
"""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a list with spaces between."""
    return frozenset(words.split())


SPEECH = listed("""
    said says added adds told tells asked asks replied replies argued argues warned warns noted notes explained
    explains insisted insists stressed stresses wrote writes tweeted posted declared declares announced announces
    stated commented comments remarked remarks observed observes acknowledged acknowledges admitted admits conceded
    concedes claimed claims maintained maintains recalled recalls suggested suggests predicted predicts concluded
    concludes cautioned cautions emphasised emphasized emphasises emphasizes underlined underscored reiterated
    reiterates responded responds answered answers countered counters joked quipped testified pledged pledges vowed
    vows promised promises urged urges complained complains continued continues opined asserted asserts contended
    contends alleged alleges lamented laments exclaimed repeated affirmed confirmed confirms mused retorted shouted
    whispered advised believes thinks feels believed tweets posts reckons reckoned sighed shrugged laughed snapped
    grumbled muttered murmured cried yelled offered
""")
"""Verbs whose subject is the one who speaks, and whose object may be the words themselves."""

JUDGEMENT = listed("""
    called calls described describes accused accuses denounced denounces criticised criticized criticises criticizes
    condemned condemns blasted blasts slammed slams hailed hails praised praises dismissed dismisses rejected
    rejects branded labelled labeled characterised characterized lauded decried demanded demands blamed blames
    welcomed deplored derided mocked
""")
"""Verbs that tell what somebody calls another: their object is quoted only in part, and never stands before them."""

GERUNDS = listed("""
    saying adding telling arguing warning noting explaining insisting stressing writing declaring calling describing
    accusing denouncing condemning vowing pledging urging emphasising emphasizing claiming asserting branding
    labelling cautioning pointing promising suggesting
""")
"""What follows a clause whose subject is the one who speaks: ", saying that"."""

NOUNS = listed("""
    claims notes comments remarks answers tweets posts promises pledges vows calls demands says urges warns thinks
    feels asks predicts replies counters labelled labeled described called answer announced posted blasts slams
    hails praises reported alleged confirmed promised pledged proposed
""")
"""Forms that are as often nouns or participles: without a subject that can be read they tell nothing."""

AFTER_ONLY = listed("""
    believes thinks feels believed tweets posts reckons reckoned posted announced announces continued continues
    sighed shrugged laughed snapped cried yelled offered
""")
"""Verbs of speech only where the words themselves stand beside them."""

BASE = listed("say add argue warn note insist call describe believe tell ask stress")
"""Of many: "analysts say"."""

BE = listed("is are was were be been being isn't wasn't aren't weren't 's 're am")
NEGATIVE = listed("""
    not never no n't didn't doesn't don't won't wouldn't hasn't haven't hadn't nobody neither nor couldn't can't
    cannot
""")
MODAL = listed("would could should might may must can will shall to if ought d'll")
BETWEEN = listed("""
    also later then further previously repeatedly recently earlier has have had once again both all still just only
    even now already first often always simply merely publicly privately openly formally officially reportedly since
    jokingly quietly bluntly flatly additionally separately meanwhile nevertheless nonetheless subsequently strongly
    sharply angrily famously clearly explicitly rightly correctly did himself herself itself themselves
""")
"""What may stand between a subject and its verb."""

CLAUSE = listed("""
    but that while as when because if whether after before since although though who which what whom whose where so
    or nor yet than like until once unless whereas how why despite via amid
""")
"""Words behind which another clause, or none, begins."""

PRONOUNS = listed("he she it they")
OWN = listed("i we you")

TITLES = listed("""
    secretary president minister premier senator sen. rep. reps. sens. representative governor gov. chairman
    chairwoman chairperson chair director commissioner spokesman spokeswoman spokesperson ambassador envoy
    chancellor general gen. dr dr. prof prof. professor judge justice ceo chief economist analyst strategist adviser
    advisor mr mr. mrs mrs. ms ms. sir lord lady king queen prince princess pope mayor speaker leader deputy
    undersecretary counsel counselor counsellor attorney congressman congresswoman lawmaker vice-president
    vice-premier vice-minister vice-chairman manager officer head founder co-founder captain capt. colonel col.
    lieutenant lt. major sergeant sgt. admiral adm. administrator representative-general treasurer editor author
    researcher expert scholar fellow lecturer partner lawyer banker investor trader executive cfo coo cto
    president-elect mp mep father reverend rev. bishop archbishop cardinal coach dame baroness superintendent
    constable inspector detective officer-in-charge consul diplomat negotiator historian scientist engineer activist
    journalist reporter correspondent columnist taoiseach solicitor assistant under-secretary sheikh crown emir
    sultan ayatollah madam madame monsieur minister-counsellor
""")
"""What stands before a name, and a role where no name follows."""

ROLES = TITLES | listed("""
    official officials spokesmen spokespeople spokeswomen spokespersons analysts experts economists lawmakers
    executives diplomats ministers senators lawyers researchers scholars traders investors critics sources source
    person people veteran resident residents farmer farmers worker workers owner owners student students teacher
    nurse doctor doctors member members legislator legislators aide aides insider insiders consultant consultants
    physicist chemist biologist dissident organizer organiser campaigner campaigners prosecutor prosecutors
    investigator politician politicians advocate advocates specialist specialists academic academics importer
    importers exporter manufacturer shopkeeper buyer buyers customer customers tenant voter driver drivers witness
    witnesses official-in-charge policymaker policymakers regulator regulators strategists advisers advisors mother
    wife husband son daughter brother sister neighbour neighbor victim survivor leaders negotiators envoys managers
    entrepreneur entrepreneurs businessman businesswoman observer observers commentator commentators planner
    planners captain chairs delegate delegates librarian baker grower growers brewer broker brokers forecaster
    geologist curator principal president-designate steward trustee treasurer clerk warden ranger pilot skipper
    welder
""")

INSTITUTIONS = listed("""
    ministry department office embassy government agency bureau administration council association committee
    commission company firm union court bank group party army police parliament senate house congress treasury
    pentagon kremlin chamber federation institute university authority board delegation mission secretariat
    consulate regulator institution foundation organisation organization ngo watchdog lobby alliance coalition
    cabinet presidency mayor's municipality airline carrier chipmaker automaker carmaker manufacturer supplier
    retailer startup think-tank tank forum society network centre center panel taskforce body chain operator
    publisher exchange fund corporation directorate tribunal league club museum service ombudsman cooperative guild
    academy
""")
"""What may speak itself: "the ministry said"."""

NAMED_INSTITUTIONS = INSTITUTIONS | listed("""
    inc inc. corp corp. co co. ltd ltd. plc llc ag se sa nv gmbh technologies technology industries motors airlines
    airways economics capital securities partners holdings research consulting international nations states kingdom
    republic reserve times news post daily journal herald street school college hospital conference summit act list
    program programme project initiative strait sea river city county district province valley east west south north
    america asia europe africa press media systems semiconductor electronics energy oil gas bancorp associates trust
    studies affairs sciences policy trade commerce security defense defence environment agriculture treasury war day
    game games cup prize award awards pact accord treaty agreement order law code rule section article chapter
""")
"""In capitals: words that no person's name holds."""

PLACES = listed("""
    china beijing washington us u.s. usa u.s.a. uk u.k. britain london japan tokyo russia moscow eu e.u. brussels
    india delhi taiwan taipei france paris germany berlin ukraine kyiv kiev iran tehran israel jerusalem korea seoul
    pyongyang canada ottawa mexico australia canberra netherlands italy rome spain madrid poland warsaw turkey
    ankara brazil brasilia singapore malaysia indonesia jakarta vietnam hanoi thailand philippines manila pakistan
    islamabad switzerland geneva norway sweden denmark finland europe america asia africa nato opec un u.n. wto imf
    who shanghai shenzhen guangzhou chongqing tianjin macau tibet xinjiang hamas hezbollah taliban
""")
"""Places whose names stand for those who govern there."""

WHEN = listed("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december yesterday today tonight earlier last this later next recently
""")
MONTHS_AND_DAYS = listed("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec
""")
DETERMINERS = listed("""
    the a an one another this that its their his her our my some several many most other both two three
""")
MODIFIER_BEFORE = listed("""
    the a an its their his her our my this these those so-called us u.s. no any such
""")
PREPOSITIONS = listed("of for at from in with on to by into over under about")
LOCAL = PREPOSITIONS | listed("""
    near off around through across along past towards toward inside outside behind between beyond via until
""")
"""Behind these a name may be a place's."""

STOPS_NAME = listed("""
    on in during after before when while as who whom by to via through following last this earlier yesterday today
    tonight ahead amid about that which where recently later but because if since into over under with without
    outside inside upon against between among citing referring speaking calling adding describing noting describing,
    using according despite shortly immediately then once again here there not also in. has have had is are was were
    will would could does did do can may might must and or told said
""")
APPOSITION = listed("""
    a an the who whose one another former chief senior lead head director president chairman chairwoman chair vice
    co-founder founder professor managing executive deputy associate assistant principal general secretary minister
    spokesman spokeswoman spokesperson economist analyst strategist partner author editor ceo cfo coo fellow global
    research head, retired then-president now both an, also ceo, chairperson portfolio policy country regional
    currently formerly himself herself which once lecturer adviser advisor researcher owner ambassador commissioner
    undersecretary representative governor senator republican democrat age aged d-n.y. mayor leader member his her
    their our its manager writing speaking citing referring quoting co-head co-author co-director co-chair
""")
"""How what is set behind a name between commas begins."""

PARTICLES = listed("""
    van von de del della di da dos du la le der den ter bin bint al el ibn ben y e af zu zur st. st
""")
SUFFIXES = listed("jr jr. sr sr. ii iii iv")
HONORIFICS = listed("mr mr. mrs mrs. ms ms. dr dr. prof prof. sir dame lord lady madam madame")
STARTERS = listed("""
    the a an it its he his she her they their we our i you this that these those there in on at for from by with but
    and or so yet if when while as after before since although though however meanwhile both what who how why where
    not some many most all one two last earlier under according mr ms mrs still instead even only such now today
    also about asked speaking
""")
"""Words in a capital letter only because a sentence begins with them."""

DOCUMENTS = listed("""
    statement report notice letter memo document text article editorial study survey order filing release sign
    message post tweet headline placard banner label slogan line book paper poll communique communiqué dispatch
    transcript rule law clause section chapter brief petition lawsuit complaint page song poster story review motto
    tagline ad advertisement website caption email
""")
TITLED = listed("""
    book novel film movie paper report article essay titled entitled headlined called named dubbed song album show
    series author documentary podcast column editorial so-called nicknamed termed known play poem exhibition
    campaign slogan term terms phrase question questions speech headline memoir study program programme initiative
    policy plan scheme operation game
""")
"""Before a mark: what follows is a name or a title."""

NATIONALITIES = listed("""
    chinese american japanese british french german russian european korean indian taiwanese ukrainian israeli
    iranian canadian mexican australian dutch italian spanish polish turkish brazilian vietnamese thai asian african
    western republican democratic democrat federal national international new north south east west black white
""")
SURNAMES_FIRST = listed("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang han
    feng deng cao peng zeng xiao tian dong yuan pan yu jiang cai du ye cheng su wei lu lv ding ren shen yao cui
    zhong tan fan fu gong xi qin hua mao gu hou shi xiong meng bai jia qiu hao shao wan qian yan qi mo ai kim lee
    park choi jung kang cho yoon jang lim nguyen tran le pham hoang phan vu dang bui do ho ngo duong tsai lai hsiao
    koo shu lou
""")
"""Surnames of China, Korea and Vietnam in Latin letters, where they stand in front."""
WOMEN = listed("""
    gina janet louise mary anna anne maria sarah susan karen linda katherine elizabeth jennifer jessica emily laura
    julia christine angela ursula margaret nancy helen lisa michelle amy rebecca rachel hannah emma olivia sophie
    alice clara claire jane kate katie victoria wendy barbara patricia sandra donna carol ruth sharon deborah elena
    fatima priya leila yuki sophia eva ingrid astrid marie camille isabelle giulia lucia carmen ana julie nicole
    tai-ling kamala melissa samantha martha grace joanna jo-anne theresa beatrice charlotte lucy ella hilda greta
    karine
""")
MEN = listed("""
    john james robert michael william david richard joseph thomas charles daniel matthew anthony mark donald steven
    stephen paul andrew joshua kenneth kevin brian george edward peter henry frank alan adam antony scott eric jake
    joe tom tim jack tony jim mike bob bill ben dan nick denny rob alfredo pedro juan carlos jose luis marco
    giovanni hans klaus jens lars erik sven olaf vladimir sergei dmitri ivan ahmed mohammed mohamed ali hassan omar
    raj rahul kenji hiroshi jean pierre francois philippe jacques emmanuel oliver harry simon martin philip patrick
    sean liam conor roger gary larry
""")
