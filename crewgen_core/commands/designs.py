"""What ``generate`` and ``analyze`` do."""

import sys
from argparse import Namespace
from collections.abc import Iterable
from difflib import get_close_matches

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_pairs
from crewgen_core.commands.objectives import make_objective, read_text
from crewgen_core.commands.output import DONE, print_json
from crewgen_core.console.analysis import describe_analysis
from crewgen_core.console.comparison import describe_comparison
from crewgen_core.console.design import describe_design
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.objective import Objective


def run_generate(crewgen: Crewgen, options: Namespace) -> int:
    """Design a crew and store it."""
    watched = sys.stderr.isatty() and not options.json
    made = crewgen.generate(read_objective(crewgen, options), options.model, _tell if watched else None, options.fresh)
    design, comparison = made.design, None
    if options.alternatives:
        comparison = crewgen.alternatives(design.objective, design.crew, design.provenance.label)
    if options.json:
        compared = comparison.model_dump(mode="json") if comparison else {}
        return print_json({**made.document(), **compared})
    print(describe_design(design, made.crew_id))
    if comparison:
        print(f"\n{describe_comparison(comparison)}")
    return DONE


def run_analyze(crewgen: Crewgen, options: Namespace) -> int:
    """Say what is understood of an objective."""
    analysis = crewgen.analyze(make_objective(text=read_text(options.objective)))
    if options.json:
        return print_json(analysis.model_dump(mode="json"))
    print(describe_analysis(analysis))
    return DONE


def read_objective(crewgen: Crewgen, options: Namespace) -> Objective:
    """Return the objective that the options give. Raises UnusableObjective."""
    tools = None
    if options.allowed_tools is not None:
        tools = [name.strip() for name in options.allowed_tools.split(",") if name.strip()]
        for name in tools:
            _check_known("tool", name, crewgen.catalog.tools)
    if options.domain is not None:
        _check_known("domain", options.domain, crewgen.catalog.domains)
    return make_objective(
        text=read_text(options.objective),
        context=options.context,
        domain=options.domain,
        budget_usd=options.budget_usd,
        deadline_minutes=options.deadline_minutes,
        max_agents=options.max_agents,
        allowed_tools=tools,
        preferences=options.preferences,
        template=options.template,
        template_values=_read_values(options),
    )


def _read_values(options: Namespace) -> dict[str, str]:
    """Return what fills the blanks of the template."""
    if options.set and options.template is None:
        raise UnusableObjective("--set needs a template whose blanks it fills.", "Name one with --template.")
    return read_pairs("--set", options.set, "region=Norway", UnusableObjective)


def _check_known(what: str, name: str, known: Iterable[str]) -> None:
    keys = sorted(known)
    if name not in keys:
        near = get_close_matches(name, keys, n=5, cutoff=0.4) or keys
        raise UnusableObjective(f'There is no {what} "{name}".', f"Known are, for example: {', '.join(near[:30])}.")


def _tell(step: str) -> None:
    print(f"{step} …", file=sys.stderr)
