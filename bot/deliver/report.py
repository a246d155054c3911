"""What checking a destination finds, for ``doctor`` to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing checked: ``name`` was asked, ``detail`` was found, ``remedy`` helps where it is not ok.

    "warn" means that alerts arrive, but not as well as they could. Findings about the token are the same
    for every destination of one sender, and equal as values. ``told_at`` is the time by the service's clock, where
    its answer held one; it does not count when findings are compared.
    """

    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    remedy: str = ""
    told_at: datetime | None = field(default=None, compare=False)
