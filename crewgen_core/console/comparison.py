"""Writes alternatives to a crew as text for a terminal."""

from crewgen_core.console.figures import show_chance, show_cost, show_duration, show_tokens
from crewgen_core.console.terminal import join, list_items, wrap, write_note
from crewgen_core.models.alternative import Alternative, Comparison
from crewgen_core.models.design import BUILT_IN


def describe_comparison(comparison: Comparison) -> str:
    """Return the crews to choose from, the best bet first: what each is, costs and gives, and why it stands there."""
    count = len(comparison.alternatives)
    return join(
        f"Alternatives ({count}), the best bet first" if count > 1 else "Alternatives: none that clearly differs",
        *map(_describe_alternative, comparison.alternatives),
        list_items("Mind", comparison.remarks),
    )


def _describe_alternative(alternative: Alternative) -> str:
    crew, estimate = alternative.crew, alternative.estimate
    roles = ", ".join(agent.role or agent.key for agent in crew.agents)
    own = {task.key: " (only here)" for task in crew.tasks if task.key in alternative.only_here}
    tasks = "; ".join(f"{task.name or task.key}{own.get(task.key, '')}" for task in crew.tasks)
    by = "" if alternative.made_by == BUILT_IN else f", by {alternative.made_by}"
    shown = ", shown above" if alternative.shown and alternative.kind != "given" else ""
    return "\n".join(
        [
            wrap(f"{alternative.rank}. {alternative.title}{by}{shown}", 2),
            *write_note(f"Agents ({len(crew.agents)}): ", roles),
            *write_note(f"Tasks ({len(crew.tasks)}): ", tasks),
            f"    Success   {show_chance(estimate.success)}",
            f"    Cost      {show_cost(estimate.cost_usd)}",
            f"    Duration  {show_duration(estimate.duration_s)}",
            f"    Tokens    {show_tokens(estimate.tokens)}",
            f"    Score     {alternative.report.score:.1f} of 10, {crew.coordination} coordination",
            *(wrap(f"- {reason}", 4, 6) for reason in alternative.reasons),
        ]
    )
