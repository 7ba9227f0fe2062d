"""Turns what is said in other words into commands: "the code has to be checked" asks to check the code.

A sentence comes in, and one or more commands, demands or statements come out, in the words of the sentence.
"""

import re
from collections.abc import Iterator

from crewgen_core.analysis.owners import Owners
from crewgen_core.analysis.phrasing import lower_first
from crewgen_core.analysis.saying import Saying
from crewgen_core.analysis.sentences import Sentence
from crewgen_core.analysis.verbs import Verbs
from crewgen_core.catalog.words import split_words

_AS_SOMEBODY = re.compile(r"^as\s+(?:the\s+|an?\s+)?[^,.]{2,90}?,?\s+(?=(?:i|we)\s)", re.I)
_SOMEBODY_WANTS = re.compile(
    r"^(?P<who>(?:the|our|my|an?)\s+(?:[\w-]+\s+){1,3}?)(?:wants|needs|expects|asks for|asked for|requires|would like|requested)\s+"
    r"(?P<what>(?:an?|the|one|two|three|four|five|ten|\d+|some)\s.+)$",
    re.I,
)
_CREW = re.compile(
    r"^(?:(?:(?:we |i )?(?:create|build|set up|make|assemble|form|design|need|want|would like|develop|generate)\s+)?"
    r"(?:an?|the|our|my|this)\s+(?:[\w-]+\s+){0,3}?(?:crew|crews|team|teams|squad|agents)"
    r"(?:\s+of\s+(?:[\w-]+\s+){0,3}?(?:agents|experts|specialists))?|an?\s+(?:[\w-]+\s+){0,2}?(?:agent|assistant)(?!\s+for\b))"
    r"\s+(?:(?P<told>that|which|who)(?:\s+(?P<modal>can|could|will|should|shall|must))?|to|(?P<for>for))\s+(?P<rest>\S.+)$",
    re.I,
)
"""A sentence about the crew itself: what it does is asked for."""

_ROLE = re.compile(
    r"^(?:the|an?|one|another|our|each)\s+(?:[\w-]+\s+){0,2}?[\w-]*(?:er|or|ist|st|lead|agent|team|crew|expert|head|tor|editor|one)\s+"
    r"(?:then\s+|first\s+|also\s+)?(?=(?P<verb>(?!(?:gets|keeps|costs|opens)\b)[a-z]+s)\s)",
    re.I,
)
_SOURCE = re.compile(
    r"^\s*(?:given|using|from|based on|with|starting from|working from|taking)\s+(?P<given>(?:[^,]|,(?=\d)){3,160}),\s+(?P<rest>.+)$",
    re.I | re.S,
)
_SOURCES = re.compile(
    r"^\s*(?:using|based on|starting from|working from)\s+(?P<given>(?:the|our|my|this|these|your|all)\s.{3,300})$",
    re.I | re.S,
)
"""Nothing but sources, or a list of them up to the comma in front of an order."""

_COMMA = re.compile(r",\s+(?:and\s+)?")
_FOR_EACH = re.compile(
    r"^\s*(?P<each>(?:for|in|from|on)\s+(?:each|every|all|any)\b(?:[^,]|,(?=\d)){0,80}),\s+(?P<rest>.+)$", re.I | re.S
)
_WHEN = re.compile(
    r"^\s*(?P<when>(?:when|whenever|if|once|after|before|while|as soon as|because|since|as|although|at the end of|on|in|at|during|until|by)\s+"
    r"(?:[^,]|,(?=\d)){2,160}),\s+(?:then\s+)?(?P<rest>.+)$",
    re.I | re.S,
)
_HOW_OFTEN = re.compile(
    r"^\s*(?P<often>(?:(?:every|each)\s+(?:other\s+)?(?:\w+\s+)?(?:morning|evening|day|week|month|quarter|year|hour|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|weekday|minutes|hours|days|weeks|months)|daily|weekly|monthly|once a \w+|twice a \w+)),?\s+(?P<rest>.+)$",
    re.I | re.S,
)
_SO = re.compile(r",?\s+so\s+(?:please\s+|only\s+|just\s+|now\s+)*", re.I)
_USE_TO = re.compile(
    r"^(?:use|take)\s+(?P<given>(?:the|our|my|this|these|your|an?)\s[^,]{2,80}?)\s+(?:and|to)\s+(?P<rest>(?!the\b|an?\b)\S.+)$",
    re.I | re.S,
)
_WANTS_SOMETHING = re.compile(
    r"^(?:she|he|they|it|each|every|all)\b.{0,60}?\s(?:wants?|needs?|prefers?|likes?|has to have|contains?|includes?)\s",
    re.I,
)
"""A wish of the one who gets the result, or a part of it that must be there ("each week needs a test")."""

