"""Knows an order by its verb: which words open one, which form they have, and what a misspelt one was to be."""

import re
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import Word, split_words, stem

DETERMINERS = frozenset(
    "a an the our my your its their his her this that these those all every each any some both no several many most "
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty fifty one".split()
)
"""Words in front of a noun: what stands before one is a verb or a preposition."""

PREPOSITIONS = frozenset(
    "for from in on at with by of to as before after during over under about against between among per via within "
    "without until since through across into onto towards toward around near behind beyond despite like than upon".split()
)

_OBJECTS = DETERMINERS | frozenset(
    "it them me us him you everything anything what which who whom whose why how whether where when if that everybody everyone "
    "up out down back together only".split()
)
"""What shows that the word before it is a verb, even one that is a noun as well."""

_NO_OBJECT = frozenset({"of", "is", "are", "was", "were", "or", "has", "have", "which"})
"""What shows that the word before it is a noun."""

_GOVERNS = {
    "look": "for into at up", "search": "for in through", "ask": "for about if whether", "apply": "for to", "check": "for against with in",
    "respond": "to", "reply": "to", "answer": "to", "report": "on to back", "comment": "on", "follow": "up", "lay": "out",
    "set": "up out aside", "put": "in into on up together", "point": "out", "carry": "out", "sort": "by into out", "fill": "in out up",
    "hand": "over back out in", "sign": "up", "watch": "for out", "end": "with in by", "finish": "with by in", "close": "with",
    "start": "with from by in", "go": "through over into on", "split": "by into between among over", "convert": "to into", "turn": "into",
    "group": "by into", "rank": "by on", "score": "by on against for", "present": "to in as", "post": "on to in", "advise": "on",
    "export": "to as into", "import": "into from", "translate": "into to from", "test": "for with against on in", "review": "for with against",
    "conclude": "with", "write": "about to for up on in", "come": "up", "take": "into", "back": "up", "order": "by", "mark": "up as",
    "explain": "to", "filter": "out by for", "focus": "on", "work": "on out", "plan": "for", "prepare": "for", "scan": "for",
    "screen": "for", "note": "down", "break": "down into", "sum": "up", "email": "to", "share": "with on in", "call": "on",
}  # fmt: skip
"""Prepositions that a verb takes: "look for suppliers" is an order, "in search of" is none."""

_SECOND_NOUNS = frozenset(
    "plan plans case cases suite strategy template templates campaign campaigns sequence sequences copy list lists "
    "system systems brief document documents idea ideas table overview report reports summary notes term terms engine map maps "
    "example examples sample samples snippet snippets quality question questions guide calendar sheet card cards criteria "
    "results data log logs form forms tracker board dashboard date dates address addresses line lines page pages file files "
    "format paper papers point points letter letters note trend trends change changes material materials time times "
    "book books email emails conditions costs items rates options records group groups team teams "
    "activities texts programme program model models sets party pack packs guidelines systems tools ".split()
)
"""Nouns that often follow another noun: "test cases" and "budget items" are no orders."""

_COMPOUND = re.compile(r"(?:fact|proof|double|cross|spell|stress|re)[\s-](?:check|read|test|write)(?:s|ed)?\b", re.I)
_WORK_OUT = re.compile(r"work out\b", re.I)
IDIOMS = {
    "keep an eye on": "monitor", "keep track of": "track", "keep tabs on": "monitor", "keep watch over": "monitor", "take a look at": "examine",
    "have a look at": "examine", "take stock of": "assess", "make sense of": "interpret", "get in touch with": "contact", "take notes of": "record",
    "carry out": "conduct",
}  # fmt: skip
"""Verbs of several words, and the verb that each stands for."""

