"""The stored crews: search, a page of them at a time, each a link to the crew."""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from crewgen_core.models.stored import MOST_COUNTED, CrewRow
from crewgen_core.numbers import format_count, format_percent, format_usd, format_when
from pages.shared.address import CREW, read_passed, write_passed
from pages.shared.crew_actions import show_crew_actions
from pages.shared.handover import ONE_CREW
from pages.shared.plain_text import plain, shorten
from pages.shared.session import front_door
from pages.shared.whose import mark_demo, tell_whose

PAGE = 8
"""Crews on a page."""

NAME = 42
"""Characters of a crew's name on its link, which has one line, on a phone too."""

_PASSED = "crews"
"""The name in the address of the pages passed."""


@st.fragment
def show_crews(title: str = "Crews", leads_to: Path = ONE_CREW) -> None:
    """Show the crews that the search finds, the newest first; each leads to a page that takes ``?crew=ID``."""
    st.subheader(title, anchor=False)
    wanted = st.text_input(
        "Search crews",
        type="search",
        live=True,
        key="crew_search",
        placeholder="Words of the name or the objective",
        label_visibility="collapsed",
        bind="query-params",
        on_change=_first_page,
    )
    passed = read_passed(_PASSED)
    crewgen = front_door()
    found = crewgen.crews.count(wanted)
    rows = crewgen.crews.list(wanted, limit=PAGE, before=passed[-1] if passed else None)
    if not rows:
        st.info(_say_nothing_found(wanted), icon=":material/search_off:")
    with st.grid(2, min_column_width=320, border=True, key="crews") as grid:
        for row in rows:
            with grid.cell():
                _show_crew(row, leads_to)
    _show_turning(wanted, rows, len(passed) * PAGE, found)


def _show_crew(row: CrewRow, leads_to: Path) -> None:
    figures = row.figures
    label, tip = f"**{plain(shorten(row.name, NAME))}**", f"Open crew {row.id}: {plain(row.name)}"
    if leads_to == ONE_CREW:
        st.page_link(leads_to, label=label, icon="", query_params={CREW: str(row.id)}, help=tip)
    else:  # a link that leads to the page it is on leaves the address as it is
        st.button(label, key=f"choose_crew_{row.id}", type="tertiary", help=tip, on_click=_open_here, args=(row.id,))
    st.text(shorten(row.objective, 160))
    state = f":red-badge[{format_count(figures.error_count, 'error')}] " if figures.error_count else ""
    parts = [
        format_count(figures.agent_count, "agent"),
        format_count(figures.task_count, "task"),
        f"{format_percent(figures.success)} chance of success",
        f"{format_usd(figures.cost_usd)} per run" if figures.cost_usd is not None else "price not known",
        f"version {row.number}",
        *tell_whose(row),
        format_when(row.updated_at),
    ]
    st.markdown(f"{mark_demo(row)}{state}:small[:gray[{plain(' · '.join(parts))}]]")
    if leads_to == ONE_CREW:
        show_crew_actions(row.id, without=("Open",), small=True)


def _open_here(crew_id: int) -> NoReturn:
    st.query_params.from_dict({CREW: str(crew_id)})
    st.rerun()


def _show_turning(wanted: str, rows: tuple[CrewRow, ...], before: int, found: int) -> None:
    """Show which part of the crews this is, and buttons to the parts before and after it."""
    if found <= PAGE:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Newer", icon=":material/chevron_left:", key="crews_newer", disabled=not before, on_click=_newer)
        total = f"more than {MOST_COUNTED:,}" if wanted.strip() and found > MOST_COUNTED else f"{found:,}"
        st.caption(f"{before + 1}–{before + len(rows)} of {total}", width="content")
        st.button(
            "Older",
            icon=":material/chevron_right:",
            icon_position="right",
            key="crews_older",
            disabled=len(rows) < PAGE or before + len(rows) == found,
            on_click=_older,
            args=(rows[-1].id if rows else 0,),
        )


def _say_nothing_found(wanted: str) -> str:
    if not wanted.strip():
        return "There are no crews yet: the requests made so far did not come to one."
    among = (
        "" if len(wanted.strip()) >= 3 else " Fewer than three letters are looked for in the newest 1,000 crews only."
    )
    return f"No crew has “{plain(shorten(wanted, 60))}” in its name or objective.{among}"


def _first_page() -> None:
    write_passed(_PASSED, [])


def _older(last: int) -> None:
    write_passed(_PASSED, [*read_passed(_PASSED), last])


def _newer() -> None:
    write_passed(_PASSED, read_passed(_PASSED)[:-1])
