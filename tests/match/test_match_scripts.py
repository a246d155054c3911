"""What a term matches, row by row, in the scripts of the world; the brackets show the hits, to the character.

``⟨…⟩`` in a text stands around what must be found; it is taken out before the text is matched. What is found
is compared as offsets into the original text.
"""

import re
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from makers import article as made

from bot.match import Matcher
from bot.model import Alias, AnyOf, Rule, Term
from bot.rules.terms import parse_plain
from bot.text import fold
from bot.tomlfile.models import Mistake


def article(body, title="", day=None):
    return made(body, title, published_at=datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None)


def spans(term, one):
    """Every hit as (field, start, end), with a look that the hit's text is what stands there."""
    mentions = Matcher([Rule(id="r", title="", expr=term)]).match(one)
    hits = [hit for mention in mentions for hit in mention.hits]
    assert all(getattr(one, hit.field)[hit.start : hit.end] == hit.text for hit in hits)
    return [(hit.field, hit.start, hit.end) for hit in hits]


def bracketed(term, text):
    """The text without its brackets, matched, and put into brackets again as it was matched."""
    body = re.sub("[⟨⟩]", "", text)
    for _, start, end in sorted(spans(term, article(body)), reverse=True):
        body = f"{body[:start]}⟨{body[start:end]}⟩{body[end:]}"
    return body


def table(rows):
    """Parameters for a test out of (typed term, text with brackets)."""
    names = [f"{number}-{typed!a}" for number, (typed, _) in enumerate(rows)]
    return pytest.mark.parametrize(("typed", "text"), rows, ids=names)


def check(typed, text):
    assert bracketed(parse_plain(typed), text) == text


# ── folding ──────────────────────────────────────────────────────────────────────────────────────

FOLDING = [
    # case
    ("huawei", "⟨HUAWEI⟩ ⟨Huawei⟩ ⟨hUAWEI⟩"),
    ("санкции", "⟨САНКЦИИ⟩ ⟨Санкции⟩"),
    ("ЄВРОПА", "⟨європа⟩ ⟨Європа⟩"),
    ("Հայաստան", "⟨ՀԱՅԱՍՏԱՆ⟩ ⟨հայաստան⟩"),
    ("საქართველო", "⟨ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ⟩ ⟨საქართველო⟩"),
    ("Κύπρος", "⟨ΚΎΠΡΟΣ⟩ ⟨κύπρος⟩ ⟨κύπροσ⟩"),
    ("straße", "⟨STRASSE⟩ ⟨STRAẞE⟩ ⟨Strasse⟩"),
    # compatibility forms
    ("huawei 5g net", "⟨Ｈｕａｗｅｉ　５Ｇ　ｎｅｔ⟩"),
    ("firma", "⟨ﬁrma⟩"),
    ("m2", "120 ⟨m²⟩"),
    ("№ 5", "⟨№ 5⟩ ⟨No 5⟩"),
    ("25 °C", "⟨25 ℃⟩"),
    ("Louis XIV", "⟨Louis ⅩⅣ⟩"),
    ("الأمن", "⟨ﺍﻷﻣﻦ⟩"),
    ("ガス", "⟨ｶﾞｽ⟩ ⟨カ\u3099ス⟩"),
    ("ﾊﾟﾅﾏ", "⟨パナマ⟩"),
    ("株式会社", "⟨㍿⟩"),
    ("한국", "⟨\u1112\u1161\u11ab\u1100\u116e\u11a8⟩은 ⟨한국⟩"),
    ("և", "⟨եւ⟩"),
    # digits of other scripts are other digits: NFKC has only the full-width ones
    ("2024", "⟨２０２４⟩ ٢٠٢٤ २०२४ ๒๐๒๔"),
    ("٢٠٢٤", "⟨٢٠٢٤⟩ 2024"),
    # quotes
    ("Moody's", "⟨Moody’s⟩ ⟨Moody‘s⟩ ⟨Moody`s⟩ ⟨Moodyʼs⟩ Moodys"),
    ("п'ять", "⟨п’ять⟩ ⟨пʼять⟩ ⟨П'ЯТЬ⟩"),
    ("O'zbekiston", "⟨Oʻzbekiston⟩ ⟨O‘zbekiston⟩ ⟨O’zbekiston⟩"),
    ("l'accordo", "⟨l’accordo⟩ ⟨L'Accordo⟩"),
    ("ארה״ב", 'ממשל ⟨ארה"ב⟩ ⟨ארה”ב⟩ ⟨ארה״ב⟩'),
    ("צ'ילה", "⟨צ׳ילה⟩ ⟨צ’ילה⟩"),
    ("Բ'Գ", "⟨Բ’Գ⟩"),
    # dashes
    ("Austria-Hungary", "⟨Austria–Hungary⟩ ⟨Austria—Hungary⟩ ⟨Austria‑Hungary⟩ ⟨Austria−Hungary⟩ ⟨Austria－Hungary⟩"),
    ("תל-אביב", "⟨תל־אביב⟩ ⟨תל אביב⟩"),
    ("Санкт-Петербург", "⟨САНКТ‑ПЕТЕРБУРГ⟩"),
    ("Մեծ-Բրիտանիա", "⟨Մեծ֊Բրիտանիա⟩"),
    # white space
    ("export control", "⟨export\u00a0control⟩ ⟨export\ncontrol⟩ ⟨export \t\u2003control⟩ ⟨export\u3000control⟩"),
    ("экспортный контроль", "⟨экспортный\u202fконтроль⟩"),
    ("수출 통제", "⟨수출\u00a0 통제⟩"),
    ("निर्यात नियंत्रण", "⟨निर्यात\r\nनियंत्रण⟩"),
    ("export control", "export\n\ncontrol"),
    # what is not seen
    ("export", "⟨ex\u00adport⟩ ⟨ex\u200bport⟩ \u2060⟨export⟩ ⟨e\ufeffxport⟩"),
    ("санкции", "⟨санк\u00adции⟩"),
    ("میخواهد", "⟨می\u200cخواهد⟩"),
    ("الصين", "\u200f⟨الصين⟩\u200e ⟨الصـــين⟩ ⟨الصـِين⟩"),
    ("שלום", "\u2067⟨שלום⟩\u2069"),
    ("华为", "⟨华\u200b为⟩ ⟨华\ufe00为⟩"),
    ("क्षेत्र", "⟨क्\u200dषेत्र⟩ ⟨क्षेत्र⟩"),
    ("ความ", "⟨ค\u200bวาม⟩"),
    # accents: a term without finds both
    ("Zurich", "⟨Zürich⟩ ⟨Zu\u0308rich⟩ ⟨ZÜRICH⟩"),
    ("Ho Chi Minh", "⟨Hồ Chí Minh⟩ ⟨HỒ CHÍ MINH⟩ ⟨Ho\u0302\u0300 Chi\u0301 Minh⟩"),
    ("Dong Nai", "⟨Đồng Nai⟩"),
    ("Lodz", "⟨Łódź⟩"),
    ("Turkiye", "⟨Türkiye⟩ ⟨TÜRKİYE⟩"),
    ("Diyarbakir", "⟨Diyarbakır⟩"),
    ("ευρωπη", "⟨Ευρώπη⟩ ⟨ΕΥΡΩΠΗ⟩ ⟨Ευρω\u0301πη⟩"),
    ("елка", "⟨ёлка⟩ ⟨е\u0308лка⟩ ⟨ЁЛКА⟩"),
    ("замок", "⟨за́мок⟩ ⟨замо́к⟩"),
    ("محمد", "⟨مُحَمَّد⟩ ⟨محمّد⟩"),
    ("שלום", "⟨שָׁלוֹם⟩ ⟨שלום⟩"),
    # a term with accents asks for them
    ("Zürich", "⟨Zürich⟩ ⟨Zu\u0308rich⟩ Zurich Zùrich"),
    ("Hồ Chí Minh", "⟨Hồ Chí Minh⟩ ⟨Ho\u0302\u0300 Chi\u0301 Minh⟩ Ho Chi Minh Hổ Chí Minh"),
    ("Vie\u0323\u0302t Nam", "⟨Việt Nam⟩ ⟨Vie\u0302\u0323t Nam⟩ Viet Nam"),
    ("Ευρώπη", "⟨Ευρώπη⟩ ⟨ΕΥΡΏΠΗ⟩ Ευρωπη"),
    ("ёлка", "⟨ёлка⟩ елка"),
    ("שָׁלוֹם", "⟨שָׁלוֹם⟩ שלום"),
    ("مُحمد", "⟨مُحمد⟩ محمد"),
    ("İstanbul", "⟨İstanbul⟩ ⟨I\u0307STANBUL⟩ Istanbul"),
    # letters of their own
    ("мои", "мой"),
    ("кука", "куќа"),
    ("иi", "иї"),
    ("ايران", "⟨ايران⟩ إيران"),
    ("かす", "がす ガス"),
    ("कि", "⟨कि⟩ की"),
    ("क़लम", "⟨क\u093cलम⟩ ⟨\u0958लम⟩ कलम"),
    ("กา", "⟨กา⟩ กี กำ"),
    ("นำ", "การ⟨นำ⟩เข้า ⟨นํา⟩"),
    # traditional and simplified Chinese, but not Japanese forms of their own
    ("華為", "⟨华为⟩ ⟨華為⟩ ⟨華为⟩"),
    ("出口管制", "⟨出口管制⟩"),
    ("户籍", "⟨户籍⟩ ⟨戶籍⟩ 戸籍"),
    ("台湾", "⟨台灣⟩ ⟨台湾⟩"),
    ("龍", "⟨龙⟩ ⟨龍⟩ ⟨⿓⟩ 竜"),
]  # fmt: skip


