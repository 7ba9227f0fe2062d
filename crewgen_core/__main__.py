"""The command line, ``python -m crewgen_core``: the same things as on the pages, without a browser.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the crew has errors, 2 it could
not be done, 130 stopped by Ctrl-C, 141 nobody reads on. Here are the options and the ends; ``commands`` does the work.
"""

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence

from crewgen_core.commands.options import add_backup, add_command, add_engine, add_outcomes, add_report, add_templates
from crewgen_core.errors import CrewgenError

FAILED, STOPPED, UNREAD = 2, 130, 141

EXPORT_FORMATS = ("crewai-json", "crewai-yaml", "crewgen", "crewgen-yaml")
"""The keys of ``exports.forms.EXPORTS``, which help and completion need before the core is imported."""

_CREW_FILE = 'a crewgen file, what generate --json printed, or a CrewAI project as folder or ZIP ("-": standard input)'

ALLOCATIONS_BETWEEN_COLLECTIONS = 100_000
"""The catalog is half a million objects that all stay; looking for garbage among them takes a third of a second."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; without a command, print the help."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if options.command is None:
        parser.print_help()
        return 0
    try:
        return _run(options)
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the last flush of Python cannot fail
        return UNREAD
    except CrewgenError as fault:
        print(f"{fault}\n{fault.hint}", file=sys.stderr)
        return FAILED
    except OSError as fault:
        print(f"Something could not be read or written: {fault.strerror or fault}.", file=sys.stderr)
        print("Check where the result goes, and whether there is space left.", file=sys.stderr)
        return FAILED
    except Exception as fault:
        if os.environ.get("CREWGEN_LOG_LEVEL") == "DEBUG":
            raise
        print(f"crewgen failed because of an error of its own ({type(fault).__name__}).", file=sys.stderr)
        print("Set CREWGEN_LOG_LEVEL=DEBUG to see where, and report it.", file=sys.stderr)
        return FAILED


def _run(options: argparse.Namespace) -> int:
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    from crewgen_core.commands.register import run  # late: help is there at once, and Ctrl-C is heard from the start

    code = run(options)
    print(end="", flush=True)  # a closed pipe is noticed here and not when Python ends
    return code


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands and their options."""
    parser = argparse.ArgumentParser(
        prog="python -m crewgen_core",
        description="Turns an objective in plain language into a checked, priced crew of AI agents for CrewAI.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_generate(add_command(commands, "generate", "design a crew and store it"))
    _add_objective(add_command(commands, "analyze", "say what is understood of an objective"))
    validate = add_command(commands, "validate", "check a crew, or each of many; exit code 1 when one has errors")
    validate.add_argument(
        "crews", metavar="CREWFILE", nargs="+", help=f"{_CREW_FILE}; or several, also as folder or ZIP"
    )
    validate.add_argument("--objective", metavar="TEXT", help='check also against this objective ("-": standard input)')
    estimate = add_command(commands, "estimate", "say what one run of a crew will cost, take and achieve")
    _add_crew_file(estimate)
    estimate.add_argument("--explain", action="store_true", help="show the whole computation, and what moves it most")
    _add_optimize(add_command(commands, "optimize", "find the best crew for a goal within limits, with proof"))
    _add_why(add_command(commands, "why", "say why a part of a crew is there and what happens without it"))
    _add_refine(add_command(commands, "refine", "change a crew as you ask in plain words"))
    _add_export(add_command(commands, "export", "write a crew as a project or file", json=False))
    add_report(add_command(commands, "report", "write what stakeholders read about a crew or a job", json=False))
    models = add_command(commands, "models", "list the models that estimates know, with what is known about them")
    models.add_argument("--provider", metavar="NAME", help="only models of this provider (such as openai)")
    _add_bulk(add_command(commands, "bulk", "make a crew for every row of a CSV or XLSX file"))
    _add_jobs(add_command(commands, "jobs", "list jobs; or show, change, follow up or write out one"))
    worker = add_command(
        commands, "worker", "work on jobs until stopped, beside or instead of the dashboard", json=False
    )
    worker.add_argument("--processes", metavar="N", type=int, help="worker processes (one for each processor)")
    analytics = add_command(commands, "analytics", "say what was asked for, came of it and was spent")
    analytics.add_argument("--from", metavar="DAY", help="first day, UTC, such as 2026-03-01 (30 days ago)")
    analytics.add_argument("--to", metavar="DAY", help="last day (today)")
    _add_run(add_command(commands, "run", "run a crew on CrewAI, with live progress; Ctrl-C stops it"))
    _add_runs(add_command(commands, "runs", "list runs; or show, stop, answer, repeat or go on with one"))
    add_templates(add_command(commands, "templates", "list, use, make and change templates", json=False))
    add_outcomes(add_command(commands, "outcomes", "list what came of runs; or record, read in or forget it"))
    calibration = add_command(commands, "calibration", "say how good predictions were, by recorded outcomes")
    calibration.add_argument("--template", metavar="KEY", help='only crews made from this template ("": from none)')
    add_backup(commands)
    demo = add_command(commands, "demo", "load the demo: crews, simulated runs, templates and a job to look at")
    demo.add_argument("--remove", action="store_true", help="remove it again; what was changed since stays")
    add_command(commands, "doctor", "say what is configured, what is missing and what to do")
    return parser


def _add_objective(command: argparse.ArgumentParser) -> None:
    command.add_argument("objective", metavar="OBJECTIVE", help='what should be achieved ("-": standard input)')


def _add_crew_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("crew", metavar="CREWFILE", help=_CREW_FILE)


def _add_optimize(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "crew", metavar="CREW", help="number of a stored crew, whose optimizations are kept, or a crew file or project"
    )
    command.add_argument("--goal", required=True, help="cost, speed, performance, quality or balanced")
    command.add_argument("--max-cost", metavar="USD", help="most that a typical run may cost, in US dollars")
    command.add_argument("--max-minutes", metavar="MINUTES", help="longest that a typical run may take")
    command.add_argument("--min-success", metavar="SHARE", help="least chance of success (0.6 or 60%%)")
    command.add_argument("--providers", metavar="NAMES", help="providers of models, with commas (openai,gemini)")
    command.add_argument("--models", metavar="NAMES", help="models that agents may be given, with commas between")
    command.add_argument("--fixed-agents", metavar="KEYS", help="agents that stay as they are, with commas between")
    command.add_argument("--max-agents", metavar="N", help="most agents, the manager not counted")
    command.add_argument("--new-tools", action="store_true", help="let agents gain tools with the tasks they take over")
    command.add_argument("--keep-process", action="store_true", help="keep process, coordination and oversight")
    command.add_argument("--keep-order", action="store_true", help="keep which tasks run at the same time")
    command.add_argument("--keep-reviews", action="store_true", help="add no reviews")
    command.add_argument(
        "--beyond-objective", action="store_true", help="leave budget and deadline of the objective aside"
    )
    command.add_argument("--frontier", action="store_true", help="list the crews that no other one beats as well")
    command.add_argument("--apply", action="store_true", help="store the changed crew as a new version (a stored crew)")
    command.add_argument("--objective", metavar="TEXT", help='objective of a crew file ("-": standard input)')
    command.add_argument("--out", metavar="PATH", help="file to write the changed crew to, as a crewgen file")
    command.add_argument("--force", action="store_true", help="replace a file that is there already")


def _add_why(command: argparse.ArgumentParser) -> None:
    command.add_argument("crew", metavar="CREW", help="number of a stored crew, or a crew file or project")
    command.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        help='the part: agents/KEY, tasks/KEY, one of their tools (tasks/KEY/tools/TOOL), "manager" or "process"; '
        "without it, every part is listed with its reason",
    )
    command.add_argument("--objective", metavar="TEXT", help='objective to quote from ("-": standard input)')


