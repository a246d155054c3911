"""The dashboard and the alert rules: every figure they name is one that a running service shows, and thresholds are told."""

import asyncio
import json
import re
from pathlib import Path

import aiohttp
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from servers import FaultServer
from world import SLACK, WEB, World, article

from bot import pipeline
from bot.deliver.fake_slack import FakeSlack
from bot.pulse import Pulse
from bot.web import showing

ROOT = Path(__file__).resolve().parents[2]
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "presswatch-alerts.yaml").read_text("utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "presswatch.json").read_text("utf-8"))
EXPRESSIONS = {
    **{rule["alert"]: rule["expr"] for rule in ALERTS},
    **{
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    },
}
DIGEST = (
    '[[digest]]\nid = "morning"\nto = ["terminal"]\nat = "07:30"\n[[destination]]\nid = "terminal"\nkind = "console"\n'
)
# Made by Prometheus for each target, not by the service.
ITS_OWN = {"up": {"job", "instance"}}
ANYWHERE = {"job", "instance"}
# What stands in an expression beside names of figures: functions, operators, keywords, units of time.
WORDS = {
    "by", "on", "unless", "and", "or", "sum", "max", "rate", "increase", "delta", "histogram_quantile", "time", "vector",
    "predict_linear",
}  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Every figure of a service that has polled, alerted and written a digest, with the labels that it has."""
    return asyncio.run(_shown(tmp_path_factory.mktemp("shown")))


async def _shown(folder):
    async with FaultServer() as server, FakeSlack() as slack:
        world = World(folder, server, slack)
        world.folder_source("a", one=article("Ministry lowers duties"))
        async with world.desk(SLACK + DIGEST + WEB) as desk, showing(desk, Pulse()):
            await pipeline.beat(desk)
            await world.round(desk)
            world.later(days=1)
            await pipeline.send_digests(desk)
            connector = aiohttp.UnixConnector(str(folder / "web.sock"))
            async with aiohttp.ClientSession(connector=connector) as session:
                text = await (await session.get("http://presswatch/metrics")).text()
    found = dict(ITS_OWN)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def named(expression):
    """The figures that an expression names, each with the labels that are asked of it there."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    found = []
    for name, labels in re.findall(r"\b([a-z_][a-z0-9_]*)\b(?:\{([^}]*)\})?(?!\s*\()", re.sub(r"\[[^]]*\]", "", bare)):
        if name not in WORDS and name.startswith(("presswatch_", "process_", "up")):
            found.append((name, set(re.findall(r"(\w+)\s*(?:=~|!=|=|!~)", labels))))
    return found


def grouped(expression):
    return {label.strip() for inner in re.findall(r"(?:by|on) \(([^)]*)\)", expression) for label in inner.split(",")}


def test_names_are_found_in_expressions():
    assert named('sum by (le) (rate(presswatch_a_total{x=~"$y", z!="q"}[5m])) / up') == [
        ("presswatch_a_total", {"x", "z"}),
        ("up", set()),
    ]
    assert grouped("max by (le, destination) (up)") == {"le", "destination"}


def test_every_figure_that_is_named_is_shown_with_its_labels(shown):
    assert len(shown) > 30
    for where, expression in EXPRESSIONS.items():
        figures = named(expression)
        assert figures, where
        known = set(ANYWHERE)
        for name, labels in figures:
            assert name in shown, f"{where}: there is no {name}"
            assert labels <= shown[name] | ANYWHERE, f"{where}: {name} has no such label"
            known |= shown[name]
        assert grouped(expression) <= known, where
        rest = set(re.findall(r"[a-z_]\w*(?=\s*\()", re.sub(r'"[^"]*"', "", expression))) - WORDS
        assert not rest, f"{where}: {rest} is no function of PromQL that is used here"


def test_every_figure_of_ours_is_explained_on_the_page(shown):
    page = (ROOT / "docs" / "operations.md").read_text("utf-8").split("## Monitoring")[1].split("\n## ")[0]
    told = set(re.findall(r"`(presswatch_\w+)", page))
    ours = {re.sub(r"_(?:bucket|count|sum)$", "", name) for name in shown if name.startswith("presswatch_")}
    assert told == ours


def test_alert_rules_are_what_prometheus_reads():
    assert set(RULES) == {"groups"}
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    for rule in ALERTS:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"Presswatch[A-Z][A-Za-z]+", rule["alert"])
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert set(rule["annotations"]) == {"summary", "remedy"}
        for used in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
            assert used in rule["expr"] or used in {"destination", "digest"}


def test_thresholds_of_the_alert_rules_are_explained_on_the_page():
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(Presswatch\w+)` \| (.+?) \|", page, flags=re.MULTILINE))
    assert rows.keys() == {rule["alert"] for rule in ALERTS}
    for rule in ALERTS:
        wait = rule.get("for")
        assert wait is None or wait in rows[rule["alert"]], f"{rule['alert']}: the page should say for {wait}"


def test_the_dashboard_is_one():
    assert (DASHBOARD["uid"], DASHBOARD["title"]) == ("presswatch", "Presswatch")
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    taken = set()
    for panel in panels:
        assert panel["type"] in {"stat", "timeseries"}
        assert panel["description"].endswith(".")
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        at = panel["gridPos"]
        places = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not places & taken, "panels do not lie on one another"
        taken |= places
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(panels)))
    assert used == {variable["name"] for variable in DASHBOARD["templating"]["list"]}


def test_what_prometheus_asks_is_what_is_configured_on_the_page():
    scrape = yaml.safe_load((ROOT / "deploy" / "prometheus" / "scrape.yaml").read_text("utf-8"))
    (job,) = scrape["scrape_configs"]
    (target,) = job["static_configs"][0]["targets"]
    assert f'listen = "{target}"' in (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert any(f'job="{job["job_name"]}"' in rule["expr"] for rule in ALERTS)
