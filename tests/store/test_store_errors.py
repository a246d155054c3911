"""What goes wrong with a database is one clear sentence; what is a bug stays what it is."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, how_many, later, put_article, put_message, put_source, take

import bot
from bot.errors import StoreError, StoreFull, StoreLocked, StoreUnreachable
from bot.store import Store, articles, outbox, sources
from bot.store.dialect import translate

ROOT = Path(bot.__file__).resolve().parent.parent


@contextmanager
def locked(path):
    """Another process' transaction on the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def database(store):
    return Path(store.url.database)


# ── locked ───────────────────────────────────────────────────────────────────────────────────────


def test_a_locked_file_says_so_and_can_still_be_read(sqlite_store):
    put_source(sqlite_store)
    with locked(database(sqlite_store)):
        message = r"presswatch\.db is held by another process: stop the other Presswatch .* Nothing was written"
        with pytest.raises(StoreLocked, match=message), sqlite_store.write():
            pytest.fail("a writer must wait for the lock before it begins")
        with sqlite_store.read() as tx:
            assert len(sources.states(tx)) == 1
    with sqlite_store.write() as tx:
        sources.sync(tx, [], NOW)


def test_a_file_locked_for_everybody(migrated_sqlite, tmp_path):
    path = tmp_path / "x.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreLocked, match="held by another process"):
            Store(f"sqlite:///{path}", timeout=0.1).open()


def test_an_empty_file_locked_while_it_is_to_be_filled(tmp_path):
    path = tmp_path / "x.db"
    path.touch()
    with locked(path), pytest.raises(StoreLocked):
        Store(f"sqlite:///{path}", timeout=0.1).open()


def test_postgresql_writers_wait_in_line(postgresql, migrated_postgresql):
    first = Store(postgresql(migrated_postgresql))
    second = Store(postgresql(migrated_postgresql), timeout=0.2)
    first.open()
    second.open()
    message = "held by another Presswatch: wait for it or stop it"
    with first.write(), pytest.raises(StoreLocked, match=message), second.write():
        pytest.fail("two writers at once")
    with second.write() as tx:
        assert how_many(tx) == 0
    first.close()
    second.close()


# ── full ─────────────────────────────────────────────────────────────────────────────────────────


def fill(store, pages, put):
    """Write in one transaction until there is no room for more than ``pages`` new pages."""
    with store.write() as tx:
        count = tx.value(sa.text("PRAGMA page_count"))
        tx.value(sa.text(f"PRAGMA max_page_count = {count + pages}"))
        while True:
            put(tx, f"u{how_many(tx)}")


def test_a_full_disk_undoes_the_whole_transaction(sqlite_store):
    put_source(sqlite_store)
    with sqlite_store.write() as tx:
        put_article(tx, article("before"))
    with pytest.raises(StoreFull, match=r"presswatch\.db has no space left: free some"):
        fill(sqlite_store, 5, lambda tx, key: put_article(tx, article(key, body="x" * 5_000)))
    with sqlite_store.read() as tx:
        assert [stored.article.key for stored in articles.archive(tx)] == ["before"]


@pytest.mark.parametrize("pages", range(1, 8))
def test_wherever_it_becomes_full_nothing_is_half_written(sqlite_store, pages):
    put_source(sqlite_store)
    with pytest.raises(StoreFull):
        fill(sqlite_store, pages, put_message)
    with sqlite_store.read() as tx:
        assert how_many(tx) == 0
        assert outbox.counts(tx) == {}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_recognised_by_the_systems_own_answer(tmp_path):
    (tmp_path / "x.db").symlink_to("/dev/full")
    with pytest.raises(StoreError, match=r"x\.db"):
        Store(f"sqlite:///{tmp_path}/x.db").open()


# ── unreachable ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("presswatch.db", '"presswatch.db" is not a database URL: write sqlite:///'),
        ("mysql://host/db", "mysql is not supported"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
    ],
)
def test_impossible_urls(url, message):
    with pytest.raises(StoreUnreachable, match=message):
        Store(url)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnreachable, match=r"cannot be made \(.*\): make it, or set data_dir"):
        Store(f"sqlite:///{tmp_path}/file/x/presswatch.db").open()


def test_a_folder_in_place_of_the_file(tmp_path):
    (tmp_path / "x.db").mkdir()
    with pytest.raises(StoreUnreachable, match=r"x\.db cannot be used: it cannot be opened"):
        Store(f"sqlite:///{tmp_path}/x.db").open()


def test_a_file_of_another_kind_is_left_alone(tmp_path):
    path = tmp_path / "x.db"
    path.write_text("Dear diary, " * 500, "utf-8")
    with pytest.raises(StoreUnreachable, match=r"the file is not a database .* name another file"):
        Store(f"sqlite:///{path}").open()
    assert path.read_text("utf-8").startswith("Dear diary")


def read_everything(store):
    store.open()
    with store.read() as tx:
        return list(articles.archive(tx))


def test_a_damaged_file(sqlite_store):
    put_source(sqlite_store)
    with sqlite_store.write() as tx:
        for number in range(50):
            put_article(tx, article(f"k{number}"))
    sqlite_store.close()
    path = database(sqlite_store)
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreUnreachable, match=r"the file is damaged .* restore a backup"):
        read_everything(sqlite_store)
    sqlite_store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to everything")
