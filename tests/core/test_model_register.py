"""What is known about models now: corrections count at once, and estimates go on when the database does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotFound, UnusableCorrection
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import BasisItem
from crewgen_core.models.model_correction import ModelCorrection
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings
from crewgen_core.storage import requests
from tests.support.crews import sequential_crew
from tests.support.designs import make_design

MODEL = "gpt-5-mini"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR", run_model=MODEL)


@pytest.fixture
def crewgen(settings: Settings) -> Iterator[Crewgen]:
    crewgen = Crewgen(settings, environment={})
    yield crewgen
    crewgen.database.close()


def correct(crewgen: Crewgen, **figures: object) -> str:
    given = {"model": MODEL, "source": "Own tests"} | figures
    return crewgen.models.correct(ModelCorrection.model_validate(given))


def basis(crewgen: Crewgen, what: str, crew: Crew | None = None) -> BasisItem:
    _, estimate = crewgen.review(crew or sequential_crew())
    return next(item for item in estimate.basis if item.name.startswith(f"{what} of"))


def test_a_correction_counts_in_the_next_estimate_and_is_forgotten_at_once(crewgen: Crewgen):
    shipped = basis(crewgen, "Capability")
    correct(crewgen, eci=100)
    assert basis(crewgen, "Capability").value == "100"
    assert "Own tests" in basis(crewgen, "Capability").source
    crewgen.models.forget(MODEL)
    assert basis(crewgen, "Capability") == shipped


def test_a_correction_of_another_process_counts_too(crewgen: Crewgen, settings: Settings):
    basis(crewgen, "Price")
    other = Crewgen(settings, environment={})
    correct(other, input_usd=7, output_usd=9)
    other.database.close()
    assert basis(crewgen, "Price").value == "7 in, 9 out"


def test_alternatives_are_priced_by_what_was_corrected_since(crewgen: Crewgen):
    objective = Objective(text="Explain why churn rose in Q3 from our exports and write a two-page brief.")
    before = crewgen.alternatives(objective).alternatives[0].estimate.cost_usd
    correct(crewgen, input_usd=100, output_usd=900)
    after = crewgen.alternatives(objective).alternatives[0].estimate.cost_usd
    assert before and after and after.p50 > 10 * before.p50


def test_a_model_is_corrected_under_the_one_name_that_the_price_map_has(crewgen: Crewgen):
    assert correct(crewgen, model="openai/gpt-5-mini", eci=100) == MODEL
    assert (
        crewgen.models.profile_of("openai/gpt-5-mini").horizon_minutes
        == crewgen.models.profile_of(MODEL).horizon_minutes
    )
    crewgen.models.forget("openai/gpt-5-mini")
    with pytest.raises(NotFound):
        crewgen.models.forget(MODEL)


def test_a_name_that_nothing_can_call_is_refused_with_those_that_are_near(crewgen: Crewgen):
    with pytest.raises(UnusableCorrection, match="LiteLLM knows no model gpt-5-minni") as caught:
        correct(crewgen, model="gpt-5-minni", eci=100)
    assert "gpt-5-mini" in caught.value.hint
    with pytest.raises(UnusableCorrection, match="price of the prompt"):
        correct(crewgen, model="openai/mine", output_usd=1)


def test_an_added_model_is_listed_and_can_be_chosen(crewgen: Crewgen):
    correct(crewgen, model="openai/mine", label="Mine", eci=171, input_usd=1, output_usd=2)
    first = crewgen.models.list_models()[0]
    assert (first.name, first.label, first.shipped, first.provider) == ("openai/mine", "Mine", False, "openai")
    assert first.correction and first.correction.eci == 171
    assert crewgen.models.find_candidates()[0] == "openai/mine"
    assert crewgen.models.find_candidates(["openai"])[0] == "openai/mine"


def test_own_calls_are_measured_and_a_person_stands_above_them(crewgen: Crewgen):
    answered = {"engine": "model", "label": "m", "calls": 1, "tokens_out": 900, "model_seconds": 31.0}
    design = make_design(**answered)
    for _ in range(3):
        with crewgen.database.begin() as connection:
            request = requests.create(connection, design.objective, f"openai/{MODEL}")
            requests.complete(connection, request, design)
    (listed,) = [model for model in crewgen.models.list_models() if model.name == MODEL]
    assert listed.measured and (listed.measured.calls, listed.tokens_per_s) == (3, 30)
    assert (basis(crewgen, "Speed").value, basis(crewgen, "Speed").status) == ("30", "measured")
    correct(crewgen, tokens_per_s=55)
    assert (basis(crewgen, "Speed").value, basis(crewgen, "Speed").status) == ("55", "assumption")


def test_what_an_estimate_rests_on_is_explained_with_what_was_entered(crewgen: Crewgen):
    before, facts = crewgen.explain_estimate(sequential_crew()), crewgen.models.read()
    assert crewgen.models.read() == facts
    correct(crewgen, eci=120, tokens_per_s=20, input_usd=1, output_usd=2)
    assert crewgen.models.read() != facts
    assert crewgen.explain_estimate(sequential_crew()) != before
    crewgen.models.forget(MODEL)
    assert crewgen.explain_estimate(sequential_crew()) == before


def test_estimating_makes_no_database(settings: Settings, tmp_path: Path):
    Crewgen(settings, environment={}).review(sequential_crew())
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_opened_is_told_and_does_not_stop_an_estimate(settings: Settings, tmp_path: Path):
    (tmp_path / "crewgen.db").write_bytes(b"this is no database" * 100)
    broken = Crewgen(settings, environment={})
    _, estimate = broken.review(sequential_crew())
    assert estimate.cost_usd is not None
    assert any("is not a database file" in unknown for unknown in estimate.unknowns)
    assert "gpt-5" in broken.models.find_candidates()


def test_an_estimate_tells_of_a_model_that_was_switched_off(crewgen: Crewgen):
    ended = "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo"
    crew = sequential_crew()
    agents = tuple(agent.model_copy(update={"model": ended}) for agent in crew.agents)
    _, estimate = crewgen.review(crew.model_copy(update={"agents": agents}))
    assert any("announced its end for 22 Oct 2026" in unknown for unknown in estimate.unknowns)
    assert ended not in crewgen.models.find_candidates(["together_ai"])
