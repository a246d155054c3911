"""``presswatch sources add``: from an address to a source that is watched."""

import pytest
from servers import ThreadedFaultServer, page, redirect

from bot.cli.sources_add import show_written
from bot.config.additions import ConfigFile
from bot.ingest.limits import MAX_ROBOTS
from bot.model import Source

ITEM = "<item><guid>{0}</guid><title>{0}</title><link>https://g.example/{1}</link><pubDate>{2}</pubDate></item>"


def feed(title="The Gazette", *headlines):
    dates = [f"Mon, {day:02} Aug 2023 10:00:00 GMT" for day in range(28, 0, -1)]
    items = "".join(ITEM.format(text, n, date) for n, (text, date) in enumerate(zip(headlines, dates, strict=False)))
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def alternate(*paths):
    links = "".join(f'<link rel="alternate" type="application/rss+xml" title="F {p}" href="{p}">' for p in paths)
    return page(f"<html><head><title>Gazette</title>{links}</head><body>News</body></html>")


@pytest.fixture
def web():
    with ThreadedFaultServer() as server:
        server["/feed"] = feed("The Gazette", "Tariffs on kettles", "Rain", "Tariff talks")
        server["/other"] = feed("Another", "Sunshine")
        server["/one.html"] = alternate("/feed")
        server["/two.html"] = alternate("/feed", "other")
        server["/none.html"] = page()
        yield server


@pytest.fixture
def allowed(inside, web):
    """The command at a desk that may visit the server, with a remark at the end of its configuration."""
    config = (inside.desk.folder / "config.toml").read_text()
    allow = f'[network]\nallow = ["127.0.0.1:{web.port}"]\n'
    inside.desk.write("config.toml", f"{allow}{config}# the end, without a newline")
    return inside


def config(inside):
    return (inside.desk.folder / "config.toml").read_bytes()


def test_a_feed_is_looked_at_and_added_and_all_else_stays(allowed, web):
    before = config(allowed)
    result = allowed.desk.run("sources", "add", web.at("/feed"))  # in a process of its own, as people run it
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == "✓ The Gazette: 3 items, newest 2023-08-28 10:00 UTC, oldest 2023-08-26"
    assert lines[1] == "  2 of them match the rules as they are now"
    assert lines[2].split() == ["2023-08-28", "Tariffs", "on", "kettles"]
    assert lines[3].split() == ["·", "tariffs"]
    assert 'Added to config.toml as "the-gazette"' in result.out
    assert "--backfill 5" in result.out
    assert "sees within seconds" in result.out
    assert "by default" not in result.out, "a source was named before"
    table = f'\n\n[[source]]\nid = "the-gazette"\nkind = "feed"\nurl = "{web.at("/feed")}"\nname = "The Gazette"\ntier = "outlet"\n'
    assert config(allowed) == before + table.encode()


def test_what_it_says_to_do_next_alerts_at_once(allowed, web):
    allowed.run("sources", "add", web.at("/feed"))
    result = allowed.run("run", "--once", "--backfill", "5")
    assert result.code == 0
    assert "2 alerts" in result.out
    assert "The Gazette" in result.out


def test_the_options_say_what_the_feed_does_not(allowed, web):
    options = ("--id", "g", "--name", 'The "G"', "--tier", "official", "--lang", "en", "--every", "15m")
    assert allowed.run("sources", "add", web.at("/feed"), *options).code == 0
    tail = config(allowed).decode().partition('[[source]]\nid = "g"')[2]
    assert [line.partition(" = ")[2] for line in tail.split("\n")[3:7]] == [
        '"The \\"G\\""',
        '"official"',
        '"en"',
        '"15m"',
    ]
    (row,) = [row for row in allowed.run("sources", "list", "--json").rows if row["id"] == "g"]
    assert (row["name"], row["tier"]) == ('The "G"', "official")


