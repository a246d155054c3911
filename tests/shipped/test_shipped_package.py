"""What people install: sdist and wheel as they are built, and the program in an environment away from the checkout.

Takes a minute and a package index, so it runs only where PRESSWATCH_PACKAGE=1 says so, as in .ci/run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

import pytest

from bot import __version__

ROOT = Path(__file__).resolve().parents[2]
NAME = f"presswatch-{__version__}"
SHIPPED = {"rules": "rules", "seeds": "seeds", "alembic": "alembic", "config.example.toml": "config.example.toml"}
# The first test of each kind waits for the package index.
pytestmark = pytest.mark.timeout(600)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def run(*command: str | Path, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **more)


def files_of(folder: str) -> set[str]:
    """The files below a folder of the checkout that are not made by running."""
    found = (path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file())
    return {name for name in found if "__pycache__" not in name}


# ── built ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Built:
    """The two archives, and what their making said."""

    sdist: Path
    wheel: Path
    output: str

    @property
    def in_sdist(self) -> set[str]:
        with tarfile.open(self.sdist) as archive:
            return {name.removeprefix(f"{NAME}/") for name in archive.getnames()}

    @property
    def in_wheel(self) -> set[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())

    def text(self, name: str) -> str:
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.read(name).decode("utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Built:
    """An sdist of the checkout, and a wheel made from that sdist alone."""
    if os.environ.get("PRESSWATCH_PACKAGE") != "1":
        pytest.skip("PRESSWATCH_PACKAGE=1 is not set: building and installing asks a package index")
    folder = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return Built(folder / f"{NAME}.tar.gz", folder / f"{NAME}-py3-none-any.whl", done.stdout + done.stderr)


@pytest.mark.package
def test_nothing_is_to_be_warned_of(built):
    assert "Building wheel from sdist" in built.output
    assert re.findall(r"(?i)^.*(?:warning|deprecat).*$", built.output, flags=re.MULTILINE) == []


@pytest.mark.package
def test_the_sdist_holds_every_file_of_the_project_and_no_other(built):
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout: nobody says which files belong to the project")
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout.split("\n")
    assert built.in_sdist - {"PKG-INFO"} == {name for name in listed if name and (ROOT / name).exists()}


@pytest.mark.package
def test_the_wheel_holds_the_program_its_data_and_nothing_else(built):
    data = {f"bot/_data/{name.replace(folder, SHIPPED[folder], 1)}" for folder in SHIPPED for name in files_of(folder)}
    data.add("bot/_data/config.example.toml")
    about = {f"{NAME}.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}  # fmt: skip
    assert built.in_wheel == files_of("bot") | data | about
    assert {"bot/py.typed", "bot/alerts/templates/digest.html", "bot/_data/alembic/env.py"} <= built.in_wheel


@pytest.mark.package
def test_the_metadata_say_what_it_is_and_what_it_needs(built):
    found = Parser().parsestr(built.text(f"{NAME}.dist-info/METADATA"))
    assert (found["Name"], found["Version"], found["License-Expression"]) == ("presswatch", __version__, "MIT")
    assert found["Requires-Python"] == PROJECT["requires-python"]
    assert found["Description-Content-Type"] == "text/markdown"
    assert found.get_payload().strip() == (ROOT / "README.md").read_text("utf-8").strip()
    needed = [line for line in found.get_all("Requires-Dist") if "extra ==" not in line]
    assert len(needed) == len(PROJECT["dependencies"])


# ── installed ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, an empty home and a folder to work in."""

    bin: Path
    home: Path
    work: Path
    packages: Path
    contents: set[Path]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        program, *args = words
        env = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8"}
        done = run(self.bin / program, *args, cwd=self.work, env=env, timeout=110)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        assert done.stderr == "" or "Traceback" not in done.stderr
        return done

    def rows(self, *words: str) -> list[dict]:
        return [json.loads(line) for line in self.run("presswatch", *words, "--json").stdout.splitlines()]

    def present(self) -> set[Path]:
        return {path for path in self.packages.rglob("*") if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory) -> Installed:
    """The wheel in an environment of its own; the only source are the samples inside it."""
    folder = tmp_path_factory.mktemp("away")
    assert not folder.is_relative_to(ROOT)
    assert run(sys.executable, "-m", "venv", folder / "env").returncode == 0
    here = folder / "env" / "bin"
    # Names and versions are those of the checkout's list, copied: nothing else of the checkout is at hand.
    constraints = shutil.copy(ROOT / "constraints.txt", folder)
    done = run(here / "pip", "install", "-q", "-c", constraints, built.wheel, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "home").mkdir()
    (folder / "work").mkdir()
    packages = next((folder / "env" / "lib").glob("python3.*/site-packages"))
    found = Installed(here, folder / "home", folder / "work", packages, set())
    found.contents.update(found.present())
    seeds = packages / "bot" / "_data" / "seeds"
    source = f'[[source]]\nid = "seeds"\nkind = "folder"\npath = "{seeds}"\n'
    (found.work / "config.toml").write_text(source, encoding="utf-8")
    return found


