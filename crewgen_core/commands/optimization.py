"""What ``optimize`` does."""

from argparse import Namespace
from decimal import Decimal

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_decimal, read_number
from crewgen_core.commands.crew_files import find_stored, read_crew
from crewgen_core.commands.objectives import find_objective, make_objective, read_text, refuse_two_from_standard_input
from crewgen_core.commands.output import DONE, FAILED, print_json, print_notes, write_file
from crewgen_core.console.optimization import describe_optimization
from crewgen_core.errors import CannotOptimize
from crewgen_core.models.change import apply_changes
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits
from crewgen_core.models.stored import StoredCrew, StoredOptimization

MOST_SUCCESS = Decimal("0.999999")
"""The highest chance of success that can be asked for."""


def run_optimize(crewgen: Crewgen, options: Namespace) -> int:
    """Find the best crew for a goal within limits."""
    refuse_two_from_standard_input(options, options.crew)
    stored, limits = find_stored(crewgen, options.crew), _limits_of(options)
    if stored:
        kept, crew, objective = _optimize_stored(crewgen, stored, limits, options), stored.crew, stored.objective
        made = kept.result
    else:
        kept, (crew, objective) = None, _read_to_optimize(crewgen, options)
        made = crewgen.optimizing.optimize(crew, options.goal, limits, objective)
    frontier = tuple(crewgen.optimizing.find_frontier(crew, limits, objective)) if options.frontier else None
    written = saved = None
    if options.out and made.changes:
        written = write_file(crewgen.export(apply_changes(crew, made.changes), "crewgen"), options.out, options.force)
    if kept and stored and options.apply and made.changes:
        saved = crewgen.optimizing.apply(kept.row.id, range(len(made.changes)), stored.number)
    if options.json:
        place = {"optimization_id": kept.row.id} if kept else {}
        version = {"version": saved.number} if saved else {}
        points = [point.model_dump(mode="json", exclude={"crew"}) for point in frontier or ()]
        of_frontier = {} if frontier is None else {"frontier": points}
        print_json({**place, **version, **made.without_crews().model_dump(mode="json"), **of_frontier})
    else:
        print(describe_optimization(made, frontier or ()))
        if saved:
            print(f"\nStored as version {saved.number} of crew {saved.crew_id}.")
        if options.out:
            print(f"\n{written or 'Nothing was written: there is nothing to change.'}")
    return DONE if made.feasible else FAILED


def _optimize_stored(crewgen: Crewgen, stored: StoredCrew, limits: Limits, options: Namespace) -> StoredOptimization:
    if options.objective is not None:
        raise CannotOptimize(
            "A stored crew has its objective already.", "Leave --objective out, or give the crew as a file."
        )
    return crewgen.optimizing.optimize_stored(stored.crew_id, options.goal, limits)


def _read_to_optimize(crewgen: Crewgen, options: Namespace) -> tuple[Crew, Objective | None]:
    """Return the crew of a file and its objective: the one that was given, else the one in the file."""
    if options.apply:
        raise CannotOptimize(
            "Only a stored crew gets a new version.", "Write the changed crew of a file with --out instead."
        )
    imported = read_crew(crewgen, options.crew)
    print_notes(imported.notes)
    if options.objective is None:
        return imported.crew, find_objective(imported.crew)
    objective = make_objective(text=read_text(options.objective))
    crewgen.analyze(objective)  # an unusable one in the file is passed over; here it was asked for
    return imported.crew, objective


def _limits_of(options: Namespace) -> Limits:
    """Return the limits that the options set. Raises CannotOptimize for one that cannot be used."""

    def names(text: str | None) -> tuple[str, ...] | None:
        return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())

    budget = read_number("--max-cost", options.max_cost, "a number of US dollars", 1_000_000, CannotOptimize)
    minutes = read_number("--max-minutes", options.max_minutes, "a number of minutes", 525_600, CannotOptimize)
    agents = read_number(
        "--max-agents", options.max_agents, "a whole number of agents", 200, CannotOptimize, whole=True
    )
    return Limits(
        budget_usd=budget,
        deadline_minutes=None if minutes is None else float(minutes),
        least_success=_share("--min-success", options.min_success),
        providers=names(options.providers),
        models=names(options.models),
        fixed_agents=names(options.fixed_agents) or (),
        max_agents=None if agents is None else int(agents),
        new_tools=options.new_tools,
        keep_process=options.keep_process,
        keep_order=options.keep_order,
        keep_reviews=options.keep_reviews,
        beyond_objective=options.beyond_objective,
    )


def _share(option: str, text: str | None) -> float | None:
    """Return the share that an option gives as 0.6 or as 60%, None where it is not given. Raises CannotOptimize."""
    if text is None:
        return None
    value = read_decimal(text.strip().removesuffix("%"))
    if value is not None and text.strip().endswith("%"):
        value /= 100
    if value is None or not 0 <= value <= MOST_SUCCESS:
        raise CannotOptimize(
            f'{option} needs a share from 0 up to below 1, or a percentage, not "{text[:30]}".',
            f"Write {option} 0.6 or {option} 60%, for example.",
        )
    return float(value)
