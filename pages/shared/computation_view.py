"""How an estimate was computed: shares, the worked computation, what moves it, and how the runs are spread."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from crewgen_core.models.computation import Computation, Lever, Line, Portion, Sensitivity
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import BasisStatus, Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd
from pages.shared.chart import offer_table, show_chart
from pages.shared.plain_text import plain
from pages.shared.session import front_door

STATUS_WORDS: dict[BasisStatus, str] = {
    "published": "published figure",
    "derived": "derived from published figures",
    "measured": "measured",
    "assumption": "assumption",
}

_KEPT = "computations"
_MOST_KEPT = 4
"""Computations that a session keeps: a page is run again after each click, and this takes a few tenths of a second."""

_MOST_LEVERS = 8


def get_computation(crew: Crew, objective: Objective | None) -> Computation:
    """Return the computation of a crew, made once for each state that was looked at last."""
    kept: list[tuple[Crew, Objective | None, object, Computation]] = st.session_state.setdefault(_KEPT, [])
    # a correction under Settings changes the figures, and so does a new outcome
    facts = front_door().models.read(), front_door().outcomes.calibration()
    for known_crew, known_objective, known_facts, computation in kept:
        if known_crew == crew and known_objective == objective and known_facts == facts:
            return computation
    computation = front_door().explain_estimate(crew, objective)
    st.session_state[_KEPT] = [*kept[1 - _MOST_KEPT :], (crew, objective, facts, computation)]
    return computation


def show_spread(computation: Computation, key: str) -> None:
    """Show how cost and duration of the simulated runs are spread, and the chance to keep budget and deadline."""
    from crewgen_core.figures.distribution import (
        build_distribution,
        describe_distribution,
        say_chance,
        tabulate_distribution,
    )

    unknown = "The cost is not known, or the same in every run."
    st.caption("P10, P50 and P90: one, five and nine in ten simulated runs stay below that figure.")
    with st.grid(min_column_width=420, key=f"{key}_spread"):
        for name, runs, otherwise in (
            ("cost_runs", computation.cost_runs, unknown),
            ("duration_runs", computation.duration_runs, "All runs take the same time."),
        ):
            with st.container(border=True):
                table = tabulate_distribution(runs) if runs else None
                show_chart(
                    build_distribution(runs, otherwise), describe_distribution(runs, otherwise), table, f"{key}_{name}"
                )
                if runs and runs.limit is not None:
                    st.markdown(f"**{plain(say_chance(runs))}**")


def show_sensitivity(sensitivity: Sensitivity, key: str) -> None:
    """Show what moves success, cost or duration most, and what one change to one task would do."""
    from crewgen_core.figures.tornado import build_tornado, describe_tornado, tabulate_tornado

    figures: dict[str, Literal["success", "cost", "duration"]] = {
        "Success": "success",
        "Cost": "cost",
        "Duration": "duration",
    }
    chosen = st.segmented_control(
        "What moves", list(figures), default="Success", key=f"{key}_moved", required=True, label_visibility="collapsed"
    )
    figure = figures[chosen or "Success"]
    st.caption(
        "Each input alone at either end of what it may well be, all others as estimated. Point at a bar for the two "
        "settings and their source."
    )
    show_chart(
        build_tornado(sensitivity, figure),
        describe_tornado(sensitivity, figure),
        tabulate_tornado(sensitivity),
        f"{key}_tornado",
    )
    _show_levers(sensitivity, key)


def show_computation(estimate: Estimate, computation: Computation, key: str) -> None:
    """Show every number with its source, its share of the whole, and the way to the result as a computation."""
    _show_correction(estimate, computation)
    shares, worked, sources = st.tabs(["Shares", "Worked out", "Numbers and sources"], key=f"{key}_how")
    with shares:
        _show_portions(computation.portions, key)
    with worked:
        _show_worked(computation, key)
    with sources:
        _show_basis(estimate, key)


def tell_uncorrected(estimate: Estimate, computation: Computation) -> None:
    """Say of what stands beside a corrected estimate that it is the one before; nothing where none is corrected."""
    if _is_corrected(estimate, computation):
        counted = format_count(estimate.own_outcomes, "own outcome")
        st.caption(f"As estimated before {counted} corrected the figures above.")


def _is_corrected(estimate: Estimate, computation: Computation) -> bool:
    return bool(estimate.own_outcomes) and abs(computation.sensitivity.base.success - estimate.success.p50) > 1e-9


def _show_correction(estimate: Estimate, computation: Computation) -> None:
    """Say where own outcomes correct what is worked out here."""
    before, after = computation.sensitivity.base.success, estimate.success.p50
    if _is_corrected(estimate, computation):
        counted = format_count(estimate.own_outcomes, "own outcome")
        st.info(
            f"Worked out here is the estimate before {counted} corrected it: success {format_percent(before)} became "
            f"{format_percent(after)}. Cost and duration are corrected alike; the corrections stand among the numbers."
        )


def _show_portions(portions: Sequence[Portion], key: str) -> None:
    st.caption(
        "What each task, and each agent with all of its tasks, has of the difficulty (load), cost, tokens and time of "
        "a typical run. Each kind adds up to the whole."
    )
    if not portions:
        return
    for kind, title in (("task", "Task"), ("agent", "Agent")):
        rows = [_portion_row(title, it) for it in portions if it.kind == kind]
        shares = {name: _bar() for name in ("Load", "Cost", "Tokens", "Time")}
        st.dataframe(rows, hide_index=True, column_config={title: _narrow(), **shares})
    offer_table(_tabulate_portions(portions), f"{key}_portions_data")


def _portion_row(title: str, portion: Portion) -> dict[str, str | float | None]:
    return {
        title: portion.name or portion.key,
        "Load": portion.of_load,
        "Cost": portion.of_cost,
        "Tokens": portion.of_tokens,
        "Time": portion.of_seconds,
        "USD": format_usd(portion.cost_usd),
        "Takes": format_seconds(portion.seconds),
    }


def _bar() -> ColumnConfig:
    return st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)


def _tabulate_portions(portions: Sequence[Portion]) -> Table:
    columns = (
        "kind",
        "name",
        "load",
        "tokens",
        "cost, USD",
        "time, seconds",
        "share of load",
        "share of tokens",
        "share of cost",
        "share of time",
    )
    rows = tuple(
        (
            *(it.kind, it.name, it.load, it.tokens, it.cost_usd, it.seconds),
            *(it.of_load, it.of_tokens, it.of_cost, it.of_seconds),
        )
        for it in portions
    )
    return Table(title="Shares of tasks and agents", columns=columns, rows=rows)


def _show_worked(computation: Computation, key: str) -> None:
    st.caption("Formulas with the numbers of this crew: each line can be redone with a calculator.")
    names = ["The whole crew", *(f"{at}. {task.name or task.task}" for at, task in enumerate(computation.tasks, 1))]
    chosen = st.selectbox("Part", range(len(names)), key=f"{key}_part", format_func=names.__getitem__)
    if not chosen:
        for model in computation.models:
            _show_lines(f"Model {model.model}", model.lines)
        _show_lines("For all tasks", computation.factors)
        groups = {
            "Success": computation.success,
            "Tokens": computation.tokens,
            "Cost": computation.cost,
            "Duration": computation.duration,
        }
    else:
        task = computation.tasks[chosen - 1]
        groups = {"Success": task.success, "Tokens": task.tokens, "Cost": task.cost, "Duration": task.duration}
    for title, lines in groups.items():
        _show_lines(title, lines)
    offer_table(_tabulate_lines(computation), f"{key}_worked_data")


def _show_lines(title: str, lines: Sequence[Line]) -> None:
    if not lines:
        return
    shown = "\n".join(
        f"- {plain(line.name)}: "
        + (f"{plain(line.formula)} = " if line.formula else "")
        + f"**{plain(line.result)}**"
        + (f"  \n  :small[:gray[{plain(line.why)}]]" if line.why else "")
        for line in lines
    )
    st.markdown(f"**{plain(title)}**\n\n{shown}")


def _tabulate_lines(computation: Computation) -> Table:
    parts: list[tuple[str, str, Line]] = [
        (f"model {model.model}", "facts", line) for model in computation.models for line in model.lines
    ]
    parts += [("all tasks", "factors", line) for line in computation.factors]
    for name, part in (*((task.name, task) for task in computation.tasks), ("whole crew", computation)):
        for figure in ("success", "tokens", "cost", "duration"):
            parts += [(name, figure, line) for line in getattr(part, figure)]
    rows = tuple((name, figure, line.name, line.formula, line.result, line.why) for name, figure, line in parts)
    columns = ("part", "figure", "line", "formula", "result", "what the numbers are")
    return Table(title="Estimate worked out", columns=columns, rows=rows)


def _show_basis(estimate: Estimate, key: str) -> None:
    st.caption("Every number that the estimate rests on, where it comes from, and how far it can be trusted.")
    columns = ("Number", "Value", "Status", "Source")
    rows = [
        (item.name, f"{item.value} {item.unit}".strip(), STATUS_WORDS[item.status], item.source)
        for item in estimate.basis
    ]
    st.dataframe([dict(zip(columns, row, strict=True)) for row in rows], hide_index=True)
    offer_table(Table(title="Numbers of the estimate", columns=columns, rows=tuple(rows)), f"{key}_basis_data")


def _show_levers(sensitivity: Sensitivity, key: str) -> None:
    possible = [lever for lever in sensitivity.levers if lever.possible]
    if not possible:
        return
    base = sensitivity.base
    st.markdown(f"**What one change to one task would do** :small[:gray[success now {format_percent(base.success)}]]")
    bounds = {lever.task: lever.outcome.success for lever in sensitivity.levers if not lever.possible}
    rows = [_lever_row(lever, base.success, bounds.get(lever.task)) for lever in possible[:_MOST_LEVERS]]
    st.dataframe(rows, hide_index=True, column_config={"Task": _narrow(), "Change": _narrow()})
    columns = ("task", "change", "can be done", "success", "cost, USD", "duration, seconds")
    table_rows = tuple(
        (
            *(it.name, it.change, "yes" if it.possible else "no, a bound"),
            *(it.outcome.success, it.outcome.cost_usd, it.outcome.duration_s),
        )
        for it in sensitivity.levers
    )
    offer_table(Table(title="Levers by task", columns=columns, rows=table_rows), f"{key}_levers_data")


def _lever_row(lever: Lever, base: float, bound: float | None) -> dict[str, str]:
    gain = (lever.outcome.success - base) * 100
    return {
        "Task": lever.name or lever.task,
        "Change": lever.change,
        "Success": format_percent(lever.outcome.success),
        "Gain": f"+{gain:.1f} points",
        "If it could not fail": "" if bound is None else format_percent(bound),
        "Cost": format_usd(lever.outcome.cost_usd),
        "Duration": format_seconds(lever.outcome.duration_s),
    }


def _narrow() -> ColumnConfig:
    """Leave room for figures beside a long name, also on a phone."""
    return st.column_config.TextColumn(width=160)
