"""Prints how good built-in crews are: shared text, kept rules, and nearness to crews that people wrote.

    python -m benchmarks.quality
    python -m benchmarks.quality --scorer score_crews.py --cases cases.jsonl

The scorer is a program of its own and no part of this project: it compares crews with those that people wrote for the
same objectives. Where it is given, it is run on the cases given and on heldout.jsonl, whose crews were written without
a look at the catalog, and which nobody looked at while the catalog was made.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

from benchmarks.tables.measured import note
from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.validation.validate import validate
from tests.support.overlap import boilerplate, shared_part

OBJECTIVES = Path(__file__).parent / "objectives.txt"
HELD_OUT = Path(__file__).parent / "heldout.jsonl"
DIFFERENT = 50
"""Objectives, spread evenly over the list, of which every pair is compared."""


def make(text: str) -> tuple[Analysis, Crew]:
    """Return the analysis and the built-in crew of an objective."""
    analysis = analyze(Objective(text=text), load_catalog())
    return analysis, CatalogComposer(load_catalog()).build(analysis)


def print_texts(texts: list[str]) -> None:
    """Print how much text crews share: any two of fifty, and each with all the others."""
    crews = {text: make(text)[1] for text in texts[:: max(1, len(texts) // DIFFERENT)][:DIFFERENT]}
    pairs = {(one, other): shared_part(crews[one], crews[other]) for one, other in permutations(crews, 2)}
    one, other = max(pairs, key=lambda pair: pairs[pair])
    shares = boilerplate(crews)
    note("Text that two built-in crews share: most", pairs[one, other], "of 1", 0.25)
    print(f"text shared by two of {len(crews)} crews: most {pairs[one, other]:.3f} ({one!r} with {other!r})")
    print(f"text shared with any of the other {len(crews) - 1}: mean {statistics.mean(shares.values()):.3f}")


def print_rules(texts: list[str]) -> None:
    """Print what validation says of all crews."""
    reports = [validate(crew, load_catalog(), analysis) for analysis, crew in map(make, texts)]
    scores = [report.score for report in reports]
    valid = 100 * sum(report.valid for report in reports) / len(reports)
    note("Built-in crews without an error", valid, "%", 100, at_least=True)
    print(f"crews without an error: {sum(report.valid for report in reports)} of {len(reports)}")
    print(f"score of validation: mean {statistics.mean(scores):.2f} of 10, lowest {min(scores):.1f}")


def print_score(scorer: Path, cases: Path) -> None:
    """Let the scorer compare built-in crews with those that people wrote, and print what it says."""
    lines = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "crews.jsonl"
        made.write_text("".join(json.dumps(_plain(line)) + "\n" for line in lines), encoding="utf-8")
        command = [sys.executable, str(scorer), "score", "--bench", str(cases), "--crews", str(made)]
        print(f"\n-- {cases.name}, {len(lines)} objectives --", flush=True)
        subprocess.run(command, check=True)


def _plain(case: Mapping[str, Any]) -> dict[str, Any]:  # Any: a line of JSON
    _, crew = make(case["objective"])
    roles = {agent.key: agent.role for agent in crew.agents}
    names = {task.key: task.name for task in crew.tasks}
    agents = [
        {
            "role": agent.role,
            "goal": agent.goal,
            "backstory": agent.backstory,
            "skills": [skill.name for skill in agent.skills],
            "tools": list(agent.tools),
        }
        for agent in crew.agents
    ]
    tasks = [
        {
            "name": task.name,
            "description": task.description,
            "expected_output": task.expected_output,
            "agent": roles[task.agent or ""],
            "depends_on": [names[key] for key in task.depends_on],
        }
        for task in crew.tasks
    ]
    manager = crew.manager.role if crew.manager else None
    return {"id": case["id"], "agents": agents, "tasks": tasks, "process": crew.process, "manager": manager}


def main() -> None:
    """Print one block for each kind of measure."""
    parser = argparse.ArgumentParser(description="How good built-in crews are.")
    parser.add_argument("--scorer", type=Path, help="program that scores crews against crews that people wrote")
    parser.add_argument("--cases", type=Path, help="objectives with facts about crews that people wrote, JSON lines")
    asked = parser.parse_args()
    texts = OBJECTIVES.read_text(encoding="utf-8").splitlines()
    print_texts(texts)
    print_rules(texts)
    if asked.scorer is None:
        print("Not compared with crews that people wrote: that needs --scorer (docs/quality.md).")
        return
    for cases in (asked.cases, HELD_OUT):
        if cases is not None:
            print_score(asked.scorer, cases)


if __name__ == "__main__":
    main()
