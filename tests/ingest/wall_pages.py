"""Small pages as publishers serve them, written for these tests: articles, and what may stand in their place."""

from bot.ingest.walls import CONSENT, HUMAN, PAYWALL

MENU = (
    '<header><a href="/">The Harbour Courier</a><nav><ul><li>Home</li><li>Business</li><li>World</li>'
    "<li>Subscribe</li><li>Log in</li></ul></nav></header>"
)
FOOT = "<footer><ul><li>Contact</li><li>Privacy policy</li><li>Cookie settings</li></ul><p>© The Harbour Courier</p></footer>"
NEWS = (
    "The port authority said on Tuesday that it would close the eastern basin to ships above forty metres from June.",
    "Surveyors had found that the quay wall moves by two centimetres with every tide, twice as much as ten years ago.",
    "Shipping agents in the town, who learned of the plan from a notice at the gate, called it a blow to the spring trade.",
    "“Nobody has asked us where the barges should lie in the meantime,” said the head of the boatmen's association.",
    "The authority promised to publish its figures by the end of the month and to hear everybody who lives by the basin.",
    "A tender for the new wall, the largest work in the harbour since the lock was built, is expected in the autumn.",
    "Until then pilots will bring larger ships to the western side, where two berths stand empty for most of the week.",
    "The council meets on Thursday to discuss what the detour will cost the hauliers and who is to pay for the buses.",
)
LONG = tuple(
    f"{text} Part {number} of the report gives the details for each berth." for number in (1, 2) for text in NEWS
)
ABOUT_COOKIES = (
    "The data protection authority fined three advertising networks on Monday for placing cookies before anybody agreed.",
    "Its inspectors had opened four hundred sites with a fresh browser and counted what was stored on the device.",
    "On every third site a banner offered to accept all cookies with one click, while refusing took five of them.",
    "“We value your privacy, it says, and then 840 partners read along,” said the head of the authority in the capital.",
    "Consent that is not free is no consent, the decision says; legitimate interest cannot stand in for it either.",
    "The networks have a month to appeal. Their association said that the rules of the union were being read too strictly.",
    "Publishers fear for their income: personalised ads bring in three times as much as those without tracking.",
    "A court in the south had seen it otherwise in May, when it let a newspaper ask readers to pay or to be tracked.",
)
ABOUT_WALLS = (
    "Three regional newspapers said on Friday that they would put all their reports behind a pay-wall from next year.",
    "Readers will see two paragraphs and then the request to “subscribe to continue reading”, as they do elsewhere.",
    "The publishers hope that one in ten of those who come every day will pay, said the head of their association.",
    "Libraries asked for an exception: whoever holds a card should be able to read the papers of the region for nothing.",
    "A survey in the spring had found that most readers close a page on which they are asked to sign in to read more.",
    "The journalists' union welcomed the step but wants to see the new income spent on reporters rather than on software.",
    "In the north a paper tried the same four years ago and gave it up after it had lost a third of its advertisers.",
    "The first of the three begins in January, the others follow once the shared log-in of the publishers is ready.",
)


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def page(*parts, title="Eastern basin to close in June", head="", lang="en", chrome=True):
    body = "".join(parts)
    body = f"{MENU}{body}{FOOT}" if chrome else body
    return f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


def story(texts, *more, title="Eastern basin to close in June"):
    return f"<main><article><h1>{title}</h1>{paragraphs(texts)}{''.join(more)}</article></main>"


def data(text):
    return f'<script type="application/ld+json">{text}</script>'


