"""Picks the pieces of work: what the objective names, what its deliverables need, and the checks that risk asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crewgen_core.analysis.phrasing import head_of, lower_first, name_question, upper_first
from crewgen_core.analysis.subject import find_topic
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity, Pattern, Stage, Step
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.composition.depth import BALANCED, Depth, at_least
from crewgen_core.models.analysis import Analysis, Deliverable, Workstream

MOST_PIECES = 10
"""Above this a plan is no longer read; the remaining wishes go into the nearest piece [assumption]."""

_MOST_SKILLS_PER_STREAM = 3
_REVIEW_STEP, _FACT_STEP = "review_deliverable", "check_facts"
_DRAFT_STAGES: frozenset[Stage] = frozenset({"draft", "product"})
_FACT_STAGES: tuple[Stage, ...] = ("source", "data", "finding")


@dataclass(frozen=True)
class Piece:
    """One planned piece of work."""

    step: Step
    focus: str
    """What it is about, in the objective's words."""
    why: str
    """Why it is done, one sentence."""
    rank: int
    """Position in the objective's text; what is pulled in stands before what needs it."""
    named: bool = False
    """True when the objective names it, False when something else needs it."""
    wishes: tuple[str, ...] = ()
    """Further clauses that it takes care of."""
    request: str = ""
    """The clause of the objective that asks for it, empty when something else needs it."""
    tools: tuple[str, ...] = ()
    """Tools that the objective asks for in the same breath."""
    early: bool = False
    """True for a check of facts that stands before whatever works from them."""


@dataclass
class _Selection:
    pieces: dict[str, Piece] = field(default_factory=dict[str, Piece])

    def produced(self) -> set[str]:
        return {piece.step.produces for piece in self.pieces.values()}

    def add(self, piece: Piece) -> None:
        """Add a piece; the same step again only widens its focus."""
        known = self.pieces.get(piece.step.key)
        if known is None:
            self.pieces[piece.step.key] = piece
        elif piece.named and piece.request and (len(piece.focus.split()) <= _VAGUE or _share_head(known, piece)):
            self.pieces[piece.step.key] = replace(known, wishes=(*known.wishes, lower_first(piece.request)))
        elif piece.focus.lower() not in known.focus.lower():
            self.pieces[piece.step.key] = replace(
                known, focus=_join_focus(known.focus, piece.focus), named=known.named or piece.named
            )

    def widen(self, wish: str) -> None:
        """Let the piece that was added last take care of one more wish."""
        key, piece = list(self.pieces.items())[-1]
        self.pieces[key] = replace(piece, wishes=(*piece.wishes, lower_first(wish)))


def _share_head(known: Piece, piece: Piece) -> bool:
    """True when both are about the same things: "every applicant" and "the ten best of the applicants"."""
    heads = [split_words(head_of(name_question(one.focus))) for one in (known, piece)]
    if not all(heads):
        return False
    return heads[0][-1].stem in {word.stem for word in split_words(piece.focus)}


def _is_manner(stream: Workstream) -> bool:
    """True for a clause that says how to do the one before it ("explain each flag") or lists what belongs to it."""
    verb = stream.action.split()[-1] if stream.action else ""
    return not stream.skills and (verb in _MANNERS or (not verb and _is_list(stream.text)))


def _is_part_of_others(stream: Workstream) -> bool:
    """True for a clause without a trade whose object says nothing alone ("find the gaps", "list improvements")."""
    words = [word for word in split_words(stream.focus) if word.lower not in _ARTICLES]
    return not stream.skills and 0 < len(words) <= _VAGUE and all(word.lower in _PARTS for word in words)


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


def _ranks_the_same(stream: Workstream, selection: _Selection, catalog: Catalog) -> bool:
    """True for "and rank them" or "shortlist five" behind work of a trade that ends in a choice itself."""
    before = list(selection.pieces.values())[-1].step.skill
    vague = len(stream.focus.split()) <= _VAGUE or stream.focus.split()[0].lower() in _NUMBERS or not stream.focus
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


