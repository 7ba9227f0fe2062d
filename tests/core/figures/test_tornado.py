"""What moves the estimate most: bars from the figure as estimated to both ends, the widest at the top."""

import json

import pytest

from crewgen_core.estimation.computation.explain import explain_estimate
from crewgen_core.figures.tornado import MEASURES, build_tornado, describe_tornado, tabulate_tornado
from crewgen_core.models.computation import Sensitivity
from crewgen_core.models.crew import Agent, Crew, Task
from tests.support.estimation import make_profile, small_catalog


def sensitivity(usd_in: str | None = "1") -> Sensitivity:
    crew = Crew(
        agents=(Agent(key="a", role="A", tools=("web_search",)),),
        tasks=(Task(key="t", name="Find it", agent="a", skills=("market_research",), human_minutes=60),),
    )
    profiles = {"m": make_profile("m", usd_in=usd_in)}
    return explain_estimate(crew, profiles, small_catalog(), default_model="m").sensitivity


@pytest.mark.parametrize("figure", MEASURES)
def test_bars_lead_from_the_estimate_to_both_ends_the_widest_first(figure: str) -> None:
    found = sensitivity()
    low, high = build_tornado(found, figure).data
    widths = [max(0, a, b) - min(0, a, b) for a, b in zip(low.x, high.x, strict=True)]
    assert widths == sorted(widths, reverse=True)
    assert len(set(low.base)) == 1
    assert describe_tornado(found, figure).count(" to ") >= 2


def test_an_end_stands_where_the_figure_would_be() -> None:
    found = sensitivity()
    figure = build_tornado(found, "success")
    at = list(figure.layout.yaxis.ticktext).index("Human minutes of all tasks")
    swing = next(it for it in found.swings if it.name == "Human minutes of all tasks")
    assert figure.data[0].base[at] + figure.data[0].x[at] == pytest.approx(swing.low.success * 100)
    assert figure.data[1].base[at] + figure.data[1].x[at] == pytest.approx(swing.high.success * 100)
    assert "× 0.5" in figure.data[0].hovertext[at]


def test_an_unknown_cost_is_said() -> None:
    assert "not known" in build_tornado(sensitivity(None), "cost").layout.annotations[0].text
    assert "not known" in describe_tornado(sensitivity(None), "cost")
    assert tabulate_tornado(sensitivity(None)).rows[0][4] is None


def test_the_table_has_every_input_and_the_estimate_first() -> None:
    found = sensitivity()
    table = tabulate_tornado(found)
    assert table.rows[0][0] == "as estimated"
    assert len(table.rows) == 1 + len(found.swings)


def test_without_tasks_nothing_moves() -> None:
    nothing = explain_estimate(Crew(), {"m": make_profile("m")}, small_catalog(), default_model="m").sensitivity
    assert json.loads(build_tornado(nothing, "success").to_json())["layout"]["annotations"]