@table(FOLDING)
def test_folding(typed, text):
    check(typed, text)


# ── word edges ───────────────────────────────────────────────────────────────────────────────────

EDGES = [
    ("ban", "⟨ban⟩ bank urban ban2 2ban (⟨ban⟩) “⟨ban⟩” ⟨ban⟩, _⟨ban⟩_ ⟨ban⟩/⟨ban⟩ x-⟨ban⟩-y ⟨ban⟩"),
    ("ban", "⟨bañ⟩ ⟨ban\u0303⟩ ⟨bän⟩ ban\u20dd"),
    ("Иран", "⟨Иран⟩ Ираном тиран «⟨Иран⟩»"),
    ("Ιράν", "⟨Ιράν⟩ Ιράνη"),
    ("الصين", "⟨الصين⟩ والصين ⟨الصين⟩، صين"),
    ("סין", "⟨סין⟩ בסין ⟨סין⟩־ארה״ב"),
    ("चीन", "⟨चीन⟩ चीनी ⟨चीन⟩।"),
    ("कर", "⟨कर⟩ करि करके"),
    ("Իրան", "⟨Իրան⟩ Իրանի ⟨Իրան⟩։"),
    ("ჩინეთი", "⟨ჩინეთი⟩ ჩინეთის"),
    ("ኢራን", "⟨ኢራን⟩ ኢራንን"),
    ("தடை", "⟨தடை⟩ தடைகள்"),
    # inside runs of scripts that write no spaces
    ("出口", "限制⟨出口⟩管制"),
    ("華為", "对⟨华为⟩AI芯片"),
    ("かな", "ひら⟨かな⟩は"),
    ("サーバ", "⟨サーバ⟩ーの⟨ｻｰﾊﾞ⟩"),
    ("화웨이", "⟨화웨이⟩는 ⟨화웨이⟩가 주한⟨화웨이⟩"),
    ("ส่งออก", "การ⟨ส่งออก⟩สินค้า"),
    ("เก", "เก็บ ⟨เก⟩"),
    ("チ", "ヂ チ\u3099 ⟨チ⟩"),
    # other scripts beside them
    ("AI", "使用⟨AI⟩技术 ⟨AI⟩칩 ประเทศ⟨AI⟩ AIR"),
    ("5G", "华为⟨5G⟩网络 15G"),
    ("2024", "⟨2024⟩年 于⟨２０２４⟩年 12024年"),
    ("Иран", "伊朗⟨Иран⟩伊朗"),
    # a sign at the beginning or end asks for no edge
    ("U.S.", "⟨U.S.⟩ ⟨U.S.⟩-made (⟨U.S.⟩)"),
    ("C++", "⟨C++⟩ ⟨C++⟩+ ⟨C++⟩17 VisualC++"),
    (".NET", "ASP⟨.NET⟩ ⟨.NET⟩ .NETs"),
    ("$370 billion", "US⟨$370 billion⟩ A⟨$370 billion⟩ $370 billionx"),
    ("€5", "за⟨€5⟩ ⟨€5⟩ €50"),
    ("№ 5", "пункт№ 5 ⟨№ 5⟩ №5"),
    ("50%", "⟨50%⟩ ⟨50%⟩는 150% ⟨50%⟩的"),
    ("#Иран", "x⟨#Иран⟩ #Иране"),
    ("@华为", "x⟨@华为⟩"),
    ("AT&T", "⟨AT&T⟩ ⟨at&t⟩ AT&TX"),
    ("ארה״ב", "x ⟨ארה״ב⟩ ארה״בים"),
    ("А.О.", "⟨А.О.⟩ ⟨А.О.⟩"),
    # what joins nothing
    ("Huawei", "⟨Huawei⟩™ ⟨Huawei⟩® 📱⟨Huawei⟩📱 ⟨Huawei⟩_ ⟨Huawei⟩…"),
    ("Sam", "⟨Sam⟩👩\u200d💻 🇺🇸⟨Sam⟩"),
]  # fmt: skip