def plan_pieces(analysis: Analysis, catalog: Catalog, depth: Depth = BALANCED) -> tuple[Piece, ...]:
    """Return the pieces of work, at least one, at most ``MOST_PIECES``."""
    if analysis.written_in != "English" and not analysis.deliverables:
        return _general_pieces(analysis, catalog, depth)
    selection = _select_named(analysis, catalog)
    if not selection.pieces:
        selection.add(_plain_piece(analysis.workstreams[0], 0, analysis, catalog))
    _pull_in_needs(selection, analysis, catalog)
    if depth.prepares:
        _prepare(selection, analysis, catalog, depth)
    _add_checks(selection, analysis, catalog, depth)
    return tuple(_limit(list(selection.pieces.values())))


def _select_named(analysis: Analysis, catalog: Catalog) -> _Selection:
    """Return the pieces that the objective names: by its clauses, then by what shall exist in the end."""
    selection, early = _Selection(), list[str]()
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


def _without_wishes(stream: Workstream, selection: _Selection, catalog: Catalog) -> Workstream | None:
    """Let the piece before take up what only says how it is done; return what is left to do, if anything."""
    if not selection.pieces:
        return stream
    if _ranks_the_same(stream, selection, catalog):
        stream = stream.model_copy(update={"skills": tuple(s for s in stream.skills if s not in _GENERAL_JUDGEMENTS)})
    elif not _is_manner(stream) and (stream.action or not _is_list(stream.text)):
        return stream
    selection.widen(stream.text)
    return stream if stream.skills else None


def _general_pieces(analysis: Analysis, catalog: Catalog, depth: Depth) -> tuple[Piece, ...]:
    """Plan around a text whose words the catalog does not know: find out, judge, write, check."""
    why = f"The text seems to be {analysis.written_in}, so the plan is a general one around it."
    selection = _Selection()
    for rank, skill in enumerate(_GENERAL_SKILLS[depth.name]):
        selection.add(Piece(catalog.steps_by_skill[skill][0], analysis.subject, why, rank))
    if depth.checks == "facts and the end":
        _check_facts_early(selection, analysis, catalog)
    return tuple(selection.pieces.values())


_GENERAL_SKILLS = {
    "lean": ("web_research", "report_writing"),
    "balanced": ("web_research", "recommendation", "report_writing", "quality_review"),
    "thorough": ("web_research", "recommendation", "report_writing", "quality_review"),
}


def given_artefacts(analysis: Analysis, catalog: Catalog) -> frozenset[str]:
    """Return the keys of the artefacts that the objective says are there already."""
    text = f"{analysis.objective.text}\n{analysis.objective.context}"
    return frozenset(match.owner for match in catalog.given_phrases.find(split_words(text)))


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
        if catalog.skills[skill].activity in _MAKING and _says_no_more(focus, words):
            focus = analysis.subject
        if rank and not stream.action:
            focus = analysis.subject  # a list of what belongs to the work before it
        if skill == "recommendation" and len(focus.split()) <= _VAGUE:
            focus = analysis.subject  # "recommend a provider": of those that were compared
        yield Piece(step, focus, why, rank, named=True, request=request, tools=tools)
    if not stream.skills and not _makes_deliverable(stream, analysis, catalog):
        yield replace(_plain_piece(stream, rank, analysis, catalog), tools=tools)


_VAGUE = 2
"""With so few words the object of a recommendation only names the kind of thing [assumption]."""

_MAKING: frozenset[Activity] = frozenset({"write", "make", "plan", "communicate"})


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


def _plain_piece(stream: Workstream, rank: int, analysis: Analysis, catalog: Catalog) -> Piece:
    """Return a step in the clause's own words, by the kind of its verb, for whoever does such work in the domain."""
    verb = stem(stream.action.split()[-1]) if stream.action else ""
    activity = catalog.verb_activities.get(verb, "make") if verb else "analyze"
    group = catalog.verb_groups.get(verb, "")
    plain = catalog.language.plain_steps.get(group, catalog.language.plain_steps[activity])
    trades = _trades_of(analysis, catalog)
    trade = trades.get(group) or trades.get(activity)
    request = upper_first(_as_order(stream))
    step = Step(
        key=f"plain_{activity}_{rank}",
        title="{request}",
        skill=trade or plain.skill,
        uses=plain.uses,
        produces=plain.produces,
        description=plain.description,
        output=plain.output,
        checks=plain.checks,
        minutes=plain.minutes,
        tools=catalog.steps_by_skill[trade][0].tools if trade else plain.tools,
    )
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


