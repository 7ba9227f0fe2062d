"""Composing with a model, over real HTTP on loopback: whatever it does, there is a crew that says where it is from."""

import re
from decimal import Decimal

import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.model import ModelComposer
from crewgen_core.llm.client import ModelClient
from crewgen_core.llm.loop import BackgroundLoop
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.change import Change, Edit, apply_change
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import BUILT_IN, Draft, Provenance
from crewgen_core.models.report import Finding, Report
from tests.support.model_server import (
    GOOD_ANSWER,
    ODD_ANSWERS,
    SPOKEN_FAULTS,
    TRANSPORT_FAULTS,
    ModelServer,
    Reply,
    say,
)

FAULTS = TRANSPORT_FAULTS | SPOKEN_FAULTS
RECOVERS = {*SPOKEN_FAULTS, "429 now", "no choices"}
"""Faults after which the next answer is heard."""


class GivenCrew:
    """A composer that always has the same crew."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew

    async def compose(self, analysis: Analysis) -> Draft:
        del analysis
        return Draft(crew=self.crew, provenance=Provenance(engine="catalog"))

    async def repair(self, draft: Draft, analysis: Analysis, report: Report) -> Draft:
        del analysis
        fixes = [finding.fix for finding in report.errors if finding.fix]
        return draft.model_copy(update={"crew": apply_change(draft.crew, fixes[0])})


class Bench:
    """Composes one crew after the other with the scripted model."""

    def __init__(self, catalog: Catalog, analysis: Analysis, built_in: Crew, loop: BackgroundLoop) -> None:
        self.analysis, self.built_in, self._loop, self._catalog = analysis, built_in, loop, catalog

    def composer(self, model: str, deadline_s: float) -> ModelComposer:
        return ModelComposer(self._catalog, GivenCrew(self.built_in), ModelClient(deadline_s).ask, model)

    def compose(self, model: str = "openai/test", deadline_s: float = 10) -> Draft:
        return self._loop.run(self.composer(model, deadline_s).compose(self.analysis))

    def repair(self, draft: Draft, fix: Change | None = None, model: str = "openai/test") -> Draft:
        finding = Finding(code="CG104", severity="error", where="crew", message="It cannot run.", fix=fix)
        report = Report(findings=(finding,), coverage=(), score=1, verdict="It cannot run.")
        return self._loop.run(self.composer(model, 10).repair(draft, self.analysis, report))


@pytest.fixture
def bench(small_catalog: Catalog, analysis: Analysis, built_in_crew: Crew, loop: BackgroundLoop) -> Bench:
    return Bench(small_catalog, analysis, built_in_crew, loop)


def assert_from_model(draft: Draft) -> None:
    assert draft.provenance.engine == "model"
    assert draft.provenance.label == draft.provenance.model == "openai/test"
    assert draft.provenance.fallback_reason == ""
    assert draft.crew.agents
    assert draft.crew.tasks


def assert_fallen_back(draft: Draft, built_in: Crew) -> None:
    assert draft.crew == built_in
    assert draft.provenance.engine == "catalog"
    assert draft.provenance.label == BUILT_IN
    assert draft.provenance.model == "openai/test"
    assert re.fullmatch(r"[^\n<>]{10,200}\.", draft.provenance.fallback_reason)
    assert "sk-" not in draft.provenance.fallback_reason


def test_a_good_answer_takes_one_call(bench: Bench, model_server: ModelServer):
    draft = bench.compose()
    assert_from_model(draft)
    assert len(model_server.requests) == 1
    assert (draft.provenance.calls, draft.provenance.tokens_in, draft.provenance.tokens_out) == (1, 1_200, 800)
    assert draft.provenance.model_seconds > 0
    assert draft.provenance.notes == ()


def test_the_cost_is_exact_where_the_price_is_known_and_unknown_otherwise(bench: Bench, model_server: ModelServer):
    assert bench.compose("openai/gpt-4.1-mini").provenance.cost_usd == Decimal("0.001760")
    assert bench.compose("openai/test").provenance.cost_usd is None
    assert len(model_server.requests) == 2


@pytest.mark.parametrize("form", ODD_ANSWERS)
def test_an_odd_form_of_a_good_answer_takes_one_call(form: str, bench: Bench, model_server: ModelServer):
    model_server.script = [ODD_ANSWERS[form]]
    assert_from_model(bench.compose())
    assert len(model_server.requests) == 1


def test_a_truncated_answer_is_completed_and_told(bench: Bench, model_server: ModelServer):
    model_server.script = [ODD_ANSWERS["truncated"]]
    draft = bench.compose()
    assert draft.provenance.notes[0].startswith("The answer was cut off")
    assert {skill for task in draft.crew.tasks for skill in task.skills} >= {"data_analysis", "report_writing"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_model_that_always_fails_leaves_the_built_in_crew(fault: str, bench: Bench, model_server: ModelServer):
    model_server.script = [FAULTS[fault]]
    draft = bench.compose(deadline_s=0.4 if fault == "hang" else 10)
    assert_fallen_back(draft, bench.built_in)
    assert draft.provenance.calls == (2 if fault in SPOKEN_FAULTS or fault == "no choices" else 1)
    assert len(model_server.requests) <= 2


@pytest.mark.parametrize("fault", FAULTS)
def test_a_model_that_fails_once_is_asked_again_where_that_helps(fault: str, bench: Bench, model_server: ModelServer):
    model_server.script = [FAULTS[fault], say(GOOD_ANSWER)]
    draft = bench.compose(deadline_s=0.4 if fault == "hang" else 10)
    if fault in RECOVERS:
        assert_from_model(draft)
        assert len(model_server.requests) == 2
    else:
        assert_fallen_back(draft, bench.built_in)
        assert len(model_server.requests) == 1


def test_tokens_of_an_answer_of_no_use_are_counted_all_the_same(bench: Bench, model_server: ModelServer):
    model_server.script = [say("Hm.", tokens_in=10, tokens_out=1), say("Hm.", tokens_in=20, tokens_out=2)]
    provenance = bench.compose().provenance
    assert (provenance.calls, provenance.tokens_in, provenance.tokens_out) == (2, 30, 3)


def test_a_refusal_costs_nothing_and_a_hanging_model_costs_nobody_knows_what(bench: Bench, model_server: ModelServer):
    model_server.script = [TRANSPORT_FAULTS["401"]]
    assert bench.compose().provenance.cost_usd == 0
    model_server.script = [TRANSPORT_FAULTS["hang"]]
    assert bench.compose(deadline_s=0.3).provenance.cost_usd is None


def test_both_questions_share_one_deadline(bench: Bench, model_server: ModelServer):
    model_server.script = [say("Hm.", delay_s=0.3), Reply(delay_s=3_600)]
    draft = bench.compose(deadline_s=0.6)
    assert "within 0.6 seconds" in draft.provenance.fallback_reason
    assert draft.provenance.model_seconds < 5


def test_a_repair_asks_once_more_with_the_errors(bench: Bench, model_server: ModelServer):
    draft = bench.repair(bench.compose())
    assert_from_model(draft)
    assert draft.provenance.calls == 2
    assert "It cannot run." in model_server.requests[1]["messages"][-1]["content"]


def test_after_two_questions_nothing_more_is_asked(bench: Bench, model_server: ModelServer):
    repaired = bench.repair(bench.compose())
    assert bench.repair(repaired) == repaired
    assert repaired.provenance.tokens_in == 2_400
    assert len(model_server.requests) == 2


def test_a_repair_that_fails_gives_the_built_in_crew(bench: Bench, model_server: ModelServer):
    draft = bench.compose()
    model_server.script = [TRANSPORT_FAULTS["500"]]
    repaired = bench.repair(draft)
    assert_fallen_back(repaired, bench.built_in)
    assert (repaired.provenance.calls, repaired.provenance.tokens_in) == (2, 1_200)


def test_a_built_in_crew_is_repaired_without_the_model(bench: Bench, model_server: ModelServer):
    model_server.script = [TRANSPORT_FAULTS["401"]]
    draft = bench.compose()
    fix = Change(title="Rename", reason="test", edits=(Edit(op="set", path="name", value="Better"),))
    repaired = bench.repair(draft, fix)
    assert repaired.crew.name == "Better"
    assert repaired.provenance == draft.provenance
    assert len(model_server.requests) == 1


def test_a_hostile_model_name_is_shown_short(bench: Bench):
    draft = bench.compose("x" * 10_000)
    assert len(draft.provenance.fallback_reason) < 200
