"""A model that says what it is told: an OpenAI-compatible server on loopback, with scripted answers and faults.

In a test: ``with ModelServer([say("{}")]) as server`` and let the client talk to ``server.url``; ``server.requests``
holds what it was asked. By hand: ``python -m tests.support.model_server --port 9999 --fault hang``.
"""

import argparse
import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

GOOD_ANSWER = (Path(__file__).parent / "good_answer.json").read_text(encoding="utf-8")
"""A crew as a good model words it."""


@dataclass(frozen=True)
class Reply:
    """What the server does with one request."""

    text: str = ""
    """What the model says."""
    status: int = 200
    body: str | None = None
    """The whole body of the response, when it is not a chat completion."""
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0
    reset: bool = False
    """True cuts the connection instead of answering."""
    tokens_in: int = 1_200
    tokens_out: int = 800
    finish_reason: str = "stop"
    tool: str = ""
    """Name of the function that the model calls instead of saying something."""
    arguments: dict[str, Any] = field(default_factory=dict)


Script = Sequence[Reply] | Callable[[dict[str, Any]], Reply]
"""The replies in order, the last one for ever; or what to reply to a request body."""

A_LONG_TIME_S = 3_600


def say(text: str, **more: Any) -> Reply:
    """Reply with a text."""
    return Reply(text=text, **more)


def call_tool(name: str, **arguments: Any) -> Reply:
    """Reply with the call of a function."""
    return Reply(tool=name, arguments=arguments, finish_reason="tool_calls")


def refuse(status: int, message: str = "refused", **headers: str) -> Reply:
    """Reply with a status and an error body as OpenAI words it."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}})
    return Reply(status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


TRANSPORT_FAULTS: dict[str, Reply] = {
    "401": refuse(401, "Incorrect API key provided: sk-secret"),
    "403": refuse(403),
    "404": refuse(404),
    "429": refuse(429),
    "429 now": refuse(429, Retry_After="0"),
    "429 later": refuse(429, Retry_After="3600"),
    "500": refuse(500),
    "503": refuse(503),
    "hang": Reply(delay_s=A_LONG_TIME_S),
    "reset": Reply(reset=True),
    "empty body": Reply(body=""),
    "web page": Reply(status=502, body="<html><body><h1>Bad gateway</h1></body></html>"),
    "web page as success": Reply(body="<html><body>Log in</body></html>"),
    "not a completion": Reply(body='{"hello": "world"}'),
    "no choices": Reply(body='{"id": "1", "object": "chat.completion", "model": "test", "choices": []}'),
}
"""Faults on the way: the model says nothing."""

SPOKEN_FAULTS: dict[str, Reply] = {
    "nothing": say(""),
    "prose": say("I would be happy to help you put together a team! First, tell me more about your goals."),
    "refusal": say("I'm sorry, but I can't help with that."),
    "wrong JSON": say('{"weather": "fine", "temperature": 21}'),
    "a list": say("[1, 2, 3]"),
    "null": say("null"),
    "no agents": say('{"agents": [], "tasks": [], "process": "sequential"}'),
    "nested deeply": say("[" * 50_000),
}
"""Answers that are no crew."""

ODD_ANSWERS: dict[str, Reply] = {
    "fenced": say(f"```json\n{GOOD_ANSWER}\n```"),
    "prose around": say(f"Here is your crew:\n\n{GOOD_ANSWER}\n\nLet me know if {{anything}} should change."),
    "trailing commas": say(GOOD_ANSWER.replace("\n  ]", ",\n  ]")),
    "truncated": say(GOOD_ANSWER[: len(GOOD_ANSWER) * 2 // 3], finish_reason="length"),
    "wrapped": say(json.dumps({"crew": json.loads(GOOD_ANSWER)})),
    "JSON in JSON": say(json.dumps(GOOD_ANSWER)),
}
"""Answers that hold a crew in an odd form."""


class ModelServer:
    """The server in a thread of its own; a context manager."""

    def __init__(self, script: Script = (Reply(text=GOOD_ANSWER),), port: int = 0) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        """Bodies of the requests, in order of arrival."""
        self.keys: list[str] = []
        """The Authorization headers that came with them."""
        self.most_at_once = 0
        """Most requests that were being answered at the same time."""
        self._open = 0
        config = uvicorn.Config(
            self._app,
            port=port,
            http="h11",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_level="critical",
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="model-server", daemon=True)
        self._starlette = Starlette(routes=[Route("/v1/chat/completions", self._complete, methods=["POST"])])

    def forget(self) -> None:
        """Answer with a good crew again, and forget what was asked."""
        self.script = (say(GOOD_ANSWER),)
        self.requests, self.keys, self.most_at_once = [], [], 0

    @property
    def url(self) -> str:
        """Base URL for ``OPENAI_BASE_URL``."""
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}/v1"

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("The model server could not start.")
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        scope["transport"] = receive.__self__.transport
        await self._starlette(scope, receive, send)

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        reply = self._next(body)
        self.requests.append(body)
        self.keys.append(request.headers.get("authorization", ""))
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        if reply.delay_s:
            await _sleep_while_connected(request, reply.delay_s)
        self._open -= 1
        if reply.reset:
            request.scope["transport"].abort()
        if reply.body is not None:
            return Response(reply.body, reply.status, reply.headers, media_type="application/json")
        # in ASCII, so that what no encoding can hold (a lone surrogate) travels as an escape
        content = json.dumps(_completion(body.get("model", ""), reply))
        return Response(content, reply.status, reply.headers, media_type="application/json")

    def _next(self, body: dict[str, Any]) -> Reply:
        if callable(self.script):
            return self.script(body)
        return self.script[min(len(self.requests), len(self.script) - 1)]


async def _sleep_while_connected(request: Request, seconds: float) -> None:
    sleeping = asyncio.create_task(asyncio.sleep(seconds))
    leaving = asyncio.create_task(request.receive())
    _, pending = await asyncio.wait({sleeping, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


def _completion(model: str, reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text}
    if reply.tool:
        function = {"name": reply.tool, "arguments": json.dumps(reply.arguments)}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": f"call_{uuid.uuid4().hex[:12]}", "type": "function", "function": function}],
        }
    usage = {
        "prompt_tokens": reply.tokens_in,
        "completion_tokens": reply.tokens_out,
        "total_tokens": reply.tokens_in + reply.tokens_out,
    }
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    return {
        "id": "test",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [choice],
        "usage": usage,
    }


def main() -> None:
    """Serve until interrupted."""
    faults = TRANSPORT_FAULTS | SPOKEN_FAULTS | ODD_ANSWERS
    options = argparse.ArgumentParser(description="An OpenAI-compatible model that says what it is told.")
    options.add_argument("--port", type=int, default=9999)
    options.add_argument("--fault", choices=sorted(faults), help="answer every request with this fault")
    options.add_argument("--delay-ms", type=float, default=0, help="think this long before a good answer")
    chosen = options.parse_args()
    reply = faults[chosen.fault] if chosen.fault else say(GOOD_ANSWER, delay_s=chosen.delay_ms / 1_000)
    with ModelServer([reply], port=chosen.port) as server:
        print(f"OPENAI_BASE_URL={server.url}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
