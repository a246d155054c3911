"""A rule that is applied to the archive: recorded as such, told once where that is wished for, in the right place."""

from datetime import UTC, datetime

import pytest
from world import RULES, article

from bot import pipeline
from bot.applying import REASON, Wish, apply
from bot.errors import PresswatchError
from bot.store import explain

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
COPPER = '\n[[rule]]\nid = "copper"\nseverity = "high"\nany = ["copper"]\n'
ARTICLES = {
    "one": article(
        "Ministry lowers the tariff", "The tariff on copper kettles falls in spring, the ministry of trade said."
    ),
    "two": article("Museum shows its bells", "Bells of copper from four centuries hang in the town's new museum hall."),
    "three": article(
        "Rain in the valley", "It rained for nine days, and the river Aar left its bed near the old mill."
    ),
}


@pytest.fixture
def stored(world):
    world.folder_source("a", **ARTICLES)
    return world


def add_rule(world, text=COPPER):
    (world.folder / "rules" / "rules.toml").write_text(RULES + text)


def histories(desk):
    with desk.store.read() as tx:
        return {one.stored.article.title: one for number in (1, 2, 3) if (one := explain.history(tx, number))}


def mentions(desk):
    return {title: [m.rule for v in one.versions for m in v.mentions] for title, one in histories(desk).items()}


async def test_what_it_finds_is_stored_and_the_ledger_says_that_somebody_asked(stored):
    async with stored.desk() as desk:
        await stored.round(desk)
        sent = len(stored.slack.texts())
        add_rule(stored)
        done = await apply(desk, "copper", Wish(since=LONG_AGO))
        assert (done.archived, len(done.matches), len(done.new), done.alerts) == (3, 2, 2, 0)
        found = mentions(desk)
        assert "copper" in found["Ministry lowers the tariff"]
        assert found["Museum shows its bells"] == ["copper"]
        assert found["Rain in the valley"] == []
        (decision,) = [each for each in histories(desk)["Museum shows its bells"].decisions if each.rule == "copper"]
        assert (decision.verdict, decision.reason) == ("no", REASON)
        assert await deliver(stored, desk) == sent
        again = await apply(desk, "copper", Wish(since=LONG_AGO, alert=True))
        assert (len(again.matches), len(again.new), again.alerts) == (2, 0, 0)


async def deliver(world, desk):
    await pipeline.deliver_due(desk)
    return len(world.slack.texts())


async def test_where_the_story_is_known_it_is_a_reply_and_elsewhere_a_message(stored):
    async with stored.desk() as desk:
        await stored.round(desk)
        assert len(stored.slack.texts()) == 1
        add_rule(stored)
        done = await apply(desk, "copper", Wish(since=LONG_AGO, alert=True))
        assert {match.stored.article.title: match.told for match in done.matches} == {
            "Ministry lowers the tariff": ("desk",),
            "Museum shows its bells": ("desk",),
        }
        assert await deliver(stored, desk) == 3
        alerts = {title: one.alerts for title, one in histories(desk).items()}
        assert [each.kind for each in alerts["Ministry lowers the tariff"]] == ["first", "new rule"]
        assert [each.deliveries[0].op for each in alerts["Ministry lowers the tariff"]] == ["post", "reply"]
        (told,) = alerts["Museum shows its bells"]
        assert (told.kind, told.rules, told.deliveries[0].op) == ("first", ("copper",), "post")
        states = {title: one.stored.state for title, one in histories(desk).items()}
        assert states["Museum shows its bells"] == "alerted"


async def test_no_more_stories_are_told_than_wished_and_the_newest_first(stored):
    async with stored.desk() as desk:
        await stored.round(desk)
        add_rule(stored)
        done = await apply(desk, "copper", Wish(since=LONG_AGO, alert=True, most=1))
        assert (done.alerts, done.left) == (1, 1)
        assert [bool(match.told) for match in done.matches] == [True, False]


async def test_a_dry_run_writes_nothing(stored):
    async with stored.desk() as desk:
        await stored.round(desk)
        before = mentions(desk)
        add_rule(stored)
        done = await apply(desk, "copper", Wish(since=LONG_AGO, dry=True))
        assert len(done.new) == 2
        assert mentions(desk) == before


async def test_articles_from_before_are_left_out(stored):
    async with stored.desk() as desk:
        await stored.round(desk)
        add_rule(stored)
        done = await apply(desk, "copper", Wish(since=datetime(2030, 1, 1, tzinfo=UTC)))
        assert (done.archived, done.matches) == (0, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (COPPER.replace('["copper"]', "[5]"), "is not in force"),
        (COPPER + "until = 2020-01-01\n", 'its "until"'),
    ],
)
async def test_a_rule_that_is_not_in_force_is_not_applied(stored, text, message):
    async with stored.desk() as desk:
        await stored.round(desk)
        add_rule(stored, text)
        with pytest.raises(PresswatchError, match=message):
            await apply(desk, "copper", Wish(since=LONG_AGO))


async def test_the_version_that_is_applied_is_kept_for_explaining(stored):
    async with stored.desk() as desk:
        await stored.round(desk)
        add_rule(stored)
        done = await apply(desk, "copper", Wish(since=LONG_AGO))
        (mention,) = histories(desk)["Museum shows its bells"].versions[-1].mentions
        assert mention.rule_hash == done.rule.hash
        assert done.rule.hash == desk.rules().ruleset.rules["copper"].hash
