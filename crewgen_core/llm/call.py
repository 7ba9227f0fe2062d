"""What is asked of a model, and what it answers."""

from typing import Literal

from pydantic import BaseModel, Field

from crewgen_core.models.value import Usd, Value


class Message(Value):
    """One message of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Value):
    """One question to a model."""

    model: str
    """LiteLLM name of the model ("openai/gpt-5-mini")."""
    messages: tuple[Message, ...]
    shape: type[BaseModel] | None = None
    """What the answer should look like. Providers that cannot be told read it in the messages."""
    max_tokens: int | None = Field(default=None, ge=1)
    """Most tokens that the answer may have, thinking included; None leaves it to the provider."""
    spent_s: float = Field(default=0, ge=0)
    """Seconds that earlier questions for the same purpose took; they count towards the deadline."""


class Answer(Value):
    """What came back. The text is untrusted."""

    text: str
    tokens_in: int = Field(ge=0)
    tokens_out: int = Field(ge=0)
    cost_usd: Usd | None
    """What the call cost; None when the model's price or the tokens used are not known."""
    seconds: float = Field(ge=0)
    """From the question to the answer, in seconds, waiting included, but not the start of LiteLLM in this process."""
    finish_reason: str
    """Why the model stopped: "stop" when it was done, "length" when it was cut off."""
