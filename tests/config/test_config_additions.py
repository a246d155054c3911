"""Adding to config.toml: what stood there stays to the byte, and what is added reads back as it was meant."""

import stat
import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.config import example_text, load
from bot.config.additions import ConfigFile, free_id, source_table
from bot.errors import ConfigError
from bot.model import Source
from bot.text import clean
from bot.tomlfile.strings import toml_string

OLD = '[[source]]\nid = "old"\nurl = "https://old.example/feed"\n'
NEW = Source(id="new", kind="feed", name="New", url="https://new.example/feed", tier="wire", lang="en")


def file(folder, raw=None):
    path = folder / "config.toml"
    if raw is not None:
        path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return ConfigFile(path, {}, folder)


@given(name=st.text(min_size=1))
@example(name='"""')
@example(name='a"\\\n[[source]]\nid="x"\n')
@example(name="\x00\x07\x1b[31m\x7f\u2028\u202e")
@example(name="\ud800 half")
@example(name="'''\\u0041")
def test_any_text_is_one_string(name):
    table = tomllib.loads(f"name = {toml_string(name)}\nlast = 1\n")
    assert table == {"name": "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in name), "last": 1}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param("# only a remark", id="no-newline-at-the-end"),
        pytest.param(OLD + "# the end\n\n\n", id="blank-lines-at-the-end"),
        pytest.param(OLD + '\n[source.headers]\n"X-A" = "b"', id="sub-table-at-the-end"),
        pytest.param(OLD.replace("\n", "\r\n") + "# Ende\r\n", id="windows"),
        pytest.param("\ufeff" + OLD, id="byte-order-mark"),
        pytest.param("\t# Ünï 华为  \n" + OLD + "   \n", id="odd-spaces"),
        pytest.param(example_text(), id="the-example"),
    ],
)
def test_what_stood_there_stays_to_the_byte(tmp_path, raw):
    config = file(tmp_path, raw)
    made = config.with_sources([source_table(NEW, tmp_path, every="15m")])
    assert made.startswith(raw.encode())
    config.save(made)
    assert config.path.read_bytes() == made
    assert (b"\r\n" in raw.encode()) == (b"\r\n" in made)
    assert b"\n" not in made.replace(b"\r\n", b"") or b"\r\n" not in made
    added = load(None, {}, tmp_path).sources[-1]
    assert (added.id, added.name, added.url, added.tier, added.lang, added.every) == (
        "new",
        "New",
        "https://new.example/feed",
        "wire",
        "en",
        900,
    )


@given(title=st.text(max_size=80))
@example(title='x"\n[[destination]]\nid = "evil"\nkind = "slack"\nchannel = "C1')
def test_no_feeds_title_adds_more_than_a_name(tmp_path_factory, title):
    folder = tmp_path_factory.mktemp("titles")
    name = " ".join(clean(title).split()) or "host"
    source = Source(id=free_id((name, "host.example"), ()), kind="feed", name=name, url="https://new.example/f")
    config = file(folder, OLD)
    config.save(config.with_sources([source_table(source, folder)]))
    loaded = load(None, {}, folder)
    assert [each.id for each in loaded.sources] == ["old", source.id]
    assert [each.id for each in loaded.alerting] == ["console"]
    assert loaded.sources[1].name == name


def test_a_file_that_would_not_load_is_not_written(tmp_path):
    inline = 'source = [{ id = "old", url = "https://old.example/feed" }]\n'
    for raw, source in ((inline, NEW), (OLD, Source(id="Bad Id", kind="feed", name="x", url="https://x.example/"))):
        config = file(tmp_path, raw)
        with pytest.raises(ConfigError):
            config.with_sources([source_table(source, tmp_path)])
        assert config.path.read_text() == raw


