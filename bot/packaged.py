"""Where the data that ships with the program lies: rules, seeds, migrations, the example configuration."""

from __future__ import annotations

from pathlib import Path


def packaged(name: str) -> Path:
    """The shipped file or folder ``name``: inside the installed package, else at the checkout's root."""
    here = Path(__file__).resolve().parent
    inside = here / "_data" / name
    return inside if inside.exists() else here.parent / name
