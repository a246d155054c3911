"""Starts the real Slack emulator for tests marked ``server``; nothing here runs without PRESSWATCH_EMULATOR=1."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

NODE = "node@24"
EMULATE = "emulate@0.12.2"
START_SECONDS = 110


def required() -> None:
    """Skip unless the emulator was asked for; once it was, a missing one is a failure."""
    if os.environ.get("PRESSWATCH_EMULATOR") != "1":
        pytest.skip(f"PRESSWATCH_EMULATOR=1 is not set: the Slack emulator (npm {EMULATE}) is not started")
    if shutil.which("npx") is None:
        pytest.fail("PRESSWATCH_EMULATOR=1 is set, but there is no npx to start the emulator with: install npm")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def emulator() -> Iterator[str]:
    """The base URL of a fresh workspace with the channels #general and #random."""
    required()
    port = free_port()
    command = ["npx", "--yes", "-p", NODE, "-p", EMULATE, "emulate", "--service", "slack", "--port", str(port)]
    # A group of its own: npx starts node as a child that would outlive it.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}/api/"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/auth.test", method="POST")
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the Slack emulator stopped with code {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(request, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the Slack emulator did not answer within {START_SECONDS} seconds")
