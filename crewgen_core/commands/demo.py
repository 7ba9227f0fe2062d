"""What the command about the demo does: load it, or remove it."""

from argparse import Namespace

from crewgen_core.app import Crewgen
from crewgen_core.commands.output import DONE, print_json, tell
from crewgen_core.models.demo import DemoRemoval, DemoSummary
from crewgen_core.numbers import format_count


def run_demo(crewgen: Crewgen, options: Namespace) -> int:
    """Load the demo, or remove it, and say what is there, or what is gone and what stays."""
    if options.remove:
        removed = crewgen.demo.remove()
        if options.json:
            return print_json(removed.model_dump(mode="json"))
        print(_tell_removed(removed))
        return DONE
    there = crewgen.demo.load((lambda _: None) if options.json else tell)
    if options.json:
        return print_json(there.model_dump(mode="json"))
    print(f"The demo is loaded: {_list_parts(there)}.")
    tell("Everything is marked as demo; runs are simulated and teach nothing. `demo --remove` removes it.")
    return DONE


def _tell_removed(removed: DemoRemoval) -> str:
    if not removed.removed.is_loaded:
        return "No demo is loaded."
    kept = [f"  {one.thing} {one.key}, {one.name}: {one.why}" for one in removed.kept]
    stays = ["What was made your own stays:", *kept] if kept else []
    return "\n".join([f"The demo is removed: {_list_parts(removed.removed)}.", *stays])


def _list_parts(there: DemoSummary) -> str:
    """Return what there is in words."""
    parts = (
        format_count(there.crews, "crew"),
        format_count(there.runs, "simulated run"),
        format_count(there.templates, "template"),
        format_count(there.jobs, "bulk job"),
    )
    return ", ".join(parts)
