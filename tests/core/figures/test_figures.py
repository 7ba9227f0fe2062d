"""What all figures have in common: any crew, names of people, and the theme of whoever shows them."""

import json
import re
from collections.abc import Callable

import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.estimation.estimate import estimate
from crewgen_core.figures.alternatives import (
    build_alternatives,
    describe_alternatives,
    tabulate_alternatives,
)
from crewgen_core.figures.canvas import INK, drawn_once, new_canvas
from crewgen_core.figures.cost_breakdown import (
    build_cost_breakdown,
    describe_cost_breakdown,
    tabulate_cost_breakdown,
)
from crewgen_core.figures.coverage_heatmap import (
    build_coverage_heatmap,
    describe_coverage_heatmap,
    tabulate_coverage_heatmap,
)
from crewgen_core.figures.crew_graph import CRITICAL, build_crew_graph
from crewgen_core.figures.crew_graph_words import describe_crew_graph, tabulate_crew_graph
from crewgen_core.figures.enlarging import enlarge
from crewgen_core.figures.labels import SHORT
from crewgen_core.figures.success_interval import (
    build_success_interval,
    describe_success_interval,
    tabulate_success_interval,
)
from crewgen_core.figures.timeline import (
    build_timeline,
    describe_timeline,
    tabulate_timeline,
)
from crewgen_core.figures.token_breakdown import (
    build_token_breakdown,
    describe_token_breakdown,
    tabulate_token_breakdown,
)
from crewgen_core.models.alternative import Alternative, Comparison
from crewgen_core.models.crew import Agent, Crew, Manager, Task
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import CoverageCell, Report
from crewgen_core.models.value import Quantiles
from tests.support.estimation import make_profile, small_catalog

CATALOG = small_catalog()
EVIL = '<a href="javascript:alert(1)">click</a>'


def predict(crew: Crew, usd_in: str | None = "1") -> Estimate:
    return estimate(crew, {"m": make_profile("m", usd_in=usd_in)}, CATALOG, default_model="m")


def report(crew: Crew) -> Report:
    cells = tuple(
        CoverageCell(skill=task.name or "skill", agent=agent.key, proficiency=at % 11, used=at % 2 == 0)
        for at, task in enumerate(crew.tasks)
        for agent in crew.agents
    )
    return Report(findings=(), coverage=cells, score=5, verdict="It can run.")


FIGURES: dict[str, Callable[[Crew], go.Figure]] = {
    "crew graph": lambda crew: build_crew_graph(crew, predict(crew)),
    "crew graph, by risk": lambda crew: build_crew_graph(crew, predict(crew), heat="risk", chosen="tasks/t0"),
    "cost": lambda crew: build_cost_breakdown(crew, predict(crew)),
    "tokens": lambda crew: build_token_breakdown(crew, predict(crew)),
    "timeline": lambda crew: build_timeline(crew, predict(crew)),
    "coverage": lambda crew: build_coverage_heatmap(crew, report(crew)),
    "success": lambda crew: build_success_interval(crew, predict(crew)),
}

every_figure = pytest.mark.parametrize("build", FIGURES.values(), ids=FIGURES.keys())


def sound_crew(name: str = "Find what drives churn") -> Crew:
    return Crew(
        agents=(Agent(key="a", role=name), Agent(key="b", role="Writer")),
        tasks=(
            Task(key="find", name=name, agent="a", async_execution=True),
            Task(key="tell", name="Tell it", agent="b", depends_on=("find",)),
        ),
    )


KEYS = st.sampled_from(["t0", "t1", "t2"])


@every_figure
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_crew_can_be_drawn(build: Callable[[Crew], go.Figure], data: st.DataObject) -> None:
    task = st.builds(
        Task,
        key=KEYS,
        name=st.text(max_size=60),
        agent=st.none() | st.sampled_from(["a", "b", "ghost"]),
        depends_on=st.lists(KEYS | st.just("ghost"), max_size=3).map(tuple),
        async_execution=st.booleans(),
    )
    crew = Crew(
        process=data.draw(st.sampled_from(["sequential", "hierarchical"])),
        manager=data.draw(st.none() | st.just(Manager())),
        agents=(Agent(key="a", role=data.draw(st.text(max_size=60))), Agent(key="b", role="B")),
        tasks=tuple(data.draw(st.lists(task, max_size=6))),
    )
    assert json.loads(build(crew).to_json())["layout"]["title"]["text"]


