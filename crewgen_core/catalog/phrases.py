"""Finds trigger phrases in a clause: which entries of the catalog it calls for, and by which words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from crewgen_core.catalog.words import Word, is_irregular, is_one_word, split_words, stem

_SLACK = 2
"""Other words that may stand between the named words of a phrase."""

_VERB_SLACK = 6
"""The same for a verb: "write a short, friendly and honest description" still asks to write a description."""

_GROUP_WEIGHT = 0.5
"""A verb of a group says less than a word that was named."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that a clause calls for."""

    owner: str
    """Key of the entry."""
    words: tuple[Word, ...]
    """The words of the clause that matched, in order."""
    strength: float
    """Number of words of the phrase that matched, a verb group counting half."""
    weak: bool = False
    """True when the phrase is common and counts only in the entry's own domain ("~tests")."""

    @property
    def evidence(self) -> str:
        """The matched words as the person wrote them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of a phrase: any of these stems, or exactly this word."""

    stems: frozenset[str]
    exact: str = ""
    begins: tuple[str, ...] = ()
    """For a verb group: how a form of one of its verbs begins, so that "local" is no form of "localize"."""
    plurals: frozenset[str] = frozenset()
    """For a verb group: plurals of nouns that look like its verbs; "tests" asks nobody to test."""

    @property
    def group(self) -> bool:
        return bool(self.begins)

    def fits(self, word: Word) -> bool:
        if self.exact:
            return word.lower == self.exact
        if word.stem not in self.stems:
            return False
        return not self.begins or (
            (word.lower.startswith(self.begins) or is_irregular(word.lower)) and word.lower not in self.plurals
        )


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A trigger phrase and the entry it belongs to."""

    owner: str
    parts: tuple[_Part, ...]
    weak: bool
    named: frozenset[str] = frozenset()
    """The stems and exact words ("=word") without which it cannot be found."""


def find_fault(text: str, verb_groups: Collection[str]) -> str:
    """Say what keeps a phrase from being found in a clause, without building its stems; empty when nothing does."""
    tokens = text.removeprefix("~").split()
    for token in tokens:
        if token.startswith("@") and token[1:] not in verb_groups:
            return f'"{token}" in "{text}" names no verb group'
        if token.startswith("=") and not is_one_word(token[1:]):
            return f'"{token}" in "{text}" is not one word'
    if not any(any(map(str.isalnum, token)) for token in tokens if not token.startswith("@")):
        return f'"{text}" has no word of its own'
    return ""


class PhraseIndex:
    """Phrases of many entries, found together in one pass over a clause."""

    def __init__(
        self, phrases: Mapping[str, Iterable[str]], verb_groups: Mapping[str, Iterable[str]], *, tight: bool = False
    ) -> None:
        """Index ``phrases`` (by entry key); ``verb_groups`` gives the verbs that "@name" stands for.

        ``tight`` phrases are names of things: their words must stand in this order, with one word between at most.

        Raises ValueError for a phrase of nothing but verb groups, or an unknown group.
        """
        self._groups = {name: _verb_part(tuple(verbs)) for name, verbs in verb_groups.items()}
        self._tight = tight
        self._by_anchor: dict[str, list[_Phrase]] = {}
        for owner, texts in phrases.items():
            for text in texts:
                self._add(owner, text)

    def find(self, clause: Sequence[Word]) -> list[Match]:
        """Return the best match of each entry in the clause, the strongest first."""
        best: dict[str, Match] = {}
        said = {word.stem for word in clause} | {"=" + word.lower for word in clause}
        for at, word in enumerate(clause):
            for phrase in (*self._by_anchor.get(word.stem, ()), *self._by_anchor.get("=" + word.lower, ())):
                if not phrase.named <= said:
                    continue
                match = _match(phrase, at, clause)
                if match and self._tight and not _is_tight(match, phrase, clause):
                    continue
                if match and (phrase.owner not in best or _rank(match) > _rank(best[phrase.owner])):
                    best[phrase.owner] = match
        return sorted(best.values(), key=lambda match: (-match.strength, match.words[0].start, match.owner))

    def stems(self) -> frozenset[str]:
        """Return every stem that a phrase names; what is not here may be a misspelling."""
        return frozenset(
            one
            for phrases in self._by_anchor.values()
            for phrase in phrases
            for part in phrase.parts
            for one in part.stems
        )

    def _add(self, owner: str, text: str) -> None:
        weak = text.startswith("~")
        parts = tuple(part for token in text.removeprefix("~").split() for part in self._parts(owner, token))
        anchors = [part for part in parts if not part.group]
        if not anchors:
            raise ValueError(f'The trigger "{text}" of "{owner}" has no word of its own.')
        anchor = max(anchors, key=lambda part: len(part.exact or next(iter(part.stems))))
        named = frozenset("=" + part.exact if part.exact else next(iter(part.stems)) for part in anchors)
        key = "=" + anchor.exact if anchor.exact else next(iter(anchor.stems))
        self._by_anchor.setdefault(key, []).append(_Phrase(owner, parts, weak, named))

    def _parts(self, owner: str, token: str) -> Iterable[_Part]:
        if token.startswith("@"):
            if token[1:] not in self._groups:
                raise ValueError(f'The trigger "{token}" of "{owner}" names no verb group.')
            yield self._groups[token[1:]]
        elif token.startswith("="):
            yield _Part(frozenset(), exact=token[1:].lower())
        else:
            yield from _named_parts(token)


def _is_tight(match: Match, phrase: _Phrase, clause: Sequence[Word]) -> bool:
    """True when the words stand in the phrase's order, with one word between two of them at most."""
    places = [clause.index(word) for word in match.words]
    in_order = all(part.fits(word) for part, word in zip(phrase.parts, match.words, strict=True))
    return in_order and all(after - before <= _TIGHT_STEP for before, after in pairwise(places))


