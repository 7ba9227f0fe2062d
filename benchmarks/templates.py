"""What a template saves where a model is asked: tokens, time to a finished crew, and our own part of that time.

Run ``python -m benchmarks.templates``; it takes about two minutes. Ten objectives that a shipped template fits are
each generated with it and without it. The model is the scripted server: it answers after half a second and then at 100
tokens a second, so time follows the tokens of its answer. **Its answers are made, not observed**: without a template a
whole crew in the form asked for, with every text of the draft worded anew at the same length; with one, changes to
every third text. How much a real model would change is not measured here; the last lines say what follows if it
changes nothing, or every text.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from itertools import cycle, islice
from statistics import median
from typing import Any

from benchmarks.tables.measured import note
from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.composition.answer import CrewAnswer
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.changes import ChangesAnswer
from crewgen_core.composition.composer import Composer
from crewgen_core.composition.model import ModelComposer
from crewgen_core.estimation.models import profiles_for
from crewgen_core.llm.client import ModelClient
from crewgen_core.llm.door import open_litellm
from crewgen_core.llm.loop import shared_loop
from crewgen_core.llm.prices import price_of
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.design import Design
from crewgen_core.models.objective import Objective
from crewgen_core.models.template import StoredTemplate
from crewgen_core.pipeline import Knowledge, design
from crewgen_core.templates.composer import TemplateComposer
from crewgen_core.templates.shipped_files import read_shipped
from tests.support.model_server import ModelServer, Reply, say

CASES = {
    "Size the market for heat pumps in Norway, compare the main competitors, and write a three-page brief for the "
    "board that says whether to enter it.": "market-entry-brief",
    "Set the actual figures of the second quarter in our ledger export against the budget, explain every deviation "
    "above 5 percent, and write a two-page report for the CFO with measures.": "budget-variance",
    "Compare Postgres, MySQL and SQLite for a booking system by cost, speed and upkeep, and recommend one of them to "
    "the head of engineering in a decision memo.": "compare-options",
    "Review the attached lease from the side of the tenant, rate the risk of each clause on rent, repairs and "
    "termination, and draft better wording in a memo for the owner.": "contract-review",
    "Design a course module on spreadsheet formulas for office staff with four lessons, exercises and an assessment.": (
        "course-module"
    ),
    "Find out why churn rose in spring from the CSV export of our subscriptions, and write a five-page report with "
    "charts for the product team that says how certain each finding is.": "data-analysis-report",
    "Screen the applications in the folder of PDF files for a nurse manager, shortlist the best five with a reason for "
    "each, and prepare interview questions.": "hiring-shortlist",
    "Write a patient information leaflet of two pages about physiotherapy after a knee operation for adult patients "
    "in plain language, with every medical statement traced to a current guideline.": "patient-information",
    "Analyze how the onboarding of new suppliers runs today from our procedures, find the steps that cost the most "
    "time and errors, and design an improved process.": "process-improvement",
    "Analyze the support tickets of the last quarter in the help desk export, find the five causes that cost the most, "
    "and write a help article for each of them.": "support-ticket-trends",
}
MODEL = "openai/test"
RUN_MODEL = "gpt-5.6-luna"
TOKENS_PER_S = 100
WAIT_S = 0.5
"""Until the first token."""
EVERY = 3
"""With a template, one text of so many is changed."""
TARGET = 0.75
DEADLINE_S = 300


@dataclass(frozen=True)
class Case:
    """One objective, with its template or without."""

    objective: Objective
    composer: Composer

    @cached_property
    def draft(self) -> Crew:
        """The crew that the model is shown."""
        analysis = analyze(self.objective, load_catalog())
        return shared_loop().run(self.composer.compose(analysis)).crew


@dataclass(frozen=True)
class Sample:
    """What one generation took."""

    prompt: int
    answer: int
    own_s: float
    whole_s: float

    @property
    def tokens(self) -> int:
        """Of question and answer."""
        return self.prompt + self.answer


def main() -> int:
    """Print the figures; return 0 when tokens and time with a template are at most the target's share."""
    os.environ["OPENAI_API_KEY"] = "sk-benchmark"
    catalog = load_catalog()
    without = [Case(Objective(text=text), CatalogComposer(catalog)) for text in CASES]
    fitted = [
        Case(Objective(text=text, template=key), TemplateComposer(_stored(key), catalog)) for text, key in CASES.items()
    ]
    print("The answers are made, not observed: a whole crew without a template, changes to every third text with one.")
    plain = measure(without, write_crew)
    with_template = measure(fitted, lambda crew: write_changes(crew, EVERY))
    ratios = show(plain, with_template)
    for name, every in (("every text is changed", 1), ("nothing is changed", 0)):
        print(f"if {name:24} tokens {_ratio(plain, measure(fitted, _writer(every), waits=False), 'tokens'):.2f}")
    print(f"schemas, sent beside the prompt: {_schema(CrewAnswer)} tokens without, {_schema(ChangesAnswer)} with")
    return 0 if all(ratio <= TARGET for ratio in ratios) else 1


