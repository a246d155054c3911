"""Reading the folder: whatever lies in it, the rest is read."""

import os

import pytest

from bot.errors import ConfigError
from bot.rules import digest, read_folder
from bot.tomlfile import SIZE_LIMIT


def test_every_toml_file_below_the_folder_and_nothing_else(tmp_path):
    for name in ("b.toml", "a.toml", "sub/deep/c.toml", ".hidden.toml", ".schema/x.toml", "d.toml~", "e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name} é", "utf-8")
    files, faults = read_folder(tmp_path)
    assert faults == ()
    assert list(files.items()) == [(name, f"# {name} é") for name in ("a.toml", "b.toml", "sub/deep/c.toml")]


def test_one_bad_file_is_a_fault_and_the_rest_is_read(tmp_path):
    (tmp_path / "good.toml").write_text("# fine")
    (tmp_path / "latin.toml").write_bytes(b"# ok\n# \xe9")
    (tmp_path / "large.toml").write_bytes(b"#" * (SIZE_LIMIT + 1))
    (tmp_path / "wide.toml").write_bytes("# é".encode("utf-16"))
    (tmp_path / "gone.toml").symlink_to("nowhere")
    (tmp_path / "folder.toml").mkdir()
    files, faults = read_folder(tmp_path)
    assert list(files) == ["good.toml"]
    assert [(fault.file, fault.line, fault.column) for fault in faults] == [
        ("gone.toml", 0, 0),
        ("large.toml", 0, 0),
        ("latin.toml", 2, 3),
        ("wide.toml", 1, 1),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    files, (fault,) = read_folder(tmp_path)
    assert files == {}
    assert "not a regular file" in fault.message


def test_linked_files_are_read_and_linked_folders_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    inside = tmp_path / "rules"
    outside.mkdir()
    inside.mkdir()
    (outside / "x.toml").write_text("# x")
    (inside / "link.toml").symlink_to(outside / "x.toml")
    (inside / "loop").symlink_to(inside)
    (inside / "away").symlink_to(outside)
    assert read_folder(inside) == ({"link.toml": "# x"}, ())


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_names_that_are_not_text_can_be_shown(tmp_path):
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.toml")).write_text("# x")
    except OSError:
        pytest.skip("the file system allows no such name")
    assert list(read_folder(tmp_path)[0]) == ["caf�.toml"]


@pytest.mark.parametrize(("make", "message"), [(None, "does not exist"), ("file", "this is a file")])
def test_the_folder_itself_must_be_one(tmp_path, make, message):
    path = tmp_path / "rules"
    if make:
        path.write_text("")
    with pytest.raises(ConfigError, match=message):
        read_folder(path)


def test_the_digest_tells_every_difference_and_no_order():
    whole = {"a": "1", "b": "2"}
    assert digest(whole) == digest({"b": "2", "a": "1"})
    others = [{}, {"a": "1"}, {"a": "1", "b": "3"}, {"a": "1", "c": "2"}, {"a": "1b", "": "2"}, {"a1": "", "b": "2"}]
    assert len({digest(files) for files in [whole, *others]}) == 7
