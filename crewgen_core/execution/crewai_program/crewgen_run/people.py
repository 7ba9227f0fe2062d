"""People: what a task marked ``human_input`` asks them, and what CrewAI gets from them, instead of the terminal."""

from threading import Lock
from time import monotonic
from typing import Any

from crewgen_run.line import Job, Line


class People:
    """Asks one question at a time and waits for its answer, however long."""

    def __init__(self, line: Line, job: Job) -> None:
        """Ask over this line."""
        self._line = line
        self._dry = job["dry"]
        self._turn = Lock()
        self._waited = 0.0
        self._since: float | None = None

    def waited(self) -> float:
        """Return the seconds that were waited until now."""
        since = self._since
        return self._waited + (monotonic() - since if since is not None else 0.0)

    def take_over(self, place: Any) -> None:
        """Take the place of CrewAI's provider, which asks on the terminal."""
        from crewai.agents import agent_executor
        from crewai.core.providers.human_input import SyncHumanInputProvider, set_provider

        people = self

        class Provider(SyncHumanInputProvider):
            """Takes the answer from whoever supervises the run."""

            def handle_feedback(self, formatted_answer: Any, context: Any) -> Any:
                answer = formatted_answer
                while context.ask_for_human_input:
                    task, agent = place.task_of(context.task), place.agent_of(context.agent)
                    wish = people.ask(task, agent, self._get_output_string(answer))
                    if not wish.strip():
                        context.ask_for_human_input = False
                        break
                    context.messages.append(context._format_feedback_message(wish))
                    answer = context._invoke_loop()
                return answer

        provider = Provider()
        set_provider(provider)
        agent_executor.get_provider = lambda: provider  # also for threads that got no context

    def ask(self, task: str | None, agent: str | None, draft: str) -> str:
        """Return what a person says to a draft; "" accepts it. A dry run accepts everything."""
        if self._dry:
            self._line.tell("not_asked", task=task, agent=agent)
            return ""
        with self._turn:
            self._since = monotonic()
            self._line.tell("question", task=task, agent=agent, draft=draft)
            answer = self._line.answers.get()
            self._waited += monotonic() - self._since
            self._since = None
            return answer