@every_figure
def test_an_empty_crew_says_so_instead_of_drawing_nothing(build: Callable[[Crew], go.Figure]) -> None:
    figure = build(Crew())
    assert len(figure.data) == 0
    assert figure.layout.annotations[0].text.endswith(".")


@every_figure
def test_markup_in_names_is_shown_and_not_obeyed(build: Callable[[Crew], go.Figure]) -> None:
    drawn = json.dumps(json.loads(build(sound_crew(EVIL)).to_json()), ensure_ascii=False)
    assert "<a" not in drawn
    assert "&lt;a" in drawn


@every_figure
def test_backgrounds_are_clear_and_no_text_has_a_colour_but_that_of_the_theme(
    build: Callable[[Crew], go.Figure],
) -> None:
    figure = json.loads(build(sound_crew()).to_json())
    layout = {key: part for key, part in figure["layout"].items() if key != "template"}
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    text = json.dumps([figure["data"], layout])
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:white|black)\b", text)) == {INK}


@every_figure
def test_long_names_are_cut_on_the_figure_and_whole_on_hover(build: Callable[[Crew], go.Figure]) -> None:
    long = "Find what drives churn in the third quarter of the year by segment"
    figure = json.loads(build(sound_crew(long)).to_json())
    hover = json.dumps([trace.get("hovertext") for trace in figure["data"]]).replace("<br>", " ")
    assert long in hover
    labels = json.dumps([figure["layout"], [[trace.get("name"), trace.get("text")] for trace in figure["data"]]])
    assert long not in labels


def lines(figure: go.Figure) -> list[str]:
    return [shape.line.dash or ("thick" if shape.line.width > 3 else "thin") for shape in figure.layout.shapes]


def test_a_cycle_and_an_unmet_dependency_are_dotted_lines() -> None:
    crew = Crew(tasks=(Task(key="a", name="A", depends_on=("b",)), Task(key="b", name="B", depends_on=("a", "ghost"))))
    assert lines(build_crew_graph(crew)) == ["thin", "dot"]


def diamond() -> Crew:
    agents = (Agent(key="a", role="Analyst"), Agent(key="b", role="Writer"))
    rows = (("x", "", "a", 10), ("y", "x", "a", 10), ("z", "x", "b", 900), ("last", "x y z", "b", 10))
    tasks = tuple(
        Task(key=key, name=f"Do {key}", agent=agent, depends_on=tuple(before.split()), human_minutes=minutes)
        for key, before, agent, minutes in rows
    )
    return Crew(agents=agents, tasks=tasks)


def test_every_task_has_a_row_of_its_own_in_the_lane_of_its_agent() -> None:
    analyst, writer = build_crew_graph(diamond()).data[:2]
    assert (list(analyst.x), list(analyst.y)) == ([0, 0, 0], [-1, 0, 1])
    assert (list(writer.x), list(writer.y)) == ([1, 1, 1], [-1, 2, 3])
    assert list(writer.customdata) == ["agents/b", "tasks/z", "tasks/last"]


def test_the_longest_chain_of_the_crew_is_thick_and_told() -> None:
    crew = diamond()
    figures = predict(crew)
    slow = figures.by_task[2].model_copy(update={"duration_s": Quantiles(p10=900, p50=900, p90=900)})
    figures = figures.model_copy(update={"by_task": (*figures.by_task[:2], slow, figures.by_task[3])})
    figure = build_crew_graph(crew, figures)
    assert lines(figure) == ["thin", "thick", "thin", "thin", "thick"]
    assert list(figure.data[0].marker.line.color).count(CRITICAL) == 1
    assert "Critical path: Do x, then Do z, then Do last." in describe_crew_graph(crew, figures)


def test_heat_colours_the_tasks_of_which_it_is_known() -> None:
    crew = diamond()
    hot = build_crew_graph(crew, predict(crew), heat="cost").data[2]
    costs = [float(task.cost_usd.p50) for task in predict(crew).by_task if task.cost_usd]
    assert (list(hot.marker.color), list(hot.y)) == (costs, [0, 1, 2, 3])
    unknown = build_crew_graph(crew, predict(crew, usd_in=None), heat="cost").data[2]
    assert (unknown.name, unknown.showlegend) == ("Not known", True)