@pytest.mark.package
def test_it_runs_away_from_the_checkout(installed):
    where = installed.run("python", "-c", "import bot; print(bot.__file__)").stdout
    assert Path(where.strip()).is_relative_to(installed.packages)
    assert installed.run("presswatch", "--version").stdout == f"presswatch, version {__version__}\n"
    assert "presswatch run --once" in installed.run("python", "-m", "bot", "--help").stdout
    assert "_presswatch_completion" in installed.run("presswatch", "completion", "bash").stdout


@pytest.mark.package
def test_the_shipped_rules_are_in_it(installed):
    assert "all good" in installed.run("presswatch", "rules", "check").stdout
    written = "".join(path.read_text("utf-8") for path in (ROOT / "rules").glob("**/*.toml"))
    ids = re.findall(r'^\[\[rule\]\]\nid = "(.+)"$', written, flags=re.MULTILINE)
    assert sorted(row["id"] for row in installed.rows("rules", "list")) == sorted(ids)


@pytest.mark.package
def test_the_samples_are_alerted_and_everything_lands_in_the_working_folder(installed):
    first = installed.rows("run", "--once")[-1]["summary"]
    assert first["alerts"] >= 10
    assert first["waiting"] == first["dead"] == first["failing"] == 0
    assert "Nothing new to alert" in installed.run("presswatch", "run", "--once", "--force").stdout
    assert installed.rows("search", "tariffs")
    assert "schema" in installed.run("presswatch", "db", "upgrade").stdout
    assert Path(installed.rows("digest", "--preview")[0]["html"]).read_text("utf-8").startswith("<!DOCTYPE html>")
    assert {row["state"] for row in installed.rows("doctor")} <= {"ok", "warn"}
    assert (installed.work / "var" / "presswatch.db").exists()
    assert {path.name for path in installed.work.iterdir()} == {"config.toml", "var"}
    assert list(installed.home.iterdir()) == []
    assert installed.present() == installed.contents


@pytest.mark.package
def test_init_writes_the_shipped_example(installed):
    installed.run("presswatch", "init", "--config", "new.toml")
    new = installed.work / "new.toml"
    assert new.read_text("utf-8") == (ROOT / "config.example.toml").read_text("utf-8")
    new.unlink()


# ── promised ─────────────────────────────────────────────────────────────────────────────────────


def test_the_pythons_that_are_promised_are_those_that_ci_tries():
    named = re.findall(r"^ *for minor in ([\d. ]+); do$", (ROOT / ".ci" / "run").read_text("utf-8"), flags=re.MULTILINE)
    promised = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", each)]
    assert [line.split() for line in named] == [promised]
    assert PROJECT["requires-python"] == f">={promised[0]}"
