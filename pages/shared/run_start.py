"""Starting a run: what it may do and spend, what is predicted, and whether it can start, before anything is started."""

from decimal import Decimal
from typing import Any

import streamlit as st

from crewgen_core.models.run import Judge, Preflight, RunSettings
from crewgen_core.models.stored import StoredCrew
from crewgen_core.numbers import format_seconds, format_usd, usd_range
from pages.shared.crew_actions import show_crew_actions
from pages.shared.estimate import show_calibration_badge, show_headline
from pages.shared.handover import open_run
from pages.shared.long_text import read_text
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown
from pages.shared.session import front_door, may_write

DRY, REAL = "Dry run", "Real run"

JUDGES: dict[Judge, str] = {"person": "You", "checks": "Checks of the results", "model": "A model"}
"""Who says whether a run succeeded, as people choose it."""

_JUDGE_HELP = (
    "You: say it on this page when it has ended. Checks: the results are held against what the tasks expect, by rules "
    "that look at form. A model: it is asked once at the end, which costs as well. You can always correct it."
)

LONGEST_DEADLINE, MOST_BUDGET = 10_080.0, 1_000_000.0
"""Minutes and USD, as the settings of a run allow them."""

LONGEST_INPUT = 20_000
"""Characters of the value of a placeholder."""


def show_start(stored: StoredCrew) -> None:
    """Show a crew with the choices of a run, its preflight and the button that starts it. Raises NotFound."""
    _show_header(stored)
    settings = _choose(stored)
    preflight = front_door().running.preflight(stored.crew_id, stored.number, settings)
    if not settings.dry:
        _show_prediction(stored, settings)
    settings = _offer_leaving_out(stored, settings, preflight)
    if settings.leave_out_tools:
        preflight = front_door().running.preflight(stored.crew_id, stored.number, settings)
    _show_readiness(settings, preflight)
    label = "Start the dry run" if settings.dry else "Start the real run"
    closed = not (preflight.ready and may_write())
    if st.button(label, key="start_run", type="primary", icon=":material/play_arrow:", disabled=closed):
        with problems_shown():
            open_run(front_door().running.start(stored.crew_id, stored.number, settings).id)


