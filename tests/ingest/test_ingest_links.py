"""Addresses: absolute, and in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.links import absolute, canonical_url

SAME = "https://example.com/a/b?id=1&page=2"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a/b?id=1&page=2",
        "http://www.example.com/a/b?id=1&page=2",
        "HTTPS://Example.COM:443/a/b/?page=2&id=1",
        "http://example.com:80/a//b?id=1&page=2#comments",
        "https://example.com/a/b?utm_source=rss&id=1&UTM_Medium=x&page=2&fbclid=zz&gclid=",
        "https://example.com./%61/b?id=1&page=2",
        " https://example.com/a/b?&id=1&&page=2 ",
    ],
)
def test_one_page_one_spelling(url):
    assert canonical_url(url) == SAME


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/A/b?id=1&page=2",
        "https://example.com/a/b?id=1&page=3",
        "https://example.com/a/b?id=1",
        "https://example.com:8443/a/b?id=1&page=2",
        "https://news.example.com/a/b?id=1&page=2",
        "https://example.com/a/b?id=1&page=2#!other",
    ],
)
def test_another_page_another_spelling(url):
    assert canonical_url(url) not in (SAME, None)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@b.c",
        "/a",
        "https://",
        "http://[::1",
        "ftp://a/b",
    ],
)
def test_no_web_address(url):
    assert canonical_url(url) is None
    assert absolute(url, None) is None


def test_non_ascii_hosts_and_paths():
    assert canonical_url("http://例え.example/記事") == canonical_url("http://xn--r8jz45g.example/%E8%A8%98%E4%BA%8B")


def test_ipv6_and_credentials():
    assert canonical_url("http://[2001:DB8::1]:8080/x") == "https://[2001:db8::1]:8080/x"
    assert canonical_url("http://user:secret@example.com/x") == "https://example.com/x"


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        ("/story", "https://a.example/feed", "https://a.example/story"),
        ("story", "https://a.example/dir/feed", "https://a.example/dir/story"),
        ("//b.example/x", "https://a.example/feed", "https://b.example/x"),
        ("http://b.example/a b", None, "http://b.example/a%20b"),
        ("http://b.example/a\n  b", None, "http://b.example/ab"),
        ("javascript:x", "https://a.example/", None),
        ("data:text/html,x", "https://a.example/", None),
        ("http://b.example/" + "x" * 5_000, None, None),
        ("http://b.example:0/", None, None),
        ("http://b.example:x/", None, None),
    ],
)
def test_links_are_resolved_or_refused(link, base, expected):
    assert absolute(link, base) == expected


@given(st.text(alphabet="htps:/.?#&=%[]@aé华 \n0123456789"), st.booleans())
def test_any_text_is_an_address_or_none_and_canonical_is_stable(text, prefixed):
    once = canonical_url("http://example.com/" + text if prefixed else text)
    assert once is None or canonical_url(once) == once
