"""Whether tests may use a browser: .ci/run installs one and asks for it, elsewhere they are skipped with the reason."""

import os
import shutil

import pytest

ASKED = "PRESSWATCH_BROWSER"


def required(*names: str) -> None:
    """Skip unless a browser was asked for; once it was, a missing tool is a failure."""
    if os.environ.get(ASKED) != "1":
        pytest.skip(f"{ASKED}=1 is not set: pictures are not made anew (needs {', '.join(names)})")
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        pytest.fail(f"{ASKED}=1 is set, but {', '.join(missing)} is not installed")
