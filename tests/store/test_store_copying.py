"""A desk carried from one database to the other and back: whole, or going on where it was stopped; proven row by row."""

import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, put_article, put_source

import bot
from bot.errors import StoreError, StoreUnreachable
from bot.search import parse
from bot.store import Store, articles, copying, migrate, search
from bot.store import tables as t

ROOT = Path(bot.__file__).resolve().parent.parent
STRANGE = "Emoji 📱, 中国的華為公司, a\ttab, a\\backslash, \\N, a line\nand \r\n more, \u2028, 'quotes' and \"others\""


@pytest.fixture
def full(sqlite_store):
    """Every table has a row at least, with what is hard to carry; ids have gaps, and one was given out and is gone."""
    put_source(sqlite_store)
    with sqlite_store.write() as tx:
        for number in range(30):
            put_article(
                tx, article(f"k{number}", title=f"{STRANGE} {number}", body="long " * (50_000 if number == 7 else 5))
            )
        tx.run(sa.insert(t.story).values(id=900, opened_at=NOW, last_at=NOW))
        # Refers to one that comes after it.
        tx.run(sa.update(t.story).where(t.story.c.id == 2).values(merged_into=900))
        for table in t.metadata.sorted_tables:
            if tx.value(sa.select(sa.func.count()).select_from(table)) == 0:
                tx.run(sa.insert(table).values(example(tx, table)))
        tx.run(sa.insert(t.mute).values({**example(tx, t.mute), "id": 77}))
        tx.run(sa.delete(t.mute).where(t.mute.c.id == 77))
        # Written by somebody else, past what keeps such things out.
        tx.run(sa.text("UPDATE article_version SET author = 'a' || char(0) || 'b' WHERE id = 3"))
    return sqlite_store


def example(tx, table):
    """A row for any table."""
    made = {}
    for column in table.columns:
        given_out = column.primary_key and isinstance(column.type, sa.Integer) and not column.foreign_keys
        if column.nullable or (given_out and len(table.primary_key) == 1):
            continue
        if column.foreign_keys:
            (key,) = column.foreign_keys
            made[column.name] = tx.value(sa.select(sa.func.min(key.column)))
        elif isinstance(column.type, sa.JSON):
            made[column.name] = {"ö": [None, True, 1.5, {"b": 1, "a": "\0📱\ud800"}], "z": STRANGE}
        else:
            kind = getattr(column.type, "impl", column.type)
            made[column.name] = next(value for type_, value in VALUES.items() if isinstance(kind, type_))
    return made


VALUES = {
    sa.Boolean: True,
    sa.Integer: 5,
    sa.Float: 0.1,
    sa.DateTime: later(1),
    sa.Date: date(2026, 2, 28),
    sa.LargeBinary: b"\0\xff\n\\",
    sa.Text: STRANGE,
}


def carry(source, target):
    """What ``db copy`` does; what differs."""
    ours, theirs = Store(source), Store(target)
    copying.open_source(ours)
    try:
        copying.open_target(theirs)
        copied = copying.copy(ours, theirs, lambda _name, _rows: None)
        compared = {each.table: each for each in copying.compare(ours, theirs, lambda _name: None)}
        if all(each.same for each in compared.values()):
            copying.finish(theirs)
        return copied, compared
    finally:
        ours.close()
        theirs.close()


def test_a_desk_is_the_same_on_the_other_side_and_back_again(full, fresh_postgresql, tmp_path):
    here, there, back = str(full.url), fresh_postgresql(), f"sqlite:///{tmp_path}/back.db"
    copied, compared = carry(here, there)
    assert all(each.same for each in compared.values()), compared
    assert {name for name, rows in copied.items() if rows == 0} == set()
    assert copied["article"] == 30
    _, compared_back = carry(there, back)
    sums = {name: each.checksum for name, each in compared.items()}
    assert sums == {name: each.checksum for name, each in compared_back.items()}
    for url in (there, back):
        moved = Store(url)
        moved.open()
        with moved.write() as tx:
            assert len(search.search(tx, parse("华为"), limit=50)) == 30
            assert tx.value(sa.select(t.story.c.merged_into).where(t.story.c.id == 2)) == 900
            assert tx.value(sa.select(t.article_version.c.author).where(t.article_version.c.id == 3)) == "a\ufffdb"
            assert tx.last_id(t.mute) == 77  # no id comes back
            assert put_article(tx, article("next"))[0] > 30
        moved.close()


