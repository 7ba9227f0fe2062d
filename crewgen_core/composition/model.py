"""The composer that asks a model: one question for a crew, grounded in the built-in one.

Where that one comes from a template, most of it is right, and the model is only asked what to change."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.answer import CrewAnswer, read_answer
from crewgen_core.composition.changes import ChangesAnswer, read_changes
from crewgen_core.composition.changing import as_crew_answer, change_crew
from crewgen_core.composition.composer import Composer
from crewgen_core.composition.grounding import ground
from crewgen_core.composition.names import Glossary
from crewgen_core.composition.prompt import ask_again, ask_for_changes, ask_for_crew, ask_for_repair
from crewgen_core.composition.substance import find_refusal
from crewgen_core.errors import ModelFault
from crewgen_core.llm.call import Answer, Message, Request
from crewgen_core.llm.faults import CallFailed, describe_model
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Draft, Provenance
from crewgen_core.models.report import Report

MOST_CALLS = 2
"""Questions asked for one crew: one, and one more when the answer could not be used or its crew had errors."""

NO_CREW = "gave no answer that holds a crew"
NO_CHANGES = "gave no answer that holds changes"
"""Why an answer of no use is of no use, in words that follow the model's name."""

Ask = Callable[[Request], Awaitable[Answer]]
"""How to ask a model (``llm.client.ModelClient.ask``); raises ModelFault when there is no answer."""


_Made = tuple[Crew, tuple[str, ...]]
"""A crew, and notes about what was put right."""


class ModelComposer:
    """Composes crews with a model's help, and without it whenever the model fails: there is always a crew."""

    def __init__(
        self, catalog: Catalog, built_in: Composer, ask: Ask, model: str, glossary: Glossary | None = None
    ) -> None:
        """Take the catalog to ground answers in, the composer to fall back on, and whom to ask how.

        ``glossary`` is the catalog's, for who makes many composers: it takes 2 ms.
        """
        self._catalog = catalog
        self._glossary = glossary or Glossary(catalog)
        self._built_in = built_in
        self._ask = ask
        self._model = model

    async def compose(self, analysis: Analysis) -> Draft:
        """Return the model's crew, grounded; the built-in one, with the reason, when the model gave none."""
        start = await self._built_in.compose(analysis)
        base, template = start.crew, start.provenance.template
        if template is None:
            question, notes = ask_for_crew(analysis, base, self._catalog)
        else:
            question, notes = ask_for_changes(analysis, base)
        spent = self._nothing_spent(notes).model_copy(update={"template": template})
        return await self._work_out(question, analysis, base, base, spent)

    async def repair(self, draft: Draft, analysis: Analysis, report: Report) -> Draft:
        """Return the model's corrected crew; the draft as it is when the model had its two questions."""
        if draft.provenance.engine == "catalog" or draft.built_in is None:
            return await self._built_in.repair(draft, analysis, report)
        if draft.provenance.calls >= MOST_CALLS:
            return draft
        if draft.provenance.template is None:
            question, notes = ask_for_crew(analysis, draft.built_in, self._catalog)
            question = ask_for_repair(question, draft.crew, report)
        else:
            question, notes = ask_for_changes(analysis, draft.crew, report)
        spent = draft.provenance.model_copy(update={"notes": notes})
        return await self._work_out(question, analysis, draft.crew, draft.built_in, spent)

    async def _work_out(
        self, question: tuple[Message, ...], analysis: Analysis, shown: Crew, base: Crew, spent: Provenance
    ) -> Draft:
        """Ask until an answer can be used, as long as there are questions left; ``shown`` is what changes refer to."""
        changes, reason = spent.template is not None, ""
        shape = ChangesAnswer if changes else CrewAnswer
        while spent.calls < MOST_CALLS:
            try:
                answer = await self._ask(
                    Request(model=self._model, messages=question, shape=shape, spent_s=spent.model_seconds)
                )
            except ModelFault as fault:
                return self._fall_back(base, _add_fault(spent, fault), str(fault))
            spent = _add_answer(spent, answer)
            read = self._change if changes else self._ground
            made, said = read(answer, analysis, shown, base)
            if made:
                return _draft(made[0], base, spent, (*_told_by(answer), *made[1]))
            reason = said or reason
            question = ask_again(question, answer.text, reason, changes=changes)
        reason = reason or (NO_CHANGES if changes else NO_CREW)
        return self._fall_back(base, spent, f"{describe_model(self._model)} {reason}.")

    def _ground(self, answer: Answer, analysis: Analysis, shown: Crew, base: Crew) -> tuple[_Made | None, str]:
        """Return the crew that the answer holds, with notes; without one, why not, as far as there is more to say."""
        del shown  # the answer is a whole crew
        read = read_answer(answer.text)
        reason = find_refusal(read, analysis, base, self._catalog) if read else ""
        made = ground(read, analysis, base, self._catalog, self._glossary) if read and not reason else None
        return made, reason

    def _change(self, answer: Answer, analysis: Analysis, shown: Crew, base: Crew) -> tuple[_Made | None, str]:
        """Do the same for an answer that holds changes of the crew that was shown."""
        read = read_changes(answer.text, cut_off=_is_cut_off(answer))
        if read is None:
            return None, ""
        said = as_crew_answer(read, shown)
        reason = find_refusal(said, analysis, base, self._catalog) if said.tasks else ""
        if reason:
            return None, reason
        return change_crew(read, analysis, shown, base, self._catalog, self._glossary), ""

    def _nothing_spent(self, notes: tuple[str, ...]) -> Provenance:
        label = describe_model(self._model)
        return Provenance(engine="model", label=label, model=self._model, cost_usd=Decimal(0), notes=notes)

    def _fall_back(self, base: Crew, spent: Provenance, reason: str) -> Draft:
        """Return the built-in crew, saying so, with what the model cost all the same."""
        return Draft(crew=base, provenance=spent.fall_back(reason).model_copy(update={"notes": ()}))


def _draft(crew: Crew, built_in: Crew, spent: Provenance, notes: tuple[str, ...]) -> Draft:
    provenance = spent.model_copy(update={"notes": (*spent.notes, *notes)})
    return Draft(crew=crew, provenance=provenance, built_in=built_in)


def _told_by(answer: Answer) -> tuple[str, ...]:
    return ("The answer was cut off at the model's limit; what was there was used.",) if _is_cut_off(answer) else ()


def _is_cut_off(answer: Answer) -> bool:
    return answer.finish_reason == "length"


def _add_answer(spent: Provenance, answer: Answer) -> Provenance:
    return spent.model_copy(
        update={
            "calls": spent.calls + 1,
            "tokens_in": spent.tokens_in + answer.tokens_in,
            "tokens_out": spent.tokens_out + answer.tokens_out,
            "cost_usd": _sum_costs(spent.cost_usd, answer.cost_usd),
            "model_seconds": spent.model_seconds + answer.seconds,
        }
    )


def _add_fault(spent: Provenance, fault: ModelFault) -> Provenance:
    known = isinstance(fault, CallFailed)
    return spent.model_copy(
        update={
            "calls": spent.calls + 1,
            "cost_usd": _sum_costs(spent.cost_usd, fault.cost_usd if known else None),
            "model_seconds": spent.model_seconds + (fault.seconds if known else 0),
        }
    )


def _sum_costs(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """Add costs; with one unknown the sum is unknown."""
    return None if first is None or second is None else first + second
