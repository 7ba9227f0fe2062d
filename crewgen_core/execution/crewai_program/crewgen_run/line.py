"""The line to the supervisor: what happens goes out as JSON lines, a job and answers of people come in."""

import json
import os
import signal
import sys
from itertools import count
from queue import Queue
from threading import Event, Lock, Thread
from typing import Any

Job = dict[str, Any]
"""What is to be run:

- ``project``: path of the ZIP that Export makes
- ``tasks``: key and name of each task, in the order of execution
- ``agents``: keys of the agents in their order; ``manager``: the manager's key, or None
- ``models``: LiteLLM name of the model of each agent and of the manager, by key
- ``inputs``: values of placeholders
- ``kept``: results of tasks that are not executed again, by key
- ``redo``: draft and wish of a person for a task that is done again, by key
- ``prices``: USD of a token by model: of the prompt, read from a cache, and of the answer; None where not known
- ``budget_usd``: what may be spent from now on, or None; ``seconds``: what it may take from now on, or None
- ``environment``: variables that the crew needs beside
- ``dry``: True answers by a stand-in instead of models
- ``asks``: True asks before each call of a model and waits until it may begin
- ``longest_answer``: tokens that an answer may have then, where nobody set a limit
"""


class Line:
    """Both directions of it."""

    def __init__(self, descriptor: int) -> None:
        """Write to this file descriptor."""
        os.set_inheritable(descriptor, False)
        self._out = os.fdopen(descriptor, "w", encoding="ascii", buffering=1)
        self._lock = Lock()
        self._jobs: Queue[Job] = Queue()
        self.answers: Queue[str] = Queue()
        self._numbers = count(1)
        self._allowed: dict[int, Event] = {}

    def wait_for_job(self) -> Job:
        """Return the job: the first line that comes in."""
        return self._jobs.get()

    def listen(self) -> None:
        """Take the job and answers from now on; when the line breaks, everything ends."""
        Thread(target=self._listen, name="line", daemon=True).start()

    def tell(self, kind: str, **fields: object) -> None:
        """Say what happens."""
        text = json.dumps({"kind": kind, **fields}, ensure_ascii=True, default=str)
        try:
            with self._lock:
                self._out.write(text + "\n")
                self._out.flush()
        except OSError:
            end_all()

    def ask_to_call(self, **fields: object) -> int:
        """Ask whether a call of a model may begin, wait until it may, and return its number."""
        number, allowed = next(self._numbers), Event()
        self._allowed[number] = allowed
        self.tell("may_call", call=number, **fields)
        allowed.wait()
        return number

    def _listen(self) -> None:
        for number, text in enumerate(sys.stdin):
            message = json.loads(text)
            if number == 0:
                self._jobs.put(message)
            elif "allowed" in message:
                self._allowed.pop(message["allowed"]).set()
            else:
                self.answers.put(message["answer"])
        end_all()


def end_all() -> None:
    """End this process and everything that it or its tools started, at once: it leads a group of its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)
