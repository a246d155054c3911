"""A spike as an alert, in the shape of each kind of destination."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.text import cut

from . import compose_feed, compose_webhook, wording
from . import compose_slack as slack
from . import spike_words as words
from .compose_console import INDENT, line

if TYPE_CHECKING:
    from bot.model import DestinationKind
    from bot.model.volume import Spike


def compose_spike(spike: Spike, kind: DestinationKind) -> dict[str, Any]:
    """The alert, {"full", "minimal"}, in the shape that the senders of ``kind`` take."""
    if kind == "webhook":
        return compose_webhook.spike(spike)
    if kind in ("feed", "apprise"):
        lines = [f"{words.count(spike, words.UTC)}; {words.usual(spike)}."]
        lines += [f"{words.headline(story)} – {words.carried(story)}" for story in spike.top]
        return compose_feed.listed(
            f"{words.OPENING}: {words.title(spike)}", [*lines, *filter(None, [words.driven_by(spike)])], "spike"
        )
    return _slack(spike) if kind == "slack" else _console(spike)


def _slack(spike: Spike) -> dict[str, Any]:
    head = f"*{words.OPENING}: {slack.escape(words.title(spike))}*"
    told = slack.escape(f"{words.count(spike, words.UTC)}; {words.usual(spike)}.")
    linked = [slack.linked(cut(words.headline(story), words.HEADLINE), story.url) for story in spike.top]
    carried = [slack.escape(words.carried(story)) for story in spike.top]
    tops = [f"• {headline} – {who}" for headline, who in zip(linked, carried, strict=True)]
    blocks = [slack.section(f"{head}\n{told}")]
    blocks += [slack.section("\n".join(slack.fitting(tops, slack.SECTION)))] if tops else []
    why = words.driven_by(spike)
    blocks += [slack.context(cut(slack.escape(why), slack.CONTEXT))] if why else []
    plain = [
        f"{words.OPENING}: {words.sentence(spike)}",
        *(f"• {words.headline(story)} – {words.carried(story)}" for story in spike.top),
    ]
    plain += [why] if why else []
    text = "\n".join(slack.fitting([slack.escape(each) for each in plain], slack.TEXT))
    short = slack.message(slack.escape(cut(f"{words.OPENING}: {words.sentence(spike)}", slack.REASON)))
    return {"full": {**slack.message(text), "blocks": blocks}, "minimal": short}


def _console(spike: Spike) -> dict[str, Any]:
    head = line([[f"{words.OPENING}: ", "loud", None], [words.title(spike), "headline", None]], 0)
    lines = [head, line([[f"{words.count(spike, words.UTC)}; {words.usual(spike)}.", "meta", None]], INDENT)]
    for story in spike.top:
        url = wording.link(story.url)
        lines.append(
            line(
                [
                    ["• ", "label", None],
                    [words.headline(story), "quote", url],
                    [f" – {words.carried(story)}", "meta", None],
                ],
                INDENT,
                INDENT,
            )
        )
    why = words.driven_by(spike)
    lines += [line([[why, "copies", None]], INDENT)] if why else []
    return {
        "full": {"lines": lines, "counter": []},
        "minimal": {
            "lines": [line([[f"{words.OPENING}: {words.sentence(spike)}", "headline", None]], 0)],
            "counter": [],
        },
    }
