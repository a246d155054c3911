"""What is configured, from where, and what stands in for what is not."""

import itertools
import os
import pickle
import re
import tomllib
from datetime import time
from pathlib import Path

import pytest

from bot import config
from bot.config import Secret, models
from bot.errors import ConfigError
from bot.model import Destination, Quiet, Route, Source
from bot.packaged import packaged
from bot.tomlfile.durations import seconds


@pytest.fixture
def write(tmp_path):
    def writer(text, name="config.toml", mode=0o644):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        path.chmod(mode)
        return path

    return writer


@pytest.fixture
def load(tmp_path, write):
    def loader(text, environ=None, mode=0o644):
        write(text, mode=mode)
        return config.load(None, environ or {}, tmp_path)

    return loader


def test_without_a_file_the_embedded_defaults_hold(tmp_path):
    made = config.load(None, {}, tmp_path)
    assert made.path is None
    assert (made.base, made.data_dir) == (tmp_path, tmp_path / "var")
    assert made.database_url == f"sqlite:///{tmp_path}/var/presswatch.db"
    assert made.rules_dir == packaged("rules")
    assert made.alerting == (Destination(id="console", kind="console"),)
    assert {source.id: (source.kind, source.tier) for source in made.sources} == {
        "seeds": ("folder", "outlet"),
        "federal-register-bis": ("feed", "official"),
        "federal-register-ustr": ("feed", "official"),
        "ustr": ("feed", "official"),
        "wto": ("feed", "official"),
        "scmp": ("feed", "outlet"),
    }
    assert made.sources[0].path == str(packaged("seeds"))
    assert made.network.user_agent.startswith("Presswatch/")
    assert (made.network.deadline, made.reserved, made.notices, made.secrets()) == (30.0, (), (), ())


def test_own_folders_beside_the_configuration_go_first(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "rules").mkdir()
    made = config.load(None, {}, tmp_path)
    assert (made.sources[0].path, made.rules_dir) == (str(tmp_path / "seeds"), tmp_path / "rules")


def test_the_file_is_looked_for_in_order(tmp_path, write):
    usual, named, other = (write(f'data_dir = "{name}"', f"{name}.toml") for name in ("config", "named", "other"))
    environ = {"PRESSWATCH_CONFIG": "named.toml"}
    assert config.load(other, environ, tmp_path).data_dir == tmp_path / "other"
    assert config.load(Path("other.toml"), environ, tmp_path).path == other
    assert config.load(None, environ, tmp_path).path == named
    assert config.load(None, {}, tmp_path).path == usual
    assert config.load(None, {"PRESSWATCH_CONFIG": ""}, tmp_path).path == usual


def test_relative_paths_start_from_the_folder_of_the_file(tmp_path):
    folder = tmp_path / "etc"
    (folder / "r").mkdir(parents=True)
    (folder / "c.toml").write_text(
        'data_dir = "d"\nrules = "r"\n[database]\nurl = "sqlite:///x/y.db"\n'
        '[[source]]\nid = "s"\nkind = "folder"\npath = "in"\n'
    )
    made = config.load(Path("etc/c.toml"), {}, tmp_path)
    assert (made.base, made.data_dir, made.rules_dir) == (folder, folder / "d", folder / "r")
    assert made.database_url == f"sqlite:///{folder}/x/y.db"
    assert made.sources == (Source(id="s", kind="folder", name="in", path=str(folder / "in")),)


def test_the_environment_goes_before_the_file_and_starts_from_the_working_folder(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "c.toml").write_text('data_dir = "d"\n[database]\nurl = "sqlite:///x.db"\n')
    environ = {"PRESSWATCH_DATA_DIR": "elsewhere", "PRESSWATCH_DATABASE_URL": "sqlite:///here.db"}
    made = config.load(Path("etc/c.toml"), environ, tmp_path)
    assert (made.data_dir, made.database_url) == (tmp_path / "elsewhere", f"sqlite:///{tmp_path}/here.db")


