"""Asking a model, over real HTTP on loopback."""

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from pydantic import BaseModel

from crewgen_core.errors import ModelFault
from crewgen_core.llm.call import Answer, Message, Request
from crewgen_core.llm.client import ModelClient
from crewgen_core.llm.door import open_litellm
from crewgen_core.llm.faults import CallFailed
from crewgen_core.llm.loop import BackgroundLoop
from tests.support.model_server import TRANSPORT_FAULTS, ModelServer, Reply, refuse, say

ROOT = Path(__file__).parents[3]

Ask = Callable[..., Answer]


class Weather(BaseModel):
    """A shape for an answer."""

    place: str
    degrees: float = 20


@pytest.fixture
def ask(loop: BackgroundLoop) -> Ask:
    open_litellm()  # its start counts towards the deadline, which is short in some tests

    def ask(model: str = "openai/test", deadline_s: float = 10, **more: Any) -> Answer:
        question = Request(model=model, messages=(Message(role="user", content="Hello"),), **more)
        return loop.run(ModelClient(deadline_s).ask(question))

    return ask


def test_an_answer_has_text_tokens_and_the_reason_it_stopped(model_server: ModelServer, ask: Ask):
    model_server.script = [say("Good day", tokens_in=12, tokens_out=3, finish_reason="length")]
    answer = ask()
    assert (answer.text, answer.tokens_in, answer.tokens_out, answer.finish_reason) == ("Good day", 12, 3, "length")
    assert answer.seconds > 0
    assert len(model_server.requests) == 1


def test_the_cost_of_a_model_without_a_price_stays_unknown(model_server: ModelServer, ask: Ask):
    assert ask("openai/test").cost_usd is None


def test_the_cost_of_a_model_with_a_price_is_exact(model_server: ModelServer, ask: Ask):
    model_server.script = [say("Hi", tokens_in=1_000, tokens_out=100)]
    assert ask("openai/gpt-4.1-mini").cost_usd == Decimal("0.000560")


def test_the_key_goes_to_the_provider_only_in_its_header(model_server: ModelServer, ask: Ask):
    ask()
    assert model_server.keys == ["Bearer sk-test-key"]
    assert "sk-test-key" not in json.dumps(model_server.requests)


def test_the_shape_travels_as_a_strict_schema(model_server: ModelServer, ask: Ask):
    ask(shape=Weather)
    asked = model_server.requests[0]["response_format"]["json_schema"]
    assert asked["strict"] is True
    assert asked["schema"]["required"] == ["place", "degrees"]
    assert asked["schema"]["additionalProperties"] is False


def test_a_provider_that_does_not_know_schemas_is_asked_again_without(model_server: ModelServer, ask: Ask):
    model_server.script = lambda body: refuse(400) if "response_format" in body else say("plain")
    assert ask(shape=Weather).text == "plain"
    assert len(model_server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422, 500, 501, 502, 503, 504, 529])
def test_a_status_of_refusal_is_a_fault_after_one_request(status: int, model_server: ModelServer, ask: Ask):
    model_server.script = [refuse(status)]
    with pytest.raises(CallFailed, match=str(status)) as caught:
        ask()
    assert len(model_server.requests) == 1
    assert caught.value.cost_usd == 0
    assert caught.value.hint


@pytest.mark.parametrize("fault", TRANSPORT_FAULTS)
def test_every_fault_is_one_plain_sentence(fault: str, model_server: ModelServer, ask: Ask):
    model_server.script = [TRANSPORT_FAULTS[fault]]
    if fault == "no choices":
        assert ask().text == ""
        return
    with pytest.raises(ModelFault) as caught:
        ask(deadline_s=0.5)
    message = str(caught.value)
    assert message.endswith(".")
    for leak in ("sk-", "<", "Traceback", "litellm", "Exception", "\n"):
        assert leak not in message + caught.value.hint