_AFTER = re.compile(
    r"^(?P<first>.+?),?\s+(?:after|once)\s+(?:(?:you|we)\s+(?:have\s+)?|having\s+|(?=[a-z]+ing\s))(?P<done>[a-z-]+)\s+(?P<rest>.+)$",
    re.I | re.S,
)
_MODAL = (
    r"(?:must|should|shall|has to|have to|needs to|need to|is to|are to|ought to|may|can|could|will|would)(?:\s+(?P<not>not|never|only))?"
    r"(?:\s+(?:also|then|first|always|all|both))*"
)
_PASSIVE = re.compile(
    rf"^(?P<what>.{{1,120}}?)\s+{_MODAL}\s+(?:be|get)\s+(?:\w+ly\s+)?(?P<done>[a-z-]+)\b(?P<rest>.*)$", re.I | re.S
)
_ACTIVE = re.compile(rf"^(?P<who>.{{1,120}}?)\s+{_MODAL}\s+(?P<what>[a-z].+)$", re.I | re.S)
_WORKERS = frozenset(
    "you it they crew crews team teams agent agents system assistant assistants workflow writer writers editor editors "
    "researcher researchers analyst analysts reviewer reviewers manager managers planner developer tester designer".split()
)
"""Who does the work, in front of "should": of a text or a thing something is demanded there instead."""

_DEMANDS = frozenset(
    "be have include contain cover fit last stay remain use follow sound look feel reflect comply meet not avoid exceed "
    "run work mention cite consist read respect keep support show provide offer match focus".split()
)
"""Verbs that say what a result must be like."""

_CAUSED = re.compile(
    r"^(?:have|get|has)\s+(?P<what>(?:the|our|my|every|each|all|it|them|an?|both)\b.{0,80})$", re.I | re.S
)
_WANTED = re.compile(
    r"^(?P<what>(?!(?:that|to|which|who)\b)(?:[\w'’-]+\s+){1,8}?)(?:be\s+|to be\s+)?(?P<done>[a-z-]+)(?P<rest>(?:\s+(?:by|from|for|against|into|in|within|with|on|to|as|at|before|"
    r"so|and|based|using|every|each)\b.*)?)$",
    re.I | re.S,
)
_STATEMENT = re.compile(r"^(?:i|we|they|he|she|it|there|our|my|this|these|those|the)\b", re.I)
_WISH = re.compile(r"\b(?:need|needs|want|wants|must|should|would like|looking for|required|has to|have to)\b", re.I)
_QUESTION = re.compile(
    r"^(?:why|how|what|which|who|where|when|whether|should|is|are|do|does|did|can|will)\b(?! i | we )", re.I
)
_TELLS = re.compile(
    r"\b(?:dropped|rose|fell|got|left|asked|lost|bought|sent|grew|declined|increased|decreased|went|is|are|was|were|has|have|had|keeps?|costs?|takes?|"
    r"gets?|uploads?|receives?|sells?|turns?|runs?)(?=\s+[^,\s])",
    re.I,
)
"""A verb by which a sentence without an order tells about the situation."""

