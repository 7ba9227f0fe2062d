"""Charts of templates say in words and in a table what they draw, and nothing where nothing is known."""

from datetime import date, timedelta

from crewgen_core.figures.template_comparison import build_comparison, describe_comparison, tabulate_comparison
from crewgen_core.figures.template_success import build_success, describe_success, tabulate_success
from crewgen_core.figures.template_trend import build_trend, describe_trend, tabulate_trend
from crewgen_core.models.template_figures import Comparison, SuccessFigure, TrendPart

JUDGED = SuccessFigure(label="Version 2", succeeded=3, runs=4, rate=0.75, low=0.35, high=0.94, mean=0.6)
UNJUDGED = SuccessFigure(label="<b>Version 1</b>", succeeded=0, runs=0, rate=None, low=0, high=1, mean=0.5)
CHEAPER = Comparison(figure="Cost of a run", ratio=0.5, low=0.3, high=0.8, count=9, other_count=12)
UNKNOWN = Comparison(figure="Duration of a run", ratio=None, low=None, high=None, count=1, other_count=12)
MONDAY = date(2027, 3, 1)


def week(number: int, uses: int, succeeded: int = 0, runs: int = 0) -> TrendPart:
    first = MONDAY + timedelta(weeks=number)
    return TrendPart(first=first, uses=uses, succeeded=succeeded, runs=runs, low=0.2, high=0.9)


def test_success_is_drawn_where_it_is_known_and_expected_everywhere():
    expected, judged = build_success("Success", (JUDGED, UNJUDGED)).data
    assert list(expected.x) == [60, 50]
    assert (list(judged.x), list(judged.y)) == ([75], [0])
    assert "Version 2: 3 of 4 runs succeeded, 75% (35% to 94%), expected 60%." in describe_success((JUDGED, UNJUDGED))
    assert tabulate_success("Success", (UNJUDGED,)).rows == (("<b>Version 1</b>", 0, 0, None, None, None, 0.5),)


def test_a_multiple_is_drawn_with_its_interval_and_what_is_unknown_is_said():
    (drawn,) = build_comparison((CHEAPER, UNKNOWN)).data
    assert (list(drawn.x), list(drawn.y)) == ([0.5], [0])
    told = describe_comparison((CHEAPER, UNKNOWN))
    assert "Cost of a run: 0.50 times (0.30 to 0.80; 9 with it against 12 without)." in told
    assert "Duration of a run: too few to say" in told
    assert tabulate_comparison((CHEAPER, UNKNOWN)).rows[1] == ("Duration of a run", None, None, None, 1, 12)
    assert not build_comparison((UNKNOWN,)).data


def test_a_trend_has_crews_as_bars_and_judged_weeks_as_points():
    weeks = (week(0, 4, 1, 2), week(1, 0), week(2, 1, 2, 2))
    made, judged = build_trend(weeks).data
    assert list(made.y) == [4, 0, 1]
    assert (list(judged.x), list(judged.y)) == ([0, 2], [50, 100])
    assert describe_trend(weeks).startswith("5 crews made and 4 runs judged in 3 weeks.")
    assert [row[0] for row in tabulate_trend(weeks).rows] == ["2027-03-01", "2027-03-08", "2027-03-15"]


def test_without_figures_a_sentence_stands_in_place_of_each_chart():
    for figure in (build_success("Success", ()), build_comparison(()), build_trend(())):
        assert not figure.data
        assert figure.layout.annotations[0].text
    assert describe_success(()) and describe_comparison(()) and describe_trend(())
