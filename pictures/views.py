"""What there is to see: every page, and every tab of those that have some."""

from collections.abc import Iterator
from dataclasses import dataclass

from crewgen_core.app import Crewgen

CREW_TABS = (
    *("Plan", "Alternatives", "Team", "Check", "Estimate", "Outcomes", "Analysis", "Provenance", "Export"),
    "Versions",
)
ANALYTICS_TABS = ("Overview", "Spend", "Quality", "Calibration")
SETTINGS_TABS = ("Models", "Catalog", "Validation rules", "Access", "Audit", "Health")


@dataclass(frozen=True)
class View:
    """A page, or a tab of one."""

    name: str
    """How its pictures are called."""
    address: str
    """Path and query, without the slash in front."""
    tab: str = ""
    """The tab to open; empty for the first one, or where there are none."""


def list_views(crewgen: Crewgen) -> tuple[View, ...]:
    """Return every view of a dashboard with this content; of a crew, job, run or template where there is one."""
    return tuple(_list_views(crewgen))


def _list_views(crewgen: Crewgen) -> Iterator[View]:
    runs = crewgen.running.list_runs(limit=1)
    crews = [run.crew_id for run in runs] or [crew.id for crew in crewgen.crews.list(limit=1)]
    yield View("home", "")
    yield View("generate", "generate")
    for crew in crews:
        yield from (View(f"crew-{_slug(tab)}", f"crew?crew={crew}", tab) for tab in CREW_TABS)
    yield View("bulk", "bulk")
    yield from (View("job", f"job?job={job.id}") for job in crewgen.bulk.list_jobs(limit=1))
    yield View("templates", "templates")
    yield from (View("template", f"template?template={it.key}") for it in crewgen.templates.list(limit=1))
    yield View("validate", "validate")
    yield View("optimize", "optimize")
    yield from (View("optimize-crew", f"optimize?crew={crew}") for crew in crews)
    yield View("runs", "runs")
    yield from (View("run-start", f"runs?crew={crew}") for crew in crews)
    yield from (View("run", f"run?run={run.id}") for run in runs)
    yield from (View(f"analytics-{_slug(tab)}", "analytics", tab) for tab in ANALYTICS_TABS)
    yield from (View(f"settings-{_slug(tab)}", "settings", tab) for tab in SETTINGS_TABS)


def _slug(words: str) -> str:
    return words.lower().replace(" ", "-")