def test_the_database_follows_the_data_folder(tmp_path):
    made = config.load(None, {"PRESSWATCH_DATA_DIR": str(tmp_path / "d")}, tmp_path)
    assert made.database_url == f"sqlite:///{tmp_path}/d/presswatch.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg(load, scheme):
    made = load("", {"PRESSWATCH_DATABASE_URL": f"{scheme}://me:hush@db/press"})
    assert made.database_url == "postgresql+psycopg://me:hush@db/press"
    assert made.secrets() == ("hush",)
    assert "hush" not in repr(made)


def test_all_of_a_source_and_its_defaults(load):
    made = load(
        '[[source]]\nid = "a"\nurl = "https://www.a.org/f?x[]=1"\n'
        '[[source]]\nid = "b"\nurl = "http://b.org/f"\nname = "B"\n'
        'tier = "wire"\nlang = "zh"\nevery = "90m"\nalerts = false\n'
        'headers = { "Accept-Language" = "zh" }\n'
    )
    assert made.sources == (
        Source(id="a", kind="feed", name="a.org", url="https://www.a.org/f?x[]=1"),
        Source(
            id="b",
            kind="feed",
            name="B",
            url="http://b.org/f",
            tier="wire",
            lang="zh",
            every=5400.0,
            headers={"Accept-Language": "zh"},
            alerts=False,
        ),
    )


