"""YAML that people can read and that every text survives."""

from typing import Any

import yaml

_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):
    """Writes plain values only, each text in the style that keeps it."""


def yaml_text(content: dict[str, Any]) -> str:
    """Return plain values as YAML, in their own order, without aliases."""
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def _represent_text(dumper: Any, text: str) -> yaml.ScalarNode:  # noqa: ANN401 pure or C dumper
    lines = text.split("\n")
    if not all(line.isprintable() for line in lines):
        style = '"'  # control characters and foreign line breaks survive only as escapes
    elif len(lines) > 1 and lines[0] and all(line == line.strip() for line in lines) and not text.endswith("\n\n"):
        style = "|"
    else:
        style = None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
_Dumper.ignore_aliases = lambda self, data: True  # type: ignore[method-assign] # crews repeat values, never share them
