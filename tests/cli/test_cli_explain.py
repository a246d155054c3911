"""``presswatch explain`` as its users meet it: why was I told, and why not?"""

import json
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from functools import cache

import pytest
from servers import ThreadedFaultServer

from bot.explain import same_site

KEYS = ["id", "title", "url", "source", "source_name", "tier", "key", "key_kind", "state", "published"]
KEYS += [
    "published_raw",
    "date_origin",
    "first_seen",
    "excerpt_note",
    "fetches",
    "versions",
    "alerts",
    "digests",
    "decisions",
]
KEYS += ["references", "deadlines", "quotes", "rules", "rules_past"]
KEYS += ["rules_not_shown", "rules_rejected", "story", "refused"]

RULES = """
[[entity]]
id = "raimondo"
name = "Gina Raimondo"
kind = "person"
aliases = ["Gina Raimondo", { text = "Raimondo", with = ["commerce", "secretary"], within = 5 }]

[[rule]]
id = "people"
title = "People"
any = ["@raimondo"]

[[rule]]
id = "tariffs"
title = "Tariffs"
any = ["tariff"]
none = ["tax holiday"]

[[rule]]
id = "headlines"
title = "Headlines"
any = ["kettle"]
where = ["title"]

[[rule]]
id = "zinc"
title = "Zinc"
any = ["zinc"]
"""
COPIED = (
    "The ministry announced on Monday that it would lower the tariff on kettles, pots and pans from the coming spring. "
    "Importers had asked for the step since the harvest, when prices in the shops began to rise faster than wages did. "
    "A spokesperson said that the treasury would lose little by it, because the goods make up a small part of trade. "
    "Makers of enamel in the north of the country called for help, and the ministry promised to look into their case."
)


def front_matter(desk, number, title, text, **more):
    lines = "".join(f"{key}: {value}\n" for key, value in {"title": title, **more}.items())
    desk.write(f"seeds/{number}.txt", f"---\n{lines}---\n{text}\n")


@contextmanager
def database(desk):
    """The desk's database, to make there what would take days."""
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as connection, connection:
        yield connection


def sections(out):
    """Heading → its lines; the article's own lines under ""."""
    found, heading = {"": []}, ""
    for line in out.splitlines():
        if line and not line.startswith(" "):
            heading = line if found[""] else ""
            found.setdefault(heading, [])
        if line.startswith(" "):
            found[heading].append(line.strip())
        elif not heading and line:
            found[""].append(line)
    return found


@pytest.fixture(scope="module")
def archive(shared_desk):
    """Three articles: one told, one its copy, one that no rule matches."""
    desk = shared_desk
    desk.write("rules/rules.toml", RULES)
    front_matter(
        desk,
        1,
        "Ministry lowers tariffs",
        COPIED,
        url="https://www.first.example/a/?utm_source=x",
        published="2026-01-05",
    )
    assert desk.run("run", "--once").code == 0
    front_matter(desk, 2, "Pots and pans: what changes", COPIED, url="https://second.example/b", published="2026-01-05")
    front_matter(
        desk,
        3,
        "A calm day",
        "Raimondo sang of a kettle. A tariff came with a tax holiday.",
        url="https://third.example/c",
    )
    assert desk.run("run", "--once", "--force").code == 0
    return desk


@pytest.fixture(scope="module")
def asked(archive):
    """The command in the archive, which does not change: each question is asked once."""
    return cache(archive.run)


def test_who_was_told_stands_above_the_rules(asked):
    result = asked("explain", "https://www.first.example/a/?utm_source=x")
    assert result.code == 0
    found = sections(result.out)
    assert found[""][0] == "Ministry lowers tariffs"
    assert found[""][1].startswith("seeds · article 1 · alerted")
    assert any(line.startswith("published 2026-01-05 ") for line in found[""])
    (told, *_) = found["Told"]
    assert told.startswith("console: message sent 20")
    assert told.endswith(" UTC – tariffs")
    assert found["Decisions"] == ["tariffs → console: told. The destination had not been told of this story yet."]
    assert list(found)[1:3] == ["Told", "Decisions"]


def test_a_rule_that_matches_shows_its_clauses_and_the_words_found(asked):
    found = sections(asked("explain", "1").out)
    assert found["Rules that match: 1 of 4"] == [
        "tariffs: Tariffs",
        '+ "tariff" – found: tariffs, tariff',
        '+ none of: "tax holiday"',
        f"“{COPIED.split('. ', maxsplit=1)[0].replace('tariff', '*tariff*')}.”",
    ]
    assert found["Rules that came near"] == [
        'headlines: "kettle" occurs, but not in the title',
        f"“{COPIED.split('. ', maxsplit=1)[0].replace('kettles', '*kettles*')}.”",
    ]
    assert found["Other rules"] == ["2 rules, of which no term occurs (--all names them)"]


