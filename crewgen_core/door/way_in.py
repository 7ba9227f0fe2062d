"""The way in: every step that a request takes, the outermost first."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from crewgen_core.door.bodies import BodyLimits
from crewgen_core.door.closed import ClosedPaths, IsSignedIn
from crewgen_core.door.headers import StrictHeaders
from crewgen_core.door.journal import Journal
from crewgen_core.door.login import Login, host_of
from crewgen_core.door.visitors import HostCheck, LoopbackOnly, OriginCheck
from crewgen_core.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

Step = Callable[["ASGIApp"], "ASGIApp"]


def lay_out(
    settings: Settings, login: Login | None, is_signed_in: IsSignedIn, policy: str, most_upload_bytes: int
) -> tuple[Step, ...]:
    """Return the steps; ``policy`` is the Content-Security-Policy of pages, ``is_signed_in`` reads cookies."""
    public_url = settings.public_url.rstrip("/")
    named = frozenset(host.lower().strip("[]") for host in settings.allowed_hosts)
    hosts = named | frozenset(filter(None, [host_of(public_url)]))
    stays_here = login is None and not settings.open_to_network
    return (
        partial(StrictHeaders, policy=policy, is_https=public_url.startswith("https://")),
        Journal,
        *((LoopbackOnly,) if stays_here else ()),
        partial(HostCheck, hosts=hosts, bare_addresses=login is None and settings.open_to_network),
        partial(OriginCheck, public_url=public_url),
        partial(ClosedPaths, is_signed_in=is_signed_in if login else None),
        partial(BodyLimits, most_upload_bytes=most_upload_bytes),
    )
