"""``presswatch sources import`` and ``export``: lists of feeds, in and out of config.toml."""

import tomllib

import pytest

FEED = '<outline type="rss" text="{0}" xmlUrl="{1}"/>\n'


def opml(*feeds):
    return f'<opml version="2.0"><body>\n{"".join(FEED.format(*feed) for feed in feeds)}</body></opml>'


@pytest.fixture
def listed(inside):
    """A list with two good feeds, one of them twice, and faulty ones."""
    folder = (
        '<outline text="Trade &amp; law">\n' + FEED.format("Café News", "https://cafe.example/feed") + "</outline>\n"
    )
    feeds = opml(
        ("Wire", "https://wire.example/rss"),
        ("Again", "http://www.wire.example/rss/"),
        ("Bad", "ftp://x.example/"),
        ("Inside", "http://10.0.0.1/feed"),
        ("Login", "https://user:pw@x.example/"),
        ("Space", "https://a\u00a0b.example/"),
    )
    inside.desk.write("list.opml", feeds.replace("<body>\n", f"<body>\n{folder}"))
    return inside


def config(inside):
    return (inside.desk.folder / "config.toml").read_text()


def test_each_line_is_told_and_the_good_ones_are_written(listed):
    before = config(listed) + "# a remark at the end"
    listed.desk.write("config.toml", before)
    result = listed.run("sources", "import", "list.opml", "--tier", "wire")
    assert result.code == 1
    lines = result.out.splitlines()
    assert lines[0] == '+ list.opml:3: https://cafe.example/feed as "cafe-news", in Trade & law'
    assert lines[1] == '+ list.opml:5: https://wire.example/rss as "wire"'
    assert lines[2] == "= list.opml:6: http://www.wire.example/rss/ stands in line 5 already"
    assert [line[:14] for line in lines[3:7]] == [f"✗ list.opml:{n}:" for n in (7, 8, 9)] + ["✗ list.opml:10"]
    assert "must be an http or https address" in lines[3]
    assert "private or reserved" in lines[4]
    assert "auth_env" in lines[5]
    assert "✓ Added 2 sources to config.toml." in result.out
    made = config(listed)
    assert made.startswith(before)
    assert '\n# Trade & law\n[[source]]\nid = "cafe-news"\n' in made
    assert tomllib.loads(made)["source"][1:] == [
        {"id": "cafe-news", "kind": "feed", "url": "https://cafe.example/feed", "name": "Café News", "tier": "wire"},
        {"id": "wire", "kind": "feed", "url": "https://wire.example/rss", "name": "Wire", "tier": "wire"},
    ]


def test_a_dry_run_shows_the_same_and_writes_nothing(listed):
    before = config(listed)
    result = listed.run("sources", "import", "list.opml", "--dry-run")
    assert result.code == 1
    assert '+ list.opml:5: https://wire.example/rss as "wire"' in result.out
    assert '[[source]]\nid = "wire"\n' in result.out
    assert config(listed) == before


def test_what_is_exported_adds_nothing_when_it_is_imported(listed):
    listed.run("sources", "import", "list.opml")
    before = config(listed)
    assert listed.run("sources", "export", "--output", "out.opml").out == "Wrote 2 feeds to out.opml.\n"
    again = listed.run("sources", "import", "out.opml")
    assert (again.code, config(listed)) == (0, before)
    assert 'is watched already, as "wire"' in again.out
    assert "Nothing is added" in again.out
    assert listed.run("sources", "export").out.count("<outline") == 2


def test_the_default_sources_are_exported_and_known_and_stay_watched(inside):
    inside.desk.write("config.toml", "# mine\n")
    (row,) = inside.run("sources", "export", "--output", "out.opml", "--json").rows
    assert (len(row["feeds"]), row["output"], row["opml"]) == (5, "out.opml", None)
    assert inside.run("sources", "import", "out.opml").code == 0
    assert config(inside) == "# mine\n"
    inside.desk.write("one.opml", opml(("Wire", "https://wire.example/rss")))
    summary = inside.run("sources", "import", "one.opml", "--json").rows[-1]["summary"]
    assert (summary["added"], summary["written"], summary["defaults"][0]) == (1, True, "seeds")
    assert [table["id"] for table in tomllib.loads(config(inside))["source"]] == [*summary["defaults"], "wire"]


def test_ids_are_unique_whatever_the_titles(inside):
    feeds = [("News", f"https://n{n}.example/") for n in range(3)] + [
        ("新闻", "https://xinwen.example/"),
        ("seeds", "https://s.example/"),
    ]
    inside.desk.write("list.opml", opml(*feeds))
    rows = inside.run("sources", "import", "list.opml", "--json").rows[:-1]
    assert [row["id"] for row in rows] == ["news", "news-2", "news-3", "xinwen-example", "seeds-2"]


def test_hostile_titles_and_folders_add_no_more_than_a_source(inside):
    evil = "&quot;&#10;[[destination]]&#10;id = &quot;evil&quot;&#x1b;[31m&#x202e;"
    inside.desk.write(
        "list.opml", f'<opml><outline text="{evil}">{FEED.format(evil, "https://x.example/f")}</outline></opml>'
    )
    result = inside.run("sources", "import", "list.opml")
    assert result.code == 0
    assert set(result.out).isdisjoint("\x1b\u202e")
    tables = tomllib.loads(config(inside))
    assert (len(tables["source"]), "destination" in tables) == (2, False)


@pytest.mark.parametrize(("text", "code", "hint"), [("<rss/>", 1, "a feed itself"), ("", 1, "not OPML"), (None, 2, "does not exist")])  # fmt: skip
def test_what_is_no_list_is_not_imported(inside, text, code, hint):
    if text is not None:
        inside.desk.write("list.opml", text)
    result = inside.run("sources", "import", "list.opml")
    assert result.code == code
    assert hint in result.out + result.err


def test_a_place_that_cannot_be_written_is_wrong_use(inside):
    result = inside.run("sources", "export", "--output", "nowhere/out.opml")
    assert result.code == 2
    assert "cannot be written" in result.err


def test_a_secret_in_an_address_is_told_with_the_remedy(inside):
    inside.desk.write("list.opml", opml(("Wire", "https://wire.example/rss?api_key=hunter2")))
    result = inside.run("sources", "import", "list.opml")
    assert result.code == 0
    assert '"api_key"' in result.err
    assert "chmod 600 config.toml" in result.err
    assert "auth_env" in result.err
    assert '"api_key"' in inside.run("sources", "export").err