def _add_generate(command: argparse.ArgumentParser) -> None:
    _add_objective(command)
    command.add_argument("--context", metavar="TEXT", default="", help="background that helps")
    command.add_argument("--domain", help="field of work, instead of the detected one (such as finance)")
    command.add_argument("--budget-usd", metavar="USD", help="most that one run may cost, in US dollars")
    command.add_argument("--deadline-minutes", metavar="MINUTES", help="longest that one run may take")
    command.add_argument("--max-agents", metavar="N", help="most agents, the manager not counted")
    command.add_argument(
        "--allowed-tools", metavar="TOOLS", help='tools that agents may use, by key, with commas between ("": none)'
    )
    command.add_argument("--preferences", metavar="TEXT", default="", help="how the crew should work, in your words")
    command.add_argument("--template", metavar="KEY", help="template to start from (`templates list` names them)")
    command.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="what fills a blank of it; repeatable",
    )
    command.add_argument(
        "--alternatives", action="store_true", help="compare the crew with leaner and more thorough ones, with reasons"
    )
    command.add_argument(
        "--fresh", action="store_true", help="ask the model even when it answered the same request before"
    )
    add_engine(command, "refines the crew")


def _add_refine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "crew", metavar="CREW", help="number of a stored crew, which gets a new version, or a crew file or project"
    )
    command.add_argument("wish", metavar="WISH", help='what to change (such as "make it cheaper, add a legal review")')
    add_engine(command, "is asked for what the built-in engine does not understand")
    command.add_argument("--out", metavar="PATH", help="file to write the changed crew to, as a crewgen file")
    command.add_argument("--force", action="store_true", help="replace a file that is there already")


