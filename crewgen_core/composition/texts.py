"""Puts a crew into words: fills the catalog's texts with what this objective says."""

import re
from collections.abc import Sequence

from crewgen_core.analysis.phrasing import (
    drop_from,
    drop_limits,
    lower_first,
    shorten,
    upper_first,
)
from crewgen_core.analysis.question_names import name_question
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.composition.pieces import Piece
from crewgen_core.composition.short_names import name_shortly
from crewgen_core.models.analysis import Analysis, Deliverable
from crewgen_core.models.crew import Task

_LONGEST_TITLE_FOCUS = 8
_LONGEST_OWN_TITLE = 11
"""Words up to which the objective's own order stands as a title, where the catalog's would have to cut it."""

_LONGEST_FOCUS = 30
_MOST_POINTS = 4


class Voice:
    """Speaks of one objective: knows what to put into each slot."""

    def __init__(self, analysis: Analysis, pieces: Sequence[Piece], catalog: Catalog) -> None:
        """Take the objective's words from its analysis; a deliverable without a name is called by its artefact's."""
        self._analysis = analysis
        self._catalog = catalog
        first = analysis.deliverables[0] if analysis.deliverables else None
        self._slots = {
            "subject": self._speakable(analysis.subject),
            "audience": analysis.constraints.audience or "the reader",
            "deliverable": _name(first) if first else self._result_of(pieces),
            "inputs": _list(analysis.constraints.inputs) or "the material at hand",
            "language": analysis.constraints.language or "the target language",
        }
        self._last = pieces[-1]
        self._slots["points"] = "; ".join(self._points(pieces))

    @property
    def deliverable(self) -> str:
        """What exists in the end, with its article ("the two-page brief")."""
        return self._slots["deliverable"]

    def title(self, piece: Piece) -> str:
        """Return a task's name: a short command."""
        request = shorten(
            upper_first(self._speakable(piece.request or piece.focus, question=True)), _LONGEST_TITLE_FOCUS + 3
        )
        focus = self._short(piece)
        fits = "{" in piece.step.title and not _says_twice(piece.step.title, focus)
        made = next((d for d in self._analysis.deliverables if d.artefact == piece.step.produces), None)
        unnamed = made and made.name in piece.request and not _says_all(piece.step.title, made.name)
        cut = piece.named and focus != self._speakable(piece.focus) and len(request.split()) <= _LONGEST_OWN_TITLE
        same = (
            piece.named
            and bool(request)
            and stem(request.split()[0].lower()) == stem(piece.step.title.split()[0].lower())
        )
        question = name_question(piece.focus) != piece.focus
        own_words = piece.request and (cut or same or question or not fits or unnamed)
        template = "{request}" if own_words else piece.step.title
        return upper_first(self._fill(template, focus=focus, subject=focus, request=request))[:200]

    def _short(self, piece: Piece) -> str:
        """Return the focus for a title: what was named in full before is "the wedding" for the work around it."""
        focus = self._speakable(piece.focus)
        if piece.named or piece.focus != self._analysis.subject:
            return shorten(focus, _LONGEST_TITLE_FOCUS)
        if focus.startswith("the question "):
            return "the results" if self._stage(piece) == "plan" else "what the question turns on"
        known = _KNOWN.match(focus)
        if known and len(focus.split()) > _LONG_SUBJECT:
            return f"the {known.group('head')}"
        return shorten(focus, _LONGEST_TITLE_FOCUS)

    def description(self, piece: Piece, sources: Sequence[str]) -> str:
        """Return what the agent is told: the work, what it works from, and the limits that concern it."""
        focus = self._focus(piece)
        parts = [upper_first(self._fill(piece.step.description, focus=focus, request=self._request(piece)))]
        if piece.wishes:
            parts.append(f"Take care of this too: {_list(piece.wishes)}.")
        if sources:
            parts.append(f"Build on {_list(sources)}.")
        elif self._analysis.constraints.inputs and self._slots["inputs"] not in parts[0]:
            parts.append(f"Start from {self._slots['inputs']}.")
        parts.extend(self._limits(piece))
        return " ".join(parts)

    def expected_output(self, piece: Piece) -> str:
        """Return form and parts of the result, and the conditions under which it is accepted."""
        focus = self._focus(piece)
        form = upper_first(self._fill(piece.step.output, focus=focus, request=self._request(piece)))
        checks = [self._condition(piece, check) for check in piece.step.checks]
        checks.extend(self._demands(piece))
        return f"{form} Accepted when: {'; '.join(checks)}."

    def speak(self, template: str, focus: str) -> str:
        """Return a text about an agent, its slots filled."""
        return upper_first(self._fill(template, focus=shorten(self._speakable(focus), _LONGEST_FOCUS)))

    def _result_of(self, pieces: Sequence[Piece]) -> str:
        """Return what the last piece that is no check makes: by its own words where the catalog has no name for it."""
        made = [piece for piece in pieces if self._stage(piece) not in ("review", "final")] or list(pieces)
        last = ([piece for piece in made if piece.named] or made)[-1]
        named = name_shortly(self._speakable(last.focus))
        skill = self._catalog.skills[last.step.skill]
        plain = last.step.key.startswith("plain_") or not self._catalog.home_domains[skill.key]
        makes = plain and skill.activity in ("write", "make", "communicate")
        if last.named and makes and named and '"' not in named:
            return named if named.startswith(("the ", "our ", "my ")) else f"the {named}"
        return f"the {self._catalog.artefacts[last.step.produces].name}"

    def _fill(self, template: str, **slots: str) -> str:
        known = self._slots | slots
        filled = template
        known["topic"] = name_shortly(known.get("focus") or known["subject"])
        for slot, words in known.items():
            filled = filled.replace("{" + slot + "}", words.strip())
        return _tidy(filled)

    def _focus(self, piece: Piece) -> str:
        return shorten(self._speakable(piece.focus), _LONGEST_FOCUS)

    def _request(self, piece: Piece) -> str:
        return upper_first(drop_limits(piece.request or piece.focus))

    def _speakable(self, phrase: str, *, question: bool = False) -> str:
        """Return a phrase of the objective so that it can stand in a sentence that names readers and inputs itself."""
        if self._analysis.written_in != "English":
            return (
                f'"{shorten(phrase, _LONGEST_TITLE_FOCUS)}"'  # words of another language stand in an English sentence
            )
        spoken = drop_limits(phrase)
        spoken = drop_from(spoken, "for|to|aimed at", self._analysis.constraints.audience) or spoken
        stated = self._analysis.constraints
        if stated.language:
            spoken = re.sub(rf",?\s+(?:in|into)\s+{re.escape(stated.language)}\b", "", spoken, flags=re.I) or spoken
        spoken = re.sub(r",\s*(?:in )?(?:an? )?[\w-]+ tone\b", "", spoken)
        for source in stated.inputs:
            spoken = drop_from(spoken, "from|using|based on|with|given|in", source) or spoken
        return spoken if question else name_question(spoken)

    def _limits(self, piece: Piece) -> list[str]:
        """Return the limits that concern everybody, and for what people will read also language and tone."""
        stated = self._analysis.constraints
        limits: list[str] = []
        if stated.exclusions:
            limits.append(f"Keep to this limit: {_list(stated.exclusions)}.")
        if self._is_read_by_people(piece):
            if stated.demands:
                limits.append(f"The objective demands: {'; '.join(stated.demands)}.")
            if stated.language:
                limits.append(f"Write in {stated.language}.")
            if stated.tone:
                limits.append(f"Tone: {stated.tone}.")
            if stated.audience:
                limits.append(f"Readers: {stated.audience}.")
            if stated.due:
                limits.append(f"It is wanted by {stated.due}.")
        if piece is self._last:
            limits.extend(risk.care for risk in self._analysis.risks[:2])
        return limits

    def _points(self, pieces: Sequence[Piece]) -> list[str]:
        """Return what a last check looks at: the first condition of each result, and what the objective demands."""
        made = [piece for piece in pieces if self._stage(piece) not in ("review", "final")]
        points = [self._condition(piece, piece.step.checks[0]) for piece in made[-_MOST_POINTS:]]
        demands = (demand for piece in made for demand in self._demands(piece))
        return list(dict.fromkeys([*points, *demands, *self._analysis.constraints.demands]))

    def _condition(self, piece: Piece, check: str) -> str:
        return lower_first(self._fill(check, focus=self._focus(piece), request=self._request(piece)).rstrip("."))

    def _demands(self, piece: Piece) -> list[str]:
        """Return what the objective itself says about number, size, format and language of this result."""
        deliverable = self._deliverable_of(piece)
        demands: list[str] = []
        if deliverable:
            if deliverable.quantity > 1:
                demands.append(f"the number is right: {deliverable.name}")
            if deliverable.length:
                demands.append(f"the length is {_plain_length(deliverable.length)}")
            if deliverable.file_format:
                demands.append(f"the format is {deliverable.file_format}")
        if self._analysis.constraints.language and self._is_read_by_people(piece):
            demands.append(f"the language is {self._analysis.constraints.language}")
        return demands

    def _deliverable_of(self, piece: Piece) -> Deliverable | None:
        made = next((d for d in self._analysis.deliverables if d.artefact == piece.step.produces), None)
        if made is None and self._stage(piece) in ("review", "final") and self._analysis.deliverables:
            return self._analysis.deliverables[0]
        return made

    def _is_read_by_people(self, piece: Piece) -> bool:
        return self._stage(piece) in ("draft", "product", "review", "final")

    def _stage(self, piece: Piece) -> str:
        return self._catalog.artefacts[piece.step.produces].stage


