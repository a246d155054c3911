"""``presswatch db copy`` as its users meet it; what it carries is seen by the store's tests."""

import sqlite3
from contextlib import closing

HERE, THERE = "sqlite:///var/presswatch.db", "sqlite:///there.db"


def test_a_desk_is_carried_over_and_goes_on_there(inside):
    desk = inside.desk
    desk.seed(1, "Tariffs rise")
    assert inside.run("run", "--once").code == 0
    done = inside.run("db", "copy", HERE, THERE)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("; both hold the same, table by table.\n")
    assert inside.run("db", "copy", "--verify", HERE, THERE).out == "Both hold the same.\n"
    desk.write("config.toml", '[database]\nurl = "sqlite:///there.db"\n' + (desk.folder / "config.toml").read_text())
    assert [row["headline"] for row in inside.run("alerts", "--json").rows] == ["Tariffs rise"]
    assert inside.run("run", "--once", "--force", "--json").rows[-1]["summary"]["alerts"] == 0
    again = inside.run("db", "copy", HERE, THERE)
    assert again.code == 3
    assert "holds a desk already" in again.err


def test_a_difference_is_named_and_ends_with_1(inside):
    inside.desk.seed(1, "Tariffs rise")
    inside.run("run", "--once")
    inside.run("db", "copy", HERE, THERE)
    with closing(sqlite3.connect(inside.desk.folder / "there.db")) as database, database:
        database.execute("UPDATE article_version SET title = 'Tariffs fall'")
    done = inside.run("db", "copy", "--verify", HERE, THERE)
    assert (done.code, done.out) == (1, "article_version differs: 1 row here, 1 there; the first: 1\n")
    assert "is not the same" in done.err
    rows = inside.run("db", "copy", "--verify", HERE, THERE, "--json").rows
    assert [row["table"] for row in rows if not row["same"]] == ["article_version"]


def test_what_cannot_be_meant_is_wrong_use(inside):
    for arguments in ((HERE, HERE), ("mysql://x/y", THERE), (HERE, "nonsense")):
        assert inside.run("db", "copy", *arguments).code == 2, arguments
    missing = inside.run("db", "copy", HERE, THERE)
    assert missing.code == 3
    assert "is no database of Presswatch" in missing.err
