"""Digests, their recipients and the relay that mails them."""

from datetime import time

import pytest

from bot import config
from bot.config import Mail, Secret
from bot.errors import ConfigError
from bot.model import Destination, Digest
from bot.model.config import OWNERS

MAIL = '[mail]\nhost = "smtp.example.org"\nfrom = "presswatch@example.org"\n'


@pytest.fixture
def load(tmp_path):
    def loader(text, environ=None, mode=0o644):
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        path.chmod(mode)
        return config.load(None, environ or {}, tmp_path)

    return loader


def recipients(made):
    return [each for each in made.destinations if each not in made.alerting and each.id != OWNERS]


def test_owners_of_rules_are_a_destination_where_there_is_a_relay_and_they_are_told(load):
    def there(text):
        return [each.kind for each in load(text).destinations if each.id == OWNERS]

    off = "[ops]\nowners = false\n"
    assert (there(MAIL), there(MAIL + off), there(""), there(off)) == (["mail"], [], [], [])


def test_without_a_digest_there_is_one_on_every_weekday_in_a_folder(load, tmp_path):
    made = load("")
    assert made.digests == (Digest(id="daily", to=("file:digests",), at=time(7, 30)),)
    folder = tmp_path / "var" / "digests"
    assert recipients(made) == [Destination(id="file:digests", kind="file", target=str(folder), default=False)]
    assert made.digest_dir == folder
    assert (made.mail, made.notices, made.reserved) == (None, (), ())


def test_all_of_a_digest_and_its_defaults(load):
    made = load(
        f'{MAIL}[[digest]]\nid = "a"\nto = "desk@example.org"\n'
        '[[digest]]\nid = "b"\nto = ["console", "desk@example.org"]\nthemes = ["t"]\nrules = ["r"]\nat = "18:05"\n'
        'zone = "Asia/Shanghai"\ndays = ["sun", "wed"]\nempty = "skip"\n'
    )
    assert made.digests == (
        Digest(id="a", to=("mailto:desk@example.org",), at=time(7, 30)),
        Digest(
            id="b",
            to=("console", "mailto:desk@example.org"),
            at=time(18, 5),
            zone="Asia/Shanghai",
            days=frozenset({2, 6}),
            themes=("t",),
            rules=("r",),
            empty="skip",
        ),
    )


def test_every_address_is_one_destination_however_often_it_is_named(load):
    to = '"desk@example.org", "Desk@example.org", "desk@EXAMPLE.org", "c"'
    made = load(
        f'{MAIL}[[destination]]\nid = "c"\nkind = "console"\n[[digest]]\nid = "a"\nto = [{to}]\n'
        '[[digest]]\nid = "b"\nto = "desk@example.org"\n'
    )
    assert made.digests[0].to == ("mailto:desk@example.org", "mailto:Desk@example.org", "c")
    assert recipients(made) == [
        Destination(id="mailto:desk@example.org", kind="mail", target="desk@example.org", default=False),
        Destination(id="mailto:Desk@example.org", kind="mail", target="Desk@example.org", default=False),
    ]
    assert [each.id for each in made.alerting] == ["c"]


def test_without_a_relay_mail_is_written_into_the_folder_and_that_is_said(load, tmp_path):
    made = load('[[digest]]\nid = "a"\nto = ["desk@example.org", "console"]\n')
    assert [(each.id, each.kind, each.target) for each in recipients(made)] == [
        ("mailto:desk@example.org", "file", str(tmp_path / "var" / "digests"))
    ]
    (notice,) = made.notices
    assert "desk@example.org" in notice
    assert "no [mail]" in notice


def test_the_recipients_of_digests_are_no_default_for_alerts(load):
    made = load(f'{MAIL}[[digest]]\nid = "a"\nto = "desk@example.org"\n')
    assert [each.id for each in made.destinations if each.default] == ["console"]


# ── the relay ────────────────────────────────────────────────────────────────────────────────────


def test_the_relay_and_its_defaults(load):
    made = load(MAIL)
    assert made.mail == Mail(host="smtp.example.org", sender="presswatch@example.org")
    assert (made.mail.port, made.mail.starttls, made.mail.tls, made.mail.domain) == (587, True, False, "example.org")
    assert load(MAIL + "port = 465\n").mail.tls


def test_user_name_and_password_come_from_where_the_slack_token_comes_from(load, tmp_path):
    (tmp_path / "who").write_text("user\n")
    (tmp_path / "P").write_text("hush\n")
    made = load(MAIL + 'username_file = "who"\npassword_env = "P"\n', {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert (made.mail.username, made.mail.password) == ("user", Secret("hush"))
    assert made.secrets() == ("hush",)
    assert "hush" not in repr(made)


def test_a_user_name_or_password_that_is_not_set_is_said_and_not_fatal(load):
    made = load(MAIL + 'username_env = "U"\npassword_env = "P"\n', {"P": "hush"})
    assert made.mail.username is None
    assert made.notices == ("[mail]: the environment variable U is not set",)


@pytest.mark.parametrize("more", ['host = "127.0.0.1"\nstarttls = false', "port = 465\nstarttls = false"])
def test_a_password_may_go_where_nobody_can_read_it(load, more):
    text = f'[mail]\nfrom = "a@b.org"\nusername_env = "U"\npassword_env = "P"\n{more}\n'
    made = load(text if "host" in more else text + 'host = "h"\n', {"U": "u", "P": "p"})
    assert made.mail.username == "u"


@pytest.mark.parametrize(
    "address",
    ["a@b.org", "first.last+tag@sub.example.co.uk", "o'neil@example.org", "root@localhost", "a@xn--bcher-kva.example"],
)
def test_addresses_that_people_have_are_taken(load, address):
    assert load(f'{MAIL}[[digest]]\nid = "a"\nto = "{address}"\n').digests[0].to == (f"mailto:{address}",)


@pytest.mark.parametrize(
    "where", ["mailto:news-desk@example.org", "mailto:a@example.org?subject=stop", "https://lists.example.org/p?x=1"]
)
def test_readers_end_a_digest_where_it_is_configured(load, where):
    assert load(f'{MAIL}unsubscribe = "{where}"\n').mail.unsubscribe == where
    assert load(MAIL).mail.unsubscribe is None


@pytest.mark.parametrize(
    "where",
    ["http://lists.example.org/", "news-desk@example.org", "mailto:nobody", "https://a.example/> <x", "https://u:p@a.example/"],
)  # fmt: skip
def test_what_mail_programs_cannot_open_is_refused(load, where):
    with pytest.raises(ConfigError, match="unsubscribe"):
        load(f'{MAIL}unsubscribe = "{where}"\n')
