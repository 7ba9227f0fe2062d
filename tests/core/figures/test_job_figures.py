"""Charts over all crews of a job: any spread can be drawn, and each says in words and as a table what it shows."""

import json
from collections.abc import Callable

import plotly.graph_objects as go
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crewgen_core.figures.job_distribution import (
    build_job_distribution,
    describe_job_distribution,
    tabulate_job_distribution,
)
from crewgen_core.figures.job_domains import (
    MOST_DOMAINS,
    build_job_domains,
    describe_job_domains,
    tabulate_job_domains,
)
from crewgen_core.figures.job_scatter import (
    build_job_scatter,
    describe_job_scatter,
    tabulate_job_scatter,
    tabulate_outliers,
)
from crewgen_core.models.spread import (
    CrewPoint,
    Distribution,
    DomainSpread,
    EngineCount,
    Outlier,
    Quartiles,
    Spread,
)
from crewgen_core.models.table import Table

EVIL = '<a href="javascript:alert(1)">click</a>'

NOTHING = Spread(
    crews=0,
    success=None,
    cost_usd=None,
    duration_s=None,
    domains=(),
    engines=(),
    outliers=(),
    outlier_count=0,
    points=(),
)


def quartiles(scale: float = 1.0) -> Quartiles:
    low, q1, median, q3, high = (value * scale for value in (0.1, 0.2, 0.3, 0.5, 0.8))
    return Quartiles(low=low, q1=q1, median=median, q3=q3, high=high)


def distribution(scale: float = 1.0, above: int = 0) -> Distribution:
    edges = tuple(value * scale for value in (0.0, 0.25, 0.5, 0.75))
    return Distribution(edges=edges, counts=(3, 4, 1), above=above, quartiles=quartiles(scale))


def make_spread(name: str = "Churn", **fields: object) -> Spread:
    outlier = Outlier(item_id=2, line=3, name=name, figure="cost", value=5.0, usual_low=0.0, usual_high=0.45)
    usual = {
        "crews": 9,
        "success": distribution(),
        "cost_usd": distribution(0.1, above=1),
        "duration_s": distribution(1_000),
        "domains": (
            DomainSpread(domain=name, count=6, success=quartiles(), cost_usd=quartiles(0.1)),
            DomainSpread(domain="", count=3, success=quartiles(), cost_usd=None),
        ),
        "engines": (EngineCount(engine="Built-in", count=9),),
        "outliers": (outlier,),
        "outlier_count": 1,
        "points": (
            CrewPoint(item_id=1, name="Brief", cost_usd=0.03, success=0.4, outlier=False),
            CrewPoint(item_id=2, name=name, cost_usd=5.0, success=0.6, outlier=True),
        ),
    }
    return Spread.model_validate(usual | fields)


FIGURES: dict[str, Callable[[Spread], go.Figure]] = {
    "success": lambda it: build_job_distribution(it, "success"),
    "cost": lambda it: build_job_distribution(it, "cost"),
    "duration": lambda it: build_job_distribution(it, "duration"),
    "success by domain": lambda it: build_job_domains(it, "success"),
    "cost by domain": lambda it: build_job_domains(it, "cost"),
    "scatter": build_job_scatter,
}
WORDS: dict[str, Callable[[Spread], str]] = {
    "success": lambda it: describe_job_distribution(it, "success"),
    "cost": lambda it: describe_job_distribution(it, "cost"),
    "duration": lambda it: describe_job_distribution(it, "duration"),
    "success by domain": lambda it: describe_job_domains(it, "success"),
    "cost by domain": lambda it: describe_job_domains(it, "cost"),
    "scatter": describe_job_scatter,
}
TABLES: tuple[Callable[[Spread], Table], ...] = (
    lambda it: tabulate_job_distribution(it, "cost"),
    tabulate_job_domains,
    tabulate_job_scatter,
    tabulate_outliers,
)

every_figure = pytest.mark.parametrize("what", FIGURES)


@every_figure
def test_a_job_without_crews_says_so(what: str) -> None:
    figure = FIGURES[what](NOTHING)
    assert len(figure.data) == 0
    assert figure.layout.annotations[0].text == WORDS[what](NOTHING) == "No crews yet."


