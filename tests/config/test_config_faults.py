"""Every mistake at once, each in its place."""

import pytest

from bot import config
from bot.errors import ConfigError


@pytest.fixture
def faults(tmp_path):
    def find(text, environ=None):
        raw = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "config.toml").write_bytes(raw)
        with pytest.raises(ConfigError) as caught:
            config.load(None, environ or {}, tmp_path)
        return caught.value.faults

    return find


SOURCE = '[[source]]\nid = "a"\nurl = "https://a.org"\n'
CONSOLE = '[[destination]]\nid = "c"\nkind = "console"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data_dirr = 'x'", '1:1: unknown key "data_dirr" – did you mean "data_dir"?'),
        ("[netwrok]\n", '1:1: unknown key "netwrok" – did you mean "network"?'),
        ("[source]\nid = 1", '1:1: "source" cannot be a table here – write [[source]] on a line of its own'),
        ("[[slack]]\n", '1:1: "slack" cannot be a list here – write [slack] on a line of its own'),
        ("rules = 5", '1:9: "rules" must be text in quotes, not a number'),
        ('rules = "nowhere"', '1:9: "rules": there is no folder'),
        ('data_dir = "config.toml"', '1:12: "data_dir" is a file, not a folder'),
        ('[database]\nurl = "mysql://x"', '2:7: "url" must name a file of SQLite or a database of PostgreSQL'),
        ('[database]\nurl = "sqlite://"', '2:7: "url" must name a file'),
        ('[database]\nurl = "sqlite:///:memory:"', '2:7: "url" must name a file'),
        ('[network]\nca_file = "no.pem"', '2:11: "ca_file": there is no file'),
        ("[network]\ndeadline = 30", '2:12: "deadline" must be text in quotes, not a number – a number with its unit'),
        ('[network]\ndeadline = "30"', '2:12: "deadline" is no length of time'),
        ('[network]\ndeadline = "2h"', '2:12: "deadline" must lie between 1s and 10m'),
        ('[network]\nallow = ["ok.org", "http://x"]', '2:20: item 2 of "allow" is neither a host'),
        ('[network]\nallow = ["h:99999"]', '2:10: item 1 of "allow" is neither a host'),
        ('[network]\ncontact = "a\\r\\nX-Evil: 1"', '2:11: "contact" must be plain ASCII text on one line'),
        (
            SOURCE + 'headers = { X-Feed = "x" }\nheaders_env = { x-feed = "P" }',
            '5:26: "x-feed" stands in headers, too',
        ),
        ('[network]\nproxy = "socks5://x"', '2:9: "proxy" must be an http or https address'),
        ('[slack]\nbase_url = "http://evil.org/api"', '2:12: "base_url" would send the token over an open connection'),
        ('[slack]\ntoken_file = "nowhere"', '2:14: "token_file" cannot be read'),
        ('[[source]]\nurl = "https://a.org"', '1:1: "id" is missing'),
        ('[[source]]\nid = "a"', "1:1: source a has no url"),
        ('[[source]]\nid = "a"\nkind = "folder"', "1:1: source a has no path"),
        (SOURCE + 'path = "x"', '1:1: source a has path, which a source of kind "feed" does not have'),
        (SOURCE + 'kind = "rss"', '4:8: "kind" cannot be "rss" – known here: feed, folder, sitemap'),
        (SOURCE + 'tier = "offical"', '4:8: "tier" cannot be "offical" – did you mean "official"?'),
        (SOURCE + 'every = "10s"', '4:9: "every" must lie between 1m and 24h'),
        (SOURCE + 'lang = "English"', '4:8: "lang" is no language'),
        (SOURCE + 'headers = { "a b" = "x" }', '4:11: "headers" has a name that cannot be a header'),
        (SOURCE + 'headers = { a = "x\\r\\ny" }', '4:11: "headers" has a value for "a" that is not plain ASCII'),
        (SOURCE + 'auth_env = "a-b"', '4:12: "auth_env" must be the name of an environment variable'),
        (SOURCE + "kindd = 1", '4:1: unknown key "kindd" – did you mean "kind"?'),
        ('[[source]]\nid = "a"\nurl = "javascript:alert(1)"', '3:7: "url" must be an http or https address'),
        ('[[source]]\nid = "a"\nurl = "https://[::1"', '3:7: "url" is no valid address'),
        ('[[source]]\nid = "a"\nurl = "https://a.org:99999/"', '3:7: "url" is no valid address'),
        (SOURCE + SOURCE, '5:6: the id "a" is given to more than one source (the first is in line 2) – rename one'),
        (CONSOLE + CONSOLE, '5:6: the id "c" is given to more than one destination (the first is in line 2)'),
        ('[[destination]]\nid = "s"\nkind = "slack"', "1:1: destination s has no channel"),
        (
            CONSOLE + 'channel = "x"',
            '1:1: destination c has channel, which a destination of kind "console" does not have',
        ),
        (CONSOLE + 'quiet = "22-7"', '4:9: "quiet" is no span of hours – for example "22:00-07:00"'),
        (CONSOLE + 'zone = "America/NewYork"', '4:8: "zone" is no time zone – did you mean "America/New_York"?'),
        (CONSOLE + "max_per_hour = 0", '4:16: "max_per_hour" must be at least 1'),
        (CONSOLE + "default = false", "1:1: no destination has default = true, and no route takes everything"),
        ('[[route]]\nnotify = ["nobody"]', '2:11: there is no destination "nobody" – known here: console'),
        (CONSOLE + '[[route]]\nnotify = "d"\nseverity = "hihg"', '5:10: there is no destination "d"'),
        ("[[route]]\nnotify = []", "1:1: route number 1 notifies nobody"),
        ('[ops]\nnotify = ["consol"]', '2:11: there is no destination "consol" – did you mean "console"?'),
        ('[[digest]]\nid = "d"\nto = ["a@b.org", "nobody"]', '3:18: there is no destination "nobody"'),
        ('[[digest]]\nid = "d"\nto = ["A b"]', '3:7: "A b" is neither a mail address nor a destination'),
        ('[[digest]]\nid = "d"\nto = []\ndays = ["mon", "tus"]', '4:16: item 2 of "days" cannot be "tus"'),
        ('[[digest]]\nid = "d"\nto = []\nat = "25:00"', '4:6: "at" is no time of day'),
        ('[[digest]]\nid = "d"\nto = []', "1:1: digest d has no recipient"),
        ('[[digest]]\nid = "d"\nto = ["c", "a@b"]', '3:12: "a@b" is no mail address – for example "news-desk@'),
        ('[[digest]]\nid = "d"\nto = "a b@c.org"', '3:6: "a b@c.org" is no mail address'),
        ('[[digest]]\nid = "d"\nto = ["a..b@c.org"]', '3:7: "a..b@c.org" is no mail address'),
        ('[[digest]]\nid = "d"\nto = ["ä@c.org"]', '3:7: "ä@c.org" is no mail address'),
        ('[[digest]]\nid = "d"\nto = ["<a@c.org>"]', '3:7: "<a@c.org>" is no mail address'),
        ('[[digest]]\nid = "d"\nto = ["mailto:a"]', '3:7: "mailto:a" is neither a mail address nor a destination'),
        ('[[digest]]\nid = "d"\nto = "a@c.org"\ndays = []', "1:1: digest d has no day"),
        ('[[digest]]\nid = "d"\nto = "a@c.org"\nzone = "UTC+1"', '4:8: "zone" is no time zone'),
        (2 * '[[digest]]\nid = "d"\nto = "a@c.org"\n', '5:6: the id "d" is given to more than one digest'),
        ('[mail]\nhost = "h"\nfrom = "nobody"', '3:8: "from" is no mail address'),
        ('[mail]\nhost = "h"\nfrom = "a@b.org\\r\\nBcc: x@b.org"', '3:8: "from" is no mail address'),
        ('[mail]\nhost = "h x"\nfrom = "a@b.org"', '2:8: "host" is no name of a host'),
        ('[mail]\nhost = "h"\nport = 0\nfrom = "a@b.org"', '3:8: "port" must be at least 1'),
        ('[mail]\nhost = "h"\nfrom = "a@b.org"\npassword_env = "P"', "1:1: [mail] has no username"),
        ('[mail]\nhost = "h"\nfrom = "a@b.org"\nusername_env = "U"', "1:1: [mail] has no password"),
        (
            '[mail]\nhost = "h"\nfrom = "a@b.org"\nstarttls = false\nusername_env = "U"\npassword_env = "P"',
            "1:1: [mail] would send the password over an open connection – remove starttls = false, or use port 465",
        ),
        ('[mail]\nhost = "h"\nfrom = "a@b.org"\npassword_file = "no"\nusername_env = "U"', '4:17: "password_file"'),
        ('[retention]\nbodies = "1h"', '2:10: "bodies" must lie between 1d and 36500d'),
        (
            '[[source]]\nid = "a"\nurl = "https://a.org"\nexcerpt = 0',
            '4:11: "excerpt" must lie between 1 and 100000, or be "none" – for example 200',
        ),
        (
            '[[source]]\nid = "a"\nurl = "https://a.org"\nexcerpt = "200"',
            '4:11: "excerpt" must be a number of characters, or "none" – for example 200',
        ),
        ('[[source]]\nid = "a"\nurl = "https://a.org"\nexcerpt = true', '4:11: "excerpt" must be a number'),
        (
            '[[source]]\nid = "a"\nurl = "https://a.org"\nretention = "0.5d"',
            '4:13: "retention" must lie between 1d and 36500d',
        ),
    ],
)
def test_mistakes_in_their_place(faults, text, expected):
    found = [str(fault) for fault in faults(text)]
    assert any(fault.startswith(f"config.toml:{expected}") for fault in found), found


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(faults):
    found = faults(
        'typo = 1\n[network]\ndeadline = "x"\ncontct = "y"\n[slack]\ntoken = "t"\nmore = 1\n'
        '[[source]]\nid = "A"\ntier = "x"\n[[source]]\nid = "b"\n'
        'url = "ftp://x"\n[[route]]\nnotify = ["q"]\nseverity = "x"\n'
    )
    assert [fault.line for fault in found] == [1, 3, 4, 6, 7, 8, 9, 10, 13, 15, 16]
    assert {fault.subject for fault in found} >= {
        "[network]",
        "[slack]",
        "source number 1",
        "source b",
        "route number 1",
    }