def test_why_a_rule_did_not_match_is_said_of_each(asked):
    found = sections(asked("explain", "https://third.example/c").out)
    assert found["Told"] == ["nobody"]
    assert found["Rules that match: 0 of 4"] == ["none"]
    near = found["Rules that came near"]
    assert 'tariffs: vetoed: "tax holiday" occurs, which the rule excludes' in near
    assert "“A tariff came with a *tax holiday*.”" in near
    assert 'headlines: "kettle" occurs, but not in the title' in near
    context = '@raimondo ("Raimondo") has none of "commerce", "secretary" within 5 words, and no full name of it'
    assert any(line.startswith(f"people: {context}") for line in near)
    assert found["Other rules"] == ["1 rule, of which no term occurs (--all names them)"]


def test_all_names_the_rules_of_which_nothing_occurs(asked):
    assert "1 rule, of which no term occurs: zinc" in asked("explain", "3", "--all").out


@pytest.mark.parametrize(
    "spelling",
    [
        "https://first.example/a",
        "http://www.FIRST.example/a/",
        "first.example/a",
        "https://first.example/a?fbclid=1",
        "1",
    ],
)
def test_an_article_is_found_by_any_spelling_of_its_address_or_its_number(asked, spelling):
    (row,) = asked("explain", spelling, "--json").rows
    assert row["id"] == 1


def test_an_article_is_found_by_its_key(asked):
    (row,) = asked("explain", "1", "--json").rows
    (again,) = asked("explain", row["key"], "--json").rows
    assert again["id"] == 1


def test_a_copy_names_its_original_and_where_that_was_told(asked):
    found = sections(asked("explain", "2").out)
    assert found["Told"][0].endswith("– tariffs, with article 1 of the same story")
    assert found["Decisions"][0].startswith("tariffs → console: not told. The article is a copy of one the destination")
    own, other = found["Story 1"]
    assert own.startswith("this article: copy of article 1 (")
    assert other.startswith("article 1, seeds: Ministry lowers tariffs – opened it (")


def test_one_rule_is_shown_clause_by_clause(asked):
    found = sections(asked("explain", "3", "--rule", "tariffs").out)
    assert found["Rule tariffs"] == [
        "It does not match: 1 of 2 clauses held.",
        '+ "tariff" – found: tariff',
        '- none of: "tax holiday"',
        'vetoed: "tax holiday" occurs, which the rule excludes',
        "“A tariff came with a *tax holiday*.”",
    ]
    assert "headlines" not in asked("explain", "3", "--rule", "tariffs").out


def test_an_unknown_rule_is_wrong_use(asked):
    result = asked("explain", "3", "--rule", "tarifs")
    assert result.code == 2
    assert 'did you mean "tariffs"?' in " ".join(result.err.split())


def test_json_has_its_keys(asked):
    (row,) = asked("explain", "3", "--json").rows
    assert list(row) == KEYS
    assert {each["rule"]: (each["matches"], each["near"], each["held"]) for each in row["rules"]} == {
        "people": (False, True, 0),
        "tariffs": (False, True, 1),
        "headlines": (False, True, 0),
    }
    assert row["rules_not_shown"] == 1
    veto = row["rules"][1]["clauses"][1]["obstacles"][0]
    assert (veto["kind"], veto["terms"]) == ("veto", ["tax holiday"])
    assert veto["hits"] == [{"field": "body", "start": 48, "end": 59, "text": "tax holiday"}]


def test_json_tells_what_was_sent_and_why(asked):
    (row,) = asked("explain", "1", "--json").rows
    (alert,) = row["alerts"]
    assert (alert["article"], alert["destination"], alert["rules"]) == (1, "console", ["tariffs"])
    message, change = alert["deliveries"]
    assert (message["op"], message["state"], change["op"]) == ("post", "sent", "update")
    assert row["decisions"][0]["sentence"] == "The destination had not been told of this story yet."
    assert row["versions"][0]["mentions"][0]["clauses"] == ['"tariff"', 'none of: "tax holiday"']
    assert row["rules"][0]["matched_hash"] == row["rules"][0]["hash"]
    assert [member["copy_of"] for member in row["story"]["members"]] == [None, 1]


# ── what was never seen ──────────────────────────────────────────────────────────────────────────


