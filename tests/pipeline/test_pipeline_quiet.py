"""Quiet hours and the most an hour: kept, not dropped, and needing nobody's attention."""

from world import TEXT, article

from bot import pipeline

QUIET = (
    '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "C0000001"\n'
    'quiet = "20:00-08:00"\nzone = "Asia/Shanghai"\n'
)
CAPPED = '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "C0000001"\nmax_per_hour = 1\n'


def texts(world):
    return world.slack.texts("C0000001")


async def test_what_falls_into_quiet_hours_is_sent_after_them(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(QUIET) as desk:  # noon UTC is 20:00 in Shanghai
        polled, delivered = await world.round(desk)
        assert (polled.alerts, texts(world)) == (1, [])
        assert (delivered.waiting, delivered.quiet) == (0, 1)
        assert (await pipeline.deliver_all(desk)).quiet == 1  # and does not wait for the morning
        world.later(hours=11, minutes=59)
        assert (await pipeline.deliver_due(desk)).sent == 0
        world.later(minutes=1)
        assert (await pipeline.deliver_due(desk)).sent == 1
    assert len(texts(world)) == 1


async def test_a_copy_that_comes_at_night_is_in_the_message_of_the_morning(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(QUIET) as desk:
        await world.round(desk)
    world.folder_source("b", two=article("Pots get cheaper"))
    async with world.desk(QUIET) as desk:
        world.later(hours=1)
        await world.round(desk)
        world.later(hours=12)
        await pipeline.deliver_due(desk)
    (text,) = texts(world)
    assert "Outlet b" in text


async def test_hours_that_are_taken_out_of_the_configuration_hold_nothing_any_more(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(QUIET) as desk:
        await world.round(desk)
    async with world.desk() as desk:
        await pipeline.deliver_due(desk)
    assert len(texts(world)) == 1


async def test_a_reply_beyond_the_most_an_hour_waits_for_the_digest_and_a_story_s_first_does_not(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(CAPPED) as desk:
        await world.round(desk)
        world.later(minutes=10)
        more = TEXT + " The kettle makers of the region, asked about it, said that they had known for weeks."
        (world.folder / "a" / "one.txt").write_text(article("Ministry lowers duties", more))
        polled, _ = await world.round(desk)
        assert (polled.alerts, len(texts(world))) == (0, 1)
        (world.folder / "a" / "two.txt").write_text(
            article("Kettle fair", "The kettle fair opened with a speech of the mayor.")
        )
        polled, _ = await world.round(desk)
        assert (polled.alerts, len(texts(world))) == (1, 2)


def edited(world, words):
    (world.folder / "a" / "one.txt").write_text(article("Ministry lowers duties", f"{TEXT} {words}"))


async def test_what_was_too_much_is_said_once_with_its_number(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    rules = (world.folder / "rules" / "rules.toml").read_text()
    words = ("gong", "spoon", "lamp")
    (world.folder / "rules" / "rules.toml").write_text(
        rules + "".join(f'\n[[rule]]\nid = "{word}"\nany = ["{word}"]\n' for word in words)
    )
    async with world.desk(CAPPED) as desk:
        await world.round(desk)
        for number in range(3):
            world.later(minutes=10)
            edited(world, " and a ".join(words[: number + 1]))
            polled, _ = await world.round(desk)
            assert polled.alerts == 0
        assert len(texts(world)) == 1
        world.later(minutes=39, seconds=59)
        await pipeline.deliver_due(desk)
        assert len(texts(world)) == 1
        world.later(seconds=1)
        delivered = await pipeline.deliver_due(desk)
    assert texts(world)[1:] == [
        "3 more in the digest: further news of stories told here, beyond what max_per_hour or expect allows."
    ]
    assert delivered.sent == 0
