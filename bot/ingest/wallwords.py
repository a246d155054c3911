r"""The phrases of consent walls, pay-walls and challenges, by language; :mod:`.walls` says what each one is worth.

Regular expressions without regard to capitals. ``[^.!?\n]`` keeps within a sentence, and bounded repeats keep the time
in proportion to the text.
"""

from __future__ import annotations

import re

_WITHIN = r"[^.!?\n]{0,60}"
_PIECE = r"(?:article|story|post|report|page|piece|content)"
_ALL_OF_IT = rf"(?:reading|on\b|this {_PIECE}|the (?:full|whole|entire) {_PIECE}|the rest\b)"


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE | re.MULTILINE)


# Sentences that bar the way to the rest of an article.
BAR = _any(
    rf"\b(?:subscribe|sign up|register|log in|sign in|start your (?:free )?trial|upgrade|become a (?:member|subscriber)"
    rf"|create (?:an?|your) (?:free )?account){_WITHIN}\bto (?:continue|keep|read|finish|unlock) {_ALL_OF_IT}",
    rf"\bto (?:continue|keep|read|unlock) {_ALL_OF_IT}{_WITHIN}"
    r"\b(?:subscribe|sign (?:in|up)|log in|register|create an?|create your|choose a|become)",
    rf"\b(?:continue|read|keep) {_ALL_OF_IT}[^.!?\n]{{0,30}}\bwith (?:a|an|our|your) "
    r"[^.!?\n]{0,20}(?:trial|subscription|account)",
    rf"\bthis {_PIECE} is (?:(?:only|exclusively|reserved|available) )*"
    r"(?:for|to) (?:(?:our|paid|paying|digital) )*(?:subscribers|members)",
    r"\bexclusive(?:ly)? (?:to|for) (?:our )?(?:subscribers|members)",
    r"\bcontinue reading your article with",
    r"\byou(?:['’]ve| have) (?:reached|used) (?:your|all)[^.!?\n]{0,40}\b(?:limit|free (?:articles|stories))",
    rf"\bunlock (?:this|the full) {_PIECE}",
    rf"\byou need (?:a subscription|to (?:subscribe|log in|register)) to (?:continue|read (?:this|on|{_PIECE}))",
    # German
    r"\bjetzt (?:\S{1,20} )?weiterlesen",
    r"\bweiterlesen mit ",
    r"\bum weiterzulesen",
    r"\blesen sie (?:diesen|den) (?:artikel|beitrag|text) mit [^.!?\n]{0,40}\bweiter\b",
    r"\b(?:artikel|beitrag|inhalt|text) ist (?:nur|exklusiv|ausschließlich) für (?:\S{1,20} )?(?:abonnent|leser mit)",
    r"\b(?:nur|exklusiv) für (?:unsere )?abonnent",
    r"\bsie möchten (?:den artikel )?weiterlesen",
    # French
    r"\b(?:article|contenu|suite)[^.!?\n]{0,40}\bréservée?s? (?:aux|à nos) abonné",
    r"\babonnez-vous pour (?:lire|continuer|poursuivre)",
    r"\bpour lire la suite",
    r"\bil vous reste [\d,.]{1,6}\s?%",
    # Spanish, Portuguese, Italian
    r"\b(?:contenido|artículo)[^.!?\n]{0,30}(?:exclusivo|solo|sólo) para (?:\S{1,20} )?suscriptores",
    r"\bsuscr[ií]bete para (?:seguir|continuar|leer)",
    r"\bpara seguir leyendo",
    r"\b(?:conteúdo|artigo|matéria)[^.!?\n]{0,30}(?:exclusiv[oa]|restrit[oa]) (?:para|a) assinantes",
    r"\bassine para (?:ler|continuar)",
    r"\b(?:contenuto|articolo)[^.!?\n]{0,30}riservato agli abbonati",
    r"\babbonati per (?:continuare|leggere)",
    # Dutch
    r"\bdit artikel is (?:alleen|exclusief) voor abonnees",
    r"\bverder lezen\?",
    # Chinese, Japanese
    r"订阅[^。！？\n]{0,12}阅读",
    r"訂閱[^。！？\n]{0,12}閱讀",
    r"(?:本文|此文|以下内容)[^。！？\n]{0,8}(?:付费|会员)(?:内容|专享|阅读|可见)",
    r"有料会員(?:限定|になると|登録)",
    r"この記事は[^。！？\n]{0,10}会員限定",
)