def test_a_page_with_one_feed_leads_to_it(allowed, web):
    result = allowed.run("sources", "add", web.at("/one.html"))
    assert result.code == 0
    assert "names one feed" in result.err
    assert f'url = "{web.at("/feed")}"'.encode() in config(allowed)


def test_of_several_feeds_one_must_be_named(allowed, web):
    before = config(allowed)
    result = allowed.run("sources", "add", web.at("/two.html"))
    assert result.code == 2
    assert web.at("/feed") in result.err
    assert web.at("/other") in result.err
    rows = allowed.run("sources", "add", web.at("/two.html"), "--json").rows
    assert [row["feed"]["url"] for row in rows] == [web.at("/feed"), web.at("/other")]
    assert config(allowed) == before


def test_on_a_terminal_it_asks_which(allowed, web):
    result = allowed.desk.on_a_terminal("sources", "add", web.at("/two.html"), typed="2\n")
    assert result.code == 0
    assert "Which one" in result.out
    assert b'id = "another"' in config(allowed)


STORIES = "".join(
    f"<url><loc>/{n}</loc><news:news><news:publication><news:name>The Gazette</news:name></news:publication>"
    f"<news:publication_date>2023-08-{28 - n}</news:publication_date><news:title>{title}</news:title></news:news></url>"
    for n, title in enumerate(("Tariffs on kettles", "Rain"))
)
SITEMAP = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{STORIES}</urlset>'


def test_a_news_sitemap_is_added_as_one(allowed, web):
    web["/news.xml"] = SITEMAP
    result = allowed.run("sources", "add", web.at("/news.xml"))
    assert result.code == 0
    assert result.out.startswith("✓ The Gazette: 2 items, newest 2023-08-28")
    assert f'kind = "sitemap"\nurl = "{web.at("/news.xml")}"'.encode() in config(allowed)
    assert "2 stored as baseline, 1 match" in allowed.run("run", "--once").out


def test_where_a_page_names_no_feed_the_sites_robots_txt_is_asked(allowed, web):
    web["/news.xml"], web["/pages.xml"] = SITEMAP, "<urlset><url><loc>/a</loc></url></urlset>"
    web["/robots.txt"] = (
        f"User-agent: *\nSitemap: {web.at('/pages.xml')}\nSitemap: {web.at('/news.xml')}\n" + "#" * MAX_ROBOTS
    )
    result = allowed.run("sources", "add", web.at("/none.html"), "--json")
    assert result.code == 0
    assert (result.rows[0]["source"]["kind"], result.rows[0]["source"]["url"]) == ("sitemap", web.at("/news.xml"))
    result = allowed.run("sources", "add", web.at("/none.html"))
    assert "the site's robots.txt names one news sitemap" in result.err
    assert (result.code, "watched already" in result.err) == (2, True)


def test_a_list_of_sitemaps_is_added_if_it_leads_to_news(allowed, web):
    listed = "".join(f"<sitemap><loc>{web.at(path)}</loc></sitemap>" for path in ("/pages.xml", "/news.xml"))
    web["/news.xml"], web["/list.xml"] = SITEMAP, f"<sitemapindex>{listed}</sitemapindex>"
    web["/empty.xml"] = "<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap></sitemapindex>"
    web["/pages.xml"] = "<urlset><url><loc>/a</loc></url></urlset>"
    web["/robots.txt"] = f"Sitemap: {web.at('/empty.xml')}\nSitemap: {web.at('/list.xml')}\n"
    assert allowed.run("sources", "add", web.at("/none.html")).code == 0
    assert f'kind = "sitemap"\nurl = "{web.at("/list.xml")}"'.encode() in config(allowed)
    web["/robots.txt"] = page()
    result = allowed.run("sources", "add", web.at("/pages.xml"))
    assert result.code == 1
    assert "not a news sitemap" in result.err