def _pieces_for_deliverables(analysis: Analysis, catalog: Catalog, selection: _Selection) -> Iterator[Piece]:
    for deliverable in analysis.deliverables:
        if deliverable.artefact in selection.produced() or deliverable.artefact not in catalog.producers:
            continue
        if _is_made_by_trade(deliverable, analysis, catalog, selection):
            continue
        step = _producer(deliverable.artefact, analysis, catalog)
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


def _is_made_by_trade(deliverable: Deliverable, analysis: Analysis, catalog: Catalog, selection: _Selection) -> bool:
    """True when the clause that names a general text has a step of a trade that writes just that ("news article")."""
    if catalog.artefacts[deliverable.artefact].stage not in _DRAFT_STAGES:
        return False
    if catalog.home_domains[_producer(deliverable.artefact, analysis, catalog).skill]:
        return False
    naming = {rank for rank, s in enumerate(analysis.workstreams) if deliverable.name.lower() in s.text.lower()}
    return any(
        piece.rank in naming
        and piece.named
        and catalog.home_domains[piece.step.skill]
        and catalog.artefacts[piece.step.produces].stage in _DRAFT_STAGES
        for piece in selection.pieces.values()
    )


def _producer(artefact: str, analysis: Analysis, catalog: Catalog) -> Step:
    steps = catalog.producers[artefact]
    return max(steps, key=lambda step: analysis.domain in catalog.pattern_of[step.key].domains)


def _pull_in_needs(selection: _Selection, analysis: Analysis, catalog: Catalog) -> None:
    """Work back: whatever a piece cannot do without, and nobody gives or makes, is made first."""
    given = given_artefacts(analysis, catalog)
    waiting = list(selection.pieces.values())
    while waiting and len(selection.pieces) < MOST_PIECES:
        piece = waiting.pop()
        for artefact in piece.step.needs:
            if artefact in given or artefact in selection.produced() or catalog.artefacts[artefact].stage == "input":
                continue
            if artefact not in catalog.producers:
                continue
            step = _producer(artefact, analysis, catalog)
            trade, result = catalog.skills[piece.step.skill].name, catalog.artefacts[artefact].name
            why = f"Comes first: {trade} starts from the {result}, which nobody brings."
            pulled = Piece(step, _focus_before(piece, analysis, catalog), why, piece.rank)
            selection.add(pulled)
            waiting.append(pulled)


def _prepare(selection: _Selection, analysis: Analysis, catalog: Catalog, depth: Depth) -> None:
    """Take up what belongs to the whole of the work although nobody names it."""
    _elaborate(selection, analysis, catalog, depth)
    _pull_in_needs(selection, analysis, catalog)
    if len(selection.pieces) < _THIN_PLAN:
        _elaborate(selection, analysis, catalog, depth, wider=True)
    _prepare_plain_work(selection, analysis, catalog)


_THIN_PLAN = 2
"""Below this number of pieces a plan also takes up what other patterns of the domain prepare for it [assumption]."""


def _elaborate(
    selection: _Selection, analysis: Analysis, catalog: Catalog, depth: Depth, *, wider: bool = False
) -> None:
    """Fill a short plan with what its steps build on: whoever says little still expects the whole of the work."""
    given = given_artefacts(analysis, catalog)
    named = [piece for piece in selection.pieces.values() if piece.named]
    most = depth.full_plan.get(len(named), 0)
    for piece in named:
        if not catalog.home_domains[piece.step.skill] and any(
            other.rank == piece.rank and catalog.home_domains[other.step.skill] for other in named
        ):
            continue
        told = piece.step.brings is not None
        added = 0
        for step in _companions(piece, analysis, catalog, wider=wider):
            if len(selection.pieces) >= most + told or added == depth.most_added[len(named)] * (1 + told):
                break
            if step.produces in given or step.produces in selection.produced() or not _can_start(step, given, catalog):
                continue
            if _is_said_already(step, named, catalog):
                continue
            trade, result = catalog.skills[piece.step.skill].name, catalog.artefacts[step.produces].name
            why = f"Not named, but whoever asks for {trade} usually expects the {result} too."
            selection.add(Piece(step, _focus_before(piece, analysis, catalog), why, piece.rank))
            added += 1


