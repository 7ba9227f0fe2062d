"""Splits an objective into clauses: one for each thing to do, with its verb and what the verb is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crewgen_core.analysis.phrasing import lower_first
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import Word, split_words

_TAG = re.compile(r"<(script|style)\b[^<>]{0,300}>.*?</\1\s*>|<[^<>]{0,300}>", re.I | re.S)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\s*\n+\s*|:\s+|\s+[–—]\s+")
_HEADING = re.compile(r"(?P<heading>[^.!?:\n]{1,200}):\s+\S")
_OPENING = re.compile(
    r"^\s*(?:given|using|from|based on|with|starting from)\s+(?P<given>[^,]{3,120}),\s+(?P<rest>.+)$", re.I | re.S
)
_BULLET = re.compile(r"^[^\S\n]*(?:[-*•‣]|\(?\d{1,2}[.)]|[a-z][.)])[^\S\n]+", re.M)
_JOINT = re.compile(r",\s*and then\s+|,\s*and\s+|,\s*then\s+|\s+and then\s+|\s+then\s+|,\s+|\s+and\s+|\s+plus\s+", re.I)
_ORDERS_THE_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|instructions|rules|prompt|prompts|guidelines)\b"
    r"|\bsystem prompt\b|\byou are now\b|\bjailbreak\b",
    re.I,
)
_LIMIT = re.compile(
    r"[,;]?\s+(?:(?:and|for|with|in|using)\s+)?"
    r"(?:under|below|less than|at most|no more than|not more than|max(?:imum)?(?: of)?|up to)\s+"
    r"(?:(?:US)?\$\s?\d{1,2}(?:\.\d+)?(?![\d,.]|\s?(?:k|m|thousand|million|per|a)\b)"
    r"|\d{1,2}(?:\.\d+)?\s?(?:usd|dollars?)\b"
    r"|(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:ai\s+)?agents?\b)"
    r"|[,;]?\s+(?:and\s+|with\s+)?(?:no|without(?: any)?)\s+(?:web|internet|online|network)"
    r"(?:\s+(?:access|search(?:es)?|browsing|use))?\b"
    r"|[,;]?\s+offline only\b",
    re.I,
)
"""A limit within a clause ("under $2, at most 3 agents, no web access"): ``constraints`` reads it."""

_LIMIT_ONLY = re.compile(
    r"^(?:(?:please|use|with|take|only|exactly|just|at most|no more than|max(?:imum)?|up to)\s+)*"
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|a single)\s+(?:ai\s+)?agents?(?:\s+(?:only|at most|max(?:imum)?))?$"
    r"|^(?:budget|deadline|cost limit|time limit|max(?:imum)? cost|language|tone|format|audience)\b.{0,60}$"
    r"|^(?:keep|stay)\s+(?:it\s+|the cost\s+)?(?:under|below|within|cheap|short|simple)\b.{0,40}$",
    re.I,
)
"""A clause that only sets a limit: ``constraints`` reads it, there is nothing to do for it."""

_STATEMENT = re.compile(r"^(?:i|we|they|he|she|it|there|our|my|this|these|those|the|a|an)\b", re.I)
_WISH = re.compile(r"\b(?:need|needs|want|wants|must|should|would like|looking for|required|has to|have to)\b", re.I)
_QUESTION = re.compile(r"^(?:why|how|what|which|who|where|when|whether|should|is|are|do|does|did|can|will)\b", re.I)
_ASKS = re.compile(r"(?:give|tell|show|deliver|provide|send)\s+(?:me|us)\b|please\b", re.I)
_RELATIVE = re.compile(r"\b(?:that|which|who)\b", re.I)
_FOR_ME = re.compile(r"^(?:me|us)\s+(?=\w)", re.I)
_TELLS = re.compile(
    r"\b(?:dropped|rose|fell|grew|declined|increased|decreased|went|is|are|was|were|has|have|had|keeps?|costs?|takes?)\b",
    re.I,
)
"""A verb by which a sentence without an order tells about the situation."""

_AS_SOMEBODY = re.compile(r"^as\s+(?:the\s+|an?\s+)?[^,.]{2,90}?,?\s+(?=(?:i|we)\s)", re.I)
_SOMEBODY_WANTS = re.compile(
    r"^(?P<who>(?:the|our|my)\s+(?:[\w-]+\s+){1,3}?)(?:wants|needs|expects|asks for|asked for|requires|would like|requested)\s+"
    r"(?P<what>(?:an?|the|one|two|three|four|five|ten|\d+|some)\s.+)$",
    re.I,
)
_FORBIDS = re.compile(r"^(?:please\s+)?(?:do not|don't|never|avoid)\b", re.I)
_INLINE_NUMBER = re.compile(r"(?<=\S)\s+\d{1,2}[.)]\s+(?=[A-Za-z])")
_WORK_OUT = re.compile(r"work out\b", re.I)
_COMPOUND_VERB = re.compile(r"(?:fact|proof|double|cross|spell)[\s-](?:check|read)\b", re.I)
_HEAD = re.compile(r",|;|\s(?:and|for|to|from|into|with|that|which|by|against|in|on|at)\s")
_PRONOUNS = frozenset({"it", "them", "this", "that", "these", "those", "everything", "all", "each", "one"})
_OWNERS = {"its": "the", "their": "the", "his": "the", "her": "the", "my": "the", "your": "the"}
_PARTICLES = frozenset(
    {"up", "out", "down", "through", "into", "for", "at", "over", "about", "on", "between", "among", "off"}
)
_ARTICLES = frozenset(
    "a an the our my their its this these all every each two three four five six seven eight nine ten".split()
)
_FUNCTION_WORDS = frozenset(
    "for from in on at with by of to as if when while after before during about over under and or but not there here".split()
)
_NOT_AN_ORDER_BEFORE = frozenset({"of", "for", "is", "are", "in", "on", "or", "by", "with", "from", "that", "which"})
_BLANKS = re.compile(r"[^\S\n]+")
_LONG = re.compile(r"\S.{0,599}(?!\S)|\S.{0,599}", re.S)
"""A sentence of more than 600 characters, a hundred words, is no sentence any more: it is read in pieces."""
MAX_CLAUSES = 24
"""Later clauses of a very long text only repeat or explain; what they name is still found in the whole text."""


@dataclass(frozen=True)
class Clause:
    """A piece of an objective that says one thing."""

    text: str
    words: tuple[Word, ...]
    """Its words; their positions are within ``text``."""
    action: str
    """The verb's base form as written, empty when the clause has none."""
    focus: str
    """What the verb is about; the whole clause when there is no verb."""
    request: bool
    """True when it asks for something, False when it only tells about the situation."""
    heading: bool = False
    """True when it only sums up the clauses that follow it behind a colon."""

    @property
    def verb_count(self) -> int:
        """Number of words of the verb at its beginning."""
        return len(self.action.split())

    @property
    def object_start(self) -> int:
        """Where the words behind the verb begin, in ``text``."""
        return self.words[self.verb_count].start if len(self.words) > self.verb_count else 0


