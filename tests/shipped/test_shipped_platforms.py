"""On which machines everything that the program needs comes as a wheel: what docs/operations.md says of them.

Asks a package index for each of them, so it runs only where PRESSWATCH_PACKAGE=1 says so, as in .ci/run.
"""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINNED = {
    canonicalize_name(line.split("==")[0]): line
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    if "==" in line
}
GLIBC = [f"manylinux_2_{minor}" for minor in range(28, 4, -1)] + ["manylinux2014", "manylinux2010", "manylinux1"]
MUSL = ["musllinux_1_2", "musllinux_1_1", "musllinux_1_0"]
# sys_platform, platform_machine, tags of wheels, what has no wheel and must be built
PLATFORMS = {
    "Linux (glibc) x86_64": ("linux", "x86_64", GLIBC, set()),
    "Linux (glibc) aarch64": ("linux", "aarch64", GLIBC, set()),
    "macOS 13 arm64": ("darwin", "arm64", ["macosx_13_0"], set()),
    "macOS 13 x86_64": ("darwin", "x86_64", ["macosx_13_0"], set()),
    "Linux (musl) x86_64": ("linux", "x86_64", MUSL, {"daachorse", "google-re2", "opencc"}),
    "Linux (musl) aarch64": (
        "linux",
        "aarch64",
        MUSL,
        {"ahocorasick-rs", "google-re2", "opencc", "tree-sitter", "tree-sitter-toml"},
    ),
}


def needed(system, machine):
    """The names of all that an installation there consists of, markers judged for that machine."""
    known = {
        "sys_platform": system,
        "platform_machine": machine,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[system],
        "python_version": "3.11",
        "python_full_version": "3.11.0",
    }
    waiting = [(Requirement(line), "") for line in PROJECT["dependencies"]]
    found = set()
    while waiting:
        one, extra = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate(known | {"extra": extra})):
            continue
        found.add(name)
        more = map(Requirement, distribution(name).requires or ())
        waiting += [(other, wanted) for other in more for wanted in ("", *one.extras)]
    return found


def asked(platform, target):
    """What pip says of everything that has to have a wheel there: one run, for each takes a while."""
    system, machine, tags, built = PLATFORMS[platform]
    names = sorted(needed(system, machine) - built)
    assert built <= needed(system, machine)
    abis = [word for abi in ("cp311", "abi3", "none") for word in ("--abi", abi)]
    places = [word for tag in tags for word in ("--platform", f"{tag}_{machine}")]
    command = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--no-deps", "--ignore-installed"]
    command += ["--only-binary=:all:", "--target", str(target), "--python-version", "3.11", *abis, *places]
    return subprocess.run([*command, *map(PINNED.get, names)], capture_output=True, text=True, check=False)


@pytest.mark.package
@pytest.mark.timeout(600)
@pytest.mark.skipif(
    os.environ.get("PRESSWATCH_PACKAGE") != "1", reason="PRESSWATCH_PACKAGE=1 is not set: asks a package index"
)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_everything_else_has_a_wheel(platform, tmp_path):
    said = asked(platform, tmp_path)
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_manual_says_what_must_be_built(platform):
    table = (
        (ROOT / "docs" / "operations.md").read_text("utf-8").split("## Where it can be installed")[1].split("\n## ")[0]
    )
    row = next(line for line in table.splitlines() if line.startswith(f"| {platform}"))
    assert set(re.findall("`([^`]+)`", row)) == PLATFORMS[platform][3]
    system, machine, *_ = PLATFORMS[platform]
    assert {"daachorse", "ahocorasick-rs", "pyahocorasick"} & needed(system, machine)
