"""What the commands about runs do: run a crew and watch it, list runs, show, stop, answer, repeat and continue one."""

import sys
from argparse import Namespace
from time import sleep

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_id, read_number, read_pairs
from crewgen_core.commands.crew_files import find_stored, read_crew
from crewgen_core.commands.objectives import find_objective
from crewgen_core.commands.output import DONE, print_json, tell
from crewgen_core.console.runs import describe_event, describe_question, describe_run, describe_runs
from crewgen_core.errors import CannotRun, NotFound
from crewgen_core.models.run import Question, Run, RunProgress, RunSettings

NOT_COMPLETED = 1
"""Exit code: the run failed, or was stopped."""

LOOK_S = 0.3
"""Seconds between two looks at a run that is watched."""

MOST_BUDGET_USD, MOST_MINUTES = 1_000_000, 10_080


def run_crew(crewgen: Crewgen, options: Namespace) -> int:
    """Run a crew on CrewAI, stored first where it is a file, watch it, and print what its tasks resulted in."""
    stored = find_stored(crewgen, options.crew)
    if stored is None:
        crew = read_crew(crewgen, options.crew).crew
        stored = crewgen.crews.save(crew, find_objective(crew))
    run = crewgen.running.start(stored.crew_id, stored.number, _read_settings(options))
    return _watch(crewgen, run, options)


def run_runs(crewgen: Crewgen, options: Namespace) -> int:
    """List runs, or show, stop, answer, repeat or go on with one."""
    if options.run is None:
        if options.stop or options.again or options.go_on or options.answer is not None:
            raise CannotRun("Which run is meant is not said.", "Put its number first: runs 12 --stop, for example.")
        runs = crewgen.running.list_runs()
        if options.json:
            return print_json({"runs": [run.model_dump(mode="json") for run in runs]})
        print(describe_runs(runs))
        return DONE
    run = _find_run(crewgen, options.run)
    if options.again or options.go_on:
        further = crewgen.running.again(run.id) if options.again else crewgen.running.go_on(run.id)
        return _watch(crewgen, further, options)
    if options.stop:
        crewgen.running.stop(run.id)
        _watch_silently(crewgen, run.id)
    if options.answer is not None:
        _answer(crewgen, run, options.answer)
    return _print(crewgen.running.progress(run.id), options)


def _read_settings(options: Namespace) -> RunSettings:
    amount = "a number of US dollars"
    budget = read_number("--budget-usd", options.budget_usd, amount, MOST_BUDGET_USD, CannotRun)
    minutes = read_number("--deadline-minutes", options.deadline_minutes, "minutes", MOST_MINUTES, CannotRun)
    return RunSettings(
        model=options.model or "",
        dry=options.dry,
        budget_usd=budget,
        deadline_minutes=None if minutes is None else float(minutes),
        leave_out_tools=options.without_missing_tools,
        inputs=read_pairs("--input", options.input, "topic=tea", CannotRun),
    )


def _find_run(crewgen: Crewgen, text: str) -> Run:
    run_id = read_id(text)
    try:
        if run_id is not None:
            return crewgen.running.get(run_id)
    except NotFound:
        pass
    raise NotFound(f'There is no run "{text[:30]}".', "A run is named by its number; `runs` lists them.")


def _answer(crewgen: Crewgen, run: Run, text: str) -> None:
    question = crewgen.running.progress(run.id).question
    if question is None:
        raise CannotRun(f"Run {run.id} waits for no answer: it is {run.state}.", "`runs` lists those that wait.")
    crewgen.running.answer(question.id, text)
    tell("The result is accepted." if not text.strip() else "The change is asked for.")


def _watch(crewgen: Crewgen, run: Run, options: Namespace) -> int:
    """Print what happens, ask where a person is waited for, and print the results at the end; Ctrl-C stops the run."""
    try:
        progress = _follow(crewgen, run, options)
    except KeyboardInterrupt:
        if crewgen.running.get(run.id).open:
            crewgen.running.stop(run.id)
            _watch_silently(crewgen, run.id)
        tell(f"\nRun {run.id} is stopped. To go on: python -m crewgen_core runs {run.id} --go-on")
        raise
    return _print(progress, options, end=True)


def _follow(crewgen: Crewgen, run: Run, options: Namespace) -> RunProgress:
    if not options.json:
        tell(f"Run {run.id} of {run.crew_name}; Ctrl-C stops it.")
    last, asked = 0, None
    while True:
        progress = crewgen.running.progress(run.id, last)
        for event in progress.events:
            last = event.number
            if not options.json:
                tell(describe_event(event, run.created_at))
        if not progress.run.open:
            return crewgen.running.progress(run.id)
        if progress.question and progress.question.id != asked:
            asked = progress.question.id
            _ask(crewgen, progress, progress.question, options)
        sleep(LOOK_S)


def _ask(crewgen: Crewgen, progress: RunProgress, question: Question, options: Namespace) -> None:
    """Ask at the terminal; where there is none, say how to answer."""
    name = next((task.name for task in progress.tasks if task.key == question.task), question.task)
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or options.json:
        command = f"python -m crewgen_core runs {progress.run.id}"
        tell(f'The run waits for a person. To read the result: {command}   To accept it: {command} --answer ""')
        return
    tell(describe_question(question, name))
    tell("Enter accepts it; anything else is what shall be changed:")
    try:
        crewgen.running.answer(question.id, input())
    except EOFError:
        tell("Nobody answers here; the run goes on waiting.")


def _watch_silently(crewgen: Crewgen, run_id: int) -> None:
    while crewgen.running.get(run_id).open:
        sleep(LOOK_S)


def _print(progress: RunProgress, options: Namespace, end: bool = False) -> int:
    if options.json:
        print_json(progress.model_dump(mode="json"))
    else:
        print(describe_run(progress))
    return NOT_COMPLETED if end and progress.run.state != "completed" else DONE