def test_destinations_and_routes(load):
    made = load(
        '[[destination]]\nid = "s"\nkind = "slack"\nchannel = "#trade"\n'
        '[[destination]]\nid = "c"\nkind = "console"\ndefault = false\n'
        '[[route]]\ntheme = "t"\nseverity = "high"\nnotify = ["s", "c"]\n'
        'continue = true\n[[route]]\nrule = "r"\nnotify = "c"\n'
    )
    assert made.alerting == (
        Destination(id="s", kind="slack", target="trade"),
        Destination(id="c", kind="console", default=False),
    )
    assert made.routes == (
        Route(notify=("s", "c"), theme="t", severity="high", go_on=True),
        Route(notify=("c",), rule="r"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30s", 30), ("15m", 900), ("24h", 86400), ("400d", 34_560_000), ("1.5h", 5400), ("2 h", 7200)],
)
def test_lengths_of_time(text, expected):
    assert seconds(text) == expected


def test_whole_articles_are_asked_for_by_source(load):
    made = load(
        '[[source]]\nid = "x"\nurl = "https://x.org"\nfulltext = true\n[[source]]\nid = "y"\nurl = "https://y.org"\n'
    )
    assert [source.fulltext for source in made.sources] == [True, False]
    assert made.reserved == ()


def test_rights_and_retention(load):
    made = load(
        '[retention]\nbodies = "30d"\n'
        '[[source]]\nid = "a"\nurl = "https://a.org"\nexcerpt = 200\nretention = "2d"\n'
        '[[source]]\nid = "b"\nurl = "https://b.org"\nexcerpt = "none"\n'
        '[[source]]\nid = "c"\nurl = "https://c.org"\n'
    )
    assert [(source.excerpt, source.retention) for source in made.sources] == [(200, 172800), (0, None), (None, None)]
    assert (made.retention.bodies, made.retention.decisions) == (30 * 86400, 400 * 86400)
    assert made.reserved == ()


# ── what later versions will use ─────────────────────────────────────────────────────────────────


def test_keys_of_later_versions_are_read_and_named(load):
    made = load('[slack]\napp_token_env = "APP"\n[[source]]\nid = "x"\nurl = "https://x.org"\n')
    assert made.reserved == ("slack.app_token_env",)


def test_what_a_destination_is_spared(load):
    text = '[[destination]]\nid = "a"\nkind = "console"\n'
    plain = load(text).destinations[0]
    assert (plain.repeat, plain.group_over, plain.group_wait, plain.group_interval) == (0, 20, 0, 300)
    made = load(text + 'repeat = "15m"\ngroup_over = 5\ngroup_wait = "30s"\ngroup_interval = "1h"\n').destinations[0]
    assert (made.repeat, made.group_over, made.group_wait, made.group_interval) == (900, 5, 30, 3600)
    hook = '[[destination]]\nid = "a"\nkind = "webhook"\nurl_env = "HOOK"\n'
    assert load(hook).destinations[0].group_over is None
    with pytest.raises(ConfigError, match="gets every alert by itself"):
        load(hook + "group_over = 5\n")


def test_a_destination_s_quiet_hours_and_its_most_an_hour(load):
    text = '[[destination]]\nid = "a"\nkind = "console"\nquiet = "22:00-07:30"\nmax_per_hour = 5\n'
    assert load(text).destinations[0].quiet == Quiet(begin=time(22), end=time(7, 30), zone="UTC")
    made = load(text + 'zone = "Asia/Shanghai"\n').destinations[0]
    assert (made.quiet.zone, made.max_per_hour) == ("Asia/Shanghai", 5)


@pytest.mark.parametrize("keys", ['zone = "Asia/Shanghai"', 'quiet = "07:00-07:00"', 'quiet = "22-7"'])
def test_hours_that_make_no_sense_are_a_fault(load, keys):
    with pytest.raises(ConfigError):
        load(f'[[destination]]\nid = "a"\nkind = "console"\n{keys}\n')


def test_each_kind_of_source_has_its_place(load):
    kinds = {"feed": 'url = "https://x.org/f"', "sitemap": 'url = "https://x.org/s.xml"', "folder": 'path = "inbox"'}
    made = load("".join(f'[[source]]\nid = "{kind}"\nkind = "{kind}"\n{place}\n' for kind, place in kinds.items()))
    assert [(source.id, source.kind) for source in made.sources] == [(kind, kind) for kind in kinds]
    assert made.reserved == ()


def test_each_kind_of_destination_has_its_place(load):
    kinds = {"slack": 'channel = "#desk"', "console": "", "webhook": 'url_env = "A"', "feed": 'path = "out/a.xml"'}
    kinds["apprise"] = 'url_env = "A"'
    made = load("".join(f'[[destination]]\nid = "{kind}"\nkind = "{kind}"\n{place}\n' for kind, place in kinds.items()))
    assert [(each.id, each.kind) for each in made.alerting] == [(kind, kind) for kind in kinds]
    assert made.alerting[0].target == "desk"
    assert made.alerting[3].target.endswith("/out/a.xml")
    assert made.reserved == ()


def test_operators_are_told_once_each(load):
    made = load('[[destination]]\nid = "c"\nkind = "console"\n[ops]\nnotify = ["c", "c"]\n')
    assert made.ops_notify == ("c",)


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────

CANARY = "xoxb-canary-7f3a"


def test_the_slack_token_comes_from_the_environment(load):
    made = load('[slack]\ntoken_env = "OTHER"', {"OTHER": f" {CANARY}\n", "SLACK_BOT_TOKEN": "x"})
    assert (made.slack.token, made.slack.token_env) == (Secret(CANARY), "OTHER")
    assert made.slack.token.reveal() == CANARY
    assert made.secrets() == (CANARY,)


def test_the_slack_token_comes_from_a_file_or_from_credentials(load, tmp_path):
    (tmp_path / "t").write_text(CANARY + "\n")
    assert load('[slack]\ntoken_file = "t"').slack.token.reveal() == CANARY
    (tmp_path / "SLACK_BOT_TOKEN").write_text(CANARY + "2")
    assert load("", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).slack.token.reveal() == CANARY + "2"
    assert load("").slack.token is None
    assert load("", {"SLACK_BOT_TOKEN": "  "}).slack.token is None


def test_secrets_never_show_themselves(load):
    secret = Secret(CANARY)
    made = load(
        '[[source]]\nid = "a"\nurl = "https://a.org"\nauth_env = "A"\n[network]\nproxy = "http://proxy:3128"',
        {"A": f"Bearer {CANARY}", "SLACK_BOT_TOKEN": CANARY},
    )
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", repr(made), str(made), repr(made.sources)):
        assert CANARY not in shown
    with pytest.raises(TypeError, match="not written"):
        pickle.dumps(secret)
    assert {secret, Secret(CANARY)} == {secret}
    assert secret != CANARY


@pytest.mark.parametrize(
    ("value", "header"),
    [
        ("Bearer abc", "Bearer abc"),
        ("Digest username=x", "Digest username=x"),
        ("user:pass:word", "Basic dXNlcjpwYXNzOndvcmQ="),
        ("abc123", "Bearer abc123"),
    ],
)
def test_credentials_of_a_source(load, value, header):
    made = load('[[source]]\nid = "a"\nurl = "https://a.org"\nauth_env = "A"', {"A": value})
    assert made.sources[0].headers == {"Authorization": header}
    basic = {value, value.partition(":")[2]} if header.startswith("Basic") else set()
    assert {header, header.partition(" ")[2], *basic} == set(made.secrets())


def test_missing_credentials_of_a_source_are_said_and_not_fatal(load):
    made = load('[[source]]\nid = "a"\nurl = "https://a.org"\nauth_env = "A"')
    assert made.notices == made.unset == ('source "a": the environment variable A is not set',)
    assert made.sources[0].headers == {}


def test_headers_whose_values_the_environment_holds(load):
    text = '[[source]]\nid = "a"\nurl = "https://a.org"\nheaders_env = { X-Feed = "A", User-Agent = "B" }'
    made = load(text, {"A": CANARY, "B": "Reader 1"})
    assert made.sources[0].headers == {"X-Feed": CANARY, "User-Agent": "Reader 1"}
    assert CANARY in made.secrets()
    assert CANARY not in repr(made)
    assert pickle.loads(pickle.dumps(made.sources[0].headers)) == made.sources[0].headers
    assert load(text).unset == tuple(f'source "a": the environment variable {name} is not set' for name in "AB")


@pytest.mark.parametrize("proxy", [f"http://me:{CANARY}@proxy.corp:3128", "http://proxy.corp:3128"])
def test_the_proxy_and_our_name_out_of_the_environment(load, proxy):
    text = '[network]\nproxy_env = "P"\nuser_agent_env = "U"'
    made = load(text, {"P": proxy, "U": "Newsroom"})
    assert (made.network.proxy, made.network.user_agent) == (proxy, "Newsroom")
    assert (CANARY in made.secrets()) == (CANARY in proxy)
    assert CANARY not in repr(made)
    bare = load(text)
    assert bare.unset == ("[network]: the environment variable U is not set",)
    assert bare.network.proxy is None
    assert str(bare.network.closed).startswith("config.toml:2:13: the environment variable P is not set")
    both = load(text + '\nproxy = "http://other:1"\nuser_agent = "Other"', {"P": proxy, "U": "Newsroom"})
    assert (both.network.proxy, both.network.user_agent) == ("http://other:1", "Other")
    assert made.network.closed is both.network.closed is None
    assert load(text + '\nproxy = "http://other:1"').network.closed is None


@pytest.mark.parametrize(
    "value", [f"proxy:{CANARY}", f"socks5://me:{CANARY}@p:1", f"http://{CANARY}@:x", f"\n{CANARY}\n\x01"]
)
def test_what_is_no_proxy_is_told_without_showing_it(load, value):
    with pytest.raises(ConfigError, match="proxy_env") as caught:
        load('[network]\nproxy_env = "P"', {"P": value})
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("allow", "url", "refused"),
    [
        ("", "http://feeds.example.org/a", True),
        ('"other.example.org", "10.0.0.0/8"', "http://feeds.example.org/a", True),
        ('"feeds.example.org:8080"', "http://feeds.example.org/a", True),
        ('"feeds.example.org"', "http://feeds.example.org/a", False),
        ('"feeds.example.org:80"', "http://Feeds.Example.org/a", False),
        ('"10.0.0.0/8"', "http://10.1.2.3/a", False),
        ("", "http://127.0.0.1/a", False),
        ("", "https://feeds.example.org/a", False),
    ],
)
def test_credentials_go_over_an_open_connection_only_where_the_host_is_named(load, allow, url, refused):
    start = f'[network]\nallow = [{allow}]\n[[source]]\nid = "a"\nurl = "{url}"\n'
    ways = ('auth_env = "A"', 'headers_env = { X-Feed = "A" }')
    for text, environ in itertools.product([start + way for way in ways], ({"A": CANARY}, {})):
        if refused:
            with pytest.raises(ConfigError, match=r"(auth|headers)_env.*over an open connection.*https") as caught:
                load(text, environ)
            assert CANARY not in str(caught.value)
        else:
            assert len(load(text, environ).sources) == 1


