"""What systemd is told of the service: that it is ready, alive, reading its configuration again, stopping.

The protocol is sd_notify(3): one datagram of lines for each, to the socket that ``$NOTIFY_SOCKET`` names. Nothing is
told where nobody asks for it, and nobody is waited for: a supervisor that does not listen stops no service.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic_ns
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """``address`` is the socket ("" for nobody); it expects to hear from the service every ``watchdog`` seconds."""

    address: str = ""
    watchdog: float | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str], pid: int) -> Supervisor:
        """Who started the process ``pid``, as its environment tells."""
        usec, whose = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(pid))
        asked = usec.isdecimal() and int(usec) > 0 and whose == str(pid)
        return cls(address=environ.get("NOTIFY_SOCKET", ""), watchdog=int(usec) / 1e6 if asked else None)

    def ready(self, status: str) -> None:
        """The service works; also said once a reload is over."""
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """Configuration and rules are read again; ``ready`` says that it is over."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={monotonic_ns() // 1000}")

    def alive(self) -> None:
        """The watchdog need not bite yet."""
        if self.watchdog is not None:
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The service has begun to stop."""
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        if self.address[:1] not in {"/", "@"}:
            return
        # "@" stands for the NUL with which the names of abstract sockets begin.
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.sendto("\n".join(lines).encode(), address)


NOBODY = Supervisor()
