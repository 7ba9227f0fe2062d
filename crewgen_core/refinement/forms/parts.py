"""Forms of wishes about agents and tasks: add, remove, move, merge, split, rename, hand over."""

import re

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.refinement.forms.phrases import name_each, read_count
from crewgen_core.refinement.wishes import Add, AtOnce, Hand, Merge, Move, Place, Remove, Rename, Replace, Split, Wish


def read_at_once(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what runs at the same time: "run the research in parallel", "one after the other"."""
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


def read_merge(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what becomes one: "merge the writer and the editor"."""
    match = re.fullmatch(
        r"(?:merge|combine|join|fold|unite|consolidate|put together)\s+(?P<rest>.+?)(?:\s+(?:in)?to (?:one|a single)(?: \w+)?| together)?",
        piece,
        re.I,
    )
    if not match:
        return ()
    parts = [
        name
        for name in re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|with|into|&|plus)\s+", name_each(match["rest"]), flags=re.I)
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


def read_split(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    """Read what is divided, in how many or which parts: "split the research in two"."""
    match = _SPLITS.fullmatch(piece)
    if not match:
        return ()
    into = (match["into"] or "two").strip()
    number = _PIECES.fullmatch(into)
    count = read_count(number["number"], catalog) if number else 2 if re.fullmatch(r"halves|half", into, re.I) else None
    if count:
        return (Split(piece, match["what"], min(int(count), _MOST_PARTS)),) if count >= 2 else ()
    names = tuple(name.strip() for name in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", into) if name.strip())
    return (Split(piece, match["what"], len(names), names),) if 2 <= len(names) <= _MOST_PARTS else ()


_MOST_PARTS = 6


def read_rename(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read a new name: "rename the analyst to Churn Analyst"."""
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


def read_replacement(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what takes the place of what: "replace the editor by a fact checker"."""
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


def read_move(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what stands where: "do the review before the brief", "swap steps 2 and 3"."""
    swap = re.fullmatch(r"(?:swap|switch|exchange|reverse)\s+(?:the order of\s+)?(?P<pair>.+)", name_each(piece), re.I)
    pair = re.split(r"\s+(?:and|with)\s+", name_each(swap["pair"]), flags=re.I) if swap else []
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


def read_addition(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what is added, and where: "add a legal review after the draft"."""
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


def read_removal(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what goes: "remove the editor", "no web access"."""
    if re.fullmatch(r"(?:work |stay |keep (?:it )?|run )?offline(?: only)?", piece, re.I):
        return (Remove(piece, "network access"),)
    match = _TAKES.fullmatch(piece)
    return (Remove(piece, match["what"].strip(), (match["whom"] or "").strip()),) if match else ()


def read_handing(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what somebody gets: "give the analyst the CSV tool", "let the writer do step 3"."""
    match = re.fullmatch(
        r"(?:give|grant|equip|provide|allow|let|assign|hand|reassign|transfer|move|have|make|use)\s+(?:over )?(?P<text>.+)",
        piece,
        re.I,
    )
    return (Hand(piece, match["text"]),) if match else ()
