"""What the command about reports does: write what stakeholders read about a crew or a job."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_id
from crewgen_core.commands.output import DONE, write_file
from crewgen_core.errors import CannotExport, NotFound
from crewgen_core.front.reports import REPORT_FORMS, ReportForm


def run_report(crewgen: Crewgen, options: Namespace) -> int:
    """Write the report and print its path; its form is the ending of the file."""
    what = "job" if options.job else "crew"
    number = read_id(options.number)
    if number is None:
        raise NotFound(f'There is no {what} "{options.number[:30]}".', f"A {what} is named by its number.")
    endings: Mapping[str, ReportForm] = {f".{form}": form for form in REPORT_FORMS}
    form = endings.get(Path(options.out).suffix.lower())
    if form is None:
        raise CannotExport("A report is a web page or a PDF.", "End the name of the file with .html or .pdf.")
    file = crewgen.reports.job(number, form) if options.job else crewgen.reports.crew(number, form)
    print(write_file(file, options.out, options.force))
    return DONE
