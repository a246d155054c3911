"""robots.txt as RFC 9309 has it, from a real server, read in a real worker."""

import asyncio
import gzip

import pytest
from servers import FaultServer, busy, endless, page, redirect, reply, silent, truncated

from bot.errors import Refused, SourceError, TooLarge, Unreadable
from bot.ingest.limits import MAX_ROBOTS
from bot.ingest.robots import KEPT, TROUBLED, Leave, Robots, leave, product_token
from bot.ingest.workers import ParserPool
from bot.net import Door

AGENT = "Presswatch/0.9 (+https://desk.example)"


class Clock:
    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def robots(clock):
    async with ParserPool(pages=True) as pool, Door(user_agent=AGENT, allow=["127.0.0.1"]) as door:
        yield Robots(door, pool, clock=clock)


def text(body, **headers):
    return reply(body, content_type="text/plain", headers={name.replace("_", "-"): v for name, v in headers.items()})


async def allowed(robots, url, deadline=5.0):
    try:
        await robots.ask(url, deadline)
    except SourceError as error:
        return str(error)
    return True


# ── which rules count ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /private", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/a", True),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/a", True),
        ("User-agent: *\nDisallow: /*.php$", "/a.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/a.php?x=1", True),
        ("User-agent: *\nAllow: /\nUser-agent: presswatch\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nUser-agent: PressWatch\nAllow: /", "/a", True),
        ("User-agent: otherbot\nDisallow: /", "/a", True),
        ("User-agent: otherbot\nUser-agent: presswatch\nDisallow: /", "/a", False),
        ("User-agent: presswatch-images\nDisallow: /", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /", "/a", False),
        ("<!doctype html><html><body>Not found</body></html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_the_rules_for_our_token_count_else_those_for_all(body, path, expected):
    assert leave(body.encode(), f"https://x.example{path}", "Presswatch").allowed == expected


@pytest.mark.parametrize(
    ("line", "delay"), [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("soon", 0.0), ("inf", 0.0), ("1e400", 0.0)]
)
def test_the_delay_that_is_asked_for(line, delay):
    found = leave(f"User-agent: *\nCrawl-delay: {line}\nDisallow: /x".encode(), "https://x.example/a", "Presswatch")
    assert found == Leave(allowed=True, delay=delay)


@pytest.mark.parametrize(
    ("agent", "token"), [(AGENT, "Presswatch"), ("My-Desk_Bot 2", "My-Desk_Bot"), ("2fast", "*"), ("", "*")]
)
def test_our_token_is_the_head_of_the_user_agent(agent, token):
    assert product_token(agent) == token


# ── what a server answers ────────────────────────────────────────────────────────────────────────


async def test_it_is_fetched_once_for_all_pages_and_says_who_asks(server, robots):
    server["/robots.txt"] = text("User-agent: presswatch\nDisallow: /b\nCrawl-delay: 3")
    assert await robots.ask(server.at("/a?x=/b"), 5) == 3.0
    assert await allowed(robots, server.at("/b")) == "robots.txt of 127.0.0.1 does not allow it"
    assert server.paths() == ["/robots.txt"]
    assert server.requests[0].headers["user-agent"].startswith("Presswatch/")


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 451])
async def test_without_one_everything_is_allowed(server, robots, status):
    server["/robots.txt"] = reply("", status, "text/plain")
    assert await allowed(robots, server.at("/a")) is True
    assert await allowed(robots, server.at("/b")) is True
    assert server.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    "answer", [busy(500), busy(503, 5), busy(429), truncated("User-agent: *"), silent, redirect("/robots.txt")]
)
async def test_in_trouble_nothing_is_allowed_and_the_server_is_asked_again_later(server, robots, clock, answer):
    server["/robots.txt"] = [answer, text("User-agent: *\nDisallow: /b")]
    assert "whether programs may read it is not known" in await allowed(robots, server.at("/a"), 0.3)
    clock.at += TROUBLED - 1
    assert await allowed(robots, server.at("/a")) is not True
    assert len(server.requests) == 1
    clock.at += 1
    assert await allowed(robots, server.at("/a")) is True


async def test_a_server_that_cannot_be_reached_allows_nothing(robots):
    async with FaultServer() as gone:
        address = gone.at("/a")
    assert "refused the connection" in await allowed(robots, address)


async def test_it_is_kept_for_a_day_at_most_and_as_the_server_says(server, robots, clock):
    server["/robots.txt"] = [
        text("User-agent: *\nDisallow: /old"),
        text("User-agent: *\nDisallow: /new", Cache_Control="max-age=3600"),
        text("", Cache_Control="max-age=999999"),
    ]
    assert await allowed(robots, server.at("/old")) is not True
    clock.at += KEPT
    assert await allowed(robots, server.at("/old")) is True
    assert await allowed(robots, server.at("/new")) is not True
    clock.at += 3600
    assert await allowed(robots, server.at("/new")) is True
    clock.at += KEPT
    assert await allowed(robots, server.at("/new")) is True
    assert len(server.requests) == 4


async def test_what_stands_behind_the_first_500_kib_does_not_count(server, robots):
    rules = "User-agent: *\nDisallow: /early\n"
    server["/robots.txt"] = text(rules + "#" * MAX_ROBOTS + "\nDisallow: /late\n")
    assert await allowed(robots, server.at("/early")) is not True
    assert await allowed(robots, server.at("/late")) is True


async def test_one_without_end_is_cut(server, robots):
    server["/robots.txt"] = endless
    assert await allowed(robots, server.at("/a")) is True


async def test_it_may_be_packed_and_may_lie_elsewhere(server, robots):
    packed = gzip.compress(b"User-agent: *\nDisallow: /b\n" + b"# padding\n" * 200_000)
    server["/robots.txt"] = redirect("/elsewhere.txt", 301)
    server["/elsewhere.txt"] = text(packed, Content_Encoding="gzip")
    assert await allowed(robots, server.at("/b")) is not True
    assert await allowed(robots, server.at("/a")) is True


async def test_one_that_leads_to_where_we_do_not_go_allows_nothing(server, robots):
    async with FaultServer(host="127.0.0.2") as inside:
        server["/robots.txt"] = redirect(inside.at("/robots.txt"))
        assert "redirects to where we do not go" in await allowed(robots, server.at("/a"))
        assert inside.connections == 0


async def test_two_that_ask_at_once_cause_one_request(server, robots):
    server["/robots.txt"] = text("User-agent: *\nDisallow: /b")
    assert await asyncio.gather(*(allowed(robots, server.at(f"/{n}")) for n in range(5))) == [True] * 5
    assert server.paths() == ["/robots.txt"]


async def test_a_hostile_one_costs_its_own_pages(server, robots):
    names = "".join(f"User-agent: bot{number}\n" for number in range(15_000))
    server["/robots.txt"] = text(names + "Disallow: /x\n" * 10_000)
    with pytest.raises((Unreadable, TooLarge, Refused)):
        await robots.ask(server.at("/a"), 5)
    async with FaultServer() as other:
        other["/robots.txt"] = page("User-agent: *\nDisallow: /b")
        assert await allowed(robots, other.at("/a")) is True