def test_a_destination_at_fault_is_no_unknown_one(faults):
    found = faults('[[destination]]\nid = "s"\nkind = "slak"\n[[route]]\nnotify = ["s"]\n')
    assert [(fault.line, fault.column) for fault in found] == [(3, 8)]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"PRESSWATCH_DATABASE_URL": "oracle://x"}, "PRESSWATCH_DATABASE_URL: must name a file"),
        ({"PRESSWATCH_DATA_DIR": "config.toml"}, "PRESSWATCH_DATA_DIR: is a file, not a folder"),
        ({"PRESSWATCH_CONFIG": "no.toml"}, "no.toml: the configuration file does not exist – mend PRESSWATCH_CONFIG"),
        ({"PRESSWATCH_CONFIG": "/"}, "/: the configuration cannot be read"),
        ({"SLACK_BOT_TOKEN": "xoxb-\n-split"}, "token_env"),
        ({"SLACK_BOT_TOKEN": "xoxb-é"}, "token_env"),
    ],
)
def test_mistakes_in_the_environment(faults, environ, expected):
    (found,) = faults("[slack]\n", environ)
    assert expected in str(found)
    assert "xoxb" not in str(found)


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match="mend --config"):
        config.load(tmp_path / "no.toml", {}, tmp_path)


def test_a_link_to_nowhere_is_no_reason_for_defaults(tmp_path):
    (tmp_path / "config.toml").symlink_to("gone.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(None, {}, tmp_path)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"data_dir = \xff", "config.toml:1:12: the file is not UTF-8"),
        ('data_dir = "x"'.encode("utf-16"), "config.toml:1:1: the file is encoded as UTF-16"),
        (b'data_dir = "x', "config.toml:1:12: this text is never closed"),
        (b'data_dir = "\0"', "config.toml:1:13: the file holds a NUL character"),
        (b"#" * 9_000_000, "config.toml: the file is larger than 8 MB"),
        (b"a = " + b"[" * 100_000, "config.toml:1:37: more than 32 brackets"),
    ],
    ids=["latin-1", "utf-16", "open text", "nul", "large", "deep"],
)
def test_hostile_files(faults, raw, expected):
    (found,) = faults(raw)
    assert str(found).startswith(expected)


