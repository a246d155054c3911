"""Chinese attributions: 商务部发言人何明东表示：“…”, and “…”，何明东说 behind the words.

Chinese writes no spaces, so what stands before the verb is parted at the last word for an office: what follows it is
the name; where nothing follows, the office speaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .forms import Attribution
from .speakers import Named

if TYPE_CHECKING:
    from .marks import Passage

_VERB = (
    "表示|指出|强调|強調|称|稱|说|說|认为|認為|回应|回應|坦言|直言|透露|补充|補充|写道|寫道|告诉记者|告訴記者"
    "|呼吁|呼籲|警告|宣布|介绍说|解释说|回答说|道"
)
_BEFORE = re.compile(
    rf"(?P<who>[^，。；！？：、\n“”「」『』《》()（）]{{1,40}}?)(?P<verb>{_VERB})(?:道|说|說)?[，：:,]?\s*$"
)
_BEHIND = re.compile(
    rf"[，,]?(?P<who>[^，。；！？：、\n“”「」『』《》()（）]{{1,40}}?)(?P<verb>{_VERB})(?=[。，；！\n]|$)"
)
_ASIDE = re.compile(
    "(?:昨日|昨天|今日|今天|当天|當天|日前|近日|此前|随后|隨後|当日|当晚|稍早|上周|本周|周[一二三四五六日天]|星期[一二三四五六日天]|\\d{1,2}月\\d{1,2}日|\\d{1,2}日"
    "|在(?:接受|出席|回答|回应|例行|新闻|一份|北京|记者|社交|声明|谈到|讲话|采访|会上|电话|推特|微博|会见|会谈|上海|华盛顿|日内瓦).*"
    "|在(?!野|职|任)[^，]{1,24}(?:会|上|中|时|時|里|裡|内|后|後|前|期间|期間|场合|現場|现场)"
    "|对(?:此|媒体|记者|《).*|向(?:媒体|记者|路透|彭博|法新|《).*|就此.*|还|還|也|则|則|并|並|进一步|再次|曾|又|同时|明确|公开|严正)$"
)
_OFFICE = (
    "发言人|發言人|部长|部長|副部长|主席|副主席|总统|總統|副总统|首相|总理|總理|副总理|外长|外長|专家|專家|教授|研究员|研究員|院长|院長|所长|所長|主任|大使|书记|秘书长|秘書長"
    "|经济学家|經濟學家|分析师|分析師|局长|局長|司长|司長|会长|會長|总裁|總裁|董事长|董事長|总经理|經理|经理|先生|女士|学者|學者|负责人|負責人|议员|議員|国务卿|國務卿|财长|財長|行长|行長"
    "|律师|律師|代表|顾问|顧問|校长|委员|委員|创始人|記者|记者|司令|将军|市长|州长|部门主管|主管|高管|官员|成员|成員|团长|團長"
)
_NAMED = re.compile(
    rf"^(?P<role>.*(?:{_OFFICE}))(?P<name>[^\W\d_a-zA-Z的是在和与及等们]{{1,6}}(?:·[^\W\d_]{{1,8}}){{0,3}}|[^\W\d_]{{1,8}}(?:·[^\W\d_]{{1,8}})+)$"
)
# "某" hides a given name, so that nothing else can be meant: "一名民宿经营者杜某".
_HIDDEN = re.compile("^(?P<role>[^的是在和与與及等们們跟同]+)(?P<name>[^\\W\\d_a-zA-Z某]某[某甲乙]?)$")
_OFFICE_ALONE = re.compile(rf"^.*(?:{_OFFICE})$")
_INSTITUTION = re.compile(
    "(?:部|局|署|院|委员会|委|公司|集团|协会|大使馆|使馆|政府|白宫|法院|基金会|商会|联合会|银行|办公室|司|中方|美方|日方|欧方|俄方)$"
)
_SURNAME = re.compile(
    "^[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤華毕耿束商张陳劉楊趙吳馬鄭許謝韓馮鄧"
    "葉蘇呂盧鍾陸龍賀顧龔萬錢嚴湯畢][^\\W\\d_a-zA-Z]{1,2}$"
)
_FOREIGN = re.compile("^[^\\W\\d_]{1,8}(?:·[^\\W\\d_]{1,8})+$")
_SOMEBODY = re.compile("^(?:一[名位]|有).*的(?P<what>[^\\W\\d_a-zA-Z]{2,6})$")
_PRONOUN = re.compile("^[他她]$")
_REACH = 60  # characters that are looked at before and behind a passage


def attribution(text: str, passage: Passage, begin: int, end: int) -> Attribution | None:
    """Who says a passage, as far as Chinese words right before or behind it tell; [begin, end) is its paragraph."""
    ahead = text[max(begin, passage.outer_start - _REACH) : passage.outer_start]
    found = _BEFORE.search(_last_clause(ahead))
    if found is not None:
        offset = passage.outer_start - len(_last_clause(ahead)) + found.start("who")
        named = _read(found["who"], offset)
        return Attribution("X said", named, 0, 0, 0) if named is not None else None
    behind = text[passage.outer_end : min(end, passage.outer_end + _REACH)]
    found = _BEHIND.match(behind)
    if found is None or (text[passage.end - 1] not in "，,！？!?" and not behind.startswith(("，", ","))):
        return None
    named = _read(found["who"], passage.outer_end + found.start("who"))
    return Attribution("said X", named, 0, 0, 0) if named is not None else None


def _last_clause(ahead: str) -> str:
    """What stands before a passage from where the clause begins: a comma right before the passage is its own."""
    body = ahead.rstrip().rstrip("，：:,").rstrip()
    starts = max(body.rfind(sign) for sign in "，。；！？\n”」』")
    return ahead[starts + 1 :]


def _read(who: str, start: int) -> Named | None:
    """The office and the name in the characters before a verb."""
    stripped = who.lstrip()
    start += len(who) - len(stripped)
    previous = ""
    while previous != stripped:
        previous = stripped
        stripped = _ASIDE.sub("", stripped).rstrip()
    if not stripped or "没有" in who or "不" in who[-2:] or "未" in who[-2:] or "据" in who[:1]:
        return None
    end = start + len(stripped)
    if _PRONOUN.match(stripped):
        return Named("pronoun", start, end)
    named = _HIDDEN.match(stripped)
    if named is not None and not _SURNAME.match(stripped) and _SURNAME.match(named["name"]):
        return Named("person", start + named.start("name"), end, start, start + named.end("role"))
    if "某" in stripped[:-1] and any(joint in stripped for joint in "和与與及跟同"):
        return None  # two speakers
    named = _NAMED.match(stripped)
    if named is not None and not _INSTITUTION.search(named["name"]) and not _OFFICE_ALONE.match(named["name"]):
        return Named("person", start + named.start("name"), end, start, start + named.end("role"))
    if _SURNAME.match(stripped) or _FOREIGN.match(stripped):
        return Named("person", start, end)
    if _OFFICE_ALONE.match(stripped):
        return Named("office", start, end)
    somebody = _SOMEBODY.match(stripped)
    if somebody is not None:
        return Named("office", start + somebody.start("what"), end)
    return Named("institution", start, end) if _INSTITUTION.search(stripped) else None
