"""A model that acts: it uses the tools it is given as often as it is told to, hands work on, and answers at a length.

A script for ``ModelServer``. What a model would decide is decided here, by the figures that the estimate assumes, so
that what remains between an estimate and a run is how CrewAI really builds its prompts. Tokens are counted, not
invented: of each request as it came, with LiteLLM's tokenizer (cl100k).
"""

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.model_server import Reply

DELEGATE, ASK = "delegate_work_to_coworker", "ask_question_to_coworker"

WORDS = (
    "the market grows slowly while every supplier raises prices and customers compare offers before they sign so we "
    "rank options by cost effort and risk and state what remains unknown for each of them with its source"
).split()
"""Plain English words, about one token each."""

LINES = 46
"""Lines of the file that one call of the tool reads."""

LINE = "The market grows by four percent a year in this region and suppliers follow.\n"
"""A line of that file, 15 tokens: a call gives about 700, as the estimate assumes."""


@dataclass(frozen=True)
class Habit:
    """How a task is worked on."""

    mark: str
    """A text that only the prompts of this task hold."""
    turns: float
    """Turns with a tool before its agent answers; the expected number."""
    answer_tokens: float
    """Tokens of its result."""
    hand_outs: float = 0
    """How often a manager hands it out; the expected number. 0 without a manager."""


class ActingModel:
    """Answers requests of CrewAI."""

    def __init__(
        self, habits: Sequence[Habit], *, manager: str, hidden_tokens: float, turn_tokens: float, file: str, seed: int
    ) -> None:
        """``manager`` is its role ("": none); each call of a tool has ``turn_tokens`` and reads ``file``."""
        self.usage = Counter[str]()
        """Tokens in and out and calls, over all requests."""
        self._habits = habits
        self._manager = manager
        self._hidden = hidden_tokens
        self._turn = turn_tokens
        self._file = file
        self._random = random.Random(seed)
        self._planned: dict[tuple[str, bool], int] = {}

    def __call__(self, body: dict[str, Any]) -> Reply:
        """Return what the model says to one request."""
        messages: list[dict[str, Any]] = body["messages"]
        tools: dict[str, str] = {
            tool["function"]["name"]: tool["function"]["description"] for tool in body.get("tools") or ()
        }
        manages = bool(self._manager) and f"You are {self._manager}." in str(messages[0]["content"])
        habit = self._find_habit(str(messages[:2]))
        done = sum(message["role"] == "tool" for message in messages)
        if not done:
            self._planned[habit.mark, manages] = self._draw(habit.hand_outs if manages else habit.turns)
        if tools and done < self._planned[habit.mark, manages]:
            return self._reply(body, None, _choose(tools, manages, habit, self._file, self._turn, done + 1))
        return self._reply(body, _write(habit.answer_tokens * self._random.lognormvariate(0, 0.35)), None)

    def _find_habit(self, prompt: str) -> Habit:
        plain = " ".join(re.findall(r"\w+", prompt))
        return next((habit for habit in self._habits if " ".join(re.findall(r"\w+", habit.mark)) in plain), OTHER)

    def _draw(self, expected: float) -> int:
        whole = int(expected)
        return whole + (self._random.random() < expected - whole)

    def _reply(self, body: dict[str, Any], text: str | None, call: dict[str, Any] | None) -> Reply:
        from litellm import token_counter

        message: dict[str, Any] = {"role": "assistant", "content": text}
        if call:
            message["content"] = _write(self._turn - token_counter("gpt-4", text=json.dumps(call)))
            function = {"name": call["name"], "arguments": json.dumps(call["arguments"])}
            message["tool_calls"] = [{"id": f"call_{self.usage['calls']}", "type": "function", "function": function}]
        read = token_counter("gpt-4", messages=body["messages"], tools=body.get("tools"))
        written = token_counter("gpt-4", text=message["content"] + (json.dumps(call) if call else ""))
        written = round(written + self._hidden)
        self.usage.update(calls=1, tokens_in=read, tokens_out=written)
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if call else "stop"}
        usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        whole = {"id": "acting", "object": "chat.completion", "created": 1, "model": body["model"]}
        return Reply(body=json.dumps({**whole, "choices": [choice], "usage": usage}))


OTHER = Habit("", 0, 900)


def _choose(tools: dict[str, str], manages: bool, habit: Habit, file: str, tokens: float, turn: int) -> dict[str, Any]:
    """Return the call of the first tool of its own; of one to hand work on where it has none, or manages.

    The same call again and again would be stopped by CrewAI as no progress, so each begins to read a line further.
    """
    own = [name for name in tools if name not in (DELEGATE, ASK)]
    if own and not manages:
        return {"name": own[0], "arguments": {"file_path": file, "start_line": turn, "line_count": LINES}}
    coworkers = re.search(r"coworkers: (.*)", tools[DELEGATE])
    coworker = coworkers[1].split(",")[0].strip() if coworkers else ""
    work = {"task": habit.mark, "context": _write(max(1, tokens - len(habit.mark) / 5)), "coworker": coworker}
    return {"name": DELEGATE, "arguments": work}


def _write(tokens: float) -> str:
    return " ".join(WORDS[at % len(WORDS)] for at in range(max(1, round(tokens))))
