"""How good predictions were: reliability, Brier score, cost and time against what was measured."""

import streamlit as st

from crewgen_core.models.calibration import CalibrationReport
from crewgen_core.models.estimate import CALIBRATED_FROM
from crewgen_core.numbers import format_count
from pages.shared.chart import show_chart
from pages.shared.plain_text import plain
from pages.shared.session import front_door

ALL = "All templates and none"

Z95 = 1.645

_SCORE = (
    "Brier score: the mean squared distance between the chance that was forecast and what came, 0 or 1. 0 is perfect, "
    "0.25 is always saying 50%. Skill: the share of the base rate's score that is saved; 0 is no better, 1 is perfect."
)
_BASE = "The score of always forecasting the share of all runs that succeeded: what forecasts have to beat."
_ERROR = (
    "Mean distance between forecast and share of successes, over runs with like forecasts: 0.1 is ten points of 100."
)
_SHIFT = (
    "What is learned from outcomes: every chance is shifted, and stretched away from or towards 50%. A shift "
    "of +1 logit makes 50% to 73%; a stretch of 1 changes nothing, one below 1 means that predictions were too sure."
)


def show_calibration() -> None:
    """Show what recorded outcomes say about predictions, of all crews or of one template's."""
    crewgen = front_door()
    templates = crewgen.outcomes.list_templates()
    chosen = st.selectbox("Template", [ALL, *templates], key="calibration_template") if templates else ALL
    template = None if chosen == ALL else chosen
    report = crewgen.outcomes.report_calibration(template)
    if not report.outcomes and crewgen.demo.is_loaded():
        report = crewgen.outcomes.report_calibration(template, of_demo=True)
        st.info(
            "These are the demo's simulated runs, since nothing real is recorded yet. They correct no estimate.",
            icon=":material/science:",
        )
    if not report.outcomes:
        st.info(
            "There are no outcomes yet. Say on a run, or on a crew for runs made elsewhere, whether it succeeded.",
            icon=":material/fact_check:",
        )
        return
    _show_scores(report)
    st.markdown(plain(_say_shift(report)), help=_SHIFT)
    _show_charts(report)


def _show_scores(report: CalibrationReport) -> None:
    raw, corrected = report.raw, report.corrected
    rate = report.succeeded / report.outcomes
    figures: list[tuple[str, str, str, str | None]] = [
        ("Outcomes", str(report.outcomes), f"{report.succeeded} succeeded", None)
    ]
    for name, score in (("Brier, raw", raw), ("Brier, corrected", corrected)):
        if score:
            skill = "no skill to measure" if score.skill is None else f"skill {score.skill:+.2f}"
            figures.append((name, f"{score.brier:.3f}", skill, _SCORE))
    figures.append(("Brier, base rate", f"{rate * (1 - rate):.3f}", f"always {rate:.0%}", _BASE))
    if corrected and corrected.calibration_error is not None:
        figures.append(("Calibration error", f"{corrected.calibration_error:.3f}", "corrected", _ERROR))
    with st.grid(5, min_column_width=150):
        for label, value, below, tip in figures:
            st.metric(label, value, below, delta_color="off", delta_arrow="off", border=True, help=tip)
    if report.outcomes < CALIBRATED_FROM:
        st.caption(f"Below {CALIBRATED_FROM} outcomes, estimates count as uncalibrated.")
    st.caption("Raw: uncorrected. Corrected: each run as the outcomes before it would have forecast it.")


def _say_shift(report: CalibrationReport) -> str:
    """Say what was learned about success in a sentence, with its interval."""
    low, high = report.a - Z95 * report.a_sd, report.a + Z95 * report.a_sd
    if high < 0:
        told = f"Predictions were too optimistic by {-report.a:.2f} logits (90% interval {-high:.2f} to {-low:.2f})."
    elif low > 0:
        told = f"Predictions were too pessimistic by {report.a:.2f} logits (90% interval {low:.2f} to {high:.2f})."
    else:
        told = f"No bias of success is certain: shift {report.a:+.2f} logits (90% interval {low:+.2f} to {high:+.2f})."
    ends = report.b - Z95 * report.b_sd, report.b + Z95 * report.b_sd
    sure = "They were too sure" if ends[1] < 1 else "They were not sure enough" if ends[0] > 1 else "They were as sure"
    tail = "as they should be" if sure == "They were as sure" else "of themselves"
    return f"{told} {sure} {tail}: stretch {report.b:.2f} (90% interval {ends[0]:.2f} to {ends[1]:.2f})."


def _show_charts(report: CalibrationReport) -> None:
    from crewgen_core.figures import calibration

    with st.grid(min_column_width=380, key="calibration_charts"):
        for name, score in (("uncorrected", report.raw), ("corrected", report.corrected)):
            with st.container(border=True):
                st.caption(f"Success, {name}")
                show_chart(
                    calibration.build_reliability(score, report.outcomes),
                    calibration.describe_reliability(score, report.outcomes),
                    calibration.tabulate_reliability(score),
                    f"calibration_{name}",
                )
        for what, unit, part in (("cost", "USD", report.cost), ("duration", "seconds", report.duration)):
            with st.container(border=True):
                show_chart(
                    calibration.build_ratio(part, what, unit),
                    calibration.describe_ratio(part, what),
                    calibration.tabulate_ratio(part, what, unit),
                    f"calibration_{what}",
                )
                if part.covered is not None:
                    count = format_count(part.outcomes, "run")
                    st.caption(
                        f"{part.covered:.0%} of {count} lie in the range that they themselves taught "
                        "(80% are meant to)."
                    )