LITERALS = {
    "slack.token": f'[slack]\ntoken = "{CANARY}"',
    "slack.token beside another mistake": f'[slack]\ntoken = "{CANARY}"\ntypo = 1',
    "slack.app_token": f'[slack]\napp_token = "{CANARY}"',
    "mail.password": f'[mail]\nhost = "h"\nfrom = "a@b.org"\nusername_env = "U"\npassword = "{CANARY}"',
    "proxy": f'[network]\nproxy = "http://me:{CANARY}@proxy"',
    "header": f'[[source]]\nid = "a"\nurl = "https://a.org"\nheaders = {{ AUTHORIZATION = "{CANARY}" }}',
    "database": f'[database]\nurl = "postgresql://me:{CANARY}@h/d"',
    "token_env": f'[slack]\ntoken_env = "{CANARY}"',
    "url": f'[[source]]\nid = "a"\nurl = "https://me:{CANARY}@a.org"',
    "unknown key": f'[[destination]]\nid = "a"\nkind = "apprise"\nurl = "https://hooks.org/{CANARY}"',
}


@pytest.mark.parametrize("text", LITERALS.values(), ids=LITERALS.keys())
def test_secrets_in_the_file_are_refused_and_not_repeated(load, text):
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert caught.value.faults
    assert CANARY not in str(caught.value)
    assert CANARY not in repr(caught.value.faults)


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("kind", ["slack.token", "slack.app_token", "mail.password", "proxy", "header", "database"])
def test_a_file_that_only_its_owner_can_read_may_hold_secrets(load, kind):
    made = load(LITERALS[kind], mode=0o600)
    assert CANARY in made.secrets()
    assert CANARY not in repr(made)


