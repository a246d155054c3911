"""How a digest's page looks: readable in light and dark, for eyes, fingers and screen readers, as in the pictures kept."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

import digest_days as days
import digest_pictures as pictures
import pytest
from browsers import required

from bot.alerts.digest_html import html

DAYS = {"full": days.full, "empty": days.empty, "one": days.one, "wide": days.wide, "many": lambda: days.many(300)}
# WCAG 2.2: 1.4.3 for text (large: 24 px, or bold from 18.66 px), 1.4.11 for what is drawn.
TEXT, LARGE, DRAWN = 4.5, 3.0, 3.0
# WCAG 2.2, 2.5.5: a target for a finger.
FINGER = 44
VOID = {"meta", "br", "img", "hr", "input", "link"}


@pytest.fixture(scope="module")
def pages():
    return {name: html(make(), stop="mailto:presswatch@example.org").html for name, make in DAYS.items()}


# ── colours ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Style:
    """What an element looks like, as far as it matters for reading."""

    color: str = "#000000"
    background: str = "#ffffff"
    size: float = 16.0
    bold: bool = False
    hidden: bool = False


def declarations(text):
    return {
        name.strip(): value.replace("!important", "").strip()
        for name, _, value in (one.partition(":") for one in text.split(";"))
        if value
    }


def dark_rules(page):
    """What the page changes in the dark: "h2" or ".head" → declarations."""
    block = page.partition("(prefers-color-scheme: dark) {")[2].partition("</style>")[0]
    found = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", block):
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(declarations(body))
    return found


class Painted(HTMLParser):
    """The texts of a page with their styles, and what is drawn by a background alone."""

    def __init__(self, page, *, dark):
        super().__init__()
        self.rules = dark_rules(page) if dark else {}
        self.stack, self.texts, self.drawn = [("html", Style())], [], []
        self.feed(page.partition("</head>")[2])

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        given, style = dict(attrs), self.stack[-1][1]
        told = declarations(given.get("style") or "")
        for selector in (tag, *(f".{name}" for name in (given.get("class") or "").split())):
            told |= self.rules.get(selector, {})
        size = told.get("font-size", "")
        self.stack.append(
            (
                tag,
                Style(
                    color=told.get("color", style.color),
                    background=told.get("background", style.background),
                    size=float(size.removesuffix("px")) if size else style.size,
                    bold=tag in {"b", "h1", "h2", "h3", "h4"} or told.get("font-weight", "") == "700" or
                    (style.bold and told.get("font-weight") != "400"),
                    hidden=style.hidden or told.get("display") == "none",
                ),
            )
        )  # fmt: skip
        if given.get("class") in {"full", "over", "rest", "usual"}:
            self.drawn.append((given["class"], self.stack[-1][1].background, style.background))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        style = self.stack[-1][1]
        if data.strip("\xa0 \n") and not style.hidden:
            self.texts.append((data.strip(), style))


def luminance(colour):
    """Relative luminance (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    bands = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (band / 12.92 if band <= 0.04045 else ((band + 0.055) / 1.055) ** 2.4 for band in bands)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def too_faint(page, *, dark):
    """The texts of a page that are hard to read, with their contrast."""
    found = []
    for text, style in Painted(page, dark=dark).texts:
        large = style.size >= 24 or (style.bold and style.size >= 18.66)
        ratio = contrast(style.color, style.background)
        if ratio < (LARGE if large else TEXT):
            found.append((text[:40], style.color, style.background, round(ratio, 2)))
    return found


def test_the_ruler_measures_as_wcag_does():
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", DAYS)
def test_every_text_can_be_read(pages, name, dark):
    assert len(Painted(pages[name], dark=dark).texts) > 8
    assert too_faint(pages[name], dark=dark) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_bars_stand_out_from_what_is_behind_them(pages, dark):
    drawn = {kind: (colour, behind) for kind, colour, behind in Painted(pages["full"], dark=dark).drawn}
    rest, _ = drawn["rest"]
    assert drawn.keys() == {"full", "over", "rest", "usual"}
    for kind in ("full", "over"):
        assert contrast(drawn[kind][0], rest) >= DRAWN
    assert contrast(*drawn["usual"]) >= DRAWN


def test_each_style_that_is_dark_has_its_class_on_the_page_and_none_is_forgotten(pages):
    """A colour that stays as it was in the light would be found by the ruler only where a text shows it."""
    styled = dark_rules(pages["full"])
    light = Painted(pages["full"], dark=False).texts
    dark = Painted(pages["full"], dark=True).texts
    same = {(text, one.color) for (text, one), (_, other) in zip(light, dark, strict=True) if one == other}
    assert {colour for _, colour in same} <= {"#ffffff", "#b9cfdf"}  # what stands on the head
    assert {".story", ".hit", ".new", "h2", "body", ".sheet"} <= styled.keys()


# ── structure ────────────────────────────────────────────────────────────────────────────────────


class Built(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, *tags):
        return [attrs for tag, attrs in self.found if tag in tags]


@pytest.mark.parametrize("name", DAYS)
def test_the_page_is_built_for_screen_readers_and_narrow_screens(pages, name):
    built, page = Built(pages[name]), pages[name]
    (root,) = built.all("html")
    assert root["lang"] == "en"
    assert [table for table in built.all("table") if table.get("role") != "presentation"] == []
    levels = [int(tag[1]) for tag, _ in built.found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    # Under the heading of stories that go on there are no themes.
    skips = [(one, two) for one, two in pairwise(levels) if two > one + 1]
    assert set(skips) <= {(2, 4)}
    assert "viewport" in [meta.get("name") for meta in built.all("meta")]
    assert "max-width: 600px" in page
    assert 'width="600"' in page  # for programs that know no max-width


@pytest.mark.parametrize("name", DAYS)
def test_nothing_is_loaded_from_elsewhere(pages, name):
    built = Built(pages[name])
    assert built.all("img", "link", "script", "iframe", "object", "embed", "video", "svg", "base", "form") == []
    assert not re.search(r"url\(|@import|@font-face|background=|expression\(", pages[name])
    assert all(link["href"].startswith(("https://", "mailto:")) for link in built.all("a"))


def test_bars_are_silent_and_their_rows_say_it_in_words(pages):
    page = pages["full"]
    bars = [table for table in Built(page).all("table") if table.get("class") in {"bar", "band"}]
    assert len(bars) == 9
    assert all(table["aria-hidden"] == "true" for table in bars)
    assert page.count("(usually ") == 4


def test_languages_and_directions_are_marked(pages):
    built = Built(pages["wide"])
    assert {one.get("lang") for one in built.all("h4")} == {None, "zh", "ar", "he"}
    assert {one.get("dir") for one in built.all("h4")} == {"auto"}
    assert "<bdi>" in pages["wide"]


# ── in a browser ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.server
@pytest.mark.parametrize("view", pictures.VIEWS, ids=lambda view: view.name)
def test_the_page_looks_as_in_the_picture_that_is_kept(view):
    required("chromium")
    stale = "run python tests/alerts/digest_pictures.py and look at what it drew (it needs the font Noto Sans)"
    assert pictures.differences(days.page(), view) == [], stale


def without(part):
    """The page without a part, its heading and what stands under it."""
    return lambda page: re.sub(rf'<tr><td class="part"[^>]*><h2[^>]*>{part}.*?(?=<tr><td class="part")', "", page, flags=re.DOTALL)  # fmt: skip


PHONE, DESKTOP, DARK = pictures.VIEWS
BROKEN = {
    "a part is gone": (PHONE, without("Deadlines of")),
    "the summary is gone": (PHONE, lambda page: re.sub(r'<tr><td class="brief".*?</table></td></tr>', "", page, flags=re.DOTALL)),
    "the dark is light": (DARK, lambda page: page.replace("prefers-color-scheme: dark", "prefers-color-scheme: no")),
    "one dark colour is lost": (DARK, lambda page: page.replace("  .new { background: #16352a !important; color: #b5e3c6 !important; }", "")),
    "bars have no colour": (PHONE, lambda page: page.replace("background: #2b74ad", "background: #e4e9ee")),
    "the column is as wide as the window": (DESKTOP, lambda page: page.replace("max-width: 600px", "max-width: 900px")),
    "the narrow style is lost": (PHONE, lambda page: page.replace("max-width: 480px", "max-width: 80px")),
    "headlines are too large": (DESKTOP, lambda page: page.replace("font-size: 18px", "font-size: 30px")),
}  # fmt: skip


@pytest.mark.server
@pytest.mark.parametrize("fault", BROKEN)
def test_the_pictures_notice_what_is_broken(fault):
    required("chromium")
    view, spoil = BROKEN[fault]
    page = days.page()
    assert spoil(page) != page
    assert pictures.differences(spoil(page), view) != []


@pytest.mark.server
@pytest.mark.parametrize("width", [320, 800])
@pytest.mark.parametrize("name", ["empty", "full", "wide"])
def test_nothing_is_wider_than_the_screen_and_links_are_as_high_as_a_finger(pages, name, width):
    required("chromium")
    found = pictures.measure(pages[name], pictures.View("some", width))
    assert found["width"] == width
    assert found["links"]
    assert min(found["links"]) >= FINGER
