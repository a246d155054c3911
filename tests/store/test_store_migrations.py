"""Migrations: tables as written down, data kept, other programs' and newer databases left alone."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from store_samples import article, how_many, put_article, put_source

import bot
from bot.errors import StoreNewer, StoreUnreachable
from bot.ingest import rhythm
from bot.packaged import packaged
from bot.search import parse
from bot.store import Store, articles, backup, events, ledger, migrate, search, sources, tables, version
from bot.store.dialect import WRITES, database_url, make_engine

ROOT = Path(bot.__file__).resolve().parent.parent

HEAD = migrate.HEAD
NEXT = f"{int(HEAD) + 1:04}"

# What a later revision may well do: rebuild a table that others refer to.
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{new}", "{old}"


def upgrade():
    with op.batch_alter_table("article") as table:
        table.add_column(sa.Column("extra", sa.Text, nullable=True))
        table.alter_column("url", type_=sa.String(4000))
    {more}


def downgrade():
    with op.batch_alter_table("article") as table:
        table.drop_column("extra")
"""


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """Pretends that this program is newer by one revision."""

    def pretend(more="pass"):
        folder = tmp_path / "100% newer" / "alembic"
        shutil.copytree(packaged("alembic"), folder)
        text = REBUILD.format(more=more, new=NEXT, old=migrate.HEAD)
        (folder / "versions" / f"{NEXT}_rebuild.py").write_text(text, "utf-8")
        monkeypatch.setattr(migrate, "packaged", lambda _name: folder)
        monkeypatch.setattr(migrate, "REVISIONS", (*migrate.REVISIONS, NEXT))
        monkeypatch.setattr(migrate, "HEAD", NEXT)

    return pretend


def opened(url):
    store = Store(url)
    store.open()
    return store


def engine_of(url):
    return make_engine(database_url(url), 5.0)


def at_revision(url, revision, monkeypatch):
    """An engine on a database as an older program has left it."""
    engine = engine_of(url)
    with monkeypatch.context() as older:
        older.setattr(migrate, "HEAD", revision)
        migrate.to_head(engine, url, None)
    return engine


def test_the_constant_names_the_files():
    config = Config()
    config.set_main_option("script_location", str(packaged("alembic")))
    found = [revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == migrate.REVISIONS


def test_metadata_is_head(store):
    options = {"compare_type": True, "compare_server_default": True, "include_name": tables.ours}
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.metadata) == []


def test_the_migration_makes_the_very_tables_of_the_metadata(migrated_sqlite, tmp_path):
    """Names of constraints included, which a later batch migration needs."""
    direct = sa.create_engine(f"sqlite:///{tmp_path}/direct.db")
    tables.metadata.create_all(direct)
    direct.dispose()

    def parts(path):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL").fetchall()
        cleaned = {
            name: re.split(r",\s+(?![^()]*\))", re.sub(r"^\s*(CREATE .*?\(|\))\s*$", "", sql, flags=re.MULTILINE))
            for name, sql in rows
        }
        return {name: sorted(" ".join(part.split()) for part in sql) for name, sql in cleaned.items()}

    made, written = parts(migrated_sqlite), parts(tmp_path / "direct.db")
    made = {name: sql for name, sql in made.items() if name != "alembic_version" and tables.FOREIGN_INFIX not in name}
    assert made == written


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("article", True),
        ("article_fts", False),
        ("article_fts_data", False),
        ("procrastinate_jobs", False),
        (None, True),
    ],
)
def test_tables_of_others_are_not_compared(name, expected):
    assert tables.ours(name, "table", {}) is expected


def test_up_down_up(empty_url):
    store = opened(empty_url)
    put_source(store)
    writing = store.engine.connect().execution_options(**{WRITES: True})
    with writing as connection, connection.begin():
        migrate.run_alembic(connection, "base", down=True)
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    store.close()
    store.open()
    put_source(store)
    assert version(store) == tables_version()
    store.close()