_NO_TOPIC = frozenset(
    "against between among over under after before during per within without across through until since than whether if "
    "a an the this that these those and or but for to from in into on of with without by at as about per via using given why how "
    "what which who when where whether is are was were be been our my your their its his her we i you they it several some many "
    "new good best top short small large great all any each every more most next last first given certain one two three four five "
    "six seven eight nine ten rose fell dropped important upcoming specific simple complete full".split()
)


def list_work(tasks: Sequence[Task]) -> str:
    """Return the sentence of a backstory that names an agent's tasks, to be read aloud; empty without a task."""
    names = "; ".join(lower_first(task.name) for task in tasks).rstrip("?.")
    return f"Your tasks: {names}." if names else ""


def _name(deliverable: Deliverable) -> str:
    return deliverable.name if deliverable.quantity > 1 else f"the {deliverable.name}"


_LONG_SUBJECT = 5
"""Words from which a title uses the short form."""

_KNOWN = re.compile(
    r"^an?\s+(?P<head>(?:[\w'’-]+\s+){0,4}?[\w'’-]+)\s+(?:for|in|of|on|at|with|that|which|to|from|through|by|about)\b"
)


def _says_twice(template: str, focus: str) -> bool:
    """True when the template's own words come again in what is put into it ("Find suppliers for ten suppliers")."""
    own = {word.stem for word in split_words(re.sub(r"\{\w+\}", " ", template)) if word.lower not in _NO_TOPIC}
    return any(word.stem in own for word in split_words(focus))


