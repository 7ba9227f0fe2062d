"""Writes a design as text for a terminal: the crew, and everything that is known about it."""

from crewgen_core.console.crew import describe_crew
from crewgen_core.console.estimate import describe_estimate
from crewgen_core.console.figures import show_usd
from crewgen_core.console.report import describe_report
from crewgen_core.console.terminal import join, wrap
from crewgen_core.models.design import Design, Provenance


def describe_design(design: Design, crew_id: int) -> str:
    """Return everything about a generated crew."""
    return join(
        wrap(f"Crew {crew_id}: {design.crew.name}"),
        describe_provenance(design.provenance),
        describe_crew(design.crew),
        describe_report(design.report),
        describe_estimate(design.estimate, design.crew),
    )


def describe_provenance(provenance: Provenance) -> str:
    """Return who made a crew, in which time and for how much, with what is to be known about it."""
    cost = ""
    if provenance.calls:
        cost = ", cost unknown" if provenance.cost_usd is None else f", {show_usd(float(provenance.cost_usd))}"
    lines = [wrap(f"Made by {provenance.label} in {provenance.seconds:.2f} s{cost}.")]
    if provenance.fallback_reason:
        lines.append(wrap(f"{provenance.model} was asked, but: {provenance.fallback_reason}", 2))
    if provenance.source:
        lines.append(wrap(f"{provenance.source} Ask the model again with --fresh.", 2))
    if used := provenance.template:
        lines += [wrap(used.label), *(wrap(adaptation, 2, 4) for adaptation in used.adaptations)]
    return "\n".join([*lines, *(wrap(note, 2, 4) for note in (*provenance.cautions, *provenance.notes))])