def bars(figure: go.Figure) -> list[go.Bar]:
    return [trace for trace in figure.data if isinstance(trace, go.Bar)]


def test_bars_of_the_timeline_start_where_crewai_starts_the_tasks() -> None:
    crew, other = sound_crew(), Task(key="more", name="More", agent="a", async_execution=True)
    crew = crew.model_copy(update={"tasks": (crew.tasks[0], other, crew.tasks[1])})
    first, second = bars(build_timeline(crew, predict(crew)))[:2]
    assert list(first.base) == [0, 0]
    assert second.base[0] == pytest.approx(max(first.x))


def test_all_bars_of_a_figure_are_equally_thick() -> None:
    crew = sound_crew()
    for build in (build_cost_breakdown, build_timeline, build_token_breakdown):
        assert len({trace.width for trace in bars(build(crew, predict(crew)))}) == 1


def test_agents_whose_long_names_differ_at_the_end_can_be_told_apart() -> None:
    names = [f"Specialist for customer retention in {place}" for place in ("Europe", "America")]
    crew = sound_crew()
    agents = tuple(agent.model_copy(update={"role": name}) for agent, name in zip(crew.agents, names, strict=True))
    crew = crew.model_copy(update={"agents": agents})
    first, second = (trace.name for trace in bars(build_timeline(crew, predict(crew)))[:2])
    assert first != second
    assert (first[-6:], second[-7:]) == ("Europe", "America")
    assert max(len(first), len(second)) <= SHORT


def test_an_unknown_cost_is_said_and_not_drawn_as_zero() -> None:
    crew = sound_crew()
    figure = build_cost_breakdown(crew, predict(crew, usd_in=None))
    assert len(figure.data) == 0
    assert "not known" in figure.layout.annotations[0].text


def test_a_manager_has_a_bar_for_its_own_calls() -> None:
    crew = sound_crew().model_copy(update={"process": "hierarchical", "manager": Manager(role="Boss")})
    figure = build_cost_breakdown(crew, predict(crew))
    assert figure.data[-1].name == "Boss"
    assert figure.layout.yaxis.ticktext[-1] == "Boss: coordination"


def test_agents_come_in_the_same_order_so_that_their_colours_agree() -> None:
    crew = sound_crew()
    crew = crew.model_copy(update={"tasks": tuple(reversed(crew.tasks))})
    figures = (build_crew_graph(crew), build_cost_breakdown(crew, predict(crew)), build_timeline(crew, predict(crew)))
    for figure in figures:
        assert [trace.name for trace in figure.data][:2] == ["Find what drives churn", "Writer"]


def test_a_skill_that_nobody_has_is_a_gap() -> None:
    crew = sound_crew()
    cells = (CoverageCell(skill="s", agent="a", proficiency=0, used=True),)
    figure = build_coverage_heatmap(crew, report(crew).model_copy(update={"coverage": cells}))
    assert figure.data[0].z[0][0] is None


@pytest.mark.parametrize(("agents", "name"), [(5, "Head of Public<br>Relations"), (6, "Head of Public Relations")])
def test_names_below_skills_turn_upright_where_they_have_no_room(agents: int, name: str) -> None:
    crew = sound_crew()
    member = crew.agents[0].model_copy(update={"role": "Head of Public Relations"})
    crew = crew.model_copy(
        update={"agents": tuple(member.model_copy(update={"key": str(at)}) for at in range(agents)), "tasks": ()}
    )
    cells = tuple(CoverageCell(skill="s", agent=agent.key, proficiency=7, used=True) for agent in crew.agents)
    axis = build_coverage_heatmap(crew, report(crew).model_copy(update={"coverage": cells})).layout.xaxis
    assert list(axis.ticktext) == [name] * agents
    assert list(axis.autotickangles) == [0, 90]


def test_what_is_enlarged_is_a_copy_and_who_else_shows_the_figure_has_it_as_it_is() -> None:
    crew = sound_crew()
    figure = build_success_interval(crew, predict(crew))
    before = figure.to_json()
    assert enlarge(figure, 1.7, 10_000).layout.height == pytest.approx(figure.layout.height * 1.7)
    assert build_success_interval(crew, predict(crew)).to_json() == before


