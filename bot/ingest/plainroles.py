"""What the elements of a plain feed do to the fields that are kept, as feedparser 6.0.14 has it.

Every role gets the walk, the element and its depth, and raises NotPlain where it cannot tell what feedparser
would make of the element.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .plaintags import NotPlain, name_of, words
from .plainvalues import address, check_attribute, construct, fixed, moment, text_of

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable

    from .plainfeed import Walk

    Fields = dict[str, Any]
    Role = Callable[[Walk, ET.Element, int], None]

_ALTERNATES = frozenset({"text/html", "html", "application/xhtml+xml", "xhtml"})
_AMPERSAND = re.compile(r"&([A-Za-z0-9_]+);")
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PANEL = words("title link description")
_OF_AUTHORS = words("name email uri url")


# ── what elements do in an entry ─────────────────────────────────────────────────────────────────


def _title(walk: Walk, element: ET.Element, depth: int) -> None:
    found = construct(element, "text/plain", walk.lang)
    if not -1 < walk.title_depth <= depth:
        walk.fields["title_detail"] = found
    if found["value"]:
        walk.title_depth = depth


def _media_title(walk: Walk, element: ET.Element, depth: int) -> None:
    before = walk.title_depth
    _title(walk, element, depth)
    walk.title_depth = before


def _description(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    _summarise(walk, element, "text/html")


def _summary(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    _summarise(walk, element, "text/plain")


def _summarise(walk: Walk, element: ET.Element, kind: str) -> None:
    """The first is the summary, the second is the content; where there is content, the last is the summary."""
    if "summary" in walk.fields and not walk.has_content:
        _content(walk, element, 0)
    else:
        found = walk.fields["summary_detail"] = construct(element, kind, walk.lang)
        walk.fields["summary"] = found["value"]


def _content(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    _contain(walk, construct(element, "text/plain", walk.lang))


def _encoded(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    _contain(walk, construct(element, "text/html", walk.lang))


def _contain(walk: Walk, found: Fields) -> None:
    walk.has_content = True
    walk.fields.setdefault("content", []).append(found)
    walk.fields.setdefault("summary", found["value"])


def _link(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    href, rel, kind = None, "alternate", "text/html"
    for name, value in element.items():
        if name == "href":
            href = value
        elif name == "rel":
            rel = value.lower()
        elif name == "type":
            kind = value.lower()
        elif name.rpartition("}")[2].lower() in ("href", "url", "uri", "rel", "type"):
            raise NotPlain
    if href is None:
        link = fixed(address((element.text or "").strip()))
        walk.fields["link"] = _AMPERSAND.sub(r"&\1", link.replace("&amp;", "&")) if "&" in link else link
    elif rel == "alternate" and kind in _ALTERNATES:
        walk.fields["link"] = address(href)
    if len(element):
        raise NotPlain


def _guid(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    permanent = True
    for name, value in element.items():
        if name.lower() == "ispermalink":
            permanent = value == "true"
        elif name.lower().endswith("ispermalink"):
            raise NotPlain
    guid = text_of(element)
    walk.fields["id"] = guid = fixed(address(guid)) if permanent else guid
    if permanent:
        walk.fields.setdefault("link", guid)


def _author(walk: Walk, element: ET.Element, depth: int) -> None:
    if not len(element):
        walk.fields["author"] = text_of(element)
        return
    before = walk.fields.get("author", "")
    names = [name_of(child.tag) for child in element]
    # feedparser takes the address of one author for that of the next.
    if before and ("@" in before or names[0] != "name"):
        raise NotPlain
    _people(walk, element, depth)
    parts = dict(zip(names, element, strict=True))
    if len(parts) != len(names) or any(walk.in_entry[parts[key].tag] for key in parts.keys() - _OF_AUTHORS):
        raise NotPlain
    name, email = ((parts[key].text or "").strip() if key in parts else "" for key in ("name", "email"))
    walk.fields["author"] = f"{name} ({email})" if name and email else name or email


def _people(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    """Somebody whose name, mail and web address stand in elements of their own, and nothing else."""
    loose = [element.text]
    for child in element:
        if len(child) or walk.in_entry[child.tag] not in (None, _leaf):
            raise NotPlain
        loose.append(child.tail)
        if walk.in_entry[child.tag] is None:  # feedparser may take its text for the author's
            loose.append(child.text)
        for name in child.keys():  # noqa: SIM118
            check_attribute(child, name)
    if len(element) and any(text and text.strip() for text in loose):
        raise NotPlain


def _published(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    walk.fields["published"] = moment(element)


def _updated(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    walk.fields["updated"] = moment(element)


def _date(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    moment(element)


def _kept(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    if element.items():  # feedparser keeps the attributes then, and not the text
        raise NotPlain
    walk.fields[name_of(element.tag).replace(":", "_")] = text_of(element)


def _language(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    walk.fields["language"] = text_of(element)


def _source(walk: Walk, element: ET.Element, depth: int) -> None:
    """The feed that an entry was taken from; of what it says of that feed, nothing is kept."""
    walk.title_depth = -1
    for child in element:
        role = walk.in_feed[child.tag]
        if role is _title:
            if construct(child, "text/plain", walk.lang)["value"]:
                walk.title_depth = depth + 1
        elif role in (_alone, _date, _people):
            role(walk, child, depth)
        elif role not in (None, _leaf) or len(child):
            raise NotPlain
        for name in child.keys():  # noqa: SIM118
            check_attribute(child, name)


def _image(walk: Walk, element: ET.Element, depth: int) -> None:
    walk.title_depth = -1
    _leaf(walk, element, depth)


def _leaf(walk: Walk, element: ET.Element, depth: int) -> None:  # noqa: ARG001
    if len(element):
        raise NotPlain


def _alone(walk: Walk, element: ET.Element, depth: int) -> None:
    """A leaf that must not be nested."""
    _leaf(walk, element, depth)


# ── what elements do in a feed ───────────────────────────────────────────────────────────────────


def read_entry(walk: Walk, element: ET.Element, depth: int) -> None:
    """An item or entry."""
    lang, walk.title_depth = walk.lang, -1
    walk.carried = walk.carried or walk.has_content
    walk.fields = {}
    if about := element.get(_ABOUT):
        walk.fields["id"] = about
    walk.open(element)
    walk.walk(element, walk.in_entry, depth + 1)
    walk.entries.append(walk.fields)
    walk.fields, walk.lang, walk.has_content = walk.found, lang, False


def _feed_description(walk: Walk, element: ET.Element, depth: int) -> None:
    _leaf(walk, element, depth)
    walk.has_content = walk.has_content or "summary" in walk.found


def _feed_summary(walk: Walk, element: ET.Element, depth: int) -> None:
    _feed_description(walk, element, depth)
    walk.found["summary"] = ""


def read_panel(walk: Walk, element: ET.Element, depth: int) -> None:
    """The feed's image or search box."""
    allowed = _IN_PANEL[name_of(element.tag)]
    for attribute in element.keys():  # noqa: SIM118
        check_attribute(element, attribute)
    walk.title_depth = -1
    for child in element:
        name = name_of(child.tag)
        if name not in allowed or len(child):
            raise NotPlain
        for attribute in child.keys():  # noqa: SIM118
            check_attribute(child, attribute)
        if name == "title" and construct(child, "text/plain", walk.lang)["value"]:
            walk.title_depth = depth + 1


