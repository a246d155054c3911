"""The rules folder as it was at a revision of git: read from git's own store, nothing is checked out."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from .errors import ConfigError, Fault
from .tomlfile import SIZE_LIMIT, decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FILE_MODES = ("100644", "100755")
"""What is a file to git, and neither a link nor a repository in the repository."""
SHORT = 10
"""Characters of a commit's name that people are shown."""


def folder_at(folder: Path, revision: str) -> tuple[str, dict[str, str], tuple[Fault, ...]]:
    """The commit that ``revision`` names, and the rule files of ``folder`` as they were in it.

    Files and faults are what :func:`bot.rules.read_folder` gives; links are left out. Without the folder in that
    revision there are no files. Raises ConfigError: no git, no repository, no such revision.
    """
    commit = _commit(folder, revision)
    names = dict(_listed(_git(folder, "ls-tree", "-r", "-z", commit, "--", ".")))
    files: dict[str, str] = {}
    faults: list[Fault] = []
    for name, content in _contents(folder, names):
        try:
            files[name] = decode(content[: SIZE_LIMIT + 1], name)
        except ConfigError as error:
            faults.extend(error.faults)
    return commit[:SHORT], files, tuple(faults)


def _commit(folder: Path, revision: str) -> str:
    asked = _run(folder, "rev-parse", "--is-inside-work-tree")
    if asked.returncode or asked.stdout.strip() != b"true":
        said = asked.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise _refused(revision, f"{folder} is not under git" + (f" (git says: {said})" if said else ""), "")
    # Without --end-of-options a revision that begins with "-" would be an option.
    found = _run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        remedy = "git log names revisions; in CI fetch them first (actions/checkout: fetch-depth: 0)"
        raise _refused(revision, "git knows no such revision", remedy)
    return found.stdout.decode().strip()


def _listed(entries: bytes) -> Iterator[tuple[str, str]]:
    """Name and blob of each rule file that ``git ls-tree -z`` lists; hidden ones are left out, as on the disk."""
    for entry in filter(None, entries.split(b"\0")):
        head, _, raw = entry.partition(b"\t")
        mode, _, blob = head.decode().split()
        name = raw.decode("utf-8", "replace")
        if mode in FILE_MODES and name.endswith(".toml") and not any(p.startswith(".") for p in name.split("/")):
            yield name, blob


def _contents(folder: Path, names: Mapping[str, str]) -> Iterable[tuple[str, bytes]]:
    """The content of each blob: one process for all of them."""
    if not names:
        return
    found = _git(folder, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in names.values()).encode())
    place = 0
    for name in names:
        end = found.index(b"\n", place)
        size = int(found[place:end].split()[2])
        yield name, found[end + 1 : end + 1 + size]
        place = end + 1 + size + 1


def _git(folder: Path, *args: str, given: bytes = b"") -> bytes:
    done = _run(folder, *args, given=given)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise _refused("", f"git {args[0]} failed: {said}", "")
    return done.stdout


def _run(folder: Path, *args: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 – no shell; the revision cannot be an option
            ["git", "-C", str(folder), *args],  # noqa: S607 – whichever git the user has
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise _refused("", "git is not installed, or not on the PATH", "") from None


def _refused(revision: str, message: str, remedy: str) -> ConfigError:
    return ConfigError([Fault(file=f"--against {revision}".strip(), message=message, remedy=remedy)])
