import aiohttp
import pytest
from servers import FaultServer
from world import World

from bot.deliver.fake_slack import FakeSlack


@pytest.fixture
async def world(tmp_path):
    async with FaultServer() as server, FakeSlack() as slack:
        yield World(tmp_path, server, slack)


@pytest.fixture
async def ask(tmp_path):
    """Ask the service that listens on the socket in the world's folder; the answer is read already."""
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(tmp_path / "web.sock"))) as session:

        async def answered(path, method="GET", **more):
            async with session.request(method, f"http://presswatch{path}", **more) as answer:
                await answer.read()
                return answer

        yield answered
