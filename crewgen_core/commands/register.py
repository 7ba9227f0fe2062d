"""Every command of the command line by its name, and how one is run."""

from argparse import Namespace
from collections.abc import Callable, Mapping

from crewgen_core.app import Crewgen
from crewgen_core.commands.analytics import run_analytics
from crewgen_core.commands.backup import run_backup, run_restore
from crewgen_core.commands.bulk import run_bulk
from crewgen_core.commands.crews import run_export, run_refine, run_why
from crewgen_core.commands.demo import run_demo
from crewgen_core.commands.designs import run_analyze, run_generate
from crewgen_core.commands.house import run_doctor, run_models
from crewgen_core.commands.jobs import run_jobs, run_worker
from crewgen_core.commands.optimization import run_optimize
from crewgen_core.commands.outcomes import run_calibration, run_outcomes
from crewgen_core.commands.report import run_report
from crewgen_core.commands.reviews import run_estimate, run_validate
from crewgen_core.commands.runs import run_crew, run_runs
from crewgen_core.commands.templates import run_templates
from crewgen_core.logs import configure_logs
from crewgen_core.settings import load_settings


def run(options: Namespace) -> int:
    """Run the command that the options name and return its exit code. Raises CrewgenError."""
    settings = load_settings()
    if options.command == "worker" or "log_level" in settings.model_fields_set:
        configure_logs(settings.log_level, settings.log_format)
    else:  # people read results and faults; logs are for who asks for them
        configure_logs("CRITICAL", settings.log_format)
        settings = settings.model_copy(update={"log_level": "ERROR"})
    return COMMANDS[options.command](Crewgen(settings), options)


COMMANDS: Mapping[str, Callable[[Crewgen, Namespace], int]] = {
    "generate": run_generate,
    "analyze": run_analyze,
    "validate": run_validate,
    "estimate": run_estimate,
    "optimize": run_optimize,
    "why": run_why,
    "refine": run_refine,
    "export": run_export,
    "report": run_report,
    "models": run_models,
    "bulk": run_bulk,
    "jobs": run_jobs,
    "worker": run_worker,
    "analytics": run_analytics,
    "run": run_crew,
    "runs": run_runs,
    "templates": run_templates,
    "outcomes": run_outcomes,
    "calibration": run_calibration,
    "backup": run_backup,
    "demo": run_demo,
    "restore": run_restore,
    "doctor": run_doctor,
}