def _show_header(stored: StoredCrew) -> None:
    st.header(f"Run {plain(stored.crew.name)}", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(f"version {stored.number}", color="gray")
        if stored.number != stored.newest:
            st.badge(f"not the newest: that is version {stored.newest}", color="orange")
    show_crew_actions(stored.crew_id, without=("Run",))


def _choose(stored: StoredCrew) -> RunSettings:
    """Show the choices and return them as settings."""
    key = f"run_{stored.crew_id}"
    kind = st.segmented_control(
        "What kind of run?", [DRY, REAL], key=_start_with(f"{key}_kind", DRY), required=True, persist_state="session"
    )
    if kind != REAL:
        st.caption(
            "A dry run is the best first step: CrewAI builds the crew and goes through every task, but a stand-in "
            "answers at once instead of models. It costs nothing, reaches no network, and shows whether the crew works "
            "as a whole; what its results say means nothing."
        )
        return RunSettings(dry=True, inputs=_ask_inputs(stored, key))
    objective = stored.objective
    deadline = objective.deadline_minutes if objective else None
    with st.grid(3, min_column_width=220):
        model = st.selectbox(
            "Model",
            _list_models(st.session_state.get(f"{key}_model")),
            key=f"{key}_model",
            accept_new_options=True,
            persist_state="session",
            help="LiteLLM name of the model of every agent that names none of its own.",
        )
        budget = st.number_input(
            "Budget (USD)",
            0.0,
            MOST_BUDGET,
            None,
            key=_start_with(f"{key}_budget", _first_budget(stored)),
            step=0.5,
            format="%g",
            placeholder="No limit",
            persist_state="session",
            help="No model call begins that would pass it. Empty is no limit.",
        )
        minutes = st.number_input(
            "Deadline (minutes)",
            0.1,
            LONGEST_DEADLINE,
            None,
            key=_start_with(f"{key}_minutes", min(deadline, LONGEST_DEADLINE) if deadline else None),
            step=5.0,
            format="%g",
            placeholder="No limit",
            persist_state="session",
            help="The longest that it may take, the time that it waits for people not counted. Empty is no limit.",
        )
    judge, judge_model = _ask_judge(key)
    return RunSettings(
        model=(model or "").strip(),
        budget_usd=None if budget is None else Decimal(str(budget)),
        deadline_minutes=minutes,
        inputs=_ask_inputs(stored, key),
        judge=judge,
        judge_model=judge_model,
    )


def _start_with(key: str, value: object) -> str:
    """Give a field its first value and return its key; what a person chose since stays."""
    st.session_state.setdefault(key, value)
    return key


def _list_models(chosen: str | None) -> list[str]:
    """Return the configured and the chosen model, and those of providers whose keys are set."""
    door = front_door()
    suggested = [model for provider, ready in door.models.list_providers() if ready for model in provider.suggested]
    return list(dict.fromkeys(name for name in (door.settings.run_model, chosen, *suggested) if name))


def _first_budget(stored: StoredCrew) -> float | None:
    """Return the budget of the objective, else twice what 9 in 10 runs cost at most, in full cents."""
    if stored.objective is not None and stored.objective.budget_usd is not None:
        return float(stored.objective.budget_usd)
    cost = stored.estimate.cost_usd
    return None if cost is None else max(0.01, round(float(cost.p90) * 2, 2))


def _ask_judge(key: str) -> tuple[Judge, str]:
    judge: Any = st.segmented_control(
        "Who says whether it succeeded?",
        list(JUDGES),
        key=_start_with(f"{key}_judge", "person"),
        format_func=lambda one: JUDGES[one],
        required=True,
        persist_state="session",
        help=_JUDGE_HELP,
    )
    if judge != "model":
        return judge or "person", ""
    model = st.selectbox(
        "Model that judges",
        _list_models(st.session_state.get(f"{key}_judge_model")),
        key=f"{key}_judge_model",
        accept_new_options=True,
        persist_state="session",
    )
    return "model", (model or "").strip()


def _ask_inputs(stored: StoredCrew, key: str) -> dict[str, str]:
    """Ask for a value of each placeholder in the crew's texts; one without a value stays as it is.

    Raises CrewgenError where a value is too long.
    """
    names = front_door().run_reports.list_placeholders(stored.crew_id, stored.number)
    if not names:
        return {}
    st.markdown("**Values of the placeholders in this crew's texts**")
    with st.grid(2, min_column_width=260):
        typed = {
            name: st.text_input(
                plain(name),
                key=f"{key}_input_{name}",
                placeholder="Empty leaves it as it is",
                persist_state="session",
            )
            for name in names
        }
    read = {name: read_text(value, f"value of “{name}”", LONGEST_INPUT) for name, value in typed.items()}
    return {name: value for name, value in read.items() if value}


def _show_prediction(stored: StoredCrew, settings: RunSettings) -> None:
    estimate = front_door().run_reports.foresee(stored.crew_id, stored.number, settings)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**What this run will probably take**", width="content")
        show_calibration_badge(estimate)
    show_headline(estimate)
    st.warning(plain(_say_money(settings, usd_range(estimate.cost_usd))), icon=":material/payments:")


def _say_money(settings: RunSettings, predicted: str) -> str:
    """Say that the run spends money, how much, and what keeps it from spending more."""
    costs = "how much is not known" if predicted == "unknown" else f"probably {predicted}"
    said = f"A real run spends money at the provider of the model: {costs}. "
    if settings.budget_usd is None:
        said += "There is no budget, so nothing keeps it from spending more"
    else:
        said += f"It stops before a call that would pass {format_usd(settings.budget_usd)}"
    if settings.deadline_minutes is not None:
        said += f", and it ends after {format_seconds(settings.deadline_minutes * 60)} at the latest"
    return f"{said}. You can stop it at any moment."


def _offer_leaving_out(stored: StoredCrew, settings: RunSettings, preflight: Preflight) -> RunSettings:
    """Name the tools that cannot work, and offer to run without them; return the settings with the choice."""
    if not preflight.gaps:
        return settings
    with st.container(border=True, key="tool_gaps"):
        st.markdown("**Tools that cannot work here**")
        for gap in preflight.gaps:
            st.markdown(f"- {plain(gap.name)}: :gray[lacks {plain(', '.join(gap.missing))}]")
        leave_out = st.checkbox(
            "Run without them",
            key=_start_with(f"run_{stored.crew_id}_leave_out{'_dry' if settings.dry else ''}", value=settings.dry),
            persist_state="session",
            help="Agents then do their tasks without these tools; results may be poorer.",
        )
    return settings.model_copy(update={"leave_out_tools": bool(leave_out)})


def _show_readiness(settings: RunSettings, preflight: Preflight) -> None:
    if preflight.ready:
        said = "Ready for a dry run: it costs nothing." if settings.dry else "Ready to start."
        st.success(said, icon=":material/check_circle:")
        return
    problems = "\n".join(f"- {plain(problem)}" for problem in preflight.problems)
    st.error(f"It cannot start yet:\n\n{problems}", icon=":material/block:")
