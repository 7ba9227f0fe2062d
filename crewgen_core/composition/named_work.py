"""The pieces of work that an objective names: by its clauses, and by what shall exist in the end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from crewgen_core.analysis.phrasing import upper_first
from crewgen_core.analysis.topic import find_topic
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Step
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.composition.pieces import DRAFT_STAGES, MAKING, VAGUE, Piece, Selection, producer_of
from crewgen_core.models.analysis import Analysis, Deliverable, Workstream

_MOST_SKILLS_PER_STREAM = 3


def select_named_work(analysis: Analysis, catalog: Catalog) -> Selection:
    """Return the pieces that the objective names: by its clauses, then by what shall exist in the end."""
    selection, early = Selection(), list[str]()
    for rank, stream in enumerate(analysis.workstreams):
        if _is_part_of_others(stream) and len(analysis.workstreams) > len(early) + 1:
            if selection.pieces:
                selection.widen(stream.text)
            else:
                early.append(stream.text)
            continue
        stream = _without_wishes(stream, selection, catalog)
        if stream is None:
            continue
        for piece in _pieces_for(stream, rank, analysis, catalog):
            selection.add(piece)
        while early and selection.pieces:
            selection.widen(early.pop(0))
    for piece in _pieces_for_deliverables(analysis, catalog, selection):
        selection.add(piece)
    return selection


def _without_wishes(stream: Workstream, selection: Selection, catalog: Catalog) -> Workstream | None:
    """Let the piece before take up what only says how it is done; return what is left to do, if anything."""
    if not selection.pieces:
        return stream
    if _ranks_the_same(stream, selection, catalog):
        stream = stream.model_copy(update={"skills": tuple(s for s in stream.skills if s not in _GENERAL_JUDGEMENTS)})
    elif not _is_manner(stream) and (stream.action or not _is_list(stream.text)):
        return stream
    selection.widen(stream.text)
    return stream if stream.skills else None


def _is_manner(stream: Workstream) -> bool:
    """True for a clause that says how to do the one before it ("explain each flag") or lists what belongs to it."""
    verb = stream.action.split()[-1] if stream.action else ""
    return not stream.skills and (verb in _MANNERS or (not verb and _is_list(stream.text)))


def _is_part_of_others(stream: Workstream) -> bool:
    """True for a clause without a trade whose object says nothing alone ("find the gaps", "list improvements")."""
    words = [word for word in split_words(stream.focus) if word.lower not in _ARTICLES]
    return not stream.skills and 0 < len(words) <= VAGUE and all(word.lower in _PARTS for word in words)


_ARTICLES = frozenset("the a an any all some its their and or main key possible".split())
_PARTS = frozenset(
    "gap gaps cause causes remedy remedies improvement improvements reason reasons weakness weaknesses strength "
    "strengths problem problems issue issues finding findings conclusion conclusions insight insights lesson "
    "lessons pattern patterns trend trends difference differences answer answers result results consequence "
    "consequences next steps".split()
)
"""Things that are part of the work beside them, never a piece of work of their own."""


def _is_list(text: str) -> bool:
    """True for things told one after the other ("venue, speakers and catering")."""
    return "," in text and not text.endswith("?")


def _ranks_the_same(stream: Workstream, selection: Selection, catalog: Catalog) -> bool:
    """True for "and rank them" or "shortlist five" behind work of a trade that ends in a choice itself."""
    before = list(selection.pieces.values())[-1].step.skill
    vague = len(stream.focus.split()) <= VAGUE or stream.focus.split()[0].lower() in _NUMBERS or not stream.focus
    return (
        not _GENERAL_JUDGEMENTS.isdisjoint(stream.skills)
        and vague
        and bool(catalog.home_domains[before])
        and catalog.skills[before].activity in ("research", "analyze")
    )


_GENERAL_JUDGEMENTS = frozenset({"scoring_ranking", "option_comparison"})
"""Skills of no trade that a trade's own search or analysis ends in anyway."""

_NUMBERS = frozenset("them these those it two three four five six seven eight nine ten".split())
_MANNERS = frozenset(
    "explain justify include mention cite ensure keep use focus highlight note add avoid consider assume state "
    "show limit cover mind remember stick respect order alert".split()
)


def _pieces_for(stream: Workstream, rank: int, analysis: Analysis, catalog: Catalog) -> Iterator[Piece]:
    """Give each skill of a clause its step; a clause without a known skill becomes a plain step in its own words."""
    tools = tuple(match.owner for match in catalog.tool_phrases.find(split_words(stream.text)))
    skills = [skill for skill in stream.skills if not _is_made_otherwise(skill, stream, analysis, catalog)]
    for place, skill in enumerate(skills[:_MOST_SKILLS_PER_STREAM]):
        step = _step_for(skill, stream, analysis, catalog)
        words = next((s.evidence for s in analysis.skills if s.key == skill), ())
        why = f'The objective asks for it: "{words[0]}".' if words else f'The objective asks for it: "{stream.text}".'
        request = "" if place else _as_order(stream)
        focus = find_topic(stream, analysis, catalog)
        if catalog.skills[skill].activity in MAKING and _says_no_more(focus, words):
            focus = analysis.subject
        if rank and not stream.action:
            focus = analysis.subject  # a list of what belongs to the work before it
        if skill == "recommendation" and len(focus.split()) <= VAGUE:
            focus = analysis.subject  # "recommend a provider": of those that were compared
        yield Piece(step, focus, why, rank, named=True, request=request, tools=tools)
    if not stream.skills and not _makes_deliverable(stream, analysis, catalog):
        yield replace(plain_piece(stream, rank, analysis, catalog), tools=tools)


