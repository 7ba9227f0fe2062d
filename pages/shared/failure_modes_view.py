"""Published failure modes on the page: what a finding's rule prevents, and what may make a crew fail."""

import streamlit as st

from crewgen_core.models.failure import Cause, FailureMode, FailureStudy
from crewgen_core.models.report import Report
from crewgen_core.numbers import format_count
from pages.shared.plain_text import plain
from pages.shared.session import front_door

OTHER_CAUSES = 3
"""Causes shown beside those that findings leave open; the rest is in an expander."""


def show_prevented(code: str) -> None:
    """Say which failure modes the rule of this code prevents, with the source behind the question mark."""
    if modes := front_door().prevented().get(code):
        meanings = "\n".join(f"- {mode.name} ({mode.code}): {mode.meaning}" for mode in modes)
        st.markdown(f":small[:gray[{say_prevented(modes)}]]", help=f"{meanings}\n\n{say_source()}")


def say_prevented(modes: tuple[FailureMode, ...]) -> str:
    """Return "Prevents: step repetition, 15.7% of the failures seen in 1,642 published runs", as Markdown."""
    study = front_door().failure_study().study
    named = " and ".join(_lower(mode.name) + (f", {mode.share:g}%" if mode.share else "") for mode in modes)
    of = f" of the failures seen in {study.traces:,} published runs" if modes[-1].share else ""
    return f"Prevents: {plain(named + of)}"


def show_causes(report: Report) -> None:
    """Show which failure modes the crew leaves open, and which ones are most frequent anyway."""
    causes = front_door().list_causes(report)
    study = front_door().failure_study().study
    st.subheader("Most likely causes of failure for this crew", anchor=False, help=say_source())
    st.caption(
        f"What made published crews fail, by its share of the failures in {study.traces:,} runs: first what a finding "
        "above leaves open, then what is most frequent."
    )
    most = sum(bool(cause.open) for cause in causes) + OTHER_CAUSES
    st.markdown("\n".join(map(_say_cause, causes[:most])))
    if rest := causes[most:]:
        with st.expander(f"{format_count(len(rest), 'other')} that no finding leaves open"):
            st.markdown("\n".join(map(_say_cause, rest)))


def say_source() -> str:
    """Return where failure modes and shares come from, as Markdown."""
    study: FailureStudy = front_door().failure_study().study
    return (
        f"Source: {study.authors}, “{study.title}” ({study.short}), [{study.source}]({study.url}), {study.date}: "
        f"{study.traces:,} runs of {study.frameworks} frameworks, of which {study.failing_low:g} to "
        f"{study.failing_high:g}% failed. Which rule prevents what is crewgen's judgement, not the study's."
    )


def _say_cause(cause: Cause) -> str:
    mode = cause.mode
    share = f"{mode.share:g}%" if mode.share else "share not clear"
    if cause.open:
        state = " ".join(f":orange-badge[{code}]" for code in cause.open)
    elif cause.watched:
        state = ":green-badge[no finding]"
    else:
        state = ":gray-badge[no rule sees it before a run]"
    return f"1. **{plain(mode.name)}**, {share} {state}  \n   :small[:gray[{plain(mode.meaning)}]]"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
