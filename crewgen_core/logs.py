"""Structured logs on standard error: one event a line, with the request it belongs to, without secrets."""

import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Generator, MutableMapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, cast

import structlog

_SECRET_NAME = re.compile(r"key|token(?!s)|secret|password|authorization|cookie", re.I)
_SECRET_VALUE = re.compile(
    r"\b(?:sk|rk|pk|gsk|xai|hf|ghp|gho|tvly|AIza|crewgen_)[-_A-Za-z0-9]{16,}"  # how keys and tokens begin
    r"|\bBearer\s+[^\s'\"]+"
    r"|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)",  # user and password in an address
    re.I,
)
_SECRET_SETTING = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$", re.I)
_HIDDEN = "[hidden]"

_MAKES_RECORDS = "make_clean_record"

SHORTEST_SECRET = 8
"""Characters from which the value of such a setting is looked for; shorter ones stand in texts by chance."""


def configure_logs(level: str = "INFO", form: str = "text") -> None:
    """Set up logging for the process; ``form`` is "text" for people or "json" for programs."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    _hide_in_foreign_logs()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def hide_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what looks like a key, by the name of its field or by its form, and the keys that are set."""
    return _hide_in_event(event, _list_secrets())


def hide_in_text(text: str) -> str:
    """Return a text without what looks like a key, and without the values of settings that hold one."""
    return _hide_in_text(text, _list_secrets())


def _list_secrets() -> tuple[str, ...]:
    """Return the values of settings that hold a secret, as they are now."""
    held = (os.environ[name] for name in tuple(os.environ) if _SECRET_SETTING.search(name))
    return tuple(value for value in held if len(value) >= SHORTEST_SECRET)


def _hide_in_event(event: MutableMapping[str, Any], secrets: Sequence[str]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        secret = isinstance(value, str) and _SECRET_NAME.search(name)
        event[name] = _HIDDEN if secret else _hide_within(value, secrets)
    return event


def _hide_in_text(text: str, secrets: Sequence[str]) -> str:
    for value in secrets:
        text = text.replace(value, _HIDDEN)
    return _SECRET_VALUE.sub(_HIDDEN, text)


def _hide_within(value: Any, secrets: Sequence[str]) -> Any:  # noqa: ANN401 anything is logged
    if isinstance(value, str):
        return _hide_in_text(value, secrets)
    if isinstance(value, dict):
        return _hide_in_event(dict(cast("dict[str, Any]", value)), secrets)
    if isinstance(value, list | tuple):
        return [_hide_within(part, secrets) for part in cast("Sequence[Any]", value)]
    return _hide_in_text(str(value), secrets) if isinstance(value, BaseException) else value


def _hide_in_foreign_logs() -> None:
    """Have the same done to what libraries log, whatever their handlers are, and to tracebacks that end a thread."""
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print_fault
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda ended: _print_fault(ended.exc_type, ended.exc_value, ended.exc_traceback)
    make = logging.getLogRecordFactory()
    if make.__name__ == _MAKES_RECORDS:
        return

    def make_clean_record(*arguments: object, **more: object) -> logging.LogRecord:
        record = make(*arguments, **more)
        message = record.getMessage()
        if (hidden := hide_in_text(message)) != message:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = hide_in_text("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return record

    logging.setLogRecordFactory(make_clean_record)


def _print_fault(kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
    if kind is not SystemExit:
        print(hide_in_text("".join(traceback.format_exception(kind, fault, trace))), end="", file=sys.stderr)


@contextmanager
def log_context(**ids: int | str) -> Generator[None]:
    """Give every event within the block what it belongs to: a job, an item, a run."""
    with structlog.contextvars.bound_contextvars(**ids):
        yield


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
