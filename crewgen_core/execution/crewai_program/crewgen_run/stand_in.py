"""The stand-in for models in a dry run: answers at once, in the form that CrewAI expects, and reaches nobody."""

import json
import re
from typing import Any

from crewai.events.types.llm_events import LLMCallType
from crewai.llms.base_llm import BaseLLM, llm_call_context
from pydantic import PrivateAttr

from crewgen_run.place import Place

NAME = "dry-run"
DELEGATE = "delegate_work_to_coworker"
_OBSERVED = "Observation:"


class StandIn(BaseLLM):
    """Gives the result of a task in a sentence; as a manager it first delegates the task, once."""

    _role: str = PrivateAttr(default="")
    _place: Any = PrivateAttr(default=None)
    _workers: list[tuple[str, str]] = PrivateAttr(default_factory=list)
    """Role and goal of those that it may delegate to; empty for anybody but a manager."""

    def call(
        self,
        messages: Any,
        tools: Any = None,
        callbacks: Any = None,
        available_functions: Any = None,
        from_task: Any = None,
        from_agent: Any = None,
        response_model: Any = None,
    ) -> str:
        """Answer."""
        with llm_call_context():
            self._emit_call_started_event(messages, from_task=from_task, from_agent=from_agent)
            answer = self._answer(_read(messages), from_task)
            usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
            kind = LLMCallType.LLM_CALL
            self._emit_call_completed_event(answer, kind, from_task, from_agent, messages, usage)
            return answer

    async def acall(self, messages: Any, *more: Any, **options: Any) -> str:
        """Answer in an event loop."""
        return self.call(messages, *more, **options)

    def supports_function_calling(self) -> bool:
        """Tools are asked for in words."""
        return False

    def supports_stop_words(self) -> bool:
        """Nothing has to be cut off."""
        return False

    def get_context_window_size(self) -> int:
        """Nothing is too long."""
        return 10_000_000

    def _answer(self, prompt: str, task: Any) -> str:
        if self._workers and _OBSERVED not in prompt.rpartition("Current Task:")[2]:
            request = {"task": task.description, "context": task.expected_output, "coworker": self._choose(task)}
            return f"Thought: Somebody else does it.\nAction: {DELEGATE}\nAction Input: {json.dumps(request)}"
        what = f"“{task.name}”" if task and task.name else "what was delegated"
        return f"Thought: I can answer.\nFinal Answer: Dry run: {self._role} did {what} without a model."

    def _choose(self, task: Any) -> str:
        """Return the role that a task is assigned to, else the one that has most words in common with it."""
        assigned = self._place.assigned.get(self._place.task_of(task))
        if assigned:
            return assigned
        wanted = _words(f"{task.name} {task.description}")
        return max(self._workers, key=lambda worker: len(wanted & _words(" ".join(worker))))[0]


def replace_models(crew: Any, place: Place) -> None:
    """Let the stand-in answer for every agent and the manager."""
    workers = [(agent.role, agent.goal) for agent in crew.agents]
    for agent in crew.agents:
        agent.llm = _make(agent, place, [])
    if crew.manager_agent is not None:
        crew.manager_agent.llm = _make(crew.manager_agent, place, workers)


def _make(agent: Any, place: Place, workers: list[tuple[str, str]]) -> StandIn:
    made = StandIn(model=NAME)
    made._role, made._place, made._workers = agent.role, place, workers
    return made


def _read(messages: Any) -> str:
    if isinstance(messages, str):
        return messages
    return "\n".join(str(message.get("content") or "") for message in messages)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}
