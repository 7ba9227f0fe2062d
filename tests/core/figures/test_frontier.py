"""The frontier: every crew where its cost and success put it, names that can be read, nothing invented."""

import json
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.figures.frontier import HEIGHT, build_frontier, describe_frontier, tabulate_frontier
from crewgen_core.figures.placing import CHARACTER, LINE_HEIGHT, PADDING, WIDTHS, place_labels
from crewgen_core.models.change import Effect
from crewgen_core.models.crew import Crew
from crewgen_core.models.optimization import Variant, VariantKind
from crewgen_core.models.value import Quantiles, UsdQuantiles

KINDS: list[VariantKind] = ["today", "chosen", "one agent", "cheapest", "fastest", "most successful"]


def variant(kind: VariantKind, usd: str | None = "0.05", success: float = 0.4, seconds: float = 200) -> Variant:
    cost = Decimal(usd) if usd is not None else None
    return Variant(
        kind=kind,
        effect=Effect(
            success=Quantiles(p10=success / 2, p50=success, p90=(1 + success) / 2),
            cost_usd=None if cost is None else UsdQuantiles(p10=cost / 2, p50=cost, p90=cost * 2),
            duration_s=Quantiles(p10=seconds / 2, p50=seconds, p90=seconds * 2),
        ),
        agents=3,
        models=("m",),
        crew=Crew(),
    )


def test_a_crew_stands_at_its_cost_and_success_with_its_duration_as_colour() -> None:
    (points,) = build_frontier([variant("today", "0.05", 0.4, 240)]).data
    assert (list(points.x), list(points.y)) == ([0.05], [40])
    assert list(points.marker.color) == [4]


def test_the_frontier_is_a_stair_in_order_of_cost() -> None:
    figure = build_frontier([variant("frontier", usd, success) for usd, success in (("3", 0.6), ("1", 0.2))])
    assert (list(figure.data[0].x), list(figure.data[0].y)) == ([1, 3], [20, 60])
    assert figure.data[0].line.shape == "hv"
    assert len(figure.layout.annotations) == 0


def test_a_crew_that_is_only_faster_is_drawn_below_the_line() -> None:
    crews = [variant("cheapest", "1", 0.2), variant("frontier", "2", 0.1, 60), variant("most successful", "3", 0.6)]
    line, points = build_frontier(crews).data
    assert (list(line.x), list(line.y)) == ([1, 3], [20, 60])
    assert len(points.x) == 3


@pytest.mark.parametrize(("dearest", "kind"), [("0.05", "linear"), ("5", "log")])
def test_the_axis_is_logarithmic_where_costs_lie_far_apart(dearest: str, kind: str) -> None:
    figure = build_frontier([variant("cheapest", "0.01"), variant("today", dearest)])
    assert figure.layout.xaxis.type == kind


def test_a_free_crew_has_its_place_on_a_linear_axis() -> None:
    figure = build_frontier([variant("cheapest", "0"), variant("today", "5")])
    assert figure.layout.xaxis.type == "linear"
    assert figure.layout.xaxis.range[0] < 0


def test_crews_at_the_same_place_share_a_label() -> None:
    figure = build_frontier([variant("chosen"), variant("one agent"), variant("today", "0.06")])
    assert [it.text for it in figure.layout.annotations] == ["Chosen, One agent", "Today"]


def test_a_crew_without_a_known_cost_is_told_and_not_drawn() -> None:
    crews = [variant("today", None), variant("chosen")]
    assert len(build_frontier(crews).data[0].x) == 1
    assert "Today: unknown" in describe_frontier(crews)
    assert tabulate_frontier(crews).rows[0][:4] == ("Today", None, None, None)
    assert "not known" in build_frontier(crews[:1]).layout.annotations[0].text
    assert "No crews" in build_frontier([]).layout.annotations[0].text


def test_the_table_has_every_figure() -> None:
    row = dict(zip(*_first(tabulate_frontier([variant("today", "0.05", 0.4, 240)])), strict=True))
    assert row["cost P50, USD"] == 0.05
    assert row["success P90"] == 0.7
    assert row["duration P10, seconds"] == 120
    assert row["models"] == "m"


def _first(table: object) -> tuple[object, object]:
    return table.columns, table.rows[0]


Boxes = list[tuple[float, float, float, float]]


def boxes(spots: list[tuple[float, float]], texts: list[str], places: list[object], width: float) -> Boxes:
    found = []
    for (across, down), text, place in zip(spots, texts, places, strict=True):
        x, y, half = across * width + place.right, down * (HEIGHT - 168) + place.down, len(text) * CHARACTER + PADDING
        found.append((x - half / 2, y - LINE_HEIGHT / 2, x + half / 2, y + LINE_HEIGHT / 2))
    return found


NAMES = ["Today", "Chosen", "One agent", "Cheapest", "Fastest", "Most successful"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)), min_size=6, max_size=6, unique=True))
def test_labels_never_cover_each_other_at_any_width(spots: list[tuple[float, float]]) -> None:
    places = place_labels(list(zip(spots, NAMES, strict=True)), [], HEIGHT - 168)
    for width in WIDTHS:
        for one, other in combinations(boxes(spots, NAMES, places, width), 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (width, one, other)


FIGURE = st.builds(
    variant,
    st.sampled_from([*KINDS, "frontier"]),
    st.none() | st.decimals(0, 500_000, places=6).map(str),
    st.floats(0, 1),
    st.floats(0, 1e6),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(FIGURE, max_size=8))
def test_any_crews_can_be_drawn_said_and_tabulated(crews: list[Variant]) -> None:
    assert json.loads(build_frontier(crews).to_json())["layout"]["title"]["text"]
    assert describe_frontier(crews)
    assert len(tabulate_frontier(crews).rows) == len(crews)
