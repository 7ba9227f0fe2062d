"""Watches CrewAI: says over the line what its events mean, and leaves tasks out whose results are kept.

CrewAI's bus hands events to handlers in threads of its own, in no order. Here each is looked at where it arises, before
the bus has it: in its order, in its context, and with nothing left to come when the crew has ended.
"""

import json
from collections.abc import Callable
from typing import Any

from crewgen_run.limits import Limits
from crewgen_run.line import Job, Line
from crewgen_run.place import Place

LONGEST = 1_500
"""Characters of a tool's input or output that are told."""

_AGAIN = """

An earlier result of this task was:

{draft}

A person read it and asks for this change:

{wish}

Give the whole result again, with that change.
"""


class Watch:
    """Sees every event of a crew."""

    def __init__(self, line: Line, job: Job, place: Place, limits: Limits) -> None:
        """Tell over this line."""
        self._line = line
        self._job = job
        self._place = place
        self._limits = limits
        self._tell_by_type: dict[str, Callable[[Any, Any], None]] = {
            "task_started": self._task_started,
            "task_completed": self._task_completed,
            "task_failed": self._task_failed,
            "agent_execution_started": self._agent_started,
            "agent_execution_error": self._agent_failed,
            "tool_usage_started": self._tool_started,
            "tool_usage_finished": self._tool_finished,
            "tool_usage_error": self._tool_failed,
            "llm_call_completed": self._call_completed,
            "llm_call_failed": self._call_failed,
        }

    def begin(self) -> None:
        """Look at events from now on."""
        from crewai.events.event_bus import crewai_event_bus

        emit = crewai_event_bus.emit

        def look_and_emit(source: Any, event: Any) -> Any:
            tell = self._tell_by_type.get(event.type)
            if tell is not None:
                tell(source, event)
            return emit(source, event)

        crewai_event_bus.emit = look_and_emit
        self._keep_results()

    def _keep_results(self) -> None:
        """Let tasks with a kept result have it without being executed; tell others what a person wants changed."""
        from crewai.task import Task
        from crewai.tasks.task_output import TaskOutput

        execute = Task._execute_core
        place, kept, redo = self._place, self._job["kept"], self._job["redo"]

        def execute_or_keep(task: Any, agent: Any, context: Any, tools: Any) -> Any:
            key = place.key_of(task)
            place.enter(key)
            if key in kept:
                task.output = TaskOutput(
                    name=task.name,
                    description=task.description,
                    expected_output=task.expected_output,
                    raw=kept[key],
                    agent=agent.role if agent else "",
                )
                return task.output
            if key in redo:
                task.description += _AGAIN.format(**redo.pop(key))
            return execute(task, agent, context, tools)

        Task._execute_core = execute_or_keep

    # --- tasks and agents -----------------------------------------------------------------------------------------

    def _task_started(self, source: Any, event: Any) -> None:
        self._line.tell("task_started", task=self._place.task_of(source), agent=self._place.agent_of(source.agent))

    def _task_completed(self, source: Any, event: Any) -> None:
        task, agent = self._place.task_of(source), self._place.agent_of(source.agent)
        self._line.tell("task_completed", task=task, agent=agent, output=event.output.raw)

    def _task_failed(self, source: Any, event: Any) -> None:
        self._line.tell("task_failed", task=self._place.task_of(source), error=event.error)

    def _agent_started(self, source: Any, event: Any) -> None:
        delegated = self._place.key_of(event.task) is None
        task, agent = self._place.task_of(event.task), self._place.agent_of(event.agent)
        self._line.tell("agent_started", task=task, agent=agent, delegated=delegated)

    def _agent_failed(self, source: Any, event: Any) -> None:
        task, agent = self._place.task_of(event.task), self._place.agent_of(event.agent)
        self._line.tell("agent_failed", task=task, agent=agent, error=event.error)

    # --- tools ----------------------------------------------------------------------------------------------------

    def _tool_started(self, source: Any, event: Any) -> None:
        self._tell_tool("tool_started", event, input=_cut(event.tool_args))

    def _tool_finished(self, source: Any, event: Any) -> None:
        failure = getattr(event, "failure", None)
        if failure is not None:
            self._tell_tool("tool_failed", event, error=_cut(failure))
        else:
            self._tell_tool("tool_finished", event, output=_cut(event.output))

    def _tool_failed(self, source: Any, event: Any) -> None:
        self._tell_tool("tool_failed", event, error=_cut(event.error))

    def _tell_tool(self, kind: str, event: Any, **fields: str) -> None:
        agent = self._place.agent_by_id(event.agent_id) or self._place.agent_of(event.agent)
        self._line.tell(kind, task=self._place.task_of(None), agent=agent, tool=event.tool_name, **fields)

    # --- models ---------------------------------------------------------------------------------------------------

    def _call_completed(self, source: Any, event: Any) -> None:
        from crewai.types.usage_metrics import UsageMetrics

        agent = self._place.agent_by_id(event.agent_id)
        model = self._place.model_of(agent, event.model or "")
        usage = UsageMetrics.from_provider_dict(event.usage) if event.usage else None
        counts = (usage.prompt_tokens, usage.cached_prompt_tokens, usage.completion_tokens) if usage else (0, 0, 0)
        self._limits.count(model, *counts)
        self._line.tell(
            "call",
            call=self._limits.end_call(),
            task=self._place.task_of(None),
            agent=agent,
            model=model,
            known=usage is not None,
            tokens_in=counts[0],
            tokens_cached=counts[1],
            tokens_out=counts[2],
        )

    def _call_failed(self, source: Any, event: Any) -> None:
        agent = self._place.agent_by_id(event.agent_id)
        model = self._place.model_of(agent, event.model or "")
        call, task = self._limits.end_call(), self._place.task_of(None)
        self._line.tell("call_failed", call=call, task=task, agent=agent, model=model, error=event.error)


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
