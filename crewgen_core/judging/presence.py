"""Is there a result at all: not nothing, not an error, not a refusal, not a placeholder, not the task once more."""

import re
from collections.abc import Iterator

from crewgen_core.judging.result import Result, shorten_quote
from crewgen_core.models.crew import Task
from crewgen_core.models.outcome import Check

LONGEST_REFUSAL = 700
"""Characters up to which a text that begins with a refusal is one: a report may well quote one."""


def check_presence(task: Task, result: Result) -> Iterator[Check]:
    """Yield what keeps a text from being a result; where nothing does, that there is one."""
    faults = list(_find_faults(task, result))
    yield from faults
    if not faults:
        yield Check(state="met", sentence=f"There is a result of {result.words:,} words.")


def _find_faults(task: Task, result: Result) -> Iterator[Check]:
    text = result.text
    if not any(character.isalnum() for character in text):
        yield Check(state="not met", sentence="There is no result: the task brought no text.")
        return
    if match := _ERROR.match(text):
        yield _fail("The result is an error, not what was asked for.", match[0])
    elif len(text) <= LONGEST_REFUSAL and (match := _REFUSAL.search(text[:200])):
        yield _fail("The result is a refusal.", match[0])
    elif match := _HOLLOW.fullmatch(text):
        yield _fail("The result announces an answer and ends before it.", match[0])
    elif any(text.casefold() == part.strip().casefold() for part in (task.expected_output, task.description) if part):
        yield _fail("The result repeats what was asked for instead of bringing it.", text)
    if match := _PLACEHOLDER.search(text):
        yield _fail("The result has a placeholder where something should stand.", match[0])


def _fail(sentence: str, quote: str) -> Check:
    return Check(state="not met", sentence=sentence, quote=shorten_quote(quote))


_ERROR = re.compile(
    r"(?:Traceback \(most recent call last\)|(?:Fatal |Internal |Unexpected )?(?:error|exception)\s*:"
    r"|Agent stopped due to (?:iteration|time|max)|(?:I (?:have )?)?(?:encountered|ran into) an? (?:unexpected )?error"
    r"|(?:litellm|openai|requests)\.[\w.]*(?:Error|Exception))[^\n]*",
    re.I,
)
_REFUSAL = re.compile(
    r"(?:\bI(?:['’]m| am) (?:sorry|afraid)\b.{0,40}?\b(?:can(?:['’]t|not)|unable|not able|won['’]t)\b"
    r"|\bI(?:['’]m| am) (?:unable|not able) to\b"
    r"|\bI (?:can(?:['’]t|not)|won['’]t|must decline to|do not have the ability to)"
    r" (?:assist|help|provide|complete|fulfil|fulfill|access|comply|do that|create|generate|perform)"
    r"|\bAs an AI(?: language)? model,? I\b)[^\n.]*",
    re.I,
)
_HOLLOW = re.compile(
    r"(?:Thought:\s*)?(?:I now (?:can|know)[^\n]{0,60}answer\.?|Final Answer:?"
    r"|Here is (?:the|my|your)[^\n:]{0,60}:?)\s*",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"\blorem ipsum\b|\[(?:insert|your|add|enter|placeholder|company name|name here|to be (?:added|completed|filled))\b"
    r"[^\]\n]{0,60}\](?!\()|<(?:insert|your|placeholder)[ _-][^>\n]{0,60}>",
    re.I,
)