# ── the example ──────────────────────────────────────────────────────────────────────────────────

UNCOMMENTED = re.compile(r"^#(?=\[|[a-z_]+ = )", re.MULTILINE)


def test_the_example_loads_as_it_stands_and_changes_nothing(tmp_path, load):
    plain = config.load(None, {}, tmp_path)
    made = load(config.example_text())
    assert made.path == tmp_path / "config.toml"
    for name in (
        "data_dir",
        "rules_dir",
        "database_url",
        "network",
        "slack",
        "sources",
        "destinations",
        "routes",
        "digests",
        "mail",
        "reserved",
    ):
        assert getattr(made, name) == getattr(plain, name)


def test_the_example_loads_with_every_key_in_use(tmp_path, load):
    for name in ("company-ca.pem",):
        (tmp_path / name).touch()
    (tmp_path / "rules").mkdir()
    text = UNCOMMENTED.sub("", config.example_text()).replace("/run/secrets", str(tmp_path))
    for name in re.findall(rf"{tmp_path}/([a-z-]+)", text):
        (tmp_path / name).write_text("hush")
    made = load(text)
    assert len(made.sources) == 2
    assert made.slack.token == Secret("hush")


def test_the_example_shows_every_key():
    data = tomllib.loads(UNCOMMENTED.sub("", config.example_text()))
    tables = {
        "": (models.TopTable, [data]),
        "database": (models.DatabaseTable, [data["database"]]),
        "network": (models.NetworkTable, [data["network"]]),
        "slack": (models.SlackTable, [data["slack"]]),
        "mail": (models.MailTable, [data["mail"]]),
        "ops": (models.OpsTable, [data["ops"]]),
        "retention": (models.RetentionTable, [data["retention"]]),
        "source": (models.SourceTable, data["source"]),
        "destination": (models.DestinationTable, data["destination"]),
        "route": (models.RouteTable, data["route"]),
        "digest": (models.DigestTable, data["digest"]),
    }
    literal = {"token", "app_token", "password"}  # not to be shown as an example to follow
    for name, (model, given) in tables.items():
        keys = {field.alias or key for key, field in model.model_fields.items()} - literal
        assert keys <= {key for table in given for key in table}, name


def test_what_the_example_calls_a_default_is_one(load):
    data = tomllib.loads(UNCOMMENTED.sub("", config.example_text()))
    made = load("")
    assert made.network.user_agent.startswith(data["network"]["user_agent"])
    assert seconds(data["network"]["deadline"]) == made.network.deadline
    assert data["slack"]["token_env"] == made.slack.token_env
    assert seconds(data["retention"]["bodies"]) == made.retention.bodies
    assert data["data_dir"] == made.data_dir.name
