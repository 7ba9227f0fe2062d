"""The changes of an optimization: each with its reason and what it brings alone, to apply, alone or together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.change import Change, Effect, apply_changes
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Optimization
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_usd,
    percent_range,
    seconds_range,
    usd_range,
)
from pages.shared.optimize_study import follow
from pages.shared.plain_text import plain
from pages.shared.report import summarize_findings
from pages.shared.session import front_door

MINUS = "−\u2060"
"""A minus that no line ends after."""


@dataclass(frozen=True)
class Offer:
    """Changes of an optimization, and what can be done with them."""

    made: Optimization
    crew: Crew
    """What the changes are applied to, those in ``applied`` not yet in it unless ``stacked``."""
    objective: Objective | None
    apply: Callable[[Sequence[int]], None]
    """Called with the positions of all changes that are to be applied afterwards, as the callback of a button."""
    key: str
    """Keeps the checkboxes of two optimizations apart."""
    keep: Callable[[], None] | None = None
    """Keeps the result without applying anything, as the callback of a button; None where it is kept already."""
    applied: tuple[int, ...] = ()
    stacked: bool = False
    """True where the crew has the applied changes and others since: then none can be taken out."""


@st.fragment
def show_changes(offer: Offer) -> None:
    """Show the changes with checkboxes, what the chosen ones bring together, and the buttons that apply them."""
    follow()
    changes = offer.made.changes
    if changes:
        st.subheader(format_count(len(changes), "change"), anchor=False)
    for at, change in enumerate(changes):
        with st.container(border=True, key=f"change_{at}"):
            _show_change(offer, at, change)
    waiting = [at for at in range(len(changes)) if at not in offer.applied]
    chosen = [at for at in waiting if st.session_state.get(_pick_key(offer, at), True)]
    if waiting:
        _show_together(offer, chosen)
    with st.container(horizontal=True):
        if waiting:
            _show_apply_buttons(offer, waiting, chosen)
        if len(offer.applied) > 1 and not offer.stacked:
            _button("Undo all", "undo_all", ":material/undo:", offer, ())
        if offer.keep is not None:
            _keep_button(offer.keep)


def _show_apply_buttons(offer: Offer, waiting: Sequence[int], chosen: Sequence[int]) -> None:
    some = 0 < len(chosen) < len(waiting)
    _button(
        f"Apply selected ({len(chosen)})",
        "apply_selected",
        ":material/done:",
        offer,
        chosen,
        primary=some,
        disabled=not chosen,
    )
    _button("Apply all", "apply_all", ":material/done_all:", offer, waiting, primary=not some)


def _keep_button(keep: Callable[[], None]) -> None:
    st.button(
        "Keep this result",
        key="keep_result",
        icon=":material/bookmark_add:",
        on_click=keep,
        help="Puts it into the list of this crew's optimizations without applying anything.",
    )


def _show_change(offer: Offer, at: int, change: Change) -> None:
    done = at in offer.applied
    if done:
        st.markdown(f":green-badge[:material/done: applied] **{plain(change.title)}**")
    else:
        st.checkbox(f"**{plain(change.title)}**", value=True, key=_pick_key(offer, at))
    st.markdown(f":small[{plain(change.reason)}]")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(_say_alone(offer.made.before, change.effect), width="content")
        if done:
            _undo_button(offer, at, [it for it in offer.applied if it != at])
        else:
            _button("Apply", f"apply_{at}", ":material/done:", offer, [at])


def _undo_button(offer: Offer, at: int, others: Sequence[int]) -> None:
    st.button(
        "Undo",
        key=f"undo_{at}",
        icon=":material/undo:",
        on_click=offer.apply,
        args=(others,),
        disabled=offer.stacked,
        help="The crew was edited after this was applied. Go back to an earlier version on the crew's page, under "
        "Versions, or edit the crew."
        if offer.stacked
        else None,
    )


def _button(
    label: str,
    key: str,
    icon: str,
    offer: Offer,
    more: Sequence[int],
    *,
    primary: bool = False,
    disabled: bool = False,
) -> None:
    """Show a button that applies more changes than are applied now; with none, it undoes all."""
    wanted = sorted({*offer.applied, *more}) if more else []
    st.button(
        label,
        key=key,
        icon=icon,
        type="primary" if primary else "secondary",
        on_click=offer.apply,
        args=(wanted,),
        disabled=disabled,
    )


def _pick_key(offer: Offer, at: int) -> str:
    return f"pick_{offer.key}_{at}"


def _show_together(offer: Offer, chosen: Sequence[int]) -> None:
    """Say what the chosen changes bring together, before they are applied."""
    if not chosen:
        st.caption("No change is selected.")
        return
    wanted = chosen if offer.stacked else sorted({*offer.applied, *chosen})
    try:
        crew = apply_changes(offer.crew, (offer.made.changes[at] for at in wanted))
        report, estimate = front_door().review(crew, offer.objective)
    except CrewgenError as problem:
        st.warning(f"{plain(str(problem))} Select the changes that it builds on too.", icon=":material/link_off:")
        return
    with_applied = " and the applied ones" if offer.applied else ""
    selected = "selected change" if len(chosen) == 1 else f"{len(chosen)} selected changes"
    lead = f"With the {selected}{with_applied}"
    st.markdown(f"**{lead}:** {say_estimate(estimate)}")
    if report.errors:
        st.warning(f"The crew would then have {plain(summarize_findings(report))}.", icon=":material/error:")


def say_estimate(estimate: Estimate) -> str:
    """Return success, cost and duration with their ranges, as Markdown."""
    cost = estimate.cost_usd
    figures = (
        ("success", format_percent(estimate.success.p50), percent_range(estimate.success)),
        ("cost", format_usd(cost.p50 if cost else None), usd_range(cost)),
        ("duration", format_seconds(estimate.duration_s.p50), seconds_range(estimate.duration_s)),
    )
    return " · ".join(
        f"{name} **{plain(typical)}** :small[:gray[{plain(spread)}]]" for name, typical, spread in figures
    )


def _say_alone(before: Effect, alone: Effect | None) -> str:
    """Say what becomes of the figures when only this change is applied, and how far that is from today."""
    if alone is None:
        return ":small[:gray[It works only together with other changes.]]"
    points = round((alone.success.p50 - before.success.p50) * 100, 1)
    parts = [
        ("success", format_percent(alone.success.p50), f"{points:+.1f} points".replace("-", "−") if points else ""),
        ("duration", format_seconds(alone.duration_s.p50), _signed(before.duration_s.p50, alone.duration_s.p50)),
    ]
    if before.cost_usd and alone.cost_usd:
        was, now = float(before.cost_usd.p50), float(alone.cost_usd.p50)
        parts.insert(1, ("cost", format_usd(alone.cost_usd.p50), _signed(was, now, format_usd)))
    return (
        ":small[Alone: "
        + " · ".join(
            f"{name} {plain(figure)} " + (f"**({plain(difference)})**" if difference else ":gray[(unchanged)]")
            for name, figure, difference in parts
        )
        + "]"
    )


def _signed(was: float, now: float, show: Callable[[float], str] = format_seconds) -> str:
    """Return the difference with its sign; "" where it is less than a thousandth."""
    difference = now - was
    if abs(difference) < 0.001 * max(abs(was), abs(now)):
        return ""
    return f"{'+' if difference > 0 else MINUS}{show(abs(difference))}"
