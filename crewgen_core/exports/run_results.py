"""What the tasks of a run resulted in, as one text file."""

from collections.abc import Sequence

from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import safe_name
from crewgen_core.models.run import Run, TaskRun
from crewgen_core.numbers import format_when

RULE = "=" * 100


def export_results(run: Run, tasks: Sequence[TaskRun]) -> Exported:
    """Return the results of all tasks that have one, in order, each below its name; texts stay as they are."""
    dry = ", a dry run" if run.settings.dry else ""
    parts = [
        f"{run.crew_name}\nRun {run.id} of version {run.number}{dry}, {run.state}, {format_when(run.created_at)}\n"
    ]
    for number, task in enumerate(tasks, start=1):
        if task.output:
            parts.append(f"{RULE}\n{number}. {task.name or task.key}\n{RULE}\n\n{task.output.strip()}\n")
    return Exported(f"{safe_name(run.crew_name, 'crew')}_run_{run.id}.txt", "\n".join(parts).encode(), "text/plain")
