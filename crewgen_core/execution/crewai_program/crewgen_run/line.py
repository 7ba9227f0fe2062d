"""The line to the supervisor: what happens goes out as JSON lines, a job and answers of people come in."""

import json
import os
import signal
import sys
from queue import Queue
from threading import Lock, Thread
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

    def _listen(self) -> None:
        for number, text in enumerate(sys.stdin):
            if number == 0:
                self._jobs.put(json.loads(text))
            else:
                self.answers.put(json.loads(text)["answer"])
        end_all()


def end_all() -> None:
    """End this process and everything that it or its tools started, at once: it leads a group of its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)