_LEAVES = words(
    "category keywords dc:subject media:category rights copyright dc:rights subtitle itunes:subtitle generator info"
    " feedburner:browserfriendly webmaster dc:publisher dc:contributor name url uri email width height itunes:name"
    " itunes:email"
)
_TITLES = {"title": _title, "dc:title": _title, "media:title": _media_title}
_PUBLISHED = words("pubdate published dcterms:issued")
_UPDATED = words("updated lastbuilddate dc:date dcterms:modified")
_CREATED = words("created dcterms:created")
_AUTHORS = words("author managingeditor dc:creator dc:author itunes:author")
_DESCRIPTIONS, _SUMMARIES = words("description dc:description media:description"), words("summary itunes:summary")
_LANGUAGES: dict[str, Role] = {"language": _language, "dc:language": _language}
_LICENSE = "creativecommons:license"
IN_ENTRY: dict[str, Role] = {
    **dict.fromkeys(_LEAVES, _leaf),
    **_TITLES,
    **dict.fromkeys(_DESCRIPTIONS, _description),
    **dict.fromkeys(_SUMMARIES, _summary),
    "content": _content,
    "content:encoded": _encoded,
    "link": _link,
    **dict.fromkeys(("guid", "id"), _guid),
    **dict.fromkeys(_AUTHORS, _author),
    "contributor": _people,
    **dict.fromkeys(_PUBLISHED, _published),
    **dict.fromkeys(_UPDATED, _updated),
    **dict.fromkeys(_CREATED, _date),
    **_LANGUAGES,
    "feedburner:origlink": _kept,
    "source": _source,
    "image": _image,
    _LICENSE: _alone,
}
IN_FEED: dict[str, Role] = {
    **dict.fromkeys(_LEAVES, _leaf),
    **dict.fromkeys(("item", "entry"), read_entry),
    **_TITLES,
    **dict.fromkeys(_DESCRIPTIONS, _feed_description),
    **dict.fromkeys(_SUMMARIES, _feed_summary),
    **dict.fromkeys(("ttl", "sy:updateperiod", "sy:updatefrequency"), _kept),
    **dict.fromkeys(("link", "guid", "id", "cloud", _LICENSE), _alone),
    **dict.fromkeys((*_AUTHORS, "contributor", "itunes:owner"), _people),
    **dict.fromkeys(_PUBLISHED | _UPDATED | _CREATED, _date),
    **_LANGUAGES,
    **dict.fromkeys(("image", "textinput"), read_panel),
}
_IN_PANEL = {"image": _PANEL | {"url", "width", "height"}, "textinput": _PANEL | {"name"}}
# What may stand inside an element that says nothing itself.
NESTED = (_leaf, _media_title, _description)
