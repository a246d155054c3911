"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from postgres import administer, fresh_postgresql, migrated_postgresql, postgresql  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real inputs written by others, where the environment names it."""
    named = os.environ.get("PRESSWATCH_CORPORA")
    if not named:
        pytest.skip("PRESSWATCH_CORPORA is not set: the real inputs are not part of the project")
    folder = Path(named).resolve()
    if not folder.is_dir():
        pytest.fail(f"PRESSWATCH_CORPORA names {folder}, which cannot be read")
    return folder


# How long an example takes depends on what else the machine is doing; speed is measured in benchmarks/.
settings.register_profile("presswatch", deadline=None)
settings.load_profile("presswatch")
