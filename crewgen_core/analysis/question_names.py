"""Names the thing that a question asks about: "why churn rose in Q3" asks about "churn in Q3"."""

import re

from crewgen_core.analysis.phrasing import shorten

_QUESTION = re.compile(r"^(?:why|how|what|which|whether|where|when|who)\b\s*", re.I)
_STATED = re.compile(r"\s+\w+(?:s|ed)\s+(?:with|to|in|on|for|against|from)\s.*$", re.I)
_HAPPENED = re.compile(
    r"\s+(?:rose|fell|dropped|doubled|tripled|halved|collapsed|increased|decreased|declined|grew|changed|slowed|(?:has|have|had|is|are|was|were)(?:\s+been|\s+so|\s+too)?\s+(?:rising|falling|growing|declining|"
    r"risen|fallen|grown|dropped|declined|increased|decreased|changed)|"
    r"rises?|falls?|drops?|grows?|declines?|increases?|decreases?|changes?)(?:\s+(?:been|so|too|be|rising|falling|growing|declining))*\b",
    re.I,
)


def name_question(phrase: str) -> str:
    """Turn a question into a noun phrase: "why churn rose in Q3" into "churn in Q3".

    A question that does not fit this form is quoted, so that it can stand where a noun stands.
    """
    phrase = _HELPED.sub(r"\1 ", _YES_OR_NO.sub("whether ", phrase.rstrip("?")))
    for form, name in _NAMED_QUESTIONS:
        found = form.match(phrase)
        if found:
            return name.format(found["what"])
    asked = _QUESTION.match(phrase)
    if not asked:
        return phrase
    rest = phrase[asked.end() :]
    wish = _WISHED.match(rest)
    if wish:
        return wish.group("what") or wish.group("who")
    if rest.lower().startswith("to ") and asked.group().strip().lower() == "whether":
        return f"the decision {rest}"
    if asked.group().strip().lower() == "whether":
        stated = _STATED.sub("", rest, count=1)
        if stated != rest and len(stated.split()) > 1:
            return stated
    named = _BY_HOW_MUCH.sub("", _HAPPENED.sub("", rest, count=1)).strip()
    if named == rest:
        named = _JUDGED.sub("", rest, count=1).strip()
    if named != rest and named:
        return named
    return f'the question "{shorten(phrase, _LONGEST_QUESTION)}"'


_BY_HOW_MUCH = re.compile(
    r"\s+from \d\S*(?:\s(?!to\b)[\w%]+)?\s+to\s+\d\S*(?=\s+(?:in|among|at|for|of|on)\b)|\s+from \d.*$", re.I
)
_HELPED = re.compile(
    r"^(why|how|what|when|where)\s+(?:do|does|did|will|would|has|have)\s+(?!(?:it|we|i|you|they|he|she)\b)(?=\S+\s)",
    re.I,
)
"""A question with a verb that only helps to ask: "why did NPS drop" asks why NPS drops."""

_YES_OR_NO = re.compile(
    r"^(?:do|does|did|will|would|can|could|should|has|have)\s+(?=(?:the|our|my|this|these|those|all|every)\s)", re.I
)
_WORTH = re.compile(r"^(?:is|would|will)\s+it\s+(?:be\s+)?worth\s+(?P<what>[a-z]{3,}ing\s.+)$", re.I | re.S)
_TIME_TO = re.compile(
    r"^how long\s+(?:(?:would|will|does|did)\s+)?it\s+(?:(?:would|will)\s+)?takes?\s+(?:(?:us|me|them)\s+)?to\s+(?P<what>.+)$",
    re.I | re.S,
)
_BEING = re.compile(
    r"^(?:why|how|when|where)\s+(?:is|are|was|were)\s+(?P<what>(?:our|the|my|these|this)\s+.{2,60}?)\s+(?:so|too|not|always|[a-z]{2,}ing)\b.*$",
    re.I | re.S,
)
_DRIVES = re.compile(
    r"^what\s+(?:really\s+)?(?:drives|causes|affects|influences|explains|determines)\s+(?P<what>.{3,})$", re.I | re.S
)
_WHAT_THEY = re.compile(
    r"^what\s+(?P<what>(?:our|my|the|these)\s+(?:[\w-]+\s+)?[\w-]+s)\s+(?:complain|say|think|want|need|ask|expect|like|dislike|hate|buy|miss|value|search)\b.*$",
    re.I | re.S,
)
_COST_OF = re.compile(
    r"^(?:how much|what)\s+(?:(?:would|will|does)\s+)?it\s+(?:(?:would|will)\s+)?costs?\s+(?:(?:us|me|them)\s+)?to\s+(?P<what>.+)$",
    re.I | re.S,
)
_WAY_TO = re.compile(
    r"^what\s+(?:(?:would|will|does)\s+)?it\s+(?:(?:would|will)\s+)?takes?\s+(?:(?:us|me|them)\s+)?to\s+(?P<what>.+)$",
    re.I | re.S,
)
_WHICH_OF = re.compile(
    r"^which\s+(?:one\s+)?of\s+(?P<what>(?:our|the|my|these|those)\s+(?:[\w'’-]+\s+){0,4}?[\w'’-]*(?-i:[a-rt-z]s))\s+(?!(?:of|in|for|with|at|on|from)\b)\S.*$",
    re.I | re.S,
)
_THAT = re.compile(
    r"^(?:that|if)\s+(?P<what>(?:the|our|my|all|every|each|its|this|these)\s.{2,80}?)\s+(?:is|are|was|were|has|have|can|does|do|contains?|meets?|works?|"
    r"complies|comply|matches|fits?|covers?|passe?s?|really)\b.*$",
    re.I | re.S,
)
_COUNTED = re.compile(
    r"^how (?:many|much)\s+(?!(?:does|is|was)\b)(?P<what>(?:[a-z][\w'’-]*\s+){0,3}?[a-z][\w'’-]*s)\s.*$", re.I | re.S
)
_HOW_MUCH = re.compile(
    r"^how much\s+(?:of (?:each|every|the)\s+)?(?P<what>(?:[a-z][\w'’-]*\s+)?[a-z][\w'’-]*)\s+(?:to|we|they|i|should|can|must)\s.*$",
    re.I | re.S,
)
_HOW_TO = re.compile(
    r"^how to\s+(?!get\b|be\b|do\b|make the most)[a-z]+\s+(?P<what>(?:our|the|my|all|every|each|these|this)?\s*[a-z].{3,})$",
    re.I | re.S,
)
_WHICH = re.compile(r"^which\s+(?P<what>(?:[a-z]+\s+)?[a-z][\w'’-]*(?<!s)s)\s+(?!of\b|in\b|for\b)[a-z].*$", re.I | re.S)
_SAID_ABOUT = re.compile(
    r"^what\s+.{2,60}?\s+(?:say|says|think|thinks|write|writes|ask|asks|complain|know|knows|feel|report|reports|charge|charges|pay|pays|spend|spends)\s+(?:about|of|on|for)\s+(?!(?:most|least)\b)(?P<what>.{4,})$",
    re.I | re.S,
)
_DOING = re.compile(
    r"^(?:why|how|when|where|whether)\s+(?P<what>(?:the|our|my|this|its|an?)\s+.{2,60}?|(?:(?!(?:the|our|my|its|an?|will|can|should|to)\s)[a-z-]+\s+){0,2}?[a-z-]+s)\s+(?:keeps?|stops?|stalls?|fails?|breaks?|crash(?:es)?(?!\s+(?:rate|report|log|test)s?\b)|leaves?|works?|costs?|takes?|"
    r"pays?|reach(?:es)?|serves?|attracts?|brings?|reduces?|improves?|saves?|leads?|supports?|helps?|"
    r"runs?|los(?:e|es)|happens?|occurs?|differs?|sells?|performs?|needs?|leaks?|cancels?|quits?|churn|charges?|loads?|compares?|do|does|did|affects?|"
    r"influences?|compl(?:y|ies))\b.*$",
    re.I | re.S,
)
_COSTS = re.compile(r"^what\s+(?P<what>.{3,60}?)\s+(?:would |will |does |do |might )?costs?$", re.I)

