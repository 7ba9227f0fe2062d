"""Reads limits out of an objective's text: money, time, team size, audience, language, tone, inputs, exclusions."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from crewgen_core.analysis.clause import Clause
from crewgen_core.analysis.phrasing import noun_phrase
from crewgen_core.analysis.references import strip_owner
from crewgen_core.analysis.tongue import detect_tongue
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import StatedConstraints
from crewgen_core.models.objective import Objective

_LIMIT = (
    r"(?:under|below|less than|at most|no more than|not more than|max(?:imum)?(?: of)?|up to|within|cheaper than|<)"
)
_MONEY = re.compile(
    rf"\b(?:(?:for|cost(?:s|ing)?|spend(?:ing)?|budget(?: of| is|:)?)\s+)?(?P<limit>{_LIMIT})\s*(?:US)?\$\s?(?P<usd>\d+(?:\.\d+)?)\b(?![\d,]|\s?(?:k|m|thousand|million))"
    rf"|\b(?P<limit2>{_LIMIT})\s+(?P<usd2>\d+(?:\.\d+)?)\s?(?:usd|dollars?)\b"
    r"|\bbudget(?: of| is|:)?\s+(?:(?:US)?\$\s?)?(?P<usd3>\d+(?:\.\d+)?)(?:\s?(?:usd|dollars?))?\s+(?:per|a|for each|for one) run\b",
    re.I,
)
_MOST_RUN_BUDGET_USD = 100
"""A larger sum in the text is taken for the subject (a trip, an ad budget), not for the cost of a run [assumption]."""

_RUN_TIME = re.compile(
    r"\b(?:within|in under|in less than|in at most|in no more than|in|takes? (?:under|at most|less than))\s+"
    r"(?P<number>\d+|[a-z]+)\s*-?\s*(?P<unit>minutes?|mins?|hours?|hrs?)\b",
    re.I,
)
_DUE = re.compile(
    r"\b(?:by|before|until|no later than|due(?: on)?)\s+(?P<due>(?:the\s+)?(?:end of (?:the )?(?:day|week|month|quarter|year)|"
    r"(?:next |this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|quarter)|tomorrow|tonight|noon|today|"
    r"\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:january|february|march|april|may|june|july|august|september|october|november|december)|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{1,2}(?:st|nd|rd|th)?)?|"
    r"q[1-4]|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?))\b",
    re.I,
)
_SPEED = re.compile(
    r"\b(?:(?:I|we) (?:need|want) (?:it|this|them|that|the (?:result|results|answer)) (?:very |really )?"
    r"(?:fast|quickly|urgently|in a hurry|asap|(?:as )?(?:fast|quickly|soon) as possible)"
    r"|(?:this|it) is (?:very |really )?urgent|speed (?:counts|matters)(?: most)?|the (?:sooner|faster|quicker) the better"
    r"|(?:agents|crew|tasks)\b[^.;!?\n]{0,40}\b(?:in parallel|at the same time|side by side|simultaneously))\b",
    re.I,
)
_SPEED_OF_CREW = re.compile(
    r"\b(?<!not )(?:asap|(?:as )?(?:fast|quickly|soon) as possible|fast|faster|quickly|in a hurry|urgent|"
    r"in parallel|at the same time|side by side)\b",
    re.I,
)
"""Among wishes about the crew, which the objective's text is not, a word is enough."""

_TEAM = re.compile(
    rf"\b(?:{_LIMIT}|only|exactly|just|with)?\s*(?P<number>\d+|one|a single|single|two|three|four|five|six|seven|eight|nine|ten)"
    r"\s+(?:ai\s+)?agents?\b(?P<only>\s+(?:only|at most|max(?:imum)?))?",
    re.I,
)
_EXCLUSION = re.compile(
    r"\b(?:without|do not|don't|never|avoid|(?:must|should|may) (?:not|never)|cannot|exclude|excluding|except(?: for)?|not using|no need (?:for|to)|but not|no(?= (?:web|internet|online|code|jargon|images?|paid|external|personal)))\s+"
    r"(?P<what>[^,.;:!?()\n]{2,80})",
    re.I,
)
_SOURCE = re.compile(
    r"\b(?<!\bof )(?:from|using|given|based on|out of|with the help of|analy[sz]e|read|attached|uploaded|we have|i have|we received|i received)\s+"
    r"(?P<what>(?:the|our|my|a|an|this|these|attached|uploaded|last|all)\s+(?!(?:impact|effects?|costs?|risks?|differences?|influence)\b)[^,.;:!?\n]{3,60})",
    re.I,
)


