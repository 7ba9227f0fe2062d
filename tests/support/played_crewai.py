"""An interpreter that stands where CrewAI's would, and plays what a run's inputs say, over the same line.

The input ``play`` is a JSON list of steps: ``{"tell": {…}}`` tells an event, ``{"listen": true}`` waits for an answer
and tells it as the result of the first task, ``{"hear": true}`` tells whatever comes in as it is, as ``{"job": true}``
and ``{"environment": true}`` do with what was given; ``{"hang": true}`` waits for ever, ``{"die": 9}`` dies of a
signal, ``{"say": …}`` writes last words and fails.
"""

import sys
from pathlib import Path

_PROGRAM = """
import json, os, signal, sys, time
out = os.fdopen(int(sys.argv[2]), "w")
job = json.loads(sys.stdin.readline())
task = job["tasks"][0][0]
def tell(event):
    out.write(json.dumps({"task": task, "agent": job["agents"][0], **event}) + "\\n"); out.flush()
for step in json.loads(job["inputs"]["play"]):
    if "tell" in step: tell(step["tell"])
    if "listen" in step: tell({"kind": "task_completed", "output": json.loads(sys.stdin.readline())["answer"]})
    if "hang" in step: time.sleep(3600)
    if "hear" in step: tell({"kind": "task_completed", "output": sys.stdin.readline()})
    if "job" in step: tell({"kind": "task_completed", "output": json.dumps(job)})
    if "environment" in step: tell({"kind": "task_completed", "output": json.dumps(dict(os.environ))})
    if "die" in step: os.kill(os.getpid(), step["die"])
    if "say" in step: sys.exit(step["say"])
"""


def make_interpreter(folder: Path) -> Path:
    """Make an environment in a folder, with the package crewai as far as anybody looks, and return its interpreter."""
    (folder / "lib" / "python3.11" / "site-packages" / "crewai-1.15.30.dist-info").mkdir(parents=True)
    (folder / "bin").mkdir()
    played, python = folder / "played.py", folder / "bin" / "python"
    played.write_text(_PROGRAM, encoding="utf-8")
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{played}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return python
