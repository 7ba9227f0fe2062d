"""How many model calls and tokens a task takes, from the parts of CrewAI's own prompts.

An agent with tools calls its model several times for one task, and every call sends the whole conversation so far
again: with B tokens in the first prompt and g more after each turn, k calls read k·B + g·k(k-1)/2 tokens.
"""

import math
from dataclasses import dataclass

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.work import Work
from crewgen_core.models.crew import CREWAI_DEFAULT_MAX_ITER, Agent, Manager, Task

FIRST_WIDE_CHARACTER = "\u2e80"
"""From here on Unicode holds Chinese, Japanese and Korean script (and emoji): about one token for each character."""

LEAST_TOOL_CALLS = 2.0
"""An agent that uses a tool calls its model at least twice: to ask for the tool, and to answer."""

CALLS_PER_DELEGATION = 2
"""The agent's own turn, and the coworker's answer, which is taken to read as much."""


@dataclass(frozen=True)
class TokenUse:
    """Tokens of one agent on one task; counts are expectations, so they need not be whole."""

    calls: float
    prompt: float
    """Tokens of the first prompt."""
    growth: float
    """Tokens by which each turn makes the next prompt longer."""
    visible_out: float
    hidden_out: float
    """Tokens thought but not seen, billed as output."""
    runs: float = 1
    """How often the whole is done: a manager that sends work back has it done again."""

    @property
    def all_calls(self) -> float:
        """Model calls in all runs."""
        return self.runs * self.calls

    @property
    def tokens_in(self) -> float:
        """Tokens read in all runs."""
        return self.runs * (self.calls * self.prompt + self.growth * self.calls * (self.calls - 1) / 2)

    @property
    def tokens_out(self) -> float:
        """Tokens written in all runs, hidden ones included."""
        return self.runs * (self.visible_out + self.hidden_out)


def count_text(text: str, constants: Constants) -> float:
    """Return the tokens of a text: one for four characters, one for each character of an East Asian script."""
    per_token = constants.prompt.characters_per_token.value
    if text.isascii():
        return len(text) / per_token
    wide = sum(character >= FIRST_WIDE_CHARACTER for character in text)
    return wide + (len(text) - wide) / per_token


def count_prompt(persona: float, task: float, schemas: float, context: float, constants: Constants) -> float:
    """Return the tokens of an agent's first prompt on a task, CrewAI's own words included."""
    slices = constants.prompt
    own_words = slices.role_playing.value + slices.task.value + slices.expected_output.value
    return own_words + persona + task + schemas + (slices.context.value + context if context else 0)


def count_run(
    prompt: float, calls: float, growth: float, final_output: float, hidden_tokens: float, constants: Constants
) -> TokenUse:
    """Return the tokens of one run: ``calls`` calls, all but the last a turn that makes the prompt longer."""
    turn_output = constants.prompt.tool_turn_output.value
    return TokenUse(
        calls=calls,
        prompt=prompt,
        growth=growth,
        visible_out=(calls - 1) * turn_output + final_output,
        hidden_out=calls * hidden_tokens,
    )


def count_calls(work: Work, constants: Constants) -> float:
    """Return how many calls the agent needs: one without tools, else by kind of work and the root of its length.

    The count given for an hour of human work is scaled by the square root of the hours [assumption], and ends where
    the agent's ``max_iter`` does. Asking a coworker and answering a person's review are further calls.
    """
    calls = 1.0
    if work.tools:
        calls = max(LEAST_TOOL_CALLS, constants.calls[work.activity].value * math.sqrt(work.task.human_minutes / 60))
    if work.may_delegate:
        calls += CALLS_PER_DELEGATION * constants.team.delegations.value
    calls = min(calls, most_calls(work))
    return calls + (1 if work.task.human_input else 0)


def most_calls(work: Work) -> int:
    """Return the most calls that CrewAI lets the task's agent make."""
    return work.agent.max_iter if work.agent else CREWAI_DEFAULT_MAX_ITER


def count_worker(work: Work, context: float, constants: Constants) -> TokenUse:
    """Return what the agent of a task uses for it; ``context`` are the tokens of the results it works from."""
    return _count_agent(work, count_task(work.task, constants), context, 1, constants)


def count_coworker(work: Work, runs: float, constants: Constants) -> TokenUse:
    """Return what an agent uses that a manager hands the task to, ``runs`` times.

    It is told what the manager writes, task and context in one (``DelegateWorkTool``), and sees neither the task nor
    the results that it builds on.
    """
    return _count_agent(work, 0.0, constants.prompt.tool_turn_output.value, runs, constants)


def _count_agent(work: Work, task: float, context: float, runs: float, constants: Constants) -> TokenUse:
    slices = constants.prompt
    schemas = len(work.tools) * slices.tool_schema.value + work.may_delegate * slices.delegation_schemas.value
    persona = count_persona(work.agent, constants) if work.agent else 0.0
    use = count_run(
        count_prompt(persona, task, schemas, context, constants),
        count_calls(work, constants),
        slices.tool_call.value + slices.tool_result.value,
        constants.output[work.activity].value,
        work.profile.hidden_tokens,
        constants,
    )
    return TokenUse(use.calls, use.prompt, use.growth, use.visible_out, use.hidden_out, runs)


def count_manager(
    manager: Manager | None, work: Work, profile: ModelProfile, context: float, runs: float, constants: Constants
) -> TokenUse:
    """Return what the manager of a hierarchical crew uses for a task: it hands it out ``runs`` times, then answers."""
    slices = constants.prompt
    persona = count_persona(manager, constants) if manager else slices.manager_persona.value
    prompt = count_prompt(
        persona, count_task(work.task, constants), slices.delegation_schemas.value, context, constants
    )
    result = constants.output[work.activity].value
    growth = slices.tool_turn_output.value + result  # what it handed over, and what came back
    return count_run(prompt, 1 + runs, growth, result, profile.hidden_tokens, constants)


def count_persona(agent: Agent | Manager, constants: Constants) -> float:
    """Return the tokens of role, goal and backstory."""
    return sum(count_text(text, constants) for text in (agent.role, agent.goal, agent.backstory))


def count_task(task: Task, constants: Constants) -> float:
    """Return the tokens of description and expected output."""
    return count_text(task.description, constants) + count_text(task.expected_output, constants)