BOX = (
    '<div class="paywall"><h3>{0}</h3><p>{1}</p><a class="button">{2}</a></div>'.format  # what a subscription box looks like
)
BANNER = (
    '<div id="banner" class="consent"><h2>We value your privacy</h2><p>We and our 312 partners store and access information on '
    "your device, such as cookies, to show personalised ads and to measure them. You can change your choices at any time.</p>"
    "<button>Accept all</button><button>Reject all</button><button>Manage options</button></div>"
)
NOTICE_EN = (
    "<h1>We value your privacy</h1>",
    paragraphs(
        (
            (
                "We and our 841 partners store and/or access information on a device, such as cookies, and process personal data "
                "to deliver personalised ads and content."
            ),
            "With your permission we and our partners may use precise geolocation data and identification through scanning.",
            (
                "Some vendors may process your personal data on the basis of legitimate interest, to which you can object by "
                "managing your options below. Your choices apply to this site only."
            ),
            "You can change your preferences or withdraw your consent at any time in our privacy policy.",
        )
    ),
    "<button>Accept all</button><button>More options</button>",
)

# name → (what stands there, address that answered, page); None: the article is there
PAGES = {
    # ── articles ──
    "a plain article": (None, "", page(story(NEWS))),
    "a long article": (None, "", page(story(LONG))),
    "an article with a consent banner above": (None, "", page(BANNER, story(NEWS))),
    "an article with a consent banner below": (None, "", page(story(NEWS), BANNER)),
    "an article about cookie banners": (None, "", page(story(ABOUT_COOKIES, title="Networks fined for cookies"))),
    "an article about cookie banners with one": (None, "", page(BANNER, story(ABOUT_COOKIES, title="Networks fined"))),
    "an article about pay-walls": (None, "", page(story(ABOUT_WALLS, title="Papers go behind a wall"))),
    "an article about pay-walls that ends with the phrase": (
        None,
        "",
        page(
            story((*ABOUT_WALLS, "Its pages now end with the words “subscribe to continue reading”."), title="Papers")
        ),
    ),
    "marked as free": (
        None,
        "",
        page(
            story(NEWS), head=data('{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":true}')
        ),
    ),
    "marked as free, its extra as not": (
        None,
        "",
        page(
            story(NEWS),
            head=data(
                '{"@type":"NewsArticle","isAccessibleForFree":"True","hasPart":{"@type":"WebPageElement",'
                '"isAccessibleForFree":"False","cssSelector":".quiz"}}'
            ),
        ),
    ),
    "others in the list are not free": (
        None,
        "",
        page(
            story(NEWS),
            head=data(
                '{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","url":"https://x.example/2",'
                '"isAccessibleForFree":false}]}'
            ),
        ),
    ),
    "an event that costs something": (
        None,
        "",
        page(story(NEWS), head=data('{"@type":"Event","name":"Harbour day","isAccessibleForFree":false}')),
    ),
    "a meter that counts": (
        None,
        "",
        page(story(NEWS, "<p>This is one of your 3 free articles this month.</p>"), '<div class="meter">2 left</div>'),
    ),
    "an invitation to a newsletter": (
        None,
        "",
        page(
            story(NEWS),
            "<section><h3>Our newsletter</h3><p>Sign up to get the harbour news every morning.</p></section>",
        ),
    ),
    "an appeal for donations": (
        None,
        "",
        page(story(LONG, "<p>We keep our reports open to all. Become a member to support our work.</p>")),
    ),
    "a pay-wall box that is hidden": (
        None,
        "",
        page(
            story(NEWS),
            '<div style="display:none">'
            + BOX("Subscribe to continue reading", "Already a subscriber?", "Log in")
            + "</div>",
        ),
    ),
    "a pay-wall box in a template": (
        None,
        "",
        page(story(NEWS), "<template>" + BOX("This article is for subscribers only", "From £1", "Buy") + "</template>"),
    ),
    "a short notice of an authority": (None, "", page(story(NEWS[:2], title="Notice to mariners 14"))),
    "an article about hackers": (
        None,
        "",
        page(
            story(
                (
                    "Visitors of the port's site were asked on Monday to verify that they are human, for the first time.",
                    *NEWS,
                ),
                title="Port site attacked",
            )
        ),
    ),
    "a page of a host with choices in its name": (None, "https://choices-magazine.example/2", page(story(NEWS))),
    "a privacy column": (
        None,
        "",
        page(
            story(
                (
                    "How much do you tell the shops in which you buy? More than you think, as three receipts show.",
                    "The first names the loyalty card, and with it the address, the age and the size of the household.",
                    "Your telephone told the door of the shop that you came in, and the till that you went out again.",
                    "None of this is forbidden if you agreed, and you did, on the back of the form for the card.",
                    "The shop sells the list to a firm that sells it to a bank, which writes to you about a loan in May.",
                    "You may ask to see what is stored; the answer took eleven weeks and had four hundred pages.",
                ),
                title="What a receipt knows",
            )
        ),
    ),
    "a German article": (
        None,
        "",
        page(
            story(
                (
                    "Die Hafenbehörde schließt das östliche Becken von Juni an für Schiffe von mehr als vierzig Metern Länge.",
                    "Die Kaimauer bewegt sich nach einer Messung mit jeder Tide um zwei Zentimeter, doppelt so viel wie vor Jahren.",
                    "Die Schiffsmakler erfuhren davon durch einen Aushang am Tor und fürchten um das Geschäft im Frühling.",
                    "Die Behörde will ihre Zahlen bis zum Ende des Monats veröffentlichen und alle Anlieger hören.",
                    "Wer weiterlesen will, findet den Bericht der Gutachter im Rathaus; er liegt dort zwei Wochen aus.",
                )
            ),
            lang="de",
        ),
    ),
    "a French article": (
        None,
        "",
        page(
            story(
                (
                    "Le port fermera en juin le bassin de l'est aux navires de plus de quarante mètres, a-t-on appris mardi.",
                    "Le mur du quai bouge de deux centimètres à chaque marée, le double d'il y a dix ans, selon les géomètres.",
                    "Les courtiers, qui ont appris la nouvelle par une affiche, craignent pour le commerce du printemps.",
                    "L'autorité portuaire a promis de publier ses chiffres et d'entendre tous ceux qui vivent du bassin.",
                )
            ),
            lang="fr",
        ),
    ),
    "a Chinese article": (
        None,
        "",
        page(
            story(
                (
                    "港务局周二表示，从六月起，东港池将不再对长度超过四十米的船舶开放，直到新的码头岸壁建成为止。",
                    "测量人员发现，码头岸壁随每次潮汐移动两厘米，是十年前的两倍，专家认为情况不会自行好转。",
                    "镇上的船务代理从门口的告示中得知这一计划，称这对春季贸易是一次打击，并要求尽快说明替代泊位。",
                    "港务局承诺在月底前公布数据，并听取所有依靠港池为生的人的意见，议会将于周四讨论绕行的费用。",
                )
            ),
            lang="zh",
        ),
    ),
    # ── pay-walls ──
    "marked as not free": (
        PAYWALL,
        "",
        page(story(NEWS), head=data('{"@type":"NewsArticle","isAccessibleForFree":false}')),
    ),
    "marked as not free in a graph": (
        PAYWALL,
        "",
        page(
            story(NEWS),
            head=data(
                '{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Courier"},{"@type":["Article",'
                '"NewsArticle"],"isAccessibleForFree":"False"}]}'
            ),
        ),
    ),
    "marked as not free in broken data": (
        PAYWALL,
        "",
        page(story(NEWS[:3]), head=data('{"@type":"NewsArticle","isAccessibleForFree":"False",}')),
    ),
    "marked as not free in microdata": (
        PAYWALL,
        "",
        page('<meta itemprop="isAccessibleForFree" content="false">', story(NEWS[:3])),
    ),
    "an English teaser with a box": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Subscribe to continue reading", "Plans from £1 a week", "See plans")),
    ),
    "a box within the article": (
        PAYWALL,
        "",
        page(
            story(
                NEWS[:3], "<p>This article is for subscribers only. To continue reading, log in or choose a plan.</p>"
            )
        ),
    ),
    "a member's story": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("This story is available to members", "This story is for our members", "Join")),
    ),
    "a letter for those who pay": (
        PAYWALL,
        "",
        page(
            story(NEWS[:2]), BOX("Keep reading with a 7-day free trial", "This post is for paid subscribers", "Start")
        ),
    ),
    "a limit that was reached": (
        PAYWALL,
        "",
        page(story(NEWS[:1]), BOX("You’ve reached your limit of free articles", "Subscribe for more", "Subscribe")),
    ),
    "a registration wall": (PAYWALL, "", page(story(NEWS[:2]), BOX("Register for free to continue reading", "", "Go"))),
    "a German pay-wall": (
        PAYWALL,
        "",
        page(
            story(NEWS[:2]),
            BOX("Jetzt Abo testen und weiterlesen", "Dieser Artikel ist exklusiv für Abonnenten", "Abo"),
        ),
    ),
    "a French pay-wall": (
        PAYWALL,
        "",
        page(
            story(NEWS[:2]),
            BOX("Il vous reste 75 % de cet article à lire", "La suite est réservée aux abonnés.", "Lire"),
        ),
    ),
    "a Spanish pay-wall": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Contenido exclusivo para suscriptores", "Suscríbete para seguir leyendo", "Ver")),
    ),
    "an Italian pay-wall": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Contenuto riservato agli abbonati", "Abbonati per continuare a leggere", "Vai")),
    ),
    "a Chinese pay-wall": (PAYWALL, "", page(story(NEWS[:2]), BOX("本文为付费内容", "订阅后继续阅读全文", "订阅"))),
    "a Japanese pay-wall": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("この記事は有料会員限定です。", "残り1,200文字", "ログイン")),
    ),
    # ── consent ──
    "a consent page": (CONSENT, "", page(*NOTICE_EN, title="We value your privacy", chrome=False)),
    "a consent page within the site": (CONSENT, "", page("<main>", *NOTICE_EN, "</main>")),
    "a consent host": (
        CONSENT,
        "https://consent.news.example/collect?session=1",
        page("<h1>Welcome</h1>", chrome=False),
    ),
    "before you continue": (
        CONSENT,
        "",
        page(
            "<h1>Before you continue</h1>",
            paragraphs(
                (
                    "We use cookies and data to deliver and maintain our services and to measure how you use them.",
                    "If you choose to accept all, we will also use cookies and data to show personalised ads and content.",
                    "If you choose to reject all, we will not use cookies for these additional purposes.",
                )
            ),
            "<button>Reject all</button><button>Accept all</button>",
            chrome=False,
        ),
    ),
    "a German choice between ads and paying": (
        CONSENT,
        "",
        page(
            "<h1>Weiterlesen mit Werbung oder im Pur-Abo</h1>",
            paragraphs(
                (
                    "Besuchen Sie uns wie gewohnt mit Werbung und Tracking. Ihre Zustimmung können Sie jederzeit widerrufen.",
                    "Wir und unsere 189 Partner speichern Informationen auf Ihrem Gerät, zum Beispiel Cookies, und lesen sie aus.",
                    "Ihre personenbezogenen Daten werden für personalisierte Werbung verarbeitet. Datenschutz ist uns wichtig.",
                )
            ),
            "<button>Akzeptieren und weiter</button>",
            lang="de",
            chrome=False,
        ),
    ),
    "a French consent page": (
        CONSENT,
        "",
        page(
            "<h1>Votre vie privée</h1>",
            paragraphs(
                (
                    "Avec votre consentement, nos partenaires et nous utilisons des cookies pour stocker et accéder à vos données.",
                    "Vous pouvez accepter ou refuser ces traceurs, ou modifier vos choix à tout moment sur notre site.",
                )
            ),
            "<button>Accepter</button><button>Continuer sans accepter</button>",
            lang="fr",
            chrome=False,
        ),
    ),
    "a Dutch consent page": (
        CONSENT,
        "",
        page(
            "<h1>De krant vraagt je toestemming</h1>",
            paragraphs(
                (
                    "Wij en onze partners gebruiken cookies om je persoonlijke advertenties te laten zien en gegevens te meten.",
                    "Geef je akkoord, dan bewaren we je keuze. Je kunt je toestemming altijd weer intrekken op onze site.",
                )
            ),
            "<button>Akkoord</button>",
            lang="nl",
            chrome=False,
        ),
    ),
    # ── proof of a human ──
    "a challenge": (
        HUMAN,
        "",
        page(
            "<h1>Just a moment…</h1><p>Enable JavaScript and cookies to continue</p>",
            title="Just a moment...",
            chrome=False,
        ),
    ),
    "press and hold": (
        HUMAN,
        "",
        page(
            "<h1>Before we go on</h1><p>Press &amp; Hold to confirm you are a human (and not a bot).</p>", chrome=False
        ),
    ),
    "access denied": (
        HUMAN,
        "",
        page("<h1>Access to this page has been denied</h1><p>because it looks as if a program asks.</p>", chrome=False),
    ),
}

