"""Text as plain values: JSON with comments, and YAML without aliases and without anything but plain values."""

import json
import re
from pathlib import PurePosixPath
from typing import Any

import yaml

from crewgen_core.errors import UnreadableCrew

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STRING = r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))'
"""A JSON string; one without an end reaches to the end of the text, so that it is looked at only once."""

_COMMENT = re.compile(_STRING + r"|//[^\r\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
"""A string, which stays, or a comment."""

_TRAILING_COMMA = re.compile(_STRING + r"|,(?=\s*[}\]])", re.DOTALL)
"""A string, which stays, or a comma before a closing bracket."""


def read_text(name: str, content: bytes) -> str:
    """Return the text of a file: UTF-8, with or without byte order mark. Raises UnreadableCrew for anything else."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableCrew(f"The file {name} is not text in UTF-8.", "Save it as UTF-8 and try again.") from error


def parse(name: str, content: bytes) -> object:
    """Return the content of a JSON, JSONC or YAML file; without a known ending, the first character decides.

    Raises UnreadableCrew, with the line, for a text that is neither.
    """
    text = read_text(name, content)
    ending = PurePosixPath(name).suffix.lower()
    if ending in (".json", ".jsonc") or (ending not in (".yaml", ".yml") and text.lstrip()[:1] in ("{", "[", "/")):
        return _parse_json(name, text)
    return _parse_yaml(name, text)


def _parse_json(name: str, text: str) -> object:
    try:
        return json.loads(without_comments(text))
    except json.JSONDecodeError as error:
        raise UnreadableCrew(f"The file {name} is not valid JSON in line {error.lineno}.") from error
    except (RecursionError, ValueError) as error:
        raise UnreadableCrew(f"The file {name} is no JSON that describes a crew.") from error


def without_comments(text: str) -> str:
    """Return JSON text without comments and trailing commas; strings and the number of lines stay as they are."""
    plain = _COMMENT.sub(lambda match: match[1] or "\n" * match[0].count("\n"), text)
    return _TRAILING_COMMA.sub(lambda match: match[1] or "", plain)


def _parse_yaml(name: str, text: str) -> object:
    try:
        for event in yaml.parse(text, Loader=_SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise UnreadableCrew(
                    f"The file {name} uses a YAML alias (*{event.anchor}).", "Write the repeated part out."
                )
        return yaml.load(text, Loader=_SafeLoader)  # noqa: S506 a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise UnreadableCrew(f"The file {name} is not valid YAML{line}.") from error
    except (RecursionError, ValueError) as error:
        raise UnreadableCrew(f"The file {name} is no YAML that describes a crew.") from error