_TIGHT_STEP = 2


def _verb_part(verbs: tuple[str, ...]) -> _Part:
    return _Part(
        frozenset(map(stem, verbs)),
        begins=tuple(verb[:-1] if len(verb) > 3 else verb for verb in verbs),
        plurals=_PLURALS,
    )


_PLURALS = frozenset(
    (
        "tests reports plans designs scripts posts drafts reviews checks values measures estimates scores "
        "ranks rates grades tags labels filters clusters groups segments programs codes ports budgets "
        "schedules maps emails replies answers pitches reads records prints lists studies surveys searches "
        "sources matches works sorts picks mines models cuts runs sets books orders processes updates imports "
        "exports loads "
    ).split()
)
"""A text that tells what a crew does ("reads the mail") is turned into orders before phrases are looked for."""


@lru_cache(maxsize=20_000)
def _named_parts(token: str) -> tuple[_Part, ...]:
    """Return the parts of a plain token; the same few thousand words make up all phrases."""
    return tuple(_Part(frozenset({word.stem})) for word in split_words(token))


def _is_turned_round(phrase: _Phrase, taken: Sequence[Word], clause: Sequence[Word]) -> bool:
    """True for a name whose words stand in another order: "rate dropped" is no "drop rate".

    "Metrics of churn" is still "churn metrics", and a verb that opens the clause may be named last in the phrase
    ("analyzing churn", "churn analysis"). An owner never stands behind: "CRM vendors for our team" is not "our CRM".
    """
    if any(part.group for part in phrase.parts) or all(a.start < b.start for a, b in pairwise(taken)):
        return False
    if taken[0].lower in _OWNERS:
        return True
    first, last = min(word.start for word in taken), max(word.start for word in taken)
    if first == clause[0].start:
        return False
    return not any(first < word.start < last and word.lower in _TURNS for word in clause)


_OWNERS = frozenset("our my your their its his her".split())

_TURNS = frozenset("of for in on from to with by about against into as is are".split())


def _rank(match: Match) -> tuple[bool, float]:
    return not match.weak, match.strength


def _match(phrase: _Phrase, at: int, clause: Sequence[Word]) -> Match | None:
    """Match all parts of a phrase to different words near the one at ``at``, which fits one of them."""
    parts = phrase.parts
    if len(parts) == 1:
        return Match(phrase.owner, (clause[at],), 1.0, phrase.weak)
    reach = len(parts) - 1 + _SLACK
    far = len(parts) - 1 + _VERB_SLACK
    near = sorted(range(max(0, at - far), min(len(clause), at + far + 1)), key=lambda i: abs(i - at))
    taken: list[Word] = []
    for part in parts:
        most = far if part.group else reach
        word = next(
            (clause[i] for i in near if abs(i - at) <= most and clause[i] not in taken and part.fits(clause[i])), None
        )
        if word is None:
            return None
        taken.append(word)
    if _is_turned_round(phrase, taken, clause):
        return None
    strength = sum(_GROUP_WEIGHT if part.group else 1.0 for part in parts)
    return Match(phrase.owner, tuple(sorted(taken, key=lambda word: word.start)), strength, phrase.weak)