def measure(cases: list[Case], write: Callable[[Crew], str], *, waits: bool = True) -> list[Sample]:
    """Generate all at once, so that the waits overlap, and each alone with a model that takes no time for ours."""
    answers = {case.objective.text: write(case.draft) for case in cases}

    def reply(speed: float, body: dict[str, Any]) -> Reply:
        asked = body["messages"][1]["content"]
        text = next(answer for objective, answer in answers.items() if objective in asked)
        tokens, read = count(text), sum(count(message["content"]) for message in body["messages"])
        return say(text, tokens_in=read, tokens_out=tokens, delay_s=(WAIT_S + tokens / TOKENS_PER_S) * speed)

    async def all_at_once() -> list[Design]:
        return await asyncio.gather(*(generate(case) for case in cases))

    with ModelServer() as server:
        os.environ["OPENAI_BASE_URL"] = server.url
        server.script = partial(reply, 0)
        alone = [shared_loop().run(generate(case)) for case in cases]
        server.script = partial(reply, 1)
        waited = shared_loop().run(all_at_once()) if waits else alone
    used = [made for made in alone if made.provenance.engine == "model" and made.provenance.calls == 1]
    if len(used) < len(cases):
        print(f"  only {len(used)} of {len(cases)} answers were taken at once")
    return [
        Sample(
            one.provenance.tokens_in,
            one.provenance.tokens_out,
            one.provenance.seconds - one.provenance.model_seconds,
            other.provenance.model_seconds + one.provenance.seconds - one.provenance.model_seconds,
        )
        for one, other in zip(alone, waited, strict=True)
    ]


async def generate(case: Case) -> Design:
    """Design one crew with the scripted model."""
    ask = ModelClient(DEADLINE_S).ask
    return await design(case.objective, ModelComposer(load_catalog(), case.composer, ask, MODEL), _knowledge())


def write_crew(draft: Crew) -> str:
    """Write a whole crew in the form asked for, every text worded anew."""
    agents = [
        {
            "key": agent.key,
            "role": agent.role,
            "goal": reword(agent.goal),
            "backstory": reword(agent.backstory),
            "skills": [level.name for level in agent.skills],
            "tools": list(agent.tools),
            "why": reword(agent.why),
        }
        for agent in draft.agents
    ]
    tasks = [
        {
            "key": task.key,
            "name": task.name,
            "description": reword(task.description),
            "expected_output": reword(task.expected_output),
            "agent": task.agent,
            "depends_on": list(task.depends_on),
            "skills": list(task.skills),
            "tools": list(task.tools),
            "human_minutes": round(task.human_minutes),
            "why": reword(task.why),
        }
        for task in draft.tasks
    ]
    return _write({"agents": agents, "tasks": tasks, "process": draft.process})


def write_changes(draft: Crew, every: int) -> str:
    """Write changes to one text of so many, each worded anew; 0 changes none."""
    changed = list(islice(_texts(draft), 0, None, every)) if every else []
    changes = [{"key": part.key, "field": field, "text": reword(getattr(part, field))} for part, field in changed]
    return _write({"changes": changes, "new_tasks": [], "drop": []})


def reword(text: str) -> str:
    """Return another text of the same length about the same: every tenth word is another."""
    words = zip(text.split(), cycle(range(10)), strict=False)
    return " ".join("exactly" if at == 9 else word for word, at in words)


def count(text: str) -> int:
    """Count tokens as GPT-4o does."""
    return open_litellm().token_counter(model="gpt-4o", text=text)


def show(plain: list[Sample], fitted: list[Sample]) -> tuple[float, float]:
    """Print the medians, and the ratios of tokens and of time, which are returned."""
    print(f"\n{len(plain)} objectives{'':16} {'without':>9} {'with':>9} {'median ratio':>13}")
    for name, field in (
        ("prompt tokens", "prompt"),
        ("answer tokens", "answer"),
        ("tokens in all", "tokens"),
        ("own time in s", "own_s"),
        ("whole time in s", "whole_s"),
    ):
        middle = [median(getattr(sample, field) for sample in samples) for samples in (plain, fitted)]
        digits = 0 if field in ("prompt", "answer", "tokens") else 3
        print(f"{name:29} {middle[0]:9.{digits}f} {middle[1]:9.{digits}f} {_ratio(plain, fitted, field):13.2f}")
    ratios = _ratio(plain, fitted, "tokens"), _ratio(plain, fitted, "whole_s")
    note("Tokens with a template, beside without", ratios[0], "times", TARGET)
    note("Time with a template, beside without", ratios[1], "times", TARGET)
    print(f"target at most {TARGET} for tokens and time: {'met' if max(ratios) <= TARGET else 'MISSED'}\n")
    return ratios


def _ratio(plain: list[Sample], fitted: list[Sample], field: str) -> float:
    """Return the median of the ratios, objective by objective."""
    return median(getattr(one, field) / getattr(other, field) for one, other in zip(fitted, plain, strict=True))


def _texts(draft: Crew) -> Iterator[tuple[Agent | Task, str]]:
    for agent in draft.agents:
        yield from ((agent, field) for field in ("goal", "backstory") if getattr(agent, field))
    for task in draft.tasks:
        yield from ((task, field) for field in ("description", "expected_output"))


def _writer(every: int) -> Callable[[Crew], str]:
    return lambda crew: write_changes(crew, every)


def _write(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _schema(shape: type[CrewAnswer] | type[ChangesAnswer]) -> int:
    return count(json.dumps(shape.model_json_schema(), separators=(",", ":")))


def _stored(key: str) -> StoredTemplate:
    return StoredTemplate(
        template=read_shipped(key),
        number=1,
        newest=1,
        note="",
        uses=0,
        archived=False,
        shipped=True,
        created_at=datetime.now(UTC),
    )


@cache
def _knowledge() -> Knowledge:
    return Knowledge(load_catalog(), profiles_for([RUN_MODEL], load_model_facts(), price_of).__getitem__, RUN_MODEL)


if __name__ == "__main__":
    sys.exit(main())
