from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.outcome import OutcomeEntry, OutsideRun
from crewgen_core.models.run import RunSettings
from tests.support.crews import sequential_crew
from tests.support.ended_runs import add_run


def _show_crew(crew_id: int) -> None:
    from pages.shared.outcome_form import show_outcomes_of_crew
    from pages.shared.session import front_door

    show_outcomes_of_crew(front_door().crews.get(crew_id))


def _show_run(run_id: int) -> None:
    from pages.shared.outcome_form import show_outcome_of_run
    from pages.shared.session import front_door

    show_outcome_of_run(front_door().running.progress(run_id).run)


def test_a_run_made_elsewhere_is_recorded_on_the_page(crewgen: Crewgen) -> None:
    stored = crewgen.crews.save(sequential_crew())
    app = AppTest.from_function(_show_crew, args=(stored.crew_id,), default_timeout=30).run()
    assert not app.exception
    app.button[0].click().run()
    assert app.warning[0].value == "Say first whether it succeeded."
    app.text_area[0].set_value("=HYPERLINK() <b>*late*</b>")
    app.button[0].click().run()
    assert app.text_area[0].value == "=HYPERLINK() <b>*late*</b>"
    app.segmented_control[0].set_value("No")
    app.number_input[2].set_value(1.5)
    app.button[0].click().run()
    assert not app.exception
    (made,) = crewgen.outcomes.list_outcomes()
    assert (made.succeeded, made.duration_s, made.cost_usd) == (False, 90, None)
    assert app.dataframe[0].value["Succeeded"][0] == "no"
    assert app.text_area[0].value == ""


def test_a_run_is_judged_with_what_the_checks_found_beside(crewgen: Crewgen) -> None:
    stored = crewgen.crews.save(sequential_crew())
    with crewgen.database.begin() as connection:
        run_id = add_run(connection, stored, {}, RunSettings(judge="checks"))
    crewgen.outcomes.judge_run(run_id)
    app = AppTest.from_function(_show_run, args=(run_id,), default_timeout=30).run()
    assert not app.exception
    assert app.markdown[0].value == "**It did not succeed**, says checks."
    assert any("There is no result" in caption.value for caption in app.caption)
    app.segmented_control[0].set_value("Yes")
    app.button[0].click().run()
    assert not app.exception
    kept = crewgen.outcomes.find_of_run(run_id)
    assert kept
    assert (kept.succeeded, kept.judged_by, len(kept.judgements)) == (True, "person", 1)


def test_an_outcome_of_a_run_is_deleted_and_the_run_can_be_judged_anew(app: AppTest, crewgen: Crewgen) -> None:
    stored = crewgen.crews.save(sequential_crew())
    with crewgen.database.begin() as connection:
        run_id = add_run(connection, stored, {}, RunSettings())
    crewgen.outcomes.record_run(run_id, OutcomeEntry(succeeded=True, comment="It met the brief."))
    app.session_state["run_tabs"] = "Outcome"
    app.query_params["run"] = str(run_id)
    app.switch_page("run.py").run()
    assert app.text_area[0].value == "It met the brief."
    app.button(key="delete_outcome").click().run()
    assert not app.exception
    assert crewgen.outcomes.find_of_run(run_id) is None
    assert app.text_area[0].value == "" and not app.segmented_control[0].value
    app.button(key="undo_delete").click().run()
    back = crewgen.outcomes.find_of_run(run_id)
    assert back and back.comment == "It met the brief."


def test_an_outcome_of_a_run_made_elsewhere_is_selected_and_deleted(app: AppTest, crewgen: Crewgen) -> None:
    stored = crewgen.crews.save(sequential_crew())
    for succeeded in (True, False):
        crewgen.outcomes.record_outside(OutsideRun(crew_id=stored.crew_id, succeeded=succeeded))
    newest = crewgen.outcomes.list_outcomes()[0]
    app.query_params["crew"] = str(stored.crew_id)
    app.query_params["tab"] = "Outcomes"
    app.switch_page("crew.py").run()
    assert "Select a row to delete an outcome." in [caption.value for caption in app.caption]
    app.session_state[f"outcomes_{stored.crew_id}_2_{newest.id}"] = {"selection": {"rows": [0], "columns": []}}
    app.run()
    app.button(key="delete_outcome").click().run()
    assert not app.exception
    assert [outcome.succeeded for outcome in crewgen.outcomes.list_outcomes()] == [not newest.succeeded]
    app.button(key="undo_delete").click().run()
    assert crewgen.outcomes.count() == 2


def _show_calibration() -> None:
    from pages.shared.calibration_view import show_calibration

    show_calibration()


def test_the_calibration_says_how_many_outcomes_it_rests_on(crewgen: Crewgen) -> None:
    app = AppTest.from_function(_show_calibration, default_timeout=30).run()
    assert not app.exception
    assert "no outcomes" in app.info[0].value.lower()
    stored = crewgen.crews.save(sequential_crew())
    for at in range(35):
        crewgen.outcomes.record_outside(OutsideRun(crew_id=stored.crew_id, succeeded=at % 3 == 0, duration_s=100 + at))
    app.run()
    assert not app.exception
    assert any(metric.value == "35" for metric in app.metric)
