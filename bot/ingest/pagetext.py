"""The article on a web page, told apart from what stands around it. Needs the extra "fulltext" (trafilatura).

Runs in a worker that can be killed: what a page does to its reader costs that page's text and nothing else.
"""

from __future__ import annotations

import logging
import re

from bot.errors import Unreadable
from bot.text import clean

from .encoding import decode
from .htmltext import MAX_DEPTH, MAX_HTML, html_to_text, without_long_tags
from .limits import MAX_TEXT
from .markup import too_deep
from .parse import charset
from .parsed import PageText
from .walls import Page, wall

# Libraries that say on standard error what they think of a page.
_TALKATIVE = ("trafilatura", "justext", "htmldate", "courlan", "readability")


def page_text(body: bytes, content_type: str | None, url: str) -> PageText:
    """The article's text on the page at ``url``, and whether something stands in its place (see :mod:`.walls`).

    Raises Unreadable for a page that is nested too deeply and for what trafilatura fails on.
    """
    markup = without_long_tags(decode(body, charset(content_type))[:MAX_HTML].replace("\0", ""))
    if too_deep(markup, MAX_DEPTH, xml=False):
        raise Unreadable("the page is nested too deeply to be read")
    text = extracted(markup)
    found = wall(Page(url=url, markup=markup, seen=clean(html_to_text(markup)), text=text))
    return PageText(text="" if found else text, wall=found)


def extracted(markup: str) -> str:
    """What trafilatura takes for the article, paragraphs apart by a blank line; empty if it finds none.

    Without comments of readers; raises Unreadable where it fails.
    """
    import trafilatura

    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        found = trafilatura.extract(markup, include_comments=False, output_format="txt")
    except MemoryError:
        raise
    except Exception as error:  # whatever a stranger's page brings to light in it is this page's error
        raise Unreadable(f"the page cannot be read ({type(error).__name__})") from error
    lines = (" ".join(line.split()) for line in clean(found or "").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(line for line in lines if line))[:MAX_TEXT]
