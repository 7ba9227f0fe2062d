"""The Generate page: what is typed reaches the core, and what is edited is checked and priced at once."""

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import MAX_CONTEXT_CHARACTERS, MAX_OBJECTIVE_CHARACTERS, Objective
from pages.shared.report import SCORE_HELP
from tests.support.model_server import ModelServer

BRIEF = "Analyze why churn rose in Q3 from our exports and write a two-page brief for the board."
MANY = "Write a report, a press release, a slide deck and a newsletter about tea for the board."


def open_form(app: AppTest) -> AppTest:
    app.run()
    return app.switch_page("generate.py").run()


def generate(app: AppTest, text: str) -> AppTest:
    app.text_area(key="objective_text").set_value(text)
    return app.button(key="generate").click().run()


def open_crew(app: AppTest, crew_id: object) -> AppTest:
    app.run()
    app.switch_page("crew.py")
    app.query_params["crew"] = str(crew_id)
    return app.run()


def make_crew(crewgen: Crewgen, text: str = BRIEF) -> int:
    return crewgen.generate(Objective(text=text)).crew_id


def figures(app: AppTest) -> list[str]:
    """Return the headline of the estimate: chance of success, cost, duration, tokens."""
    return [metric.value for metric in app.metric]


def edit_first_task(app: AppTest, label: str, value: str) -> AppTest:
    app.button(key="edit_task_1").click().run()
    return next(field for field in app.text_area if field.label == label).set_value(value).run()


def said(app: AppTest) -> str:
    """Return all that the page says in boxes and lines."""
    return "\n".join(element.value for kind in (app.error, app.warning, app.info, app.markdown) for element in kind)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "There is no objective yet"),
        (" \n\t ", "There is no objective yet"),
        ("?!", "no words"),
        ("...", "no words"),
        ("a" * (MAX_OBJECTIVE_CHARACTERS + 1), "20,001 characters, and 20,000 is the most"),
    ],
)
def test_what_is_no_objective_gets_a_sentence_and_stays(app: AppTest, typed: str, sentence: str) -> None:
    generate(open_form(app), typed)
    assert sentence in app.error[0].value
    assert app.text_area(key="objective_text").value == typed
    assert "crew" not in app.query_params
    assert not app.exception


def test_a_context_that_is_too_long_gets_a_sentence_and_stays(app: AppTest) -> None:
    open_form(app)
    app.text_area(key="objective_context").set_value("a" * (MAX_CONTEXT_CHARACTERS + 1))
    generate(app, BRIEF)
    assert "The context has 20,001 characters" in app.error[0].value
    assert len(app.text_area(key="objective_context").value or "") == MAX_CONTEXT_CHARACTERS + 1
    assert "crew" not in app.query_params


def test_a_text_of_the_editor_that_is_too_long_is_refused_in_words(app: AppTest) -> None:
    generate(open_form(app), BRIEF)
    edit_first_task(app, "Expected output", "a" * 10_001)
    assert "10,000 characters at most" in said(app)
    assert "Unsaved changes" not in said(app)
    next(field for field in app.text_area if field.label == "Expected output").set_value("a" * 10_000).run()
    assert "Unsaved changes" in said(app)


def test_after_a_failure_the_next_try_makes_a_crew(app: AppTest) -> None:
    generate(open_form(app), "?!")
    generate(app, BRIEF)
    assert "crew" in app.query_params
    assert len(app.error) == 0


def test_the_limits_reach_the_core(app: AppTest, crewgen: Crewgen) -> None:
    open_form(app)
    app.number_input(key="objective_max_agents").set_value(2)
    app.number_input(key="objective_budget_usd").set_value(0.5)
    app.number_input(key="objective_deadline_minutes").set_value(90.0)
    app.text_area(key="objective_context").set_value("We sell tea.")
    generate(app, MANY)
    stored = crewgen.crews.get(crewgen.crews.list()[0].id)
    assert len(stored.crew.agents) <= 2
    assert stored.objective is not None
    assert (str(stored.objective.budget_usd), stored.objective.deadline_minutes) == ("0.5", 90.0)
    assert stored.objective.context == "We sell tea."


