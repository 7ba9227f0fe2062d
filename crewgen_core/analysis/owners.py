"""Reads who wants the work: "help a bakery choose an oven", "our school wants to plan a trip"."""

import re

from crewgen_core.analysis.phrasing import lower_first
from crewgen_core.analysis.saying import Saying
from crewgen_core.analysis.verbs import DETERMINERS, PREPOSITIONS, Verbs
from crewgen_core.catalog.words import split_words

_SOMEBODY_WANTS_TO = re.compile(
    r"^(?P<who>(?:the|our|my|an?)\s+(?:[\w'’-]+\s+){1,6}?)(?:wants|needs|plans|has|would like|intends|hopes)\s+to\s+(?P<what>.+)$",
    re.I,
)
_BUSINESS = re.compile(
    r"^(?P<who>an?\s+(?:[\w'’-]+\s+){1,3}?)(?P<first>[a-z]+s\s[^,]{3,60}?)(?:,\s+(?:and\s+)?|\s+and\s+)(?P<second>[a-z]+s\s.+)$",
    re.I | re.S,
)
"""Somebody of whom two things are told that they do ("a bakery forecasts demand and decides what to bake")."""

_OBJECT_END = re.compile(r",\s|\s(?:and|then|by|each|every|from|so|in|per)\s", re.I)
_BARE = 2
"""Words of an object that says nothing alone ("demand"): whose it is must be said."""


class Owners:
    """Tells whose work is asked for, and gives the order without them."""

    def __init__(self, verbs: Verbs) -> None:
        """Take the verbs that give orders."""
        self._verbs = verbs

    def read_helped(self, text: str) -> list[Saying]:
        """Read "help a traveller choose a hotel"; nothing where nobody is helped by name."""
        order = self.strip_helped(text)
        who = text[: len(text) - len(order)].partition(" ")[2].strip()
        return self._read(who, order) if who and who.split()[0].lower() in DETERMINERS else []

    def read_wish(self, text: str) -> list[Saying]:
        """Read "our school wants to plan a trip"; nothing where nobody wants to do anything."""
        somebody = _SOMEBODY_WANTS_TO.match(text)
        if not somebody or not self._verbs.leading_verb(somebody["what"]):
            return []
        return self._read(somebody["who"].strip(), somebody["what"])

    def read_business(self, text: str) -> list[Saying]:
        """Read "a bakery forecasts demand and decides what to bake"; nothing where no two things are told."""
        business = _BUSINESS.match(text)
        if not business:
            return []
        if not all(self._verbs.opens_order_within(business[part], told=True) for part in ("first", "second")):
            return []
        return self._read(business["who"].strip(), text[business.start("first") :], told=True)

    def strip_helped(self, text: str) -> str:
        """Turn "help a traveller choose ..." into "choose ..."."""
        words = split_words(text[:200])
        if len(words) < 3 or words[0].lower not in ("help", "assist", "support"):
            return text
        for at in range(2, min(8, len(words))):
            if words[at - 1].lower not in DETERMINERS | PREPOSITIONS and self._verbs.opens_order(
                words[at:], within=True
            ):
                return text[words[at].start :]
        return text

    def _read(self, who: str, order: str, *, told: bool = False) -> list[Saying]:
        """Read what somebody wants done: who that is tells the field, and whose the demand is that is forecast."""
        end = _OBJECT_END.search(order)
        at = end.start() if end else len(order)
        verb, *behind = split_words(order[:at])
        bare = 0 < len(behind) <= _BARE and not any(word.lower in DETERMINERS | PREPOSITIONS for word in behind)
        owner = lower_first(who) if bare and self._verbs.is_of_others(self._verbs.base_form(verb.lower)) else ""
        whole = f"{order[:at]} for {owner}{order[at:]}" if owner else order
        return [Saying(who, "owner"), Saying(whole, "order", told, owner)]
