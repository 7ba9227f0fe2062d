"""Alternatives on a crew's page: found, compared, taken and undone, and nothing that was typed is lost."""

from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective

BRIEF = "Analyze why churn rose in Q3 from our exports and write a two-page brief for the board."


def open_crew(app: AppTest, crew_id: object) -> AppTest:
    app.run()
    app.switch_page("crew.py")
    app.query_params["crew"] = str(crew_id)
    return app.run()


def open_alternatives(app: AppTest, crewgen: Crewgen) -> int:
    crew_id = crewgen.generate(Objective(text=BRIEF)).crew_id
    open_crew(app, crew_id)
    app.button(key="compare_alternatives").click().run()
    return crew_id


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.info, app.markdown, app.caption) for element in kind)


def rename_first_task(app: AppTest) -> AppTest:
    app.button(key="edit_task_1").click().run()
    return next(field for field in app.text_input if field.label == "Name").set_value("Look by hand").run()


def test_a_new_crew_names_its_alternatives_under_the_header(app: AppTest, crewgen: Crewgen) -> None:
    open_crew(app, crewgen.generate(Objective(text=BRIEF)).crew_id)
    (hint,) = [line.value for line in app.markdown if "crews to choose from" in line.value]
    for title in ("Lean crew", "**Balanced crew** (shown)", "Thorough crew"):
        assert title in hint


def test_the_comparison_has_reasons_figures_agents_and_tasks_of_each(app: AppTest, crewgen: Crewgen) -> None:
    open_alternatives(app, crewgen)
    assert not app.exception
    titles = [header.value for header in app.subheader]
    assert [title[0] for title in titles if title.endswith("crew")] == ["1", "2", "3"]
    text = said(app)
    comparison = crewgen.alternatives(Objective(text=BRIEF))
    for alternative in comparison.alternatives:
        assert f"{alternative.report.score:.1f}".replace(".", "\\.") in text
        assert all(task.name.split()[0] in text for task in alternative.crew.tasks)
    assert text.count(":gray[Tokens:]") == 3
    assert text.count(":gray[Score by the rules:]") == 3
    assert {button.key for button in app.button if button.label == "Take this crew"} == {"take_lean", "take_thorough"}


def test_taking_one_makes_a_version_and_undo_brings_the_crew_back(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = open_alternatives(app, crewgen)
    before = crewgen.crews.get(crew_id).crew
    app.button(key="take_lean").click().run()
    taken = crewgen.crews.get(crew_id)
    assert (taken.number, taken.note) == (2, "Took the lean alternative")
    assert len(taken.crew.tasks) < len(before.tasks)
    assert "take_lean" not in {button.key for button in app.button}
    assert "take_balanced" in {button.key for button in app.button}
    app.button(key="undo").click().run()
    assert crewgen.crews.get(crew_id).crew == before


def test_taking_one_with_unsaved_changes_loses_none_of_them(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = crewgen.generate(Objective(text=BRIEF)).crew_id
    rename_first_task(open_crew(app, crew_id))
    app.button(key="compare_alternatives").click().run()
    assert "Undo brings yours back" in said(app)
    app.button(key="take_lean").click().run()
    assert crewgen.crews.get(crew_id).number == 1
    assert "Took the lean alternative" in said(app)
    app.button(key="undo").click().run()
    app.button(key="save").click().run()
    assert crewgen.crews.get(crew_id).crew.tasks[0].name == "Look by hand"


def test_the_saved_version_is_got_back_by_discarding_and_not_by_taking(app: AppTest, crewgen: Crewgen) -> None:
    open_alternatives(app, crewgen)
    app.button(key="take_lean").click().run()
    app.query_params["tab"] = app.session_state["tab"] = "Plan"
    app.run()
    app.button(key="add_task").click().run()
    app.button(key="compare_alternatives").click().run()
    assert app.button(key="take_lean").disabled
    app.button(key="discard").click().run()
    assert "take_lean" not in {button.key for button in app.button}


def test_a_crew_without_objective_says_that_there_is_nothing_to_compare(app: AppTest, crewgen: Crewgen) -> None:
    crew = crewgen.generate(Objective(text=BRIEF)).design.crew
    stored = crewgen.crews.save(Crew.model_validate({**crew.model_dump(), "objective": ""}))
    open_crew(app, stored.crew_id)
    assert "compare_alternatives" not in {button.key for button in app.button}
    app.session_state["tab"] = "Alternatives"
    app.run()
    assert "imported without an objective" in said(app)
