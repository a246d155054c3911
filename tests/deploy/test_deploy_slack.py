"""The Slack app's manifest: Slack's rules for it, and the scopes that the methods which the program calls need."""

import re
from pathlib import Path

import fastjsonschema
import yaml

from bot.deliver.slack_check import METHODS, SCOPES

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = yaml.safe_load((ROOT / "deploy" / "slack" / "manifest.yaml").read_text("utf-8"))


def closed(required=(), **properties):
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


FLAG = {"type": "boolean"}
# https://docs.slack.dev/reference/app-manifest, as far as ours goes; whatever else there is has to be looked up there.
SCHEMA = closed(
    ("display_information",),
    display_information=closed(
        ("name",),
        name={"type": "string", "maxLength": 35},
        description={"type": "string", "maxLength": 140},
        long_description={"type": "string", "minLength": 174, "maxLength": 4000},
        background_color={"type": "string", "pattern": "^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"},
    ),
    features=closed(
        bot_user=closed(
            ("display_name",),
            display_name={"type": "string", "maxLength": 80, "pattern": r"^[a-z0-9\-_.]+$"},
            always_online=FLAG,
        )
    ),
    oauth_config=closed(
        scopes=closed(bot={"type": "array", "items": {"type": "string"}, "maxItems": 255, "uniqueItems": True})
    ),
    settings=closed(org_deploy_enabled=FLAG, socket_mode_enabled=FLAG, token_rotation_enabled=FLAG),
)
# A method of Slack's API as it stands in the source, in quotation marks.
CALLED = re.compile(r'"((?:api|apps|auth|bots|chat|conversations|files|reactions|team|users|views)\.[a-zA-Z.]+)"')


def test_the_manifest_keeps_slacks_rules():
    fastjsonschema.compile(SCHEMA)(MANIFEST)


def test_the_manifest_asks_for_the_scopes_of_the_methods_that_are_called_and_no_others():
    needed = {scope for scopes in METHODS.values() for scope in scopes}
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed == set(SCOPES)


def test_every_method_that_the_program_calls_is_in_the_table():
    called = set()
    for path in (ROOT / "bot" / "deliver").glob("*.py"):
        if not path.name.startswith("fake_") and path.name != "slack_check.py":
            called |= set(CALLED.findall(path.read_text("utf-8")))
    checks = (ROOT / "bot" / "deliver" / "slack_check.py").read_text("utf-8").split("SCOPES = {")[1]
    called |= set(re.findall(r'\.call(?:_with_headers)?\("([\w.]+)"', checks))
    assert called == set(METHODS)
