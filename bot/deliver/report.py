"""What checking a destination finds, for ``doctor`` to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing checked: ``name`` was asked, ``detail`` was found, ``remedy`` helps where it is not ok.

    "warn" means that alerts arrive, but not as well as they could. Findings about the token are the same
    for every destination of one sender, and equal as values.
    """

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    remedy: str = ""