def _says_no_more(focus: str, evidence: Sequence[str]) -> bool:
    """True when the focus only names the kind of result ("interview questions"), not what it is about."""
    named = {word.stem for phrase in evidence for word in split_words(phrase)}
    return all(
        word.stem in named or len(word.lower) < 3 or word.lower.isdigit() or word.lower in _FAULTS
        for word in split_words(focus)
    )


_FAULTS = frozenset({"problems", "issues", "errors", "faults"})


def _is_made_otherwise(skill: str, stream: Workstream, analysis: Analysis, catalog: Catalog) -> bool:
    """True for a general writing skill where the clause names a deliverable of a trade, which has a step of its own.

    "Write the sprint report" needs no second step "write the report".
    """
    if catalog.home_domains[skill] or catalog.skills[skill].activity not in ("write", "communicate"):
        return False
    named = [d.artefact for d in analysis.deliverables if d.artefact and d.name.lower() in stream.text.lower()]
    return bool(named) and not any(step.produces in named for step in catalog.steps_by_skill[skill])


def _step_for(skill: str, stream: Workstream, analysis: Analysis, catalog: Catalog) -> Step:
    """Choose among the steps of a skill: the one whose triggers fit best, then one of the domain, then the first."""
    fits = {match.owner: match.strength for match in catalog.step_phrases.find(split_words(stream.text))}
    wanted = {deliverable.artefact for deliverable in analysis.deliverables}

    def merit(step: Step) -> tuple[float, bool, bool]:
        return fits.get(step.key, 0.0), step.produces in wanted, analysis.domain in catalog.pattern_of[step.key].domains

    return max(catalog.steps_by_skill[skill], key=merit)


def _makes_deliverable(stream: Workstream, analysis: Analysis, catalog: Catalog) -> bool:
    """True for a clause that asks for a deliverable to be made: that has a step of its own, unlike testing it."""
    verb = stem(stream.action.split()[-1]) if stream.action else ""
    named = any(made.artefact and made.name.lower() in stream.text.lower() for made in analysis.deliverables)
    return named and catalog.verb_groups.get(verb, "make") in _MAKING_GROUPS


_MAKING_GROUPS = frozenset({"write", "make", "plan", "summarize", "translate", "devise", "advise"})


def _as_order(stream: Workstream) -> str:
    """Return the clause as a command, its verb in the base form."""
    told, _, rest = stream.text.strip().rstrip(".").partition(" ")
    order = stream.action.split()[0] if stream.action else told
    return (
        f"{order} {rest}".strip()
        if stem(order) == stem(told.lower()) and order != told.lower()
        else f"{told} {rest}".strip()
    )


def plain_piece(stream: Workstream, rank: int, analysis: Analysis, catalog: Catalog) -> Piece:
    """Return a step in the clause's own words, by the kind of its verb, for whoever does such work in the domain."""
    verb = stem(stream.action.split()[-1]) if stream.action else ""
    activity = catalog.verb_activities.get(verb, "make") if verb else "analyze"
    group = catalog.verb_groups.get(verb, "")
    plain = catalog.language.plain_steps.get(group, catalog.language.plain_steps[activity])
    trades = _trades_of(analysis, catalog)
    trade = trades.get(group) or trades.get(activity)
    request = upper_first(_as_order(stream))
    step = plain.as_step(f"plain_{activity}_{rank}", "{request}")
    if trade:
        step = step.model_copy(update={"skill": trade, "tools": catalog.steps_by_skill[trade][0].tools})
    return Piece(
        step, stream.focus, f'The objective asks for it: "{request}".', rank, named=True, request=_as_order(stream)
    )


def _trades_of(analysis: Analysis, catalog: Catalog) -> Mapping[str, str]:
    """Return the trades of the objective's domain, unless its skills are at home elsewhere.

    A domain that only some word points to would send for the wrong people.
    """
    domain = catalog.domains[analysis.domain]
    homes = [catalog.home_domains[skill.key] for skill in analysis.skills if catalog.home_domains[skill.key]]
    return domain.trades if not homes or any(domain.key in home for home in homes) else {}


def _pieces_for_deliverables(analysis: Analysis, catalog: Catalog, selection: Selection) -> Iterator[Piece]:
    for deliverable in analysis.deliverables:
        if deliverable.artefact in selection.produced() or deliverable.artefact not in catalog.producers:
            continue
        if _is_made_already(deliverable, analysis, catalog, selection):
            continue
        step = producer_of(deliverable.artefact, analysis, catalog)
        rank, stream = next(
            (
                (rank, stream)
                for rank, stream in enumerate(analysis.workstreams)
                if deliverable.name.lower() in stream.text.lower()
            ),
            (len(analysis.workstreams), None),
        )
        focus = find_topic(stream, analysis, catalog) if stream else analysis.subject
        request = stream.text if stream and not stream.skills else ""
        yield Piece(step, focus, f'The objective asks for "{deliverable.name}".', rank, named=True, request=request)


def _is_made_already(deliverable: Deliverable, analysis: Analysis, catalog: Catalog, selection: Selection) -> bool:
    """True when the clause that names a text has a step that writes it: one of the same skill, or of a trade.

    A "news article" is written by a journalist's step, and "follow-up emails" by the step for a series of emails.
    """
    if catalog.artefacts[deliverable.artefact].stage not in DRAFT_STAGES:
        return False
    skill = producer_of(deliverable.artefact, analysis, catalog).skill
    naming = {rank for rank, s in enumerate(analysis.workstreams) if deliverable.name.lower() in s.text.lower()}
    written = [
        piece.step.skill
        for piece in selection.pieces.values()
        if piece.rank in naming and piece.named and catalog.artefacts[piece.step.produces].stage in DRAFT_STAGES
    ]
    return skill in written or (not catalog.home_domains[skill] and any(catalog.home_domains[one] for one in written))