@pytest.mark.parametrize(
    ("path", "hint"),
    [("/none.html", "it names no feed either"), ("/missing", "404"), ("/loop.html", "that is a web page too")],
)
def test_what_is_no_feed_is_not_added(allowed, web, path, hint):
    web["/loop.html"] = alternate("/none2.html")
    web["/none2.html"] = alternate("/feed")
    before = config(allowed)
    result = allowed.run("sources", "add", web.at(path))
    assert result.code == 1
    assert hint in result.err
    assert config(allowed) == before


def test_private_addresses_are_refused_also_where_a_page_names_them(allowed, web):
    web["/evil.html"] = alternate("http://127.0.0.1:1/feed")
    before = config(allowed)
    for url in ("http://127.0.0.1:1/feed", "http://169.254.169.254/latest", web.at("/evil.html")):
        result = allowed.run("sources", "add", url)
        assert result.code == 1
        assert "private or reserved" in result.err or "port" in result.err
    assert config(allowed) == before


def test_a_feed_that_moved_for_good_is_named_where_it_is_now(allowed, web):
    web["/old"] = redirect("/feed", status=301)
    result = allowed.run("sources", "add", web.at("/old"))
    assert result.code == 0
    assert "moved there for good" in result.err
    assert f'url = "{web.at("/feed")}"'.encode() in config(allowed)


def test_what_is_watched_already_is_named(allowed, web):
    allowed.run("sources", "add", web.at("/feed"))
    before = config(allowed)
    for again in (web.at("/feed"), web.at("/feed/"), web.at("/feed") + "?utm_source=x", web.at("/one.html")):
        result = allowed.run("sources", "add", again)
        assert result.code == 2
        assert 'watched already, as "the-gazette"' in result.err
    result = allowed.run("sources", "add", web.at("/other"), "--id", "the-gazette")
    assert result.code == 2
    assert "--id" in result.err
    assert config(allowed) == before


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("ftp://x.example/feed", '"ftp://" cannot be watched'),
        ("https://user:pw@x.example/feed", "auth_env"),
        ("user:pw@x.example/feed", "auth_env"),
    ],
)
def test_an_address_that_is_never_watched_is_wrong_use(inside, url, hint):
    result = inside.run("sources", "add", url)
    assert result.code == 2
    assert hint in result.err
    assert "pw@" not in result.err


def test_a_secret_in_the_address_is_told_with_the_remedy(allowed, web):
    web["/feed?token=hunter2"] = feed("The Gazette", "Rain")
    result = allowed.run("sources", "add", web.at("/feed?token=hunter2"))
    assert result.code == 0
    assert '"token"' in result.err
    assert "chmod 600 config.toml" in result.err
    assert "auth_env" in result.err
    assert "secret" not in allowed.run("sources", "add", web.at("/other")).err


def test_a_dry_run_shows_what_would_be_written(allowed, web):
    before = config(allowed)
    result = allowed.run("sources", "add", web.at("/feed"), "--dry-run")
    assert result.code == 0
    assert '[[source]]\nid = "the-gazette"\n' in result.out
    assert config(allowed) == before


def test_a_bad_option_writes_nothing(allowed, web):
    before = config(allowed)
    result = allowed.run("sources", "add", web.at("/feed"), "--every", "5x")
    assert result.code == 2
    assert "is no length of time" in result.err
    assert config(allowed) == before


def test_the_default_sources_stay_watched(inside, web):
    inside.desk.write("config.toml", f'[network]\nallow = ["127.0.0.1:{web.port}"]\n')
    watched = [row["id"] for row in inside.run("sources", "list", "--json").rows]
    result = inside.run("sources", "add", web.at("/feed"))
    assert result.code == 0
    assert "by default" in result.out
    assert {row["id"] for row in inside.run("sources", "list", "--json").rows} == {*watched, "the-gazette"}
    assert b'path = "seeds"\n' in config(inside)
    assert "by default" not in inside.run("sources", "add", web.at("/other")).out


def test_a_default_source_is_watched_already(inside):
    inside.desk.write("config.toml", "")
    result = inside.run("sources", "add", "ustr.gov/rss.xml")
    assert result.code == 2
    assert '"ustr"' in result.err