def test_a_model_that_hangs_is_left_at_the_deadline(model_server: ModelServer, ask: Ask):
    model_server.script = [TRANSPORT_FAULTS["hang"]]
    with pytest.raises(CallFailed, match=r"did not answer within 0\.3 seconds") as caught:
        ask(deadline_s=0.3)
    assert caught.value.cost_usd is None
    assert caught.value.seconds >= 0.3


FIRST_QUESTIONS = """
import sys
from crewgen_core.llm.call import Message, Request
from crewgen_core.llm.client import ModelClient
from crewgen_core.llm.faults import CallFailed
from crewgen_core.llm.loop import shared_loop

question = Request(model="openai/test", messages=(Message(role="user", content="Hello"),))
for deadline_s in map(float, sys.argv[1:]):
    try:
        print(shared_loop().run(ModelClient(deadline_s).ask(question)).text)
    except CallFailed as fault:
        print(fault)
"""


@pytest.mark.parametrize(
    ("deadlines", "said"),
    [
        (["0.05"], ["openai/test did not answer within 0.05 seconds."]),
        (["0.05", "60"], ["openai/test did not answer within 0.05 seconds.", "Good day"]),
    ],
)
def test_the_start_of_litellm_counts_towards_the_deadline_and_goes_on_behind_it(
    deadlines: list[str], said: list[str], model_server: ModelServer
):
    model_server.script = [say("Good day")]
    command = [sys.executable, "-W", "error", "-c", FIRST_QUESTIONS, *deadlines]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines(), done.stderr, done.returncode) == (said, "", 0)
    assert len(model_server.requests) == said.count("Good day")


@pytest.mark.parametrize("address", ["foo", "foo/v1", "localhost:11434", "ftp://host/v1", "http://", "http://[", "//h"])
def test_an_address_that_is_none_is_named_as_such(address: str, loop: BackgroundLoop):
    question = Request(model="openai/test", messages=(Message(role="user", content="Hello"),))
    with pytest.raises(CallFailed) as caught:
        loop.run(ModelClient(10, api_base=address).ask(question))
    assert str(caught.value) == (
        f'The server address "{address}" is no web address; it must begin with http:// or https://.'
    )
    assert "CREWGEN_MODEL_BASE_URL" in caught.value.hint
    assert caught.value.cost_usd == 0


