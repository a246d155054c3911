"""The README's pictures show what the program produces today, and how they are made."""

import importlib
import re
from pathlib import Path

import pytest
from browsers import required

from bot.deliver import slack_page

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
README = IMAGES.parents[1] / "README.md"
PICTURES = sorted(IMAGES.glob("*.png"))
LARGEST = 150 * 1024


@pytest.fixture
def tools(monkeypatch):
    """The modules beside the pictures."""
    monkeypatch.syspath_prepend(str(IMAGES))
    return importlib.import_module


def test_every_picture_is_in_the_readme_and_small(tools):
    shown = set(re.findall(r"docs/images/([\w.-]+)", README.read_text("utf-8")))
    assert shown == {path.name for path in (*PICTURES, *IMAGES.glob("*.svg"))}
    assert {path.name for path in PICTURES} == set(tools("make").PAGES)
    assert [path.name for path in (*PICTURES, *IMAGES.glob("*.svg")) if path.stat().st_size > LARGEST] == []


def test_pictures_load_nothing_from_elsewhere():
    text = (IMAGES / "first-run.svg").read_text("utf-8")
    assert re.findall(r"url\((?!#)|href=|@import", text) == []


def test_a_note_can_be_put_into_a_picture_and_read_again(tools):
    browser = tools("browser")
    before = PICTURES[0].read_bytes()
    after = browser.noted(before, "some page")
    assert browser.note(after) == "some page"
    assert browser.size(after) == browser.size(before)
    assert [data for kind, data in browser.chunks(after) if kind == b"IDAT"] == [
        data for kind, data in browser.chunks(before) if kind == b"IDAT"
    ]


def test_a_missing_tool_is_named_with_its_remedy(tools, monkeypatch):
    browser = tools("browser")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(browser.Missing, match="sudo apt install chromium"):
        browser.tool(*browser.CHROMIUM)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*<https://example.org/?a=1&amp;b=2|Tariffs &lt;up&gt;>*", "<div><b><a href=\"https://example.org/?a=1&amp;b=2\">Tariffs &lt;up&gt;</a></b></div>"),
        ("> one *hit*\n> two", "<blockquote>one <b>hit</b><br>two</blockquote>"),
        ("<!date^1694028600^{date_short_pretty}, {time}|6 Sep>", "<div>Sep 6th, 2023, 7:30 PM</div>"),
        ("*Rule*: “a”\n*Other*", "<div><b>Rule</b>: “a”</div><div><b>Other</b></div>"),
        (":red_circle: *Urgent*", '<div><span class="emoji">🔴</span> <b>Urgent</b></div>'),
    ],
)  # fmt: skip
def test_slack_marks_are_shown_as_slack_shows_them(text, html):
    assert slack_page.mrkdwn(text) == html


def test_a_block_that_the_picture_cannot_show_is_noticed():
    message = {"ts": "1694029260.000001", "blocks": [{"type": "image"}]}
    with pytest.raises(KeyError):
        slack_page.page("desk", [message], app="Presswatch")


@pytest.mark.server
def test_the_pictures_show_what_the_program_produces_today(tools, tmp_path):
    required("chromium", "pngquant", "faketime")
    make, browser = tools("make"), tools("browser")
    make.main(tmp_path)
    stale = "run python docs/images/make.py and look at what it made"
    assert (tmp_path / "first-run.svg").read_text("utf-8") == (IMAGES / "first-run.svg").read_text("utf-8"), stale
    for kept in PICTURES:
        made, old = (tmp_path / kept.name).read_bytes(), kept.read_bytes()
        # The page is the same, letter for letter; how it is drawn depends on the fonts of this machine.
        assert browser.note(made) == browser.note(old), f"{kept.name} shows another page than today's: {stale}"
        (width, height), (old_width, old_height) = browser.size(made), browser.size(old)
        assert width == old_width
        assert height == pytest.approx(old_height, rel=0.15), kept.name
        assert len(made) == pytest.approx(len(old), rel=0.5), f"{kept.name} is much emptier or fuller than it was"
