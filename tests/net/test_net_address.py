import contextlib
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from bot.errors import Refused
from bot.net.address import join, parse

KEPT = {
    "http://example.org": "http://example.org/",
    "HTTPS://Example.ORG/Path": "https://example.org/Path",
    "http://example.org:80/a": "http://example.org/a",
    "https://example.org:8443/a": "https://example.org:8443/a",
    "  https://example.org/a \n": "https://example.org/a",
    "https://example.org/a?": "https://example.org/a",
    "https://example.org/a??": "https://example.org/a??",
    "https://example.org?x=1": "https://example.org/?x=1",
    "https://example.org/a#part": "https://example.org/a",
    "https://example.org/a?conditions[agencies][]=bis&x=%2B+": "https://example.org/a?conditions[agencies][]=bis&x=%2B+",
    "https://example.org/a b/ü": "https://example.org/a%20b/%C3%BC",
    "https://example.org/%7Euser/%zz": "https://example.org/%7Euser/%zz",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "http://ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ": "http://example.com/",
    "http://ex。com/": "http://ex.com/",
    "http://a_b.example.org./": "http://a_b.example.org./",
    "http://93.184.215.14/": "http://93.184.215.14/",
    "http://[2606:4700::0001]/": "http://[2606:4700::1]/",
    "http://[::FFFF:1.2.3.4]:81/": "http://[::ffff:102:304]:81/",
}


@pytest.mark.parametrize(("given_url", "asked"), KEPT.items(), ids=KEPT)
def test_what_is_asked_for(given_url, asked):
    assert parse(given_url).url == asked


def test_an_ip_address_is_known_as_one():
    assert parse("http://１２７.０.０.１/").ip == parse("http://127.0.0.1").ip is not None
    assert parse("http://example.org").ip is None


REFUSED = {
    "": "http://",
    "example.org/feed": "http://",
    "//example.org/feed": "http://",
    "ftp://example.org/": "“ftp:”",
    "file:///etc/passwd": "“file:”",
    "jar:https://example.org!/": "“jar:”",
    "http:example.org": "“http:”",
    "http:///feed": "host name",
    "http://": "host name",
    "http://a..b/": "host name",
    "http://-a.example/": "host name",
    "http://exa mple.org/": "host name",
    "http://ex%61mple.org/": "host name",
    "http://ex%00.org/": "host name",
    "http://xn--\N{SNOWMAN}-/": "host name",
    f"http://{'a' * 64}.org/": "host name",
    "http://example.org:port/": "host name",
    "http://[::1/": "host name",
    "http://[fe80::1%25eth0]/": "host name",
    "http://[1::2::3]/": "not a valid IP",
    "http://example.org:0/": "no port 0",
    "http://example.org:65536/": "no port 65536",
    "http://127.1/": "not a valid IP",
    "http://2130706433/": "not a valid IP",
    "http://0x7f.1/": "not a valid IP",
    "http://0177.0.0.1/": "not a valid IP",
    "http://1.2.3.4./": "not a valid IP",
    "http://example.org.0x/": "not a valid IP",
    "http://public.example\\@private.example/": "backslash",
    "http://example.org/a\nb": "control character",
    "http://example.org/\x00": "control character",
    "http://example.org/\ud800": "no address can hold",
    "http://example.org/" + "a" * 8_000: "8,000 characters",
}


@pytest.mark.parametrize(("url", "reason"), REFUSED.items(), ids=[repr(url)[:40] for url in REFUSED])
def test_what_is_refused_and_why(url, reason):
    with pytest.raises(Refused, match=reason):
        parse(url)


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(Refused, match="auth_env") as caught:
        parse("https://desk:s3cret@example.org/feed")
    assert "s3cret" not in str(caught.value)


JOINED = {
    "/b": "https://example.org/b",
    "b?x=1": "https://example.org/dir/b?x=1",
    "../b": "https://example.org/b",
    "?y": "https://example.org/dir/a?y",
    "//other.example/b": "https://other.example/b",
    "http://other.example/b#c": "http://other.example/b",
    " /with space ": "https://example.org/with%20space",
    "/caf\udcc3\udca9": "https://example.org/caf%C3%A9",
}


@pytest.mark.parametrize(("location", "target"), JOINED.items(), ids=[repr(location) for location in JOINED])
def test_where_a_redirect_leads(location, target):
    assert join(parse("https://example.org/dir/a"), location).url == target


@pytest.mark.parametrize("location", ["javascript:alert(1)", "\\\\private\\share", "http://[", "ftp://x/", "//u:p@x/"])
def test_redirects_to_nowhere_are_refused(location):
    with pytest.raises(Refused):
        join(parse("https://example.org/"), location)


@given(st.one_of(st.text(), st.from_regex(r"https?://[^/]{0,30}(/.*)?", fullmatch=True)))
@example("http://a:@b/")
@example("http://[::1]]/")
@example("http://[v1.x]/")
@example("http://x:٣/")
@example("http://a?")
def test_three_readers_agree_on_whatever_is_not_refused(text):
    try:
        address = parse(text)
    except Refused:
        return
    assert parse(address.url) == address
    standard, client = urlsplit(address.url), URL(address.url, encoded=True)
    assert standard.hostname == client.raw_host == address.host
    assert (standard.port or {"http": 80, "https": 443}[standard.scheme]) == client.port == address.port
    assert standard.username is client.user is None
    assert client.raw_path_qs == address.target
    assert address.url.isascii()


@given(st.text())
def test_joining_raises_nothing_else(location):
    with contextlib.suppress(Refused):
        assert join(parse("https://example.org/a"), location).scheme in {"http", "https"}
