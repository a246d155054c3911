import pytest

from bot.deliver.fake_slack import FakeSlack


@pytest.fixture
async def slack():
    async with FakeSlack() as running:
        yield running
