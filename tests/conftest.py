"""Fixtures that all tests may ask for."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from crewgen_core.llm.door import open_litellm
from crewgen_core.llm.loop import BackgroundLoop
from tests.support.model_server import ModelServer

# A busy machine must not fail a test; all else stays as it is, so that hypothesis repeats its examples in CI.
settings.register_profile("crewgen", settings(), deadline=None)
settings.load_profile("crewgen")


@pytest.fixture(scope="session")
def running_model_server() -> Iterator[ModelServer]:
    """The server, started once; tests ask for ``model_server``.

    LiteLLM is started first: its start counts against a deadline, and a test with a short one is about something else.
    """
    open_litellm()
    with ModelServer() as server:
        yield server


@pytest.fixture
def model_server(running_model_server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> ModelServer:
    """A scripted model behind "openai/…", which answers with a good crew until a test says otherwise."""
    running_model_server.forget()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    monkeypatch.setenv("OPENAI_BASE_URL", running_model_server.url)
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    return running_model_server


@pytest.fixture(scope="session")
def loop() -> Iterator[BackgroundLoop]:
    """The event loop on which models are asked, as in the product one for all."""
    background = BackgroundLoop()
    yield background
    background.close()
