"""The Optimize page: limits move and the answer follows, changes are applied and undone, and nothing is lost."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.__main__ import main
from crewgen_core.app import Crewgen
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits
from crewgen_core.models.stored import OptimizationRow
from crewgen_core.numbers import format_percent, format_seconds, format_usd
from pages.shared.optimize_study import Study
from pages.shared.plain_text import plain
from tests.support.links import find_link, follow_link

BRIEF = "Analyze why churn rose in Q3 from our exports and write a two-page brief for the board."
MINUTES = 5.0


@pytest.fixture
def crew_id(crewgen: Crewgen) -> int:
    """A crew that can be made cheaper."""
    return crewgen.generate(Objective(text=BRIEF)).crew_id


def open_page(app: AppTest, crew_id: object = None, optimization: object = None) -> AppTest:
    app.run()
    app.switch_page("optimize.py")
    if crew_id is not None:
        app.query_params["crew"] = str(crew_id)
    if optimization is not None:
        app.query_params["optimization"] = str(optimization)
    return app.run()


def ask(app: AppTest, goal: str = "cost", minutes: float | None = None) -> AppTest:
    app.session_state["optimize_goal"] = goal
    app.session_state["optimize_deadline"] = minutes
    return app.run()


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.error, app.success, app.warning, app.info, app.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


def keys(app: AppTest) -> set[str | None]:
    return {button.key for button in app.button}


def only_row(crewgen: Crewgen, crew_id: int) -> OptimizationRow:
    (row,) = crewgen.optimizing.list_of(crew_id)
    return row


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_without_a_crew_it_helps_to_get_one(app: AppTest) -> None:
    open_page(app)
    assert not app.exception
    assert "no crew yet" in said(app)
    assert len(app.get("page_link")) == 2


def test_crews_are_found_by_words_and_open_here(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    open_page(app)
    assert [header.value for header in app.subheader] == ["Choose a crew"]
    app.text_input(key="crew_search").set_value("nothing like that").run()
    assert "No crew has" in said(app)
    app.text_input(key="crew_search").set_value("").run()
    app.button(key=f"choose_crew_{crew_id}").click().run()
    assert app.query_params["crew"] == str(crew_id)
    assert not [header for header in app.subheader if header.value == "Choose a crew"]


@pytest.mark.parametrize("address", ["0", "999", "abc", "1234567890123", "-1", "<b>"])
def test_an_address_that_names_no_crew_is_told(app: AppTest, address: str) -> None:
    open_page(app, address)
    assert not app.exception
    assert "There is no crew" in app.error[0].value


def test_an_optimization_of_another_crew_is_not_shown(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    other = crewgen.crews.save(crewgen.crews.get(crew_id).crew, Objective(text=BRIEF))
    kept = crewgen.optimizing.optimize_stored(other.crew_id, "cost")
    open_page(app, crew_id, kept.row.id)
    assert "has no optimization" in app.error[0].value
    open_page(app, crew_id, 99)
    assert "no optimization 99" in app.error[0].value


def test_the_page_the_core_and_the_command_line_say_the_same(
    app: AppTest, crewgen: Crewgen, crew_id: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(open_page(app, crew_id), "cost", MINUTES)
    assert not app.exception
    stored = crewgen.crews.get(crew_id)
    made = crewgen.optimizing.optimize(stored.crew, "cost", Limits(deadline_minutes=MINUTES), stored.objective)
    assert main(["optimize", str(crew_id), "--goal", "cost", "--max-minutes", f"{MINUTES:g}", "--json"]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert f"{made.after.cost_usd.p50:.6f}" == f"{float(printed['after']['cost_usd']['p50']):.6f}"  # type: ignore[union-attr]
    assert metrics(app) == {
        "Chance of success": plain(format_percent(printed["after"]["success"]["p50"])),
        "Cost per run": plain(format_usd(float(printed["after"]["cost_usd"]["p50"]))),
        "Duration": plain(format_seconds(printed["after"]["duration_s"]["p50"])),
    }
    assert app.success[0].value == plain(made.verdict) == plain(printed["verdict"])
    assert all(plain(change.title) in app.checkbox[at].label for at, change in enumerate(made.changes))
    assert all(plain(change.reason) in said(app) for change in made.changes)


def test_looking_stores_nothing(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    ask(open_page(app, crew_id), "performance")
    ask(app, "cost", MINUTES)
    assert crewgen.optimizing.list_of(crew_id) == ()
    assert crewgen.crews.get(crew_id).number == 1


def test_the_frontier_has_todays_crew_the_chosen_one_and_one_agent(app: AppTest, crew_id: int) -> None:
    open_page(app, crew_id)
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    text = " ".join(note["text"] for chart in charts for note in chart["layout"].get("annotations", []))
    assert all(name in text for name in ("Today", "Chosen", "One agent", "Cheapest", "Most successful"))
    assert "More points are being looked for" in said(app)


def test_the_frontier_is_found_piece_by_piece_and_kept(crewgen: Crewgen, crew_id: int) -> None:
    stored = crewgen.crews.get(crew_id)
    whole = tuple(crewgen.optimizing.find_frontier(stored.crew, Limits(), stored.objective))
    frontier = Study(stored, None, None).frontier(Limits(deadline_minutes=3))
    assert frontier.variants == whole[:3]
    while frontier.take(4):
        assert len(frontier.variants) <= len(whole)
    assert (frontier.variants, frontier.complete) == (whole, True)
    assert not frontier.take(4)


def test_some_changes_are_applied_and_one_is_undone(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    before = crewgen.crews.get(crew_id).crew
    ask(open_page(app, crew_id), "cost", MINUTES)
    count = len(app.checkbox)
    assert count >= 3
    for box in app.checkbox[2:]:
        box.uncheck()
    app.run()
    assert "With the 2 selected changes" in said(app)
    foreseen = next(line.value for line in app.markdown if "selected changes" in line.value)
    app.button(key="apply_selected").click().run()
    assert not app.exception
    row = only_row(crewgen, crew_id)
    applied = crewgen.crews.get(crew_id)
    made = crewgen.optimizing.get(row.id).result
    assert (row.applied, applied.number) == ((0, 1), 2)
    assert applied.crew == apply_change(apply_change(before, made.changes[0]), made.changes[1])
    assert applied.estimate.cost_usd is not None
    assert plain(format_usd(applied.estimate.cost_usd.p50)) in foreseen
    assert f"2 of {count} changes applied" in said(app)
    app.button(key="undo_0").click().run()
    assert not app.exception
    assert only_row(crewgen, crew_id).applied == (1,)
    assert crewgen.crews.get(crew_id).crew == apply_change(before, made.changes[1])
    app.button(key="undo_1").click().run()
    assert crewgen.crews.get(crew_id).crew == before


def test_one_change_alone_and_all_of_them_are_applied_by_a_click(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    open_page(app, crew_id)
    app.button(key="apply_1").click().run()
    row = only_row(crewgen, crew_id)
    assert row.applied == (1,)
    app.button(key="apply_all").click().run()
    assert only_row(crewgen, crew_id).applied == tuple(range(row.change_count))
    assert "apply_all" not in keys(app)
    app.button(key="undo_all").click().run()
    assert only_row(crewgen, crew_id).applied == ()
    assert crewgen.crews.get(crew_id).crew == crewgen.crews.get(crew_id, 1).crew


def test_a_version_saved_in_between_is_told_and_nothing_is_lost(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    open_page(app, crew_id)
    first = crewgen.crews.get(crew_id).crew
    renamed = first.model_copy(update={"name": "Renamed by somebody"})
    crewgen.crews.save_version(crew_id, renamed, "A **new** name", 1)
    app.button(key="apply_all").click().run()
    assert not app.exception
    assert "Version 2 of this crew" in app.error[0].value
    assert crewgen.crews.get(crew_id).number == 2
    assert "\\*\\*new\\*\\*" in said(app)
    app.button(key="apply_all").click().run()
    saved = crewgen.crews.get(crew_id)
    made = crewgen.optimizing.get(only_row(crewgen, crew_id).id).result
    expected = renamed
    for change in made.changes:
        expected = apply_change(expected, change)
    assert (saved.number, saved.crew) == (3, expected)


def test_what_was_edited_after_applying_is_not_undone_one_by_one(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    kept = crewgen.optimizing.optimize_stored(crew_id, "cost")
    crew = crewgen.optimizing.apply(kept.row.id, [0, 1], 1).crew
    crewgen.crews.save_version(crew_id, crew.model_copy(update={"name": "Other"}), "Renamed", 2)
    open_page(app, crew_id, kept.row.id)
    assert app.button(key="undo_0").disabled
    app.button(key="apply_2").click().run()
    assert not app.error
    assert only_row(crewgen, crew_id).applied == (0, 1, 2)
    assert crewgen.crews.get(crew_id).crew.name == "Other"


def test_a_result_is_kept_listed_and_opened_again(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    ask(open_page(app, crew_id), "performance")
    app.button(key="keep_result").click().run()
    row = only_row(crewgen, crew_id)
    assert (row.goal, row.applied, crewgen.crews.get(crew_id).number) == ("performance", (), 1)
    assert f"0 of {row.change_count} changes applied" in said(app)
    app.button(key="optimize_anew").click().run()
    assert "keep_result" in keys(app)
    app.button(key=f"open_{row.id}").click().run()
    assert "keep_result" not in keys(app)
    assert plain(crewgen.optimizing.get(row.id).result.verdict) in said(app)


def test_no_improvement_is_an_answer(app: AppTest, crew_id: int) -> None:
    ask(open_page(app, crew_id), "speed")
    assert "No improvement found" in app.info[0].value
    assert not app.error
    assert "apply_all" not in keys(app)
    app.button(key="keep_result").click().run()
    assert "no changes" in said(app)


def test_what_is_not_possible_is_an_answer_with_ways_out(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    ask(open_page(app, crew_id), "speed", 3.0)
    assert "No crew keeps" in app.warning[0].value
    assert not app.error
    assert {"admit_cheapest", "admit_fastest", "admit_most_successful"} <= keys(app)
    app.button(key="admit_fastest").click().run()
    assert not app.exception
    assert not app.warning
    assert app.session_state["optimize_deadline"] == 3.0
    assert app.session_state["optimize_success"] is not None


def test_limits_of_the_objective_are_where_the_sliders_begin(app: AppTest, crewgen: Crewgen) -> None:
    made = crewgen.generate(Objective(text=BRIEF, budget_usd=0.0271, deadline_minutes=4.75))  # type: ignore[arg-type]
    open_page(app, made.crew_id)
    assert not app.exception
    assert float(app.session_state["optimize_budget"]) == 0.0271
    assert app.session_state["optimize_deadline"] == 4.75


def test_limits_in_the_words_of_the_objective_count_until_the_sliders_are_moved(app: AppTest, crewgen: Crewgen) -> None:
    made = crewgen.generate(Objective(text=f"{BRIEF} In under 45 minutes for less than $2."))
    open_page(app, made.crew_id)
    assert float(app.session_state["optimize_budget"]) == 2
    assert app.session_state["optimize_deadline"] == 45
    app.session_state["optimize_deadline"] = None
    app.run()
    app.button(key="keep_result").click().run()
    assert not app.exception
    (row,) = crewgen.optimizing.list_of(made.crew_id)
    limits = crewgen.optimizing.get(row.id).result.limits
    assert (limits.budget_usd, limits.deadline_minutes) == (2, None)


def test_agents_and_models_can_be_held(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    open_page(app, crew_id)
    count = len(app.checkbox)
    held = crewgen.crews.get(crew_id).crew.agents[0].key
    app.multiselect(key="optimize_fixed").set_value([held]).run()
    assert not app.exception
    assert len(app.checkbox) == count - 1
    app.multiselect(key="optimize_providers").set_value(app.multiselect(key="optimize_providers").options[:1]).run()
    app.number_input(key="optimize_most_agents").set_value(2).run()
    app.toggle(key="optimize_keep_process").set_value(True).run()
    assert not app.exception


def test_a_crew_with_errors_is_refused_with_the_way_to_mend_it(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    crew = crewgen.crews.get(crew_id).crew
    broken = crew.model_copy(update={"tasks": (crew.tasks[0].model_copy(update={"agent": "nobody"}), *crew.tasks[1:])})
    stored = crewgen.crews.save(Crew.model_validate(broken.model_dump()), Objective(text=BRIEF))
    open_page(app, stored.crew_id)
    assert "The crew has an error" in app.error[0].value
    app.button(key="optimize_check").click().run()
    assert app.session_state["tab"] == "Check"


def test_names_are_shown_as_typed(app: AppTest, crewgen: Crewgen, crew_id: int) -> None:
    crew = crewgen.crews.get(crew_id).crew
    agent = crew.agents[0].model_copy(update={"role": "<b>**Boss**</b> :red[x]"})
    nasty = crew.model_copy(update={"name": "# <i>Name</i>", "agents": (agent, *crew.agents[1:])})
    stored = crewgen.crews.save(nasty, Objective(text=BRIEF))
    open_page(app, stored.crew_id)
    assert not app.exception
    shown = " ".join([said(app), *(box.label for box in app.checkbox), *(header.value for header in app.header)])
    assert plain("<b>**Boss**</b> :red[x]") in shown
    assert "<b>" not in shown.replace("\\<", "")
    assert "<i>" not in shown.replace("\\<", "")


def test_a_crews_page_leads_here_once_its_changes_are_saved(app: AppTest, crew_id: int) -> None:
    app.run()
    app.switch_page("crew.py")
    app.query_params["crew"] = str(crew_id)
    app.run()
    app.button(key="edit_task_1").click().run()
    next(field for field in app.text_input if field.label == "Name").set_value("Look by hand").run()
    assert find_link(app, "Optimize").disabled
    app.button(key="discard").click().run()
    follow_link(app, "Optimize")
    assert not app.exception
    assert app.header[0].value.startswith("Optimize ")