@table(EDGES)
def test_word_edges(typed, text):
    check(typed, text)


# ── hyphen and space ─────────────────────────────────────────────────────────────────────────────

ONE_PHRASE = {
    "Latin": ("export", "control"),
    "Cyrillic": ("экспортный", "контроль"),
    "Greek": ("ελεγχος", "εξαγωγων"),
    "Arabic": ("مراقبة", "الصادرات"),
    "Hebrew": ("פיקוח", "ייצוא"),
    "Devanagari": ("निर्यात", "नियंत्रण"),
    "Armenian": ("արտահանման", "վերահսկում"),
    "Georgian": ("ექსპორტის", "კონტროლი"),
    "Thai": ("ส่งออก", "สินค้า"),
    "Hangul": ("수출", "통제"),
    "Katakana": ("エクスポート", "コントロール"),
    "Han": ("出口", "管制"),
}


@pytest.mark.parametrize("words", ONE_PHRASE.values(), ids=ONE_PHRASE)
@pytest.mark.parametrize("typed", [" ", "-", " – "], ids=["space", "hyphen", "dash"])
def test_a_space_or_hyphen_matches_a_space_a_hyphen_or_both(words, typed):
    gaps = [" ", "-", "‐", "‑", " - ", " – ", "—", "\u00a0", "- ", "\n", "-\n", "−", " \u2003 "]
    apart = ["", "\n\n", ", ", "/", ".", " x "]
    text = "; ".join([f"⟨{gap.join(words)}⟩" for gap in gaps] + [gap.join(words) for gap in apart])
    check(typed.join(words), text)


# ── plural and possessive ────────────────────────────────────────────────────────────────────────

PLURALS = [
    ("export ban", "⟨export ban⟩ ⟨export bans⟩ ⟨export ban’s⟩ ⟨export bans⟩’ exports ban"),
    ("exports ban", "⟨exports ban⟩ export ban"),
    ("export bans", "⟨export ban⟩ ⟨export bans⟩"),
    ("company", "⟨companies⟩ ⟨company’s⟩ ⟨COMPANIES⟩ companys"),
    ("batteries", "⟨battery⟩ ⟨Batteries⟩"),
    ("goods", "good ⟨goods⟩ ⟨goods⟩’"),
    ("security", "⟨security⟩ securities"),
    ("securities", "security ⟨securities⟩"),
    ("communiqué", "⟨communiqués⟩ communiques"),
    ("by-product", "⟨by-products⟩ ⟨by products⟩"),
    ("chip-maker", "⟨chip-maker⟩ ⟨chip makers⟩"),
    ("U.S. trade rep", "⟨U.S. trade reps⟩ ⟨US trade rep’s⟩"),
    ("U.S. policy", "⟨US policies⟩ us policies"),
    ("Moody's", "⟨Moody’s⟩ Moodys Moody"),
    ("ox", "⟨ox⟩ oxs oxes"),
    ("it", "⟨it⟩’s its"),
    # English only: in no other script does a letter at the end make a plural, nor 's a possessive
    ("санкция", "⟨санкция⟩ санкции санкцияs ⟨санкция⟩’s"),
    ("тариф", "⟨тариф⟩ тарифs тарифы ⟨тариф⟩'s"),
    ("δασμός", "⟨δασμός⟩ δασμόςs δασμοί ⟨δασμός⟩’s"),
    ("شركة", "⟨شركة⟩ شركات شركةs ⟨شركة⟩’s"),
    ("חברה", "⟨חברה⟩ חברות חברהs"),
    ("कंपनी", "⟨कंपनी⟩ कंपनियाँ कंपनीs ⟨कंपनी⟩’s"),
    ("ընկերություն", "⟨ընկերություն⟩ ընկերություններ ընկերությունs"),
    ("კომპანია", "⟨კომპანია⟩ კომპანიები კომპანიაs"),
    ("기업", "⟨기업⟩들 ⟨기업⟩s"),
    ("企业", "⟨企业⟩们 ⟨企业⟩s ⟨企业⟩’s"),
    ("チップ", "⟨チップ⟩s"),
    ("ชิป", "⟨ชิป⟩s"),
    ("công ty", "⟨công ty⟩ công tys"),
    # English beside a script without spaces is a word of its own
    ("华为phone", "对⟨华为phones⟩ ⟨華為Phone’s⟩ ⟨华为phone⟩的 华为phoney"),
    ("화웨이 phone", "⟨화웨이 phones⟩"),
    ("ไทยbattery", "⟨ไทยbatteries⟩"),
    ("中国GPU", "⟨中国GPUs⟩ ⟨中國GPU’s⟩ 中国GPUS"),
]  # fmt: skip


@table(PLURALS)
def test_plural_and_possessive(typed, text):
    check(typed, text)


