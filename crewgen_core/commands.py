"""What each command of the command line does: ask the front door, and print what comes back."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crewgen_core import console, console_optimization
from crewgen_core.app import Crewgen
from crewgen_core.arguments import read_decimal, read_id, read_number, read_pairs, tell_unusable
from crewgen_core.commands_analytics import run_analytics
from crewgen_core.commands_backup import run_backup, run_restore
from crewgen_core.commands_bulk import run_bulk
from crewgen_core.commands_demo import run_demo
from crewgen_core.commands_jobs import run_jobs, run_worker
from crewgen_core.commands_outcomes import run_calibration, run_outcomes
from crewgen_core.commands_report import run_report
from crewgen_core.commands_runs import run_crew, run_runs
from crewgen_core.commands_templates import run_templates
from crewgen_core.errors import CannotOptimize, NotFound, UnreadableCrew, UnusableObjective
from crewgen_core.exports.batch_table import finding_document, row_document
from crewgen_core.imports.imported import Imported
from crewgen_core.imports.unpacking import LARGEST_TOTAL, MOST_MEMBERS
from crewgen_core.logs import configure_logs
from crewgen_core.models.batch import CrewFiles, UnreadableFile
from crewgen_core.models.change import apply_changes
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective, clean_text
from crewgen_core.models.optimization import Limits
from crewgen_core.models.stored import StoredCrew, StoredOptimization
from crewgen_core.output import DONE, print_json, print_notes, write_file
from crewgen_core.settings import load_settings

HAS_ERRORS, FAILED = 1, 2

STANDARD_INPUT = "-"

MOST_SUCCESS = Decimal("0.999999")
"""The highest chance of success that can be asked for."""

CREW_ENDINGS = frozenset({".json", ".jsonc", ".yaml", ".yml", ".py"})
"""Files of a project's folder that can say something about its crew."""


def run(options: Namespace) -> int:
    """Run the command that the options name and return its exit code. Raises CrewgenError."""
    settings = load_settings()
    if options.command == "worker" or "log_level" in settings.model_fields_set:
        configure_logs(settings.log_level, settings.log_format)
    else:  # people read results and faults; logs are for who asks for them
        configure_logs("CRITICAL", settings.log_format)
        settings = settings.model_copy(update={"log_level": "ERROR"})
    return COMMANDS[options.command](Crewgen(settings), options)


def _generate(crewgen: Crewgen, options: Namespace) -> int:
    watched = sys.stderr.isatty() and not options.json
    made = crewgen.generate(_objective_of(crewgen, options), options.model, _tell if watched else None, options.fresh)
    design, comparison = made.design, None
    if options.alternatives:
        comparison = crewgen.alternatives(design.objective, design.crew, design.provenance.label)
    if options.json:
        compared = comparison.model_dump(mode="json") if comparison else {}
        return print_json({**made.document(), **compared})
    print(console.describe_design(design, made.crew_id))
    if comparison:
        print(f"\n{console.describe_comparison(comparison)}")
    return DONE


def _analyze(crewgen: Crewgen, options: Namespace) -> int:
    analysis = crewgen.analyze(_make_objective(text=_text_of(options.objective)))
    if options.json:
        return print_json(analysis.model_dump(mode="json"))
    print(console.describe_analysis(analysis))
    return DONE


def _validate(crewgen: Crewgen, options: Namespace) -> int:
    for argument in options.crews:
        _refuse_two_from_standard_input(options, argument)
    objective = ""
    if options.objective is not None:
        objective = _text_of(options.objective)
        crewgen.analyze(_make_objective(text=objective))  # checking passes over an unusable one; here it was asked for
    alone = len(options.crews) == 1
    files, faults = (_read_argument(options.crews[0]), []) if alone else _read_all(options.crews)
    found = crewgen.checking.split(files)
    if alone and sum(isinstance(one, CrewFiles) for one in found) < 2:
        return _validate_one(crewgen, files, objective, options)
    rows = sorted([*faults, *(crewgen.checking.check_one(one, objective) for one in found)], key=lambda row: row.file)
    if options.json:
        print_json({"valid": all(row.verdict == "can run" for row in rows), "crews": list(map(row_document, rows))})
    else:
        print(console.describe_batch(rows))
    verdicts = {row.verdict for row in rows}
    return FAILED if "unreadable" in verdicts else HAS_ERRORS if "has errors" in verdicts else DONE


def _validate_one(crewgen: Crewgen, files: Mapping[str, bytes], objective: str, options: Namespace) -> int:
    checked = crewgen.checking.check(files, objective)
    report = checked.report
    causes = crewgen.list_causes(report)
    if options.json:
        print_json(
            {
                "valid": report.valid,
                **report.model_dump(mode="json"),
                "findings": [finding_document(finding) for finding in report.findings],
                "covered": report.covered,
                "missing_skills": list(report.missing_skills),
                "causes": [cause.model_dump(mode="json") for cause in causes],
                "causes_from": crewgen.failure_study().study.model_dump(mode="json"),
                "notes": list(checked.notes),
            }
        )
    else:
        print_notes(checked.notes)
        print(console.describe_report(report))
        print(f"\n{console.describe_causes(causes, crewgen.failure_study().study)}")
    return DONE if report.valid else HAS_ERRORS


