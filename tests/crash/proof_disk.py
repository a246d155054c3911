"""A disk that loses power, and one that fails: what ``shim.c`` saw of SQLite, and what may be left of it.

After a power cut a file holds everything that was synced, and any part of what was written since: each sector of it may
have reached the disk or not, in whatever order. A file that was synced has its name; one that was removed may be there
still. So file systems behave on which SQLite promises anything at all (https://sqlite.org/atomiccommit.html).
"""

import ctypes
import errno
import json
import shutil
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
SECTOR = 512
HEAD = struct.Struct("=dqqii")
DATABASE = "presswatch.db"
# Says, beside the database, that the service is about to begin.
BEGUN = "begun"
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO}
# What only grows: less of any of it than had been promised is a commit that was lost.
PROMISED = """SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM alert), (SELECT count(*) FROM delivery),
 (SELECT total(fence) FROM delivery), (SELECT count(*) FROM delivery WHERE state = 'sent'), (SELECT count(*) FROM digest_run)"""


def why_not():
    """Why no disk can be watched here; empty if one can."""
    if not sys.platform.startswith("linux"):
        return "watching the disk needs LD_PRELOAD, so Linux"
    return "" if shutil.which("cc") else "watching the disk needs a C compiler (cc)"


def build(folder):
    """Compile the shim into ``folder``; its path."""
    library = Path(folder) / "shim.so"
    if not library.exists():
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl", "-lpthread"], check=True)
    return library


# ── inside the process whose disk it is ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Disk:
    """The disk of this process."""

    folder: str
    notes: bool

    def note(self):
        """Write into the log what the database has promised so far."""
        if self.notes:
            _shim().proof_note(json.dumps(promised(Path(self.folder) / DATABASE)).encode())


def arm(wish):
    """From now on the files in ``wish["folder"]`` are watched; the operation number ``at`` fails with ``error``."""
    error = ERRORS.get(wish.get("error"), 0)
    _shim().proof_arm(wish["folder"].encode(), wish["log"].encode(), wish.get("at", 0), error, wish.get("stays", False))
    return Disk(wish["folder"], notes=not error)


@cache
def _shim():
    library = ctypes.CDLL(None)
    library.proof_arm.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_int)
    library.proof_note.argtypes = (ctypes.c_char_p,)
    return library


def promised(path):
    """How much of everything the database holds."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.execute(PROMISED).fetchone())


# ── afterwards ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Record:
    """One operation: "W" write, "S" sync, "T" cut to ``offset`` bytes, "U" removal, "A" what was promised by then."""

    at: float
    kind: str
    name: str
    offset: int
    data: bytes


def read_log(path):
    """The operations in their order."""
    found, raw, place = [], Path(path).read_bytes(), 0
    while place + HEAD.size <= len(raw):
        at, offset, length, kind, name_length = HEAD.unpack_from(raw, place)
        place += HEAD.size
        name = raw[place : place + name_length].decode()
        place += name_length
        data = b"" if chr(kind) in "STU" else raw[place : place + length]
        place += len(data)
        found.append(Record(at, chr(kind), name, offset, data))
    return found


@dataclass
class _File:
    """A file's bytes on the disk, and what is on its way there."""

    synced: bytearray = field(default_factory=bytearray)
    waiting: list = field(default_factory=list)
    named: bool = False

    def sync(self):
        for record in self.waiting:
            _apply(self.synced, record, record.data, record.offset)
        self.waiting.clear()
        self.named = True

    def left(self, dice, likely):
        """The bytes after a power cut."""
        content = bytearray(self.synced)
        for record in self.waiting:
            if record.kind == "T":
                if dice.random() < likely:
                    _apply(content, record, b"", record.offset)
                continue
            for start in range(0, len(record.data), SECTOR):
                if dice.random() < likely:
                    _apply(content, record, record.data[start : start + SECTOR], record.offset + start)
        return bytes(content)


def _apply(content, record, data, offset):
    if record.kind == "T":
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def after_cut(before, records, dice):
    """What the folder's files may hold after a power cut behind ``records``; ``before`` is the database's file."""
    files = {DATABASE: [_File(bytearray(before), named=True)]}
    for record in records:
        if record.kind == "A" or record.name.endswith("-shm"):  # the index in shared memory is made anew
            continue
        lives = files.setdefault(record.name, [_File()])
        if record.kind == "S":
            lives[-1].sync()
        elif record.kind == "U":
            lives.append(_File())
        else:
            lives[-1].waiting.append(record)
    likely = dice.choice((0.0, 0.5, 0.9, 1.0))
    found = {}
    for name, lives in files.items():
        shown = len(lives) - 1
        while shown and not lives[shown].named and dice.random() >= likely:
            shown -= 1
        last = lives[shown]
        if last.named or last.waiting:
            found[name] = last.left(dice, likely)
    return found


def power_cut(folder, before, records, dice):
    """Leave in ``folder`` what the cut left. Raises nothing: whether it can be read is for the program to say."""
    for path in Path(folder).glob(f"{DATABASE}*"):
        path.unlink()
    for name, content in after_cut(before, records, dice).items():
        Path(folder, name).write_bytes(content)