def _add_bulk(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="CSV or XLSX file with a header and a column of objectives")
    command.add_argument("--check", action="store_true", help="only say what is in it; exit code 1 for bad rows")
    table = command.add_argument_group("how the file is read, where it is not recognised")
    table.add_argument(
        "--map",
        metavar="FIELD=COLUMN",
        action="append",
        default=[],
        help="the column that holds a field; again for each one (objective, name, context, domain, budget_usd, "
        "deadline_minutes, max_agents, model, priority, tags, preferences)",
    )
    table.add_argument("--encoding", help="how its letters are written (such as UTF-8 or Windows-1252)")
    table.add_argument("--delimiter", help='what separates its cells ("tab": a tab)')
    table.add_argument("--tab", metavar="SHEET", help="the sheet of a spreadsheet to read")
    table.add_argument("--skip-duplicates", action="store_true", help="leave out rows that ask for the same crew")
    rows = command.add_argument_group("for rows that say nothing else themselves")
    rows.add_argument("--context", metavar="TEXT", default="", help="background that helps")
    rows.add_argument("--domain", help="field of work, instead of the detected one (such as finance)")
    rows.add_argument("--budget-usd", metavar="USD", help="most that one run of a crew may cost, in US dollars")
    rows.add_argument("--deadline-minutes", metavar="MINUTES", help="longest that one run of a crew may take")
    rows.add_argument("--max-agents", metavar="N", help="most agents of a crew, the manager not counted")
    rows.add_argument("--preferences", metavar="TEXT", default="", help="how crews should work, in your words")
    rows.add_argument("--priority", choices=("high", "normal", "low"), default="normal", help="which rows go first")
    add_engine(command, "refines the crews")
    command.add_argument("--fall-back", action="store_true", help="keep the built-in crew where the model fails")
    command.add_argument("--job-budget", metavar="USD", help="most to spend on models; the job pauses before more")
    command.add_argument("--name", help="name of the job (the file's)")
    command.add_argument("--again", action="store_true", help="start anew, even while the same job is unfinished")
    command.add_argument("--no-wait", action="store_true", help="only start the job; the dashboard or a worker does it")
    _add_results(command)


def _add_jobs(command: argparse.ArgumentParser) -> None:
    command.add_argument("job", metavar="ID", nargs="?", help="number of a job; without it, the newest are listed")
    change = command.add_mutually_exclusive_group()
    change.add_argument("--pause", action="store_true", help="begin no more rows")
    change.add_argument("--resume", action="store_true", help="go on with a paused job")
    change.add_argument("--cancel", action="store_true", help="end it; finished rows stay")
    change.add_argument("--retry", action="store_true", help="work on failed and cancelled rows again")
    change.add_argument("--validate", action="store_true", help="check its crews in a new job")
    change.add_argument(
        "--optimize",
        metavar="GOAL",
        choices=("cost", "speed", "performance", "quality", "balanced"),
        help="optimize its crews in a new job for cost, speed, performance, quality or balanced",
    )
    command.add_argument("--apply", action="store_true", help="store the mended or optimized crews as new versions")
    command.add_argument("--budget", metavar="USD", help='most to spend on models ("none": no limit)')
    command.add_argument("--wait", action="store_true", help="work on it until it is done")
    command.add_argument("--failed", action="store_true", help="list, or write out, the failed rows only")
    _add_results(command)


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "crew", metavar="CREW", help="number of a stored crew, or a crew file or project, which is stored first"
    )
    command.add_argument("--model", help="LiteLLM name of the model of agents without one of their own")
    command.add_argument(
        "--dry", action="store_true", help="let a stand-in answer: does it go through? (costs nothing)"
    )
    command.add_argument("--budget-usd", metavar="USD", help="begin no model call that would pass this")
    command.add_argument("--deadline-minutes", metavar="MINUTES", help="longest that it may take, your answers aside")
    command.add_argument("--without-missing-tools", action="store_true", help="leave out tools that lack a key")
    command.add_argument(
        "--input", metavar="NAME=VALUE", action="append", default=[], help="value of a placeholder; again for each one"
    )


def _add_runs(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar="ID", nargs="?", help="number of a run; without it, the newest are listed")
    change = command.add_mutually_exclusive_group()
    change.add_argument("--stop", action="store_true", help="stop it; finished tasks keep their results")
    change.add_argument("--again", action="store_true", help="run the same crew again with the same settings")
    change.add_argument("--go-on", action="store_true", help="go on from where a failed or stopped run ended")
    change.add_argument("--answer", metavar="TEXT", help='say what shall be changed about a result ("": accept it)')


def _add_results(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", metavar="PATH", help="file for the results: .csv, .jsonl, or .zip with a CrewAI project for each crew"
    )
    command.add_argument("--force", action="store_true", help="replace a file that is there already")


def _add_export(command: argparse.ArgumentParser) -> None:
    command.add_argument("crew", metavar="CREW", help="number of a stored crew, or a crew file or project")
    command.add_argument("--format", required=True, choices=EXPORT_FORMATS, help="what to write")
    command.add_argument("--out", required=True, metavar="PATH", help="file to write, or folder to put it in")
    command.add_argument("--force", action="store_true", help="replace a file that is there already")


if __name__ == "__main__":
    sys.exit(main())