def _prepare_plain_work(selection: _Selection, analysis: Analysis, catalog: Catalog) -> None:
    """Let sources be found first where all there is to do is a thing that the catalog has no step for."""
    alone = next(iter(selection.pieces.values()))
    if len(selection.pieces) > 1 or not alone.step.key.startswith("plain_") or analysis.constraints.inputs:
        return
    research = catalog.steps_by_skill["web_research"][0]
    if catalog.skills[alone.step.skill].activity == "research" or len(analysis.subject.split()) < _VAGUE:
        return
    why = "What is known already saves work and errors in the task after it."
    selection.add(Piece(research, analysis.subject, why, alone.rank))


def _is_said_already(step: Step, named: Sequence[Piece], catalog: Catalog) -> bool:
    """True for a second answer to "what to do": recommendations beside a plan, or the other way round."""
    if step.skill == "recommendation":
        return any(catalog.artefacts[piece.step.produces].stage == "plan" for piece in named)
    asked = any(piece.step.skill == "recommendation" for piece in named)
    return asked and catalog.artefacts[step.produces].stage == "plan"


def _companions(piece: Piece, analysis: Analysis, catalog: Catalog, *, wider: bool) -> Iterator[Step]:
    """Yield what may join a piece: the steps that its own entry names, else those that make what it uses."""
    if piece.step.brings is not None:
        yield from (catalog.steps[key] for key in piece.step.brings if _is_open(catalog.steps[key], analysis, catalog))
        return
    pattern = catalog.pattern_of.get(piece.step.key)
    for artefact in piece.step.uses:
        if artefact not in catalog.producers:
            continue
        step = _producer(artefact, analysis, catalog)
        at_home = analysis.domain in catalog.pattern_of[step.key].domains
        if _belongs(step, pattern, analysis, catalog) or (wider and at_home):
            yield step


def _is_open(step: Step, analysis: Analysis, catalog: Catalog) -> bool:
    """False for finding sources where the person brings the material."""
    return catalog.artefacts[step.produces].stage != "source" or not analysis.constraints.inputs


def _belongs(step: Step, pattern: Pattern | None, analysis: Analysis, catalog: Catalog) -> bool:
    """True for a step of the same pattern or domain, and for finding sources where the person brings none."""
    own = catalog.pattern_of[step.key]
    if own is pattern:
        return True
    return (
        (not own.domains or analysis.domain in own.domains)
        and catalog.artefacts[step.produces].stage == "source"
        and not analysis.constraints.inputs
    )


def _can_start(step: Step, given: frozenset[str], catalog: Catalog) -> bool:
    """True when the step needs nothing that only a person could bring and did not."""
    return all(artefact in given or catalog.artefacts[artefact].stage != "input" for artefact in step.needs)


def _focus_before(piece: Piece, analysis: Analysis, catalog: Catalog) -> str:
    """Return what a step that prepares this one is about: not the text or plan to be made, but its subject."""
    makes = catalog.skills[piece.step.skill].activity in _MAKING
    return analysis.subject if makes or not piece.named else piece.focus


