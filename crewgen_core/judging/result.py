"""The result of a task, read once: its lists, tables, headings and words."""

import re
from dataclasses import dataclass
from functools import cached_property

LONGEST_READ = 200_000
"""Characters of a result that are looked at; what comes after them is not."""

LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Result:
    """A text that a task brought."""

    text: str

    @classmethod
    def read(cls, text: str) -> "Result":
        """Return the beginning of a text as a result."""
        return cls(text[:LONGEST_READ].replace("\r\n", "\n").strip())

    @cached_property
    def lines(self) -> list[str]:
        """Lines outside of blocks of code."""
        return _FENCED.sub("", self.text).split("\n")

    @cached_property
    def words(self) -> int:
        """Words, without the marks of Markdown and of tables."""
        return len(_WORD.findall(_ADDRESS.sub(" ", self.text)))

    @cached_property
    def lists(self) -> list[int]:
        """Number of items of each list at its outer level; numbers go on where they were, whatever stands between."""
        groups: list[int] = []
        at, number, bullets, blank = -1, 0, False, False
        for line in self.lines:
            match = _ITEM.match(line)
            if match is None or len(match[1].expandtabs(4)) > 1:
                if not line.strip():
                    blank = True
                elif _HEADING.match(line) or (blank and line[:1] not in " \t"):
                    bullets = False
                continue
            blank = False
            if match[2][0].isdigit():
                following = int(match[2][:-1])
                if at >= 0 and following == number + 1:
                    groups[at] += 1
                else:
                    groups.append(1)
                    at = len(groups) - 1
                number, bullets = following, False
            elif bullets:
                groups[-1] += 1
            else:
                groups.append(1)
                bullets = True
        return groups

    @cached_property
    def tables(self) -> list[int]:
        """Number of rows of each Markdown table, its header not counted."""
        found: list[int] = []
        rows, ruled = 0, False
        for line in [*self.lines, ""]:
            if "|" in line:
                if _RULE.fullmatch(line.strip()):
                    ruled = True
                else:
                    rows += 1
            elif rows:
                if ruled:
                    found.append(max(0, rows - 1))
                rows, ruled = 0, False
        return found

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Level and text of each heading; a line in bold alone is one of level 7."""
        found: list[tuple[int, str]] = []
        for line in self.lines:
            if match := _HEADING.match(line):
                found.append((len(match[1]), match[2].strip(" #*_")))
            elif match := _BOLD.match(line):
                found.append((7, match[1].strip(" :")))
        return found

    @cached_property
    def links(self) -> list[str]:
        """Web addresses, each once."""
        return list(dict.fromkeys(_ADDRESS.findall(self.text)))

    @cached_property
    def blocks(self) -> list[tuple[str, str]]:
        """Language and content of each fenced block of code."""
        return [(match[1].strip().lower(), match[2]) for match in _BLOCK.finditer(self.text)]

    @cached_property
    def groups(self) -> list[int]:
        """Sizes of everything that can be counted: lists, tables, and headings of each level."""
        levels: dict[int, int] = {}
        for level, _ in self.headings:
            levels[level] = levels.get(level, 0) + 1
        return [*self.lists, *self.tables, *(count for count in levels.values() if count > 1)]


def shorten_quote(text: str) -> str:
    """Return the beginning of a text on one line, short enough to stand beside a sentence."""
    line = " ".join(text[: 4 * LONGEST_QUOTE].split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"


_FENCED = re.compile(r"^ {0,3}```[^\n]*\n.*?^ {0,3}```[^\n]*$", re.M | re.S)
_BLOCK = re.compile(r"^ {0,3}```([^\n]*)\n(.*?)^ {0,3}```[^\n]*$", re.M | re.S)
_ITEM = re.compile(r"([ \t]*)([-*+•–]|\d{1,3}[.)])[ \t]+\S")
_RULE = re.compile(r"\|?[ :|-]*-[ :|-]*\|?")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(\S.*)")
_BOLD = re.compile(r"(?:\*\*|__)([^*_]{1,120})(?:\*\*|__)[ :]*$")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>()\[\]\"'`]+|\bdoi:\s?10\.\d{4,}/\S+", re.I)
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
