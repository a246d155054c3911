"""The pages hang together: each is reached from another, the files they name are there, the facts they repeat agree."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.deliver.fake_workspace import SCOPES as GRANTED
from bot.deliver.slack_check import SCOPES
from bot.scheduler import DRAIN, PATIENCE

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]
UNIT = ROOT / "deploy" / "systemd" / "presswatch.service"
FOLDERS = r"(?:bot|docs|tests|deploy|alembic|benchmarks|\.ci)"


def links(page: Path) -> set[Path]:
    targets = re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", page.read_text("utf-8"))
    return {(page.parent / target).resolve() for target in targets if "://" not in target}


def test_every_page_is_reached_from_the_readme():
    reached, new = set(), {ROOT / "README.md"}
    while new:
        page = new.pop()
        reached.add(page)
        new |= {target for target in links(page) if target.suffix == ".md"} - reached
    assert [page.name for page in DOCS if page not in reached] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page):
    text = page.read_text("utf-8")
    named = re.findall(rf"`({FOLDERS}/[\w./-]+)`", text) + re.findall(r"(?<=[\s`])(deploy/[\w./-]+)", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_scopes_are_the_same_in_program_manifest_and_page():
    manifest = (ROOT / "deploy" / "slack" / "manifest.yaml").read_text("utf-8")
    page = (ROOT / "docs" / "getting-started.md").read_text("utf-8")
    assert dict(re.findall(r"^ +- (\w+:\w+) +# (.+)$", manifest, flags=re.MULTILINE)) == SCOPES
    assert dict(re.findall(r"^\| `(\w+:\w+)` \| (.+) \|$", page, flags=re.MULTILINE)) == SCOPES
    assert set(GRANTED) == set(SCOPES)


def test_the_name_to_invite_is_the_one_of_the_manifest():
    name = re.findall(r"display_name: (\w+)", (ROOT / "deploy" / "slack" / "manifest.yaml").read_text("utf-8"))[0]
    assert f"`/invite @{name}`" in (ROOT / "docs" / "getting-started.md").read_text("utf-8")


def test_log_lines_of_the_page_are_those_of_the_program():
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    part = page.split("### Log lines")[1].split("\n## ")[0]
    told = {name for row in re.findall(r"^\| (`.+?`) \|", part, flags=re.MULTILINE) for name in re.findall(r"`(.+?)`", row)}  # fmt: skip
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    assert [name for name in told if f'"{name}"' not in sources] == []


def test_the_service_has_time_to_end_by_itself():
    assert int(re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text("utf-8"), flags=re.MULTILINE)[0]) > DRAIN + PATIENCE


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not there to judge the unit")
def test_systemd_accepts_the_unit_and_finds_it_well_shut_in(tmp_path):
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/presswatch/.venv/bin/presswatch", "/bin/true"))
    verify = ["systemd-analyze", "verify", str(unit)]
    security = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(unit)]
    for command in (verify, security):  # the threshold of 20 stands for an exposure of 2.0
        judged = subprocess.run(command, check=False, capture_output=True, text=True)
        assert judged.returncode == 0 or "unrecognized option" in judged.stderr, judged.stdout[-300:] + judged.stderr
