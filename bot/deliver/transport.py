"""A call that got no answer: whether the request can have left, and where it went wrong in words."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp


class Redirected(aiohttp.ClientError):
    """Where messages go, nothing redirects; following one would hand message and secrets to somebody else."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer. A ``code`` that begins with "connect." says that not one byte can have left."""

    code: str
    detail: str


# In this order: the first class that fits names the fault. Only what fails before a byte of the request
# can have left is a failed connection; the rest is a lost one.
_CODES: tuple[tuple[type[BaseException], str], ...] = (
    (Redirected, "http.redirect"),
    (aiohttp.ClientConnectorCertificateError, "connect.tls"),
    (aiohttp.ClientSSLError, "connect.tls"),
    (aiohttp.ServerFingerprintMismatch, "connect.tls"),
    (aiohttp.ClientProxyConnectionError, "connect.proxy"),
    (aiohttp.ClientHttpProxyError, "connect.proxy"),
    (aiohttp.ConnectionTimeoutError, "connect.timeout"),
    (aiohttp.InvalidURL, "connect.address"),
    (aiohttp.ClientConnectorDNSError, "connect.name"),
    (aiohttp.ClientConnectorError, "connect.failed"),
    (aiohttp.TooManyRedirects, "http.redirect"),
    (TimeoutError, "wait.deadline"),
)
_ERRNOS = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EHOSTUNREACH: "no way to the host",
    errno.ENETUNREACH: "no network",
    errno.ETIMEDOUT: "no answer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where calls go: the service's address, the proxy before it, and how long an answer may take in seconds."""

    base_url: str
    proxy: str | None = None
    deadline: float


def failure_of(error: BaseException, way: Way) -> Failure:
    """What ``error`` of the HTTP client stands for."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "wait.lost")
    return Failure(code, _detail(code, error, way))


def _detail(code: str, error: BaseException, way: Way) -> str:
    if code == "connect.name":
        return f"no address is known for the name {urlsplit(way.base_url).hostname}"
    if code == "connect.failed":
        return f"{_reason(error)} at {place(way.base_url)}"
    if code == "connect.proxy":
        return f"{_reason(error)} at {place(way.proxy or '')}"
    if code == "connect.timeout":
        return f"no answer from {place(way.proxy or way.base_url)}"
    if code == "wait.deadline":
        return f"{way.deadline:g} s"
    return way.base_url if code == "connect.address" else place(way.base_url)


def _reason(error: BaseException) -> str:
    status = getattr(error, "status", None)
    if status:
        return f"status {status}"
    found = getattr(getattr(error, "os_error", None), "errno", None)
    return _ERRNOS.get(found or 0, "no connection")


def place(url: str) -> str:
    """Host and port of an address, without the rest: a proxy's may hold a password."""
    try:
        parts = urlsplit(url)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return "an address that cannot be read"
    host = parts.hostname or ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
