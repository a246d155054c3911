"""What Presswatch watches and where it tells of it when nobody has said otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Destination, Source
from bot.packaged import packaged

if TYPE_CHECKING:
    from pathlib import Path

# Feeds as their publishers document them: federalregister.gov/developers, ustr.gov, wto.org, scmp.com/rss.
FEDERAL_REGISTER = "https://www.federalregister.gov/api/v1/documents.rss?conditions[agencies][]="
FEEDS = (
    Source(
        id="federal-register-bis",
        kind="feed",
        name="Federal Register: Bureau of Industry and Security",
        url=f"{FEDERAL_REGISTER}industry-and-security-bureau",
        tier="official",
        lang="en",
    ),
    Source(
        id="federal-register-ustr",
        kind="feed",
        name="Federal Register: U.S. Trade Representative",
        url=f"{FEDERAL_REGISTER}trade-representative-office-of-united-states",
        tier="official",
        lang="en",
    ),
    Source(
        id="ustr",
        kind="feed",
        name="Office of the U.S. Trade Representative",
        url="https://ustr.gov/rss.xml",
        tier="official",
        lang="en",
    ),
    Source(
        id="wto",
        kind="feed",
        name="World Trade Organization",
        url="https://www.wto.org/library/rss/latest_news_e.xml",
        tier="official",
        lang="en",
    ),
    Source(
        id="scmp",
        kind="feed",
        name="South China Morning Post",
        url="https://www.scmp.com/rss/91/feed",
        tier="outlet",
        lang="en",
    ),
)

CONSOLE = Destination(id="console", kind="console")


def sources(base: Path) -> tuple[Source, ...]:
    """The sample articles (``seeds`` beside the configuration, else those shipped) and five public feeds."""
    own = base / "seeds"
    seeds = own if own.is_dir() else packaged("seeds")
    return (Source(id="seeds", kind="folder", name="Sample articles", path=str(seeds)), *FEEDS)


def rules(base: Path) -> Path:
    """``rules`` beside the configuration, else the folder shipped."""
    own = base / "rules"
    return own if own.is_dir() else packaged("rules")
