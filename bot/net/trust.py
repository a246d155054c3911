"""Whose certificates are believed: the system's authorities, and the operator's own."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from bot.errors import ConfigError, Fault

if TYPE_CHECKING:
    from pathlib import Path


def trusting(ca_file: str | Path | None) -> ssl.SSLContext:
    """A client's context that trusts the system's authorities and those in ``ca_file``, a PEM file.

    Raises :class:`ConfigError` for a file that cannot be used.
    """
    context = ssl.create_default_context()
    if ca_file is None:
        return context
    try:
        context.load_verify_locations(cafile=ca_file)
    except OSError as error:  # ssl.SSLError included
        reason = "is not a file of certificates" if isinstance(error, ssl.SSLError) else "cannot be read"
        fault = Fault(file=str(ca_file), message=reason, remedy="ca_file under [network] must name a PEM file")
        raise ConfigError([fault]) from error
    # Many companies' authorities lack extensions that RFC 5280 asks for; Python 3.13 began to insist on them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
