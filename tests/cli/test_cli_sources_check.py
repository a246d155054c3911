"""``presswatch sources check``: what would be read, from anywhere, with nothing stored."""

import pytest
from rich.cells import cell_len
from servers import ThreadedFaultServer, page

ITEM = "<item><guid>{0}</guid><title>{1}</title><link>https://g.example/{0}</link><pubDate>{2}</pubDate></item>"
DATE = "Mon, {:02} Aug 2023 10:00:00 GMT"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>1</id><title>x</title><updated>2023-08-28T12:00:00+02:00</updated></entry></feed>'
JSON = '{"version":"https://jsonfeed.org/version/1","title":"J","items":[{"id":"1","title":"x","summary":"s"}]}'


def rss(*titles):
    items = "".join(ITEM.format(n, title, DATE.format(n)) for n, title in enumerate(titles, 1))
    return f'<rss version="2.0"><channel><title>Gazette</title>{items}</channel></rss>'


@pytest.fixture
def web(inside):
    with ThreadedFaultServer() as server:
        server["/feed"] = rss("Rain", "Tariffs &amp;amp; pots")
        server["/atom"], server["/json"], server["/page"] = ATOM, JSON, page()
        link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
        server["/home"] = page(f"<html><head><title>Home</title>{link}</head></html>")
        config = (inside.desk.folder / "config.toml").read_text()
        inside.desk.write("config.toml", f'[network]\nallow = ["127.0.0.1:{server.port}"]\n{config}')
        yield server


def test_one_object_for_each_in_its_order_with_what_went_wrong(inside, web):
    inside.desk.seed(1, "Tariffs rise", "Tariffs rise again.")
    atom = str(inside.desk.write("a.xml", ATOM))
    paths = ("/feed", "/atom", "/json", "/page", "/home", "/missing")
    result = inside.run("sources", "check", "--json", *map(web.at, paths), atom, "seeds")
    assert result.code == 1
    assert [row["kind"] for row in result.rows] == ["rss", "atom", "json", "none", "none", "none", "atom", "seed"]
    assert [bool(row["error"]) for row in result.rows] == [False, False, False, True, True, True, False, False]
    assert result.rows[0]["title"] == "Gazette"
    assert result.rows[0]["items"][1] == {
        "id": "2",
        "title": "Tariffs & pots",
        "link": "https://g.example/2",
        "published": "2023-08-02T10:00:00+00:00",
        "updated": None,
        "summary": "",
    }
    assert result.rows[1]["items"][0]["updated"] == "2023-08-28T10:00:00+00:00"
    assert result.rows[2]["items"][0]["summary"] == "s"
    assert "not a feed" in result.rows[3]["error"]
    assert result.rows[4]["error"].endswith(f"it announces 1 feed: {web.at('/feed')}")
    assert "404" in result.rows[5]["error"]
    assert [(item["title"], item["summary"]) for item in result.rows[7]["items"]] == [
        ("Tariffs rise", "Tariffs rise again.")
    ]
    assert not (inside.desk.folder / "var").exists()


STORY = "<url><loc>/1</loc><news:news><news:title>A tariff</news:title></news:news></url>"
SITEMAP = f"<urlset>{STORY}</urlset>"


def test_a_news_sitemap_is_read_at_an_address_and_in_a_file(inside, web):
    web["/news.xml"], web["/plain.xml"] = SITEMAP, "<urlset><url><loc>/about</loc></url></urlset>"
    web["/list.xml"] = (
        "<sitemapindex><sitemap><loc>/plain.xml</loc></sitemap><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"
    )
    (inside.desk.folder / "list.xml").write_text("<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>")
    file = str(inside.desk.write("news.xml", SITEMAP))
    paths = ("/news.xml", "/list.xml", "/plain.xml")
    result = inside.run("sources", "check", "--json", *map(web.at, paths), file, "list.xml")
    assert result.code == 1
    assert [row["kind"] for row in result.rows] == ["sitemap", "sitemap", "none", "sitemap", "none"]
    assert [len(row["items"]) for row in result.rows] == [1, 1, 0, 1, 0]
    item = result.rows[0]["items"][0]
    assert (item["title"], item["link"]) == ("A tariff", web.at("/1"))
    assert "not a news sitemap" in result.rows[2]["error"]
    assert "check its address instead" in result.rows[4]["error"]


