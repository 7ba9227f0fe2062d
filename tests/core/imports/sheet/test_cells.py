"""What people write for an amount, a time, a number of agents, a priority."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.imports.sheet.cells import (
    MOST_AGENTS,
    MOST_MINUTES,
    MOST_USD,
    CellFault,
    read_agents,
    read_minutes,
    read_priority,
    read_tags,
    read_usd,
    shorten,
)
from crewgen_core.models.objective import Objective


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("2.50", 2.5), ("2,50", 2.5), ("$2.50", 2.5), ("2.50 USD", 2.5), ("US$ 2", 2), ("USD 3", 3), ("2,5 $", 2.5),
        ("1,000.50", 1000.5), ("1.000,50", 1000.5), ("1 000,50", 1000.5), ("1\u202f000\u00a0USD", 1000),
        ("1'000.50", 1000.5),
        ("$1,500", 1500), ("1,000,000", 1_000_000), ("1.000.000", 1_000_000), ("0,125", 0.125), ("1.125", 1.125),
        (".5", 0.5), ("5.", 5), ("0", 0), ("1e3", 1000), ("２.５", 2.5), ("3 dollars", 3),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(cell: str, amount: float) -> None:
    assert read_usd(cell) == amount


@pytest.mark.parametrize(
    "cell", ["abc", "nan", "inf", "-inf", "1e999", "2.5.1", "1,00.5", "1_000", "5%", "2-3", "", "$", ",", "+", "9" * 41]
)
def test_what_is_no_amount_is_told(cell: str) -> None:
    with pytest.raises(CellFault, match="is no amount: write a number of US dollars"):
        read_usd(cell)


def test_an_amount_that_may_be_two_is_not_guessed() -> None:
    with pytest.raises(CellFault, match=r'"1,500" may be 1500 or 1.5'):
        read_usd("1,500")


@pytest.mark.parametrize("cell", ["€2", "2 EUR", "£3", "4 CHF"])
def test_other_currencies_are_told(cell: str) -> None:
    with pytest.raises(CellFault, match="another currency"):
        read_usd(cell)


@pytest.mark.parametrize("cell", ["-1", "−1", "1000001"])
def test_amounts_out_of_range_are_told(cell: str) -> None:
    with pytest.raises(CellFault, match="from 0 to 1,000,000"):
        read_usd(cell)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("30", 30), ("30 min", 30), ("30m", 30), ("30 minutes", 30), ("1 h 30", 90), ("1h30", 90), ("1h 30min", 90),
        ("1.5 h", 90), ("1,5 Stunden", 90), ("2 hours", 120), ("1 hour and 5 minutes", 65),
        ("1:30", 90), ("0:00:30", 0.5),
        ("2 days", 2880), ("1 d 2 h", 1560), ("90 s", 1.5), ("2,50", 2.5), ("1 Std. 15 Min.", 75), ("525600", 525_600),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(cell: str, minutes: float) -> None:
    assert read_minutes(cell) == pytest.approx(minutes)


@pytest.mark.parametrize(
    "cell", ["soon", "2 months", "1 30", "nan", "h", "30 apples", "1:75", "tomorrow 5", "", "1" * 41]
)
def test_what_is_no_time_is_told(cell: str) -> None:
    with pytest.raises(CellFault, match="is no time: write minutes"):
        read_minutes(cell)


@pytest.mark.parametrize("cell", ["0", "-5", "525601", "400 days"])
def test_times_out_of_range_are_told(cell: str) -> None:
    with pytest.raises(CellFault, match="out of range"):
        read_minutes(cell)


@pytest.mark.parametrize(("cell", "count"), [("5", 5), ("5.0", 5), ("5 agents", 5), (" 50 ", 50), ("1", 1)])
def test_numbers_of_agents_are_read(cell: str, count: int) -> None:
    assert read_agents(cell) == count


@pytest.mark.parametrize("cell", ["0", "51", "2.5", "3-5", "many", "nan", "1e1", "-2"])
def test_what_is_no_number_of_agents_is_told(cell: str) -> None:
    with pytest.raises(CellFault, match="whole number from 1 to 50"):
        read_agents(cell)


@pytest.mark.parametrize(
    ("cell", "priority"), [("High", "high"), ("urgent", "high"), ("medium", "normal"), ("NIEDRIG", "low")]
)
def test_priorities_are_known_by_usual_words(cell: str, priority: str) -> None:
    assert read_priority(cell) == priority


@pytest.mark.parametrize("cell", ["1", "whenever", ""])
def test_an_unknown_priority_is_told(cell: str) -> None:
    with pytest.raises(CellFault, match="write high, normal or low"):
        read_priority(cell)


def test_tags_are_separated_by_what_people_use() -> None:
    assert read_tags(" a, b;c |d\ne  f,, a") == ("a", "b", "c", "d", "e f")


def test_the_ends_of_the_ranges_are_those_of_an_objective() -> None:
    for fields in ({"budget_usd": MOST_USD}, {"deadline_minutes": MOST_MINUTES}, {"max_agents": MOST_AGENTS}):
        Objective(text="x", **fields)
        with pytest.raises(ValueError, match="less than or equal"):
            Objective(text="x", **{name: most + 1 for name, most in fields.items()})


@given(cell=st.text(max_size=60) | st.text("0123456789.,' $-+eEhmd:usd", max_size=40))
def test_any_text_is_a_value_in_range_or_a_fault(cell: str) -> None:
    for read, field in ((read_usd, "budget_usd"), (read_minutes, "deadline_minutes"), (read_agents, "max_agents")):
        try:
            value = read(cell)
        except CellFault as fault:
            assert str(fault).isprintable()
        else:
            Objective(text="x", **{field: value})


@given(cell=st.text(max_size=600))
def test_what_is_shown_of_a_cell_is_short_and_on_one_line(cell: str) -> None:
    assert len(shorten(cell)) <= 60
    assert shorten(cell).isprintable()