ALIASES = [
    ("Huawei", "⟨Huawei⟩ ⟨Huawei’s⟩ Huaweis"),
    ("US bank", "⟨US bank’s⟩ ⟨U.S. bank⟩ US banks"),
    ("Commerce Secretary", "⟨Commerce Secretary⟩ Commerce Secretaries"),
    ("Bureaus", "⟨Bureaus⟩ Bureau"),
    ("BIS", "⟨BIS⟩ ⟨BIS’s⟩ bis"),
    ("GPU", "⟨GPU⟩ ⟨GPU’s⟩ GPUs"),
    ("华为Cloud", "对⟨华为Cloud’s⟩ 华为Clouds ⟨華為CLOUD⟩的"),
    # 's belongs to a Latin name only; what other scripts hang on to a name is another word, or beside it in a run
    ("Хуавэй", "⟨Хуавэй⟩ ⟨ХУАВЭЙ⟩’s Хуавэя Хуавэйs"),
    ("Раймондо", "«⟨Раймондо⟩» ⟨Раймондо⟩'s Раймондос"),
    ("Χουαγουέι", "⟨Χουαγουέι⟩ ⟨ΧΟΥΑΓΟΥΈΙ⟩’s Χουαγουέις Χουαγουέιs"),
    ("هواوي", "⟨هواوي⟩ ⟨هواوي⟩’s وهواوي هواويs"),
    ("וואווי", "⟨וואווי⟩ ⟨וואווי⟩’s בוואווי וואוויs"),
    ("हुआवे", "⟨हुआवे⟩ ⟨हुआवे⟩’s हुआवेई हुआवेs"),
    ("หัวเว่ย", "ของ⟨หัวเว่ย⟩ ⟨หัวเว่ย⟩’s ⟨หัวเว่ย⟩s"),
    ("雷蒙多", "⟨雷蒙多⟩’s 部长⟨雷蒙多⟩的"),
    ("華為", "⟨華為⟩’s ⟨华为⟩們 ⟨華為⟩s"),
    ("みずほ", "⟨みずほ⟩’s ⟨みずほ⟩の"),
    ("ファーウェイ", "⟨ファーウェイ⟩’s ⟨ﾌｧｰｳｪｲ⟩の ⟨ファーウェイ⟩s"),
    ("화웨이", "⟨화웨이⟩’s ⟨화웨이⟩의 ⟨화웨이⟩들 ⟨화웨이⟩s"),
    ("Հուավեյ", "⟨Հուավեյ⟩ ⟨ՀՈՒԱՎԵՅ⟩’s Հուավեյի Հուավեյs"),
    ("ჰუავეი", "⟨ჰუავეი⟩ ⟨ჰუავეი⟩’s ჰუავეის ჰუავეიs"),
]  # fmt: skip


@table(ALIASES)
def test_an_alias_has_a_possessive_only(typed, text):
    assert bracketed(Term(text=typed, entity="e", alias=Alias(text=typed)), text) == text


# ── capitals ─────────────────────────────────────────────────────────────────────────────────────

CAPITALS = [
    ("US", "⟨US⟩ ⟨U.S.⟩ ⟨U.S⟩ us Us uS U.s. USA U.S.A. ⟨ＵＳ⟩"),
    ("U.S.", "⟨US⟩ ⟨U.S.⟩ us u.s."),
    ("BIS", "⟨BIS⟩ ⟨BIS’s⟩ ⟨B.I.S.⟩ bis Bis"),
    ("AI", "⟨AI⟩ ⟨A.I.⟩ ai Ai"),
    ("GPU", "⟨GPU⟩ ⟨GPUs⟩ GPUS gpus Gpu"),
    ("5G", "⟨5G⟩ 5g ⟨５Ｇ⟩"),
    ("G7", "⟨G7⟩ g7"),
    ("AUKUS", "⟨AUKUS⟩ Aukus"),
    ("HUAWEI", "⟨HUAWEI⟩ ⟨Huawei⟩ ⟨huawei⟩"),
    ("Bis", "⟨Bis⟩ ⟨bis⟩ ⟨BIS⟩"),
    ("COVID-19", "⟨COVID-19⟩ ⟨COVID 19⟩ Covid-19"),
    ("US chip ban", "⟨US chip ban⟩ ⟨U.S. CHIP BANS⟩ us chip ban"),
    ("ban on the US", "⟨Ban on the US⟩ ⟨ban on the U.S.⟩ ban on the us"),
    ("ÖVP", "⟨ÖVP⟩ övp OVP"),
    ("OVP", "⟨ÖVP⟩ ⟨OVP⟩ övp"),
    ("США", "⟨США⟩ ⟨С.Ш.А.⟩ сша Сша"),
    ("ЕС", "⟨ЕС⟩ ес"),
    ("санкции США", "⟨Санкции США⟩ санкции сша"),
    ("ΗΠΑ", "⟨ΗΠΑ⟩ ⟨Η.Π.Α.⟩ ηπα"),
    ("ԱՄՆ", "⟨ԱՄՆ⟩ ամն"),
    ("ᲐᲨᲨ", "⟨ᲐᲨᲨ⟩ აშშ"),
    ("𞤊𞤵", "⟨𞤊𞤵⟩ ⟨𞤬𞤵⟩"),
    ("Ọ̀TẸ̀", "⟨Ọ̀TẸ̀⟩ ⟨ọ̀tẹ̀⟩ ote"),
    ("OTE", "⟨Ọ̀TẸ̀⟩ ọ̀tẹ̀"),
    ("VIII", "⟨VIII⟩ ⟨Ⅷ⟩ viii ⅷ"),
    # beside a script without spaces they are words of their own
    ("AI芯片", "⟨AI芯片⟩ ⟨A.I.芯片⟩ ai芯片 Ai芯片"),
    ("华为5G", "⟨华为5G⟩网络 华为5g"),
    ("生成AI技術", "⟨生成AI技術⟩ ⟨生成ＡＩ技術⟩ 生成ai技術"),
    ("한국US", "⟨한국US⟩의 ⟨한국U.S.⟩ 한국us"),
    ("ไทยUS", "⟨ไทยUS⟩ ไทยus"),
    # scripts without capitals have no such rule
    ("აშშ", "⟨აშშ⟩ ⟨ᲐᲨᲨ⟩"),
    ("سي", "⟨سي⟩"),
    ("ארהב", "⟨ארהב⟩"),
    ("भाजपा", "⟨भाजपा⟩"),
    ("미국", "⟨미국⟩의"),
    ("美国", "⟨美國⟩"),
    ("สหรัฐ", "⟨สหรัฐ⟩ฯ"),
    ("トヨタ", "⟨ﾄﾖﾀ⟩"),
]  # fmt: skip


@table(CAPITALS)
def test_words_of_capitals(typed, text):
    check(typed, text)


# ── exact ────────────────────────────────────────────────────────────────────────────────────────

