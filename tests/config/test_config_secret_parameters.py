"""Which parameters of an address are taken for secrets."""

import pytest

from bot.config.secret import secret_parameter


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("a=1&token=x", "token"),
        ("access_token=x", "access_token"),
        ("API-Key=x", "API-Key"),
        ("apikey=x", "apikey"),
        ("passwd=x", "passwd"),
        ("X-Amz-Signature=x", "X-Amz-Signature"),
        ("key=0123456789abcdef0123", "key"),
        ("key=trade-news", None),
        ("q=token&author=x&keywords=secret", None),
        ("token=", None),
    ],
)
def test_secrets_are_known_by_their_names(query, name):
    assert secret_parameter(f"https://x.example/feed?{query}") == name


def test_what_is_no_address_has_none():
    assert secret_parameter("http://[") is None