def _add_checks(selection: _Selection, analysis: Analysis, catalog: Catalog, depth: Depth) -> None:
    """Add the checks that risk asks for, one of facts before their use, and a last one, as far as the depth goes."""
    last = len(analysis.workstreams) + 1
    if depth.checks == "facts and the end":
        _check_facts_early(selection, analysis, catalog)
    for risk in analysis.risks:
        review = catalog.risks[risk.key].review
        if (
            review
            and at_least(risk.severity, depth.checks_from)
            and len(selection.pieces) < MOST_PIECES
            and not _is_review_of(review, selection)
        ):
            why = f'Care for {risk.name}: the objective says "{risk.evidence[0]}".'
            selection.add(Piece(catalog.steps[review], analysis.subject, why, last))
    if depth.checks == "where risk asks":
        return
    if _lacks_last_check(selection, catalog, depth):
        why = "Somebody other than the author checks the result before it is handed over."
        selection.add(Piece(_review_for(selection, analysis, catalog), analysis.subject, why, last + 1))


def _lacks_last_check(selection: _Selection, catalog: Catalog, depth: Depth) -> bool:
    """True where the result is to be checked as a whole and no piece does so."""
    pieces = selection.pieces.values()
    checks = [p for p in pieces if catalog.artefacts[p.step.produces].stage in ("review", "final")]
    if depth.checks == "facts and the end":
        return len(pieces) < MOST_PIECES and all(check.step.key in _PARTIAL_CHECKS for check in checks)
    drafts = [p for p in pieces if catalog.artefacts[p.step.produces].stage in _DRAFT_STAGES]
    return not checks and (len(pieces) >= 3 or (bool(drafts) and len(pieces) > 1))


_PARTIAL_CHECKS = frozenset({_FACT_STEP, "review_compliance"})
"""Checks of one side of a result only."""


def _check_facts_early(selection: _Selection, analysis: Analysis, catalog: Catalog) -> None:
    """Let facts be checked between those who find them and those who build on them, where there are both."""
    pieces = selection.pieces.values()
    stages = {catalog.artefacts[piece.step.produces].stage for piece in pieces}
    if stages.isdisjoint(_FACT_STAGES) or not stages & {*_DRAFT_STAGES, "plan"}:
        return
    if _FACT_STEP in selection.pieces or len(pieces) >= MOST_PIECES - 1:
        return
    step = catalog.steps[_FACT_STEP]
    step = step.model_copy(update={"uses": tuple(f"stage:{stage}" for stage in _FACT_STAGES)})
    why = "An error that is found before the facts are used does not reach the result."
    selection.add(Piece(step, analysis.subject, why, len(analysis.workstreams) + 1, early=True))


def _review_for(selection: _Selection, analysis: Analysis, catalog: Catalog) -> Step:
    """Choose the check of the trade that looks at what is made ("code review"), else the general one."""
    made = {
        p.step.produces for p in selection.pieces.values() if catalog.artefacts[p.step.produces].stage in _DRAFT_STAGES
    }
    best, most = catalog.steps[_REVIEW_STEP], 0
    for step in catalog.steps.values():
        pattern = catalog.pattern_of[step.key]
        if catalog.artefacts[step.produces].stage != "review" or analysis.domain not in pattern.domains:
            continue
        looks_at = len(made & {*step.needs, *step.uses})
        if looks_at > most and looks_at == len(made):
            best, most = step, looks_at
    return best


def _is_review_of(review: str, selection: _Selection) -> bool:
    """True when this review, or another one of the same kind of work, is planned already."""
    return (
        review in selection.pieces or sum(1 for key in selection.pieces if key.startswith(("review_", "check_"))) >= 2
    )


def _limit(pieces: list[Piece]) -> Iterable[Piece]:
    """Keep the most important pieces; the wishes of the others go to the named piece nearest in the text."""
    if len(pieces) <= MOST_PIECES:
        return pieces
    checks = [piece for piece in pieces if piece.rank > MOST_PIECES and not piece.named][:2]
    kept = [piece for piece in pieces if piece not in checks][: MOST_PIECES - len(checks)]
    for left in (piece for piece in pieces if piece not in kept and piece not in checks):
        nearest = min(range(len(kept)), key=lambda i: abs(kept[i].rank - left.rank))
        kept[nearest] = replace(kept[nearest], wishes=(*kept[nearest].wishes, left.focus))
    return kept + checks


def _join_focus(one: str, other: str) -> str:
    return f"{one}; {other}" if len(one) + len(other) < 160 else one
