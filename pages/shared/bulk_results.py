"""What came of the rows of a job: filter, look, compare, go on with them, take them away."""

from zlib import crc32

import streamlit as st

from crewgen_core.models.job import Item, ItemQuery, Job
from pages.shared.bulk_actions import act
from pages.shared.bulk_charts import show_charts
from pages.shared.bulk_comparison import MOST_COMPARED, show_comparison
from pages.shared.bulk_downloads import show_downloads
from pages.shared.bulk_filters import is_narrowed, read_query
from pages.shared.bulk_follow_up import show_follow_up
from pages.shared.bulk_table import choose_rows
from pages.shared.bulk_words import count_rows
from pages.shared.crew_actions import show_crew_actions
from pages.shared.handover import ONE_CREW
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.session import front_door

PAGE = 50
"""Rows on a page."""

_PAGING_WIDTH = 330
"""Pixels: as many numbers as a phone has room for; left to itself in a row, it shows one."""


@st.fragment
def show_results(job: Job) -> None:
    """Show the rows of a job as the filters want them; only this part of the page runs again when they change."""
    st.subheader("Results", anchor=False)
    with problems_shown():
        query = read_query(job)
        chosen = _show_rows(job, query)
        _show_chosen(job, chosen)
        show_downloads(job, query, chosen)
        show_follow_up(job, query, chosen)
    with problems_shown():
        show_charts(job)


def _show_rows(job: Job, query: ItemQuery) -> list[Item]:
    """Show one page of the rows that the query finds; return those that are selected."""
    asked = crc32(query.model_dump_json().encode())
    key = f"bulk_page_{job.id}_{asked}"
    number = int(st.session_state.get(key, 1))
    page = front_door().bulk.list_items(job.id, query, PAGE, (number - 1) * PAGE)
    pages = max(1, -(-page.total // PAGE))
    if number > pages:  # rows went since, for example because failed ones are tried again
        number = st.session_state[key] = pages
        page = front_door().bulk.list_items(job.id, query, PAGE, (number - 1) * PAGE)
    if not page.items:
        st.info("No row is like that." if is_narrowed(query) else "There are no rows.", icon=":material/search_off:")
        return []
    chosen = choose_rows(page.items, job.kind, f"bulk_table_{job.id}_{asked}_{number}")
    first = (number - 1) * PAGE + 1
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{first:,}–{first + len(page.items) - 1:,} of {count_rows(page.total)}", width="content")
        if pages > 1:
            st.pagination(pages, default=min(number, pages), key=key, width=_PAGING_WIDTH)
    return chosen


def _show_chosen(job: Job, chosen: list[Item]) -> None:
    """Offer what can be done with the selected rows."""
    if not chosen:
        st.caption(f"Select a row to open its crew, two to {MOST_COMPARED} to compare them.")
        return
    crews = [item for item in chosen if item.crew_id is not None]
    again = [item.id for item in chosen if item.state in ("failed", "cancelled")]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{count_rows(len(chosen))} selected**", width="content")
        for item in crews[:MOST_COMPARED]:
            st.page_link(
                ONE_CREW,
                label=plain(shorten(item.crew_name or item.name or item.objective, 40)),
                icon=":material/open_in_full:",
                query_params={"crew": str(item.crew_id)},
            )
        if again and st.button(
            f"Try {count_rows(len(again), 'selected row')} again",
            key="retry_selected",
            icon=":material/replay:",
            on_click=act,
            args=(lambda: front_door().bulk.retry(job.id, again),),
        ):
            st.rerun()  # the whole page: the job runs again
    if len(crews) == 1 and crews[0].crew_id is not None:
        show_crew_actions(crews[0].crew_id, without=("Open",))
    if len(chosen) == 1 and chosen[0].failure_reason:
        st.error(plain(chosen[0].failure_reason), icon=":material/error:")
    if 2 <= len(crews) <= MOST_COMPARED:
        show_comparison(crews)