EXACT = [
    ("=Apple", "⟨Apple⟩ apple APPLE Apples ⟨Apple⟩’s Pineapple"),
    ("=Zurich", "⟨Zurich⟩ Zürich zurich"),
    ("=Zürich", "⟨Zürich⟩ ⟨Zu\u0308rich⟩ Zurich ZÜRICH"),
    ("=US", "⟨US⟩ U.S. us"),
    ("=AND", "this ⟨AND⟩ that and those"),
    ("=Иран", "⟨Иран⟩ ИРАН иран Ирана"),
    ("=ёлка", "⟨ёлка⟩ елка Ёлка"),
    ("=Κύπρος", "⟨Κύπρος⟩ ΚΥΠΡΟΣ Κυπρος κύπρος"),
    ("=Հայաստան", "⟨Հայաստան⟩ ՀԱՅԱՍՏԱՆ"),
    ("=محمد", "⟨محمد⟩ محمّد"),
    ("=שלום", "⟨שלום⟩ שָׁלוֹם"),
    ("=華為", "⟨華為⟩ 华为 對⟨華為⟩說"),
    ("=华为", "⟨华为⟩ 華為"),
    ("=ガス", "⟨ガス⟩ ⟨ｶﾞｽ⟩ がす"),
    ("=한국", "⟨한국⟩은 ⟨\u1112\u1161\u11ab국⟩"),
    ("=ไทย", "ประเทศ⟨ไทย⟩"),
    ("=चीन", "⟨चीन⟩ चीनी"),
    ("=export-control", "⟨export-control⟩ ⟨export–control⟩ export control"),
    ("=Moody's", "⟨Moody’s⟩ ⟨Moody's⟩ moody's"),
    ("=AT&T (US)", "⟨AT&T\u00a0(US)⟩ AT&T (us)"),
    ("=chip*", "⟨chip*⟩ chips"),
]  # fmt: skip


@table(EXACT)
def test_exact_terms(typed, text):
    check(typed, text)


# ── wildcards ────────────────────────────────────────────────────────────────────────────────────

WILDCARDS = [
    ("chip*", "⟨chip⟩ ⟨chips⟩ ⟨chipmaker⟩’s ⟨CHIPS⟩ microchip ⟨chip⟩-maker ⟨chip2⟩"),
    ("export control*", "⟨export control⟩ ⟨export-controlled⟩ exports control"),
    ("chip* ban", "⟨chip ban⟩ ⟨chips ban⟩ ⟨chipmakers-ban⟩ ⟨chips bans⟩"),
    ("wom?n", "⟨woman⟩ ⟨women⟩ womn womaan"),
    ("organi?ation*", "⟨organization⟩ ⟨organisations⟩"),
    ("tech??", "⟨techno⟩ techn technol"),
    ("Zürich*", "⟨Zürichs⟩ ⟨Zu\u0308richer⟩ Zuricher"),
    ("Zurich*", "⟨Zürichs⟩ ⟨Zuricher⟩"),
    ("US chip*", "⟨US chips⟩ ⟨U.S. chipmakers⟩ us chips"),
    ("$370*", "US⟨$370bn⟩ ⟨$370⟩ $37"),
    ("санкц*", "⟨санкции⟩ ⟨САНКЦИЯМИ⟩ антисанкции"),
    ("санкци? США", "⟨санкции США⟩ ⟨санкция США⟩ санкциям США"),
    ("δασμ*", "⟨δασμός⟩ ⟨ΔΑΣΜΟΊ⟩"),
    ("عقوب*", "⟨عقوبات⟩ ⟨عُقُوبَة⟩ العقوبات"),
    ("סנקצ*", "⟨סנקציות⟩ ⟨סַנְקְצִיָּה⟩"),
    ("निर्य*", "⟨निर्यात⟩ ⟨निर्यातकों⟩"),
    ("सरकारी*", "⟨सरकारी⟩ सरकार"),
    ("पाब?दी", "⟨पाबंदी⟩"),
    ("հայ*", "⟨Հայաստան⟩ ⟨ՀԱՅԵՐ⟩"),
    ("ჩინ*", "⟨ჩინეთი⟩ ⟨ჩინური⟩"),
    ("ማዕቀ*", "⟨ማዕቀብ⟩"),
    # in scripts without spaces every character is an edge: the star ends where it stands
    ("出口*", "限制⟨出口⟩管制"),
    ("出口?制", "⟨出口管制⟩ ⟨出口限制⟩ 出口制"),
    ("半導*", "⟨半导⟩体"),
    ("수출*", "⟨수출⟩통제"),
    ("수출?제", "⟨수출통제⟩ ⟨수출규제⟩"),
    ("ｶﾞｽ*", "天然⟨ガス⟩"),
    ("ส่งออ?", "การ⟨ส่งออก⟩"),
    ("华为 pho*", "⟨华为 phones⟩"),
]  # fmt: skip


@table(WILDCARDS)
def test_wildcards(typed, text):
    check(typed, text)


WILDCARDS_AFTER = [
    ("ch*", "chi*"), ("са*", "сан*"), ("δα*", "δασ*"), ("عق*", "عقو*"), ("סנ*", "סנק*"), ("हि*", "हिन*"),
    ("հա*", "հայ*"), ("ჩი*", "ჩინ*"), ("กา*", "การ*"), ("华*", "华为*"), ("ガ*", "ガス*"), ("ｶﾞ*", "ｶﾞｽ*"),
    ("수*", "수출*"), ("\u1112\u1161\u11ab*", "한국*"), ("ca\u0301*", "ca\u0301n*"), ("U.S.?", "U.S.A?"),
    ("A华*", "AI华*"), ("ab? cde", "abc? de"),
]  # fmt: skip


@pytest.mark.parametrize(("short", "enough"), WILDCARDS_AFTER)
def test_so_many_literal_characters_come_before_a_wildcard(short, enough):
    assert parse_plain(enough).kind == "wildcard"
    with pytest.raises(Mistake, match="letters or digits before its first"):
        parse_plain(short)


# ── regular expressions ──────────────────────────────────────────────────────────────────────────