_INDEFINITE = re.compile(r"^(?:an?|one|two|three|four|five|six|ten|\d+)\s", re.I)
"""How something begins that is asked for by its name ("a meal plan")."""

ALREADY = re.compile(
    r"\b(?:already|is done|are done|have been|has been|not needed|no need|exists?|in place|is fixed|are fixed|taken care of)\b",
    re.I,
)
_SUBJECT_FIRST = re.compile(r"^(?:i|we|they|he|she|there|our|my)\b", re.I)


class Commands:
    """Reads sentences as commands."""

    def __init__(self, verbs: Verbs, lead_ins: tuple[str, ...]) -> None:
        """Take the verbs that give orders and the opening words that may stand in front of one, the longest first."""
        self._verbs = verbs
        self._owners = Owners(verbs)
        self._lead_ins = lead_ins
        self._first_words = frozenset(lead.split()[0] for lead in lead_ins)

    def read(self, sentence: Sentence) -> Iterator[Saying]:
        """Yield what the sentence says, in its order, what must be done first first."""
        text = _AS_SOMEBODY.sub("", sentence.text)
        if sentence.told or sentence.owner:
            yield Saying(text, "owner" if sentence.owner else "statement")
            return
        wanted = _SOMEBODY_WANTS.match(text)
        if wanted:
            text = f"prepare {wanted.group('what')} for {lower_first(wanted.group('who').strip())}"
        yield from self._read(text, sentence.question)

    def strip_lead_in(self, text: str) -> str:
        """Drop opening words such as "please" and "help a traveller", as often as there are some."""
        while True:
            lower = text[:60].lower()
            first = lower.split(maxsplit=1)[0].rstrip(",") if lower.strip() else ""
            lead = (
                next((lead for lead in self._lead_ins if lower.startswith((lead + " ", lead + ", "))), "")
                if first in self._first_words
                else ""
            )
            rest = text[len(lead) :].lstrip(" ,") if lead else self._owners.strip_helped(text)
            if not rest or rest == text:
                return text
            text = rest

    def strip_role(self, text: str) -> str:
        """Turn "the writer writes an article" into "writes an article"; the text itself when nobody is named."""
        role = _ROLE.match(text)
        return text[role.end() :] if role and self._verbs.is_verb(self._verbs.base_form(role["verb"].lower())) else text

    def _read(self, text: str, question: bool) -> Iterator[Saying]:
        crew = _CREW.match(text)
        if crew:
            rest = crew["rest"]
            told = bool(crew["told"]) and not crew["modal"]
            begins = self._verbs.leading_verb(self.strip_lead_in(rest), told=told)
            if begins or crew["for"]:
                yield Saying(self.strip_lead_in(rest), "order" if begins else "thing", told)
                return
        if helped := self._owners.read_helped(text):
            yield from helped
            return
        bare = self._verbs.of_opening_gerund(self.strip_lead_in(text))
        asked = bare != text or question
        if self._verbs.leading_verb(self._verbs.mend(bare)) and not self._is_name(bare, asked):
            yield from self._read_order(bare)
            return
        opened = [] if question else self._read_opening(bare, asked)
        if not opened and (question or _QUESTION.match(bare)):
            yield Saying(bare, "thing")
            return
        yield from opened or self._read_plain(bare, asked)

    def _is_name(self, text: str, asked: bool) -> bool:
        """True for a thing whose name begins like an order ("design documents and a plan", after "I need")."""
        words = split_words(text[:80])
        return asked and len(words) == 1 and words[0].lower in self._verbs.nouns

    def _read_order(self, text: str) -> Iterator[Saying]:
        """Yield an order; one that tells what comes first only at its end ("rank them after you have found ten") last."""
        using = _USE_TO.match(text)
        if using and self._verbs.leading_verb(using["rest"]):
            yield Saying(f"We have {using['given']}", "statement")
            yield Saying(using["rest"], "order")
            return
        late = _AFTER.match(text)
        if late:
            verb = self._verbs.of_participle(late["done"].lower()) or self._verbs.of_gerund(late["done"].lower())
            if verb and verb != "do":
                yield Saying(f"{verb} {late['rest']}", "order")
                yield Saying(late["first"], "order")
                return
        yield Saying(text, "order")

    def _read_opening(self, text: str, asked: bool) -> list[Saying]:
        """Set apart what stands in front of an order: a source, a condition, how often."""
        given = _SOURCE.match(text)
        if given and self._opens(given["rest"]):
            return [Saying(f"We have {given['given']}", "statement"), *self._read(given["rest"], False)]
        if _SOURCES.match(text[:_LONGEST_SOURCES]):
            return self._read_sources(text)
        often = _HOW_OFTEN.match(text)
        if often and self._opens(often["rest"]):
            return [*self._read(often["rest"], False), Saying(often["often"], "demand")]
        each = _FOR_EACH.match(text)
        if each and self._opens(each["rest"]):
            return self._for_each(each["each"], each["rest"])
        when = _WHEN.match(text)
        if when and self._opens(when["rest"]):
            return [Saying(when["when"], "statement"), *self._read(when["rest"], False)]
        so = next((so for so in _SO.finditer(text) if self._opens(text[so.end() :])), None)
        if so and so.start():
            return [*self._read_plain(text[: so.start()], asked), *self._read(text[so.end() :], False)]
        return []

    def _read_sources(self, text: str) -> list[Saying]:
        """Read "using our exports, the weather and our notes, find …": what is there, then the order."""
        order = next((comma for comma in _COMMA.finditer(text) if self._opens(text[comma.end() :])), None)
        sources = _SOURCES.match(text[: order.start()] if order else text)
        if not sources:
            return []
        had = Saying(f"We have {sources['given']}", "statement")
        return [had, *self._read(text[order.end() :], False)] if order else [had]

    def _for_each(self, each: str, rest: str) -> list[Saying]:
        """Put "for each supplier" behind the object of the first order that follows it."""
        said = list(self._read(rest, False))
        if len(each.split()) < _SHORTEST_EACH or not said:
            return said
        head = re.search(r",\s|\s(?:and|then)\s", said[0].text)
        at = head.start() if head else len(said[0].text)
        return [
            Saying(f"{said[0].text[:at]} {lower_first(each)}{said[0].text[at:]}", said[0].kind, said[0].told),
            *said[1:],
        ]

    def _read_plain(self, text: str, asked: bool) -> list[Saying]:
        """Read a sentence that begins with no order: a passive, a demand, a wish, a thing, or a statement."""
        passive = _PASSIVE.match(text)
        if passive:
            found = self._read_passive(passive)
            if found:
                return found
        active = _ACTIVE.match(text)
        if active and not _SUBJECT_FIRST.match(text):
            found = self._read_active(active)
            if found:
                return found
        if _WANTS_SOMETHING.match(text):
            return [Saying(text, "demand")]
        if wanted := self._owners.read_wish(text):
            return wanted
        told = self.strip_role(text)
        if told != text:
            return [Saying(told, "order", told=True)]
        if done := self._owners.read_business(text):
            return done
        if asked and (caused := self._read_wanted(text)):
            return caused
        if ALREADY.search(text) or (_SUBJECT_FIRST.match(text) and not asked and not _WISH.search(text)):
            return [Saying(text, "statement")]
        main = re.sub(r"\b(?:that|which|who|with)\s.*$", "", text) if _INDEFINITE.match(text) else text
        wish = asked or bool(_WISH.search(text)) or not (_STATEMENT.match(text) or _TELLS.search(main))
        return [Saying(text, "thing" if wish else "statement")]

    def _read_passive(self, said: re.Match[str]) -> list[Saying]:
        """Turn "the draft must be checked for errors and ready to print" into a command and a demand."""
        verb = self._verbs.of_participle(said["done"].lower())
        if said["not"] and said["not"].lower() != "only":
            return [Saying(said.string, "statement")]
        if not verb or verb in _DEMANDS:
            return [Saying(said.string, "demand")]
        what = lower_first(said["what"])
        rest = re.sub(r"\s+first$", "", said["rest"].rstrip())
        found: list[Saying] = []
        joints = list(re.finditer(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+)(?P<done>[a-z-]+)\b", rest))
        for joint in reversed(joints):
            more = self._verbs.of_participle(joint["done"].lower())
            if more:
                found = [*self._read_coordinate(more, what, rest[joint.end() :]), *found]
                rest = rest[: joint.start()]
            elif joint["done"].lower() in _STATES:
                found = [Saying(f"{said['what']} must be {rest[joint.start('done') :]}", "demand"), *found]
                rest = rest[: joint.start()]
        return [Saying(f"{verb} {what}{rest}", "order"), *found]

    def _read_coordinate(self, verb: str, what: str, rest: str) -> list[Saying]:
        """Read "… and confirmed to really do what was asked": confirm that it really does."""
        does = re.match(r"\s+to\s+(?P<adverb>\w+ly\s+)?(?P<verb>[a-z]+)\b(?P<rest>.*)$", rest, re.S)
        if not does:
            return [Saying(f"{verb} {what}{rest}", "order")]
        form = {"be": "is", "have": "has", "do": "does"}.get(does["verb"], f"{does['verb']}s")
        return [Saying(f"{verb} that {what} {does['adverb'] or ''}{form}{does['rest']}", "order")]

    def _read_active(self, said: re.Match[str]) -> list[Saying]:
        """Read "the crew should plan the trip" as an order to plan it, "the report must cover costs" as a demand."""
        first = split_words(said["what"])[:1]
        if not first:
            return []
        if said["not"] and said["not"].lower() != "only":
            return [Saying(said.string, "statement")]
        if (
            said["who"].split()[-1].lower() in _WORKERS
            and self._verbs.leading_verb(said["what"])
            and first[0].lower not in _DEMANDS
        ):
            return [Saying(said["what"], "order")]
        strong = re.search(
            r"\b(?:must|should|shall|has to|have to|needs? to|is to|are to|ought to)\b", said.string, re.I
        )
        if strong and first[0].lower in _DEMANDS | self._verbs.known:
            return [Saying(said.string, "demand")]
        return []

    def _read_wanted(self, text: str) -> list[Saying]:
        """Turn "tenant complaints sorted", after "I want", into "sort tenant complaints"."""
        wanted = _WANTED.match(re.split(r",\s", text)[0])
        verb = self._verbs.of_participle(wanted["done"].lower()) if wanted else ""
        if not wanted or not verb:
            return []
        found: list[Saying] = []
        for part in re.split(r",\s+(?:and\s+)?|\s+and\s+(?=an?\s)", text):
            one = _WANTED.match(part)
            verb = self._verbs.of_participle(one["done"].lower()) if one else ""
            order = f"{verb} {lower_first(one['what'].strip())}{one['rest']}" if one and verb else ""
            found.append(Saying(order or part, "order" if order else "thing"))
        return found

    def turn_causative(self, text: str) -> str:
        """Turn "have every version proofread" into "proofread every version"; the text itself when it is none."""
        caused = _CAUSED.match(text[:100])
        if not caused:
            return text
        for word in split_words(text[:100])[2:]:
            verb = self._verbs.of_participle(word.lower)
            if verb:
                return f"{verb} {text[caused.start('what') : word.start].strip()}{text[word.end :]}"
        return text

    def _opens(self, text: str) -> bool:
        bare = self.strip_lead_in(text)
        return bool(self._verbs.leading_verb(self._verbs.mend(bare))) or self.strip_role(bare) != bare


_SHORTEST_EACH = 3
_LONGEST_SOURCES = 300
_STATES = frozenset(
    "ready complete correct free suitable easy short clear consistent accurate accessible lawful legal up-to-date valid "
    "finished final readable usable safe error-free compliant concise polite".split()
)
"""Adjectives that say what a finished result is like."""
