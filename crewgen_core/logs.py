"""Structured logs on standard error: one event a line, with the request it belongs to, without secrets."""

import logging
import re
import sys
from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

_SECRET_NAME = re.compile(r"key|token(?!s)|secret|password|authorization|cookie", re.I)
_SECRET_VALUE = re.compile(r"\b(?:sk|pk|gsk|xai|hf|ghp|AIza)[-_A-Za-z0-9]{16,}|\bBearer\s+\S+", re.I)
_HIDDEN = "[hidden]"


def configure_logs(level: str = "INFO", form: str = "text") -> None:
    """Set up logging for the process; ``form`` is "text" for people or "json" for programs."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def hide_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what looks like a key, by the name of its field or by its form."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _HIDDEN if _SECRET_NAME.search(name) else _SECRET_VALUE.sub(_HIDDEN, value)
    return event


@contextmanager
def request_context(request_id: int | str) -> Generator[None]:
    """Give every event within the block the id of the request."""
    with structlog.contextvars.bound_contextvars(request=request_id):
        yield


def current_request() -> str:
    """Return the id of the request within whose block this is, empty outside of any."""
    return str(structlog.contextvars.get_contextvars().get("request", ""))


def get_log(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return a logger; ``name`` is the room that speaks."""
    return structlog.get_logger(room=name)
