"""Whatever a model does, a request ends in a sound crew that says truly where it is from: over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.settings import Settings
from tests.support.faults import FAULTS, NOWHERE, SERVER_DOWN, Outcome, try_fault
from tests.support.model_server import SPOKEN_FAULTS, TRANSPORT_FAULTS, ModelServer

SHORT_S = 0.5
"""Deadline for a model that hangs; all others have time enough on a busy machine."""

NO_CREW = {*TRANSPORT_FAULTS, SERVER_DOWN, *(f"answer: {name}" for name in SPOKEN_FAULTS)}
"""Faults of which no crew can be made."""

HEARD_AGAIN = {"429 now", "no choices", *(f"answer: {name}" for name in SPOKEN_FAULTS)}
"""Faults after which the same request asks again."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def patient(folder: Path) -> Iterator[Crewgen]:
    yield from _open(folder, 30)


@pytest.fixture(scope="module")
def hasty(folder: Path) -> Iterator[Crewgen]:
    yield from _open(folder, SHORT_S)


def _open(folder: Path, deadline_s: float) -> Iterator[Crewgen]:
    url = f"sqlite:///{folder / 'crewgen.db'}"
    crewgen = Crewgen(Settings(database_url=url, log_level="ERROR", model_deadline_seconds=deadline_s), environment={})
    yield crewgen
    crewgen.database.close()


@pytest.fixture
def meet(patient: Crewgen, hasty: Crewgen, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch):
    """Return how to generate a crew in spite of a fault."""

    def meet_fault(fault: str, once: bool) -> Outcome:
        if fault == SERVER_DOWN:
            monkeypatch.setenv("OPENAI_BASE_URL", NOWHERE)
        return try_fault(hasty if fault == "hang" else patient, model_server, fault, once=once)

    return meet_fault


@pytest.mark.parametrize("fault", FAULTS)
def test_a_model_that_always_fails_leaves_a_sound_crew_and_the_truth(fault: str, meet):
    outcome = meet(fault, once=False)
    assert outcome.wrong == ()
    assert outcome.design.provenance.engine == "catalog" or fault not in NO_CREW


@pytest.mark.parametrize("fault", FAULTS)
def test_a_model_that_fails_once_leaves_a_sound_crew_and_the_truth(fault: str, meet):
    outcome = meet(fault, once=True)
    assert outcome.wrong == ()
    assert outcome.design.provenance.engine == "model" or (fault in NO_CREW and fault not in HEARD_AGAIN)
