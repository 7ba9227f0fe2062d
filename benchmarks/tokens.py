"""Tokens predicted and actual: 30 crews run on real CrewAI against a model that counts what it is sent.

Run ``python -m benchmarks.tokens`` where CrewAI's environment is (``make crewai``); it takes about six minutes. What a
model would decide, such as how often it uses a tool and how much it writes, follows the figures that the estimate
assumes (``tests/support/acting_model.py``), with chance; so what is measured is how CrewAI builds its prompts.
"""

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from statistics import median, stdev
from time import sleep

from crewgen_core.analysis.analyze import analyze
from crewgen_core.app import Crewgen
from crewgen_core.catalog.constants import load_constants
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.estimation.shares import Share, share_out
from crewgen_core.estimation.work import read_crew
from crewgen_core.exports.parts import DEFAULT_MANAGER
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.run import Run
from crewgen_core.settings import Settings
from tests.support.acting_model import LINE, ActingModel, Habit
from tests.support.model_server import ModelServer, say

OBJECTIVES = (Path(__file__).parent / "objectives.txt").read_text(encoding="utf-8").splitlines()
CREWS = 30
FORMS = ("without tools", "with a tool", "with a manager")
FILE_LINES = 500
USUAL_DIFFICULTY = 3.5
"""Only moves how often a manager sends work back."""


@dataclass(frozen=True)
class Pair:
    """Tokens of one run."""

    form: str
    predicted: float
    actual: int

    @property
    def log_ratio(self) -> float:
        """ln(actual / predicted)."""
        return log(self.actual / self.predicted)


def main() -> int:
    """Print each run and the ratios by form; return 0 when every run was completed."""
    with tempfile.TemporaryDirectory() as folder, ModelServer([say("")]) as server:
        os.environ |= {"OPENAI_API_KEY": "not-needed", "CREWAI_TOOLS_ALLOW_UNSAFE_PATHS": "true"}
        os.environ["CREWGEN_MODEL_BASE_URL"] = server.url
        file = Path(folder, "market.txt")
        file.write_text(LINE * FILE_LINES, encoding="utf-8")
        crewgen = Crewgen(Settings(database_url=f"sqlite:///{folder}/crewgen.db", model_base_url=server.url))
        if missing := crewgen.running.available():
            print(missing, file=sys.stderr)
            return 1
        pairs = list(measure(crewgen, server, file))
        crewgen.database.close()
    by_form: dict[str, list[float]] = defaultdict(list)
    for pair in pairs:
        by_form[pair.form].append(pair.log_ratio)
        by_form["all"].append(pair.log_ratio)
    print(f"\n{'form':16} {'runs':>4} {'median actual/predicted':>24} {'spread (sd of ln)':>18} {'median error':>13}")
    for form, ratios in by_form.items():
        error = median(abs(exp(ratio) - 1) for ratio in ratios)
        print(f"{form:16} {len(ratios):4} {exp(median(ratios)):24.2f} {stdev(ratios):18.2f} {error:12.0%}")
    return 0 if len(pairs) == CREWS else 1


def measure(crewgen: Crewgen, server: ModelServer, file: Path) -> Iterator[Pair]:
    """Run the crews one after the other; one that is not completed is printed and left out."""
    for at, text in enumerate(OBJECTIVES[:CREWS]):
        form = FORMS[at % len(FORMS)]
        objective = Objective(text=text)
        crew = shape(CatalogComposer(crewgen.catalog).build(analyze(objective, crewgen.catalog)), form)
        server.script = make_model(crewgen, crew, file, seed=at)
        run = wait_for_end(crewgen, crewgen.running.start(crewgen.crews.save(crew, objective).crew_id))
        ratio = run.usage.tokens / run.predicted.tokens
        print(
            f"{form:16} {len(crew.tasks)} tasks {run.usage.calls:3} calls {run.predicted.tokens:9.0f} predicted "
            f"{run.usage.tokens:9} actual {ratio:6.2f} {run.state} {run.reason}",
            flush=True,
        )
        if run.state == "completed":
            yield Pair(form, run.predicted.tokens, run.usage.tokens)


def shape(crew: Crew, form: str) -> Crew:
    """Give the crew one tool that works without a key, or none, or a manager."""
    with_tool = form == "with a tool" or (form == "with a manager" and any(agent.tools for agent in crew.agents))
    tools = ("file_read",) if with_tool else ()
    managed = {"process": "hierarchical", "coordination": "hierarchical", "oversight": "moderate"}
    at_once = {"async_execution": False} if form == "with a manager" else {}
    return crew.model_copy(
        update={
            "agents": tuple(agent.model_copy(update={"tools": tools}) for agent in crew.agents),
            "tasks": tuple(
                task.model_copy(update={"tools": (), "human_input": False} | at_once) for task in crew.tasks
            ),
            **(managed | {"manager": DEFAULT_MANAGER} if form == "with a manager" else {}),
        }
    )


def make_model(crewgen: Crewgen, crew: Crew, file: Path, seed: int) -> ActingModel:
    """Return a model that works as the estimate assumes."""
    constants, knowledge = load_constants(), crewgen.knowledge
    profile = knowledge.profile_of(knowledge.run_model)
    works = read_crew(crew, {knowledge.run_model: profile}, crewgen.catalog, knowledge.run_model)
    shares = share_out(crew, works, profile, USUAL_DIFFICULTY, constants)

    def describe(share: Share) -> Habit:
        use, result = share.worker.use, constants.output[share.work.activity].value
        return Habit(share.work.task.description, use.calls - 1, result, use.runs if share.manager else 0)

    return ActingModel(
        [describe(share) for share in shares],
        manager=crew.manager.role if crew.manager else "",
        hidden_tokens=profile.hidden_tokens,
        turn_tokens=constants.prompt.tool_turn_output.value,
        file=str(file),
        seed=seed,
    )


def wait_for_end(crewgen: Crewgen, run: Run) -> Run:
    """Return the run when it has ended."""
    while run.open:
        sleep(0.5)
        run = crewgen.running.get(run.id)
    return run


if __name__ == "__main__":
    sys.exit(main())
