"""Differences of two states of a crew: what came, what went, and the words that changed."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from crewgen_core.models.difference import Difference, mark_words
from crewgen_core.numbers import format_count
from pages.shared.plain_text import plain, shorten

MOST_SHOWN = 80
"""Differences shown at once; a crew of sensible size that is changed all over has fewer."""

_KINDS = {"added": ("green", "new"), "removed": ("red", "taken out")}
_LONGEST_TEXT = 600


def show_differences(differences: Sequence[Difference]) -> None:
    """Show the differences part by part; in a text that changed, what went is struck out and what came is bold."""
    if not differences:
        st.caption("Agents and tasks are the same.")
        return
    for _, group in groupby(differences[:MOST_SHOWN], key=lambda one: (one.part, one.key, one.name)):
        lines = list(group)
        first = lines[0]
        called = f"{first.part.capitalize()} **{plain(shorten(first.name, 100))}**"
        if first.part in ("crew", "manager", "template"):
            called = f"**{first.part.capitalize()}**"
        if first.kind != "changed":
            colour, word = _KINDS[first.kind]
            st.markdown(f":{colour}-badge[{word}] {called}")
            _show_text(first.after or first.before)
            continue
        st.markdown(f":orange-badge[changed] {called}\n" + "".join(f"\n- {_say(line)}" for line in lines))
    if len(differences) > MOST_SHOWN:
        st.caption(f"And {format_count(len(differences) - MOST_SHOWN, 'more difference')}.")


def _show_text(text: str) -> None:
    lines = [shorten(line, _LONGEST_TEXT) for line in text.splitlines() if line.strip()]
    if lines:
        st.markdown("".join(f"- :gray[{plain(line)}]\n" for line in lines))


def _say(line: Difference) -> str:
    marks = {"same": "{}", "removed": ":red[~~{}~~]", "added": ":green[**{}**]"}
    runs = mark_words(line.before, line.after)
    shown = (marks[run.kind].format(plain(shorten(run.text, _LONGEST_TEXT))) for run in runs)
    return f"{line.field}: {' '.join(shown)}"