def test_a_read_only_file(sqlite_store):
    sqlite_store.close()
    database(sqlite_store).chmod(0o400)
    database(sqlite_store).parent.chmod(0o500)
    try:
        with pytest.raises(StoreUnreachable, match="cannot"):
            read_everything(sqlite_store)
    finally:
        database(sqlite_store).parent.chmod(0o700)


@pytest.mark.parametrize(
    "url", ["postgresql://someone:geheim@127.0.0.1:1/x", "postgres://someone:geheim@127.0.0.1:1/x"]
)
def test_a_server_that_is_down_and_a_password_that_is_not_shown(url):
    pytest.importorskip("psycopg")
    with pytest.raises(StoreUnreachable, match=r"cannot be reached: .* check that the server runs") as caught:
        Store(url, timeout=1).open()
    assert "geheim" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_database_the_server_does_not_have(postgresql):
    with pytest.raises(StoreUnreachable, match="does not exist"):
        Store(postgresql("nowhere"), timeout=1).open()


def test_a_server_that_goes_away_and_comes_back(fresh_postgresql, migrated_postgresql, administer):
    store = Store(fresh_postgresql(migrated_postgresql))
    store.open()
    put_source(store)
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{store.url.database}'"

    def write_while_it_goes():
        with store.write() as tx:
            put_article(tx)
            administer(end)
            how_many(tx)

    with pytest.raises(StoreUnreachable, match="cannot be reached"):
        write_while_it_goes()
    with store.read() as tx:
        assert how_many(tx) == 0
    store.close()


# ── bugs ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("statement", ["SELECT * FROM nothing", "INSERT INTO poll (source) VALUES ('x')", "SELEKT"])
def test_bugs_are_let_through(store, statement):
    with pytest.raises(sa.exc.DBAPIError), store.write() as tx:
        tx.run(sa.text(statement))


def test_foreign_keys_are_watched(store):
    # What SQLite's driver is asked without SQLAlchemy fails with the driver's own error.
    with pytest.raises((sa.exc.IntegrityError, sqlite3.IntegrityError)), store.write() as tx:
        put_article(tx, article(source="nobody"))


def test_a_reader_cannot_write(store):
    with pytest.raises((StoreError, sa.exc.DBAPIError), match=r"read-?only"), store.read() as tx:
        sources.sync(tx, [], NOW)
    put_source(store)


def test_other_exceptions_are_not_the_databases():
    assert translate(ValueError("x"), "The database") is None
    assert translate(sqlite3.OperationalError("no such table"), "The database") is None


def test_any_exception_undoes_the_transaction(store):
    put_source(store)

    def interrupted():
        with store.write() as tx:
            put_article(tx)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with store.read() as tx:
        assert how_many(tx) == 0


def test_a_closed_store_is_a_bug(store):
    store.close()
    store.close()
    with pytest.raises(RuntimeError, match="not open"), store.read():
        pass
    store.open()


# ── several at once ──────────────────────────────────────────────────────────────────────────────


def test_sqlite_is_set_up_to_survive_a_power_cut(sqlite_store):
    with sqlite_store.read() as tx:
        found = {name: tx.value(sa.text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reader_sees_one_state_while_others_write(store):
    put_source(store)
    with store.read() as reader:
        assert how_many(reader) == 0
        with store.write() as tx:
            put_article(tx)
        assert how_many(reader) == 0
    with store.read() as reader:
        assert how_many(reader) == 1


def test_threads_write_one_after_the_other(store):
    put_source(store)
    faults = []

    def write(name):
        try:
            for number in range(10):
                with store.write() as tx:
                    before = how_many(tx)
                    put_article(tx, article(f"{name}-{number}"))
                    assert how_many(tx) == before + 1
        except BaseException as fault:  # noqa: BLE001 - shown by the test, whatever it is
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with store.read() as tx:
        assert how_many(tx) == 40


WRITER = """
import sys
sys.path.insert(0, sys.argv[3])
from store_samples import *
from bot.store import Store
store = Store(sys.argv[1], timeout=30)
store.open()
for number in range(15):
    with store.write() as tx:
        put_message(tx, f"{sys.argv[2]}-{number}")
    with store.write() as tx:
        for delivery in take(tx, owner=sys.argv[2], limit=2):
            print(delivery.uid, delivery.fence)
            outbox.mark(tx, delivery, __import__("bot.model").model.Delivered(), NOW, outbox.Policy())
store.close()
"""


def test_processes_share_one_outbox(store, url):
    put_source(store)
    command = [sys.executable, "-W", "ignore", "-c", WRITER, url]
    here = str(Path(__file__).parent)
    started = [
        subprocess.Popen([*command, name, here], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("a", "b")
    ]
    outputs = [process.communicate(timeout=90) for process in started]
    assert [process.returncode for process in started] == [0, 0], outputs
    sent = [line for out, _ in outputs for line in out.splitlines()]
    expected = {f"{name}-{number} 1" for name in "ab" for number in range(15)}
    assert sorted(sent) == sorted(expected)
    with store.write() as tx:
        assert take(tx, now=later(1)) == []
        assert outbox.counts(tx) == {("desk", "sent"): 30}