def _estimate(crewgen: Crewgen, options: Namespace) -> int:
    imported = _read_crew(crewgen, options.crew)
    objective = _objective_in(imported.crew)
    _, estimate = crewgen.review(imported.crew, objective)
    computation = crewgen.explain_estimate(imported.crew, objective) if options.explain else None
    if options.json:
        worked = {"computation": computation.model_dump(mode="json")} if computation else {}
        return print_json({**estimate.model_dump(mode="json"), **worked})
    print_notes(imported.notes)
    print(console.describe_estimate(estimate, imported.crew))
    if computation:
        print(f"\n{console.describe_computation(computation)}")
    return DONE


def _optimize(crewgen: Crewgen, options: Namespace) -> int:
    _refuse_two_from_standard_input(options, options.crew)
    stored, limits = _find_stored(crewgen, options.crew), _limits_of(options)
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
        print(console_optimization.describe_optimization(made, frontier or ()))
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
    imported = _read_crew(crewgen, options.crew)
    print_notes(imported.notes)
    if options.objective is None:
        return imported.crew, _objective_in(imported.crew)
    objective = _make_objective(text=_text_of(options.objective))
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


def _why(crewgen: Crewgen, options: Namespace) -> int:
    _refuse_two_from_standard_input(options, options.crew)
    stored = _find_stored(crewgen, options.crew)
    crew, objective = (stored.crew, stored.objective) if stored else (_read_crew(crewgen, options.crew).crew, None)
    if options.objective is not None:
        objective = _make_objective(text=_text_of(options.objective))
        crewgen.analyze(objective)  # without words to quote there would be no sentence why
    if options.path is None:
        reasons = crewgen.list_reasons(crew, objective)
        if options.json:
            return print_json({"parts": [reason.model_dump(mode="json") for reason in reasons]})
        print(console.describe_reasons(reasons))
        return DONE
    explanation = crewgen.explain(crew, options.path, objective)
    if options.json:
        return print_json(explanation.model_dump(mode="json"))
    print(console.describe_explanation(explanation))
    return DONE


def _refine(crewgen: Crewgen, options: Namespace) -> int:
    stored = None
    if found := _find_stored(crewgen, options.crew):
        refined = crewgen.crews.refine(found.crew_id, options.wish, options.model)
        stored, made = refined.stored, refined.refinement
    else:
        imported = _read_crew(crewgen, options.crew)
        print_notes(imported.notes)
        made = crewgen.refine(imported.crew, options.wish, _objective_in(imported.crew), options.model)
    written = None
    if options.out and made.changed:
        written = write_file(crewgen.export(made.crew, "crewgen"), options.out, options.force)
    if options.json:
        place = {"crew_id": stored.crew_id, "version": stored.number} if stored else {}
        file = json.loads(crewgen.export(made.crew, "crewgen").content)
        print_json({"changed": made.changed, **place, **made.model_dump(mode="json"), "crew": file})
    else:
        print(console.describe_refinement(made, stored))
        if written:
            print(written)
        elif made.changed and stored is None:
            print(f"\n{console.describe_crew(made.crew)}")
    return DONE if made.changed else FAILED


def _run_crew(crewgen: Crewgen, options: Namespace) -> int:
    stored = _find_stored(crewgen, options.crew)
    if stored is None:
        crew = _read_crew(crewgen, options.crew).crew
        stored = crewgen.crews.save(crew, _objective_in(crew))
    return run_crew(crewgen, stored, options)


def _export(crewgen: Crewgen, options: Namespace) -> int:
    print(write_file(crewgen.export(_find_crew(crewgen, options.crew), options.format), options.out, options.force))
    return DONE


def _models(crewgen: Crewgen, options: Namespace) -> int:
    models = crewgen.models.list_models()
    if options.provider is not None:
        known = sorted({model.provider for model in models if model.provider})
        models = tuple(model for model in models if options.provider in (model.provider, model.name.partition("/")[0]))
        if not models:
            raise NotFound(f"No known model is from a provider {options.provider}.", f"Known are: {', '.join(known)}.")
    if crewgen.models.fault:
        print(crewgen.models.fault, file=sys.stderr)
    if options.json:
        return print_json({"models": [model.model_dump(mode="json") for model in models]})
    print(console.describe_models(models))
    return DONE


def _doctor(crewgen: Crewgen, options: Namespace) -> int:
    checks = crewgen.examine()
    if options.json:
        print_json({"checks": [check.model_dump(mode="json") for check in checks]})
    else:
        print(console.describe_checks(checks))
    return FAILED if any(check.status == "fault" for check in checks) else DONE