def test_a_budget_that_is_too_small_is_a_finding(app: AppTest, crewgen: Crewgen) -> None:
    open_form(app)
    app.number_input(key="objective_budget_usd").set_value(0.000001)
    generate(app, MANY)
    findings = crewgen.crews.get(crewgen.crews.list()[0].id).report.findings
    assert "CG401" in [finding.code for finding in findings]


def test_the_check_tab_says_what_findings_prevent_and_what_makes_crews_fail(app: AppTest) -> None:
    open_form(app)
    app.session_state["tab"] = "Check"
    generate(app, MANY)
    assert "Skills covered" in [metric.label for metric in app.metric]
    assert [metric.help for metric in app.metric if metric.label == "Score of 10"] == [SCORE_HELP]
    assert "Most likely causes of failure for this crew" in [header.value for header in app.subheader]
    assert any("Step repetition" in text.value for text in app.markdown)


def test_human_work_of_the_analysis_says_that_it_was_assumed_before_there_was_a_plan(app: AppTest) -> None:
    open_form(app)
    app.session_state["tab"] = "Analysis"
    generate(app, MANY)
    (human,) = [metric for metric in app.metric if metric.label.startswith("Human work")]
    assert human.label == "Human work before planning"
    assert "tasks may take longer or less" in human.help


def test_no_tools_means_no_tools(app: AppTest, crewgen: Crewgen) -> None:
    open_form(app)
    app.get("button_group")[0].set_value("No tools").run()
    generate(app, "Research our competitors on the web and write a report from our CSV files.")
    crew = crewgen.crews.get(crewgen.crews.list()[0].id).crew
    assert not any(agent.tools for agent in crew.agents)
    assert not any(task.tools for task in crew.tasks)


def test_an_example_never_replaces_what_was_typed(app: AppTest) -> None:
    open_form(app)
    app.button(key="example_0").click().run()
    assert app.text_area(key="objective_text").value.startswith("Analyze why churn rose")
    assert not any(str(button.key).startswith("example_") for button in app.button)


def test_clear_empties_the_form(app: AppTest) -> None:
    open_form(app)
    app.text_area(key="objective_text").set_value(BRIEF)
    app.number_input(key="objective_max_agents").set_value(2).run()
    app.button(key="clear_objective").click().run()
    assert app.text_area(key="objective_text").value == ""
    assert app.number_input(key="objective_max_agents").value is None


def test_an_earlier_request_gives_its_text_again(app: AppTest, crewgen: Crewgen) -> None:
    made = crewgen.generate(Objective(text=BRIEF, max_agents=4))
    open_form(app)
    app.session_state["earlier_requests"] = True  # the list is opened
    app.run()
    app.button(key=f"again_{made.request_id}").click().run()
    assert app.text_area(key="objective_text").value == BRIEF
    assert app.number_input(key="objective_max_agents").value == 4


@pytest.mark.parametrize("crew_id", ["999999", "abc", "-1", "1e3", "", "9" * 40, "<b>1</b>", "１２"])
def test_an_unknown_crew_gets_a_sentence_and_a_way_back(app: AppTest, crew_id: str) -> None:
    open_crew(app, crew_id)
    assert "no crew" in app.error[0].value
    assert not app.exception
    assert "generate" in [link.proto.page for link in app.get("page_link")]


