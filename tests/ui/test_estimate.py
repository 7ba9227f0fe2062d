"""The estimate of a crew on its page: charts with words and data, spread, what moves it, and how it was computed."""

from decimal import Decimal

from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.objective import Objective
from tests.support.recorded_outcomes import record_outcomes

BRIEF = "Analyze why churn rose in Q3 from our exports and write a two-page brief for the board."
EVIL = "<img src=x onerror=alert(1)> **bold** $x$"


def open_estimate(app: AppTest, crew_id: int) -> AppTest:
    app.run()
    app.switch_page("crew.py")
    app.query_params["crew"] = str(crew_id)
    app.session_state["tab"] = "Estimate"
    app.session_state["crew_moves"] = True
    app.session_state["crew_computed"] = True
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.info, app.markdown, app.caption) for element in kind)


def test_every_chart_has_words_and_data_beside_it(app: AppTest, crewgen: Crewgen) -> None:
    open_estimate(app, crewgen.generate(Objective(text=BRIEF)).crew_id)
    charts = app.get("plotly_chart")
    assert len(charts) == 7
    assert all(len(chart.proto.alt) > 40 for chart in charts)
    assert sum(button.label == "Data (CSV)" for button in app.get("download_button")) >= len(charts)


def test_the_chance_to_keep_budget_and_deadline_is_said(app: AppTest, crewgen: Crewgen) -> None:
    objective = Objective(text=BRIEF, budget_usd=Decimal("0.05"), deadline_minutes=5)
    text = said(open_estimate(app, crewgen.generate(objective).crew_id))
    assert "of the runs the cost stays within the budget of" in text
    assert "of the runs the duration stays within the deadline of 5" in text


def test_the_computation_is_shown_for_the_crew_and_for_each_task(app: AppTest, crewgen: Crewgen) -> None:
    made = crewgen.generate(Objective(text=BRIEF))
    text = said(open_estimate(app, made.crew_id))
    assert "Load of the crew" in text
    assert "CrewAI's rule" in text
    app.selectbox(key="crew_part").set_value(1).run()
    text = said(app)
    first = made.design.crew.tasks[0]
    assert f"{first.human_minutes:g} min × " in text
    assert "Chance of this task alone" in text
    assert "Load of the crew" not in text


def test_what_moves_cost_is_asked_for_by_name(app: AppTest, crewgen: Crewgen) -> None:
    open_estimate(app, crewgen.generate(Objective(text=BRIEF)).crew_id)
    next(it for it in app.get("button_group") if "Cost" in it.options).set_value("Cost").run()
    assert not app.exception
    assert any(chart.proto.alt.startswith("What moves the cost most") for chart in app.get("plotly_chart"))


def test_names_are_shown_as_they_were_typed(app: AppTest, crewgen: Crewgen) -> None:
    crew = Crew(
        name="Crew",
        agents=(Agent(key="a", role=EVIL),),
        tasks=(Task(key="t", name=EVIL, agent="a", human_minutes=60), Task(key="u", name=EVIL, agent="a")),
    )
    text = said(open_estimate(app, crewgen.crews.save(crew).crew_id))
    assert "**bold**" not in text
    assert "<img" not in text.replace("\\<img", "")


def test_a_crew_without_tasks_has_nothing_to_compute(app: AppTest, crewgen: Crewgen) -> None:
    open_estimate(app, crewgen.crews.save(Crew(name="Empty")).crew_id)
    assert "Load of the crew" not in said(app)


def test_what_own_outcomes_do_not_correct_is_told_beside_it_and_their_number_above(
    app: AppTest, crewgen: Crewgen
) -> None:
    made = crewgen.generate(Objective(text=BRIEF))
    open_estimate(app, made.crew_id)
    assert "uncalibrated, 0 own outcomes" in said(app)
    assert "corrected the figures above" not in said(app)
    stored = crewgen.crews.get(made.crew_id)
    record_outcomes(crewgen, stored, 12)
    crewgen.crews.save_version(stored.crew_id, stored.crew, "Saved again", 1)
    open_estimate(app, made.crew_id)
    assert "uncalibrated, 12 own outcomes" in said(app)
    assert said(app).count("As estimated before 12 own outcomes corrected the figures above.") == 2