def tables_version():
    from bot.store.records import Version

    return Version(revision=migrate.HEAD, product=bot.__version__)


def test_opening_again_changes_nothing_and_needs_no_alembic(migrated_sqlite, tmp_path):
    path = tmp_path / "presswatch.db"
    shutil.copyfile(migrated_sqlite, path)
    code = (
        "import sys; from bot.store import Store; s = Store(sys.argv[1]); s.open(); s.close(); "
        "sys.exit('alembic' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code, f"sqlite:///{path}"], cwd=ROOT, check=False)
    assert result.returncode == 0
    assert not (tmp_path / "backups").exists()


def test_folders_are_made(tmp_path):
    store = opened(f"sqlite:///{tmp_path}/a b/ü/presswatch.db")
    store.close()
    assert (tmp_path / "a b" / "ü" / "presswatch.db").exists()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_rebuilt_table_keeps_every_row_that_refers_to_it(request, tmp_path, next_version, kind):
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else request.getfixturevalue("fresh_postgresql")()
    store = opened(url)
    put_source(store)
    with store.write() as tx:
        put_article(tx, article("k1"))
    store.close()
    next_version()
    store.open()
    with store.read() as tx:
        (stored,) = articles.archive(tx)
        assert stored.article == article("k1")
        assert tx.value(sa.text("SELECT count(*) FROM story_member")) == 1
    assert version(store).revision == NEXT
    if kind == "sqlite":
        with store.read() as tx:
            assert tx.value(sa.text("PRAGMA foreign_keys")) == 1
    store.close()


def test_a_database_of_the_first_version_is_upgraded_with_its_sources(empty_url, monkeypatch, tmp_path):
    engine = at_revision(empty_url, "0001", monkeypatch)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.exec_driver_sql(
            "INSERT INTO source (id, kind, name, tier, next_due, interval, state) "
            "VALUES ('wire', 'feed', 'Wire', 'wire', '2026-03-02 10:00:00', 900, 'active')"
        )
    engine.dispose()
    store = Store(empty_url)
    store.open(backup_dir=tmp_path / "copies")
    with store.read() as tx:
        state = sources.get(tx, "wire")
        assert (state.name, state.interval, state.next_due.hour) == ("Wire", 900.0, 10)
    assert version(store) == tables_version()
    store.close()


def test_what_was_archived_before_there_was_a_search_is_found(empty_url, monkeypatch, tmp_path):
    engine = at_revision(empty_url, "0003", monkeypatch)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for statement in ARCHIVED.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(empty_url)
    store.open(backup_dir=tmp_path / "copies")
    with store.read() as tx:
        found = search.search(tx, parse("华为 creme"), limit=5)
        assert [(each.stored.id, each.source_name) for each in found] == [(7, "Wire")]
        assert search.search(tx, parse("old"), limit=5) == []
    store.close()


def test_the_books_hold_for_what_was_fetched_before_there_was_a_ledger(empty_url, monkeypatch, tmp_path):
    """A folder of 700 files was written in two parts, the poll told of the second; of another one the first is left."""
    engine = at_revision(empty_url, "0004", monkeypatch)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for statement in FETCHED.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(empty_url)
    store.open(backup_dir=tmp_path / "copies")
    with store.read() as tx:
        (drop, wire) = ledger.accounts(tx, datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
        assert (drop.fetched, drop.polls, drop.unsplit, drop.holds) == (3, 1, 698, True)
        assert (wire.fetched, wire.polls, wire.unsplit, wire.holds) == (1, 1, 9, True)
    store.close()


def test_the_rhythm_is_learned_from_the_polls_of_earlier_versions(empty_url, monkeypatch, tmp_path):
    engine = at_revision(empty_url, "0006", monkeypatch)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for statement in POLLED.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(empty_url)
    store.open(backup_dir=tmp_path / "copies")
    with store.read() as tx:
        wire, quiet = sources.get(tx, "wire"), sources.get(tx, "quiet")
    store.close()
    first = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert (wire.news, wire.first_new, wire.last_new) == (3, first, first + timedelta(hours=6))
    assert wire.longest == 4 * 3_600
    assert wire.rhythm == pytest.approx(rhythm.learned(rhythm.learned(None, 2 * 3_600), 4 * 3_600))
    assert (quiet.news, quiet.last_new, quiet.rhythm, quiet.longest) == (0, None, None, None)
    assert (wire.moved_polls, quiet.moved_polls) == (0, 1)


def test_who_was_near_before_keys_had_lists_is_found_after_it_and_back_again(empty_url, monkeypatch, tmp_path):
    engine = at_revision(empty_url, "0016", monkeypatch)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for statement in TOLD.split(";"):
            connection.exec_driver_sql(statement)
        before = connection.exec_driver_sql("SELECT value, article FROM story_key ORDER BY value, article").all()
    engine.dispose()
    store = Store(empty_url)
    store.open(backup_dir=tmp_path / "copies")
    since = datetime(2026, 2, 28, tzinfo=UTC)
    with store.read() as tx:
        near = events.neighbours(tx, [5, 4_000_000_000], since, least=1)
        assert [(each.article, each.traits.title) for each in near] == [(2, "b"), (3, "c"), (1, "a")]
        assert [each.article for each in events.neighbours(tx, [5, 6], since, least=2)] == [3, 1]
    writing = store.engine.connect().execution_options(**{WRITES: True})
    with writing as connection, connection.begin():
        migrate.run_alembic(connection, "0016", down=True)
        after = connection.exec_driver_sql("SELECT value, article FROM story_key ORDER BY value, article").all()
    assert after == before
    store.close()


# Written out, because the program of that time is gone.
TOLD = """
INSERT INTO source (id, kind, name, tier, next_due, state)
VALUES ('wire', 'feed', 'Wire', 'wire', '2026-03-02 10:00:00', 'active');
INSERT INTO story (id, opened_at, last_at) VALUES (1, '2026-03-02 10:00:00', '2026-03-02 10:00:00');
INSERT INTO article
    (id, source, key, key_kind, fingerprint, first_seen, date_origin, order_at, state, story, versions)
VALUES
    (1, 'wire', 'a', 'guid', 'f', '2026-03-01 10:00:00', 'unknown', '2026-03-01 10:00:00', 'no rule', 1, 1),
    (2, 'wire', 'b', 'guid', 'f', '2026-03-01 23:59:59', 'unknown', '2026-03-01 23:59:59', 'no rule', 1, 1),
    (3, 'wire', 'c', 'guid', 'f', '2026-03-03 01:00:00', 'unknown', '2026-03-03 01:00:00', 'no rule', 1, 1);
INSERT INTO story_traits (article, seen, at, traits)
VALUES (1, '2026-03-01 10:00:00', '2026-03-01 10:00:00', '{"title": "a"}'),
    (2, '2026-03-01 23:59:59', '2026-03-01 23:59:59', '{"title": "b"}'),
    (3, '2026-03-03 01:00:00', '2026-03-03 01:00:00', '{"title": "c"}');
INSERT INTO story_key (value, article) VALUES (5, 1), (5, 3), (6, 1), (6, 2), (6, 3), (4000000000, 2)
"""
POLLED = """
INSERT INTO source (id, kind, name, tier, next_due, state, moved_to)
VALUES ('wire', 'feed', 'Wire', 'wire', '2026-03-02 10:00:00', 'active', NULL),
    ('quiet', 'feed', 'Quiet', 'wire', '2026-03-02 10:00:00', 'active', 'https://new.example/');
INSERT INTO poll (source, at, status, fetched, new)
VALUES ('wire', '2026-03-02 09:00:00', 'baseline', 10, 10), ('wire', '2026-03-02 10:00:00', 'ok', 10, 1),
    ('wire', '2026-03-02 12:00:00', 'ok', 10, 1), ('wire', '2026-03-02 14:00:00', 'ok', 10, 0),
    ('wire', '2026-03-02 15:00:00', 'error', 0, 0), ('wire', '2026-03-02 16:00:00', 'ok', 10, 5),
    ('quiet', '2026-03-02 10:00:00', 'baseline', 10, 10), ('quiet', '2026-03-02 11:00:00', 'unchanged', 0, 0)
"""
FETCHED = """
INSERT INTO source (id, kind, name, tier, next_due, state)
VALUES ('drop', 'folder', 'Drop', 'wire', '2026-03-02 10:00:00', 'active'),
    ('wire', 'feed', 'Wire', 'wire', '2026-03-02 10:00:00', 'active');
INSERT INTO story (id, opened_at, last_at) VALUES (1, '2026-03-02 10:00:00', '2026-03-02 10:00:00');
INSERT INTO article
    (source, key, key_kind, fingerprint, first_seen, date_origin, order_at, state, story, versions)
VALUES
    ('drop', 'a', 'guid', 'f', '2026-03-02 10:00:00', 'unknown', '2026-03-02 10:00:00', 'alerted', 1, 1),
    ('drop', 'b', 'guid', 'f', '2026-03-02 10:00:00', 'unknown', '2026-03-02 10:00:00', 'copy', 1, 1),
    ('drop', 'c', 'guid', 'f', '2026-03-02 11:00:00', 'unknown', '2026-03-02 10:00:00', 'no rule', 1, 1),
    ('wire', 'd', 'guid', 'f', '2026-03-02 10:00:00', 'unknown', '2026-03-02 10:00:00', 'no rule', 1, 1);
INSERT INTO poll (source, at, status, fetched, new)
VALUES ('drop', '2026-03-02 10:00:00', 'ok', 700, 1), ('wire', '2026-03-02 10:00:00', 'ok', 10, 1)
"""
ARCHIVED = """
INSERT INTO source (id, kind, name, tier, next_due, state)
VALUES ('wire', 'feed', 'Wire', 'wire', '2026-03-02 10:00:00', 'active');
INSERT INTO story (id, opened_at, last_at) VALUES (1, '2026-03-02 10:00:00', '2026-03-02 10:00:00');
INSERT INTO article
    (id, source, key, key_kind, fingerprint, first_seen, date_origin, order_at, state, story, versions)
VALUES (7, 'wire', 'k', 'guid', 'f', '2026-03-02 10:00:00', 'unknown', '2026-03-02 10:00:00', 'alerted', 1, 2);
INSERT INTO article_version
    (article, n, at, title, author, outlet, text, text_seen, normaliser_version, content_hash)
VALUES
    (7, 1, '2026-03-02 10:00:00', 'Old', '', '', 'old words', 'full', 1, 'a'),
    (7, 2, '2026-03-02 10:00:00', '中国的華為公司', '', '', 'Crème brûlée', 'full', 1, 'b')
"""


@pytest.mark.parametrize("named", [True, False], ids=["named-folder", "beside-the-file"])
def test_an_upgrade_copies_the_file_first(tmp_path, next_version, named):
    store = opened(f"sqlite:///{tmp_path}/watch.db")
    put_source(store, "wire", "paper")
    store.close()
    next_version()
    folder = tmp_path / ("copies" if named else "backups")
    store.open(backup_dir=folder if named else None)
    store.close()
    (copy,) = folder.iterdir()
    assert copy.name == f"watch-schema-{HEAD}.db"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM source").fetchone() == (2,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_failing_upgrade_leaves_the_old_database_and_each_try_its_copy(empty_url, next_version, tmp_path):
    opened(empty_url).close()
    next_version(more='op.execute("SELECT * FROM no_such_table")')
    for _ in range(2):
        with pytest.raises(sa.exc.DBAPIError):
            Store(empty_url).open(backup_dir=tmp_path / "copies")
    engine = engine_of(empty_url)
    with engine.connect() as connection:
        columns = {column["name"] for column in sa.inspect(connection).get_columns("article")}
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    engine.dispose()
    assert "extra" not in columns
    assert revision == HEAD
    if empty_url.startswith("sqlite"):
        copies = sorted(path.name for path in (tmp_path / "copies").iterdir())
        assert copies == [f"empty-schema-{HEAD}-2.db", f"empty-schema-{HEAD}.db"]


def test_an_upgrade_that_would_orphan_rows_is_undone(tmp_path, next_version):
    store = opened(f"sqlite:///{tmp_path}/x.db")
    put_source(store)
    with store.write() as tx:
        put_article(tx)
    store.close()
    next_version(more='op.execute("DELETE FROM source")')
    with pytest.raises(StoreUnreachable, match=r"x\.db cannot be upgraded: a row of its table .* refers to"):
        store.open()
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("SELECT count(*) FROM source").fetchone() == (1,)


def test_a_newer_database_is_refused_by_name(url):
    engine = engine_of(url)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
        connection.execute(sa.update(tables.setting).values(value="7.1"))
    engine.dispose()
    with pytest.raises(StoreNewer, match=r"newer Presswatch \(7\.1, schema 0099; this is .*upgrade Presswatch"):
        Store(url).open()


def test_another_programs_database_is_left_alone(empty_url):
    engine = engine_of(empty_url)
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE article (headline TEXT)")
    with pytest.raises(StoreUnreachable, match='belongs to another program: it has a table "article"'):
        Store(empty_url).open()
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["article"]
    engine.dispose()


def test_two_programs_may_start_at_once(empty_url):
    code = "import sys; from bot.store import Store; s = Store(sys.argv[1]); s.open(); s.close()"
    command = [sys.executable, "-W", "ignore", "-c", code, empty_url]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], outputs
    store = opened(empty_url)
    assert version(store) == tables_version()
    store.close()


# ── backups ──────────────────────────────────────────────────────────────────────────────────────


def test_a_backup_of_a_store_in_use(sqlite_store, tmp_path):
    put_source(sqlite_store)
    with sqlite_store.write() as tx:
        put_article(tx, article("committed"))
    with sqlite_store.read() as reader:
        assert how_many(reader) == 1
        target = backup(sqlite_store, tmp_path / "kept" / "copy.db")
    assert sorted(path.name for path in target.parent.iterdir()) == ["copy.db"]
    copy = opened(f"sqlite:///{target}")
    with copy.read() as tx:
        assert [stored.article.key for stored in articles.archive(tx)] == ["committed"]
    copy.close()


def test_a_backup_replaces_no_file(sqlite_store, tmp_path):
    target = tmp_path / "precious.txt"
    target.write_text("mine", "utf-8")
    with pytest.raises(bot.errors.StoreError, match=r"precious\.txt exists already"):
        backup(sqlite_store, target)
    assert target.read_text("utf-8") == "mine"


def test_a_backup_to_an_impossible_place(sqlite_store, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreUnreachable, match=r"cannot be copied to .* name another place"):
        backup(sqlite_store, tmp_path / "file" / "copy.db")


def test_postgresql_is_backed_up_with_its_own_tool(postgresql, migrated_postgresql, tmp_path):
    store = opened(postgresql(migrated_postgresql))
    with pytest.raises(bot.errors.StoreError, match="pg_dump"):
        backup(store, tmp_path / "copy.dump")
    store.close()


def test_any_other_file_with_tables_is_left_alone(tmp_path):
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE x (a)")
    with pytest.raises(StoreUnreachable, match='belongs to another program: it has a table "x"'):
        Store(f"sqlite:///{file}").open()
    with closing(sqlite3.connect(file)) as connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master")] == ["x"]
