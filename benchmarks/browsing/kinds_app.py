"""An app with nothing of crewgen in it: for each kind of element a page with a heading and three of them."""

from collections.abc import Callable
from functools import partial

import streamlit as st

KINDS: dict[str, Callable[[int], object]] = {
    "texts": lambda at: st.text(f"Words number {at}."),
    "markdown": lambda at: st.markdown(f"Words number {at}."),
    "badges": lambda at: st.badge(f"Fact {at}"),
    "links": lambda at: st.page_link(START, label=f"Way {at}", icon=":material/home:"),
    "buttons": lambda at: st.button(f"Act {at}"),
    "segments": lambda at: st.segmented_control(f"Choice {at}", ["a", "b", "c"], default="a"),
    "lists": lambda at: st.selectbox(f"List {at}", ["a", "b", "c"]),
    "fields": lambda at: st.text_input(f"Field {at}"),
    "expanders": lambda at: st.expander(f"More {at}"),
    "popovers": lambda at: st.popover(f"More {at}"),
    "figures": lambda at: st.metric(f"Figure {at}", "5", "1"),
    "tabs": lambda at: st.tabs([f"Tab {number}" for number in range(7)]) if at == 0 else st.markdown(f"Words {at}."),
}
"""By name, what shows one of a kind; tabs stand there once, with two texts."""


def _show(kind: str) -> None:
    st.title(kind.capitalize(), anchor=False)
    for at in range(3):
        KINDS[kind](at)


def _show_start() -> None:
    st.title("Start", anchor=False)


START = st.Page(_show_start, title="Start", default=True)

if __name__ == "__main__":
    rest = [st.Page(partial(_show, kind), title=kind.capitalize(), url_path=kind) for kind in KINDS]
    st.navigation([START, *rest]).run()