# What a consent notice says that the site does …
OPENING = _any(
    r"\bwe (?:and our (?:\d[\d,.]* )?partners )?(?:value your|care about your|respect your|use|store|process)\b",
    r"\bthis (?:site|website|page) (?:uses|asks)",
    r"\bour (?:\d[\d,.]* )?(?:partners|vendors)\b",
    r"\b(?:wir|nous|noi|wij|we|nosotros|nós)\b[^.!?\n]{0,40}(?:partner|parten|socios|terze|parceiros)",
    r"\bwir (?:verwenden|nutzen|setzen|benötigen|verarbeiten|speichern)\b",
    r"\b(?:nous utilisons|utilizamos|usamos|utilizziamo|usiamo|wij gebruiken|we gebruiken)\b",
    r"\bmit werbung\b[^.!?\n]{0,40}\b(?:tracking|abo)",
    r"\bvraagt je toestemming",
    r"我们(?:重视|使用)|当社(?:は|と)",
)

# … and what the reader is to do.
ASK = _any(
    r"\b(?:accept|reject|refuse|agree|decline|manage|object|withdraw|click|preferences|permission)\b",
    r"\byour (?:options|choices|consent|settings)\b",
    r"akzeptieren|ablehnen|zustimm|widerrufen|einwillig|einstellungen",
    r"\b(?:accepter|refuser|choix|consentement)\b",
    r"\b(?:aceptar|rechazar|consentimiento|aceitar|rejeitar)\b",
    r"\b(?:accetta|rifiuta|consenso)\b",
    r"\b(?:akkoord|accepteren|weigeren|toestemming)\b",
    r"同意|接受|拒绝|拒絕",
)

# What a notice is about …
CONSENT = _any(
    r"cookie|consent|privacy|tracking|identifiers|preferences|vendors|partners|legitimate interest",
    r"personal(?:i[sz]ed)? (?:data|ads|advertising|content)",
    r"\b(?:accept|reject|allow|refuse|manage)\b[^.!?\n]{0,20}\b(?:all|choices|options|settings)",
    r"einwillig|zustimm|datenschutz|werbung|partner|akzeptieren|ablehnen|pur-abo",
    r"accepter|refuser|partenaires|données|traceurs|publicit",
    r"consentimiento|socios|aceptar|rechazar|datos|publicidad",
    r"consenso|accetta|rifiuta|terze parti|pubblicità",
    r"consentimento|aceitar|parceiros|dados",
    r"toestemming|akkoord|accepteren|weigeren|gegevens|persoonlijk",
    r"同意|隐私|隱私|个人信息|プライバシー",
)

# … and whom it speaks to.
ADDRESS = _any(
    r"\b(?:we|our|us|you|your)\b",
    r"\b(?:wir|unsere?[rnm]?|uns|sie|ihre?[rnm]?)\b",
    r"\b(?:nous|nos|vous|vos|votre)\b",
    r"\b(?:nosotros|nuestros?|tus?|usted|sus?|nós|nossos|seus?)\b",
    r"\b(?:noi|nostri|tu[oaie]?)\b",
    r"\b(?:wij|onze|je|jouw|uw)\b",
    r"我们|我們|您|你|当社",
)

# Hosts of the large publishers' and vendors' consent pages, to which a page redirects.
CONSENT_HOST = _any(r"(?:^|\.)(?:consent|guce|cmp|cmpv2|privacy-mgmt|cookiewall|myprivacy|privacygate)\.[a-z0-9-]+\.")

# A page that asks for proof of a human.
CHALLENGE = _any(
    r"just a moment(?:\.\.\.|…|\s*$)",
    r"\b(?:verify|prove|confirm)(?:ing)? (?:that )?you are (?:a )?(?:human|not a robot)",
    r"\bare you a (?:human|robot)",
    r"enable javascript (?:and cookies )?to continue|enable js\b",
    r"checking (?:your browser|if the site)",
    r"pardon our interruption",
    r"unusual (?:traffic|activity) from your",
    r"complete the (?:captcha|security check)",
    r"press (?:&|and) hold",
    r"access (?:to this page has been )?denied",
    r"请(?:完成|进行)(?:安全)?验证|sind sie ein mensch",
)