def read_constraints(objective: Objective, clauses: Sequence[Clause], catalog: Catalog) -> StatedConstraints:
    """Return the limits that the text states; a limit set beside the text wins over one in it."""
    text = "\n".join(part for part in (objective.text, objective.context, objective.preferences) if part)
    return StatedConstraints(
        budget_usd=objective.budget_usd if objective.budget_usd is not None else _read_budget(text),
        deadline_minutes=objective.deadline_minutes or _read_run_time(text, catalog),
        due=_first(_DUE, text, "due"),
        speed=_read_speed(objective),
        max_agents=objective.max_agents or _read_team(text, catalog),
        audience=_read_audience(clauses, catalog),
        language=_read_language(text, catalog),
        tone=_read_tone(clauses, catalog),
        inputs=_read_inputs(clauses, catalog),
        exclusions=tuple(dict.fromkeys(match.group(0).strip() for match in _EXCLUSION.finditer(text)))[:6],
        demands=tuple(dict.fromkeys(clause.focus[:200] for clause in clauses if clause.demand))[:_MOST_DEMANDS],
    )


def read_number(word: str, catalog: Catalog) -> int | None:
    """Return the number that a word or digits stand for, or None."""
    plain = word.lower().replace(",", "")
    return int(plain) if plain.isdigit() and len(plain) < 9 else catalog.language.number_words.get(plain)


def _first(pattern: re.Pattern[str], text: str, group: str) -> str:
    match = pattern.search(text)
    return match.group(group) if match else ""


def _read_budget(text: str) -> Decimal | None:
    for match in _MONEY.finditer(text):
        amount = Decimal(match.group("usd") or match.group("usd2") or match.group("usd3"))
        if 0 < amount <= _MOST_RUN_BUDGET_USD:
            return amount
    return None


def _read_run_time(text: str, catalog: Catalog) -> float | None:
    match = _RUN_TIME.search(text)
    number = read_number(match.group("number"), catalog) if match else None
    if not match or not number:
        return None
    return float(number * (60 if match.group("unit").lower().startswith("h") else 1))


def _read_speed(objective: Objective) -> str:
    """Return the words that ask for a quick run; what the work is about may be quick or urgent without that."""
    found = _SPEED.search(objective.text) or _SPEED.search(objective.context)
    found = found or _SPEED.search(objective.preferences) or _SPEED_OF_CREW.search(objective.preferences)
    return found.group(0) if found else ""


def _read_team(text: str, catalog: Catalog) -> int | None:
    match = _TEAM.search(text)
    if not match:
        return None
    word = match.group("number").lower().replace("single", "one").replace("a one", "one")
    number = read_number(word, catalog)
    return number if number and number <= 50 else None


def _read_audience(clauses: Sequence[Clause], catalog: Catalog) -> str:
    """Find "for the board": the words after "for" or "to" that end in a noun for readers."""
    named = next((clause.recipient for clause in clauses if clause.request and clause.recipient), "")
    if named:
        return strip_owner(named)
    for clause in (clause for clause in clauses if clause.request):
        match = catalog.audience_pattern.search(f"{clause.text} {clause.aside}".strip())
        first = match.group("audience").split()[0].lower() if match else ""
        if match and not first.isdigit() and first not in catalog.verbs and first not in _NO_READER:
            return strip_owner(match.group("audience").strip())
    return ""


_NO_READER = frozenset("attract help get keep engage support retain raise bring enable let allow sign welcome".split())
"""A verb behind "to" begins a purpose: "to attract teenagers" names no readers."""


