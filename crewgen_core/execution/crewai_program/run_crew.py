"""Runs one crew on CrewAI: the only program of crewgen that imports it, started by path with CrewAI's interpreter.

``run_crew.py DESCRIPTOR`` reads the job as the first line of standard input (JSON, see ``Job``), then answers of
people, a line each. What happens is written as JSON lines to the file descriptor; what CrewAI prints goes nowhere. When
standard input ends, so does this process with all that it started.

Knows nothing of crewgen but the standard library and CrewAI 1.15, so that it runs in CrewAI's environment.
"""

import os
import socket
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from crewgen_run.line import Job, Line, end_all
from crewgen_run.people import People
from crewgen_run.place import Place


def main() -> None:
    """Run the crew, and end without waiting for what CrewAI still has in hand."""
    line = Line(int(sys.argv[1]))
    line.listen()
    from crewai.project import crew_loader  # noqa: F401 takes seconds, in which the job is still being made

    job = line.wait_for_job()
    _silence()
    os.environ.update(job["environment"])
    if job["dry"]:
        _forbid_network()
    try:
        _run(job, line)
    except BaseException as fault:  # noqa: BLE001 whatever goes wrong is what the run ends with
        line.tell("failed", error=_describe(fault), type=type(fault).__name__)
    end_all()


def _run(job: Job, line: Line) -> None:
    from crewgen_run.limits import Limits
    from crewgen_run.watching import Watch

    people = People(line, job)
    limits = Limits(line, job, people)
    limits.enforce()  # before the crew is loaded: each of its agents takes the hooks that are there then
    crew, inputs = _load(job)
    place = Place(job, crew)
    limits.place = place
    people.take_over(place)
    if job["dry"]:
        from crewgen_run.stand_in import replace_models

        replace_models(crew, place)
    Watch(line, job, place, limits).begin()
    line.tell("loaded")
    result = crew.kickoff(inputs={**inputs, **job["inputs"]})
    line.tell("completed", output=str(result.raw))


def _load(job: Job) -> tuple[Any, dict[str, Any]]:
    """Unpack the project and load it through the definition that it names, as ``crewai run`` does."""
    folder = Path(tempfile.mkdtemp(prefix="crew-"))
    with zipfile.ZipFile(job["project"]) as packed:
        packed.extractall(folder)
    (root,) = folder.iterdir()
    os.chdir(root)
    from crewai.project.crew_loader import load_crew
    from crewai.project.json_loader import validate_crew_project
    from crewai_core.project import configured_project_definition

    definition = configured_project_definition("crew", project_root=root)
    validate_crew_project(definition)
    crew, inputs = load_crew(definition)
    crew.verbose = False  # nobody reads the panels that it would draw
    for agent in (*crew.agents, *([crew.manager_agent] if crew.manager_agent else [])):
        agent.verbose = False
    return crew, inputs


def _silence() -> None:
    """Let everything that is printed go nowhere, also what programs print that tools start."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _forbid_network() -> None:
    """Let every connection fail at once: a dry run reaches nobody."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("A dry run has no network.")

    socket.socket.connect = refuse
    socket.getaddrinfo = refuse


def _describe(fault: BaseException) -> str:
    """Return what an error says, with that of its cause where it says more."""
    texts = [str(fault) or type(fault).__name__]
    cause = fault.__cause__
    if cause is not None and str(cause) and str(cause) not in texts[0]:
        texts.append(str(cause))
    return ": ".join(texts)


if __name__ == "__main__":
    main()