def _says_all(template: str, name: str) -> bool:
    """True when the template's own words say all that a name says: "privacy policy" is no cookie policy."""
    own = {word.stem for word in split_words(template)}
    return all(word.stem in own or word.lower in _NO_TOPIC or "-" in word.text for word in split_words(name))


def _plain_length(length: str) -> str:
    """Turn "two-page" into "two pages"."""
    number, _, unit = length.replace("-", " ").rpartition(" ")
    single = number.lower() in ("one", "1", "a single", "single", "half a") or unit.endswith("s")
    return f"{number} {unit if single else unit + 's'}"


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}" if words else ""


_SAID_TWICE = re.compile(r"\b((?:[\w-]+ ){0,3}[\w-]{4,}?)(s?) (?:on|about) (?:the )?\1s?\b", re.I)
"""Of "the launch on the launch of our bottle", what makes the second launch the first: "the launch of our bottle"."""


def _tidy(text: str) -> str:
    """Mend what filling slots breaks: doubled articles, words and spaces, and what is about itself."""
    text = re.sub(r"\b(the|a|an|our|of|for|to|in|on|about|from)\s+\1\b", r"\1", text, flags=re.I)
    text = re.sub(r"\b(?:the|a|an)\s+(the|a|an|our|this|these)\b", r"\1", text, flags=re.I)
    text = re.sub(r"\b(final|corrected|complete|finished|this) the\b", r"\1", text)
    return _SAID_TWICE.sub(r"\1\2", re.sub(r"\s+", " ", text)).strip()