def test_an_edit_is_priced_at_once_and_not_yet_saved(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = make_crew(crewgen)
    before = figures(open_crew(app, crew_id))
    edit_first_task(app, "Description", "Look. " * 2_000)
    assert figures(app) != before
    assert "Unsaved changes" in said(app)
    assert crewgen.crews.get(crew_id).number == 1


def test_an_edit_is_checked_at_once(app: AppTest, crewgen: Crewgen) -> None:
    open_crew(app, make_crew(crewgen))
    assert "missing expected output" not in said(app)
    edit_first_task(app, "Description", "Look.")
    assert "thin description" in said(app)


def test_discard_brings_back_the_saved_crew(app: AppTest, crewgen: Crewgen) -> None:
    before = figures(open_crew(app, make_crew(crewgen)))
    edit_first_task(app, "Description", "Look. " * 2_000)
    app.button(key="discard").click().run()
    assert figures(app) == before
    assert "Unsaved changes" not in said(app)


def test_a_note_names_the_saved_version(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = make_crew(crewgen)
    open_crew(app, crew_id)
    edit_first_task(app, "Expected output", "One page.")
    app.text_input(key="save_note").set_value("Shorter")
    app.button(key="save").click().run()
    newest = crewgen.crews.versions(crew_id)[0]
    assert (newest.number, newest.note) == (2, "Shorter")
    assert crewgen.crews.get(crew_id).crew.tasks[0].expected_output == "One page."


def test_when_somebody_else_saved_first_the_edit_is_kept_and_can_follow(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = make_crew(crewgen)
    open_crew(app, crew_id)
    edit_first_task(app, "Expected output", "One page.")
    theirs = crewgen.crews.get(crew_id).crew.model_copy(update={"name": "Renamed elsewhere"})
    crewgen.crews.save_version(crew_id, theirs, "From elsewhere", expected=1)

    app.button(key="save").click().run()
    assert "Version 2 was saved while you edited version 1" in said(app)
    assert "Unsaved changes" in said(app)
    assert next(field for field in app.text_area if field.label == "Expected output").value == "One page."
    assert crewgen.crews.get(crew_id).number == 2

    app.button(key="save").click().run()
    assert crewgen.crews.get(crew_id).number == 3
    assert crewgen.crews.get(crew_id).crew.tasks[0].expected_output == "One page."
    assert crewgen.crews.get(crew_id, 2).crew.name == "Renamed elsewhere"


def test_a_removed_task_leaves_nobody_waiting_for_it(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = make_crew(crewgen)
    removed = crewgen.crews.get(crew_id).crew.tasks[0].key
    open_crew(app, crew_id)
    app.button(key="edit_task_1").click().run()
    app.button(key="remove_part").click().run()
    app.button(key="save").click().run()
    left = crewgen.crews.get(crew_id).crew
    assert removed not in {task.key for task in left.tasks}
    assert not any(removed in task.depends_on for task in left.tasks)
    assert not app.exception


def test_a_model_that_cannot_be_reached_leaves_the_built_in_crew_and_the_reason(
    app: AppTest, crewgen: Crewgen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    open_form(app)
    app.selectbox(key="objective_engine").set_value(app.selectbox(key="objective_engine").options[1])
    generate(app, BRIEF)
    assert "crew" in app.query_params
    request = crewgen.list_requests(limit=1)[0]
    design = crewgen.get_request(request.id).design
    assert design is not None
    assert design.provenance.fallback_reason
    assert "sk-test-key" not in said(app)


def test_a_model_that_answered_before_is_asked_again_only_when_that_is_wanted(
    app: AppTest, crewgen: Crewgen, model_server: ModelServer
) -> None:
    text = "Explain why churn rose in Q3 from our subscription exports and write a two-page brief."
    first = crewgen.generate(Objective(text=text), "openai/gpt-5-mini")
    open_form(app)
    assert app.checkbox(key="ask_afresh").disabled
    app.selectbox(key="objective_engine").set_value("openai/gpt-5-mini").run()
    assert not app.checkbox(key="ask_afresh").disabled
    generate(app, text)
    assert len(model_server.requests) == 1
    assert f"Answered from request {first.request_id} of" in "\n".join(caption.value for caption in app.caption)

    app.query_params.clear()
    app.switch_page("generate.py").run()
    app.checkbox(key="ask_afresh").check().run()
    generate(app, text)
    assert len(model_server.requests) == 2
    assert not any("Answered from request" in caption.value for caption in app.caption)


def test_a_part_chosen_in_the_graph_opens_beside_it_once_and_can_be_edited(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = make_crew(crewgen)
    open_crew(app, crew_id)
    first, agent = crewgen.crews.get(crew_id).crew.tasks[0], crewgen.crews.get(crew_id).crew.agents[0]
    app.selectbox(key="crew_graph_part").select(f"tasks/{first.key}").run()
    assert any("see beside the graph above" in caption.value for caption in app.caption)
    app.button(key="edit_task_1").click().run()
    next(field for field in app.text_input if field.label == "Name").input("Measure the churn").run()
    assert app.button(key="save")
    app.selectbox(key="crew_graph_part").select(f"agents/{agent.key}").run()
    assert app.button(key="edit_agent_1")
    for colour in ("cost", "time", "risk"):
        app.segmented_control(key="crew_graph_colour").select(colour).run()
        assert not app.exception
