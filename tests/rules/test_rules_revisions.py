"""The rules folder out of git's own store."""

import subprocess

import pytest

from bot.errors import ConfigError
from bot.revisions import folder_at
from bot.rules import read_folder

RULE = '[[rule]]\nid = "tin"\nany = ["tin"]\n'


class Repository:
    """A repository with a rules folder below its root."""

    def __init__(self, root):
        self.root, self.rules = root, root / "desk" / "rules"
        self.rules.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *args):
        who = ("-c", "user.name=A", "-c", "user.email=a@desk.example", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(self.root), *who, *args], check=True, capture_output=True)

    def write(self, name, text=RULE):
        path = self.rules / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Rules", "--allow-empty")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


def test_it_is_what_the_disk_held_then(repository):
    names = (
        "a.toml",
        "sub/b.toml",
        "sub/deep er/稀土 \t'ü.toml",
        ".hidden.toml",
        ".git-like/c.toml",
        "notes.txt",
        "empty.toml",
    )
    for name in names:
        repository.write(name, "" if name == "empty.toml" else f"# {name}\n{RULE}")
    repository.write("bad.toml", b"\xff\xfe\x00rule")
    (repository.root / "desk" / "other.toml").write_text(RULE)
    then = read_folder(repository.rules)
    repository.commit()
    repository.write("a.toml", "# another one\n")
    repository.write("later.toml")
    (repository.rules / "sub" / "b.toml").unlink()
    commit, files, faults = folder_at(repository.rules, "HEAD")
    assert (files, faults) == then
    assert len(files) == 4
    assert len(faults) == 1
    assert subprocess.check_output(["git", "-C", str(repository.root), "rev-parse", "HEAD"], text=True).startswith(
        commit
    )
    assert "another" in repository.rules.joinpath("a.toml").read_text(), "and nothing was checked out"


def test_every_way_to_name_a_revision(repository):
    repository.write("a.toml", "# first\n")
    repository.commit()
    repository.git("tag", "-a", "v1", "-m", "First")
    repository.write("a.toml", "# second\n")
    repository.commit()
    assert [folder_at(repository.rules, name)[1]["a.toml"] for name in ("main", "HEAD~1", "v1")] == [
        "# second\n",
        "# first\n",
        "# first\n",
    ]


def test_a_link_is_no_file_and_a_folder_that_was_not_there_holds_none(repository):
    repository.commit()
    repository.write("a.toml")
    (repository.rules / "link.toml").symlink_to("a.toml")
    repository.commit()
    assert folder_at(repository.rules, "HEAD")[1].keys() == {"a.toml"}
    assert folder_at(repository.rules, "HEAD~1")[1] == {}


@pytest.mark.parametrize("name", ["nobody", "-x", "--help", "", "HEAD:desk", "HEAD~9"])
def test_what_names_no_revision_is_refused_with_a_remedy(repository, name):
    repository.commit()
    with pytest.raises(ConfigError, match=r"git knows no such revision – .*fetch-depth: 0"):
        folder_at(repository.rules, name)


def test_a_folder_that_is_not_under_git_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ConfigError, match=r"is not under git \(git says: "):
        folder_at(tmp_path, "HEAD")


def test_without_git_it_says_so(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository.root))
    with pytest.raises(ConfigError, match="git is not installed"):
        folder_at(repository.rules, "HEAD")
