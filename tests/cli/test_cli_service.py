"""The service under a supervisor: what it tells systemd, what it answers, and that it ends in time."""

import os
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest


class Local(HTTPConnection):
    """HTTP over a socket of the file system."""

    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(str(self.path))


@pytest.fixture
def supervised(desk):
    """A running service with a supervisor's ear, and its process."""
    desk.seed(1, "Tariffs rise")
    text = (desk.folder / "config.toml").read_text()
    desk.write("config.toml", '[web]\nlisten = "unix:web.sock"\n' + text)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(desk.folder / "notify"))
        ear.settimeout(30)
        desk.env |= {"NOTIFY_SOCKET": str(desk.folder / "notify"), "WATCHDOG_USEC": "300000"}
        process = desk.start("run", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        yield desk, process, ear
        if process.poll() is None:
            process.kill()
        process.communicate()


def hear(ear, wanted):
    """What the supervisor is told, up to this; only signs of life come between."""
    while not (said := ear.recv(4096).decode()).startswith(wanted):
        assert said == "WATCHDOG=1"
    return said


def ask(desk, path):
    client = Local(desk.folder / "web.sock")
    client.request("GET", path)
    answer = client.getresponse()
    body = answer.read().decode()
    client.close()
    return answer.status, body


def test_the_service_says_when_it_is_ready_alive_reloading_and_stopping_and_answers_meanwhile(supervised):
    desk, process, ear = supervised
    assert "1 sources, 1 rules" in hear(ear, "READY=1")
    hear(ear, "WATCHDOG=1")
    assert ask(desk, "/healthz") == (200, '{"ok": true, "reasons": []}')
    assert ask(desk, "/readyz")[0] == 200
    assert "presswatch_rules 1.0" in ask(desk, "/metrics")[1]
    text = (desk.folder / "config.toml").read_text()
    desk.write("config.toml", text.replace("web.sock", "other.sock"))
    os.kill(process.pid, signal.SIGHUP)
    hear(ear, "RELOADING=1")
    hear(ear, "READY=1")
    assert ask(desk, "/healthz")[0] == 200, "where it listens is changed by a restart only"
    lingering = Local(desk.folder / "web.sock")
    lingering.connect()
    lingering.sock.sendall(b"GET /metrics HT")
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    hear(ear, "STOPPING=1")
    _, err = process.communicate(timeout=20)
    lingering.close()
    assert (process.returncode, time.monotonic() - begun < 10) == (0, True), err
    (waits,) = [line for line in err.splitlines() if "waits for the next start" in line]
    assert "[web]" in waits
    assert not (desk.folder / "web.sock").exists()
    (service,) = [row for row in desk.run("doctor", "--json").rows if row["name"] == "service"]
    assert service["detail"].startswith("not running: last sign of life ")


def test_a_service_that_was_killed_is_missed(desk):
    process = desk.start("run", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    for line in process.stderr:
        if '"running"' in line:
            break
    process.kill()
    process.communicate()
    (service,) = [row for row in desk.run("doctor", "--json").rows if row["name"] == "service"]
    assert (service["state"], service["detail"].startswith("running: ")) == ("ok", True), "it may be"
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute("UPDATE setting SET at = datetime(at, '-1 hour') WHERE key = 'heartbeat:clock'")
    found = desk.run("doctor", "--json")
    (service,) = [row for row in found.rows if row["name"] == "service"]
    assert (found.code, service["state"]) == (1, "fail")
    assert service["detail"].startswith("silent: last sign of life ")
    assert "start it again" in service["remedy"]