# Written after the phrases, to see what they are worth on pages they were not made for; kept with what was learnt.
PAGES |= {
    "an offer of unlimited access": (
        PAYWALL,
        "",
        page(
            story(NEWS[:2]),
            BOX("Want to read more?", "Get unlimited access to all our journalism for £2 a month.", "Subscribe now"),
        ),
    ),
    "a box with a subscription": (
        PAYWALL,
        "",
        page(
            story(NEWS[:3]),
            BOX("Continue reading with a subscription", "Already have an account? Sign in", "Subscribe"),
        ),
    ),
    "content for subscribers": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("This content is reserved for subscribers", "", "Subscribe")),
    ),
    "a German digital subscription": (
        PAYWALL,
        "",
        page(
            story(NEWS[:2]),
            BOX("Lesen Sie diesen Artikel mit unserem Digital-Abo weiter", "Bereits Abonnent? Anmelden", "Angebot"),
        ),
    ),
    "an account for the story": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Create a free account to read this story", "", "Create account")),
    ),
    "the full story for those who sign in": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("To read the full story, subscribe or sign in", "", "Subscribe")),
    ),
    "the rest with a free trial": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Read the rest of this story with a free trial", "", "Try")),
    ),
    "subscribers only": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Subscribers only", "Subscribe to FT to read this article", "Go")),
    ),
    "a French sentence": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Cet article est réservé aux abonnés", "", "S'abonner")),
    ),
    "a Japanese sentence": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("ここから先は有料会員になるとお読みいただけます", "", "登録")),
    ),
    "privacy that is important": (
        CONSENT,
        "",
        page(
            "<h1>Your privacy is important to us</h1>",
            paragraphs(
                [
                    "We and our partners store or access information on devices, such as cookies and process personal data, such as unique identifiers and standard information sent by a device for personalised advertising.",
                    "You may click to consent to our and our 1423 partners’ processing as described above.",
                ]
            ),
            chrome=False,
        ),
    ),
    "German settings": (
        CONSENT,
        "",
        page(
            "<h1>Datenschutz-Einstellungen</h1>",
            paragraphs(
                [
                    "Wir verwenden Cookies und ähnliche Technologien auf unserer Webseite und verarbeiten Ihre personenbezogenen Daten, um Inhalte und Anzeigen zu personalisieren.",
                    "Mit Klick auf „Alle akzeptieren“ willigen Sie in die Verarbeitung ein.",
                ]
            ),
            chrome=False,
            lang="de",
        ),
    ),
    "a Spanish consent page": (
        CONSENT,
        "",
        page(
            "<h1>Valoramos tu privacidad</h1>",
            paragraphs(
                [
                    "Nosotros y nuestros socios almacenamos o accedemos a información en un dispositivo, tales como cookies, y procesamos tus datos personales.",
                    "Puedes aceptar o rechazar el tratamiento.",
                ]
            ),
            chrome=False,
            lang="es",
        ),
    ),
    "attention required": (
        HUMAN,
        "",
        page(
            "<h1>Attention Required!</h1><p>Please verify you are a human by completing the action below.</p>",
            chrome=False,
        ),
    ),
    "a request to enable JS": (HUMAN, "", page("<p>Please enable JS and disable any ad blocker</p>", chrome=False)),
    "readers may comment": (
        None,
        "",
        page(story([*NEWS[:4], "Readers can sign in to comment on this story. Comments close after two days."])),
    ),
    "alerts on a topic": (
        None,
        "",
        page(story(NEWS[:4]), "<p>Register to get alerts on this topic and keep reading the port's news first.</p>"),
    ),
    "an article about a privacy bill": (
        None,
        "",
        page(
            story(
                [
                    "The privacy commissioner said on Monday that your data belongs to you, and that our courts would have to say so soon.",
                    "We need rules for consent, she told members of parliament, and partners abroad must keep them as well.",
                    "Cookies are only a part of it, she said: your telephone tells more about you than any cookie ever could.",
                    "The bill on personal data goes to the committee in March; the government wants it passed before the summer.",
                    "Opposition members asked who would pay for the new office, which is to have forty inspectors in two towns.",
                ],
                title="Your data is yours",
            )
        ),
    ),
    "access denied to barges": (
        None,
        "",
        page(
            story(
                ["Access to the eastern basin was denied to two barges on Monday.", "The pilots had no word of it."],
                title="Barges turned away",
            )
        ),
    ),
    "another article for subscribers": (
        None,
        "",
        page(
            story(NEWS[:3]),
            "<aside><h3>More</h3><p>This article is for subscribers only: How the lock was built</p></aside>",
        ),
    ),
    "a paper in print": (
        None,
        "",
        page(story(NEWS), BOX("Support us", "Subscribe to read this newspaper in print", "See offers")),
    ),
    "a related interview for subscribers": (
        None,
        "",
        page(
            story(NEWS[:3]),
            '<div class="related"><h4>Premium</h4><ul><li><a href="/x">Subscribe to read the full interview with the harbour master</a></li></ul></div>',
        ),
    ),
    "a short article with a banner": (None, "", page(BANNER, story(NEWS[:2]))),
    "a subscription that is needed": (
        PAYWALL,
        "",
        page(
            story(NEWS[:2]), BOX("You need a subscription to read this", "Choose the plan that suits you", "See plans")
        ),
    ),
    "a log-in": (PAYWALL, "", page(story(NEWS[:2]), BOX("Log in to continue reading", "New here? Register", "Log in"))),
    "a German plus": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Weiterlesen mit Courier plus", "Alle Artikel für 1 Euro im ersten Monat", "Testen")),
    ),
    "full access": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Subscribe now for full access", "Already a subscriber? Log in", "Subscribe")),
    ),
    "a French subscription": (
        PAYWALL,
        "",
        page(story(NEWS[:2]), BOX("Abonnez-vous pour lire la suite", "Sans engagement", "S’abonner")),
    ),
    "an exclusive article": (
        PAYWALL,
        "",
        page(story(NEWS[:3]), BOX("This article is exclusive to subscribers", "", "Go")),
    ),
    "essential cookies": (
        CONSENT,
        "",
        page(
            "<h1>Cookies on this site</h1>",
            paragraphs(
                [
                    "We use essential cookies to make our site work. With your consent, we may also use non-essential cookies to improve user experience and analyze website traffic.",
                    "By clicking “Accept,” you agree to our website’s cookie use as described in our Cookie Policy.",
                ]
            ),
            "<button>Accept</button>",
            chrome=False,
        ),
    ),
    "an Italian consent page": (
        CONSENT,
        "",
        page(
            "<h1>Informativa</h1>",
            paragraphs(
                [
                    "Noi e terze parti selezionate utilizziamo cookie o tecnologie simili per finalità tecniche e, con il tuo consenso, anche per altre finalità come la pubblicità.",
                    "Puoi accettare o rifiutare in qualsiasi momento. Accetta per proseguire la lettura.",
                ]
            ),
            chrome=False,
            lang="it",
        ),
    ),
    "a security check": (
        HUMAN,
        "",
        page("<h1>One more step</h1><p>Please complete the security check to access courier.example</p>", chrome=False),
    ),
    "a letter that asks for permission": (
        None,
        "",
        page(
            story(
                [
                    "We use the harbour every day, the rowers wrote to the council, and your plan leaves us out.",
                    "Our partners in the neighbouring town would accept boats for a season, but not their trailers.",
                    "The club asks for permission to lay a raft by the mill. It would pay for the anchors itself.",
                    "The council will manage the list of berths from May and may refuse any boat above six metres.",
                ],
                title="Rowers write to the council",
            )
        ),
    ),
    "an article about a button": (
        None,
        "",
        page(
            story(
                [
                    "The bill asks sites for a clear button with which to reject tracking, the minister said on Monday.",
                    "Publishers would have to keep the choices of their readers for a year and tell their partners of them.",
                    "“We use cookies like everybody else,” said the head of the largest publisher, “and we ask before we do.”",
                    "Advertisers called the bill a gift to the two platforms that need no cookies because everybody is logged in.",
                ],
                title="A button against tracking",
            )
        ),
    ),
    "a log-in for comments": (
        None,
        "",
        page(story([*NEWS[:3]]), "<p>Log in to comment</p><p>Read the full report (PDF)</p>"),
    ),
    "an article about reading on": (
        None,
        "",
        page(
            story(
                [
                    "The library offers its readers the papers of the region again from Monday.",
                    "Whoever wants to continue reading at home needs a library card and a password, said its head.",
                    "The papers can be read on any device, for two hours a day. The town pays four thousand a year for it.",
                ],
                title="Papers in the library",
            )
        ),
    ),
    "a podcast": (
        None,
        "",
        page(story(NEWS[:3]), '<aside class="promo"><p>Subscribe to our podcast to keep up with the port.</p></aside>'),
    ),
    "a moment of inattention": (
        None,
        "",
        page(
            story(
                [
                    "Just a moment of inattention led to the collision in the eastern basin, the inquiry found on Monday.",
                    "The pilot had looked at his telephone. He was fined and may return to work in May.",
                ],
                title="Collision explained",
            )
        ),
    ),
    "members' figures": (
        None,
        "",
        page(story(NEWS[:3]), "<p>More on this: <a href='/2'>Members only: the figures behind the wall</a></p>"),
    ),
    "a German article about pay-walls": (
        None,
        "",
        page(
            story(
                [
                    "Der Verlag stellt seine Zeitung um: Ein Teil der Artikel ist künftig nur für Abonnenten lesbar, sagte der Verleger.",
                    "Die Leser sollen sich daran gewöhnen, sagte er. Frei bleiben Meldungen aus den Vereinen und die Wetterkarte.",
                    "Die Gewerkschaft begrüßte den Schritt und verlangte, das Geld in die Redaktion zu stecken und nicht in die Technik.",
                ],
                title="Zeitung stellt um",
            ),
            lang="de",
        ),
    ),
    "a Chinese article about pay-walls": (
        None,
        "",
        page(
            story(
                [
                    "这家报社周一宣布，明年起部分报道将只向会员开放，读者需要订阅才能阅读全文。",
                    "社长说，每天的读者中如果有十分之一愿意付费，报社就可以维持下去，天气和社区消息仍然免费。",
                    "记者协会对此表示欢迎，但希望新的收入用于采访而不是用于技术系统的更新。",
                ],
                title="报社宣布改制",
            ),
            lang="zh",
        ),
    ),
}