_IDIOM = re.compile("|".join(sorted(map(re.escape, IDIOMS), key=len, reverse=True)) + r"\b", re.I)
_MAKE_SURE = re.compile(r"(?:please\s+)?(?:make sure|see to it|take care|be sure)\b(?:\s+(?:that|to)\b)?", re.I)
_QUESTION = frozenset("why how what which who where when whether should is are do does did can will".split())
_IRREGULAR_PARTICIPLES = {
    "written": "write", "made": "make", "built": "build", "sent": "send", "found": "find", "drawn": "draw", "chosen": "choose",
    "given": "give", "kept": "keep", "sold": "sell", "read": "read", "proofread": "proofread", "set": "set", "put": "put", "run": "run",
    "shown": "show", "taught": "teach", "told": "tell", "understood": "understand", "cut": "cut", "split": "split", "rewritten": "rewrite",
    "won": "win", "taken": "take", "done": "do", "laid": "lay", "double-checked": "check", "redrawn": "draw",
}  # fmt: skip
_SHORTEST_MISSPELLED = 5
_LONG_WORD = 9


def is_second_noun(lower: str) -> bool:
    """True for a noun that often follows another one ("test cases")."""
    return lower in _SECOND_NOUNS


class Verbs:
    """Recognises verbs that give an order."""

    def __init__(self, catalog: Catalog) -> None:
        """Take the verbs of the catalog's language."""
        self._catalog = catalog

    @property
    def known(self) -> frozenset[str]:
        """The base form of every known verb."""
        return self._catalog.verbs

    @property
    def nouns(self) -> frozenset[str]:
        """Verbs that are nouns as well."""
        return self._catalog.also_nouns

    def is_verb(self, lower: str) -> bool:
        """True for the base form of a known verb."""
        return lower in self._catalog.verbs

    def is_of_others(self, lower: str) -> bool:
        """True for a verb whose object is there without it: what is found out, judged or planned is somebody's."""
        return self._catalog.verb_activities.get(stem(lower)) in ("research", "analyze", "plan")

    def opens_order(self, words: Sequence[Word], *, within: bool = False, told: bool = False) -> bool:
        """True when the words begin with a verb that gives an order ("compare the vendors").

        ``within`` a sentence a verb that is a noun as well needs more than to be there: "a roadmap, test cases" asks for
        cases. A text that is ``told`` ("a crew that …") orders by "compares" too.
        """
        if not words:
            return False
        first = words[0].lower
        base = first if self.is_verb(first) else self.base_form(first) if told else ""
        if not base or base not in self._catalog.verbs:
            return False
        if len(words) == 1:
            return True
        following = words[1]
        if base == "do" and following.lower not in DETERMINERS:
            return False
        if base in ("budget", "cost", "report") and within and following.lower[:1].isdigit():
            return False
        if following.lower in _NO_OBJECT and not (following.lower == "which" and base not in self._catalog.also_nouns):
            return False
        if not within:
            return True
        if following.lower in PREPOSITIONS:
            return following.lower in _GOVERNS.get(base, "").split() or (
                base not in self._catalog.also_nouns and following.lower != "of"
            )
        return base not in self._catalog.also_nouns or first != base or self._takes_object(words)

    def _takes_object(self, words: Sequence[Word]) -> bool:
        """True when what follows a verb that is a noun as well shows which of both it is."""
        lower = words[1].lower
        if lower in _OBJECTS or lower[:1].isdigit() or lower in ("and", "then"):
            return True
        if lower in _SECOND_NOUNS:
            return False
        return _looks_plural(lower) or (len(words) > 2 and _looks_plural(words[2].lower))

    def leading_verb(self, text: str, *, told: bool = False) -> str:
        """Return the verb that opens the text, as written; empty when none does."""
        compound = _COMPOUND.match(text) or _MAKE_SURE.match(text) or _IDIOM.match(text)
        if compound:
            return compound.group()
        words = split_words(text)
        if not words:
            return ""
        if _WORK_OUT.match(text):
            return words[0].text
        if self.opens_order(words, told=told) or self._looks_like_order(words):
            return text[words[0].start : words[0].end]
        if len(words) > 1 and words[0].lower.endswith("ly") and self.opens_order(words[1:], told=told):
            return text[words[0].start : words[1].end]
        return ""

    def opens_order_within(self, text: str, *, told: bool = False) -> bool:
        """True when the text, which stands behind a comma or "and", begins with an order."""
        if any(form.match(text) for form in (_COMPOUND, _MAKE_SURE, _IDIOM, _WORK_OUT)):
            return True
        words = split_words(text)
        if words and words[0].lower.endswith("ly") and len(words) > 1:
            words = words[1:]
        if words and words[0].text[:1].isupper():
            return False  # a name: "into French and Polish"
        return self.opens_order(words, within=True, told=told)

    def _looks_like_order(self, words: Sequence[Word]) -> bool:
        """True for an unknown word in front of an article or number: "Christen a ship" gives an order too."""
        first = words[0].lower
        return (
            len(words) > 2
            and first.isalpha()
            and first not in _QUESTION
            and first not in PREPOSITIONS
            and first not in _NO_ORDER
            and first not in DETERMINERS
            and not (first.endswith("s") and not first.endswith("ss"))
            and words[1].lower in _ARTICLES
        )

    def base_form(self, lower: str) -> str:
        """Return the order that "reads" or "classifies" stands for; the word itself when there is none."""
        if lower in self._catalog.verbs or not lower.endswith("s"):
            return lower
        bases = (lower[:-1], lower[:-2], f"{lower[:-3]}y" if lower.endswith("ies") else "")
        return next((base for base in bases if base in self._catalog.verbs), lower)

    def of_participle(self, lower: str) -> str:
        """Return the verb that "checked", "written" or "having checked" comes from, empty when it is no known one."""
        if lower in _IRREGULAR_PARTICIPLES:
            return _IRREGULAR_PARTICIPLES[lower]
        if not lower.endswith("ed"):
            return ""
        return self._catalog.verbs_by_stem.get(stem(lower), "")

    def of_gerund(self, lower: str) -> str:
        """Return the verb that "checking" comes from, empty when it is no known one."""
        return self._catalog.verbs_by_stem.get(stem(lower), "") if lower.endswith("ing") and len(lower) > 5 else ""

    def of_opening_gerund(self, text: str) -> str:
        """Turn "creating a plan" into "create a plan"; the text itself when it does not open with such a form."""
        words = split_words(text[:80])
        verb = self.of_gerund(words[0].lower) if len(words) > 1 else ""
        if not verb or not (words[1].lower in DETERMINERS or words[1].lower[:1].isdigit()):
            return text
        return f"{verb} {text[words[1].start :]}"

    def mend(self, text: str) -> str:
        """Correct the first word of a text when it is a known verb with a slip of the fingers ("drfat a letter")."""
        words = split_words(text[:80])
        if len(words) < 2 or not words[0].text.isalpha() or len(words[0].lower) < _SHORTEST_MISSPELLED:
            return text
        first = words[0]
        if first.lower in self._catalog.verbs or first.stem in self._catalog.known_stems or first.text.isupper():
            return text
        if words[1].lower in _NO_OBJECT or words[1].lower in ("and", "or"):
            return text
        furthest = 2 if len(first.lower) >= _LONG_WORD else 1
        found = process.extractOne(
            first.lower, self._catalog.verbs, scorer=DamerauLevenshtein.distance, score_cutoff=furthest
        )
        if not found or found[0][:1] != first.lower[:1] or len(found[0]) < _SHORTEST_MISSPELLED - 1:
            return text
        mended = found[0].capitalize() if first.text[:1].isupper() else found[0]
        return text[: first.start] + mended + text[first.end :]


def _looks_plural(lower: str) -> bool:
    return lower.endswith("s") and not lower.endswith(("ss", "us", "is", "ics", "ous"))


_ARTICLES = frozenset(
    "a an the our my their its this these all every each two three four five six seven eight nine ten".split()
)
_NO_ORDER = frozenset(
    "half got kid if while but and not there here so because although though also both either neither even just only still yet maybe perhaps "
    "i we you they he she it our my me us given using based following considering starting regarding concerning including".split()
)
