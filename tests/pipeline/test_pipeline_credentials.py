"""A source's credentials: they reach its own host, and nothing else ever shows them."""

import base64
import logging

import pytest
from click.testing import CliRunner
from servers import FaultServer, redirect, reply
from world import rss

from bot.cli import cli
from bot.config import load

CANARY = "pa55-CANARY-w0rd"
BASIC = base64.b64encode(f"desk:{CANARY}".encode()).decode()


@pytest.fixture
def named(world, monkeypatch):
    """The source "wire", whose credentials stand in the environment."""
    world.feed_source("wire", "/feed")
    world.sources[-1] += 'auth_env = "WIRE_FEED"\nheaders = { "X-Desk" = "trade" }\n'
    monkeypatch.setenv("WIRE_FEED", f"desk:{CANARY}")
    monkeypatch.setattr("world.load", lambda path, _environ, cwd: load(path, {"WIRE_FEED": f"desk:{CANARY}"}, cwd))
    return world


async def test_they_are_sent_to_the_sources_host_and_not_to_where_it_redirects(named):
    async with FaultServer() as other:
        named.server["/feed"] = redirect(other.at("/feed"))
        other["/feed"] = rss("A tariff on tea")
        async with named.desk() as desk:
            polled, _ = await named.round(desk)
    assert polled.sources[0].new == 1
    (first,), (second,) = named.server.requests, other.requests
    assert (first.headers["authorization"], first.headers["x-desk"]) == (f"Basic {BASIC}", "trade")
    assert {"authorization", "x-desk"} & set(second.headers) == set()


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_no_log_report_or_row_shows_them(named, status, capfd):
    named.server["/feed"] = reply(f"{CANARY} {BASIC}", status)
    async with named.desk(verbose=2) as desk:
        polled, _ = await named.round(desk)
        logging.getLogger("presswatch").warning("sent desk:%s as %s", CANARY, BASIC)  # even a mistake of ours
    config = ["--config", str(named.folder / "config.toml")]
    shown = CliRunner().invoke(cli, ["sources", "list", "--json", *config]).output
    told = "".join((str(polled), repr(desk.config), shown, *capfd.readouterr()))
    assert "wire" in told
    for secret in (CANARY, BASIC):
        assert secret not in told
        assert secret.encode() not in b"".join(path.read_bytes() for path in (named.folder / "var").rglob("*.db*"))
