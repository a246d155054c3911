"""Where a configuration comes from, so that it can be read again while the program runs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .load import find, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .values import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """``path`` is the file that was named, None for the usual one; the environment is that of the process."""

    path: Path | None
    environ: Mapping[str, str]
    cwd: Path

    def load(self) -> Config:
        """The configuration as it stands now. Raises ConfigError with every fault."""
        return load(self.path, self.environ, self.cwd)

    def digest(self) -> str:
        """A hash of the file's content; "" where there is none to read. Secrets in files of their own are not in it."""
        try:
            found = find(self.path, self.environ, self.cwd, must=False)
            return hashlib.sha256(found.read_bytes()).hexdigest() if found else ""
        except OSError:
            return ""
