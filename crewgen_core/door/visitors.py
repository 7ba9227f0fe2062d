"""Who may come in at all: by the name they call the server, the page they come from, and the machine they are on."""

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crewgen_core.door.login import LOOPBACK_NAMES
from crewgen_core.door.refusal import refuse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


class HostCheck:
    """Lets in who calls the server by one of its names.

    Otherwise a web page could let its own name point to this machine and read the dashboard through the browser of
    somebody who may (DNS rebinding). A bare address cannot be pointed elsewhere, so where the network may come in it
    counts as a name of the server.
    """

    def __init__(self, app: "ASGIApp", hosts: frozenset[str], bare_addresses: bool) -> None:
        """``hosts`` are names in lower case beside those of loopback; ``bare_addresses`` lets in by IP address."""
        self._app = app
        self._hosts = hosts | LOOPBACK_NAMES
        self._bare_addresses = bare_addresses

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on or turn away."""
        if scope["type"] == "lifespan" or self._knows(name_of(read_header(scope, b"host"))):
            await self._app(scope, receive, send)
            return
        await refuse(
            scope,
            send,
            421,
            "This dashboard does not answer to that name. Add it to CREWGEN_ALLOWED_HOSTS if it should.",
        )

    def _knows(self, host: str) -> bool:
        return host in self._hosts or (self._bare_addresses and _is_address(host))


class OriginCheck:
    """Lets no page of another origin open a WebSocket or change anything.

    Streamlit's own check lets in every page on localhost, on whatever port, and asks the internet for the address of
    this machine to decide about others; here a page has to come from the very host and port that it talks to.
    """

    def __init__(self, app: "ASGIApp", public_url: str) -> None:
        """``public_url`` is the origin at which people open the dashboard, where it is known."""
        self._app = app
        self._public_url = public_url.lower()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on or turn away."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["method"] in SAFE) or self._is_own(scope):
            await self._app(scope, receive, send)
            return
        await refuse(scope, send, 403, "Pages of other sites may not use this dashboard.")

    def _is_own(self, scope: "Scope") -> bool:
        """Tell whether the request comes from a page of this server, or from no page."""
        origin, host = read_header(scope, b"origin").lower(), read_header(scope, b"host").lower()
        if not origin or (self._public_url and origin == self._public_url):
            return True
        if self._public_url and host == urlsplit(self._public_url).netloc:
            return False  # the same name in the clear, say, where anybody on the way writes the pages
        try:
            return urlsplit(origin).netloc == host
        except ValueError:
            return False


class LoopbackOnly:
    """Lets in programs on this machine only: without login everybody who comes in may do everything."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take what is behind."""
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass on or turn away. Behind a proxy of this machine, the server already put its client's address here."""
        client = scope.get("client")
        if scope["type"] == "lifespan" or (client is not None and _is_loopback(client[0])):
            await self._app(scope, receive, send)
            return
        await refuse(
            scope,
            send,
            403,
            "This dashboard has no login, so it serves only the machine that it runs on. Whoever runs it can configure "
            "a login, or let everybody in with CREWGEN_OPEN_TO_NETWORK=true.",
        )


def read_header(scope: "Scope", name: bytes) -> str:
    """Return a header of a request, empty where it is missing or sent more than once."""
    values = [value for field, value in scope["headers"] if field == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


def name_of(host: str) -> str:
    """Return the name in a header ``Host``, without port and in lower case; empty where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises for what is no port
    except ValueError:
        return ""
    if parts.netloc != host or parts.username is not None:
        return ""
    return (parts.hostname or "").rstrip(".")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