def split_clauses(text: str, catalog: Catalog) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """Return the clauses of an objective, and the passages left out because they give orders to the machine."""
    clauses: list[Clause] = []
    orders: list[str] = []
    plain = _BULLET.sub("", _BLANKS.sub(" ", _LIMIT.sub("", _TAG.sub(" ", text))))
    headings = {match.group("heading").strip() for match in _HEADING.finditer(plain)}
    if re.match(r"\s*\(?1[.)]\s", text):
        plain = _INLINE_NUMBER.sub("\n", plain)
    for sentence in _split_openings(plain, catalog):
        bare = sentence.strip(" \t.,;:!-–—\"'")
        if not split_words(bare):
            continue
        if _LIMIT_ONLY.match(bare) or (clauses and _FORBIDS.match(bare)):
            continue
        if _ORDERS_THE_MACHINE.search(bare):
            orders.append(bare)
            continue
        found = list(_split_sentence(bare, sentence.rstrip().endswith("?"), catalog))
        if len(found) == 1 and any(heading.endswith(bare) for heading in headings):
            found = [replace(found[0], heading=True)]
        clauses.extend(found)
        if len(clauses) >= MAX_CLAUSES:
            break
    return tuple(_keep_headings_of_lists(_share_objects(clauses[:MAX_CLAUSES]))), tuple(orders)


def _split_openings(text: str, catalog: Catalog) -> Iterator[str]:
    """Yield the sentences; what is given in "Given a CV, rank the jobs" is one of its own, as it asks for nothing."""
    for sentence in (piece for long in _SENTENCE_END.split(text) for piece in _LONG.findall(long)):
        opening = _OPENING.match(sentence)
        if opening and (rest := split_words(opening.group("rest"))) and _is_order(rest[0], catalog):
            yield f"We have {opening.group('given')}"
            yield opening.group("rest")
        else:
            yield sentence


