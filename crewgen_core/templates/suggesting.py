"""Ranks templates for an objective that is being typed: how well the words fit, times how well crews made from it do.

The words are stems, as everywhere in crewgen; one that few templates have says more than one that most have.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crewgen_core.catalog.words import Word, split_words
from crewgen_core.models.template import BLANK, Suggestion, Template
from crewgen_core.templates.track_record import learn_success

LEAST_FIT = 0.18
"""Share of the objective's telling words from which a template is worth showing [assumption]."""

LEAST_WORDS = 2
"""Words that a template must have in common with an objective."""

MOST_SHOWN_WORDS = 5

UNKNOWN_CHANCE = 0.5
"""Predicted chance of a template of which no crew was ever made, where no other was used either."""

_SHORTEST_WORD = 3
_STOPWORDS = frozenset(
    "the and for with from that this into our your their its his her are was were has have had not but all any each "
    "one two three which what who how why when where than then them they you please need want should would could "
    "about over under between after before write make give find out per".split()
)


@dataclass(frozen=True)
class Record:
    """What is known of the crews made from a template."""

    predicted: float
    succeeded: int = 0
    runs: int = 0


class SuggestionIndex:
    """The words of many templates, looked through at once."""

    def __init__(self, templates: Sequence[tuple[Template, int]]) -> None:
        """Index the newest version of each template, given with its number."""
        self._templates = templates
        self._having: dict[str, dict[int, float]] = defaultdict(dict)
        for at, (template, _) in enumerate(templates):
            for stem, weight in _weigh_words(template).items():
                self._having[stem][at] = weight
        count = len(templates)
        self._unknown = math.log(count + 1) + 1
        self._telling = {stem: math.log((count + 1) / (len(have) + 1)) + 0.1 for stem, have in self._having.items()}

    def suggest(self, text: str, records: Mapping[str, Record], most: int = 3) -> tuple[Suggestion, ...]:
        """Return the templates that fit the text best, the best first; none where none fits."""
        words = {word.stem: word for word in reversed(split_words(text)) if _says_something(word)}
        whole = sum(self._telling.get(stem, self._unknown * 0.5) for stem in words)
        if not whole:
            return ()
        scores, common = Counter[int](), defaultdict[int, list[str]](list)
        for stem in words:
            for at, weight in self._having.get(stem, {}).items():
                scores[at] += self._telling[stem] * weight  # pyright: ignore[reportArgumentType] a float counts too
                common[at].append(stem)
        usual = _usual_chance(records)
        fitting = [
            self._write(at, score / whole, [words[stem] for stem in self._by_telling(common[at])], records, usual)
            for at, score in scores.items()
            if score / whole >= LEAST_FIT and len(common[at]) >= LEAST_WORDS
        ]
        ranked = sorted(fitting, key=lambda it: (-it.score, it.key))
        by_mean = sorted(fitting, key=lambda it: (-it.fit * it.success, it.key))
        places = {it.key: place for place, it in enumerate(by_mean)}
        return tuple(
            it.model_copy(update={"worth_trying": place < places[it.key]}) for place, it in enumerate(ranked[:most])
        )

    def _by_telling(self, stems: list[str]) -> list[str]:
        return sorted(stems, key=lambda stem: -self._telling[stem])

    def _write(self, at: int, fit: float, words: list[Word], records: Mapping[str, Record], usual: float) -> Suggestion:
        template, number = self._templates[at]
        record = records.get(template.key) or Record(usual)
        known = learn_success(record.predicted, record.succeeded, record.runs)
        return Suggestion(
            key=template.key,
            name=template.name,
            description=template.description,
            number=number,
            fit=min(fit, 1.0),
            words=tuple(word.text for word in words[:MOST_SHOWN_WORDS]),
            success=known.mean,
            sd=known.sd,
            succeeded=record.succeeded,
            runs=record.runs,
        )


def _weigh_words(template: Template) -> dict[str, float]:
    """Return the stems of a template with their weight: what it is called and for says more than how it is done."""
    defaults = " ".join(blank.default for blank in template.blanks if blank.type in ("text", "list"))
    parts = (
        (1.0, f"{template.name} {' '.join(template.tags)} {template.category}"),
        (0.9, BLANK.sub(" ", template.objective)),
        (0.8, template.description),
        (0.5, " ".join(BLANK.sub(" ", task.name) for task in template.crew.tasks)),
        (0.3, defaults),
    )
    weights: dict[str, float] = {}
    for weight, text in parts:
        for word in split_words(text):
            if _says_something(word):
                weights[word.stem] = max(weight, weights.get(word.stem, 0))
    return weights


def _says_something(word: Word) -> bool:
    return len(word.lower) >= _SHORTEST_WORD and word.lower not in _STOPWORDS and not word.lower.isdigit()


def _usual_chance(records: Mapping[str, Record]) -> float:
    """Return what is typically predicted for crews made from templates."""
    return sum(it.predicted for it in records.values()) / len(records) if records else UNKNOWN_CHANCE