_WAYS = re.compile(
    r"^(?:what|which)\s+(?:are|is)\s+(?:the\s+|our\s+|some\s+)?(?:[\w-]+\s+){0,3}?(?:ways?|steps?|methods?|options?|means)\s+(?:to|of|for)\s+[a-z]+\s+(?P<what>.{3,})$",
    re.I | re.S,
)
_IS = re.compile(
    r"^(?:what|who|where|which)\s+(?:is|are|was|were)\s+(?P<what>(?:the|our|my|an?|its|these|this)\s.{3,})$",
    re.I | re.S,
)
_COULD = re.compile(
    r"^(?:how|what|why|when|where)\s+(?:can|could|should|would|does|do|did|will|might)\s+(?P<what>(?:the|our|my|an?)\s+(?:[\w'’-]+\s+){0,3}?[\w'’-]+)\s+"
    r"(?:double|triple|raise|increase|reduce|cut|save|earn|make|find|get|do|improve|win|keep|attract|sell|grow|prepare|protect|use|reach|handle|lower|avoid|"
    r"become|stay|start|build|buy|choose|become|change|spend|need|offer|work)\b.*$",
    re.I | re.S,
)
_AFFECTS = re.compile(
    r"^(?:how|why|whether)\s+.{2,60}?\s(?:affects?|influences?|drives?|shapes?|impacts?|changed?)\s+(?P<what>(?:the|our|my)\s.{3,})$",
    re.I | re.S,
)
_NAMED_QUESTIONS = (
    (_COST_OF, "the cost to {}"),
    (_TIME_TO, "the time to {}"),
    (_WORTH, "{}"),
    (_BEING, "{}"),
    (_DRIVES, "{}"),
    (_WAY_TO, "the way to {}"),
    (_WHICH_OF, "{}"),
    (_WAYS, "{}"),
    (_IS, "{}"),
    (_COULD, "{}"),
    (_AFFECTS, "{}"),
    (_THAT, "{}"),
    (_COUNTED, "{}"),
    (_HOW_MUCH, "the amount of {}"),
    (_WHICH, "the {}"),
    (_SAID_ABOUT, "{}"),
    (_WHAT_THEY, "{}"),
    (_DOING, "{}"),
    (_HOW_TO, "{}"),
    (_COSTS, "the cost of {}"),
)
"""Forms of questions, and the noun phrase that each is about."""

_JUDGED = re.compile(r"\s+(?:is|are|was|were|has|have|had|should|will|can|would|could)\s.*$", re.I)
"""From its auxiliary verb on a question says what is asked of the thing it names."""

_WISHED = re.compile(
    r"^(?:can|could|should|do|would|might)\s+(?:(?:we|i|you|one|they)\s+[a-z]+\s+(?P<what>.{4,})|(?P<who>.{3,60}?)\s+do\s+to\b.*)$",
    re.I,
)
"""A question about one's own doing: "how can we cut response time", "what should our museum do to ..."."""

_LONGEST_QUESTION = 9