def test_a_copy_that_is_killed_goes_on_and_is_no_desk_until_then(full, fresh_postgresql, migrated_postgresql):
    """The first run is killed after so many batches, with a row too few in the last."""
    there = fresh_postgresql(migrated_postgresql)
    code = f"""
import os, signal, sys
from bot.store import Store, copying
copying.BATCH = copying.HELD = 4
ours, theirs = Store({str(full.url)!r}), Store({there!r})
copying.open_source(ours)
copying.open_target(theirs)
left = 12
def step(name, rows):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
copying.copy(ours, theirs, step)
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    with pytest.raises(StoreUnreachable, match="a copy that is not finished: run presswatch db copy"):
        Store(there).open()
    copied, compared = carry(str(full.url), there)
    assert all(each.same for each in compared.values())
    assert 0 < sum(copied.values()) < sum(each.rows for name, each in compared.items() if name != copying.INDEX)
    moved = Store(there)
    moved.open()
    moved.close()


def test_a_row_that_was_changed_is_found(full, fresh_postgresql, migrated_postgresql):
    there = fresh_postgresql(migrated_postgresql)
    carry(str(full.url), there)
    theirs = Store(there)
    theirs.open()
    with theirs.write() as tx:
        tx.run(
            sa.update(t.article_version)
            .where(t.article_version.c.n == 1, t.article_version.c.id == 9)
            .values(lang="xx")
        )
        tx.run(sa.delete(t.poll))
        tx.run(sa.delete(search.fts).where(search.fts.c.words.like("% 12 %")))
    compared = {each.table: each for each in copying.compare(full, theirs, lambda _name: None)}
    theirs.close()
    different = {name: (each.rows - each.there, each.keys) for name, each in compared.items() if not each.same}
    assert different == {"article_version": (0, ("9",)), "poll": (1, ("1",)), copying.INDEX: (1, ())}


def test_a_desk_is_not_written_over_but_what_opening_one_writes_by_itself_is(
    full, fresh_postgresql, migrated_postgresql
):
    there = fresh_postgresql(migrated_postgresql)
    taken = Store(there)
    taken.open()
    put_source(taken)
    taken.close()
    copying.open_target(taken)  # as if doctor had been run there
    with taken.write() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(t.source)) == 0
        tx.run(sa.text(f"UPDATE alembic_version SET version_num = '{migrate.HEAD}'"))
    put_source(taken)
    with taken.write() as tx:
        put_article(tx)
    taken.close()
    with pytest.raises(StoreError, match='holds a desk already: there are rows in its table "story"'):
        carry(str(full.url), there)
    taken.open()
    with taken.read() as tx:
        assert len(list(articles.archive(tx))) == 1
    taken.close()


def test_half_a_copy_of_another_desk_is_not_gone_on_with(full, tmp_path):
    there = f"sqlite:///{tmp_path}/there.db"
    theirs = Store(there)
    copying.open_target(theirs)
    with theirs.write() as tx:
        tx.run(sa.insert(t.mute).values({**example(tx, t.mute), "id": 5_000}))
        tx.run(sa.insert(t.mute).values({**example(tx, t.mute), "id": 5_001}))
    theirs.close()
    with pytest.raises(StoreError, match=r'rows in its table "mute" that are not of this SOURCE \(2 up to'):
        carry(str(full.url), there)


def test_what_is_no_desk_is_not_copied(tmp_path, empty_url):
    with pytest.raises(StoreError, match="is no database of Presswatch"):
        carry(f"sqlite:///{tmp_path}/missing.db", empty_url)
    assert not (tmp_path / "missing.db").exists()
    older = Store(empty_url)
    older.open()
    with older.write() as tx:
        tx.run(sa.text("UPDATE alembic_version SET version_num = '0009'"))
    older.close()
    with pytest.raises(StoreError, match=f"is at schema 0009, this program's is {migrate.HEAD}"):
        carry(empty_url, f"sqlite:///{tmp_path}/target.db")