REGEXES = [
    ("/tariffs? on/", "⟨Tariffs   on⟩ ⟨tariff\non⟩ tariffs once"),
    ("/sanction(s|ed)/", "sanction ⟨sanctions⟩ ⟨SANCTIONED⟩ unsanctioned sanctionsx"),
    ("/zurich(er)?/", "⟨Zürich⟩ ⟨ZU\u0308RICHER⟩"),
    (r"/\$\d+ billion/", "US⟨$370 billion⟩"),
    ("/export.control/", "⟨Export–Control⟩ ⟨export control⟩ exportcontrol"),
    ("/санкци(и|й|ями)/", "⟨санкции⟩ ⟨САНКЦИЙ⟩ санкцию антисанкции"),
    (r"/\S+ chips\D/", "⟨export chips!⟩ export chips2"),
    (r"/(?P<what>chip)[^\S]ban/", "⟨chip ban⟩ chip, ban"),
    (r"/санкци\pL+/", "⟨санкциями⟩ санкци"),
    ("/елк[аи]/", "⟨ёлка⟩ ⟨ЕЛКИ⟩"),
    ("/κυπρο[συ]/", "⟨Κύπρος⟩ ⟨ΚΥΠΡΟΥ⟩"),
    ("/الصيني?ة?/", "⟨الصين⟩ ⟨الصينية⟩ ⟨الصّـين⟩ والصين"),
    ("/סנקציו?ת?/", "⟨סנקציות⟩ ⟨סַנְקְצִיוֹת⟩"),
    ("/निर्यात(क|कों)?/", "⟨निर्यात⟩ ⟨निर्यातकों⟩ निर्याति"),
    ("/हुवा(वे|वेई)/", "⟨हुवावे⟩ ⟨हुवावेई⟩"),
    ("/հայաստան(ի|ում)?/", "⟨Հայաստան⟩ ⟨ՀԱՅԱՍՏԱՆԻ⟩ հայաստանցի"),
    ("/საქართველო(ს|ში)?/", "⟨საქართველოში⟩ ⟨ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ⟩"),
    ("/出口管制.{2}/", "限制⟨出口管制措施⟩ ⟨出口管制法案⟩"),
    ("/半导体(设备|芯片)/", "對⟨半導體設備⟩的"),
    ("/ファーウェイ(社)?/", "⟨ファーウェイ社⟩の⟨ﾌｧｰｳｪｲ⟩"),
    ("/수출통제(를|가)/", "⟨수출통제를⟩ ⟨\u1109\u116e출통제가⟩"),
    ("/ส่งออก(ข้าว)?/", "การ⟨ส่งออกข้าว⟩ไทย"),
]  # fmt: skip


@table(REGEXES)
def test_regular_expressions(typed, text):
    check(typed, text)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (r"/\bchips/", "uses \\b"), ("/chips(?=et)/", "look-ahead"), ("/Chips/", "capital"), ("/САНКЦИИ/", "capital"),
        ("/ΚΥΠΡΟΣ/", "capital"), ("/ab.cd/", "3 plain characters"), ("/са.кц/", "3 plain characters"),
        ("/华为.*/", "3 plain characters"), ("/chip|/", "empty text"), ("/κύπρος/", "never found"),
        ("/ёлка/", "never found"), ("/ελλάς/", "never found"), ("/華為公司/", "never found"), ("/ﬁrma/", "never found"),
        ("/straße/", "never found"), ("/ｶﾞｽ会社/", "never found"), ("/\u1112\u1161\u11ab국산/", "never found"),
        ("/مُحمد/", "never found"), ("/שָלום/", "never found"), ("/moody’s/", "never found"), ("/a–bcd/", "never found"),
        (r"/निर्यात\w+/", "uses \\w"), (r"/هواوي\w*/", "uses \\w"),
    ],
)  # fmt: skip
def test_regular_expressions_that_could_not_do_what_they_seem_to_are_refused(typed, message):
    with pytest.raises(Mistake) as caught:
        parse_plain(typed)
    assert message in str(caught.value)


# ── entities and lists ───────────────────────────────────────────────────────────────────────────


def alias(text, **more):
    return Term(text=text, entity="e", alias=Alias(text=text, **more))


# One alias of @huawei, and text in which it and no other is found; then the same of terms in $chips, of every kind.
ANY_ALIAS = [
    ("Huawei", "⟨Huawei’s⟩ ⟨HUAWEI⟩ Huaweis"),
    ("Хуавэй", "⟨ХУАВЭЙ⟩ Хуавэя"),
    ("Χουαγουέι", "⟨Χουαγουέι⟩, Χουαγουέις"),
    ("هواوي", "⟨هواوي⟩ وهواوي ⟨هُواوي⟩"),
    ("וואווי", "⟨וואווי⟩ בוואווי"),
    ("हुआवे", "⟨हुआवे⟩ ने हुआवेई"),
    ("หัวเว่ย", "บริษัท⟨หัวเว่ย⟩"),
    ("華為", "⟨华为⟩公司 對⟨華為⟩說"),
    ("はうぇい", "は⟨はうぇい⟩は"),
    ("ファーウェイ", "⟨ﾌｧｰｳｪｲ⟩社"),
    ("화웨이", "⟨화웨이⟩는"),
    ("Հուավեյ", "⟨ՀՈՒԱՎԵՅ⟩ Հուավեյի"),
    ("ჰუავეი", "⟨ჰუავეი⟩ ჰუავეის"),
]  # fmt: skip
ANY_TERM = [
    ("chip*", "⟨chipmakers⟩ microchip"),
    ("=Wafer", "⟨Wafer⟩ wafer WAFER Wafers"),
    ("integrated circuit", "⟨Integrated-circuits⟩ integrated"),
    ("/lith?ograph(y|ies)/", "⟨Lithographies⟩ lithographer"),
    ("микросхема", "⟨Микросхема⟩ микросхемы"),
    ("полупроводник*", "⟨полупроводниковый⟩"),
    ("ημιαγωγ*", "⟨ΗΜΙΑΓΩΓΟΊ⟩ ⟨ημιαγωγών⟩"),
    ("شرائح", "⟨شرائح⟩ الشرائح"),
    ("שבב", "⟨שבב⟩ שבבים"),
    ("/सेमीकंडक्टर(ों)?/", "⟨सेमीकंडक्टरों⟩ ⟨सेमीकंडक्टर⟩"),
    ("ชิป", "ผลิต⟨ชิป⟩ได้"),
    ("半导体", "⟨半導體⟩設備 ⟨半导体⟩"),
    ("=晶圓", "⟨晶圓⟩廠 晶圆"),
    ("ちっぷ", "⟨ちっぷ⟩の チップ"),
    ("ウエ?ー", "⟨ウエハー⟩ ⟨ｳｴﾊｰ⟩"),
    ("반도체", "⟨반도체⟩를"),
    ("չիպ*", "⟨չիպեր⟩ ⟨ՉԻՊ⟩"),
    ("ჩიპი", "⟨ჩიპი⟩ ჩიპები"),
]  # fmt: skip
NAMES = AnyOf(tuple(alias(name) for name, _ in ANY_ALIAS), name="@huawei")
CHIPS = AnyOf(tuple(parse_plain(typed) for typed, _ in ANY_TERM), name="$chips")


