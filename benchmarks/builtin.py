"""Prints the CPU time that designing a crew without a model takes: median and 95th percentile over objectives.txt.

Run from the project's folder: ``python -m benchmarks.builtin``. Every part is timed on its own; what is read once per
process (catalog, phrase indexes, model facts, prices) is read before.
"""

import statistics
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from benchmarks.tables.measured import note
from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.errors import UnusableObjective
from crewgen_core.estimation.estimate import estimate
from crewgen_core.estimation.models import ModelProfile, profiles_for
from crewgen_core.llm.prices import price_of
from crewgen_core.models.objective import Objective
from crewgen_core.validation.validate import validate

OBJECTIVES = Path(__file__).parent / "objectives.txt"
MODEL = "openai/gpt-5.6-luna"

Times = dict[str, list[float]]
"""Milliseconds of each objective, by part."""


def time_design(text: str, profiles: dict[str, ModelProfile], times: Times) -> None:
    """Design a crew for the text and note the milliseconds of each part and of the whole."""
    catalog = load_catalog()
    marks = [time.process_time()]
    analysis = analyze(Objective(text=text), catalog)
    marks.append(time.process_time())
    crew = CatalogComposer(catalog).build(analysis)
    marks.append(time.process_time())
    validate(crew, catalog, analysis)
    marks.append(time.process_time())
    estimate(crew, profiles, catalog, default_model=MODEL, domain=analysis.domain)
    marks.append(time.process_time())
    for part, (begin, end) in zip(("analyze", "compose", "validate", "estimate"), pairwise(marks), strict=True):
        times[part].append((end - begin) * 1_000)
    times["all"].append((marks[-1] - marks[0]) * 1_000)


def time_all(texts: list[str]) -> Times:
    """Return the times of all objectives that can be planned from."""
    profiles = profiles_for([MODEL], load_model_facts(), price_of)
    times: Times = defaultdict(list)
    for text in texts:
        try:
            time_design(text, profiles, times)
        except UnusableObjective as error:
            print(f"left out: {text!r} ({error})")
    return times


def main() -> None:
    """Print one line for each part, for objectives seen for the first time."""
    texts = OBJECTIVES.read_text(encoding="utf-8").splitlines()
    started = time.perf_counter()
    time_all(texts[:1])
    print(f"first objective, with everything that is read once: {(time.perf_counter() - started) * 1_000:.0f} ms")
    times = time_all(texts[1:])
    print(f"{'part':<10}{'median ms':>10}{'p95 ms':>10}{'slowest ms':>12}")
    note("A built-in crew: CPU, median", statistics.median(times["all"]), "ms", 20)
    note("A built-in crew: CPU, 95th percentile", statistics.quantiles(times["all"], n=20)[-1], "ms", 50)
    for part, took in times.items():
        p95 = statistics.quantiles(took, n=20)[-1]
        print(f"{part:<10}{statistics.median(took):>10.2f}{p95:>10.2f}{max(took):>12.2f}")


if __name__ == "__main__":
    main()
