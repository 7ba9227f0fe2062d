"""Reads a sentence into wishes: first cut where one wish ends and the next begins, then each piece by its form.

A form is tried in the order of ``_FORMS``; the first that fits the whole piece wins. What no form fits is left to a model,
or told to the person.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.refinement.wishes import (
    Add,
    AskPerson,
    AtOnce,
    Delegate,
    Goal,
    Hand,
    Improve,
    Lead,
    Limit,
    Manner,
    Merge,
    Move,
    Place,
    Remove,
    Rename,
    Replace,
    Split,
    TeamSize,
    Think,
    Wish,
    Write,
)

LONGEST_WISH = 2_000
"""Characters of a wish that are read; a longer text is no wish for one change any more."""

LONGEST_PIECE = 300
"""Characters of one wish; what is longer needs a model, or a person."""

MOST_WISHES = 12
"""Wishes read from one text."""


class Reading(NamedTuple):
    """A text as wishes, and the pieces of it that no form fits."""

    wishes: tuple[Wish, ...]
    not_understood: tuple[str, ...]


def read_wishes(text: str, catalog: Catalog) -> Reading:
    """Return the wishes that a text holds, in order, and what is not understood."""
    wishes: list[Wish] = []
    unknown: list[str] = []
    for piece in _cut(text[:LONGEST_WISH], catalog):
        found = _read_piece(piece, catalog) if len(wishes) < MOST_WISHES else ()
        wishes.extend(found)
        if not found:
            unknown.append(piece)
    return Reading(tuple(wishes), tuple(unknown))


# --- where a wish ends ------------------------------------------------------------------------------------------------

_VERBS = (
    "add include insert append create introduce bring need remove drop delete get cut skip leave take eliminate exclude "
    "fire kick merge combine join fold unite consolidate split divide break separate rename call name change replace swap "
    "make keep use switch run do let have give grant equip provide allow assign hand move put transfer reassign write focus emphasize emphasise target pay "
    "deliver translate answer present format reduce lower decrease save speed shorten simplify limit ask require parallelize "
    "parallelise disable forbid stop spend turn double improve increase appoint rewrite address expand"
)
_BARE = (
    "no without cheaper faster quicker shorter longer simpler safer fewer less more at only just exactly max maximum under "
    "within don't never avoid offline hierarchical sequential human"
)
_LEAD_IN = re.compile(
    r"^(?:(?:and|but|then|also|now|next|finally|additionally|please|pls|kindly|ok|okay|so|hi|hello|hey|plus|maybe|instead|"
    r"can you|could you|would you|will you|can we|could we|should we|i want you to|i would like you to|i'd like you to|"
    r"you should|we should|it should|we need to|i need you to|i need to|i want to|i would like to|i'd like to|try to|"
    r"i(?= don't)|i(?= do not)|we(?= don't)|we(?= do not)|let's|let us|i want|i would like|i'd like|we need|i need|we want|there should be|it needs|it should have)\b[\s,:]*)+",
    re.I,
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")


def _cut(text: str, catalog: Catalog) -> Iterator[str]:
    """Yield the pieces of a text that each hold one wish, without politeness around them."""
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    start = 0
    for joint in _joints(catalog).finditer(text):
        if any(begin < joint.start() < end for begin, end in quotes):
            continue
        yield from _tidy(text[start : joint.start()])
        start = joint.end()
    yield from _tidy(text[start:])


def _joints(catalog: Catalog) -> re.Pattern[str]:
    """Return the pattern of what stands between two wishes: an end of sentence, or "and" in front of another verb."""
    words = "|".join(map(re.escape, (*_VERBS.split(), *_BARE.split())))
    numbers = "|".join(("\\d+", *sorted(catalog.language.number_words, key=len, reverse=True)[:40]))
    tongues = "|".join(catalog.language.tongues)
    opener = (
        rf"(?:please\s+|also\s+|then\s+|but\s+)*(?:(?:{words})\b|(?:{numbers})\s+agents?\b|in\s+(?:{tongues})\b"
        r"|for\s+(?:at most|max|under)\b|a (?:person|human|manager)\b)"
    )
    return re.compile(
        rf"(?<=[.!?;])\s+|\s*[;\n]+\s*|(?:\s*,\s*(?:and\s+|but\s+|then\s+)*|\s+(?:and|but|then|plus)\s+)(?={opener})",
        re.I,
    )


def _tidy(piece: str) -> Iterator[str]:
    bare = re.sub(r"\s+", " ", piece).strip(" \t.,;:!?-–—…")
    bare = re.sub(r"[,\s]+(?:please|pls|thanks|thank you|for me|instead|too|as well)$", "", bare, flags=re.I)
    if any(character.isalnum() for character in bare):
        yield bare


def _read_piece(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    if len(piece) > LONGEST_PIECE:
        return ()
    bare = _LEAD_IN.sub("", piece).strip() or piece
    wanted = (f"add {bare}",) if bare != piece and _WANTS.match(piece) and _THING.match(bare) else ()
    for text in (bare, *wanted):
        for read in _FORMS:
            found = read(text, catalog)
            if found:
                return found
    return ()


_WANTS = re.compile(r".{0,20}\b(?:want|would like|'d like|need|needs|should be|should have)\b", re.I)
_THING = re.compile(r"(?:an?|another|one more|some|more)\s", re.I)


# --- forms ------------------------------------------------------------------------------------------------------------

_Read = Callable[[str, Catalog], tuple[Wish, ...]]

_MAKE = r"(?:(?:make|keep|get|let|have|do|be|run|turn|should be|must be)\s+)?"
_IT = r"(?:(?P<what>it|this|that|everything|all of it|them|all|the [\w '-]{2,60}?|both|a run)\s+)?(?:to be\s+|be\s+|run\s+|work\s+|cost\s+)?"
_MUCH = r"(?:(?:much|a bit|a little|a lot|even|somewhat|slightly|way|far|as|still)\s+)*"
_END = r"(?:\s+(?:to run|as possible|overall|in total|in general|possible|now|than (?:that|this|now|before)))*"

_GOALS: dict[Goal, str] = {
    "cheaper": r"cheap(?:er|est)?|less expensive|less costly|more economical|more affordable|low(?:er)?[ -]cost|less money|less|"
    r"cost[ -]?effective|more cost[ -]?effective|budget[ -]friendly",
    "faster": r"fast(?:er|est)?|quick(?:er|est|ly)?|more quickly|less time|speedier|less slow|sooner",
    "thorough": r"(?:more )?(?:thorough|reliable|accurate|careful|rigorous|robust|precise|trustworthy|dependable|correct)|"
    r"safer|better|best|(?:of )?(?:higher|better|best) quality|high(?:est)? quality|more likely to succeed",
    "simpler": r"simpler|simplest|smaller|leaner|less complex|less complicated|lighter|more compact team",
}
_GOAL_ORDERS: dict[Goal, str] = {
    "cheaper": r"(?:reduce|lower|cut|decrease|minimi[sz]e|bring down|save|spend less|cut down)(?: on| the| its| our| down)*"
    r"(?: costs?| price| expenses?| money| spending| tokens| token use| cost of a run| bill)?(?: per run| of a run| on it| on tokens)?|use (?:fewer|less) (?:tokens|money)",
    "faster": r"speed (?:it |this |things |everything |the crew |the run )?up|(?:reduce|cut|lower|shorten|decrease|save)(?: the| its)*"
    r" (?:duration|run ?time|time|waiting time|time it takes|latency)",
    "thorough": r"(?:improve|increase|raise|boost)(?: the| its)* (?:quality|accuracy|reliability|chance(?:s)?(?: of success)?|"
    r"success(?: rate| probability)?|thoroughness|results?|odds)|double[- ]check(?: everything| it| the results?)?",
    "simpler": r"simplify(?: it| the crew| this| the team| the plan| everything)?|(?:use )?(?:fewer|less) (?:tasks|steps)|streamline(?: it| the crew)?",
}


def _read_improvement(piece: str, _: Catalog) -> tuple[Wish, ...]:
    for goal, order in _GOAL_ORDERS.items():
        if re.fullmatch(order + _END, piece, re.I) and not re.fullmatch(r"save|cut|reduce|lower|decrease", piece, re.I):
            return (Improve(piece, goal),)
    for goal, quality in _GOALS.items():
        match = re.fullmatch(rf"{_MAKE}{_IT}{_MUCH}(?P<is>{quality}){_END}", piece, re.I)
        if match and not (goal == "cheaper" and match["is"].lower() == "less" and "cost" not in piece.lower()):
            return (Improve(piece, goal),)
    if re.fullmatch(
        r"(?:it(?: is|'s)|this is|that(?: is|'s)) (?:much |far |way )?too (?P<is>expensive|costly|slow|complex|complicated|big)",
        piece,
        re.I,
    ):
        goal: Goal = (
            "cheaper"
            if re.search("expensive|costly", piece, re.I)
            else "faster"
            if "slow" in piece.lower()
            else "simpler"
        )
        return (Improve(piece, goal),)
    return ()


_AT_MOST = (
    r"(?:at most|no more than|not more than|up to|max(?:imum)?(?: of)?|under|below|less than|within|cheaper than)"
)
_BUDGET = re.compile(
    rf"(?:.{{0,40}}?\b)?(?:{_AT_MOST}|budget(?: of|:| is)?|(?:budget|costs?|limit|price)(?: of a run| per run)? (?:to|at))\s*(?:US)?(?:\$\s?(?P<usd>\d+(?:[.,]\d+)?)|(?P<usd2>\d+(?:[.,]\d+)?)\s?(?:usd|dollars?|\$)|(?P<cents>\d+)\s?cents?)"
    r"(?: (?:per|a|for (?:one|a)|each) run| in total)?",
    re.I,
)
_TIME = re.compile(
    rf"(?:.{{0,40}}?\b)?(?:{_AT_MOST}|in (?:under|less than|at most)|in|(?:deadline|time|duration|limit)(?: of|:| to| at)?)\s+(?P<number>\d+(?:\.\d+)?|[a-z]+)[ -]?(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?)(?: (?:per|a) run)?",
    re.I,
)
_UNIT_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0}


def _read_limit(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    money = _BUDGET.fullmatch(piece)
    if money:
        amount = (
            _read_amount(money["usd"] or money["usd2"] or "") if not money["cents"] else Decimal(money["cents"]) / 100
        )
        return (Limit(piece, budget_usd=amount),) if amount is not None and 0 < amount <= _MOST_USD else ()
    time = _TIME.fullmatch(piece)
    if time and not re.match(r"(?:write|add|give|split|divide)\b", piece, re.I):
        number = _read_count(time["number"], catalog, float)
        minutes = (number or 0) * _UNIT_MINUTES[time["unit"][0].lower()]
        return (Limit(piece, minutes=round(minutes, 3)),) if 0 < minutes <= _MOST_MINUTES else ()
    return ()


_MOST_USD = Decimal(1_000_000)
_MOST_MINUTES = 525_600


def _read_amount(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _read_count(word: str, catalog: Catalog, kind: Callable[[str], float] = int) -> float | None:
    """Return the number of digits or a number word."""
    plain = word.lower()
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", plain):
        return kind(plain) if kind is float or plain.isdigit() else None
    return {"a": 1, "an": 1, "single": 1, "a single": 1, "half": 0.5}.get(plain) or catalog.language.number_words.get(
        plain
    )


_MANY = re.compile(
    r"(?:(?:use|have|with|limit|reduce|cut|bring|shrink|grow|make|keep|do)\s+(?:(?:it|this|the (?:crew|team)(?: size)?|that)\s+)?(?:down )?(?:to |at |with |by |a (?:crew|team) of )?)?"
    rf"(?P<most>(?:only|just|{_AT_MOST}|not more than)\s+)?(?P<exactly>exactly\s+)?(?P<number>\d+|a single|[a-z]+)\s+(?:ai\s+)?(?:agents?|people|persons?|members|workers)"
    r"(?P<only>\s+(?:only|at most|max(?:imum)?|or (?:fewer|less)|in total|is enough|are enough|will do|can do (?:it|this|everything)|does everything))?",
    re.I,
)


def _read_team_size(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    relative = re.fullmatch(
        rf"{_MAKE}(?:it |the crew |the team |use |have |with )*(?P<word>fewer|less|more) (?:agents|people|members)",
        piece,
        re.I,
    )
    if relative:
        return (TeamSize(piece, 1 if relative["word"].lower() == "more" else -1, relative=True),)
    if re.fullmatch(r"(?:make it |use )?(?:a )?(?:one[- ]person|single[- ]agent|solo)(?: crew| team)?", piece, re.I):
        return (TeamSize(piece, 1),)
    match = _MANY.fullmatch(piece)
    number = _read_count(match["number"], catalog) if match else None
    if not match or not number or number > _MOST_AGENTS or number != int(number):
        return ()
    limits = bool(match["most"] or match["only"] or re.match(r"limit|reduce|cut|bring|shrink", piece, re.I))
    return (TeamSize(piece, int(number), exact=bool(match["exactly"]) or not limits),)


_MOST_AGENTS = 50


_PERSON = r"(?:(?:a |the |some |one )?(?:persons?|humans?|people|someone|somebody)|me|us|myself|i|we)"
_APPROVES = r"(?:approve[sd]?|approval|review(?:s|ed)?|check(?:s|ed)?|confirm(?:s|ed|ation)?|sign(?:s|ed)?[ -]?off|decide[sd]?|look(?:s|ed)? at|verif(?:y|ies|ied)|input|oversight|feedback|validate[sd]?|in the loop)"
_ASKS = re.compile(
    rf"(?:(?:let|have|ask|require|get|make|want|should|must|add|use|include|put|with|before)\s+)*(?:(?:a|an|the|some)\s+)?(?:final\s+)?"
    rf"(?:{_PERSON}\s+(?:(?:to|should|must|has to|have to|will|can|want to|would like to)\s+)?{_APPROVES}|{_APPROVES}\s+(?:by|from)\s+{_PERSON}|human[- ]in[- ]the[- ]loop|human (?:approval|review|check|input|feedback))"
    r"(?P<where>(?:\s+.{1,120})?)",
    re.I,
)
_ASK_ME = re.compile(
    rf"(?:ask|require)\s+(?:{_PERSON}|for (?:my |human )?(?:approval|confirmation|permission)|(?:my |human )?approval)\s*(?P<where>(?:before|after|at|in|for)\s+.{{1,120}})?",
    re.I,
)
_ASKS_NOBODY = re.compile(
    rf"(?:no|without|remove|drop|skip|disable|don't need|do not need|stop)\s+(?:any |the |asking )*(?:{_PERSON}|human)(?:'s)?\s*(?:{_APPROVES}|in the loop)?(?P<where>(?:\s+(?:for|in|of|at|from)\s+.{{1,100}})?)"
    rf"|(?:make it |run )?(?:fully |completely )?(?:automatic(?:ally)?|autonomous(?:ly)?|unattended)|(?:don't|do not|never) ask {_PERSON}(?:\s+anything)?|(?:no|without(?: any)?|remove (?:the|all)|drop (?:the|all)) (?:human )?approvals?",
    re.I,
)


def _read_person(piece: str, _: Catalog) -> tuple[Wish, ...]:
    nobody = _ASKS_NOBODY.fullmatch(piece)
    if nobody:
        return (AskPerson(piece, _bare_place(nobody["where"] or ""), wanted=False),)
    match = _ASKS.fullmatch(piece) or _ASK_ME.fullmatch(piece)
    return (AskPerson(piece, _bare_place(match["where"] or "")),) if match else ()


def _bare_place(where: str) -> str:
    until = r"\s+(?:before|after|when|once|so that)\s+(?:it|they|we|i|the crew|anything)\b.*$"
    where = re.sub(until, "", f" {where.strip()}", flags=re.I)
    return re.sub(
        r"^\s*(?:(?:the result|the results|the output|results?) of|of|for|to|in|at|before|after|on|from|what comes out of)\s+",
        "",
        f" {where.strip()}",
        flags=re.I,
    ).strip()


_LEADER = r"(?:a |an |the |any |one )*(?:crew |team )?(?:manager|coordinator|supervisor|leader|boss|orchestrator|manager agent|hierarchy)"


def _read_lead(piece: str, _: Catalog) -> tuple[Wish, ...]:
    if re.fullmatch(
        rf"(?:no|without|remove|drop|delete|take out|get rid of|fire|don't use|do not use)\s+{_LEADER}|(?:make (?:it|the crew|everything) |run (?:it )?|use (?:a )?)?(?:sequential(?:ly)?|not hierarchical|flat)(?: process)?",
        piece,
        re.I,
    ):
        return (Lead(piece, wanted=False),)
    if re.fullmatch(
        rf"(?:(?:add|use|have|include|with|appoint|put|give it|introduce|need)\s+)?{_LEADER}(?:\s+(?:to|who|that|in charge|on top|over)\b.*)?|(?:make (?:it|the crew) |use (?:a )?)?hierarchical(?: process)?",
        piece,
        re.I,
    ):
        return (Lead(piece, wanted=True),)
    return ()


def _read_at_once(piece: str, _: Catalog) -> tuple[Wish, ...]:
    if re.fullmatch(
        r"(?:not|no|nothing|don't (?:run|do)(?: \w+)?|do not (?:run|do)(?: \w+)?)\s*(?:in parallel|parallel(?: tasks| work)?|at once)|.{0,40}\bone (?:after|by) (?:the other|another|one)(?: only)?|in sequence",
        piece,
        re.I,
    ):
        return (AtOnce(piece, wanted=False),)
    match = re.fullmatch(
        r"(?:(?:run|do|execute|perform|process|have|let|make|work on|start)\s+)?(?P<what>.*?)\s*\b(?:run |work |done |be )*(?:in parallel|at the same time|at once|simultaneously|concurrently|side by side)(?:\s+(?:to|with|as)\s+(?P<other>.+))?"
        r"|(?:parallelize|parallelise)\s*(?P<what2>.*)|(?:make (?:it|the crew) )?parallel",
        piece,
        re.I,
    )
    if not match:
        return ()
    what = " and ".join(filter(None, (match["what"], match["other"]))) or match["what2"] or ""
    return (AtOnce(piece, what),)


def _read_delegation(piece: str, _: Catalog) -> tuple[Wish, ...]:
    if re.fullmatch(
        r"(?:no|without|forbid|disable|stop|switch off|turn off|don't allow|do not allow)\s+(?:any )?delegat(?:ion|ing)(?: at all)?",
        piece,
        re.I,
    ):
        return (Delegate(piece, wanted=False),)
    match = re.fullmatch(
        r"(?:allow|let|enable|switch on|turn on)\s+(?P<whom>.*?)\s*(?:to )?(?:delegate|delegation|delegating)(?: (?:work|tasks))?(?:\s+for\s+(?P<other>.+))?",
        piece,
        re.I,
    )
    return (Delegate(piece, True, match["whom"] or match["other"] or ""),) if match else ()


_FAMILIES = (
    "gpt claude gemini gemma llama mistral mixtral codestral deepseek grok qwen kimi glm minimax haiku sonnet opus nova command phi "
    "ollama groq luna terra sol"
)
_A_MODEL = rf"(?:[\w.-]+/[\w./:-]+|(?:\w+[ -])?(?:{'|'.join(_FAMILIES.split())})[\w.:-]*(?: [\w.]+){{0,3}}?|o[1345](?:-\w+)?|(?:a |the )?(?:cheap(?:er|est)?|small(?:er|est)?|fast(?:er|est)?|better|best|strong(?:er|est)?|larger?|bigger|smarter) (?:model|llm|ai))"
_THINKS = re.compile(
    rf"(?:(?:use|switch|change|run|take|set|put|move|think|try|let|have|give|make)\s+)+(?:(?P<before>[\w' -]{{2,60}}?)\s+)?(?:(?:use|to|on|with|run on|think with)\s+)*(?P<model>{_A_MODEL})(?:\s+model)?(?:\s+(?:for|as|in|on|to do|with)\s+(?P<after>.+))?",
    re.I,
)


def _read_model(piece: str, _: Catalog) -> tuple[Wish, ...]:
    match = _THINKS.fullmatch(piece)
    if not match:
        return ()
    whom = match["after"] or re.sub(
        r"^(?:it|the model(?: of)?|(?:the )?llm)\b\s*|\s+(?:to|on|with|use)$", "", match["before"] or "", flags=re.I
    )
    return (Think(piece, match["model"].strip(), re.sub(r"^(?:the )?model of\s+", "", whom, flags=re.I).strip()),)


def _name_each(text: str) -> str:
    """Turn "steps 2 and 3" into "step 2 and step 3"."""
    found = re.fullmatch(
        r"(?:the )?(?P<kind>steps|tasks|agents)\s+(?P<numbers>\d+(?:\s*,\s*\d+)*(?:\s*,?\s*(?:and|&)\s*\d+)?)",
        text.strip(),
        re.I,
    )
    return (
        " and ".join(f"{found['kind'][:-1]} {number}" for number in re.findall(r"\d+", found["numbers"]))
        if found
        else text
    )


def _read_merge(piece: str, _: Catalog) -> tuple[Wish, ...]:
    match = re.fullmatch(
        r"(?:merge|combine|join|fold|unite|consolidate|put together)\s+(?P<rest>.+?)(?:\s+(?:in)?to (?:one|a single)(?: \w+)?| together)?",
        piece,
        re.I,
    )
    if not match:
        return ()
    parts = [
        name
        for name in re.split(
            r"\s*,\s*(?:and\s+)?|\s+(?:and|with|into|&|plus)\s+", _name_each(match["rest"]), flags=re.I
        )
        if name.strip()
    ]
    return (
        (Merge(piece, tuple(parts)),) if len(parts) > 1 or re.search(r"s$|all|agents|both", match["rest"], re.I) else ()
    )


_SPLITS = re.compile(
    r"(?:split|divide|break|separate)\s+(?:up |down )?(?P<what>.+?)(?:\s+(?:up |down )?(?:in|into|to|between|among|across|over)\s+(?P<into>.+))?",
    re.I,
)
_PIECES = re.compile(
    r"(?P<number>\d+|[a-z]+)(?:\s+(?:equal |separate |smaller )*(?:parts?|tasks?|steps?|halves|pieces?|agents?|people))?",
    re.I,
)


def _read_split(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    match = _SPLITS.fullmatch(piece)
    if not match:
        return ()
    into = (match["into"] or "two").strip()
    number = _PIECES.fullmatch(into)
    count = (
        _read_count(number["number"], catalog) if number else 2 if re.fullmatch(r"halves|half", into, re.I) else None
    )
    if count:
        return (Split(piece, match["what"], min(int(count), _MOST_PARTS)),) if count >= 2 else ()
    names = tuple(name.strip() for name in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", into) if name.strip())
    return (Split(piece, match["what"], len(names), names),) if 2 <= len(names) <= _MOST_PARTS else ()


_MOST_PARTS = 6


def _read_rename(piece: str, _: Catalog) -> tuple[Wish, ...]:
    match = re.fullmatch(
        r"(?:rename|change the (?:name|role|title|job title) of|retitle)\s+(?P<old>.+?)\s+(?:to|into|as|=>|->)\s+(?P<new>.+)|call\s+(?P<old2>.+?)\s+(?P<new2>[\"“'‘].+[\"”'’])|rename\s+(?P<old3>.+?)\s+(?P<new3>[\"“].+[\"”])|(?:name|call|rename)\s+(?P<old4>it|(?:this|the) (?:crew|team))\s+(?P<new4>.+)",
        piece,
        re.I,
    )
    if not match:
        return ()
    old = match["old"] or match["old2"] or match["old3"] or match["old4"]
    new = (match["new"] or match["new2"] or match["new3"] or match["new4"]).strip(" \"“”'‘’")
    return (Rename(piece, old.strip(' "“”'), new),) if new else ()


def _read_replacement(piece: str, _: Catalog) -> tuple[Wish, ...]:
    match = re.fullmatch(
        r"(?:replace|swap|exchange|substitute)\s+(?P<old>.+?)\s+(?:by|with|for)\s+(?P<new>.+)|use\s+(?P<new2>.+?)\s+(?:instead of|in place of|rather than)\s+(?P<old2>.+)",
        piece,
        re.I,
    )
    return (Replace(piece, match["old"] or match["old2"], match["new"] or match["new2"]),) if match else ()


_PLACES: dict[str, Place] = {
    "before": "before",
    "in front of": "before",
    "after": "after",
    "behind": "after",
    "following": "after",
}
_PUT = r"(?:right |directly |just |immediately )?(?P<place>before|in front of|after|behind|following)\s+(?P<other>.+)"
_AT_END = r"(?:at|to|in) the (?:very )?(?P<end>end|beginning|start|top|front)(?: of .+)?|as (?:the |a )?(?P<as>last|final|first) (?:step|task)|(?P<bare>first|last)"


def _read_move(piece: str, _: Catalog) -> tuple[Wish, ...]:
    swap = re.fullmatch(r"(?:swap|switch|exchange|reverse)\s+(?:the order of\s+)?(?P<pair>.+)", _name_each(piece), re.I)
    pair = re.split(r"\s+(?:and|with)\s+", _name_each(swap["pair"]), flags=re.I) if swap else []
    if len(pair) == 2:
        return (Move(piece, pair[0], "after", pair[1]),)
    match = re.fullmatch(rf"(?:move|put|do|run|start|place|have)\s+(?P<what>.+?)\s+(?:{_PUT}|{_AT_END})", piece, re.I)
    if not match:
        return ()
    place, other = _place_of(match)
    return (Move(piece, match["what"], place, other),)


def _place_of(match: re.Match[str]) -> tuple[Place, str]:
    if match["place"]:
        return _PLACES[match["place"].lower()], match["other"]
    told = (match["end"] or match["as"] or match["bare"]).lower()
    return ("last" if told in ("end", "last", "final") else "first"), ""


_ADDS = r"(?:add|include|insert|append|create|introduce|bring in|put in|hire|have|need)\s+(?:in\s+)?(?:me\s+)?"


def _read_addition(piece: str, _: Catalog) -> tuple[Wish, ...]:
    placed = re.fullmatch(rf"{_ADDS}(?P<what>.+?),?\s+(?:{_PUT}|{_AT_END})", piece, re.I)
    if placed:
        place, other = _place_of(placed)
        told = re.fullmatch(r"(?P<other>.+?)\s+(?P<what>(?:that|which|to)\s+.+)", other)
        if told and re.fullmatch(r"an?(?:other)? (?:step|task|agent)", placed["what"], re.I):
            return (Add(piece, f"{placed['what']} {told['what']}", place, told["other"]),)
        return (Add(piece, placed["what"].strip(), place, other),)
    match = re.fullmatch(rf"{_ADDS}(?P<what>.+)", piece, re.I)
    return (Add(piece, match["what"].strip()),) if match else ()


_TAKES = re.compile(
    r"(?:remove|drop|delete|get rid of|take out|take away|leave out|skip|cut(?: out)?|kick out|fire|eliminate|exclude|disable|forbid|stop using|no longer use|turn off|switch off|no|without(?: any)?|"
    r"don't use|do not use|never use|don't need|do not need|avoid(?: using)?|not allow|don't allow|do not allow)\s+(?:any )?(?P<what>.+?)(?:\s+(?:from|for)\s+(?P<whom>(?:the|all|every|task|step|agent)\b.+))?",
    re.I,
)


def _read_removal(piece: str, _: Catalog) -> tuple[Wish, ...]:
    if re.fullmatch(r"(?:work |stay |keep (?:it )?|run )?offline(?: only)?", piece, re.I):
        return (Remove(piece, "network access"),)
    match = _TAKES.fullmatch(piece)
    return (Remove(piece, match["what"].strip(), (match["whom"] or "").strip()),) if match else ()


def _read_handing(piece: str, _: Catalog) -> tuple[Wish, ...]:
    match = re.fullmatch(
        r"(?:give|grant|equip|provide|allow|let|assign|hand|reassign|transfer|move|have|make|use)\s+(?:over )?(?P<text>.+)",
        piece,
        re.I,
    )
    return (Hand(piece, match["text"]),) if match else ()


# --- how the result is written ----------------------------------------------------------------------------------------

_SIZE = re.compile(
    r"\b(?P<length>(?:(?:about|around|at most|up to|under|max(?:imum)?(?: of)?|no more than|exactly)\s+)?(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|a single|half a)[\s-](?:pages?|words?|slides?|paragraphs?|sentences?|bullet points?|characters?))\b",
    re.I,
)
_WRITES = r"(?:(?:write|rewrite|deliver|produce|translate|answer|present|format|make|keep|have|put|address|use|turn|give|prepare|expand|shorten)\b)"
_OPENS = re.compile(
    rf"{_WRITES}|target\b|aim\b|in\b|for\b|as\b|to\b|more\b|less\b|a\b|an\b|the\b|at most\b|up to\b|max|longer\b|shorter\b|very\b|\d",
    re.I,
)
_SHORTER = re.compile(
    rf"{_MAKE}{_IT}{_MUCH}(?:short(?:er)?|briefer|brief|more concise|more compact|less wordy|less long|shorten(?:ed)?|tighter){_END}|shorten\s+(?P<what2>.+)|cut it short",
    re.I,
)
_LONGER = re.compile(
    rf"{_MAKE}{_IT}{_MUCH}(?:longer|(?:more )?(?:detailed|in[- ]depth|comprehensive|extensive|elaborate)|in more (?:detail|depth)|(?:with )?more details?|deeper){_END}|(?:add|give|include|expand)(?: on)?(?: it| with)?(?: more| the)? (?:details?|depth)",
    re.I,
)


def _read_size(piece: str, _: Catalog) -> tuple[Wish, ...]:
    sizes: tuple[tuple[re.Pattern[str], Manner, str], ...] = (
        (_SHORTER, "length", "shorter"),
        (_LONGER, "detail", "more detailed"),
    )
    for pattern, manner, value in sizes:
        match = pattern.fullmatch(piece)
        if match:
            groups = match.groupdict()
            what = groups.get("what") or groups.get("what2") or ""
            return (Write(piece, manner, value, "" if what.lower() in ("it", "this", "that", "everything") else what),)
    return (Write(piece, "length", piece),) if _SIZE.fullmatch(piece) else ()


def _read_focus(piece: str, _: Catalog) -> tuple[Wish, ...]:
    match = re.fullmatch(
        r"(?:focus(?: more| mainly| mostly| especially)?(?: on)?|put (?:more )?(?:focus|emphasis|weight) on|pay (?:more |special |close )?attention to|emphasi[sz]e|concentrate (?:more )?on)\s+(?P<what>.{3,120})",
        piece,
        re.I,
    )
    return (Write(piece, "focus", match["what"]),) if match else ()


def _read_writing(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    if not _OPENS.match(piece):
        return ()
    return tuple(Write(piece, manner, value) for manner, value in _manners(piece, catalog))


def _manners(piece: str, catalog: Catalog) -> Iterator[tuple[Manner, str]]:
    tongue = catalog.tongue_pattern.search(piece)
    if tongue:
        yield (
            "language",
            " and ".join(word.title() for word in re.split(r",\s*(?:and\s+)?|\s+and\s+", tongue["tongue"])),
        )
    rest = catalog.tongue_pattern.sub(" ", piece)
    audience = catalog.audience_pattern.search(rest) or _READERS.search(rest) or _aims_at(rest, catalog)
    if audience:
        yield "audience", re.sub(r"^(?:our|my)\s+", "the ", audience["audience"].strip(), flags=re.I)
        rest = f"{rest[: audience.start()]} {rest[audience.end() :]}"
    tone = _find_tone(rest, catalog)
    if tone:
        yield "tone", tone
    size = _SIZE.search(rest)
    if size:
        yield "length", size["length"]
    for word, shown in catalog.language.file_formats.items():
        if re.search(rf"\b(?:as|in|to|into)\s+(?:an?\s+)?{re.escape(word)}\b", rest, re.I):
            yield "form", shown
            return


_READERS = re.compile(
    r"\bfor\s+(?P<audience>(?:an?|the|our)\s+[\w-]+(?:\s[\w-]+)?\s+(?:audience|readers|readership))\b", re.I
)


def _aims_at(piece: str, catalog: Catalog) -> re.Match[str] | None:
    """Find "target developers": readers that the catalog knows, behind a verb."""
    known = "|".join(sorted(map(re.escape, catalog.language.audiences), key=len, reverse=True))
    return re.match(rf"(?:target|address|aim (?:it )?at)\s+(?P<audience>(?:the\s+)?(?:{known}))$", piece.strip(), re.I)


def _find_tone(piece: str, catalog: Catalog) -> str:
    """Return "more formal", "friendly and warm" or nothing; a tone has to be said of the text, not to be any word."""
    tones = "|".join(sorted(map(re.escape, catalog.language.tones), key=len, reverse=True))
    run = rf"(?:(?:more|less|very|rather|not)\s+)?(?:{tones})(?:(?:,\s*|\s+and\s+|\s+but\s+)(?:(?:more|less|not)\s+)?(?:{tones}))*"
    match = re.search(
        rf"(?:\b(?:in|with|use)\s+(?:an?\s+)?)?\b(?P<tone>{run})\s+(?:tone|voice|style|language|words|english)\b",
        piece,
        re.I,
    )
    softer = re.search(
        r"\b(?:tone|style|voice|wording)\s+(?:a bit |much |even )*(?P<tone>(?:more |less )?[a-z-]+)$", piece, re.I
    )
    if softer and (tone := _base_tone(softer["tone"].lower(), catalog)):
        return tone
    match = match or re.fullmatch(rf"\s*{_MAKE}{_IT}(?:sound\s+|be\s+)?{_MUCH}(?P<tone>{run}){_END}\s*", piece, re.I)
    return match["tone"].lower() if match else ""


def _base_tone(word: str, catalog: Catalog) -> str:
    """Return "more friendly" for "friendlier"; empty for what is no tone."""
    bare = re.sub(r"^(?:more|less) ", "", word)
    if bare in catalog.language.tones:
        return word
    bases = (bare.removesuffix("ier") + "y", bare.removesuffix("er"), bare.removesuffix("r"))
    return next((f"more {base}" for base in bases if bare.endswith("er") and base in catalog.language.tones), "")


_FORMS: tuple[_Read, ...] = (
    _read_improvement,
    _read_limit,
    _read_team_size,
    _read_person,
    _read_lead,
    _read_focus,
    _read_size,
    _read_delegation,
    _read_at_once,
    _read_merge,
    _read_split,
    _read_rename,
    _read_model,
    _read_move,
    _read_replacement,
    _read_addition,
    _read_removal,
    _read_writing,
    _read_handing,
)
"""Every form that can be read, the more particular ones first."""