COMMANDS: Mapping[str, Callable[[Crewgen, Namespace], int]] = {
    "generate": _generate,
    "analyze": _analyze,
    "validate": _validate,
    "estimate": _estimate,
    "optimize": _optimize,
    "why": _why,
    "refine": _refine,
    "export": _export,
    "report": run_report,
    "models": _models,
    "bulk": run_bulk,
    "jobs": run_jobs,
    "worker": run_worker,
    "analytics": run_analytics,
    "run": _run_crew,
    "runs": run_runs,
    "templates": run_templates,
    "outcomes": run_outcomes,
    "calibration": run_calibration,
    "backup": run_backup,
    "demo": run_demo,
    "restore": run_restore,
    "doctor": _doctor,
}


# --- what comes in ----------------------------------------------------------------------------------------------------


def _objective_of(crewgen: Crewgen, options: Namespace) -> Objective:
    tools = None
    if options.allowed_tools is not None:
        tools = [name.strip() for name in options.allowed_tools.split(",") if name.strip()]
        for name in tools:
            _check_known("tool", name, crewgen.catalog.tools)
    if options.domain is not None:
        _check_known("domain", options.domain, crewgen.catalog.domains)
    return _make_objective(
        text=_text_of(options.objective),
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


def _make_objective(**fields: Any) -> Objective:  # noqa: ANN401 pydantic reads the options, texts that may be numbers
    try:
        return Objective(**fields)
    except ValidationError as error:
        raise tell_unusable(error) from error


def _refuse_two_from_standard_input(options: Namespace, crew: str) -> None:
    if options.objective == crew == STANDARD_INPUT:
        raise UnusableObjective(
            "Crew and objective cannot both come from standard input.", "Give one of them as a file."
        )


def _check_known(what: str, name: str, known: Iterable[str]) -> None:
    keys = sorted(known)
    if name not in keys:
        near = get_close_matches(name, keys, n=5, cutoff=0.4) or keys
        raise UnusableObjective(f'There is no {what} "{name}".', f"Known are, for example: {', '.join(near[:30])}.")


def _text_of(argument: str) -> str:
    """Return the argument, or what standard input holds when the argument is "-"."""
    if argument != STANDARD_INPUT:
        return argument
    try:
        return _read_standard_input().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableObjective("The objective on standard input is not text in UTF-8.") from error


def _objective_in(crew: Crew) -> Objective | None:
    """Return the objective that a crew file holds, None where it holds none."""
    text = clean_text(crew.objective)[:MAX_OBJECTIVE_CHARACTERS]
    return _make_objective(text=text) if text else None


def _find_crew(crewgen: Crewgen, argument: str) -> Crew:
    """Return a stored crew by its number, or the crew of a file."""
    stored = _find_stored(crewgen, argument)
    return stored.crew if stored else _read_crew(crewgen, argument).crew


def _find_stored(crewgen: Crewgen, argument: str) -> StoredCrew | None:
    """Return a stored crew by its number, None for the name of a file; a file whose name is a number is "./12"."""
    crew_id = read_id(argument)
    return None if crew_id is None else crewgen.crews.get(crew_id)


def _read_crew(crewgen: Crewgen, argument: str) -> Imported:
    return crewgen.read_crew(_read_argument(argument))


def _read_argument(argument: str) -> dict[str, bytes]:
    """Return the file that an argument names, the files of its folder, or standard input. Raises UnreadableCrew."""
    if argument == STANDARD_INPUT:
        return {"standard input": _read_standard_input()}
    path = Path(argument)
    try:
        return {path.name: _read_file(path)} if not path.is_dir() else _read_folder(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise UnreadableCrew(f"{argument} cannot be read: {reason}.", "Give the path of a crew file.") from error


def _read_all(arguments: Iterable[str]) -> tuple[dict[str, bytes], list[UnreadableFile]]:
    """Return all files by their paths, and the arguments that cannot be read."""
    files: dict[str, bytes] = {}
    faults: list[UnreadableFile] = []
    for argument in dict.fromkeys(arguments):
        try:
            read = _read_argument(argument)
        except UnreadableCrew as fault:
            shown = argument.encode("utf-8", "replace").decode()  # a path may hold bytes that are no text
            faults.append(UnreadableFile(file=shown, reason=str(fault), hint=fault.hint))
            continue
        folder = Path(argument)
        within = folder if folder.is_dir() else folder.parent
        files |= {argument if argument == STANDARD_INPUT else (within / name).as_posix(): read[name] for name in read}
    return files, faults


def _read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files that can describe a crew, by their path within the folder; hidden folders are passed over."""
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix.lower() not in CREW_ENDINGS or any(part.startswith(".") for part in place.parts):
            continue
        if len(files) == MOST_MEMBERS:
            raise UnreadableCrew(f"{folder} has more than {MOST_MEMBERS} files.", "Give the folder of one project.")
        files[str(place)] = _read_file(path)
    return files


def _read_file(path: Path) -> bytes:
    """Return at most one byte more than is allowed: enough to refuse a file that is too large."""
    with path.open("rb") as file:
        return file.read(LARGEST_TOTAL + 1)


def _read_standard_input() -> bytes:
    return sys.stdin.buffer.read(LARGEST_TOTAL + 1)


def _tell(step: str) -> None:
    print(f"{step} …", file=sys.stderr)