def test_an_address_of_no_source_is_told_so(asked):
    result = asked("explain", "https://nowhere.example/x")
    assert result.code == 1
    assert result.out.startswith("https://nowhere.example/x was never seen")
    assert "No source is of nowhere.example" in result.out
    assert "presswatch sources check ID" in result.out


def test_the_source_of_an_unseen_address_is_named_with_its_health(asked):
    result = asked("explain", "https://second.example/other")
    assert result.code == 1
    assert "seeds (seeds): answered last" in result.out
    (row,) = asked("explain", "https://second.example/other", "--json").rows
    assert (row["host"], [source["id"] for source in row["sources"]], row["gaps"]) == ("second.example", ["seeds"], [])


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("feeds.bbc.com", "bbc.com", True),
        ("feeds.example.org", "news.example.org", True),
        ("feeds.bbci.co.uk", "news.bbci.co.uk", True),
        ("a.co.uk", "b.co.uk", False),
        ("english.mofcom.gov.cn", "www2.mofcom.gov.cn", True),
        ("mofcom.gov.cn", "ndrc.gov.cn", False),
        ("example.org", "example.com", False),
        ("10.0.0.1", "10.1.0.1", False),
        ("notexample.org", "example.org", False),
        (None, "example.org", False),
    ],
)
def test_hosts_of_one_site_belong_together(one, other, together):
    assert same_site(one, other) is together


