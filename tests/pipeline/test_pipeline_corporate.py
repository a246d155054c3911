"""A network that lets nothing out but through its proxy and shows certificates of its own: feeds and Slack all the same."""

import base64
import json
import ssl
from pathlib import Path

import pytest
from servers import FaultServer, reply, tunnelling_proxy
from world import rss

from bot import pipeline
from bot.app import open_desk
from bot.config import load

TLS = Path(__file__).parents[1] / "net" / "tls"
HOST = "feeds.example.org"
CANARY = "pa55-CANARY-w0rd"
ENVIRON = {
    "CORP_PROXY": f"http://desk:{CANARY}@PROXY",
    "CORP_AGENT": "Newsroom reader",
    "WIRE_KEY": f"key-{CANARY}",
    "WIRE_AUTH": f"token-{CANARY}",
    "PAPER_AUTH": f"desk:{CANARY}",
    "SLACK_BOT_TOKEN": "xoxb-1",
}
CONFIG = f"""
[network]
proxy_env = "CORP_PROXY"
user_agent_env = "CORP_AGENT"
contact = "desk@example.org"
ca_file = "{TLS / "authority.pem"}"
allow = ["{HOST}"]

[slack]
base_url = "https://{HOST}/api/"

[[destination]]
id = "desk"
kind = "slack"
channel = "C0000001"

[[source]]
id = "wire"
url = "https://{HOST}/wire"
headers = {{ "X-Desk" = "trade" }}
headers_env = {{ "X-Wire-Key" = "WIRE_KEY" }}
auth_env = "WIRE_AUTH"

[[source]]
id = "paper"
url = "https://{HOST}/paper"
auth_env = "PAPER_AUTH"
"""


@pytest.fixture
async def outside():
    """What lies behind the proxy, feeds and Slack."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "server.pem")
    async with FaultServer(tls=context) as server:
        answer = json.dumps({"ok": True, "channel": "C0000001", "ts": "1700000000.000100"})
        server["/api/chat.postMessage"] = reply(answer, content_type="application/json")
        yield server


async def a_round(world, outside, environ=ENVIRON):
    (world.folder / "config.toml").write_text(CONFIG)
    async with tunnelling_proxy(outside.port) as (address, seen):
        environ = {name: value.replace("PROXY", address) for name, value in environ.items()}
        config = load(world.folder / "config.toml", environ, world.folder)
        async with open_desk(config, clock=lambda: world.at, verbose=2) as desk:
            await pipeline.reload_rules(desk)
            polled, _ = await world.round(desk, backfill=1)
            return config, {report.source: report for report in polled.sources}, seen


async def test_feeds_and_alerts_go_through_the_proxy_with_all_that_the_environment_holds(world, outside, capfd):
    outside["/wire"] = rss("A tariff on tea")
    outside["/paper"] = rss("Rain")
    config, reports, seen = await a_round(world, outside)
    assert reports["wire"].status == "baseline", reports["wire"].note
    basic = base64.b64encode(f"desk:{CANARY}".encode()).decode()
    for lines in seen:
        assert f"Proxy-Authorization: Basic {basic}" in lines
    wire, paper, slack = (
        next(each for each in outside.requests if each.path.startswith(path)) for path in ("/wire", "/paper", "/api")
    )
    assert wire.headers["user-agent"] == "Newsroom reader (+desk@example.org)"
    assert wire.headers["authorization"] == f"Bearer token-{CANARY}"
    assert (wire.headers["x-desk"], wire.headers["x-wire-key"]) == ("trade", f"key-{CANARY}")
    assert paper.headers["authorization"] == f"Basic {basic}"
    assert "tariff on tea" in slack.body.decode()
    told = "".join((repr(config), str(reports), *capfd.readouterr()))
    assert CANARY not in told
    assert basic not in told


async def test_a_proxy_that_refuses_is_named_for_feeds_and_for_slack(world, outside):
    """Without the tunnel nothing goes out, and nothing takes another way."""
    async with FaultServer() as proxy:
        proxy[f"{HOST}:443"] = reply("", 407)
        (world.folder / "config.toml").write_text(CONFIG)
        environ = {name: value.replace("PROXY", proxy.url.removeprefix("http://")) for name, value in ENVIRON.items()}
        config = load(world.folder / "config.toml", environ, world.folder)
        async with open_desk(config, clock=lambda: world.at) as desk:
            polled = await pipeline.ingest_due(desk, force=True)
            told = await desk.senders["slack"].check(config.destinations[0])
    assert {report.note for report in polled.sources} == {
        "the proxy asks for a name and password (407): put them into proxy_env under [network]"
    }
    assert "proxy in [network]" in " ".join(f"{finding.detail} {finding.remedy}" for finding in told)
    assert outside.requests == []
