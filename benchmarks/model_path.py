"""What a model costs beside its own thinking: prompt tokens, our own time, overlap, calls for a good answer.

Run ``python -m benchmarks.model_path``. The model is a scripted server in a process of its own, so that its work does
not count as ours.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from statistics import mean, median
from time import perf_counter

from benchmarks.tables.measured import note
from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.answer import CrewAnswer
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.model import ModelComposer
from crewgen_core.composition.prompt import ask_for_crew
from crewgen_core.llm.client import ModelClient
from crewgen_core.llm.door import open_litellm
from crewgen_core.llm.loop import shared_loop
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.design import Draft
from crewgen_core.models.objective import Objective

OBJECTIVES = (
    "Analyze why churn rose in Q3 from our subscription exports and write a two-page brief for the board.",
    "Screen 120 CVs for a senior accountant and shortlist five candidates with reasons.",
    "Plan the launch campaign for a vegan snack bar in Germany with a budget of 40,000 euros.",
    "Review this software licence agreement for risks and draft an email to the vendor.",
    "Research the five largest competitors in smart thermostats and compare prices and features in a table.",
    "Write a 3,000-word blog post about heat pumps for home owners, with sources and a fact check.",
    "Reconcile the bank statement of September with the ledger and list every difference.",
    "Translate the user manual into Spanish and check that all terms are used consistently.",
    "Find the cause of the memory leak in our Python service and propose a tested fix.",
    "Prepare a sprint report from the Jira tickets and mark what is at risk.",
    "Summarise 30 customer interviews, group the complaints and propose three product changes.",
    "Make a training plan for new nurses on infection control, with a quiz.",
    "Forecast sales for the next two quarters from three years of monthly data and explain the uncertainty.",
    "Classify 2,000 support tickets by topic and urgency and draft replies for the ten most frequent.",
    "Write the grant proposal for a community garden: need, goals, budget and evaluation.",
    "Check our privacy policy against the GDPR and list the gaps with a correction for each.",
    "Design a survey about remote work, with 15 questions, and a plan for analysing it.",
    "Plan a three-day offsite for 25 people in Lisbon, with schedule and costs.",
    "Extract the key figures from ten annual reports in PDF and put them into a spreadsheet.",
    "Produce a two-host podcast episode about coral reefs: research, script, show notes.",
)
MODEL = "openai/test"
ROUNDS = 5
REPEATS = 20


def main() -> None:
    """Print every figure."""
    catalog = load_catalog()
    built_in = CatalogComposer(catalog)
    analyses = [analyze(Objective(text=text), catalog) for text in OBJECTIVES]
    os.environ["OPENAI_API_KEY"] = "sk-benchmark"
    _print_prompt_tokens(analyses, built_in, catalog)
    composer = ModelComposer(catalog, built_in, ModelClient(30).ask, MODEL)
    with _model(delay_ms=0):
        _print_own_time(analyses, composer)
    with _model(delay_ms=500):
        _print_ten_at_once(analyses, composer)


def _print_prompt_tokens(analyses: list[Analysis], built_in: CatalogComposer, catalog: Catalog) -> None:
    def count(text: str) -> int:
        return open_litellm().token_counter(model="gpt-4o", text=text)

    schema = count(json.dumps(CrewAnswer.model_json_schema(), separators=(",", ":")))
    counts: list[int] = []
    for analysis in analyses:
        question, _ = ask_for_crew(analysis, built_in.build(analysis), catalog)
        counts.append(sum(count(message.content) for message in question))
    print(
        f"prompt tokens, {len(counts)} objectives     median {median(counts):.0f}, most {max(counts)}; schema {schema}"
    )


def _print_own_time(analyses: list[Analysis], composer: ModelComposer) -> None:
    drafts = [shared_loop().run(composer.compose(analysis)) for analysis in analyses]  # warm-up
    times: list[float] = []
    for analysis in analyses * (REPEATS // 4):
        started = perf_counter()
        draft = shared_loop().run(composer.compose(analysis))
        times.append((perf_counter() - started) * 1_000)
        drafts.append(draft)
    print(f"own time, model of 0 ms          median {median(times):.1f} ms, most {max(times):.1f} ms (HTTP included)")
    calls = [draft.provenance.calls for draft in drafts]
    note("Own time of a crew by a model that needs none: median", median(times), "ms")
    note("Questions to a model for a good answer: mean", mean(calls), "calls", 1)
    print(f"calls for a good answer          mean {mean(calls):.2f}, most {max(calls)}; {_by_the_model(drafts)}")


def _print_ten_at_once(analyses: list[Analysis], composer: ModelComposer) -> None:
    async def compose_all() -> list[Draft]:
        return await asyncio.gather(*(composer.compose(analysis) for analysis in analyses[:10]))

    rounds: list[float] = []
    drafts: list[Draft] = []
    for _ in range(ROUNDS):
        started = perf_counter()
        drafts = shared_loop().run(compose_all())
        rounds.append(perf_counter() - started)
    times = f"median {median(rounds):.3f} s, first {rounds[0]:.3f} s"
    print(f"ten at once, model of 500 ms     {times}; {_by_the_model(drafts)}")


def _by_the_model(drafts: list[Draft]) -> str:
    return f"{sum(draft.provenance.engine == 'model' for draft in drafts)} of {len(drafts)} by the model"


@contextmanager
def _model(delay_ms: float) -> Generator[None]:
    """Run the scripted model server and lead LiteLLM to it."""
    command = [sys.executable, "-m", "tests.support.model_server", "--port", "0", "--delay-ms", str(delay_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        os.environ["OPENAI_BASE_URL"] = (server.stdout.readline() if server.stdout else "").strip().partition("=")[2]
        try:
            yield
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
