"""Whoever may name a model cannot choose which server this machine asks."""

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CannotRun
from crewgen_core.llm.call import Message, Request
from crewgen_core.llm.client import ModelClient
from crewgen_core.llm.faults import CallFailed
from crewgen_core.llm.loop import BackgroundLoop
from crewgen_core.models.objective import Objective
from crewgen_core.models.run import RunSettings
from tests.support.crews import sequential_crew
from tests.support.model_server import ModelServer

PREFIXES = ("huggingface", "oobabooga", "openai", "custom_openai", "ollama")


def name_server(prefix: str, server: ModelServer) -> str:
    return f"{prefix}/{server.url}/secret"


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_name_that_holds_an_address_is_refused_before_anything_is_sent(
    prefix: str, model_server: ModelServer, loop: BackgroundLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUGGINGFACE_API_KEY", "hf_aaaaaaaaaaaaaaaaaaaaaaaa")
    question = Request(model=name_server(prefix, model_server), messages=(Message(role="user", content="Hello"),))
    with pytest.raises(CallFailed, match="holds an address"):
        loop.run(ModelClient(5).ask(question))
    assert model_server.requests == []


def test_a_crew_asked_for_with_such_a_name_is_made_by_the_built_in_engine_and_says_so(
    crewgen: Crewgen, model_server: ModelServer
) -> None:
    asked = name_server("huggingface", model_server)
    made = crewgen.generate(Objective(text="Write a report about solar panels"), asked)
    assert made.design.provenance.label.startswith("Built-in")
    assert "holds an address" in made.design.provenance.model_dump_json()
    assert model_server.requests == []


def test_a_crew_whose_agent_names_an_address_is_not_run(crewgen: Crewgen, model_server: ModelServer) -> None:
    crew = sequential_crew()
    agent = crew.agents[0].model_copy(update={"model": name_server("huggingface", model_server)})
    stored = crewgen.crews.save(crew.model_copy(update={"agents": (agent, *crew.agents[1:])}))
    with pytest.raises(CannotRun, match="holds an address"):
        crewgen.running.start(stored.crew_id, settings=RunSettings(leave_out_tools=True))
    assert (crewgen.running.count_runs(), model_server.requests) == (0, [])
