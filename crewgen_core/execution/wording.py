"""What happens in a run, in words that people read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crewgen_core.models.run import EventKind
from crewgen_core.numbers import format_count

DELEGATES = "delegate_work_to_coworker"
ASKS = "ask_question_to_coworker"
STAND_IN = "dry-run"
"""How the stand-in for models in dry runs names itself."""

LONGEST_REASON = 600


@dataclass(frozen=True)
class Names:
    """How people call the parts of a crew, by key."""

    tasks: Mapping[str, str]
    agents: Mapping[str, str]

    def task(self, event: Mapping[str, Any]) -> str:
        """Return what the task of an event is called."""
        return f"“{self.tasks.get(event.get('task') or '', 'a task')}”"

    def agent(self, event: Mapping[str, Any]) -> str:
        """Return what the agent of an event is called."""
        return self.agents.get(event.get("agent") or "", "An agent")


def word_event(event: Mapping[str, Any], names: Names) -> tuple[EventKind, str] | None:
    """Return kind and words of an event; None for one that people need not read."""
    who, task = names.agent(event), names.task(event)
    match event["kind"]:
        case "loaded":
            return "run", "CrewAI has loaded the crew."
        case "task_started":
            return "task", f"{task} begins."
        case "task_completed":
            return "task", f"{task} is done."
        case "agent_started":
            return "agent", f"{who} works on {'what was delegated of ' if event['delegated'] else ''}{task}."
        case "agent_failed":
            return "problem", f"{who} failed at {task}: {event['error']}"
        case "tool_started" | "tool_finished" | "tool_failed":
            return _word_tool(event, who)
        case "call":
            return "model", _word_call(event, who)
        case "call_failed":
            return "problem", f"{event['model'] or 'The model'} gave {who} no answer: {event['error']}"
        case "question":
            return "question", f"{task} waits for a person to read its result."
        case "not_asked":
            return "question", f"{task} asks for a person here; a dry run goes on by itself."
        case _:
            return None


def _word_tool(event: Mapping[str, Any], who: str) -> tuple[EventKind, str]:
    tool = str(event["tool"])
    key = tool.lower().replace(" ", "_")
    if event["kind"] == "tool_failed":
        return "problem", f"{tool} failed: {event['error']}"
    if event["kind"] == "tool_finished":
        source = {DELEGATES: "The delegated work", ASKS: "The answer"}.get(key, tool)
        return "tool", f"{source} came back to {who}: {event['output']}"
    if key in (DELEGATES, ASKS):
        coworker, what = _read_delegation(str(event["input"]))
        verb = "delegates to" if key == DELEGATES else "asks"
        return "tool", f"{who} {verb} {coworker}: {what}"
    return "tool", f"{who} uses {tool}: {event['input']}"


def _read_delegation(text: str) -> tuple[str, str]:
    try:
        request = json.loads(text)
        return str(request["coworker"]), str(request.get("task") or request.get("question") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "somebody", text


def _word_call(event: Mapping[str, Any], who: str) -> str:
    if event["model"] == STAND_IN:
        return f"The stand-in answered {who}."
    if not event["known"]:
        return f"{event['model']} answered {who}, and did not say how many tokens it took."
    taken = format_count(event["tokens_in"], "token")
    return f"{event['model']} answered {who}: {taken} in, {event['tokens_out']:,} out."


_CAUSES = (
    (
        ("connection error", "connect call failed", "connection refused", "apiconnectionerror", "failed to connect"),
        "The server of the model could not be reached.",
    ),
    (("401", "incorrect api key", "authentication", "api key not valid"), "The model's provider refused the key."),
    (("429", "rate limit", "quota"), "The model's provider takes no more calls now (rate limit or quota)."),
    (("404", "model_not_found", "does not exist"), "The model's provider does not know the model."),
    (("timed out", "timeout"), "The model did not answer in time."),
    (("none or empty",), "The model gave an empty answer."),
)
"""What errors of models mean, by what stands in them (OpenAI, Anthropic and LiteLLM word them so)."""


def explain_failure(error: str, task: str | None) -> str:
    """Return why a run failed: what it means where that is known, and what CrewAI said."""
    said = " ".join(error.split())
    said = said if len(said) <= LONGEST_REASON else said[: LONGEST_REASON - 1] + "…"
    meaning = next((cause for marks, cause in _CAUSES if any(mark in said.lower() for mark in marks)), "")
    where = f"It failed at “{task}”." if task else "It failed."
    return " ".join(filter(None, (where, meaning, f"CrewAI says: {said}")))


def word_answer(text: str, task: str) -> str:
    """Return what a person said to the result of a task."""
    return f"A person asked for a change of “{task}”: {text}" if text else f"A person accepted the result of “{task}”."
