"""The report of the proof: how many cases of each kind, what was lost or doubled, and how to play a case again."""

import json
from collections import defaultdict

from promises import HELD_BY, PROMISES

KINDS = {
    "point": "kill −9 at a named point",
    "random": "kill −9 at any time",
    "outlet": "kill −9 at any time, with a webhook and a feed",
    "late": "kill −9 at any time, messages that show late",
    "sigterm": "SIGTERM at any time",
    "power": "power cut, synchronous=FULL",
    "control": "power cut, synchronous=NORMAL (must fail)",
    "write": "a write that fails (ENOSPC, EIO)",
    "burst": "burst on a simulated clock",
}
_HEAD = "| kind | cases | hit | lost | doubled | broken | messages | marked repeats | letters twice | seconds a case |\n|---|---|---|---|---|---|---|---|---|---|"


def _by_kind(results):
    found = defaultdict(list)
    for result in results:
        found[result["case"].split(":")[0]].append(result)
    return {kind: found[kind] for kind in KINDS if found[kind]}


def failures(results):
    """The cases that should have been clean and are not."""
    return [each for each in results if not each["clean"] and not each["case"].startswith("control:")]


def control_passed(results):
    """Whether the controls lost nothing: then the cuts would not notice a loss."""
    controls = _by_kind(results).get("control", [])
    return bool(controls) and not any(each["lost"] or each["doubled"] for each in controls)


def failed(results):
    results = list(results)
    return bool(failures(results)) or control_passed(results)


def _row(kind, cases):
    sums = {name: sum(bool(each[name]) for each in cases) for name in ("lost", "doubled", "broken")}
    hit = sum(bool(each.get("hit")) for each in cases)
    seconds = sum(each["seconds"] for each in cases) / len(cases)
    figures = (
        hit,
        sums["lost"],
        sums["doubled"],
        sums["broken"],
        sum(each["visible"] for each in cases),
        sum(each.get("repeated", 0) for each in cases),
    )
    twice = sum(each["extra_letters"] for each in cases)
    return f"| {KINDS[kind]} | {len(cases)} | {' | '.join(map(str, figures))} | {twice} | {seconds:.2f} |"


def summary(results):
    """The table: cases in which something was lost, doubled or broken, by kind. ``hit`` are those that were struck."""
    return "\n".join([_HEAD, *(_row(kind, cases) for kind, cases in _by_kind(results).items())])


def write_report(folder, results):
    """report.md and report.json."""
    results = list(results)
    kinds = _by_kind(results)
    lines = ["# Proof of delivery", "", summary(results), ""]
    lines += ["A control counts as it should when something is lost or doubled in it.", ""]
    if control_passed(results):
        lines += ["**No control failed: these power cuts would not notice a loss.**", ""]
    lines += ["## Promises", ""]
    for promise in PROMISES:
        held = [kind for kind in HELD_BY[promise] if kind in kinds]
        broken = [each["case"] for each in failures(results) if each["case"].split(":")[0] in held]
        count = sum(len(kinds[kind]) for kind in held)
        verdict = (
            "not tried"
            if not held
            else f"{len(broken)} of {count} cases failed"
            if broken
            else f"held in {count} cases"
        )
        lines.append(f"- {promise} – {verdict}")
    if found := failures(results):
        lines += ["", "## Failures", ""]
        for each in found:
            why = "; ".join([*each["lost"], *each["doubled"], *each["broken"]])
            lines.append(f"- `python tests/crash/full.py --only {each['case']}`: {why}")
    (folder / "report.md").write_text("\n".join(lines) + "\n")
    (folder / "report.json").write_text(json.dumps({"promises": PROMISES, "cases": results}, indent=1) + "\n")
