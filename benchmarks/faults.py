"""What becomes of a request when the model fails: every fault, always and once, as a Markdown table.

Run ``python -m benchmarks.faults``. The model is the scripted server of the tests, asked over real HTTP. Exits with 1
when a request does not end in a sound crew, or its provenance does not say the truth.
"""

import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tables.measured import note
from crewgen_core.app import Crewgen
from crewgen_core.llm.door import open_litellm
from crewgen_core.logs import configure_logs
from crewgen_core.settings import Settings
from tests.support.faults import FAULTS, NOWHERE, SERVER_DOWN, Outcome, try_fault
from tests.support.model_server import ModelServer

USUAL = "answer: fenced"
"""A good answer in a usual form: what is noted about it has nothing to do with a fault."""

DEADLINE_S, HANG_DEADLINE_S = 30.0, 0.5
LONGEST_CELL = 160


def main() -> int:
    """Print the table and what it comes to; return 1 when a request ended badly."""
    open_litellm()
    configure_logs("ERROR", "text")
    os.environ["OPENAI_API_KEY"] = "sk-benchmark"
    with TemporaryDirectory() as folder, ModelServer() as server:
        tried = list(_try_all(Path(folder), server))
    usual = next(always for fault, always, _ in tried if fault == USUAL).design.provenance.notes
    print("| Fault | Always: valid crew | by | questions | what provenance says | Once: valid crew | by | questions |")
    print("|---|---|---|---|---|---|---|---|")
    for fault, always, once in tried:
        cells = (fault, *_cells(always), _say(always, usual), *_cells(once))
        print(f"| {' | '.join(_plain(cell) for cell in cells)} |")
    outcomes = [outcome for _, *both in tried for outcome in both]
    sound = sum(not outcome.wrong for outcome in outcomes)
    note("Model faults that end in a sound crew and the truth", 100 * sound / len(outcomes), "%", 100, at_least=True)
    by_model = sum(outcome.design.provenance.engine == "model" for outcome in outcomes)
    print(
        f"\n{sound} of {len(outcomes)} requests ({sound / len(outcomes):.0%}) ended in a valid crew that is no worse "
        f"than the built-in one, with a provenance that says the truth; {by_model} of them in the model's."
    )
    return 0 if sound == len(outcomes) else 1


def _try_all(folder: Path, server: ModelServer) -> Iterator[tuple[str, Outcome, Outcome]]:
    patient, hasty = _open(folder, DEADLINE_S), _open(folder, HANG_DEADLINE_S)
    for fault in FAULTS:
        os.environ["OPENAI_BASE_URL"] = NOWHERE if fault == SERVER_DOWN else server.url
        crewgen = hasty if fault == "hang" else patient
        yield fault, try_fault(crewgen, server, fault, once=False), try_fault(crewgen, server, fault, once=True)
    for crewgen in (patient, hasty):
        crewgen.database.close()


def _open(folder: Path, deadline_s: float) -> Crewgen:
    url = f"sqlite:///{folder / 'crewgen.db'}"
    return Crewgen(Settings(database_url=url, log_level="ERROR", model_deadline_seconds=deadline_s), environment={})


def _cells(outcome: Outcome) -> tuple[str, str, str]:
    made = outcome.design.provenance
    return "; ".join(outcome.wrong).upper() or "yes", made.label, str(made.calls)


def _say(outcome: Outcome, usual: Collection[str]) -> str:
    """Return the reason, or the notes that a good answer does not get."""
    made = outcome.design.provenance
    said = made.fallback_reason or " ".join(note for note in made.notes if note not in usual)
    return said if len(said) <= LONGEST_CELL else said[: LONGEST_CELL - 1].rsplit(" ", 1)[0] + " …"


def _plain(text: str) -> str:
    """Return the text fit for a cell of a table, where HTML and lines mean nothing."""
    return " ".join(text.replace("|", "/").replace("<", "&lt;").split())


if __name__ == "__main__":
    sys.exit(main())
