"""A feed of our own as a destination: what it holds after alerts, copies and notices."""

import json

from world import article

from bot import pipeline

FEED = '[[destination]]\nid = "own"\nkind = "feed"\npath = "out/alerts.json"\n'
OPS = '[ops]\nnotify = ["own"]\n'


def items(world):
    return json.loads((world.folder / "out" / "alerts.json").read_text("utf-8"))["items"]


async def test_an_alert_its_copy_and_a_notice(world):
    world.folder_source("a", one=article("Ministry lowers duties", url="https://a.example/1"))
    async with world.desk(FEED + OPS) as desk:
        await world.round(desk)
        (first,) = items(world)
    world.folder_source("b", two=article("Pots get cheaper", url="https://b.example/2"))
    async with world.desk(FEED + OPS) as desk:
        world.later(hours=1)
        await world.round(desk)
        (changed,) = items(world)
        (world.folder / "rules" / "bad.toml").write_text("[[rule")
        await pipeline.reload_rules(desk)
        await pipeline.notify_operators(desk)
        await pipeline.deliver_due(desk)
    assert (first["title"], first["url"]) == ("Ministry lowers duties", "https://a.example/1")
    assert "<strong>tariff</strong>" in first["content_html"]
    assert "Why: Tariffs – “tariff”" in first["content_text"]
    assert "Also carried by 1 outlet: Outlet b" not in first["content_text"]
    assert changed["id"] == first["id"]
    assert "Also carried by 1 outlet: Outlet b" in changed["content_text"]
    notice, still = items(world)
    assert (notice["tags"], still["id"]) == (["notice"], first["id"])