def _keep_headings_of_lists(clauses: list[Clause]) -> list[Clause]:
    """Take a clause for a heading only when at least two follow it: "launch a podcast: plan it, find guests"."""
    return [
        replace(clause, heading=False) if clause.heading and len(clauses) - at < 3 else clause
        for at, clause in enumerate(clauses)
    ]


def strip_owner(focus: str) -> str:
    """Turn "its rivals" into "the rivals": an agent would not know whose."""
    first, _, rest = focus.partition(" ")
    return f"{_OWNERS[first.lower()]} {rest}" if first.lower() in _OWNERS and rest else focus


def _split_sentence(sentence: str, question: bool, catalog: Catalog) -> Iterator[Clause]:
    told = bool(_RELATIVE.search(sentence))
    sentence = _AS_SOMEBODY.sub("", sentence)
    wanted = _SOMEBODY_WANTS.match(sentence)
    if wanted:
        sentence = f"prepare {wanted.group('what')} for {lower_first(wanted.group('who').strip())}"
    start = _strip_lead_in(sentence, catalog)
    asked = start != sentence or question or bool(_QUESTION.match(start)) or bool(_WISH.search(sentence))
    if not _leading_verb(start, catalog, told):
        yield _clause("", start, asked or not (_STATEMENT.match(start) or _TELLS.search(start)))
        return
    for piece in _split_at_verbs(start, catalog, told):
        bare = _strip_lead_in(piece, catalog)
        clause = _clause(_leading_verb(bare, catalog, told), bare, True)
        yield replace(clause, action=_base_form(clause.action, catalog))


def _clause(verb: str, text: str, request: bool) -> Clause:
    rest = _FOR_ME.sub("", text[len(verb) :].strip(" ,")) if verb else lower_first(text)
    first, _, more = rest.partition(" ")
    if verb and first.lower() in _PARTICLES and more:
        rest = more
    return Clause(text, tuple(split_words(text)), verb.lower().replace("-", " "), rest, request)


def _base_form(verb: str, catalog: Catalog) -> str:
    """Return the order that the verb of a text that tells stands for: "read" for "reads"."""
    if not verb.endswith("s") or verb in catalog.verbs:
        return verb
    return next((base for base in (verb[:-1], verb[:-2], f"{verb[:-3]}y") if base in catalog.verbs), verb)


def _strip_lead_in(text: str, catalog: Catalog) -> str:
    """Drop opening words such as "please" and "help a traveller", as often as there are some."""
    while True:
        lower = text.lower()
        lead = max(
            (lead for lead in catalog.language.lead_ins if lower.startswith((lead + " ", lead + ", "))),
            key=len,
            default="",
        )
        rest = text[len(lead) :].lstrip(" ,") if lead else _strip_helped_person(text, catalog)
        if not rest or rest == text:
            return text
        text = rest


def _strip_helped_person(text: str, catalog: Catalog) -> str:
    """Turn "help a traveller choose ..." into "choose ..."."""
    words = split_words(text)
    if len(words) < 3 or words[0].lower not in ("help", "assist", "support"):
        return text
    verb = next((word for word in words[2:8] if _is_order(word, catalog)), None)
    return text[verb.start :] if verb else text


def _leading_verb(text: str, catalog: Catalog, told: bool) -> str:
    words = split_words(text)
    compound = _COMPOUND_VERB.match(text)
    if compound:
        return compound.group()
    if _WORK_OUT.match(text):
        return words[0].text
    if words and (_is_order(words[0], catalog, told) or _looks_like_order(words)):
        return words[0].text
    if len(words) > 1 and words[0].lower.endswith("ly") and _is_order(words[1], catalog, told):
        return text[: words[1].end]
    return ""


def _is_order(word: Word, catalog: Catalog, told: bool = False) -> bool:
    """True for a verb that gives an order ("compare"); in a text that tells ("a crew that …") also for "compares"."""
    if word.lower in catalog.verbs:
        return True
    return told and word.lower.endswith("s") and word.stem in catalog.verb_activities


