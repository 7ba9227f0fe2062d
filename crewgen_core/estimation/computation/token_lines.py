"""Tokens, worked out: the first prompt, the calls, and what they read and write."""

from collections.abc import Iterator, Sequence

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.computation.writing import line, number, repeated, total
from crewgen_core.estimation.shares import Effort, Share
from crewgen_core.estimation.success import success_before_review
from crewgen_core.estimation.tokens import CALLS_PER_DELEGATION, LEAST_TOOL_CALLS, count_persona, count_task, most_calls
from crewgen_core.estimation.work import Work
from crewgen_core.models.computation import Line
from crewgen_core.models.crew import Crew


def work_out_tokens(
    crew: Crew, share: Share, shares: Sequence[Share], difficulty: float, constants: Constants
) -> Iterator[Line]:
    """Return the lines of one task: its agent's tokens, and its manager's."""
    work = share.work
    context = [constants.output[shares[at].work.activity].value for at in work.sources]
    told = share.manager is not None
    yield _prompt_line(work, [] if told else context, share.worker.use.prompt, constants, told=told)
    yield _calls_line(work, share.worker.use.calls, constants)
    if work.may_come_back:
        chance = success_before_review(work, difficulty, constants)
        alarm, detection = number(constants.review.false_alarm.value), number(constants.review.detection.value)
        formula = f"1 + {alarm} × {number(chance)} + {detection} × (1 − {number(chance)})"
        why = "sent back by false alarm, or because a wrong result is detected"
        yield line("Runs", formula, share.worker.use.runs, "", why)
    yield from _volumes(share.worker, constants.prompt.tool_turn_output.value, "")
    if share.manager is not None:
        yield _manager_prompt_line(crew, work, context, share.manager.use.prompt, constants)
        yield line("Calls of the manager", f"1 + {number(share.worker.use.runs)}", share.manager.use.calls)
        yield from _volumes(share.manager, constants.prompt.tool_turn_output.value, " by the manager")
    uses = [effort.use for effort in (share.worker, share.manager) if effort]
    parts = [tokens for use in uses for tokens in (use.tokens_in, use.tokens_out)]
    yield line("Tokens of this task", total(parts), share.tokens, "tokens")


def work_out_crew_tokens(shares: Sequence[Share]) -> Iterator[Line]:
    """Return the sum over all tasks."""
    parts = [share.tokens for share in shares]
    yield line("Tokens of the crew, typical", total(parts), sum(parts), "tokens", "tasks in their order")


def _prompt_line(work: Work, context: Sequence[float], prompt: float, constants: Constants, *, told: bool) -> Line:
    slices = constants.prompt
    persona = count_persona(work.agent, constants) if work.agent else 0.0
    parts = [
        (number(slices.role_playing.value), "CrewAI's words around the role"),
        (number(slices.task.value), "around the task"),
        (number(slices.expected_output.value), "around the expected output"),
        (number(persona), "persona"),
    ]
    if told:
        words = f"{number(slices.context.value)} + {number(slices.tool_turn_output.value)}"
        parts.append((words, "what the manager tells it of task and results"))
    else:
        parts.append((number(count_task(work.task, constants)), "task"))
    if work.tools:
        parts.append((f"{len(work.tools)} × {number(slices.tool_schema.value)}", "tools"))
    if work.may_delegate:
        parts.append((number(slices.delegation_schemas.value), "delegation tools"))
    if context:
        parts.append((f"{number(slices.context.value)} + {total(context)}", "results of the tasks it works from"))
    return line("First prompt", " + ".join(it for it, _ in parts), prompt, "tokens", ", ".join(it for _, it in parts))


def _manager_prompt_line(crew: Crew, work: Work, context: Sequence[float], prompt: float, constants: Constants) -> Line:
    slices = constants.prompt
    persona = count_persona(crew.manager, constants) if crew.manager else slices.manager_persona.value
    own = (slices.role_playing.value, slices.task.value, slices.expected_output.value)
    parts = [*own, persona, count_task(work.task, constants), slices.delegation_schemas.value]
    parts += [slices.context.value, *context] if context else []
    why = "CrewAI's words, persona, task, delegation tools, results of the tasks it works from"
    return line("First prompt of the manager", total(parts), prompt, "tokens", why)


def _calls_line(work: Work, calls: float, constants: Constants) -> Line:
    formula, why = "1", ["one answer"]
    if work.tools:
        hourly = number(constants.calls[work.activity].value)
        formula = f"max({number(LEAST_TOOL_CALLS)}, {hourly} × √({number(work.task.human_minutes)} / 60))"
        why = [f"with tools: calls for an hour to {work.activity} × root of the hours"]
    if work.may_delegate:
        formula += f" + {CALLS_PER_DELEGATION} × {number(constants.team.delegations.value)}"
        why.append("questions to coworkers")
    formula = f"min({number(most_calls(work))}, {formula})"
    why.append("at most max_iter")
    if work.task.human_input:
        formula += " + 1"
        why.append("an answer to the person's review")
    return line("Calls", formula, calls, "", ", ".join(why))


def _volumes(effort: Effort, turn_output: float, by: str) -> Iterator[Line]:
    use = effort.use
    calls, growth = number(use.calls), number(use.growth)
    formula = repeated(use.runs, f"{calls} × {number(use.prompt)} + {growth} × {calls} × ({calls} − 1) / 2")
    why = "every call sends the first prompt again, and what each turn added"
    yield line(f"Read{by}", formula, use.tokens_in, "tokens", why)
    result = use.visible_out - (use.calls - 1) * turn_output
    thinking = f" + {number(use.hidden_out)}" if use.hidden_out else ""
    formula = repeated(use.runs, f"({calls} − 1) × {number(turn_output)} + {number(result)}{thinking}")
    why = "turns with a tool, the result" + (", hidden thinking of all calls" if thinking else "")
    yield line(f"Written{by}", formula, use.tokens_out, "tokens", why)
