"""Turns a list of questions and things into orders: "who we talk to, what it costs, a letter" asks for three pieces."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crewgen_core.analysis.phrasing import lower_first
from crewgen_core.analysis.sentences import Sentence
from crewgen_core.analysis.verbs import Verbs

_SHORT_BEGINNINGS = (
    (re.compile(r"^(?:(I|we|they)['’]ve\s+)?got\s+(?=(?:an?|some|the|\d+|two|three)\s)", re.I), r"we have "),
    (re.compile(r"^need\s+(?=(?:an?|some|one|two|three|\d+)\s)", re.I), "I need "),
    (re.compile(r"^(I|we|they)['’]ve\b", re.I), r"\1 have"),
    (re.compile(r"^(we|they)['’]re\b", re.I), r"\1 are"),
    (re.compile(r"^here['’]s\b", re.I), "here is"),
    (re.compile(r"^(I)['’]m\b", re.I), r"\1 am"),
    (re.compile(r"^thinking (of|about)\b", re.I), r"we are thinking \1"),
)
_SHORT = (
    (re.compile(r"\b(what|who|where|when|how|that|here)['’]s\b", re.I), r"\1 is"),
    (re.compile(r"\b(who|what|they|it|we|you)['’]d\b(?!\s+(?:like|better)\b)", re.I), r"\1 would"),
    (re.compile(r"\b(they|it|you|he|she|we|who|what)['’]ll\b", re.I), r"\1 will"),
)
"""Short forms of speech and what they stand for, at the beginning of a sentence and in a question."""

_LOOK_OVER = re.compile(
    r"^(?:(?:i |we )?(?:just )?(?:need|want|could use|would like)\s+)?(?:an?\s+)?(?:quick\s+|honest\s+)?"
    r"(?:sanity check|second opinion|second pair of eyes|once-over|reality check)\s+(?:on|of|for|over|about)\s+(?=\S)",
    re.I,
)
_SAID_OTHERWISE = (
    (_LOOK_OVER, "check "),
    (re.compile(r"\bwrite (?:it|this|that|them|everything)(?: all)? up\b", re.I), "write a report"),
    (re.compile(r"\btype (it|this|that|them|everything)(?: all)? up\b", re.I), r"transcribe \1"),
)
"""Orders of everyday speech, and the plain ones."""

_WANTS_TO_KNOW = re.compile(
    r"^(?:(?P<who>(?:an?|the|our|my)\s+(?:[\w'’-]+\s+){1,6}?)(?:wants|needs|would like)\s+to\s+(?:know|understand|see|find out)"
    r"|(?P<told>.*?)(?:(?:^|,?\s+(?:and|but|so)\s+|,\s+)(?:my|our|the)?\s*[\w'’-]+(?:\s+[\w'’-]+)?\s+"
    r"(?:wants?|needs?|would like|wonders?|asks?|keeps? asking)\s*(?:me|us)?\s*(?:to know|to understand|to see)?))\s+(?P<asked>(?:why|what|how|which|who|where|when|whether)\s+\S.*)$",
    re.I | re.S,
)
_WORD = r"(?:why|what|how|which|who|whom|whose|where|when|whether)"
_ASKED = re.compile(rf"^{_WORD}\b(?!\s+(?:possible|needed|necessary|appropriate|relevant)\b)", re.I)
_NEVER_RELATIVE = re.compile(r"^(?:why|what|how|whether)\b", re.I)
"""Words that open a question behind a comma; "who" and "where" may tell more about the noun before it."""

_AUXILIARIES = "do|does|did|can|could|should|would|will|must|are|is|was|were|am"
_PERSONS = "we|i|you|they|it|he|she|people|others|customers|users|visitors|patients|guests|staff"
_INVERTED = re.compile(
    rf"^(?P<word>{_WORD}(?:\s+(?:and|or)\s+{_WORD})?(?:\s+(?!(?:{_AUXILIARIES})\b)[\w'’-]+){{0,4}}?)\s+(?P<aux>{_AUXILIARIES})\s+"
    rf"(?P<who>{_PERSONS})\b(?P<rest>.*)$",
    re.I | re.S,
)
_LEADS = re.compile(
    rf"^(?:please\s+)?(?:(?:i|we)\s+(?:just\s+)?(?:need|want|would like)\s+to\s+)?(?:(?:tell|show)\s+(?:me|us)|figure out|work out|know|see|say|let me know)\s+(?={_WORD}\b)",
    re.I,
)
"""What merely asks for the answer to the question behind it."""

_FINDS_OUT = re.compile(r"^(?:find out|explain)\s+", re.I)
_OWN = re.compile(r"^(?P<word>what|who|where)\s+(?P<aux>are|is)\s+(?P<what>(?:my|our)\s+[\w'’ -]{3,40})$", re.I)

_JOINT = re.compile(
    r",\s+(?:and\s+|plus\s+|then\s+|but\s+)*|;\s*|\s+plus\s+|\s+and\s+(?=(?:tell|show)\s+(?:me|us)\s+(?:wh|how\b))",
    re.I,
)
_INNER_JOINT = re.compile(
    r"\s+and\s+(?=(?:an?|some|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\s+[a-z])", re.I
)
_THING = re.compile(
    r"^(?:an?|some|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|\d+|pros and cons)\b", re.I
)
_ANSWERED_IN = re.compile(
    r"^(?P<size>(?:about\s+|max(?:imum)?\s+|at most\s+)?(?:a single|an?|one|two|three|four|five|six|\d+))[\s-]+pages?(?:\s+max(?:imum)?)?(?P<rest>\s+(?:for|with|to)\s.*)?$",
    re.I | re.S,
)
_ARRANGED = re.compile(r"^(?:an?|one|some)\s+(?:[\w-]+\s+){0,2}(?:plan|rota|roster|schedule|timetable)\b", re.I)
"""Things that are planned, not written."""

_LIMITS = re.compile(
    r"^(?:no|not|nothing|nobody|without|under|below|max(?:imum)?|at most|no more than|up to|within)\s+\S", re.I
)

_WHAT_TO_DO = re.compile(
    rf"^(?:what|which|who|where|when|how)(?:\s+[\w-]+){{0,2}}?\s+to\s+[a-z]"
    rf"|^{_WORD}\b.{{0,40}}?\b(?:we|i|you)\s+(?:should|could|can|must|might|will|would|say|tell|talk|ask|do|need|offer|try|charge)\b"
    r"|^(?:which|what)\b.{0,30}\b(?:would|could)\s+help\b|^(?:who)\s+does\s+what\b",
    re.I,
)
_HOW_MUCH = re.compile(
    rf"^how (?:much|many|long)\b|^{_WORD}\b.{{0,60}}?\b(?:costs?|pays? back|pay off|afford|worth|fair price|budget)\b",
    re.I,
)
_FOUND_OUTSIDE = re.compile(
    r"\b(?:the law|rights|rules|legal|others?|competitors?|rivals|funds|grants?|subsid\w+|schools?|sector|deadlines?|applies|"
    r"already there|happened at|there are|are there|on the market|models?)\b",
    re.I,
)


class Questions:
    """Spells out lists of questions."""

    def __init__(self, verbs: Verbs) -> None:
        """Take the verbs that tell an order from a thing in a list."""
        self._verbs = verbs

    def spell_out(self, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
        """Yield an order for each question and each thing of a list with questions in it; the rest as it is."""
        for at, sentence in enumerate(sentences):
            text = sentence.text
            for form, meant in _SHORT_BEGINNINGS:
                text = form.sub(meant, text)
            for form, meant in _SAID_OTHERWISE:
                text = form.sub(meant, text)
            if sentence.heading:
                following = sentences[at + 1].text if at + 1 < len(sentences) else ""
                yield replace(sentence, text=text, heading=not _asks_only(following))
            elif sentence.topic or sentence.told or sentence.owner:
                yield sentence
            else:
                behind_heading = at > 0 and sentences[at - 1].heading
                yield from self._spell_out(replace(sentence, text=text), behind_heading)

    def _spell_out(self, sentence: Sentence, behind_heading: bool) -> Iterator[Sentence]:
        text = sentence.text
        known = None if _ASKED.match(text) else _WANTS_TO_KNOW.match(text)
        if known:
            if known["who"]:
                yield Sentence(known["who"].strip(), owner=True)
            elif known["told"].strip():
                yield Sentence(known["told"].strip(" ,"), told=True)
            text = known["asked"]
        pieces = self._pieces(text, behind_heading)
        if pieces:
            yield from _join_alike([_ask(piece) for piece in pieces])
        elif (
            known
            or (_HOW_MUCH.match(text) and _INVERTED.match(text))
            or _LEADS.match(text)
            or _ANSWERED_IN.match(text)
            or _LIMITS.match(text)
        ):
            yield _ask(text)
        else:
            yield sentence

    def _pieces(self, text: str, behind_heading: bool) -> list[str]:
        """Return the items of a list with questions in it; none when it is another kind of sentence."""
        parts = _parts(text)
        asked = [part for part in parts if _is_asked(part)]
        later = [part for part in parts[1:] if part in asked and len(part.split()) > 1]
        sure = any(_is_surely_asked(part) for part in later)
        opens = bool(asked) and parts[0] == asked[0] and (_is_surely_asked(parts[0]) or bool(later))
        if len(parts) < 2 or not asked or not (behind_heading or opens or sure):
            return []
        pieces: list[str] = []
        for at, part in enumerate(parts):
            whole = at == 0 and not behind_heading and not opens
            for one in [part] if whole else [one for one in _INNER_JOINT.split(part) if one.strip()]:
                alone = len(one.split()) == 1
                if not pieces or (not alone and self._is_item(one)):
                    pieces.append(one)
                else:
                    pieces[-1] += f" and {one}" if alone and _ASKED.match(one) else f", {one}"
        return pieces

    def _is_item(self, text: str) -> bool:
        return bool(
            _is_asked(text) or _THING.match(text) or _LIMITS.match(text) or self._verbs.opens_order_within(text)
        )


def _parts(text: str) -> list[str]:
    return [part.strip(" ,?") for part in _JOINT.split(text) if part.strip(" ,?")]


def _is_asked(part: str) -> bool:
    return bool(_ASKED.match(_FINDS_OUT.sub("", _LEADS.sub("", part))))


def _is_surely_asked(part: str) -> bool:
    """True for a question that cannot be a relative or conditional clause."""
    return bool(_FINDS_OUT.match(part) or _NEVER_RELATIVE.match(part) or _LEADS.match(part) or _INVERTED.match(part))


def _asks_only(text: str) -> bool:
    """True for a list of questions and nothing else: they ask about what the heading in front of it names."""
    parts = _parts(text)
    return len(parts) > 1 and all(_is_asked(part) for part in parts)


def _ask(item: str) -> Sentence:
    """Return an item as an order."""
    bare = _LEADS.sub("", item.strip(" ,?"))
    if _LIMITS.match(bare):
        return Sentence(bare, told=True)
    sized = _ANSWERED_IN.match(bare)
    if sized:
        size = re.sub(r"^(?:a single|an?)$", "one", sized["size"], flags=re.I).lower()
        return Sentence(f"write a {size}-page report{sized['rest'] or ''}")
    if _ASKED.match(bare):
        question = _tell(bare)
        return Sentence(f"{_verb_for(question)} {question}")
    if not _THING.match(bare):
        return Sentence(bare)
    return Sentence(f"{'prepare' if _ARRANGED.search(bare) else 'draft'} {lower_first(bare)}")


def _join_alike(orders: Sequence[Sentence]) -> Iterator[Sentence]:
    """Join questions that follow each other and ask for the same kind of work."""
    joined: list[Sentence] = []
    for order in orders:
        verb = next((verb for verb in _ANSWERS if order.text.startswith(f"{verb} ")), "")
        before = joined[-1].text if joined else ""
        if verb and before.startswith(f"{verb} ") and len(f"{before} {order.text}".split()) <= _LONGEST_JOINED:
            joined[-1] = Sentence(f"{before} and {order.text[len(verb) + 1 :]}")
        else:
            joined.append(order)
    yield from joined


_ANSWERS = ("recommend", "determine", "find out", "calculate")
"""The orders that questions become."""

_LONGEST_JOINED = 11
"""Words of an order that still reads at a glance [assumption]."""


def _tell(question: str) -> str:
    """Turn "what do we ask them" into "what we ask them"."""
    question = lower_first(question)
    for form, meant in _SHORT:
        question = form.sub(meant, question)
    own = _OWN.match(question)
    if own:
        return f"{own['word']} {own['what']} {own['aux']}"
    turned = _INVERTED.match(question)
    if not turned:
        return question
    word, aux, who, rest = turned["word"], turned["aux"].lower(), turned["who"], turned["rest"].strip()
    who = "I" if who == "i" else who
    if aux == "do":
        return f"{word} {who} {rest}".strip()
    if aux in ("does", "did"):
        verb, _, behind = rest.partition(" ")
        return f"{word} {who} {verb}{'s' if aux == 'does' else ''} {behind}".strip() if aux == "does" else question
    return f"{word} {who} {aux} {rest}".strip()


def _verb_for(question: str) -> str:
    """Return the verb of the work that answers a question: to recommend, to calculate, to look up or to judge."""
    if _HOW_MUCH.match(question):
        return "calculate"
    if _FOUND_OUTSIDE.search(question):
        return "find out"
    if _WHAT_TO_DO.match(question):
        return "recommend"
    return "determine"
