import pytest

from crewgen_core.models.design import Provenance
from crewgen_core.models.known_model import MeasuredSpeed
from crewgen_core.storage import crews, requests, speeds
from crewgen_core.storage.database import Database
from crewgen_core.storage.speeds import measure_speeds
from tests.support.designs import make_design

MODEL = "openai/gpt-5-mini"
ANSWERED = {"engine": "model", "label": "gpt-5-mini", "model": MODEL}


def generate(database: Database, seconds: float, tokens: int, calls: int = 1, **provenance: object) -> int:
    design = make_design(
        **{**ANSWERED, "calls": calls, "tokens_out": tokens, "model_seconds": seconds, **provenance},
    )
    with database.begin() as connection:
        return requests.complete(connection, requests.create(connection, design.objective, MODEL), design).crew_id


def measure(database: Database) -> dict[str, MeasuredSpeed]:
    with database.read() as connection:
        return {speed.model: speed for speed in measure_speeds(connection, usual_wait_s=1)}


def test_nothing_is_measured_from_fewer_than_three_calls(database: Database):
    assert measure(database) == {}
    generate(database, 11, 1_000)
    generate(database, 11, 1_000)
    assert measure(database) == {}
    generate(database, 11, 1_000)
    measured = measure(database)[MODEL]
    assert (measured.calls, measured.seconds_per_call, measured.tokens_per_s) == (3, 11, 100)


def test_the_middle_call_counts_and_of_an_even_number_the_mean_of_the_middle_two(database: Database):
    for seconds in (301, 11, 6):  # 1,000 tokens after a second of waiting: 3.3, 100 and 200 a second
        generate(database, seconds, 1_000)
    assert measure(database)[MODEL].tokens_per_s == pytest.approx(100)
    generate(database, 6, 1_000)
    assert measure(database)[MODEL].tokens_per_s == pytest.approx(150)
    assert measure(database)[MODEL].seconds_per_call == pytest.approx(8.5)


def test_a_request_with_two_calls_counts_as_two_of_their_mean_length(database: Database):
    generate(database, 22, 2_000, calls=2)
    generate(database, 22, 2_000, calls=2)
    assert measure(database)[MODEL].model_copy(update={"newest": None}) == MeasuredSpeed.model_construct(
        model=MODEL, calls=4, seconds_per_call=11.0, tokens_per_s=100.0, newest=None
    )


def test_of_a_very_short_call_at_most_half_was_waiting(database: Database):
    for _ in range(3):
        generate(database, 1, 100)
    assert measure(database)[MODEL].tokens_per_s == pytest.approx(200)


def test_answers_from_earlier_requests_and_failed_models_do_not_count(database: Database):
    for _ in range(3):
        generate(database, 0, 0, calls=0, cached_from=1)
        generate(database, 30, 0)
        generate(database, 30, 500, engine="catalog", label="Built-in", fallback_reason="It took too long.")
    assert measure(database) == {}


def test_refining_with_a_model_is_measured_too(database: Database):
    crew_id = generate(database, 11, 1_000)
    design = make_design()
    maker = Provenance.model_validate({**ANSWERED, "calls": 1, "tokens_out": 1_000, "model_seconds": 11.0})
    failed = maker.fall_back("It gave no usable answer.")
    for number, provenance in enumerate((maker, maker, failed, None), start=1):
        with database.begin() as connection:
            crews.save_version(
                connection, crew_id, design.crew, design.report, design.estimate, "", number, None, provenance
            )
    assert measure(database)[MODEL].calls == 3


def test_only_the_newest_answers_of_a_model_count(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(speeds, "NEWEST_ANSWERS", 3)
    for _ in range(3):
        generate(database, 101, 1_000)
    for _ in range(3):
        generate(database, 11, 1_000)
    assert (measure(database)[MODEL].calls, measure(database)[MODEL].tokens_per_s) == (3, 100)
