"""What ``validate`` and ``estimate`` do."""

from argparse import Namespace
from collections.abc import Mapping

from crewgen_core.app import Crewgen
from crewgen_core.commands.crew_files import read_all, read_crew, read_files
from crewgen_core.commands.objectives import find_objective, make_objective, read_text, refuse_two_from_standard_input
from crewgen_core.commands.output import DONE, FAILED, HAS_ERRORS, print_json, print_notes
from crewgen_core.console.batch import describe_batch
from crewgen_core.console.computation import describe_computation
from crewgen_core.console.estimate import describe_estimate
from crewgen_core.console.report import describe_causes, describe_report
from crewgen_core.exports.batch_table import finding_document, row_document
from crewgen_core.models.batch import CrewFiles


def run_validate(crewgen: Crewgen, options: Namespace) -> int:
    """Check a crew, or each of many."""
    for argument in options.crews:
        refuse_two_from_standard_input(options, argument)
    objective = ""
    if options.objective is not None:
        objective = read_text(options.objective)
        crewgen.analyze(make_objective(text=objective))  # checking passes over an unusable one; here it was asked for
    alone = len(options.crews) == 1
    files, faults = (read_files(options.crews[0]), []) if alone else read_all(options.crews)
    found = crewgen.checking.split(files)
    if alone and sum(isinstance(one, CrewFiles) for one in found) < 2:
        return _validate_one(crewgen, files, objective, options)
    rows = sorted([*faults, *(crewgen.checking.check_one(one, objective) for one in found)], key=lambda row: row.file)
    if options.json:
        print_json({"valid": all(row.verdict == "can run" for row in rows), "crews": list(map(row_document, rows))})
    else:
        print(describe_batch(rows))
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
        print(describe_report(report))
        print(f"\n{describe_causes(causes, crewgen.failure_study().study)}")
    return DONE if report.valid else HAS_ERRORS


def run_estimate(crewgen: Crewgen, options: Namespace) -> int:
    """Say what one run of a crew will cost, take and achieve."""
    imported = read_crew(crewgen, options.crew)
    objective = find_objective(imported.crew)
    _, estimate = crewgen.review(imported.crew, objective)
    computation = crewgen.explain_estimate(imported.crew, objective) if options.explain else None
    if options.json:
        worked = {"computation": computation.model_dump(mode="json")} if computation else {}
        return print_json({**estimate.model_dump(mode="json"), **worked})
    print_notes(imported.notes)
    print(describe_estimate(estimate, imported.crew))
    if computation:
        print(f"\n{describe_computation(computation)}")
    return DONE
