"""Gives a long noun phrase a short name, for every mention after the first: "fan demographics and tour venues" is "the
fan demographics"."""

import re

_LONGEST = 4
"""Words that a short name may have: more would be as tiring to read again as the phrase itself."""

_COUNTED = re.compile(
    r"^(?:(?:at least|at most|up to|about|around|the (?:top|best|first|last|next))\s+)?"
    r"(?:an?|the|this|these|those|each|every|all|some|several|many|any|\d[\d.,]*|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|a dozen|a hundred)\s+"
    r"(?:(?:days?\s+|weeks?\s+|months?\s+|years?\s+)?of\s+)?(?:the\s+)?"
    r"(?:(?:top|best|new|possible|suitable|complete|short)\s+)*",
    re.I,
)
_OWNED = re.compile(r"^(?:our|my|your|their|its|his|her|[\w-]+['’]s?)\s", re.I)
_JOINT = re.compile(
    r"\s*[,;:(]|\s+(?:for|that|which|who|whom|whose|in|on|with|to|from|by|at|about|and|or|against|over|under|per|across|between|"
    r"during|after|before|within|without|via|into|than|as|around|until|through|so|if|when|while|using|including|based)\s",
    re.I,
)
_DOING = re.compile(r"[a-z]{3,}ing\s+(?:to|from|into|with|for|or|on|by|in|at)\s+", re.I)
"""Something done, which says nothing without what it goes to ("moving to another cloud")."""


def name_shortly(phrase: str) -> str:
    """Return the head of a noun phrase in at most four words, with the article that a known thing has.

    "an Instagram advert for a product we sell" gives "the Instagram advert", "our subscription exports" stays. A
    question is named after the thing that it asks about; any other quoted phrase is returned as it is.
    """
    spoken = phrase.strip()
    asked = _ASKED.match(spoken)
    if asked:
        return _name_asked(asked.group("about"))
    if spoken.startswith(('"', "the decision")) or not spoken:
        return spoken
    counted = _COUNTED.match(spoken)
    head = spoken[counted.end() :] if counted else spoken
    doing = None if counted else _DOING.match(head)
    joint = _JOINT.search(head, doing.end() if doing else 0)
    head = (head[: joint.start()] if joint else head).strip(" .,;:")
    if not head:
        return spoken
    words = head.split()
    if doing:
        return " ".join(words[: _LONGEST + 1])
    owned = bool(_OWNED.match(f"{head} "))
    if "of" in words[1:-1] and len(words) > _LONGEST + 1:
        words = words[: words.index("of")]
    cut = len(words) > _LONGEST + ("of" in words)
    if cut:
        words = words[-_LONGEST:]
    name = " ".join(words)
    return f"the {name}" if (counted or cut) and not (owned and not cut) else name


def _name_asked(about: str) -> str:
    """Return the thing that a question is about: of "why the Android app crashes on login", "the Android app"."""
    thing = _THING.match(about)
    if not thing:
        return "the question"
    words = thing.group().split()[: _LONGEST + 1]
    if thing.end() < len(about) and len(words) > _SHORTEST_THING and words[-1].endswith(("s", "ed")):
        words.pop()  # its verb: "crashes on login", "dropped in March"
    return " ".join(words)


_ASKED = re.compile(
    r'^the question "(?:why|how|what|which|who|when|where|whether)\s+(?:of\s+)?'
    r'(?:(?:do|does|did|is|are|was|were|can|could|should|will|to)\s+)?(?P<about>[^"]+)"?$',
    re.I,
)
_THING = re.compile(
    r"^(?:the|our|my|your|their|this|these|an?)\s+(?:(?!(?:on|in|at|to|for|with|from|after|before|by|is|are|was|were|has|have|do|does|"
    r"can|should|must|will|not)\b)[\w'’-]+\s*)+",
    re.I,
)
_SHORTEST_THING = 2
"""Words that stay of a thing at least: an article and a noun."""
