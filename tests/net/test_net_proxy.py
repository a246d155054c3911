"""Corporate networks: a proxy, a certificate authority of one's own, and what cannot be used of either."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest
import servers
from servers import FaultServer, redirect, tunnelling_proxy

from bot.errors import ConfigError, Refused, SourceError, Unreachable
from bot.net import Door

HOST = "feeds.example.org"
TLS = Path(__file__).parent / "tls"
AUTHORITY = TLS / "authority.pem"


async def loopback(host, port):
    return ["127.0.0.1"]


async def unknown(host, port):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.fixture
async def secure():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "server.pem")
    async with FaultServer(tls=context) as server:
        server["/feed"] = "<rss/>"
        yield server


async def test_an_authority_of_ones_own(secure):
    async with Door(user_agent="test", allow=[HOST], resolver=loopback, ca_file=AUTHORITY) as door:
        assert (await door.get(f"https://{HOST}:{secure.port}/feed")).body == b"<rss/>"
    assert secure.requests[0].headers["host"] == f"{HOST}:{secure.port}"


@pytest.mark.parametrize(
    ("host", "ca_file", "reason"),
    [(HOST, None, "self-signed|unable to get local issuer"), ("other.example.org", AUTHORITY, "mismatch")],
    ids=["unknown authority", "another host's"],
)
async def test_certificates_that_cannot_be_trusted(secure, host, ca_file, reason):
    async with Door(user_agent="test", allow=[host], resolver=loopback, ca_file=ca_file) as door:
        with pytest.raises(Unreachable, match=rf"the certificate of {host} cannot be trusted \(.*({reason}).*ca_file"):
            await door.get(f"https://{host}:{secure.port}/feed")
    assert secure.requests == []


async def test_a_server_that_speaks_no_tls():
    async def serve(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    async with listener, Door(user_agent="test", allow=[HOST], resolver=loopback, deadline=5) as door:
        with pytest.raises(Unreachable, match=f"no secure connection could be made with {HOST} on port {port}"):
            await door.get(f"https://{HOST}:{port}/feed")


async def test_a_redirect_from_https_to_http_drops_the_headers(secure):
    async with (
        FaultServer() as plain,
        Door(user_agent="test", allow=[HOST], resolver=loopback, ca_file=AUTHORITY) as door,
    ):
        secure["/moved"] = redirect(f"http://{HOST}:{plain.port}/feed")
        plain["/feed"] = "<rss/>"
        await door.get(f"https://{HOST}:{secure.port}/moved", headers={"X-Api-Key": "s3cret"})
    assert secure.requests[0].headers["x-api-key"] == "s3cret"
    assert "x-api-key" not in plain.requests[0].headers


# ── proxy ────────────────────────────────────────────────────────────────────────────────────────


async def test_https_goes_through_a_tunnel_with_the_targets_certificate_checked(secure):
    async with tunnelling_proxy(secure.port) as (address, seen):
        proxy = f"http://desk:pa%20ss@{address}"
        async with Door(user_agent="test", proxy=proxy, ca_file=AUTHORITY, resolver=unknown) as door:
            assert (await door.get(f"https://{HOST}/feed")).body == b"<rss/>"
            with pytest.raises(Unreachable, match=r"certificate of other\.example\.org cannot be trusted"):
                await door.get("https://other.example.org/feed")
    assert [lines[0] for lines in seen] == [
        f"CONNECT {HOST}:443 HTTP/1.1",
        "CONNECT other.example.org:443 HTTP/1.1",
    ]
    assert "proxy-authorization: basic zgvzazpwysbzcw==" in [line.lower() for line in seen[0]]
    assert "proxy-authorization" not in secure.requests[0].headers


async def test_http_goes_to_the_proxy_whole():
    async with FaultServer() as proxy, Door(user_agent="test", proxy=proxy.url, resolver=unknown) as door:
        proxy["http://feeds.example.org/feed"] = redirect("http://www.example.org/new")
        proxy["http://www.example.org/new"] = "<rss/>"
        assert (await door.get("http://feeds.example.org/feed")).final_url == "http://www.example.org/new"
    assert [request.headers["host"] for request in proxy.requests] == ["feeds.example.org", "www.example.org"]


async def test_a_proxy_is_found_by_name_and_may_be_private():
    async def resolve(host, port):
        return ["127.0.0.1"] if host == "proxy.corp" else ["93.184.215.14"]

    async with FaultServer() as proxy:
        door = Door(user_agent="test", proxy=f"http://proxy.corp:{proxy.port}", resolver=resolve)
        proxy["http://feeds.example.org/feed"] = "<rss/>"
        async with door:
            assert (await door.get("http://feeds.example.org/feed")).body == b"<rss/>"
            with pytest.raises(Refused):
                await door.get(f"http://127.0.0.1:{proxy.port}/")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://intranet/feed", "a name inside a private network"),
        ("http://printer.local/feed", "a name inside a private network"),
        ("http://metadata.google.internal./", "a name inside a private network"),
        ("http://router.home.arpa/", "a name inside a private network"),
        ("http://example.org:8080/", "port 8080 of example.org"),
        ("http://10.0.0.1/", "private or reserved address"),
    ],
)
async def test_a_proxy_is_no_way_into_the_private_network(url, reason):
    async with FaultServer() as proxy, Door(user_agent="test", proxy=proxy.url, resolver=unknown) as door:
        with pytest.raises(Refused, match=reason):
            await door.get(url)
    assert proxy.requests == []


async def test_names_that_are_known_to_be_private_do_not_go_to_the_proxy_unless_allowed():
    async with FaultServer() as proxy:
        proxy["http://wiki.example.org/feed"] = "<rss/>"
        async with Door(user_agent="test", proxy=proxy.url, resolver=loopback) as door:
            with pytest.raises(Refused, match=r"wiki\.example.org leads to .* 127\.0\.0\.1"):
                await door.get("http://wiki.example.org/feed")
        async with Door(user_agent="test", proxy=proxy.url, resolver=loopback, allow=["wiki.example.org"]) as door:
            assert (await door.get("http://wiki.example.org/feed")).status == 200


@pytest.mark.parametrize(
    ("status", "kind", "sentence"),
    [
        (407, Refused, "the proxy asks for a name and password"),
        (403, Refused, f"the proxy does not connect to {HOST}"),
        (502, Unreachable, f"the proxy does not connect to {HOST}"),
    ],
)
async def test_a_proxy_that_opens_no_tunnel(status, kind, sentence):
    async with FaultServer() as proxy:
        proxy[f"{HOST}:443"] = servers.reply("", status)
        url = proxy.url.replace("//", "//desk:s3cret@")
        async with Door(user_agent="test", proxy=url, resolver=unknown) as door:
            with pytest.raises(SourceError, match=sentence) as caught:
                await door.get(f"https://{HOST}/feed")
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "proxy.corp"])
async def test_a_proxy_that_is_not_there(host):
    async def resolve(name, port):
        return ["127.0.0.1"] if name == "proxy.corp" else ["93.184.215.14"]

    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with Door(user_agent="test", proxy=f"http://desk:s3cret@{host}:{port}", resolver=resolve) as door:
        with pytest.raises(
            Unreachable, match=f"the proxy {host}:{port} could not be reached: check proxy under"
        ) as caught:
            await door.get("http://feeds.example.org/feed")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["proxy.corp:3128", "socks5://proxy.corp:1080", "http://", "http://proxy:port"])
def test_what_is_no_proxy_is_a_fault_of_the_configuration(proxy):
    with pytest.raises(ConfigError, match=r"network\.proxy: is not the address of a proxy – write it like"):
        Door(user_agent="test", proxy=proxy)


@pytest.mark.parametrize(("content", "reason"), [(None, "cannot be read"), ("hello", "not a file of certificates")])
def test_what_is_no_ca_file_is_a_fault_of_the_configuration(tmp_path, content, reason):
    path = tmp_path / "authority.pem"
    if content:
        path.write_text(content)
    with pytest.raises(ConfigError, match=rf"authority.pem: .*{reason}.* – ca_file under \[network\]"):
        Door(user_agent="test", ca_file=path)