def test_started_anew_it_finds_all_that_it_needs(archive):
    process = archive.start("explain", "1", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out == archive.run("explain", "1").out


def test_without_an_archive_none_is_made(desk):
    result = desk.run("explain", "1")
    assert (result.code, result.out) == (1, "")
    assert "No archive yet" in result.err
    assert not (desk.folder / "var").exists()


# ── what was refused ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def refusing(second_desk):
    """A folder with three files that can be no articles, one of them at the address of a good one."""
    desk = second_desk
    desk.write("seeds/Quarterly Ümlaut.txt", "\0\1\2" * 100)
    desk.write("seeds/empty.txt", "---\nurl: https://www.void.example/a/?utm_source=x\n---\n")
    front_matter(desk, 1, "One", "Tariffs rise.", url="https://twice.example/a")
    front_matter(desk, 2, "Two", "Kettles fall.", url="https://twice.example/a")
    desk.run("run", "--once")
    return desk


@pytest.mark.parametrize(
    "wanted",
    ["https://void.example/a", "empty.txt", "seeds/empty.txt", "EMPTY.TX"],
    ids=["url", "file", "path", "text"],
)
def test_what_was_refused_is_said_with_the_reason_and_the_remedy(refusing, wanted):
    result = refusing.run("explain", wanted)
    assert result.code == 1
    first, brought, why, *_ = result.out.splitlines()
    assert first == "empty.txt was refused: it was fetched, but could not become an article."
    assert brought.startswith("    seeds (seeds) brought it first at 20")
    assert why == "    Why: there is no text in it; delete the file or write the article into it."
    assert "presswatch match FILE" in result.out


def test_refused_items_are_found_by_words_of_their_name(refusing):
    (row,) = refusing.run("explain", "quarterly ümlaut", "--json").rows
    (one,) = row["refused"]
    assert (row["wanted"], one["source"], one["name"]) == ("quarterly ümlaut", "seeds", "Quarterly Ümlaut.txt")
    assert one["reason"].startswith("is not text; save it")
    assert refusing.run("explain", "qu", "--json").rows[0]["refused"] == []


def test_an_article_and_what_was_refused_at_its_address_are_both_told(refusing):
    result = refusing.run("explain", "https://twice.example/a")
    assert result.code == 0
    assert result.out.startswith("One\n")
    assert "2.txt was refused" in result.out
    assert "has the same url as 1.txt but another text; give it its own url" in result.out
    (row,) = refusing.run("explain", "https://twice.example/a", "--json").rows
    assert [each["name"] for each in row["refused"]] == ["2.txt"]


# ── feeds: baselines, edits, gaps ────────────────────────────────────────────────────────────────


def rss(*items):
    made = "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><description>{title}, in detail.</description></item>"
        for guid, title in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{made}</channel></rss>'


def feed(desk, server):
    config = f'[network]\nallow = ["127.0.0.1:{server.port}"]\n'
    desk.write("config.toml", f'{config}[[source]]\nid = "feed"\nkind = "feed"\nurl = "{server.at("/feed")}"\n')


def test_a_baseline_article_says_why_nobody_was_told(desk):
    with ThreadedFaultServer() as server:
        server["/feed"] = rss(("one", "Old tariff news"))
        feed(desk, server)
        desk.run("run", "--once")
    found = sections(desk.run("explain", "one").out)
    assert "there at the first poll, not alerted" in found[""][1]
    assert found["Told"] == ["nobody"]
    assert "The article was there when the source was first polled" in found["Decisions"][0]


def test_an_edited_article_shows_its_versions(desk):
    with ThreadedFaultServer() as server:
        server["/feed"] = rss(("one", "Calm news"))
        feed(desk, server)
        desk.run("run", "--once")
        server["/feed"] = rss(("one", "Tariff news"))
        desk.run("run", "--once", "--force")
        result = desk.run("explain", "one")
    lines = sections(result.out)[""]
    assert [line.split(": ")[1] for line in lines if line.startswith("version ")] == ["Calm news", "Tariff news"]
    assert result.out.startswith("Tariff news\n")


def test_a_source_that_never_answered_is_told_so_with_its_next_poll(desk):
    with ThreadedFaultServer() as server:
        feed(desk, server)
        desk.run("run", "--once")
        page = server.at("/missed")
    out = desk.run("explain", page).out
    assert "(feed): never answered yet, 1 failure in a row, next poll " in out


def test_a_gap_of_the_hosts_feed_may_be_the_reason(desk):
    with ThreadedFaultServer() as server:
        server["/feed"] = rss(("one", "Calm news"), ("two", "Calmer news"))
        feed(desk, server)
        desk.run("run", "--once")
        server["/feed"] = rss(("three", "Storm news"), ("four", "Wind news"))
        desk.run("run", "--once", "--force")
        result = desk.run("explain", server.at("/missed"))
    assert result.code == 1
    assert "(feed): answered last" in result.out
    assert "nothing joins the poll of" in result.out


# ── rules that changed ───────────────────────────────────────────────────────────────────────────


def one_rule(desk, any_, id_="tariffs", more=""):
    desk.write("rules/rules.toml", f'[[rule]]\nid = "{id_}"\ntitle = "T"\nany = {json.dumps(any_)}\n{more}')


def test_a_rule_edited_since_it_matched_says_so(desk):
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    one_rule(desk, ["tariff", "duty"])
    assert "The rule has been changed since it matched" in desk.run("explain", "1").out
    one_rule(desk, ["duty"])
    result = desk.run("explain", "1")
    assert 'tariffs: "duty" does not occur' in result.out
    assert 'It matched then by: "tariff".' in result.out


def test_a_rule_is_shown_as_it_was_when_it_matched(desk):
    entity = '[[entity]]\nid = "mint"\nname = "Mint"\nkind = "organization"\naliases = [{}]\n'
    one_rule(desk, ["tariff", "@mint"], more='severity = "high"\n' + entity.format('"Royal Mint"'))
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    one_rule(desk, ["duty", "@mint"], more="min_hits = 2\n" + entity.format('"Royal Mint", "the Mint"'))
    desk.run("run", "--once")
    out = " ".join(desk.run("explain", "1").out.split())
    assert "As it was then (from 20" in out
    assert "An article matches when “tariff” or @mint occurs" in out
    for change in (
        'any: + "duty", − "tariff"',
        'severity: "high" → nothing',
        "min_hits: nothing → 2",
        '@mint aliases: + "the Mint"',
    ):
        assert change in out
    (row,) = desk.run("explain", "1", "--json").rows
    (past,) = row["rules_past"]
    assert (past["rule"], past["hash"]) == ("tariffs", row["rules"][0]["matched_hash"])
    assert past["until"] > past["since"]
    assert past["tree"] == '("tariff" OR @mint)'
    desk.write("rules/rules.toml", "")
    desk.run("run", "--once")
    gone = " ".join(desk.run("explain", "1").out.split())
    assert "the rule is no longer in force As it was then" in gone
    assert "An article matches when “tariff” or @mint occurs" in gone


def test_a_rule_that_is_newer_than_the_article_says_so(desk):
    desk.seed(1, "Ships rise")
    desk.run("run", "--once")
    one_rule(desk, ["ship"], "ships")
    out = desk.run("explain", "1").out
    assert "It did not match when the article came" in out
    assert "which the bot has not used yet" in out


def test_a_rule_that_is_gone_is_still_told_of(desk):
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    one_rule(desk, ["ship"], "ships")
    assert (
        'tariffs: matched when the article came, by "tariff"; the rule is no longer in force'
        in desk.run("explain", "1").out
    )
    assert "no longer in force" in desk.run("explain", "1", "--rule", "tariffs").out


def test_a_rule_at_fault_keeps_its_last_good_version_or_is_named_as_off(desk):
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    one_rule(desk, ["tariff"], more='nonsense = 1\n[[rule]]\nid = "new"\ntitle = "N"\nany = ["rise"]\nnonsense = 1\n')
    result = desk.run("explain", "1")
    assert "Rules that match: 1 of 1" in result.out
    assert "new: not in force, because of a mistake in its file" in result.out
    assert "rules/rules.toml" in result.err
    assert "is not in force" in desk.run("explain", "1", "--rule", "new").out
    assert "its last good version is in force" in desk.run("explain", "1", "--rule", "tariffs").out


def test_only_the_rule_asked_for_is_told_of_when_several_are_gone(desk):
    one_rule(desk, ["tariff"], more='[[rule]]\nid = "rises"\ntitle = "R"\nany = ["rise"]\n')
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    one_rule(desk, ["ship"], "ships")
    gone, as_it_was = sections(desk.run("explain", "1", "--rule", "rises").out)["Rule rises"]
    assert gone == 'rises: matched when the article came, by "rise"; the rule is no longer in force'
    assert as_it_was.endswith("UTC): An article matches when “rise” occurs.")


def test_an_unchanged_rule_that_is_not_for_the_source_any_more_matched_this_very_text(desk):
    one_rule(desk, ["tariff"], more='sources = { tier = ["outlet"] }\n')
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    with database(desk) as connection:
        connection.execute("UPDATE source SET tier = 'wire'")
    out = desk.run("explain", "1").out
    assert "the rule is for sources of tier outlet only, and this one's is wire" in out
    assert 'It matched this very text when it came, by: "tariff"' in out


# ── digests ──────────────────────────────────────────────────────────────────────────────────────

DIGEST = """
[[digest]]
id = "{id}"
to = ["console"]
at = "00:00"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
themes = ["{theme}"]
"""


def configure(desk, more):
    path = desk.folder / "config.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def due_at_once(desk):
    """As if the digests had been configured long ago."""
    with database(desk) as connection:
        connection.execute("UPDATE setting SET at = '2026-01-01 00:00:00.000000' WHERE key LIKE 'digest:%'")


def test_a_digest_that_told_of_the_article_is_named(desk):
    more = DIGEST.format(id="trade", theme="trade") + DIGEST.format(id="sport", theme="sport")
    configure(desk, more)
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    assert not [line for line in sections(desk.run("explain", "1").out)["Told"] if "digest" in line]
    due_at_once(desk)
    assert "Tariffs rise" in desk.run("run", "--once").out
    (line,) = [line for line in sections(desk.run("explain", "1").out)["Told"] if "digest" in line]
    assert line.startswith("console: digest trade of 20")
    assert ": sent 20" in line
    assert line.endswith(" UTC – tariffs")
    (row,) = desk.run("explain", "1", "--json").rows
    (told,) = row["digests"]
    assert (told["digest"], told["recipient"], told["state"], told["rules"]) == (
        "trade",
        "console",
        "sent",
        ["tariffs"],
    )


def test_a_baseline_article_may_stand_in_a_digest_although_nobody_was_alerted(desk):
    with ThreadedFaultServer() as server:
        server["/feed"] = rss(("one", "Old tariff news"))
        feed(desk, server)
        configure(desk, DIGEST.format(id="trade", theme="trade"))
        desk.run("run", "--once")
        due_at_once(desk)
        desk.run("run", "--once")
    (told,) = sections(desk.run("explain", "one").out)["Told"]
    assert told.startswith("console: digest trade of 20")
    assert told.endswith("– tariffs, if it is among the 15 newest of first polls")


def test_hostile_text_is_made_safe_whatever_let_it_in(desk):
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    with database(desk) as connection:
        hostile = ("Tariffs \x1b[31mred \u202edesrever", "A tariff \x1b]0;owned\x07 falls.")
        connection.execute("UPDATE article_version SET title = ?, text = ?", hostile)
        connection.execute("UPDATE article SET url = ?", ("https://e.example/\x1b[2J",))
    out = desk.run("explain", "1").out
    assert "desrever" in out
    assert "owned" in out
    assert not any(mark in out for mark in ("\x1b", "\x07", "\u202e"))


def test_a_text_that_is_no_longer_kept_is_told_of(desk):
    desk.seed(1, "A calm day", "The tariff falls.")
    desk.run("run", "--once")
    with database(desk) as connection:
        connection.execute("UPDATE article_version SET text = NULL")
    out = desk.run("explain", "1").out
    assert "Its text is no longer kept" in out
    assert 'tariffs: "tariff" does not occur' in out
    assert 'It matched when the text was still kept, by: "tariff".' in out