def _looks_like_order(words: Sequence[Word]) -> bool:
    """True for an unknown word in front of an article or number: "Christen a ship" gives an order too."""
    return (
        len(words) > 2
        and words[0].lower.isalpha()
        and not _QUESTION.match(words[0].lower)
        and words[0].lower not in _FUNCTION_WORDS
        and words[1].lower in _ARTICLES
    )


def _split_at_verbs(sentence: str, catalog: Catalog, told: bool) -> list[str]:
    """Split at commas and "and" where the next words are an order of their own."""
    pieces: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(sentence):
        behind = sentence[joint.end() :]
        rest = split_words(_strip_lead_in(behind, catalog))
        if not rest or not (_is_order(rest[0], catalog, told) or _ASKS.match(behind) or _WORK_OUT.match(behind)):
            continue
        if len(rest) > 1 and (rest[1].lower in _NOT_AN_ORDER_BEFORE or _is_sum(rest[0], rest[1])):
            continue
        if rest[0].lower == "report" and (len(rest) < 2 or rest[1].lower not in ("to", "back")):
            continue
        if rest[0].text[:1].isupper():
            continue  # a name: "into French and Polish"
        if len(rest) == 1 and not split_words(sentence[begin : joint.start()])[1:]:
            continue
        pieces.append(sentence[begin : joint.start()])
        begin = joint.end()
    pieces.append(sentence[begin:])
    return [piece.strip(" ,") for piece in pieces if split_words(piece)]


def _is_sum(verb: Word, following: Word) -> bool:
    """True for "budget 6,000 euros", which is a limit."""
    return verb.lower in ("budget", "cost") and following.lower[:1].isdigit()


def _share_objects(clauses: list[Clause]) -> list[Clause]:
    """Give a bare verb the next clause's object ("design, build and test an API"), a pronoun the one before."""
    shared = list(clauses)
    for i in range(len(shared) - 2, -1, -1):
        following = shared[i + 1]
        if shared[i].action and not shared[i].focus and following.focus:
            shared[i] = replace(shared[i], focus=following.focus, text=f"{shared[i].text} {following.focus}")
    heading = next((clause for at, clause in enumerate(shared) if clause.heading and len(shared) - at > 2), None)
    for i in range(1, len(shared)):
        focus = split_words(shared[i].focus)
        if heading and not shared[i].action and shared[i].request and not shared[i].heading:
            shared[i] = replace(shared[i], action=heading.action, text=f"{heading.action} {shared[i].text}".strip())
            shared[i] = replace(shared[i], words=tuple(split_words(shared[i].text)))
        if shared[i].action and shared[i].focus.lower() in ("why", "how", "what") and not shared[i - 1].action:
            focus_text = f"{shared[i].focus} {shared[i - 1].focus}"
            text = f"{shared[i].text} {shared[i - 1].focus}"
            shared[i] = replace(shared[i], focus=focus_text, text=text, words=tuple(split_words(text)))
        elif shared[i].action and focus and focus[0].lower in _PRONOUNS and shared[i - 1].focus:
            named = _HEAD.split(shared[i - 1].focus)[0]
            alone = all(word.lower in _PRONOUNS for word in focus[:2])
            shared[i] = replace(shared[i], focus=named if alone else named + shared[i].focus[focus[0].end :])
        elif focus and focus[0].lower in ("its", "their") and len(focus) < _FEW_WORDS and shared[i - 1].focus:
            owner = _HEAD.split(shared[i - 1].focus)[0]
            shared[i] = replace(shared[i], focus=f"the{shared[i].focus[focus[0].end :]} of {owner}")
    return [
        replace(clause, focus=strip_owner(clause.focus or lower_first(clause.text)))
        for clause in map(_as_told, shared)
        if _says_something(clause)
    ]


def _as_told(clause: Clause) -> Clause:
    """Take "take this contract" for what is given, not for something to do."""
    given = clause.action == "take" and clause.focus.lower().startswith(
        ("this ", "these ", "the attached ", "our ", "my ")
    )
    return replace(clause, request=False) if given else clause


_FEW_WORDS = 4
"""With so few words "its cost" says nothing without whose it is."""


def _says_something(clause: Clause) -> bool:
    """False for a clause of asking words only ("tell us")."""
    return any(word.lower not in _ASKING for word in clause.words)


_ASKING = frozenset(
    "tell show let give me us know please it that this what you think thanks thank help get started start need "
    "needed needs wanted task tasks goal goals objective todo to do".split()
)
