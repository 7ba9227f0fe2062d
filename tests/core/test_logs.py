import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from crewgen_core.logs import configure_logs, get_log, hide_secrets, log_context, request_context


@pytest.fixture(autouse=True)
def undo() -> Iterator[None]:
    """Leave other tests the logs they had."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_secret_is_hidden_by_the_name_of_its_field_or_by_its_form() -> None:
    event = {
        "api_key": "abc",
        "text": "key sk-abcdefghijklmnopqrstuvwx in it",
        "header": "Bearer abc.def",
        "tokens": "12",
    }
    shown = hide_secrets(None, "info", event)
    assert shown == {"api_key": "[hidden]", "text": "key [hidden] in it", "header": "[hidden]", "tokens": "12"}


def test_an_event_is_one_line_of_json_with_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    with request_context("r7"):
        get_log("analysis").info("read\nit", words=3)
    get_log("analysis").info("later")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (first["request"], first["room"], first["words"], first["event"]) == ("r7", "analysis", 3, "read\nit")
    assert "request" not in second


def test_events_below_the_level_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("WARNING")
    get_log("analysis").info("quiet")
    get_log("analysis").warning("loud")
    shown = capsys.readouterr().err
    assert "loud" in shown
    assert "quiet" not in shown


def test_a_traceback_tells_where_but_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    objective = "a plan that is nobody's business"
    try:
        objective.index("§")
    except ValueError:
        get_log("jobs").error("row failed", exc_info=True)
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert "nobody's business" not in shown


def test_what_libraries_log_is_hidden_too(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("ODD_API_KEY", "no form at all")
    configure_logs("DEBUG")
    try:
        raise ValueError("refused: no form at all")
    except ValueError:
        logging.getLogger("some.library").warning("sent %s", "no form at all", exc_info=True)
    assert "no form at all" not in caplog.text
    assert "ValueError: refused: [hidden]" in caplog.text


def test_an_event_says_which_row_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO", "json")
    with log_context(job=3), log_context(item=7):
        get_log("jobs").info("asked", answers=["Bearer abc.def"], told={"password": "x"})
    event = json.loads(capsys.readouterr().err)
    assert (event["job"], event["item"]) == (3, 7)
    assert (event["answers"], event["told"]) == (["[hidden]"], {"password": "[hidden]"})
