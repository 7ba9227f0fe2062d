"""Figures of runs: where a run is, when each task ran, and what was predicted beside what it took."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from crewgen_core.figures.crew_graph import NOT_BEGUN, build_crew_graph
from crewgen_core.figures.crew_graph_words import describe_crew_graph
from crewgen_core.figures.run_comparison import (
    build_run_comparison,
    describe_run_comparison,
    tabulate_run_comparison,
)
from crewgen_core.figures.run_timeline import build_run_timeline, describe_run_timeline, tabulate_run_timeline
from crewgen_core.models.run import Prediction, Run, RunSettings, TaskRun, Usage
from crewgen_core.models.run_comparison import Compared, PartComparison
from crewgen_core.models.value import Quantiles
from tests.support.crews import sequential_crew

START = datetime(2026, 11, 26, 9, tzinfo=UTC)
EVIL = '<a href="javascript:alert(1)">click</a>'
CREW = sequential_crew()


def make_run() -> Run:
    return Run(
        id=1,
        crew_id=1,
        number=1,
        crew_name="Brief",
        settings=RunSettings(),
        model="m",
        state="running",
        predicted=Prediction(success=0.5, cost_usd=Decimal(1), duration_s=10, tokens=10),
        usage=Usage(),
        task_count=3,
        tasks_done=1,
        created_at=START,
        started_at=START,
    )


def make_tasks() -> tuple[TaskRun, ...]:
    after = (START + timedelta(seconds=at) for at in (1, 11, 12))
    first, ended, second = after
    return (
        TaskRun(
            position=0,
            key="find_drivers",
            name=EVIL,
            agent="analyst",
            state="completed",
            started_at=first,
            finished_at=ended,
            seconds=10,
        ),
        TaskRun(position=1, key="write_brief", name="Write", agent="writer", state="running", started_at=second),
        TaskRun(position=2, key="check_brief", name="Check", agent="reviewer"),
    )


def make_parts(cost: float | None = 0.02) -> list[PartComparison]:
    predicted = Quantiles(p10=50, p50=100, p90=200)
    money = None if cost is None else Quantiles(p10=0.01, p50=cost, p90=0.05)
    return [
        PartComparison(
            key=key,
            name=name,
            tokens=Compared(predicted=predicted, actual=actual),
            cost_usd=Compared(predicted=money, actual=None if actual is None else 0.03),
            seconds=Compared(predicted=None, actual=actual),
        )
        for key, name, actual in (("one", EVIL, 120.0), ("two", "Two", None))
    ]


def test_the_graph_marks_where_a_run_is_and_pales_what_it_has_not_come_to():
    figure = build_crew_graph(
        CREW, states={"find_drivers": "completed", "write_brief": "running", "check_brief": "waiting"}
    )
    assert {"Running now", "Waits for a person"} <= {trace.name for trace in figure.data}
    begun = build_crew_graph(CREW, states={"find_drivers": "failed"})
    assert "Failed" in {trace.name for trace in begun.data}
    opacities = [value for trace in begun.data for value in trace.marker.opacity or ()]
    assert opacities.count(NOT_BEGUN) == 2
    assert "Write the brief, by Brief Writer (works from Find what drives churn): running" in describe_crew_graph(
        CREW, states={"write_brief": "running"}
    )


def test_without_a_run_the_graph_is_as_it_was():
    assert all(value == 1.0 for trace in build_crew_graph(CREW).data for value in trace.marker.opacity or ())


def test_a_task_that_runs_reaches_to_now_and_one_that_has_not_begun_has_no_bar():
    now = START + timedelta(seconds=20)
    figure = build_run_timeline(CREW, make_run(), make_tasks(), now)
    drawn = [(list(bar.base), list(bar.x), list(bar.y)) for bar in figure.data]
    assert drawn == [([1.0], [10.0], [0]), ([12.0], [8.0], [1])]
    assert len(figure.layout.yaxis.ticktext) == 3
    assert "Write from 12 s to 20 s" in describe_run_timeline(CREW, make_run(), make_tasks(), now)
    assert [row[3:5] for row in tabulate_run_timeline(CREW, make_run(), make_tasks(), now).rows] == [
        (1.0, 11.0),
        (12.0, 20.0),
    ]
    assert EVIL not in json.dumps(json.loads(figure.to_json()), ensure_ascii=False).replace("\\", "")


def test_a_run_that_has_not_begun_says_so():
    nothing = [task for task in make_tasks() if task.state == "pending"]
    assert not build_run_timeline(CREW, make_run(), nothing, START).data
    assert "No task has begun" in describe_run_timeline(CREW, make_run(), nothing, START)


def test_predicted_and_actual_stand_beside_each_other_and_gaps_are_gaps():
    parts = make_parts()
    predicted, actual = build_run_comparison(parts, "tokens").data
    assert (list(predicted.x), list(actual.x)) == ([100, 100], [120])
    assert list(predicted.error_x.array) == [100, 100]
    assert "Two: 100 tokens predicted, not measured" in describe_run_comparison(parts, "tokens")
    unknown = describe_run_comparison(make_parts(cost=None), "cost")
    assert "Two: unknown predicted" in unknown
    assert EVIL not in build_run_comparison(parts, "cost").to_json().replace("\\", "")


def test_nothing_to_compare_is_said():
    nothing = [part.model_copy(update={"seconds": Compared()}) for part in make_parts()]
    assert not build_run_comparison(nothing, "duration").data


def test_the_table_has_every_figure_with_its_unit():
    table = tabulate_run_comparison(make_parts(), "Predicted and actual")
    assert table.columns[4:6] == ("actual tokens", "predicted P10 cost, USD")
    assert table.rows[1] == ("Two", 50, 100, 200, None, 0.01, 0.02, 0.05, None, None, None, None, None)
