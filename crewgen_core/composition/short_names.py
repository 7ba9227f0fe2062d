"""Gives a long noun phrase a short name, for every mention after the first: "fan demographics and tour venues" is "the
fan demographics"."""

import re

_LONGEST = 4
"""Words that a short name may have: more would be as tiring to read again as the phrase itself."""

_COUNTED = re.compile(
    r"^(?:(?:at least|at most|up to|about|around|the (?:top|best|first|last|next))\s+)?"
    r"(?:an?|the|this|these|those|each|every|all|some|several|many|any|\d[\d.,]*|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|a dozen|a hundred)\s+(?:of\s+)?(?:the\s+)?"
    r"(?:(?:top|best|new|possible|suitable|complete|short)\s+)*",
    re.I,
)
_OWNED = re.compile(r"^(?:our|my|your|their|its|his|her|[\w-]+['’]s?)\s", re.I)
_JOINT = re.compile(
    r"\s*[,;:(]|\s+(?:for|that|which|who|whom|whose|in|on|with|to|from|by|at|about|and|or|against|over|under|per|across|between|"
    r"during|after|before|within|without|via|into|than|as|around|until|through|so|while|using|including|based)\s",
    re.I,
)


def name_shortly(phrase: str) -> str:
    """Return the head of a noun phrase in at most four words, with the article that a known thing has.

    "an Instagram advert for a product we sell" gives "the Instagram advert", "our subscription exports" stays. A quoted
    phrase or a question is returned as it is.
    """
    spoken = phrase.strip()
    if spoken.startswith(('"', "the question", "the decision")) or not spoken:
        return spoken
    counted = _COUNTED.match(spoken)
    head = spoken[counted.end() :] if counted else spoken
    joint = _JOINT.search(head)
    head = (head[: joint.start()] if joint else head).strip(" .,;:")
    if not head:
        return spoken
    words = head.split()
    owned = bool(_OWNED.match(f"{head} "))
    if "of" in words[1:-1] and len(words) > _LONGEST + 1:
        words = words[: words.index("of")]
    if len(words) > _LONGEST + ("of" in words):
        words = words[-_LONGEST:]
        owned = False
    name = " ".join(words)
    return f"the {name}" if counted and not owned else name