def test_more_sources_than_the_file_has_room_for_are_not_written(tmp_path):
    config = file(tmp_path, OLD)
    table = source_table(Source(id="s", kind="feed", name="n" * 4_000, url="https://x.example/"), tmp_path)
    with pytest.raises(ConfigError, match="larger than 8 MB – add fewer"):
        config.with_sources([table] * 2_100)
    assert config.path.read_text() == OLD


def test_the_feeds_of_a_large_list_have_room(tmp_path):
    config = file(tmp_path, OLD)
    tables = (
        source_table(
            Source(id=f"town-{n}", kind="feed", name=f"The Gazette of Town {n}", url=f"https://town-{n}.example/rss"),
            tmp_path,
            note="News, Towns",
        )
        for n in range(10_000)
    )
    config.save(config.with_sources(tables))
    assert config.path.stat().st_size > 1_000_000
    assert len(load(None, {}, tmp_path).sources) == 10_001


def test_a_note_is_a_comment_and_nothing_else(tmp_path):
    config = file(tmp_path, OLD)
    config.save(config.with_sources([source_table(NEW, tmp_path, note='News\n[[destination]]\r"')]))
    assert '\n# News [[destination]] "\n[[source]]\n' in config.path.read_text()
    assert [each.id for each in load(None, {}, tmp_path).sources] == ["old", "new"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640])
def test_the_mode_of_the_file_is_kept(tmp_path, mode):
    config = file(tmp_path, OLD)
    config.path.chmod(mode)
    config.save(config.with_sources([source_table(NEW, tmp_path)]))
    assert stat.S_IMODE(config.path.stat().st_mode) == mode
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_a_file_that_is_not_there_is_made_from_the_example(tmp_path):
    config = file(tmp_path)
    made = config.with_sources([source_table(NEW, tmp_path)])
    assert made.decode().startswith(example_text())
    config.save(made)
    assert load(None, {}, tmp_path).sources[-1].id == "new"


def test_what_somebody_else_wrote_meanwhile_is_not_lost(tmp_path):
    config = file(tmp_path, OLD)
    made = config.with_sources([source_table(NEW, tmp_path)])
    config.path.write_text(OLD + "# edited\n")
    with pytest.raises(ConfigError, match="changed meanwhile"):
        config.save(made)
    assert config.path.read_text() == OLD + "# edited\n"
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_a_folder_that_takes_no_file_is_named_with_a_remedy(tmp_path):
    config = ConfigFile(tmp_path / "gone" / "config.toml", {}, tmp_path)
    with pytest.raises(ConfigError, match="cannot be written"):
        config.save(b"")


def test_the_default_sources_are_named_as_long_as_none_is(tmp_path):
    assert file(tmp_path, OLD).defaults() == ()
    config = file(tmp_path, "# nothing\n")
    watched = load(None, {}, tmp_path).sources
    assert config.defaults() == watched
    config.save(config.with_sources([source_table(each, tmp_path) for each in config.defaults()]))
    assert load(None, {}, tmp_path).sources == watched


def test_a_folder_beside_the_file_is_named_as_one_would(tmp_path):
    source = Source(id="seeds", kind="folder", name="Seeds", path=str(tmp_path / "seeds"))
    assert 'path = "seeds"\n' in source_table(source, tmp_path)
    assert f'path = "{tmp_path}/seeds"\n' in source_table(source, tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("names", "taken", "id_"),
    [
        (("The Gazette's News!", "x"), (), "the-gazettes-news"),
        (("Wörld Trade: Organisation", "x"), (), "world-trade-organisation"),
        (("华为新闻", "huawei.example"), (), "huawei-example"),
        (("", "127.0.0.1"), (), "source"),
        (("News", "x"), ("news", "news-2"), "news-3"),
        (("word " * 40, "x"), (), "word-word-word-word-word-word-word-word"),
        (("w" * 100, "x"), (), "w" * 40),
    ],
)
def test_ids_are_made_from_titles(names, taken, id_):
    assert free_id(names, taken) == id_
