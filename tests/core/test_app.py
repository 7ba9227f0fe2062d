"""The front door: what it stores, keeps and gives back."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import CancelledError
from decimal import Decimal
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import EditConflict, NotFound, StorageFault, UnusableObjective
from crewgen_core.exports.forms import EXPORTS, ExportFormat
from crewgen_core.llm.loop import shared_loop
from crewgen_core.models.change import Change, Edit
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings
from tests.support.model_server import GOOD_ANSWER, TRANSPORT_FAULTS, ModelServer, say

CHURN = Objective(text="Explain why churn rose in Q3 from our subscription exports and write a two-page brief.")
OBJECTIVE = Objective(text="Screen 120 CVs for a senior accountant and shortlist five candidates with reasons.")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR")


@pytest.fixture
def crewgen(settings: Settings) -> Iterator[Crewgen]:
    crewgen = Crewgen(settings, environment={})
    yield crewgen
    crewgen.database.close()


def test_a_generated_crew_is_stored_with_its_request(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    stored = crewgen.crews.get(made.crew_id)
    assert (stored.crew, stored.report, stored.estimate) == (made.design.crew, made.design.report, made.design.estimate)
    assert (stored.number, stored.request_id, stored.objective) == (1, made.request_id, OBJECTIVE)
    request = crewgen.get_request(made.request_id)
    assert (request.state, request.crew_id, request.engine) == ("completed", made.crew_id, "Built-in")


def test_generating_without_a_model_costs_nothing(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    assert made.design.provenance.cost_usd == 0
    assert crewgen.count_everything().generation_usd == 0


def test_what_was_generated_is_there_after_a_restart(crewgen: Crewgen, settings: Settings):
    made = crewgen.generate(OBJECTIVE)
    again = Crewgen(settings, environment={})
    assert again.crews.get(made.crew_id).crew == made.design.crew
    again.database.close()


def test_each_step_is_told(crewgen: Crewgen):
    steps: list[str] = []
    crewgen.generate(OBJECTIVE, tell=steps.append)
    assert steps[:3] == ["Reading the objective", "Composing the crew", "Checking the crew"]
    assert steps[-1] == "Estimating cost, duration and success"


def test_a_failed_request_keeps_objective_and_reason(crewgen: Crewgen):
    empty = Objective(text="Ok!")
    with pytest.raises(UnusableObjective) as fault:
        crewgen.generate(empty)
    (request,) = crewgen.list_requests()
    assert (request.state, request.objective, request.crew_id) == ("failed", empty, None)
    assert request.failure_reason == str(fault.value)


def test_a_request_that_is_stopped_while_the_model_thinks_ends_as_failed(crewgen: Crewgen, model_server: ModelServer):
    model_server.script = [TRANSPORT_FAULTS["hang"]]

    async def stop_early() -> None:
        generating = asyncio.create_task(crewgen.generate_async(OBJECTIVE, "openai/test"))
        while not model_server.requests and not generating.done():
            await asyncio.sleep(0.01)
        generating.cancel()
        await generating

    with pytest.raises(CancelledError):
        shared_loop().run(stop_early())
    (request,) = crewgen.list_requests()
    assert (request.state, request.objective) == ("failed", OBJECTIVE)
    assert request.failure_reason == "It was stopped before the crew was ready."


def test_a_request_stored_with_a_model_names_who_made_the_crew(crewgen: Crewgen, model_server: ModelServer):
    made = crewgen.generate(CHURN, "openai/test")
    assert crewgen.get_request(made.request_id).engine == "openai/test"
    model_server.script = [TRANSPORT_FAULTS["500"]]
    made = crewgen.generate(OBJECTIVE, "openai/test")
    request = crewgen.get_request(made.request_id)
    assert (request.engine, request.model) == ("Built-in", "openai/test")
    assert request.design is not None
    assert request.design.provenance.fallback_reason


def test_a_request_that_a_model_answered_is_answered_again_without_a_call(crewgen: Crewgen, model_server: ModelServer):
    first = crewgen.generate(CHURN, "openai/test")
    again = crewgen.generate(CHURN, "openai/test")
    assert len(model_server.requests) == 1
    assert again.request_id != first.request_id
    assert (again.design.crew, again.design.report) == (first.design.crew, first.design.report)
    made = again.design.provenance
    assert (made.engine, made.label, made.model) == ("model", "openai/test", "openai/test")
    assert (made.calls, made.tokens_in, made.cost_usd, made.model_seconds) == (0, 0, 0, 0)
    assert made.cached_from == first.request_id
    assert made.source.startswith(f"Answered from request {first.request_id} of ")
    assert made.source.endswith("; no call was made.")
    assert again.document()["provenance"]["cached_from"] == first.request_id


def test_an_answer_from_before_names_the_request_that_asked(crewgen: Crewgen, model_server: ModelServer):
    first, *others = (crewgen.generate(CHURN, "openai/test") for _ in range(3))
    assert [other.design.provenance.cached_from for other in others] == [first.request_id] * 2
    assert len(model_server.requests) == 1


def test_a_fresh_answer_is_asked_for_and_then_the_one_that_is_reused(crewgen: Crewgen, model_server: ModelServer):
    crewgen.generate(CHURN, "openai/test")
    fresh = crewgen.generate(CHURN, "openai/test", fresh=True)
    assert (len(model_server.requests), fresh.design.provenance.cached_from) == (2, None)
    assert crewgen.generate(CHURN, "openai/test").design.provenance.cached_from == fresh.request_id


@pytest.mark.parametrize("other", [{"context": "B2B"}, {"max_agents": 2}, {"allowed_tools": ("file_read",)}])
def test_another_limit_is_another_request(crewgen: Crewgen, model_server: ModelServer, other: dict[str, object]):
    crewgen.generate(CHURN, "openai/test")
    made = crewgen.generate(CHURN.model_copy(update=other), "openai/test")
    assert (len(model_server.requests), made.design.provenance.cached_from) == (2, None)


def test_the_built_in_crew_of_a_model_that_failed_is_not_reused(crewgen: Crewgen, model_server: ModelServer):
    model_server.script = [TRANSPORT_FAULTS["500"], say(GOOD_ANSWER)]
    assert crewgen.generate(CHURN, "openai/test").design.provenance.fallback_reason
    again = crewgen.generate(CHURN, "openai/test").design.provenance
    assert (again.engine, again.cached_from, len(model_server.requests)) == ("model", None, 2)


def test_a_damaged_answer_from_before_only_means_that_the_model_is_asked(crewgen: Crewgen, model_server: ModelServer):
    crewgen.generate(CHURN, "openai/test")
    with crewgen.database.begin() as connection:
        connection.exec_driver_sql("UPDATE generation_requests SET generation_result = '{}'")
    assert crewgen.generate(CHURN, "openai/test").design.provenance.engine == "model"
    assert len(model_server.requests) == 2


def test_a_high_risk_tool_is_told_with_what_it_can_do(crewgen: Crewgen):
    objective = Objective(text="Write a Python script that sorts our orders and run it in a sandbox.")
    design = crewgen.generate(objective).design
    granted = {tool for task in design.crew.tasks for tool in task.tools}
    risky = [crewgen.catalog.tools[key] for key in granted if crewgen.catalog.tools[key].risk == "high"]
    assert risky
    for tool in risky:
        assert any(tool.name in caution and tool.risk_reason in caution for caution in design.provenance.cautions)


def test_the_key_that_a_provider_repeats_is_stored_nowhere(crewgen: Crewgen, model_server: ModelServer, tmp_path: Path):
    model_server.script = [TRANSPORT_FAULTS["401"]]
    crewgen.generate(OBJECTIVE, "openai/test")
    crewgen.database.close()
    assert not any(b"sk-" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_review_gives_the_same_as_generating(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE).design
    assert crewgen.review(made.crew, OBJECTIVE) == (made.report, made.estimate)


def test_an_objective_that_cannot_be_used_is_passed_over_by_a_review(crewgen: Crewgen):
    crew = crewgen.generate(OBJECTIVE).design.crew
    assert crewgen.review(crew, Objective(text="?")) == crewgen.review(crew)


def test_the_computation_says_what_the_estimate_says_with_the_chance_to_keep_the_limits(crewgen: Crewgen):
    objective = OBJECTIVE.model_copy(update={"budget_usd": Decimal("0.05"), "deadline_minutes": 5})
    made = crewgen.generate(objective, "").design
    worked = crewgen.explain_estimate(made.crew, objective)
    assert worked.sensitivity.base.success == made.estimate.success.p50
    assert worked.duration_runs is not None
    assert worked.duration_runs.quantiles == made.estimate.duration_s
    assert worked.duration_runs.limit == 300
    assert worked.cost_runs is not None
    assert 0 < (worked.cost_runs.within or 0) < 1


def test_the_effect_of_a_change_is_the_estimate_after_it(crewgen: Crewgen):
    crew = crewgen.generate(OBJECTIVE).design.crew
    task = crew.tasks[0].key
    longer = Change(
        title="Plan more", reason="Test", edits=(Edit(op="set", path=f"tasks/{task}/human_minutes", value=900),)
    )
    effect = crewgen.effect_of(crew, longer, OBJECTIVE).effect
    assert effect is not None
    assert effect.success.p50 < crewgen.review(crew, OBJECTIVE)[1].success.p50


def test_mending_leaves_no_error_that_a_fix_was_offered_for(crewgen: Crewgen):
    crew = crewgen.generate(OBJECTIVE).design.crew
    first = crew.tasks[0].model_copy(update={"depends_on": ("nothing_like_that",)})
    mended, changes = crewgen.mend(crew.model_copy(update={"tasks": (first, *crew.tasks[1:])}), OBJECTIVE)
    assert changes
    assert not crewgen.review(mended, OBJECTIVE)[0].errors


def test_an_edit_makes_a_version_and_keeps_the_earlier_one(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    renamed = made.design.crew.model_copy(update={"name": "Accountant search"})
    saved = crewgen.crews.save_version(made.crew_id, renamed, "Renamed", expected=1)
    assert (saved.number, saved.parent_number, saved.crew.name) == (2, 1, "Accountant search")
    assert crewgen.crews.get(made.crew_id, 1).crew == made.design.crew
    assert crewgen.crews.versions(made.crew_id)[0].note == "Renamed"


def test_a_second_edit_of_the_same_version_is_refused_and_changes_nothing(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    crewgen.crews.save_version(made.crew_id, made.design.crew.model_copy(update={"name": "First"}), "First", 1)
    with pytest.raises(EditConflict):
        crewgen.crews.save_version(
            made.crew_id, made.design.crew.model_copy(update={"name": "Second"}), "Second", expected=1
        )
    assert crewgen.crews.get(made.crew_id).crew.name == "First"


def test_reverting_makes_an_earlier_state_the_newest(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    crewgen.crews.save_version(
        made.crew_id, made.design.crew.model_copy(update={"name": "Other"}), "Renamed", expected=1
    )
    reverted = crewgen.crews.revert(made.crew_id, 1, expected=2)
    assert (reverted.number, reverted.crew) == (3, made.design.crew)


def test_lists_show_the_newest_first_and_can_be_searched(crewgen: Crewgen):
    first, second = (
        crewgen.generate(OBJECTIVE),
        crewgen.generate(Objective(text="Translate the user manual into Spanish.")),
    )
    assert [row.id for row in crewgen.crews.list()] == [second.crew_id, first.crew_id]
    assert [row.id for row in crewgen.crews.list(before=second.crew_id)] == [first.crew_id]
    assert [row.id for row in crewgen.crews.list("user manual")] == [second.crew_id]
    assert (crewgen.crews.count(), crewgen.crews.count("accountant")) == (2, 1)


@pytest.mark.parametrize(
    "ask", [lambda it: it.crews.get(1), lambda it: it.get_request(1), lambda it: it.crews.versions(1)]
)
def test_what_is_not_there_is_said_not_to_be_there(crewgen: Crewgen, ask):
    with pytest.raises(NotFound):
        ask(crewgen)


@pytest.mark.parametrize("form", EXPORTS)
def test_an_exported_crew_can_be_read_and_stored_again(crewgen: Crewgen, form: ExportFormat):
    crew = crewgen.generate(OBJECTIVE).design.crew
    file = crewgen.export(crew, form)
    imported = crewgen.read_crew({file.name: file.content})
    assert [task.name for task in imported.crew.tasks] == [task.name for task in crew.tasks]
    stored = crewgen.crews.save(imported.crew)
    assert (stored.request_id, stored.note) == (None, "Imported")
    assert stored.report.valid


def test_the_crewgen_export_loses_nothing(crewgen: Crewgen):
    crew = crewgen.generate(OBJECTIVE).design.crew
    for form in ("crewgen", "crewgen-yaml"):
        file = crewgen.export(crew, form)
        assert crewgen.read_crew({file.name: file.content}).crew == crew


def test_the_document_of_a_generation_is_read_as_its_crew(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    document = made.document()
    assert document["crew_id"] == made.crew_id
    assert document["analysis"]["domain"] == made.design.analysis.domain


def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'file' / 'x.db'}"), environment={})
    with pytest.raises(StorageFault):
        crewgen.generate(OBJECTIVE)


def test_providers_are_ready_when_their_keys_are_set(settings: Settings):
    ready = dict(Crewgen(settings, {"MISTRAL_API_KEY": "x", "OPENAI_API_KEY": ""}).models.list_providers())
    assert {provider.prefix for provider, is_ready in ready.items() if is_ready} == {"mistral", "ollama"}


def test_an_unknown_model_is_estimated_without_a_cost(crewgen: Crewgen):
    crew = crewgen.generate(OBJECTIVE).design.crew
    agents = tuple(agent.model_copy(update={"model": "nobody/unknown"}) for agent in crew.agents)
    _, estimate = crewgen.review(crew.model_copy(update={"agents": agents}))
    assert estimate.cost_usd is None
    assert any("price" in unknown for unknown in estimate.unknowns)


# --- refining ---------------------------------------------------------------------------------------------------------


def test_a_refined_crew_is_a_new_version_with_its_limits_and_its_maker(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    refined = crewgen.crews.refine(made.crew_id, "two agents only and write it in German")
    stored = crewgen.crews.get(made.crew_id)
    assert stored == refined.stored
    assert (stored.number, stored.note) == (2, "two agents only and write it in German")
    assert stored.objective is not None
    assert (stored.objective.max_agents, stored.objective.preferences) == (2, "Write in German.")
    assert stored.report.valid
    assert stored.provenance is not None
    assert stored.provenance.notes == refined.refinement.done
    assert crewgen.crews.get(made.crew_id, 1).objective == OBJECTIVE


def test_what_was_not_done_makes_no_version(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    refined = crewgen.crews.refine(made.crew_id, "sing me a song")
    assert not refined.refinement.changed
    assert crewgen.crews.get(made.crew_id).number == 1


def test_unsaved_edits_become_a_version_of_their_own_before(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    edited = made.design.crew.model_copy(update={"name": "By hand"})
    refined = crewgen.crews.refine(
        made.crew_id, "rename step 1 to Begin", expected=1, edited=edited, edit_note="Renamed"
    )
    assert refined.kept_edits == 2
    assert [row.note for row in crewgen.crews.versions(made.crew_id)][:2] == [
        "rename step 1 to Begin",
        "Renamed",
    ]
    assert crewgen.crews.get(made.crew_id, 3).crew.name == "By hand"
    differences = crewgen.crews.compare_versions(made.crew_id, 3, 2)
    assert {one.field for one in differences} <= {"name", "description", "backstory"}


def test_a_refinement_of_a_version_that_is_not_the_newest_is_a_conflict_and_stores_nothing(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    crewgen.crews.save_version(
        made.crew_id, made.design.crew.model_copy(update={"name": "Other"}), "Renamed", expected=1
    )
    edited = made.design.crew.model_copy(update={"name": "By hand"})
    with pytest.raises(EditConflict):
        crewgen.crews.refine(made.crew_id, "make it faster, add a manager", expected=1, edited=edited)
    assert crewgen.crews.get(made.crew_id).number == 2


def test_a_model_is_asked_only_for_what_the_built_in_engine_does_not_understand(
    crewgen: Crewgen, model_server: ModelServer
):
    made = crewgen.generate(OBJECTIVE)
    assert crewgen.refine(made.design.crew, "add a manager", OBJECTIVE, "openai/test").changed
    assert model_server.requests == []
    model_server.script = [TRANSPORT_FAULTS["401"]]
    assert not crewgen.refine(made.design.crew, "sing me a song", OBJECTIVE, "openai/test").changed
    assert len(model_server.requests) == 1


def test_models_to_choose_from_are_those_whose_keys_are_set_or_all(settings: Settings):
    everything = Crewgen(settings, environment={}).models.find_candidates()
    of_mistral = Crewgen(settings, environment={"MISTRAL_API_KEY": "k"}).models.find_candidates()
    assert of_mistral == ("mistral/mistral-medium-3-5",)
    assert set(of_mistral) < set(everything)
    assert "gpt-5" in Crewgen(settings, environment={"MISTRAL_API_KEY": "k"}).models.find_candidates(["openai"])
