"""Writes what a wish changed in a crew as text for a terminal."""

from crewgen_core.console.design import describe_provenance
from crewgen_core.console.figures import show_time, show_typical_cost
from crewgen_core.console.terminal import join, list_items
from crewgen_core.models.difference import Difference, mark_words
from crewgen_core.models.refinement import Refinement
from crewgen_core.models.stored import StoredCrew


def describe_refinement(made: Refinement, stored: StoredCrew | None) -> str:
    """Return what a wish changed, what it did not, what that means for a run, and what is different in detail."""
    before, after = made.before, made.after
    figures = (
        f"  Success   {before.success.p50:.0%} -> {after.success.p50:.0%}\n"
        f"  Cost      {show_typical_cost(before.cost_usd)} -> {show_typical_cost(after.cost_usd)}\n"
        f"  Duration  {show_time(before.duration_s.p50)} -> {show_time(after.duration_s.p50)}"
    )
    title = f"Crew {stored.crew_id}, version {stored.number}" if stored and made.changed else ""
    return join(
        title or ("" if made.changed else "Nothing was changed."),
        list_items("Done", made.done),
        list_items("To know", made.remarks),
        list_items("Not understood", (one.why for one in made.not_understood)),
        describe_provenance(made.provenance.model_copy(update={"notes": ()})) if made.provenance.calls else "",
        f"Estimate of one run, before and after\n{figures}" if made.changed else "",
        list_items("Differences", map(_difference, made.differences)),
    )


def _difference(one: Difference) -> str:
    name = f'{one.part} "{one.name}"' if one.part in ("agent", "task") else one.part
    if one.kind != "changed":
        return f"{name}: {one.kind}"
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    runs = (marks[run.kind].format(run.text) for run in mark_words(one.before, one.after))
    return f"{name}, {one.field}: {' '.join(runs)}"
