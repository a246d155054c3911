import pytest
from servers import FaultServer
from world import World

from bot.deliver.fake_slack import FakeSlack


@pytest.fixture
async def world(tmp_path):
    async with FaultServer() as server, FakeSlack() as slack:
        yield World(tmp_path, server, slack)
