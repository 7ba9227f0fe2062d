"""Budget, deadline and limits of the day: looked at before each call of a model, in the thread that makes it.

The limits of the day are known to the supervisor only: it is asked, and the call waits until it may begin.
"""

from contextvars import ContextVar
from threading import Lock
from time import monotonic
from typing import Any

from crewgen_run.line import Job, Line, end_all
from crewgen_run.people import People

CHARACTERS_A_TOKEN = 4
"""Characters of a token of English, by OpenAI's rule of thumb; a character beyond ASCII counts as a token."""

TOKENS_A_TOOL = 1_000
"""More than the description of a tool takes of a prompt."""

_call: ContextVar[int | None] = ContextVar("crewgen_call", default=None)
"""Number of the call that this context was allowed to make and that has not ended."""


class Limits:
    """Knows what was spent, and ends everything before a call that would pass a limit."""

    def __init__(self, line: Line, job: Job, people: People) -> None:
        """Count from now on."""
        self._line = line
        self._job = job
        self._people = people
        self._began = monotonic()
        self._lock = Lock()
        self._spent = 0.0
        self._answers: dict[str, list[int]] = {}
        self.place: Any = None

    def enforce(self) -> None:
        """Let every call of a model be looked at first."""
        from crewai.hooks.llm_hooks import register_before_llm_call_hook

        register_before_llm_call_hook(self._look)

    def count(self, model: str, tokens_in: int, cached: int, tokens_out: int) -> None:
        """Note what a call took."""
        with self._lock:
            self._spent += self._price(model, tokens_in, cached, tokens_out)
            self._answers.setdefault(model, []).append(tokens_out)

    def end_call(self) -> int | None:
        """Return the number of the call that ends here; None for one that nobody asked for."""
        number = _call.get()
        _call.set(None)
        return number

    def _look(self, context: Any) -> None:
        seconds = self._job["seconds"]
        if seconds is not None and monotonic() - self._began - self._people.waited() > seconds:
            self._end("deadline")
        agent = self.place and self.place.agent_of(context.agent)
        self._keep_budget(self._job["models"].get(agent) or "", context)
        if self._job["asks"]:
            model = self._job["models"].get(agent) or str(getattr(context.llm, "model", ""))
            tools = getattr(context.executor, "tools", None) or []
            tokens_in = _count_bytes(context.messages) + TOKENS_A_TOOL * len(tools)
            tokens_out = _cap_answer(context.llm, self._job["longest_answer"])
            _call.set(self._line.ask_to_call(model=model, tokens_in=tokens_in, tokens_out=tokens_out))

    def _keep_budget(self, model: str, context: Any) -> None:
        budget = self._job["budget_usd"]
        if budget is None:
            return
        with self._lock:
            answers = self._answers.get(model, [])
            usual = sum(answers) // len(answers) if answers else 0
            coming = self._price(model, _count_tokens(context.messages), 0, usual)
            if self._spent + coming > budget:
                self._end("budget", spent_usd=self._spent, coming_usd=coming)

    def _price(self, model: str, tokens_in: int, cached: int, tokens_out: int) -> float:
        prices = self._job["prices"].get(model)
        if prices is None:
            return 0.0
        prompt, read, answer = prices
        return (tokens_in - cached) * prompt + cached * read + tokens_out * answer

    def _end(self, limit: str, **figures: float) -> None:
        self._line.tell("limit", limit=limit, **figures)
        end_all()


def _cap_answer(llm: Any, most: int) -> int:
    """Return how many tokens the answer of a model may have, after setting it where nobody did."""
    names = ("max_completion_tokens", "max_output_tokens", "max_tokens")
    for name in names:
        if getattr(llm, name, None):
            return int(getattr(llm, name))
    for name in names:
        if hasattr(llm, name):
            setattr(llm, name, most)
            break
    return most


def _count_bytes(messages: Any) -> int:
    """Return how many bytes a prompt has: no tokenizer makes more tokens of it."""
    return len(str(messages or "").encode("utf-8", "replace"))


def _count_tokens(messages: Any) -> int:
    """Return about how many tokens a prompt has, rather more than fewer."""
    texts = (message.get("content") for message in messages or [] if isinstance(message, dict))
    letters = "".join(text if isinstance(text, str) else str(text or "") for text in texts)
    beyond = sum(1 for letter in letters if ord(letter) > 127)
    return -(-(len(letters) - beyond) // CHARACTERS_A_TOKEN) + beyond
