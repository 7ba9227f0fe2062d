"""Budget and deadline: looked at before each call of a model, in the thread that is about to make it."""

from threading import Lock
from time import monotonic
from typing import Any

from crewgen_run.line import Job, Line, end_all
from crewgen_run.people import People

CHARACTERS_A_TOKEN = 4
"""Characters of a token of English, by OpenAI's rule of thumb; a character beyond ASCII counts as a token."""


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
        self._open: dict[int, float] = {}
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

    def _look(self, context: Any) -> None:
        seconds, budget = self._job["seconds"], self._job["budget_usd"]
        if seconds is not None and monotonic() - self._began - self._people.waited() > seconds:
            self._end("deadline")
        if budget is None:
            return
        model = self._job["models"].get(self.place and self.place.agent_of(context.agent)) or ""
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


def _count_tokens(messages: Any) -> int:
    """Return about how many tokens a prompt has, rather more than fewer."""
    texts = (message.get("content") for message in messages or [] if isinstance(message, dict))
    letters = "".join(text if isinstance(text, str) else str(text or "") for text in texts)
    beyond = sum(1 for letter in letters if ord(letter) > 127)
    return -(-(len(letters) - beyond) // CHARACTERS_A_TOKEN) + beyond