def test_json_is_one_object(allowed, web):
    (row,) = allowed.run("sources", "add", web.at("/feed"), "--json").rows
    assert row["source"] == {
        "id": "the-gazette",
        "kind": "feed",
        "name": "The Gazette",
        "url": web.at("/feed"),
        "tier": "outlet",
        "lang": None,
    }
    assert (row["title"], row["items"], row["written"], row["defaults"]) == ("The Gazette", 3, True, [])
    assert row["newest"] == "2023-08-28T10:00:00+00:00"
    assert row["config"] == str(allowed.desk.folder / "config.toml")
    assert [(match["headline"], match["rules"]) for match in row["matching"]] == [
        ("Tariffs on kettles", ["tariffs"]),
        ("Tariff talks", ["tariffs"]),
    ]


def test_a_hostile_title_is_a_name_and_nothing_else(allowed, web):
    title = '&lt;b&gt;"""Bell\\ &#x202e;\n[[destination]]\nid = "evil"\x1b[31m'
    web["/evil"] = feed(title, "Calm").replace("\x1b", "&#27;")
    result = allowed.run("sources", "add", web.at("/evil"))
    assert result.code == 0
    assert "\x1b" not in result.out
    assert "\u202e" not in result.out
    assert config(allowed).decode().count("[[destination]]") == 1
    assert config(allowed).decode().count("\n[[destination]]") == 0
    assert allowed.run("sources", "list").code == 0


def test_the_configuration_in_force_is_the_one_that_is_added_to(desk, web):
    (desk.folder / "config.toml").unlink()
    desk.write("elsewhere.toml", f'[network]\nallow = ["127.0.0.1:{web.port}"]\n')
    desk.env["PRESSWATCH_CONFIG"] = "elsewhere.toml"
    assert desk.run("sources", "add", web.at("/feed")).code == 0
    assert not (desk.folder / "config.toml").exists()
    assert b'id = "the-gazette"' in (desk.folder / "elsewhere.toml").read_bytes()


def test_without_a_configuration_it_says_that_one_was_made(tmp_path, capsys):
    # In one piece no server of ours can be asked: without a configuration only public addresses are visited.
    source = Source(id="g", kind="feed", name="G", url="https://g.example/feed")
    file = ConfigFile(tmp_path / "config.toml", {}, tmp_path)
    show_written(source, file, ["[[source]]\n"], dry_run=True)
    assert "which would be made from the commented example" in capsys.readouterr().out
    show_written(source, file, ["[[source]]\n"], dry_run=False)
    said = capsys.readouterr().out
    assert "was made from the commented example" in said
    assert "seeds, federal-register-bis" in said


def test_it_reads_well_in_eighty_columns(allowed, web):
    web["/long"] = feed("A title that goes on " * 9, *[f"Tariffs {'and more ' * 12}{number}" for number in range(9)])
    result = allowed.desk.on_a_terminal("sources", "add", web.at("/long"))
    assert result.code == 0
    assert "and 4 more" in result.out
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize("command", ["add", "check"])
def test_a_page_is_searched_for_feeds_up_to_its_own_limit_and_a_feed_may_be_longer(allowed, web, command):
    """Of 3 MB a page, of 10 MB a feed, whatever either says that it is."""
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    filling = "<!-- " + "x" * 3_100_000 + " -->"
    web["/long.html"] = page(f"<html><head><title>Gazette</title>{link}</head><body>{filling}</body></html>")
    web["/long"] = page(feed("The Long One", "Rain").replace("<channel>", f"<channel>{filling}"))
    before = config(allowed)
    result = allowed.run("sources", command, web.at("/long.html"))
    assert result.code == 1
    assert "as a web page it is too long (3.1 MB) to look for one: 3 MB is the most" in result.out + result.err
    assert config(allowed) == before
    result = allowed.run("sources", command, web.at("/long"))
    assert result.code == 0
    assert "The Long One" in result.out
