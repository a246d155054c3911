"""The one place of this room that reads the disk: a folder of rule files → their texts."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError, Fault
from bot.tomlfile import SIZE_LIMIT, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def read_folder(path: Path) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """Every ``**/*.toml`` below ``path``: name relative to it → text, and a fault for each that cannot be read.

    Hidden files and folders are left out (editors and volume mounts keep their own copies there), linked folders
    are not followed. Raises ConfigError only if the folder itself cannot be read.
    """
    if not path.is_dir():
        message = "the rules folder does not exist" if not path.exists() else "this is a file, not a folder of rules"
        raise ConfigError([Fault(file=str(path), message=message, remedy='set "rules" in the configuration')])
    files: dict[str, str] = {}
    faults: list[Fault] = []
    for file in sorted(_walk(path, faults)):
        name = _shown(file.relative_to(path).as_posix())
        try:
            files[name] = decode(_read(file), name)
        except ConfigError as error:
            faults.extend(error.faults)
        except OSError as error:
            faults.append(_unreadable(name, error))
    return files, tuple(faults)


def digest(files: Mapping[str, str]) -> str:
    """A hash of names and contents: another one means that something changed."""
    whole = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            raw = part.encode("utf-8", "replace")
            whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.hexdigest()


def _walk(folder: Path, faults: list[Fault]) -> Iterator[Path]:
    def failed(error: OSError) -> None:
        faults.append(_unreadable(_shown(os.path.relpath(error.filename or folder, folder)), error))

    for root, folders, names in os.walk(folder, onerror=failed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root, name) for name in names if name.endswith(".toml") and not name.startswith("."))


def _read(file: Path) -> bytes:
    if not file.is_file():  # a pipe or device would never end
        raise OSError(0, "not a regular file, or a link to nowhere")
    with file.open("rb") as stream:
        return stream.read(SIZE_LIMIT + 1)


def _unreadable(name: str, error: OSError) -> Fault:
    return Fault(
        file=name,
        message=f"cannot be read: {error.strerror or error}",
        remedy="check that the file is there and its permissions",
        subject=f"file {name}",
    )


def _shown(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")
