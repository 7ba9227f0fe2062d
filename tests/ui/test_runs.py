"""The Runs page: what starts is known before, what runs is seen, what waits is answered, what ended can be read."""

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CannotRun
from crewgen_core.execution import interpreter
from crewgen_core.models.objective import Objective
from crewgen_core.models.run import RunSettings
from crewgen_core.storage import run_records, runs
from tests.support.crews import hierarchical_crew, sequential_crew
from tests.support.links import follow_link
from tests.support.runs import ask, begin, end, finish, put_finished_run, put_run

EVIL = "# Title\n\n<b>bold</b> [a link](javascript:alert(1)) :material/home: $x^2$"


@pytest.fixture
def crew_id(crewgen: Crewgen) -> int:
    """Three tasks in a row; the last one is looked at by a person."""
    return crewgen.crews.save(sequential_crew()).crew_id


@pytest.fixture
def with_crewai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that looks as if CrewAI were installed; nothing runs in it."""
    python = tmp_path / "crewai" / "bin" / "python"
    (tmp_path / "crewai" / "lib" / "python3.11" / "site-packages" / "crewai-1.15.30.dist-info").mkdir(parents=True)
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr(interpreter, "USUAL", python)


@pytest.fixture
def without_crewai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "USUAL", tmp_path / "nothing" / "bin" / "python")


def open_page(app: AppTest, **parameters: object) -> AppTest:
    app.run()
    app.query_params.clear()
    for name, value in parameters.items():
        app.query_params[name] = str(value)
    return app.switch_page("run.py" if "run" in parameters else "runs.py").run()


def linked(app: AppTest) -> list[str]:
    """What the links to runs ask for."""
    return [link.proto.query_string for link in app.get("page_link") if link.proto.page == "run"]


def click(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def said(app: AppTest) -> str:
    """Everything that is told in words, as it is shown."""
    kinds: Iterable[Iterable[object]] = (
        *(app.markdown, app.caption, app.warning, app.error, app.info, app.success, app.header, app.text, app.expander),
    )
    words = (getattr(one, "value", None) or getattr(one, "label", "") for kind in kinds for one in kind)
    return "\n".join(map(str, words)).replace("\\", "").replace("\u2060", "")


def metrics(app: AppTest) -> dict[str, str]:
    return {one.label: one.value.replace("\\", "") for one in app.metric}


def open_tab(app: AppTest, name: str) -> AppTest:
    app.session_state["run_tabs"] = name
    return app.run()


# --- before a run -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("without_crewai")
def test_without_crewai_the_page_says_what_to_do_and_history_is_there(app: AppTest, crewgen: Crewgen, crew_id: int):
    run_id = put_finished_run(crewgen, crew_id, ["It was the price."])
    assert "make crewai" in said(open_page(app))
    assert linked(app) == [f"run={run_id}"]
    open_page(app, crew=crew_id)
    assert "make crewai" in said(app)
    assert next(button for button in app.button if button.key == "start_run").disabled
    assert "It was the price." in said(open_page(app, run=run_id))


@pytest.mark.usefixtures("with_crewai")
def test_a_dry_run_is_suggested_first_and_costs_nothing(app: AppTest, crew_id: int):
    open_page(app, crew=crew_id)
    assert "best first step" in said(app)
    assert "spends money" not in said(app)
    assert "Start the dry run" in labels(app)


@pytest.mark.usefixtures("with_crewai")
def test_before_a_real_run_money_limits_and_prediction_are_told(
    app: AppTest, crewgen: Crewgen, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    objective = Objective(text="Write a brief about churn.", budget_usd=Decimal("1.5"), deadline_minutes=20)
    crew_id = crewgen.crews.save(hierarchical_crew(), objective).crew_id
    open_page(app, crew=crew_id)
    app.session_state[f"run_{crew_id}_kind"] = "Real run"
    app.run()
    told = said(app)
    assert "A real run spends money" in told
    assert "stops before a call that would pass $1.50" in told
    assert "20 min" in told
    assert {"Chance of success", "Cost per run", "Duration", "Tokens"} <= set(metrics(app))
    app.number_input(key=f"run_{crew_id}_budget").set_value(None).run()
    assert "There is no budget" in said(app)


@pytest.mark.usefixtures("with_crewai")
def test_missing_keys_and_tools_are_named_and_tools_can_be_left_out(
    app: AppTest, crew_id: int, crewgen: Crewgen, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    crew = crewgen.crews.save(hierarchical_crew()).crew_id  # searches the web, which needs a key of its own
    open_page(app, crew=crew)
    app.session_state[f"run_{crew}_kind"] = "Real run"
    app.run()
    assert "OPENAI_API_KEY" in said(app)
    gap = next(line for line in said(app).splitlines() if "lacks" in line)
    assert "_API_KEY" in gap
    before = said(app).count("lacks")
    app.checkbox(key=f"run_{crew}_leave_out").check().run()
    assert said(app).count("lacks") < before  # no problem any more, only named
    assert next(button for button in app.button if button.key == "start_run").disabled  # the key is still missing


@pytest.mark.usefixtures("with_crewai")
def test_what_was_chosen_is_what_is_started(
    app: AppTest, crewgen: Crewgen, crew_id: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    open_page(app, crew=crew_id)
    app.session_state[f"run_{crew_id}_kind"] = "Real run"
    app.session_state[f"run_{crew_id}_budget"] = 0.25
    app.session_state[f"run_{crew_id}_minutes"] = 12.0
    app.session_state[f"run_{crew_id}_judge"] = "checks"
    app.session_state[f"run_{crew_id}_leave_out"] = True
    app.run()
    app.text_input(key=f"run_{crew_id}_input_topic").set_value("tea").run()
    click(app, "Start the real run")
    (run,) = crewgen.running.list_runs()
    assert app.query_params["run"] == str(run.id)
    assert run.settings.model_copy(update={"leave_out_tools": False}) == RunSettings(
        model=crewgen.settings.run_model,
        budget_usd=Decimal("0.25"),
        deadline_minutes=12,
        inputs={"topic": "tea"},
        judge="checks",
    )


@pytest.mark.parametrize("parameters", [{"run": "99"}, {"run": "x"}, {"run": "9" * 40}, {"crew": "77"}, {"crew": "-1"}])
def test_an_address_that_names_nothing_is_told_so(app: AppTest, parameters: dict[str, str]):
    open_page(app, **parameters)
    assert "There is no" in said(app)
    assert not app.exception


# --- while it runs ----------------------------------------------------------------------------------------------------


def test_a_run_shows_where_it_is_and_what_it_has_spent(app: AppTest, crewgen: Crewgen, crew_id: int):
    run_id = put_run(crewgen, crew_id, budget_usd="0.5", deadline_minutes=30)
    begin(crewgen, run_id, "find_drivers")
    finish(crewgen, run_id, "find_drivers", EVIL)
    begin(crewgen, run_id, "write_brief")
    open_page(app, run=run_id)
    told = said(app)
    bar = app.get("progress")[0].proto.text.replace("\\", "")
    assert bar == "1 of 3 tasks · at work on Write the brief"
    assert metrics(app)["Spent"] == "$0.0020"
    assert metrics(app)["Tokens"] == "2.0k"
    assert "would pass $0.50" in told
    assert "ends after 30 min" in told
    assert EVIL in [text.value for text in app.text]  # as text, never as Markdown
    assert told.index("write_brief begins") < told.index("find_drivers is completed")  # newest first


def test_only_new_events_are_asked_for_and_none_is_shown_twice(app: AppTest, crewgen: Crewgen, crew_id: int):
    run_id = put_run(crewgen, crew_id)
    begin(crewgen, run_id, "find_drivers")
    open_page(app, run=run_id)
    finish(crewgen, run_id, "find_drivers")
    app.run()
    told = said(app)
    assert told.count("find_drivers begins") == 1
    assert told.count("find_drivers is completed") == 1


def test_a_run_is_stopped_from_the_page(app: AppTest, crewgen: Crewgen, crew_id: int):
    run_id = put_run(crewgen, crew_id)
    begin(crewgen, run_id, "find_drivers")
    open_page(app, run=run_id)
    click(app, "Stop")
    assert next(button for button in app.button if button.key == "stop_run").disabled
    with crewgen.database.read() as connection:
        assert runs.read_stop_wish(connection, run_id)
    end(crewgen, run_id, "stopped", "A person stopped it.")
    app.run()
    assert "It was stopped after 0 of 3 tasks. A person stopped it." in said(app)
    assert "Go on from where it ended" in labels(app)


# --- a person's answer ------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(crewgen: Crewgen, crew_id: int) -> tuple[int, int]:
    """A run that waits, and the question that it waits with."""
    run_id = put_run(crewgen, crew_id)
    for task in ("find_drivers", "write_brief"):
        begin(crewgen, run_id, task)
        finish(crewgen, run_id, task)
    begin(crewgen, run_id, "check_brief")
    return run_id, ask(crewgen, run_id, "check_brief", EVIL)


def answer_of(crewgen: Crewgen, question_id: int) -> str | None:
    with crewgen.database.read() as connection:
        return run_records.get_question(connection, question_id).answer


def test_a_draft_is_accepted(app: AppTest, crewgen: Crewgen, waiting: tuple[int, int]):
    open_page(app, run=waiting[0])
    assert "Is the result of “Check the brief” good?" in said(app)
    assert EVIL in [text.value for text in app.text]
    click(app, "Accept")
    assert answer_of(crewgen, waiting[1]) == ""
    assert "Accept" not in labels(app)


def test_feedback_is_sent_and_empty_feedback_is_not(app: AppTest, crewgen: Crewgen, waiting: tuple[int, int]):
    open_page(app, run=waiting[0])
    click(app, "Send feedback")
    assert "There is no feedback yet." in said(app)
    assert answer_of(crewgen, waiting[1]) is None
    app.text_area(key=f"run_answer_{waiting[1]}").set_value("Round the figures.").run()
    click(app, "Send feedback")
    assert answer_of(crewgen, waiting[1]) == "Round the figures."


def test_feedback_that_is_too_long_gets_a_sentence_and_stays(app: AppTest, crewgen: Crewgen, waiting: tuple[int, int]):
    open_page(app, run=waiting[0])
    app.text_area(key=f"run_answer_{waiting[1]}").set_value("a" * 20_001).run()
    click(app, "Send feedback")
    assert "The feedback has 20,001 characters, and 20,000 is the most." in said(app)
    assert app.text_area(key=f"run_answer_{waiting[1]}").value == "a" * 20_001
    assert answer_of(crewgen, waiting[1]) is None


def test_accepting_does_not_throw_written_feedback_away(app: AppTest, crewgen: Crewgen, waiting: tuple[int, int]):
    open_page(app, run=waiting[0])
    app.text_area(key=f"run_answer_{waiting[1]}").set_value("Round the figures.").run()
    click(app, "Accept")
    assert answer_of(crewgen, waiting[1]) is None
    assert "You have written feedback" in said(app)
    click(app, "Accept without it")
    assert answer_of(crewgen, waiting[1]) == ""


def test_the_second_of_two_answers_is_told_and_stays_readable(app: AppTest, crewgen: Crewgen, waiting: tuple[int, int]):
    run_id, question_id = waiting
    open_page(app, run=run_id)
    crewgen.running.answer(question_id, "Mine came first.")
    with pytest.raises(CannotRun):
        crewgen.running.answer(question_id, "")
    app.text_area(key=f"run_answer_{question_id}").set_value("Round the figures.")
    click(app, "Send feedback")
    told = said(app)
    assert "answered already" in told or "no longer waits" in told
    assert "Round the figures." in [code.value for code in app.code]
    assert answer_of(crewgen, question_id) == "Mine came first."
    click(app, "Forget it")
    assert not app.code


def test_what_is_being_written_survives_a_reload(app: AppTest, crewgen: Crewgen, waiting: tuple[int, int]):
    run_id, question_id = waiting
    open_page(app, run=run_id)
    app.text_area(key=f"run_answer_{question_id}").set_value("Half a thought").run()
    token = app.query_params["draft"]
    again = AppTest.from_file(app._script_path, default_timeout=30)
    open_page(again, run=run_id, draft=token)
    assert again.text_area(key=f"run_answer_{question_id}").value == "Half a thought"


# --- afterwards -------------------------------------------------------------------------------------------------------


def test_a_finished_run_shows_results_and_what_was_predicted(app: AppTest, crewgen: Crewgen, crew_id: int):
    run_id = put_finished_run(crewgen, crew_id, ["Price.", "Brief.", EVIL])
    open_page(app, run=run_id)
    assert "It went through" in said(app)
    assert [text.value for text in app.text].count(EVIL) == 2  # as the last result, and with its task
    open_tab(app, "Predicted and actual")
    shown = metrics(app)
    assert (shown["Success"], shown["Cost"], shown["Tokens"]) == ("not said", "$0.0060", "6.0k")
    assert len(app.get("plotly_chart")) == 3
    parts = app.dataframe[0].value
    assert list(parts["Part"]) == ["Whole run", "Find what drives churn", "Write the brief", "Check the brief"]
    open_tab(app, "Course")
    assert len(app.get("plotly_chart")) == 1
    assert not app.exception


def test_a_failed_run_says_why_keeps_what_it_had_and_can_go_on(
    app: AppTest, crewgen: Crewgen, crew_id: int, with_crewai: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    run_id = put_run(crewgen, crew_id, leave_out_tools=True)
    begin(crewgen, run_id, "find_drivers")
    finish(crewgen, run_id, "find_drivers", "It was the price.")
    begin(crewgen, run_id, "write_brief")
    end(crewgen, run_id, "failed", "The model answered with <b>401</b>.")
    open_page(app, run=run_id)
    assert "It failed after 1 of 3 tasks. The model answered with <b>401</b>." in said(app)
    assert "It was the price." in said(app)
    click(app, "Go on from where it ended")
    newest = crewgen.running.list_runs()[0]
    assert newest.previous_run_id == run_id
    assert newest.tasks_done == 1
    assert app.query_params["run"] == str(newest.id)


def test_a_dry_run_is_not_compared_and_leads_to_a_real_one(app: AppTest, crewgen: Crewgen, crew_id: int):
    run_id = put_finished_run(crewgen, crew_id, dry=True)
    open_page(app, run=run_id)
    assert "dry run went through" in said(app)
    open_tab(app, "Predicted and actual")
    assert "nothing to compare" in said(app)
    click(app, "Run for real")
    assert app.query_params["crew"] == str(crew_id)
    assert "A real run spends money" in said(app)


def test_all_results_come_as_one_text_file(crewgen: Crewgen, crew_id: int):
    run_id = put_finished_run(crewgen, crew_id, ["=1+1", "Brief.", EVIL])
    file = crewgen.run_reports.export(run_id)
    assert re.fullmatch(r"churn_brief_run_\d+\.txt", file.name)
    assert file.media_type == "text/plain"
    text = file.content.decode()
    assert text.index("1. Find what drives churn") < text.index("=1+1") < text.index("2. Write the brief")
    assert EVIL in text


# --- history ----------------------------------------------------------------------------------------------------------


def test_history_is_paged_and_filtered_by_crew_and_state(app: AppTest, crewgen: Crewgen, crew_id: int):
    other = crewgen.crews.save(hierarchical_crew()).crew_id
    for _ in range(9):
        put_finished_run(crewgen, crew_id, dry=True)
    failed = put_run(crewgen, other)
    end(crewgen, failed, "failed", "The model was not there.")
    open_page(app)
    assert len(linked(app)) == 8
    assert "The model was not there." in said(app)
    assert ":violet-badge[dry run]" in said(app)
    click(app, "Older")
    assert len(linked(app)) == 2
    app.session_state["states"] = ["failed"]
    app.query_params.clear()
    app.run()
    assert linked(app) == [f"run={failed}"]
    app.session_state["of_crew"] = crew_id
    app.run()
    assert "No run is like that." in said(app)


def test_home_says_which_runs_wait_for_a_person(app: AppTest, crewgen: Crewgen, waiting: tuple[int, int], crew_id: int):
    running = put_run(crewgen, crew_id)
    begin(crewgen, running, "find_drivers")
    app.run()
    links = [link.proto.label.replace("\\", "") for link in app.get("page_link")]
    assert "Churn brief waits for your answer" in links
    assert "1 run is going on" in links
    end(crewgen, running, "completed")
    end(crewgen, waiting[0], "stopped")
    app.run()
    assert not any("waits for your" in link.proto.label for link in app.get("page_link"))


def test_a_crew_leads_to_its_run(app: AppTest, crewgen: Crewgen, crew_id: int):
    app.run()
    app.query_params["crew"] = str(crew_id)
    app.switch_page("crew.py").run()
    follow_link(app, "Run")
    assert "Run Churn brief" in said(app)


def test_a_crew_is_chosen_on_the_page_and_the_address_names_it(app: AppTest, crew_id: int):
    open_page(app)
    next(button for button in app.button if button.key == f"choose_crew_{crew_id}").click().run()
    assert app.query_params["crew"] == str(crew_id)
    assert "Run Churn brief" in said(app)
