"""Forms of wishes about who works: how many, with which model, under whom, with whose approval."""

import re

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.refinement.forms.phrases import AT_MOST, MAKE, read_count
from crewgen_core.refinement.wishes import AskPerson, Delegate, Lead, TeamSize, Think, Wish

_MANY = re.compile(
    r"(?:(?:use|have|with|limit|reduce|cut|bring|shrink|grow|make|keep|do)\s+(?:(?:it|this|the (?:crew|team)(?: size)?|that)\s+)?(?:down )?(?:to |at |with |by |a (?:crew|team) of )?)?"
    rf"(?P<most>(?:only|just|{AT_MOST}|not more than)\s+)?(?P<exactly>exactly\s+)?(?P<number>\d+|a single|[a-z]+)\s+(?:ai\s+)?(?:agents?|people|persons?|members|workers)"
    r"(?P<only>\s+(?:only|at most|max(?:imum)?|or (?:fewer|less)|in total|is enough|are enough|will do|can do (?:it|this|everything)|does everything))?",
    re.I,
)


def read_team_size(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    """Read how many agents there shall be: "two agents only", "fewer agents"."""
    relative = re.fullmatch(
        rf"{MAKE}(?:it |the crew |the team |use |have |with )*(?P<word>fewer|less|more) (?:agents|people|members)",
        piece,
        re.I,
    )
    if relative:
        return (TeamSize(piece, 1 if relative["word"].lower() == "more" else -1, relative=True),)
    if re.fullmatch(r"(?:make it |use )?(?:a )?(?:one[- ]person|single[- ]agent|solo)(?: crew| team)?", piece, re.I):
        return (TeamSize(piece, 1),)
    match = _MANY.fullmatch(piece)
    number = read_count(match["number"], catalog) if match else None
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


def read_person(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read whether a person approves something: "let me check the brief", "no approval"."""
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


def read_lead(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read whether there shall be a manager: "add a manager", "make it sequential"."""
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


def read_delegation(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read who may hand work to others: "let the writer delegate", "no delegation"."""
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


def read_model(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read which model somebody shall think with: "use gpt-5-mini for the writer"."""
    match = _THINKS.fullmatch(piece)
    if not match:
        return ()
    whom = match["after"] or re.sub(
        r"^(?:it|the model(?: of)?|(?:the )?llm)\b\s*|\s+(?:to|on|with|use)$", "", match["before"] or "", flags=re.I
    )
    return (Think(piece, match["model"].strip(), re.sub(r"^(?:the )?model of\s+", "", whom, flags=re.I).strip()),)