def _read_language(text: str, catalog: Catalog) -> str:
    found = [match.group("tongue") for match in catalog.tongue_pattern.finditer(text)]
    named = [tongue.title() for match in found for tongue in re.split(r",\s*(?:and\s+)?|\s+and\s+", match)]
    if named:
        return ", ".join(dict.fromkeys(named))
    detected = detect_tongue(text, catalog.language.stopwords)
    return "" if detected == "English" else detected


def _read_tone(clauses: Sequence[Clause], catalog: Catalog) -> str:
    tones = set(catalog.language.tones)
    found = (
        word.lower
        for clause in clauses
        if clause.request
        for text in (clause.text, clause.aside)
        for word in split_words(text)
        if word.lower in tones and text[word.start - 1 : word.start] != "-"
    )
    return ", ".join(list(dict.fromkeys(found))[:3])


def _read_inputs(clauses: Sequence[Clause], catalog: Catalog) -> tuple[str, ...]:
    """Name what the person brings: artefacts that the catalog knows as given, and what follows "from our ..."."""
    named: list[str] = []
    for clause in clauses:
        for match in catalog.given_phrases.find(clause.words):
            nouns = [word for word in match.words if word.start >= clause.object_start]
            if not nouns or (_is_made(clause, catalog) and not _GIVEN.search(clause.text[: nouns[0].start])):
                continue
            phrase = noun_phrase(clause.text, clause.words, nouns[0], nouns[-1], clause.verb_count)
            named.append(_with_content(clause.text, phrase))
        if clause.source:
            named.append(re.sub(r"^(?:the|an?)\s+", "", clause.source))
    sources = (
        match.group("what")
        for clause in clauses
        for match in _SOURCE.finditer(clause.text)
        if not named and not _COMING.search(clause.text)
    )
    phrases = [
        strip_owner(phrase) for phrase in (*named, *(re.split(r"\s+(?:and|for|to|so|that)\s+", s)[0] for s in sources))
    ]
    return tuple(_without_parts(dict.fromkeys(phrases)))[:5]


def _is_made(clause: Clause, catalog: Catalog) -> bool:
    """True where a clause asks to make something: what it names is the result, unless it says otherwise."""
    if not clause.request:
        return False
    activity = catalog.verb_activities.get(stem(clause.action.split()[-1])) if clause.action else "make"
    return activity in ("write", "make", "plan", "operate", "communicate")


def _with_content(text: str, phrase: str) -> str:
    """Complete "CSV" or "CSV of" to "CSV of scholarship applicants"."""
    bare = re.sub(r"\s+(?:of|for|from|with|in|on|to|by|and)$", "", phrase)
    behind = re.search(rf"{re.escape(bare)}\s+of\s+(?P<what>(?:(?!{_ENDS_NOUN})[\w'’-]+\s?){{1,4}})", text)
    holds = bare.split()[-1].lower() in _HOLDERS
    return f"{bare} of {behind['what'].strip()}" if behind and (holds or bare != phrase) else bare


_ENDS_NOUN = r"(?:from|for|to|into|in|and|that|which|who|with|on|by|is|are|was|were|so|as|at)\b"
_HOLDERS = frozenset(
    "csv file files folder list spreadsheet export exports set table pile collection stack csvs".split()
)
_GIVEN = re.compile(
    r"\b(?:from|using|given|based on|of|with|against|in|our|my|the|these|this|existing|attached|uploaded|past|last|"
    r"following|to|against|raw)\s+(?:[\w'’-]+\s+){0,2}$",
    re.I,
)
_COMING = re.compile(
    r"\b(?:coming up|coming soon|ahead|planned|upcoming|next (?:week|month|year)|to (?:do|plan|write|make))\b", re.I
)
_MOST_DEMANDS = 6


def _without_parts(phrases: Iterable[str]) -> list[str]:
    """Drop a phrase that only repeats part of another."""
    listed = list(phrases)
    return [one for one in listed if not any(one != other and one.lower() in other.lower() for other in listed)]
