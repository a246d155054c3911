import pytest
from servers import FaultServer
from world import World

from bot.deliver.fake_slack import FakeSlack
from bot.deliver.fake_workspace import FakeChannel


@pytest.fixture
async def world(tmp_path):
    async with FaultServer() as server, FakeSlack() as slack:
        yield World(tmp_path, server, slack)


@pytest.fixture
async def world_with_ops(tmp_path):
    """The same with a second channel, which world.OPS names for those who run the program."""
    channels = (FakeChannel(id="C0000001", name="alerts"), FakeChannel(id="C0000002", name="ops"))
    async with FaultServer() as server, FakeSlack(channels=channels) as slack:
        yield World(tmp_path, server, slack)
