"""Forms of wishes for a better run: cheaper, faster, within a limit."""

import re
from decimal import Decimal, InvalidOperation

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.refinement.forms.phrases import AT_MOST, END, IT, MAKE, MUCH, read_count
from crewgen_core.refinement.wishes import Goal, Improve, Limit, Wish

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


def read_improvement(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read "make it cheaper", "speed it up", "it is too complicated"."""
    for goal, order in _GOAL_ORDERS.items():
        if re.fullmatch(order + END, piece, re.I) and not re.fullmatch(r"save|cut|reduce|lower|decrease", piece, re.I):
            return (Improve(piece, goal),)
    for goal, quality in _GOALS.items():
        match = re.fullmatch(rf"{MAKE}{IT}{MUCH}(?P<is>{quality}){END}", piece, re.I)
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


_BUDGET = re.compile(
    rf"(?:.{{0,40}}?\b)?(?:{AT_MOST}|budget(?: of|:| is)?|(?:budget|costs?|limit|price)(?: of a run| per run)? (?:to|at))\s*(?:US)?(?:\$\s?(?P<usd>\d+(?:[.,]\d+)?)|(?P<usd2>\d+(?:[.,]\d+)?)\s?(?:usd|dollars?|\$)|(?P<cents>\d+)\s?cents?)"
    r"(?: (?:per|a|for (?:one|a)|each) run| in total)?",
    re.I,
)


_TIME = re.compile(
    rf"(?:.{{0,40}}?\b)?(?:{AT_MOST}|in (?:under|less than|at most)|in|(?:deadline|time|duration|limit)(?: of|:| to| at)?)\s+(?P<number>\d+(?:\.\d+)?|[a-z]+)[ -]?(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?)(?: (?:per|a) run)?",
    re.I,
)


_UNIT_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0}


def read_limit(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    """Read a limit of money or time: "at most $2 per run", "in under ten minutes"."""
    money = _BUDGET.fullmatch(piece)
    if money:
        amount = (
            _read_amount(money["usd"] or money["usd2"] or "") if not money["cents"] else Decimal(money["cents"]) / 100
        )
        return (Limit(piece, budget_usd=amount),) if amount is not None and 0 < amount <= _MOST_USD else ()
    time = _TIME.fullmatch(piece)
    if time and not re.match(r"(?:write|add|give|split|divide)\b", piece, re.I):
        number = read_count(time["number"], catalog, float)
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