def test_an_address_that_is_none_is_shown_without_a_key_in_it(loop: BackgroundLoop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_BASE_URL", f"somebody:sk-secret@host/v1?token=sk-secret{'x' * 500}")
    question = Request(model="openai/test", messages=(Message(role="user", content="Hello"),))
    with pytest.raises(CallFailed, match='address "host/v1" is no web address'):
        loop.run(ModelClient(10).ask(question))


def test_time_spent_before_counts_towards_the_deadline(model_server: ModelServer, ask: Ask):
    with pytest.raises(CallFailed, match="did not answer within 10 seconds"):
        ask(deadline_s=10, spent_s=10)
    assert not model_server.requests


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_provider_is_asked_again_when_it_says_so(status: int, model_server: ModelServer, ask: Ask):
    model_server.script = [refuse(status, Retry_After="0"), say("now")]
    assert ask().text == "now"
    assert len(model_server.requests) == 2


def test_a_date_to_come_back_at_is_understood(model_server: ModelServer, ask: Ask):
    model_server.script = [refuse(429, Retry_After=format_datetime(datetime.now(UTC), usegmt=True)), say("now")]
    assert ask().text == "now"


@pytest.mark.parametrize("when", ["3600", "inf", "soon", "", "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_a_busy_provider_is_left_alone_when_it_has_no_time_before_the_deadline(
    when: str, model_server: ModelServer, ask: Ask
):
    model_server.script = [refuse(429, Retry_After=when), say("too late")]
    with pytest.raises(CallFailed, match="429"):
        ask()
    assert len(model_server.requests) == 1


def test_a_provider_that_stays_busy_is_asked_twice_and_no_more(model_server: ModelServer, ask: Ask):
    model_server.script = [refuse(429, Retry_After="0")]
    with pytest.raises(CallFailed, match="429"):
        ask()
    assert len(model_server.requests) == 2


def test_a_server_that_is_not_there_is_named_as_such(monkeypatch: pytest.MonkeyPatch, ask: Ask):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    with pytest.raises(CallFailed, match="could not be reached"):
        ask()


def test_a_connection_that_breaks_is_named_as_such(model_server: ModelServer, ask: Ask):
    model_server.script = [Reply(reset=True)]
    with pytest.raises(CallFailed, match="broke off") as caught:
        ask()
    assert caught.value.cost_usd is None


@pytest.mark.parametrize(
    ("model", "variable"), [("openai/test", "OPENAI_API_KEY"), ("anthropic/claude-haiku-4-5", "ANTHROPIC_API_KEY")]
)
def test_a_missing_key_is_named_in_the_hint(model: str, variable: str, monkeypatch: pytest.MonkeyPatch, ask: Ask):
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(CallFailed, match="There is no key") as caught:
        ask(model)
    assert variable in caught.value.hint


@pytest.mark.parametrize("model", ["nonsense", "nobody/knows", "x" * 5_000, "<b>\x00\n", "", "/"])
def test_a_model_of_an_unknown_provider_is_named_as_such(model: str, ask: Ask):
    with pytest.raises(CallFailed) as caught:
        ask(model)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_an_address_given_to_the_client_is_for_openai_names_only(
    model_server: ModelServer, loop: BackgroundLoop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OPENAI_BASE_URL")
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    client = ModelClient(10, api_base=model_server.url)
    hello = (Message(role="user", content="Hello"),)
    loop.run(client.ask(Request(model="openai/test", messages=hello)))
    with pytest.raises(CallFailed):
        loop.run(client.ask(Request(model="groq/openai/gpt-oss-20b", messages=hello)))
    assert len(model_server.requests) == 1


def test_ten_questions_are_under_way_at_the_same_time(model_server: ModelServer, ask: Ask):
    model_server.script = [say("Hi", delay_s=0.3)]
    together = Barrier(10)

    def one(_: int) -> str:
        together.wait()
        return ask().text

    with ThreadPoolExecutor(10) as threads:
        assert list(threads.map(one, range(10))) == ["Hi"] * 10
    assert model_server.most_at_once == 10


def test_nothing_is_printed_or_logged_when_a_model_fails(
    model_server: ModelServer, ask: Ask, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    model_server.script = [refuse(500)]
    with caplog.at_level(logging.WARNING), pytest.raises(CallFailed):
        ask()
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_importing_the_room_does_not_import_litellm():
    code = "import sys, crewgen_core.llm.client, crewgen_core.llm.loop; sys.exit('litellm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_litellm_that_does_not_start_is_told_and_tried_anew(tmp_path: Path):
    broken = tmp_path / "litellm"
    broken.mkdir()
    (broken / "__init__.py").write_text("import litellm.part\nraise RuntimeError('broken')\n", encoding="utf-8")
    (broken / "part.py").write_text("", encoding="utf-8")
    code = (
        "import asyncio, sys\n"
        "from crewgen_core.llm.call import Message, Request\n"
        "from crewgen_core.llm.client import ModelClient\n"
        "from crewgen_core.llm.faults import CallFailed\n"
        "request = Request(model='openai/test', messages=(Message(role='user', content='Hello'),))\n"
        "for _ in range(2):\n"
        "    try:\n"
        "        asyncio.run(ModelClient(30).ask(request))\n"
        "    except CallFailed as fault:\n"
        "        print(fault, [name for name in sys.modules if name.startswith('litellm')])\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.stdout == "openai/test could not be asked: LiteLLM did not start. []\n" * 2, ended.stderr
