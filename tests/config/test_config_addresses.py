"""Webhooks and services in the configuration: addresses and secrets come from the environment and are never shown."""

import base64

import pytest

from bot import config
from bot.config import addresses
from bot.config.addresses import key_of
from bot.errors import ConfigError

HOOK = '[[destination]]\nid = "h"\nkind = "webhook"\nurl_env = "HOOK"\nsecret_env = "SECRET"\n'
ENVIRON = {"HOOK": "https://hooks.example/canary", "SECRET": "canary, at least 16 bytes"}


def load(folder, environ, text=HOOK):
    (folder / "config.toml").write_text(text)
    return config.load(None, environ, folder)


def test_address_and_secret_come_from_the_environment_and_are_secrets(tmp_path):
    made = load(tmp_path, ENVIRON)
    hook = made.addresses["h"]
    assert (hook.url.reveal(), hook.secret.reveal()) == (ENVIRON["HOOK"], ENVIRON["SECRET"])
    assert set(ENVIRON.values()) <= set(made.secrets())
    assert "canary" not in repr(made)
    assert [each.id for each in made.alerting] == ["h"]


def test_variables_that_are_not_set_are_named(tmp_path):
    made = load(tmp_path, {})
    assert (made.addresses["h"].url, made.addresses["h"].secret) == (None, None)
    assert [text.rpartition("variable ")[2] for text in made.unset] == ["HOOK is not set", "SECRET is not set"]


@pytest.mark.parametrize(
    ("variable", "value", "column"),
    [
        ("HOOK", "hooks.example/canary", 11),
        ("HOOK", "ftp://hooks.example/canary", 11),
        ("HOOK", "https://me:canary@hooks.example/", 11),
        ("SECRET", "canary", 14),
        ("SECRET", "whsec_canary!", 14),
        ("SECRET", "whsec_Y2FuYXJ5", 14),
    ],
)
def test_what_cannot_be_used_is_a_fault_that_does_not_show_it(tmp_path, variable, value, column):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {**ENVIRON, variable: value})
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (4 if variable == "HOOK" else 5, column)
    assert fault.remedy
    assert "canary" not in str(fault).replace("hooks.example.org", "")


def test_only_webhooks_have_a_secret(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {}, '[[destination]]\nid = "c"\nkind = "console"\nsecret_env = "SECRET"\n')
    assert "secret_env" in str(caught.value.faults[0])


def test_a_mistake_of_a_destination_is_told_once(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {}, HOOK + "max_per_hour = 0\n")
    assert len(caught.value.faults) == 1


def test_a_marked_secret_is_base64():
    assert key_of("whsec_" + base64.b64encode(b"0123456789abcdef").decode()) == b"0123456789abcdef"
    assert key_of("0123456789abcdef") == b"0123456789abcdef"


def test_the_url_of_a_service_is_a_secret(tmp_path):
    text = '[[destination]]\nid = "p"\nkind = "apprise"\nurl_env = "PHONES"\n'
    made = load(tmp_path, {"PHONES": "ntfy://canary"}, text)
    assert "ntfy://canary" in made.secrets()
    assert "canary" not in repr(made)


def test_without_the_extra_it_is_a_fault_that_names_it(tmp_path, monkeypatch):
    monkeypatch.setattr(addresses, "find_spec", lambda _name: None)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {}, '[[destination]]\nid = "p"\nkind = "apprise"\nurl_env = "PHONES"\n')
    (fault,) = caught.value.faults
    assert (fault.line, "presswatch[notify]" in fault.remedy) == (3, True)
