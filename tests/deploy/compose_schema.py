"""What a compose file may hold, as far as ours does: a part of the Compose Specification's schema, written anew.

https://github.com/compose-spec/compose-spec. Everything is closed: a key that is not here is a mistake, or has to be
looked up there before it is added.
"""

DURATION = {"type": "string", "pattern": r"^(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$", "minLength": 2}
SIZE = {"type": "string", "pattern": r"^\d+(?:b|k|m|g)$"}
TEXTS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
COMMAND = {"type": "array", "items": {"type": "string"}, "minItems": 1}
NAME = r"^[a-zA-Z0-9._-]+$"
ENVIRONMENT = {
    "type": "object",
    "patternProperties": {r"^[A-Z_][A-Z0-9_]*$": {"type": ["string", "number", "boolean", "null"]}},
    "additionalProperties": False,
}


def closed(required=(), **properties):
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def named(value):
    return {"type": "object", "patternProperties": {NAME: value}, "additionalProperties": False}


BIND = closed(
    ("type", "source", "target"),
    type={"enum": ["bind", "volume", "tmpfs"]},
    source={"type": "string"},
    target={"type": "string", "pattern": "^/"},
    read_only={"type": "boolean"},
)
SERVICE = closed(
    ("image",),
    image={"type": "string", "minLength": 1},
    build=closed(("context",), context={"type": "string"}, dockerfile={"type": "string"}, args=ENVIRONMENT),
    profiles={"type": "array", "items": {"type": "string", "pattern": r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$"}, "minItems": 1},
    command=COMMAND,
    environment=ENVIRONMENT,
    volumes={"type": "array", "items": {"anyOf": [{"type": "string", "pattern": r"^[\w-]+:/[\w/.-]+$"}, BIND]}},
    tmpfs={"type": "array", "items": {"type": "string", "pattern": r"^/[\w/]*(?::[\w=,]+)?$"}},
    depends_on=named(
        closed(
            ("condition",),
            condition={"enum": ["service_started", "service_healthy", "service_completed_successfully"]},
        )
    ),
    healthcheck=closed(
        test=COMMAND,
        interval=DURATION,
        timeout=DURATION,
        start_period=DURATION,
        retries={"type": "integer"},
        disable={"type": "boolean"},
    ),
    restart={"type": "string", "pattern": r"^(?:no|always|on-failure(?::\d+)?|unless-stopped)$"},
    init={"type": "boolean"},
    read_only={"type": "boolean"},
    stop_grace_period=DURATION,
    cap_drop=TEXTS,
    security_opt=TEXTS,
    pids_limit={"type": "integer", "minimum": 1},
    shm_size=SIZE,
    logging=closed(
        ("driver",),
        driver={"type": "string"},
        options={"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
    ),
)
COMPOSE = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": r"^[a-z0-9][a-z0-9_-]*$"},
        "services": named(SERVICE),
        "volumes": named({"type": ["object", "null"]}),
    },
    "patternProperties": {"^x-": {}},
    "required": ["services"],
    "additionalProperties": False,
}
