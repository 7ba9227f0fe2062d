import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.tokens import (
    count_calls,
    count_coworker,
    count_manager,
    count_prompt,
    count_run,
    count_text,
    count_worker,
)
from crewgen_core.estimation.work import Work, read_crew
from crewgen_core.models.crew import Agent, Crew, Task
from tests.support.estimation import make_profile


def work(catalog: Catalog, agent: dict[str, object] | None = None, **task: object) -> Work:
    crew = Crew(
        agents=(Agent(key="a", role="x" * 40, **(agent or {})), Agent(key="b", role="B")),
        tasks=(Task(key="t", name="T", agent="a", **task),),
    )
    return read_crew(crew, {"m": make_profile("m", hidden_tokens=10)}, catalog, "m")[0]


def test_four_characters_are_a_token_and_so_is_one_of_chinese(constants: Constants) -> None:
    assert count_text("x" * 400, constants) == 100
    assert count_text("分析报告", constants) == 4
    assert count_text("", constants) == 0


def test_context_brings_its_own_words(constants: Constants) -> None:
    alone, after = (count_prompt(50, 90, 0, context, constants) for context in (0, 1_000))
    assert alone == 17 + 7 + 31 + 50 + 90
    assert after == alone + 15 + 1_000


def test_every_turn_sends_everything_again(constants: Constants) -> None:
    use = count_run(100, 3, 745, 900, 10, constants)
    assert use.tokens_in == 100 + (100 + 745) + (100 + 2 * 745)
    assert use.tokens_out == 2 * 250 + 900 + 3 * 10


def test_an_agent_without_tools_answers_in_one_call(catalog: Catalog, constants: Constants) -> None:
    assert count_calls(work(catalog, human_minutes=500), constants) == 1


def test_calls_grow_with_the_root_of_the_work_up_to_max_iter(catalog: Catalog, constants: Constants) -> None:
    tools = ("web_search",)
    assert count_calls(work(catalog, tools=tools, human_minutes=60), constants) == 12
    assert count_calls(work(catalog, tools=tools, human_minutes=15), constants) == 6
    assert count_calls(work(catalog, tools=tools, human_minutes=0), constants) == 2
    assert count_calls(work(catalog, {"max_iter": 5}, tools=tools, human_minutes=600), constants) == 5


def test_delegation_and_a_persons_review_are_further_calls(catalog: Catalog, constants: Constants) -> None:
    assert count_calls(work(catalog, {"allow_delegation": True}), constants) == 2
    assert count_calls(work(catalog, human_input=True), constants) == 2


def test_the_worker_reads_its_persona_task_tools_and_context(catalog: Catalog, constants: Constants) -> None:
    use = count_worker(work(catalog, description="y" * 80), 1_500, constants)
    assert use.prompt == 17 + 7 + 31 + 10 + 20 + 15 + 1_500
    assert (use.tokens_in, use.tokens_out) == (use.prompt, 1_800 + 10)


def test_a_coworker_reads_what_the_manager_tells_it_each_time(catalog: Catalog, constants: Constants) -> None:
    use = count_coworker(work(catalog, description="y" * 80), 2, constants)
    assert use.prompt == 17 + 7 + 31 + 10 + 15 + 250
    assert (use.tokens_in, use.tokens_out) == (2 * use.prompt, 2 * (1_800 + 10))


def test_a_manager_hands_out_reads_the_result_and_answers(catalog: Catalog, constants: Constants) -> None:
    use = count_manager(None, work(catalog), make_profile("m"), 0, 1, constants)
    assert use.calls == 2
    assert use.prompt == 17 + 7 + 31 + 96 + 365
    assert use.tokens_in == pytest.approx(2 * use.prompt + 250 + 1_800)
    assert use.tokens_out == 250 + 1_800
