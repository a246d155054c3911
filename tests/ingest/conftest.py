"""What polls and pages are tried against: a server on the loopback, and the program's own door and parsers."""

import pytest
from servers import FaultServer

from bot.ingest.workers import ParserPool
from bot.net import Door


@pytest.fixture
async def server():
    async with FaultServer() as server:
        yield server


@pytest.fixture
async def pool():
    async with ParserPool() as pool:
        yield pool


@pytest.fixture
async def door(server):
    async with Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"]) as door:
        yield door