@pytest.mark.parametrize("what", ["cost", "cost by domain", "scatter"])
def test_where_no_cost_is_known_the_charts_of_cost_say_so(what: str) -> None:
    free = DomainSpread(domain="Law", count=9, success=quartiles(), cost_usd=None)
    unpriced = make_spread(cost_usd=None, points=(), outliers=(), outlier_count=0, domains=(free,))
    assert "cost is" in FIGURES[what](unpriced).layout.annotations[0].text.lower()
    assert "known" in WORDS[what](unpriced)


@every_figure
def test_markup_in_names_is_shown_and_not_obeyed(what: str) -> None:
    drawn = json.dumps(json.loads(FIGURES[what](make_spread(EVIL)).to_json()), ensure_ascii=False)
    assert "<a" not in drawn


@every_figure
def test_backgrounds_are_clear(what: str) -> None:
    layout = FIGURES[what](make_spread()).layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"


@settings(deadline=None, max_examples=30)
@example([(1.0, 0.0, False), (5e-324, 0.0, False)], "")
@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1), st.booleans()), min_size=1, max_size=20),
    st.text(max_size=40),
)
def test_any_points_can_be_drawn(points: list[tuple[float, float, bool]], name: str) -> None:
    made = [
        CrewPoint(item_id=at, name=name, cost_usd=cost, success=chance, outlier=odd)
        for at, (cost, chance, odd) in enumerate(points)
    ]
    figure = build_job_scatter(make_spread(points=tuple(made)))
    assert sum(len(trace.x) for trace in figure.data) == len(points)
    assert json.loads(figure.to_json())["layout"]["title"]["text"]


def test_bars_hold_the_crews_and_the_middle_half_is_marked() -> None:
    bars, half, median = build_job_distribution(make_spread(), "duration").data
    assert list(bars.y) == [3, 4, 1]
    assert list(half.x) == pytest.approx([200 / 60, 500 / 60])
    assert median.x[0] == pytest.approx(5)


def test_words_tell_what_is_not_drawn_and_not_known() -> None:
    said = describe_job_distribution(make_spread(crews=12), "cost")
    assert said == (
        "Cost of one run of 9 crews: half of them are between $0.020 and $0.050, with $0.030 in the middle. "
        "1 crew beyond $0.075 not drawn. The cost of 3 crews is not known."
    )


def test_the_table_of_a_distribution_holds_every_crew() -> None:
    assert sum(row[2] for row in tabulate_job_distribution(make_spread(), "cost").rows) == 9


def test_the_largest_domains_are_drawn_and_the_rest_is_said() -> None:
    many = tuple(
        DomainSpread(domain=f"Domain {at}", count=40 - at, success=quartiles(), cost_usd=None) for at in range(20)
    )
    spread = make_spread(domains=many)
    assert len(build_job_domains(spread, "success").data[0].q1) == MOST_DOMAINS
    assert describe_job_domains(spread, "success").endswith("8 smaller domains not drawn.")
    assert len(tabulate_job_domains(spread).rows) == 20


def test_outliers_are_marked_and_told_apart_from_what_is_usual() -> None:
    crews, outliers = build_job_scatter(make_spread()).data
    assert (crews.name, list(crews.x)) == ("Crews", [0.03])
    assert (outliers.marker.symbol, list(outliers.x)) == ("diamond", [5.0])
    assert "Costs $5.00, where up to $0.45 is usual" in outliers.hovertext[0]
    assert "1 outlier, the farthest: Churn: costs $5.00" in describe_job_scatter(make_spread())


def test_a_part_of_many_crews_is_said_to_be_a_part() -> None:
    many = distribution().model_copy(update={"counts": (3_000, 4_000, 1_000)})
    said = describe_job_scatter(make_spread(cost_usd=many, outliers=(), outlier_count=0))
    assert said.startswith(
        "Cost and chance of success of 8,000 crews. 2 of them are drawn, evenly chosen over the rows"
    )
    assert said.endswith("None costs or takes unusually much or little.")


def test_costs_that_differ_many_times_are_drawn_on_a_logarithmic_axis() -> None:
    assert build_job_scatter(make_spread()).layout.xaxis.type == "log"
    near = tuple(point.model_copy(update={"cost_usd": 0.02}) for point in make_spread().points)
    assert build_job_scatter(make_spread(points=near)).layout.xaxis.type != "log"


@pytest.mark.parametrize("tabulate", TABLES)
def test_every_chart_has_its_figures_as_a_table(tabulate: Callable[[Spread], Table]) -> None:
    assert tabulate(make_spread()).rows
    assert tabulate(NOTHING).rows == ()