@table(ANY_ALIAS)
def test_any_alias_of_an_entity(typed, text):
    assert bracketed(NAMES, text) == text == bracketed(alias(typed), text)


@table(ANY_TERM)
def test_any_term_of_a_list(typed, text):
    assert bracketed(CHIPS, text) == text
    check(typed, text)


def test_all_aliases_and_all_terms_side_by_side():
    for group, rows in ((NAMES, ANY_ALIAS), (CHIPS, ANY_TERM)):
        text = " | ".join(text for _, text in rows)
        assert bracketed(group, text) == text


OFFICES = [
    "Commerce Secretary", "министр торговли", "υπουργός Εμπορίου", "وزيرة التجارة", "שרת המסחר", "वाणिज्य मंत्री",
    "รัฐมนตรีพาณิชย์", "商务部长", "商務部長", "ちょうかん", "コマース", "상무장관", "առևտրի նախարար", "ვაჭრობის მინისტრი",
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2021-03-02T23:59:59", False), ("2021-03-03T00:00:00", True), ("2023-08-28T12:00:00", True),
        ("2025-01-20T23:59:59", True), ("2025-01-21T00:00:00", False), (None, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", OFFICES)
def test_an_alias_is_valid_from_the_first_day_to_the_last(text, day, found):
    term = alias(text, valid_from=date(2021, 3, 3), valid_until=date(2025, 1, 20))
    assert bool(spans(term, article(f"x {text} x", day=day))) is found


def test_a_day_without_one_end_reaches_on_without_end():
    assert spans(alias("Biden", valid_from=date(2021, 1, 20)), article("Biden", day="2099-01-01"))
    assert not spans(alias("Biden", valid_from=date(2021, 1, 20)), article("Biden", day="2021-01-19"))
    assert spans(alias("Biden", valid_until=date(2021, 1, 20)), article("Biden", day="1999-01-01"))
    assert not spans(alias("Biden", valid_until=date(2021, 1, 20)), article("Biden", day="2021-01-21"))


# A name, a word of its context, and exactly three words to stand between them; what counts as one word differs.
THREE_WORDS = [
    ("Raimondo", "commerce", " one two three "),
    ("Raimondo", "commerce", " well-known one "),
    ("Raimondo", "commerce", ": don’t, don't, don't – "),
    ("Raimondo", "commerce", " the U.S., 1,000 - "),
    ("Raimondo", "commerce", " one\n\ntwo. Three "),
    ("Раймондо", "торговли", " один-два три "),
    ("Ραϊμόντο", "εμπορίου", " ένα δύο τρία "),
    ("ريموندو", "التجارة", " واحِد اثنان ثلاثة "),
    ("ריימונדו", "המסחר", " אחת ארהב שלוש "),
    ("रायमोंडो", "वाणिज्य", " एक दो तीन "),
    ("Ռայմոնդո", "առևտրի", " մեկ երկու երեք "),
    ("რაიმონდო", "ვაჭრობის", " ერთი ორი სამი "),
    ("雷蒙多", "商务部", "美国的"),
    ("雷蒙多", "商务部", "，美国US "),
    ("レモンド", "商務", "のガス"),
    ("레이몬도", "상무부", "는 미국"),
    ("ไรมอนโด", "พาณิชย์", " หนึ่ง สอง สาม "),
]


@pytest.mark.parametrize(("name", "context", "between"), THREE_WORDS)
def test_the_context_stands_at_most_so_many_words_away(name, context, between):
    for text in (f"{name}{between}{context}", f"{context}{between}{name}"):
        one = article(text)
        assert spans(alias(name, requires=(context,), within=3), one)
        assert not spans(alias(name, requires=(context,), within=2), one)
        assert not spans(alias(name, without=(context,), within=3), one)
        assert spans(alias(name, without=(context,), within=2), one)


FROM_THE_TITLE = [
    ("Raimondo arrives", "The commerce team", "Raimondo", "commerce", 2),
    ("Commerce team", "Raimondo", "Raimondo", "commerce", 1),
    ("Раймондо", "в министерстве торговли", "Раймондо", "торговли", 2),
    ("Ραϊμόντο", "υπουργείο εμπορίου", "Ραϊμόντο", "εμπορίου", 1),
    ("雷蒙多访华", "美国商务部", "雷蒙多", "商务部", 4),
    ("레이몬도", "미국 상무부", "레이몬도", "상무부", 2),
    ("상무부 발표", "레이몬도", "레이몬도", "상무부", 2),
    ("وصول ريموندو", "التجارة", "ريموندو", "التجارة", 0),
    ("ריימונדו הגיעה", "משרד המסחר", "ריימונדו", "המסחר", 2),
    ("रायमोंडो", "अमेरिकी वाणिज्य", "रायमोंडो", "वाणिज्य", 1),
    ("レモンド", "米商務", "レモンド", "商務", 1),
    ("Ռայմոնդո", "ԱՄՆ առևտրի", "Ռայմոնդո", "առևտրի", 1),
    ("რაიმონდო", "აშშ ვაჭრობის", "რაიმონდო", "ვაჭრობის", 1),
]  # fmt: skip


@pytest.mark.parametrize(("title", "body", "name", "context", "between"), FROM_THE_TITLE)
def test_the_context_reaches_from_the_title_into_the_body(title, body, name, context, between):
    one = article(body, title)
    assert spans(alias(name, requires=(context,), within=between), one)
    assert not spans(alias(name, without=(context,), within=between), one)
    if between:
        assert not spans(alias(name, requires=(context,), within=between - 1), one)
        assert spans(alias(name, without=(context,), within=between - 1), one)


def test_a_full_name_anywhere_vouches_for_a_short_one_but_not_against_without():
    short = alias("Raimondo", requires=("commerce",), within=2, without=("Marcantonio",))
    far = " word" * 50
    body = f"Gina Raimondo.{far} Raimondo.{far} Marcantonio Raimondo"
    assert not spans(short, article(body))
    found = spans(AnyOf((alias("Gina Raimondo"), short)), article(body))
    assert [start for _, start, _ in found] == [0, 5, body.index("Raimondo", 20)]


def test_a_full_name_out_of_date_vouches_for_nothing():
    short = alias("Raimondo", requires=("commerce",))
    both = AnyOf((alias("Secretary Gina Raimondo", valid_until=date(2025, 1, 20)), short))
    body = "Secretary Gina Raimondo spoke"
    assert len(spans(both, article(body, day="2025-01-20"))) == 2
    assert not spans(both, article(body, day="2025-01-21"))
    assert len(spans(both, article(body))) == 2


ANYWHERE = [
    "Huawei", "Хуавэй", "Ελλάς", "هواوي", "ארהב", "हुवावे", "หัวเว่ย", "华为", "華為", "ファーウェイ", "ﾌｧｰｳｪｲ", "화웨이",
    "\u1112\u116a웨이", "Հուավեյ", "ჰუავეი", "Straße", "İstanbul", "ﬁrm", "Zu\u0308rich", "C++", ".NET", "U.S.", "AT&T",
    "Moody's", "𝐔𝐒", "한국 U.S.", "𠮷野家",
]  # fmt: skip


# ── every row of the semantics, in the scripts of the world ──────────────────────────────────────

ROWS = {
    "folding": [typed for typed, _ in FOLDING],
    "edges": [typed for typed, _ in EDGES],
    "hyphen and space": [" ".join(words) for words in ONE_PHRASE.values()],
    "plural and possessive": [typed for typed, _ in PLURALS],
    "possessive of an alias": [typed for typed, _ in ALIASES],
    "case": [typed for typed, _ in CAPITALS],
    "exact": [typed for typed, _ in EXACT],
    "wildcards": [typed for typed, _ in WILDCARDS],
    "so many characters before a wildcard": [enough for _, enough in WILDCARDS_AFTER],
    "regular expressions": [typed for typed, _ in REGEXES],
    "any alias": [typed for typed, _ in ANY_ALIAS],
    "any term": [typed for typed, _ in ANY_TERM],
    "dates": OFFICES,
    "context": [name for name, _, _ in THREE_WORDS],
    "context beyond the title": [name for _, _, name, _, _ in FROM_THE_TITLE],
    "offsets": ANYWHERE,
}


def scripts(texts):
    """The scripts of the letters in the texts, by the first word of a letter's name ("CJK" for Han)."""
    letters = {letter for text in texts for letter in unicodedata.normalize("NFKC", text) if letter.isalpha()}
    return {unicodedata.name(letter).split()[0].split("-")[0] for letter in letters}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_cases_in_many_scripts(row):
    assert len(scripts(ROWS[row])) >= 10


# ── traps ────────────────────────────────────────────────────────────────────────────────────────

FOLDS_OTHERWISE = (
    "ß İ ﬁ ½ ﷺ ㍿ ΐ ŉ ǰ ẞ ㎢ ｶﾞ e\u0301 \u1112\u1161\u11ab ำ क\u093c \u200b\u00ad™ 華   —  \u2029 😀 👩\u200d💻 𝐔 "
)


@pytest.mark.parametrize("name", ANYWHERE)
def test_offsets_are_those_of_the_original_however_long_the_folded_text_is(name):
    text = f"{FOLDS_OTHERWISE}⟨{name}⟩ {FOLDS_OTHERWISE}"
    check(name, text)
    check(name, f"{text}⟨{name}⟩ {FOLDS_OTHERWISE}".replace(" ", "  "))


def test_overlapping_terms_are_all_found():
    terms = ["출통", "수출", "出口", "口管", "出口管制", "管制", "control", "export", "ไทย", "ประเทศไทย"]
    terms += ["export control", "control list"]
    body = "出口管制 export control list 수출통제 ประเทศไทย"
    group = AnyOf(tuple(map(parse_plain, terms)))
    found = {body[start:end] for _, start, end in spans(group, article(body))}
    assert found == set(terms)


@pytest.mark.parametrize("typed", ["-", "…", "\u200b", "\u00ad\u00ad", "™", "ـ", "=—", "\u0301", " ", "“”"])
def test_a_term_of_nothing_is_refused(typed):
    with pytest.raises(Mistake):
        parse_plain(typed)


@pytest.mark.parametrize("word", ["Иран", "华为", "US", "ไทย", "निर्यात"])
def test_lone_surrogates_are_no_letters(word):
    check(word, f"\ud800 ⟨{word}⟩\udfff ⟨{word}⟩")


# ── any text around ──────────────────────────────────────────────────────────────────────────────

# What joins, turns, hides, expands, separates or is not there at all, beside any other character.
AROUND = st.text(
    alphabet=st.sampled_from(
        "\u0301\u0308\u3099\u093c\u0e47\u064b\u05b8\u1161\u11ab\u200b\u200c\u200d\u200e\u200f\u202e\u2067\u2069\ufe0f\u00ad"
        "ـﾞﾟ😀👩💻🇺🇸ßﬁİ½㍿™華为한ไทยकиЁ.'’s-–\n\u2029\u0085\u00a0\ud800*?$ "
    )
    | st.characters(),
    max_size=12,
)
ANY_WORD = [
    "Huawei", "US", "U.S.", "GPU", "Zürich", "Zurich", "export control", "C++", "$370 billion", "Straße", "санкции",
    "США", "ёлка", "Ελλάς", "ΗΠΑ", "هواوي", "مُحمد", "ארה״ב", "שלום", "निर्यात", "क़लम", "ส่งออก", "นำเข้า", "华为",
    "出口 管制", "ガス", "ﾌｧｰｳｪｲ", "화웨이", "\u1112\u1161\u11ab국", "Հայաստան", "საქართველო", "=Apple", "=華為",
    "=Zürich", "chip*", "निर्य*", "출구?", "санкци?", "/tariffs? on/", "/санкци(и|й)/", "𠮷野", "Việt Nam",
]  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(ANY_WORD), AROUND, AROUND)
@example("U.S.", "P.", "A.")
@example("华为", "\u200d", "\u0301")
@example("한국", "\u1112\u1161", "\u11ab")
def test_a_term_between_spaces_is_found_where_it_stands_whatever_is_around(typed, before, after):
    word = {"=": typed[1:], "/": {"/t": "tariffs on", "/с": "санкции"}.get(typed[:2], "")}.get(typed[0], typed)
    word = re.sub("[*?]", "를" if typed.startswith("출") else "и" if typed.startswith("с") else "", word)
    body = f"{before} {word} {after}"
    start = len(before) + 1
    found = [(first, last) for _, first, last in spans(parse_plain(typed), article(body)) if first == start]
    assert found == [(start, start + len(word))]
    assert fold(body[start : start + len(word)]) == fold(word)
