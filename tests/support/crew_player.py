"""A model that plays every agent of a crew for the scripted server, in the way that CrewAI talks to models.

A manager delegates each task once and then hands on what came back; everybody else answers with a sentence that names
the task. What a prompt and an answer take is counted in their characters, four to a token.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.support.model_server import Reply, call_tool

DELEGATE = "delegate_work_to_coworker"
_TASK = "Current Task:"


def play_crew(coworker_of: Callable[[str], str] = lambda _: "") -> Callable[[dict[str, Any]], Reply]:
    """Return the script; ``coworker_of`` names the role that a manager gives a task to, by the text of its prompt."""

    def play(body: dict[str, Any]) -> Reply:
        messages = body["messages"]
        prompt = read_prompt(body)
        tools = [tool["function"]["name"] for tool in body.get("tools") or []]
        delegated = any(message["role"] == "tool" for message in messages)
        reply = Reply(text=f"Result of: {name_task(prompt)}")
        if DELEGATE in tools and not delegated and (coworker := coworker_of(prompt)):
            reply = call_tool(DELEGATE, task=name_task(prompt), context="All of it.", coworker=coworker)
        elif delegated:
            reply = Reply(text=f"Checked: {messages[-1]['content']}")
        return count_tokens(body, reply)

    return play


def count_tokens(body: dict[str, Any], reply: Reply) -> Reply:
    """Return the reply with what it takes, a token for four characters."""
    said = len(reply.text) + (len(json.dumps(reply.arguments)) if reply.tool else 0)
    sent = len(json.dumps(body["messages"])) + len(json.dumps(body.get("tools") or []))
    fields = {**vars(reply), "tokens_in": sent // 4, "tokens_out": max(1, said // 4)}
    return Reply(**fields)


def read_prompt(body: dict[str, Any]) -> str:
    """Return what the user's first message says."""
    return next(str(message["content"]) for message in body["messages"] if message["role"] == "user")


def name_task(prompt: str) -> str:
    """Return the first line of the task in a prompt."""
    return prompt.partition(_TASK)[2].strip().splitlines()[0] if _TASK in prompt else prompt[:60]