def test_alternatives_stand_below_each_other_with_their_intervals() -> None:
    crew, figures = sound_crew(), predict(sound_crew())
    alternatives = tuple(
        Alternative(
            kind=kind,
            made_by="Built-in",
            shown=kind == "lean",
            rank=rank,
            crew=crew,
            report=report(crew),
            estimate=figures,
            reasons=(),
            only_here=(),
        )
        for rank, kind in enumerate(("lean", "thorough"), 1)
    )
    figure = build_alternatives(Comparison(alternatives=alternatives, remarks=()))
    assert list(figure.layout.yaxis.ticktext) == ["Lean crew", "Thorough crew"]
    assert list(figure.data[0].x) == [pytest.approx(figures.success.p50 * 100)] * 2
    assert len(build_alternatives(Comparison(alternatives=(), remarks=())).data) == 0
    compared = Comparison(alternatives=alternatives, remarks=())
    assert "Lean crew: " in describe_alternatives(compared)
    assert [row[0] for row in tabulate_alternatives(compared).rows] == ["Lean crew", "Thorough crew"]


def test_the_timeline_shows_what_decides_what_waits_and_the_shortest_possible() -> None:
    find, tell = sound_crew().tasks
    slow = Task(key="slow", name="Dig deep", agent="a", tools=("web_search",), human_minutes=300, async_execution=True)
    crew = sound_crew().model_copy(update={"tasks": (find, slow, tell)})
    figures = predict(crew)
    figure = build_timeline(crew, figures)
    waits = next(trace for trace in figure.data if trace.name == "Waits for others")
    assert list(waits.y) == [2]
    assert waits.base[0] + waits.x[0] == pytest.approx(max(it.duration_s.p50 for it in figures.by_task))
    first = figure.data[0]
    assert [first.marker.opacity[list(first.y).index(at)] for at in (0, 1)] == [0.45, 1]
    assert figure.data[-1].x[0] == pytest.approx(figures.critical_path_s)
    assert "Tell it waits" in describe_timeline(crew, figures)
    last = dict(zip(tabulate_timeline(crew, figures).columns, tabulate_timeline(crew, figures).rows[2], strict=True))
    assert (last["starts after"], last["decides the duration"]) == ("Dig deep", "yes")


WORDS_AND_TABLES = [
    (describe_crew_graph, tabulate_crew_graph),
    (lambda crew, _: describe_crew_graph(crew), lambda crew, _: tabulate_crew_graph(crew)),
    (
        lambda crew, _: describe_coverage_heatmap(crew, report(crew)),
        lambda crew, _: tabulate_coverage_heatmap(crew, report(crew)),
    ),
    (describe_cost_breakdown, tabulate_cost_breakdown),
    (describe_timeline, tabulate_timeline),
    (describe_token_breakdown, tabulate_token_breakdown),
    (describe_success_interval, tabulate_success_interval),
]


@pytest.mark.parametrize(("describe", "tabulate"), WORDS_AND_TABLES)
def test_a_figure_can_be_read_in_words_and_taken_as_a_table(describe: Callable, tabulate: Callable) -> None:
    crew, figures = sound_crew(), predict(sound_crew())
    for task in crew.tasks:
        assert task.name in describe(crew, figures)
        assert any(task.name in row for row in tabulate(crew, figures).rows)
    assert describe(Crew(), predict(Crew())).endswith(".")
    assert len(tabulate(Crew(), predict(Crew())).rows) <= 1


def test_the_words_of_a_figure_have_their_colour_before_it_is_kept() -> None:
    """Pages share a figure that was drawn once: the first that changed it would do so under another one's hands."""

    @drawn_once
    def draw() -> go.Figure:
        return new_canvas("Costs")

    figure = draw()
    assert {figure.layout.font.color, figure.layout.xaxis.tickfont.color, figure.layout.yaxis.tickfont.color} == {INK}


def test_a_figure_is_drawn_once_and_again_when_anything_is_different() -> None:
    crew = sound_crew()
    first = build_cost_breakdown(crew, predict(crew))
    assert build_cost_breakdown(sound_crew(), predict(sound_crew())) is first
    assert build_cost_breakdown(crew, predict(crew, usd_in="2")) is not first