@pytest.mark.parametrize(
    "value", ["1", '"x"', "[1]", "[[1]]", "{x = 1}", "true", "2027-01-31", "[[]]", '["x"]', "1.5", '""']
)
@pytest.mark.parametrize(
    "key",
    [
        "data_dir",
        "rules",
        "database",
        "network",
        "slack",
        "mail",
        "ops",
        "source",
        "destination",
        "route",
        "digest",
        "retention",
    ],
)
def test_no_shape_of_any_value_breaks_the_reading(tmp_path, key, value):
    (tmp_path / "config.toml").write_text(f"{key} = {value}")
    try:
        config.load(None, {}, tmp_path)
        found = ()
    except ConfigError as error:
        found = error.faults
    assert {fault.line for fault in found} <= {1}


KEYS = {
    "[network]": ["user_agent", "contact", "proxy", "ca_file", "allow", "deadline"],
    "[slack]": ["token_env", "token_file", "token", "base_url"],
    "[ops]": ["notify"],
    "[[source]]": ["id", "kind", "url", "path", "name", "tier", "lang", "every", "headers", "auth_env", "alerts"],
    "[[destination]]": ["id", "kind", "channel", "quiet", "zone", "max_per_hour", "repeat", "group_over", "default"],
    "[[route]]": ["theme", "rule", "severity", "notify", "continue"],
    "[[digest]]": ["id", "to", "themes", "at", "days"],
}


@pytest.mark.parametrize("value", ["1", '""', '"\\u0000"', "[1]", "[[]]", "{x = 1}", "true", "2027-01-31", "[{}]"])
@pytest.mark.parametrize(("header", "key"), [(header, key) for header, keys in KEYS.items() for key in keys])
def test_no_shape_of_any_inner_value_breaks_the_reading(tmp_path, header, key, value):
    (tmp_path / "config.toml").write_text(f"{header}\n{key} = {value}")
    try:
        config.load(None, {}, tmp_path)
        found = ()
    except ConfigError as error:
        found = error.faults
    assert {fault.line for fault in found} <= {1, 2}
