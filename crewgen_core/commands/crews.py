"""What ``why``, ``refine`` and ``export`` do with a crew."""

import json
from argparse import Namespace

from crewgen_core.app import Crewgen
from crewgen_core.commands.crew_files import find_crew, find_stored, read_crew
from crewgen_core.commands.objectives import find_objective, make_objective, read_text, refuse_two_from_standard_input
from crewgen_core.commands.output import DONE, FAILED, print_json, print_notes, write_file
from crewgen_core.console.crew import describe_crew
from crewgen_core.console.explanation import describe_explanation, describe_reasons
from crewgen_core.console.refinement import describe_refinement


def run_why(crewgen: Crewgen, options: Namespace) -> int:
    """Say why a part of a crew is there, or list all parts with their reasons."""
    refuse_two_from_standard_input(options, options.crew)
    stored = find_stored(crewgen, options.crew)
    crew, objective = (stored.crew, stored.objective) if stored else (read_crew(crewgen, options.crew).crew, None)
    if options.objective is not None:
        objective = make_objective(text=read_text(options.objective))
        crewgen.analyze(objective)  # without words to quote there would be no sentence why
    if options.path is None:
        reasons = crewgen.list_reasons(crew, objective)
        if options.json:
            return print_json({"parts": [reason.model_dump(mode="json") for reason in reasons]})
        print(describe_reasons(reasons))
        return DONE
    explanation = crewgen.explain(crew, options.path, objective)
    if options.json:
        return print_json(explanation.model_dump(mode="json"))
    print(describe_explanation(explanation))
    return DONE


def run_refine(crewgen: Crewgen, options: Namespace) -> int:
    """Change a crew as a wish asks for it; a stored one gets a new version."""
    stored = None
    if found := find_stored(crewgen, options.crew):
        refined = crewgen.crews.refine(found.crew_id, options.wish, options.model)
        stored, made = refined.stored, refined.refinement
    else:
        imported = read_crew(crewgen, options.crew)
        print_notes(imported.notes)
        made = crewgen.refine(imported.crew, options.wish, find_objective(imported.crew), options.model)
    written = None
    if options.out and made.changed:
        written = write_file(crewgen.export(made.crew, "crewgen"), options.out, options.force)
    if options.json:
        place = {"crew_id": stored.crew_id, "version": stored.number} if stored else {}
        file = json.loads(crewgen.export(made.crew, "crewgen").content)
        print_json({"changed": made.changed, **place, **made.model_dump(mode="json"), "crew": file})
    else:
        print(describe_refinement(made, stored))
        if written:
            print(written)
        elif made.changed and stored is None:
            print(f"\n{describe_crew(made.crew)}")
    return DONE if made.changed else FAILED


def run_export(crewgen: Crewgen, options: Namespace) -> int:
    """Write a crew as a project or file."""
    print(write_file(crewgen.export(find_crew(crewgen, options.crew), options.format), options.out, options.force))
    return DONE
