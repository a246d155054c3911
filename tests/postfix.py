"""Starts a real Postfix for tests marked ``server``; nothing here runs without PRESSWATCH_POSTFIX=1.

It has a configuration, a queue and mailboxes of its own in a temporary folder and listens on loopback only. It takes
mail for desk@example.org, refuses every other recipient, and offers STARTTLS with the certificate of the tests.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CERTIFICATE = Path(__file__).parent / "net" / "tls" / "server.pem"
START_SECONDS = 30
ARRIVAL_SECONDS = 30

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
myhostname = relay.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.pem
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{ desk@example.org = desk/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
message_size_limit = 200000
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """Where it listens, and what has arrived for desk@example.org."""

    folder: Path
    port: int

    def arrived(self, number: int) -> list[bytes]:
        """Wait until so many messages are there; all of them, the oldest first."""
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while time.monotonic() < deadline:
            found = sorted((self.folder / "mail" / "desk" / "new").glob("*"), key=lambda path: path.stat().st_mtime_ns)
            if len(found) >= number:
                return [path.read_bytes() for path in found]
            time.sleep(0.05)
        pytest.fail(f"Postfix did not deliver {number} messages within {ARRIVAL_SECONDS} seconds:\n{self.log()}")

    def log(self) -> str:
        """The end of what it says of itself."""
        path = self.folder / "log"
        return path.read_text("utf-8", "replace")[-3000:] if path.exists() else "(no log)"


def required() -> None:
    """Skip unless Postfix was asked for; once it was, a missing one is a failure."""
    if os.environ.get("PRESSWATCH_POSTFIX") != "1":
        pytest.skip("PRESSWATCH_POSTFIX=1 is not set: Postfix is not started")
    if _command() is None:
        pytest.fail("PRESSWATCH_POSTFIX=1 is set, but there is no Postfix: apt-get install postfix")
    if os.geteuid() != 0:
        pytest.fail("PRESSWATCH_POSTFIX=1 is set, but only root can start Postfix")


def _command() -> str | None:
    return shutil.which("postfix", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


@contextmanager
def postfix() -> Iterator[Postfix]:
    """A fresh Postfix with empty mailboxes."""
    required()
    # Not pytest's folder, which only its owner may enter: parts of Postfix run as other users.
    folder = Path(tempfile.mkdtemp(prefix="presswatch-postfix-"))
    folder.chmod(0o755)
    made = Postfix(folder, _free_port())
    _configure(made)
    control = [str(_command()), "-c", str(folder / "etc")]
    try:
        started = subprocess.run([*control, "start"], capture_output=True, text=True, timeout=60, check=False)
        if started.returncode:
            pytest.fail(f"Postfix did not start: {started.stderr}{made.log()}")
        _wait(made)
        yield made
    finally:
        subprocess.run([*control, "stop"], capture_output=True, timeout=60, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _configure(made: Postfix) -> None:
    folder = made.folder
    owner, reader = pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir()
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(folder / "mail", reader.pw_uid, reader.pw_gid)
    shutil.copy(CERTIFICATE, folder / "server.pem")
    main = MAIN.format(folder=folder, uid=reader.pw_uid, gid=reader.pw_gid)
    (folder / "etc" / "main.cf").write_text(main)
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=made.port))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(made: Postfix) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", made.port), timeout=2) as probe:
                if probe.recv(4) == b"220 ":
                    probe.sendall(b"QUIT\r\n")
                    return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail(f"Postfix did not answer within {START_SECONDS} seconds:\n{made.log()}")
