"""The analysis: what was understood of an objective, and from which words."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.models.analysis import Analysis, StatedConstraints
from crewgen_core.numbers import format_minutes, format_usd
from pages.shared.plain_text import plain
from pages.shared.session import tool_names

_HUMAN = (
    "How long people would take for what the objective names, an assumption made before there was a crew. The crew's "
    "tasks may take longer or less: the plan adds what must be prepared and checked, and each task has its own time."
)

_WEIGHT = st.column_config.TextColumn(help="From 0 to 1: how much the objective depends on this skill.")


def show_warnings(analysis: Analysis) -> None:
    """Say what is unclear or contradictory in the objective."""
    for warning in analysis.warnings:
        st.warning(plain(warning), icon=":material/warning:")


def show_analysis(analysis: Analysis) -> None:
    """Show domain, complexity, skills, deliverables, limits and risks, each with its reasons."""
    with st.container(border=True):
        st.caption("Objective")
        st.text(analysis.objective.text)
    with st.grid(3, min_column_width=220):
        st.metric("Domain", plain(analysis.domain_name), border=True)
        st.metric("Complexity", f"{analysis.complexity} of 10", border=True)
        st.metric("Human work before planning", format_minutes(analysis.human_minutes), border=True, help=_HUMAN)
    _show_list("Why this complexity", analysis.complexity_reasons)
    _show_list("What there is to do", [stream.text for stream in analysis.workstreams])
    _show_skills(analysis)
    _show_list(
        "What must exist in the end", [_say_deliverable(analysis, at) for at in range(len(analysis.deliverables))]
    )
    _show_list("Tools that it asks for", [tool_names().get(key, key) for key in analysis.tools])
    _show_list("Limits and inputs", _say_constraints(analysis.constraints))
    _show_list(
        "Risks, and the care taken",
        [f"{risk.name} ({risk.severity}; from {_quote(risk.evidence)}): {risk.care}" for risk in analysis.risks],
    )


def _show_skills(analysis: Analysis) -> None:
    if not analysis.skills:
        return
    st.markdown("**Skills that it calls for**")
    rows = [
        {
            "Skill": skill.name,
            "Weight": f"{skill.weight:.2f}",
            "Because the objective says": _quote(skill.evidence) or "(implied by another skill or a risk)",
        }
        for skill in analysis.skills
    ]
    st.dataframe(rows, hide_index=True, column_config={"Weight": _WEIGHT})


def _show_list(title: str, lines: Sequence[str]) -> None:
    if lines:
        st.markdown(f"**{title}**\n" + "".join(f"\n- {plain(line)}" for line in lines))


def _say_deliverable(analysis: Analysis, at: int) -> str:
    deliverable = analysis.deliverables[at]
    extras = [
        f"{deliverable.quantity} times" if deliverable.quantity > 1 else "",
        deliverable.length if deliverable.length not in deliverable.name else "",
        f"as {deliverable.file_format}" if deliverable.file_format else "",
    ]
    return ", ".join([deliverable.name, *(extra for extra in extras if extra)])


def _say_constraints(limits: StatedConstraints) -> list[str]:
    lines = {
        "Budget": f"{format_usd(limits.budget_usd)} per run" if limits.budget_usd is not None else "",
        "Deadline": f"{_count_minutes(limits.deadline_minutes)} per run" if limits.deadline_minutes is not None else "",
        "Due": limits.due,
        "Quick": limits.speed,
        "Most agents": str(limits.max_agents) if limits.max_agents is not None else "",
        "Audience": limits.audience,
        "Language": limits.language,
        "Tone": limits.tone,
        "To work from": ", ".join(limits.inputs),
        "Limits in the text": ", ".join(limits.exclusions),
    }
    return [f"{name}: {value}" for name, value in lines.items() if value]


def _count_minutes(minutes: float) -> str:
    return f"{minutes:g} minute{'' if minutes == 1 else 's'}"


def _quote(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
