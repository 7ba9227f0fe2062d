"""What came of a run: said by a person, beside what checks and models found; also of runs made elsewhere, and files."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from crewgen_core.models.outcome import (
    CheckState,
    Judgement,
    OutcomeEntry,
    OutcomeQuery,
    OutsideRun,
    StoredOutcome,
)
from crewgen_core.models.run import Run
from crewgen_core.models.stored import StoredCrew
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd
from pages.shared.deleting import show_delete
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown
from pages.shared.session import front_door, may_write
from pages.shared.whose import mark_demo

ICONS: dict[CheckState, str] = {
    "met": ":material/check:",
    "not met": ":material/close:",
    "cannot tell": ":material/question_mark:",
}

JUDGES = {"person": "a person", "checks": "checks", "model": "a model"}

MOST_LISTED = 20


def show_outcome_of_run(run: Run) -> None:
    """Show what came of a run that has ended, with the form to say so, and what checks and models found beside it."""
    known = front_door().outcomes.find_of_run(run.id)
    if run.demo:
        came = "succeeded" if known and known.succeeded else "did not succeed"
        st.markdown(f"{mark_demo(run)}**It {came}**, drawn with the chance that was predicted. It teaches nothing.")
        return
    if known is not None:
        came = "succeeded" if known.succeeded else "did not succeed"
        st.markdown(f"**It {came}**, says {JUDGES[known.judged_by]}.")
    entry = _show_form(f"outcome_{run.id}_{known.id if known else 'new'}", known)
    if entry is not None:
        with problems_shown():
            front_door().outcomes.record_run(run.id, entry)
            st.rerun()
    if known is not None:
        _show_delete(known)
    judgements = known.judgements if known else ()
    for judgement in judgements or (front_door().outcomes.check_run(run.id),):
        _show_judgement(judgement)


def show_outcomes_of_crew(stored: StoredCrew) -> None:
    """Show what came of runs of a crew, and the form for a run that was made elsewhere."""
    crewgen = front_door()
    query = OutcomeQuery(crew_id=stored.crew_id)
    found, count = crewgen.outcomes.list_outcomes(query, MOST_LISTED), crewgen.outcomes.count(query)
    if found:
        _show_list(found, f"outcomes_{stored.crew_id}_{count}_{found[0].id}")
        if count > len(found):
            st.caption(f"The newest {len(found)} of {count:,}.")
    else:
        st.caption("Nothing is recorded yet. Outcomes of runs correct the estimates, from five on.")
    with st.expander("It ran elsewhere: record what came of it", key="outcome_elsewhere"):
        _show_outside_form(stored, count)


def _show_list(found: Sequence[StoredOutcome], key: str) -> None:
    """Show outcomes; one that was entered and is selected can be deleted."""
    table = [_tell(outcome) for outcome in found]
    if all(outcome.demo for outcome in found) or not may_write():
        st.dataframe(table, hide_index=True)
        return
    chosen = st.dataframe(table, hide_index=True, key=key, on_select="rerun", selection_mode="single-row").selection
    if not chosen.rows:
        st.caption("Select a row to delete an outcome.")
    elif (outcome := found[chosen.rows[0]]).demo:
        st.caption("It belongs to the demo, which is removed as a whole on Home.")
    else:
        _show_delete(outcome)


def _show_delete(outcome: StoredOutcome) -> None:
    """Show the button that deletes an outcome; the page stays."""
    show_delete("outcome", outcome.id, None, "Nothing is learned from it any more.")


def show_outcome_upload() -> None:
    """Show the upload of a table of outcomes, with a file that shows the columns."""
    crewgen = front_door()
    sample = crewgen.outcomes.sample()
    st.caption("One row for each run that was made elsewhere. The columns crew and succeeded must be there.")
    st.download_button(
        "Sample file", sample.content, sample.name, sample.media_type, icon=":material/download:", type="tertiary"
    )
    file = st.file_uploader("Table of outcomes (CSV or XLSX)", ["csv", "xlsx", "tsv", "txt"], key="outcome_file")
    again = st.checkbox("Record rows again that were recorded before", key="outcome_again")
    if file is None or not st.button("Record outcomes", type="primary", key="outcome_import", disabled=not may_write()):
        return
    with problems_shown():
        made = crewgen.outcomes.import_file(file.name, file.getvalue(), again)
        st.success(f"{format_count(made.recorded, 'outcome')} recorded of {format_count(made.rows, 'row')}.")
        if made.known and not again:
            known = format_count(len(made.known), "row")
            st.info(f"{known} recorded before were left out. A column ran_at tells runs apart that look alike.")
        for note in made.notes:
            st.caption(plain(note))
        if made.bad_rows:
            st.dataframe(
                [
                    {"Row": bad.row, "Column": bad.column, "Value": bad.value, "What is wrong": bad.reason}
                    for bad in made.bad_rows
                ],
                hide_index=True,
            )


def _show_form(key: str, known: StoredOutcome | None) -> OutcomeEntry | None:
    """Return what was said with the form, None until it was sent."""
    with st.form(key, border=True):
        said, rating, comment = _show_fields(key, known)
        if not st.form_submit_button("Save outcome", type="primary", disabled=not may_write()):
            return None
    if said is None:
        st.warning("Say first whether it succeeded.")
        return None
    return OutcomeEntry(succeeded=said == "Yes", rating=rating, comment=comment)


def _show_fields(key: str, known: StoredOutcome | None) -> tuple[str | None, int | None, str]:
    choice = None if known is None else "Yes" if known.succeeded else "No"
    said = st.segmented_control("Was the objective met?", ["Yes", "No"], default=choice, key=f"{key}_said")
    rating = st.selectbox(
        "Rating",
        [1, 2, 3, 4, 5],
        index=known.rating - 1 if known and known.rating else None,
        placeholder="None",
        help="1: useless. 5: as good as wished.",
        key=f"{key}_rating",
    )
    comment = st.text_area("Comment", known.comment if known else "", max_chars=5_000, key=f"{key}_comment")
    return said, rating, comment


def _show_outside_form(stored: StoredCrew, recorded: int) -> None:
    """Show the form; once what is in it is recorded, which ``recorded`` counts, an empty one takes its place."""
    key = f"outside_{stored.crew_id}_{stored.number}_{recorded}"
    with st.form(key, border=False):
        said, rating, comment = _show_fields(key, None)
        with st.container(horizontal=True):
            cost = st.number_input("Cost (USD)", 0.0, 1_000_000.0, None, format="%.4f", key=f"{key}_cost")
            tokens = st.number_input("Tokens", 0, 10**12, None, step=1, key=f"{key}_tokens")
            minutes = st.number_input("Minutes", 0.01, 525_600.0, None, key=f"{key}_minutes")
        sent = st.form_submit_button(f"Record for version {stored.number}", type="primary", disabled=not may_write())
    if not sent:
        return
    if said is None:
        st.warning("Say first whether it succeeded.")
        return
    with problems_shown():
        front_door().outcomes.record_outside(
            OutsideRun(
                crew_id=stored.crew_id,
                number=stored.number,
                succeeded=said == "Yes",
                rating=rating,
                comment=comment,
                cost_usd=None if cost is None else Decimal(str(round(cost, 6))),
                tokens=tokens,
                duration_s=None if minutes is None else minutes * 60,
            )
        )
        st.rerun()


def _show_judgement(judgement: Judgement) -> None:
    whose = "What checks of the form found" if judgement.by == "checks" else "What a model says"
    with st.expander(whose, expanded=judgement.succeeded is not True, key=f"judgement_{judgement.by}"):
        st.markdown(plain(judgement.reason))
        for verdict in judgement.tasks:
            st.markdown(f"{ICONS[verdict.state]} **{plain(verdict.name)}** {plain(verdict.reason)}")
            for check in verdict.checks:
                quote = f" (“{plain(check.quote)}”)" if check.quote else ""
                st.caption(f"{ICONS[check.state]} {plain(check.sentence)}{quote}")


def _tell(outcome: StoredOutcome) -> dict[str, str]:
    return {
        "When": f"{outcome.ran_at:%Y-%m-%d %H:%M}",
        "Version": str(outcome.number),
        "Succeeded": "yes" if outcome.succeeded else "no",
        "Chance predicted": format_percent(outcome.predicted.success),
        "Cost": format_usd(outcome.cost_usd),
        "Predicted": format_usd(outcome.predicted.cost_usd),
        "Duration": "unknown" if outcome.duration_s is None else format_seconds(outcome.duration_s),
        "Rating": "" if outcome.rating is None else f"{outcome.rating} of 5",
        "Judged by": "demo, simulated" if outcome.demo else JUDGES[outcome.judged_by],
        "Comment": outcome.comment,
    }
