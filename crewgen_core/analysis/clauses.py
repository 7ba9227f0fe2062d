"""Splits an objective into clauses: one for each thing to do, with its verb and what the verb is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from crewgen_core.analysis.asides import Aside, set_apart
from crewgen_core.analysis.clause import Clause
from crewgen_core.analysis.commands import Commands
from crewgen_core.analysis.phrasing import lower_first
from crewgen_core.analysis.questions import Questions
from crewgen_core.analysis.references import share_objects
from crewgen_core.analysis.saying import Kind, Saying
from crewgen_core.analysis.sentences import Sentence, split_sentences
from crewgen_core.analysis.verbs import DETERMINERS, IDIOMS, Verbs, is_second_noun
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem

_JOINT = re.compile(
    r",\s*and then\s+|,\s*and\s+|,\s*then\s+|,\s*but\s+|\s+and then\s+|\s+then\s+|,?\s+so\s+(?=only\s)|,\s+|\s+and also\s+|\s+and\s+|"
    r"\s+as well as\s+|\s+plus\s+|\s+&\s+",
    re.I,
)
_ORDERS_THE_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|instructions|rules|prompt|prompts|guidelines)\b"
    r"|\bsystem prompt\b|\byou are now\b|\bjailbreak\b",
    re.I,
)
_LIMIT_ONLY = re.compile(
    r"^(?:(?:please|use|with|take|only|exactly|just|at most|no more than|max(?:imum)?|up to)\s+)*"
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|a single)\s+(?:ai\s+)?agents?(?:\s+(?:only|at most|max(?:imum)?))?$"
    r"|^(?:budget|deadline|cost limit|time limit|max(?:imum)? cost|language|tone|format|audience)\b.{0,60}$"
    r"|^(?:keep|stay)\s+(?:it\s+|the cost\s+)?(?:under|below|within|cheap|short|simple)\b.{0,40}$",
    re.I,
)
"""A clause that only sets a limit: ``constraints`` reads it, there is nothing to do for it."""

_ASKS = re.compile(r"(?:give|tell|show|deliver|provide|send)\s+(?:me|us)\b|please\b", re.I)
_FORBIDS = re.compile(r"^(?:please\s+)?(?:do not|don't|never|avoid)\b", re.I)
_PARTICLES = frozenset(
    {
        "up",
        "out",
        "down",
        "through",
        "into",
        "at",
        "over",
        "about",
        "on",
        "off",
        "between",
        "among",
        "back",
        "away",
        "together",
    }
)
_LEFT_TO_NOUN = frozenset({"least", "most", "once", "average", "each", "every", "time"})
"""Words that the particle before them belongs to: "at least 15 videos", "on average"."""

_BESIDES = re.compile(r"\s*\b(?:plus|as well as|and also)\b\s*", re.I)
_GIVES = frozenset(
    "give hand send show tell write offer email teach pass bring pay grant lend sell make get prepare advise mail "
    "text message provide present deliver explain read test guide advise ask quiz coach".split()
)
_TO_PERSON = re.compile(
    r"^(?P<who>me|us|him|her|everyone|everybody|each one|each of them|one another)\s+(?=\S)|^(?P<them>them)\s+(?=(?:an?|the|some|about|how|what)\s)",
    re.I,
)
MAX_CLAUSES = 24
"""Later clauses of a very long text only repeat or explain; what they name is still found in the whole text."""


def split_clauses(text: str, catalog: Catalog) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """Return the clauses of an objective, and the passages left out because they give orders to the machine.

    What stands in brackets comes last, as statements: it tells more about a clause and asks for nothing of its own.
    """
    plain, asides = set_apart(text)
    splitter = _Splitter(catalog)
    clauses: list[Clause] = []
    orders: list[str] = []
    spelt_out = Questions(Verbs(catalog)).spell_out(tuple(split_sentences(plain)))
    told = (replace(one, told=True) for aside in asides for one in split_sentences(aside.text))
    for sentence in chain(spelt_out, told):
        if not split_words(sentence.text):
            continue
        if _LIMIT_ONLY.match(sentence.text) or (clauses and _FORBIDS.match(sentence.text)):
            continue
        if _ORDERS_THE_MACHINE.search(sentence.text):
            orders.append(sentence.text)
            continue
        clauses.extend(splitter.split(sentence))
        if len(clauses) >= MAX_CLAUSES:
            break
    shared = _add_asides(share_objects(clauses[:MAX_CLAUSES]), asides)
    return tuple(_keep_headings_of_lists(shared)), tuple(orders)


def _add_asides(clauses: Sequence[Clause], asides: Sequence[Aside]) -> list[Clause]:
    """Let the clause that a bracket stood in know what it said."""
    added = list(clauses)
    for aside in asides:
        at = next((at for at, clause in enumerate(added) if aside.behind and aside.behind in clause.text.lower()), None)
        if at is not None:
            added[at] = replace(added[at], aside=", ".join(filter(None, (added[at].aside, aside.text))))
    return added


class _Splitter:
    def __init__(self, catalog: Catalog) -> None:
        self._verbs = Verbs(catalog)
        self._commands = Commands(self._verbs, catalog.lead_ins)
        self._recipient = catalog.recipient_pattern

    def split(self, sentence: Sentence) -> Iterator[Clause]:
        """Yield the clauses of a sentence."""
        if sentence.topic:
            yield replace(_clause("", sentence.text, "statement"), topic=True)
            return
        found = [clause for saying in self._commands.read(sentence) for clause in self._clauses_of(saying)]
        if sentence.heading and len(found) == 1:
            found = [replace(found[0], heading=True)]
        yield from found

    def _clauses_of(self, saying: Saying) -> Iterator[Clause]:
        if saying.kind in ("statement", "demand", "owner"):
            yield _clause("", saying.text, saying.kind)
            return
        told = saying.told
        pieces = self._split_at_orders(saying.text, told, strict=saying.kind == "thing")
        for at, piece in enumerate(pieces):
            bare = self._bare(piece, told)
            mended = self._verbs.mend(bare)
            verb = self._verbs.leading_verb(mended, told=told) if at or saying.kind == "order" else ""
            clause = self._order(verb, mended) if verb else _clause("", bare, saying.kind)
            if saying.borrowed and saying.borrowed in clause.text:
                clause = replace(clause, borrowed=saying.borrowed)
            yield clause if mended == bare or not verb else _as_spelt(clause, bare)

    def _bare(self, piece: str, told: bool) -> str:
        bare = self._commands.strip_lead_in(_BESIDES.sub("", piece) if _BESIDES.match(piece) else piece)
        bare = self._commands.strip_role(bare) if told else bare
        return self._commands.turn_causative(bare)

    def _split_at_orders(self, text: str, told: bool, *, strict: bool) -> list[str]:
        """Split at commas and "and" where the next words are an order of their own."""
        pieces: list[str] = []
        begin = 0
        joints = list(_JOINT.finditer(text))
        for at, joint in enumerate(joints):
            behind = text[joint.end() :]
            bare = self._verbs.mend(self._bare(behind[:200], told))
            following = joints[at + 1].start() if at + 1 < len(joints) else len(text)
            if not self._is_order_behind(behind, bare, told, strict=strict) and (
                strict or not self._continues(text[begin : joint.start()], text[joint.end() : following])
            ):
                continue
            before = split_words(text[begin : joint.start()])
            if len(split_words(behind)) == 1 and len(before) < 2:
                continue
            pieces.append(text[begin : joint.start()])
            begin = joint.end()
        pieces.append(text[begin:])
        return [piece.strip(" ,") for piece in pieces if split_words(piece)]

    def _continues(self, before: str, piece: str) -> bool:
        """True for two words such as "check compliance" that follow a full order ("analyse the needs")."""
        words, previous = split_words(piece), split_words(before[:80])
        return (
            len(words) == 2
            and words[0].lower in self._verbs.nouns
            and (not is_second_noun(words[1].lower) or words[1].lower in ("addresses", "items", "files", "records"))
            and words[1].text.islower()
            and len(previous) in (2, 3)
            and self._verbs.is_verb(previous[0].lower)
            and (
                previous[1].lower in DETERMINERS
                or previous[0].lower in self._verbs.nouns
                or (len(previous) == 2 and previous[1].lower.endswith("s"))
            )
        )

    def _is_order_behind(self, behind: str, bare: str, told: bool, *, strict: bool) -> bool:
        if _ASKS.match(behind):
            return True
        if not self._verbs.opens_order_within(bare, told=told):
            return False
        if not strict:
            return True
        words = split_words(bare[:80])
        return len(words) > 1 and (words[1].lower in _SHOWS_OBJECT or words[0].lower not in self._verbs.nouns)

    def _order(self, verb: str, text: str) -> Clause:
        """Return the clause of an order: its verb, whom it gives something, and what it is about."""
        action = self._verbs.base_form(verb.lower().replace("-", " "))
        rest = text[len(verb) :].strip(" ,?")
        recipient = ""
        if action.split()[-1] in _GIVES:
            person = _TO_PERSON.match(rest) or self._recipient.match(rest)
            if person:
                recipient = person["who"] if person.re is self._recipient else ""
                rest = rest[person.end() :].strip()
        rest = _HOW_OFTEN.sub("", _strip_particles(rest))
        behind = rest.split(maxsplit=1)
        if len(behind) > 1 and behind[0].lower() in _OBJECT_BEHIND.get(action, ""):
            rest = behind[1]
        if action in _ENDS:
            rest = re.sub(r"^(?:with|by|in)\s+", "", rest, flags=re.I)
        if action in _SURE:
            action = "ensure"
        words = split_words(text)
        count = 0
        if action in IDIOMS:
            count, action = len(split_words(verb)), IDIOMS[action]
            words[0] = replace(words[0], lower=action, stem=stem(action))
        source = ""
        turned = _INTO.match(rest) if action in _GATHERS else None
        if turned and _ANYTHING.match(turned["what"]):
            rest = turned["form"]
        elif turned and action in _TURNS and rest[turned.end("what") :].split()[0] in _INTOS[action in _CONVERTS]:
            source, rest = turned["what"], turned["form"]
        return Clause(
            text, tuple(words), action, rest, request=True, recipient=recipient, source=source, verb_words=count
        )


def _as_spelt(clause: Clause, text: str) -> Clause:
    """Let a clause with a misspelt verb keep its own words; only what they are looked up by is right."""
    verb, *rest = split_words(text)
    right = clause.words[0]
    return replace(clause, text=text, words=(replace(verb, lower=right.lower, stem=right.stem), *rest))


_SHOWS_OBJECT = DETERMINERS | {"it", "them", "me", "us", "what", "how", "why", "which", "whether"}
_OBJECT_BEHIND = {
    "look": ("for", "into", "at", "through"), "search": ("for", "through"), "ask": ("for", "about"), "apply": ("for", "to"),
    "respond": ("to",), "reply": ("to",), "comment": ("on",), "report": ("on",), "go": ("through", "over"), "focus": ("on",),
    "advise": ("on",), "watch": ("for",), "prepare": ("for",), "plan": ("for",), "write": ("about", "on", "to"), "come": ("with",),
    "answer": ("to",), "learn": ("about", "from", "to"), "consider": ("of",), "scan": ("for",), "decide": ("on", "about", "between"),
    "think": ("about", "of"), "reach": ("to",), "hunt": ("for",), "dig": ("for", "into"), "submit": ("to",), "translate": ("from",),
    "choose": ("from", "among"), "select": ("from", "among"), "pick": ("from", "among"), "compare": ("with",), "fill": ("in", "out"), "hand": ("in",), "put": ("together",),
}  # fmt: skip
"""Prepositions in front of what a verb is about: "look for suppliers" is about suppliers."""

_HOW_OFTEN = re.compile(
    r"^(?:(?:each|every)\s+(?:morning|evening|night|day|week|month|quarter|year|hour)|daily|weekly|monthly),?\s+(?=(?:what|which|how|whether|who|when|where|the|our|all|an?)\s)",
    re.I,
)
"""How often something is done, between the verb and what it is about ("decide each evening what to bake")."""

_ENDS = frozenset({"end", "finish", "close", "conclude"})
_SURE = frozenset(
    {"make sure", "make sure that", "make sure to", "see to it", "see to it that", "take care", "be sure", "be sure to"}
)
_TURNS = frozenset(
    "turn convert transform adapt condense merge combine compile rewrite assemble consolidate distill develop rework boil "
    "expand summarise summarize".split()
)
"""Verbs that make one thing into another."""

_CONVERTS = frozenset({"turn", "convert", "transform"})
_INTOS = (("into", "as"), ("into", "as", "to"))
"""Prepositions in front of what something becomes; "to" only behind a verb that leaves no doubt."""

_GATHERS = _TURNS | frozenset(
    "put pack wrap bundle integrate mix present collect gather write craft format join deliver".split()
)
"""Verbs that make one thing out of all that is there ("put everything into a memo")."""

_INTO = re.compile(
    r"^(?P<what>.{2,200}?)\s+(?:together\s+)?(?:in(?=\s+(?:an?|one|two|three)\s)|into|as(?=\s+(?:an?|one|two|three|four|five|\d+)\s)|to(?=\s+(?:an?|one)\s))\s+"
    r"(?P<form>(?:(?:an?|one|the|our|two|three|four|five|six|eight|ten|\d+)\s+\S|[a-z]{3,}(?![a-z]*ing\b)).*)$",
    re.S,
)
_ANYTHING = re.compile(
    r"^(?:it|this|that|them|these|those|everything|each|all)(?:\s+(?:all|of\s+(?:it|them|this)))?$"
    r"|^(?:the|all|these|your|our)\s+(?:\w+\s+)?(?:results|findings|parts|pieces|sections|answers)$",
    re.I,
)


def _clause(verb: str, text: str, kind: Kind) -> Clause:
    return Clause(
        text,
        tuple(split_words(text)),
        verb,
        _strip_particles(lower_first(text)) if kind not in ("statement", "owner") else lower_first(text),
        request=kind in ("order", "thing"),
        demand=kind == "demand",
        owner=kind == "owner",
    )


def _strip_particles(rest: str) -> str:
    """Drop "out" and "about" behind a verb ("find out about the visitors"), not "at" of "at least 15"."""
    while True:
        words = rest.split(maxsplit=2)
        if len(words) < 2 or words[0].lower() not in _PARTICLES:
            return rest
        if words[1].lower() in _LEFT_TO_NOUN or words[1][:1].isdigit():
            return rest
        rest = rest[len(words[0]) :].lstrip()


def _keep_headings_of_lists(clauses: list[Clause]) -> list[Clause]:
    """Take a clause for a heading only when at least two follow it: "launch a podcast: plan it, find guests"."""
    return [
        replace(clause, heading=False) if clause.heading and len(clauses) - at < 3 else clause
        for at, clause in enumerate(clauses)
    ]