def test_a_source_of_the_wrong_kind_is_told_with_the_remedy(inside, web):
    web["/news.xml"] = SITEMAP
    tables = "".join(
        f'[[source]]\nid = "{kind}-at-{path}"\nkind = "{kind}"\nurl = "{web.at("/" + path)}"\n'
        for kind, path in (("feed", "news.xml"), ("sitemap", "feed"), ("sitemap", "news.xml"))
    ).replace("-at-news.xml", "-at-news")
    config = (inside.desk.folder / "config.toml").read_text()
    inside.desk.write("config.toml", config + tables)
    result = inside.run("sources", "check", "--json", "feed-at-news", "sitemap-at-feed", "sitemap-at-news")
    assert [row["kind"] for row in result.rows] == ["none", "none", "sitemap"]
    assert 'write kind = "sitemap"' in result.rows[0]["error"]
    assert 'remove kind = "sitemap"' in result.rows[1]["error"]


def test_a_page_is_an_article_in_a_folder_and_no_feed_by_itself(inside, web):
    inside.desk.write("inbox/a.html", "<title>A tariff</title><p>Words.")
    result = inside.run("sources", "check", "--json", "inbox", "inbox/a.html")
    assert [(row["kind"], len(row["items"])) for row in result.rows] == [("seed", 1), ("none", 0)]
    assert "not a feed" in result.rows[1]["error"]


def test_people_see_the_newest_items_and_the_rules_they_would_hit(inside, web):
    web["/feed"] = rss(*[f"Calm {n}" for n in range(14)], "A tariff")
    result = inside.run("sources", "check", web.at("/feed"))
    lines = result.out.splitlines()
    assert result.code == 0
    assert lines[0] == "✓ Gazette: rss, 15 items, newest 2023-08-15 10:00 UTC, oldest 2023-08-01"
    assert lines[2].split() == ["2023-08-15", "A", "tariff", "tariffs"]
    assert lines[3].split() == ["2023-08-14", "Calm", "13", "–"]
    assert lines[-1] == "and 5 more (-v shows all)"
    assert "Calm 0 " in inside.run("sources", "check", web.at("/feed"), "-v").out


def test_a_file_that_is_broken_costs_its_own_error_only(inside, web):
    bad = str(inside.desk.write("bad.xml", "<rss><channel><item><title>x"))
    empty = str(inside.desk.write("empty.txt", ""))
    (inside.desk.folder / "binary.rss").write_bytes(bytes(range(256)) * 20)
    inside.desk.write("list.xml", '<opml version="2.0"/>')
    result = inside.run("sources", "check", bad, empty, "binary.rss", "list.xml", web.at("/feed"))
    assert result.code == 1
    assert result.out.count("✗") >= 3
    assert "empty.txt: there is no text in it" in result.out
    assert "presswatch sources import reads it" in result.out
    assert "✓ Gazette" in result.out


def test_private_addresses_are_refused_as_in_polls(inside):
    result = inside.run("sources", "check", "http://127.0.0.1:1/feed", "http://169.254.169.254/", "--json")
    assert result.code == 1
    assert all("private or reserved" in row["error"] for row in result.rows)


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ((), "Missing argument"),
        (("nowhere",), "nor a file here\n"),
        (("",), "neither a source"),
        (("x.example/feed",), "if it is an address, write https://x.example/feed"),
        (("seeds", "ftp://x.example/f"), '"ftp://" cannot be watched'),
    ],
)
def test_wrong_use_is_told_before_anything_is_read(inside, wanted, hint):
    result = inside.run("sources", "check", *wanted)
    assert (result.code, result.out) == (2, "")
    assert hint in result.err


def test_a_feed_that_breaks_off_is_shown_and_told(inside, web):
    web["/cut"] = rss("Rain", "Snow").removesuffix("</item></channel></rss>")
    file = inside.desk.write("cut.xml", rss("Rain", "Snow").removesuffix("</channel></rss>"))
    result = inside.run("sources", "check", "--json", web.at("/cut"), str(file))
    assert result.code == 1
    for row in result.rows:
        assert "breaks off" in row["error"]
        assert [item["title"] for item in row["items"]] == ["Rain", "Snow"]


def test_it_reads_well_in_eighty_columns(inside, web):
    rules = (inside.desk.folder / "rules" / "rules.toml").read_text()
    more = (f'[[rule]]\nid = "rule-number-{n}"\ntitle = "R"\nseverity = "low"\nany = ["tariff"]\n' for n in range(9))
    inside.desk.write("rules/rules.toml", rules + "".join(more))
    web["/long"] = rss("A tariff that goes on " * 9, "关税" * 40)
    result = inside.desk.on_a_terminal("sources", "check", web.at("/long"))
    assert result.code == 0
    assert "+9" in result.out
    assert max(map(cell_len, result.out.splitlines())) <= 80
