"""Changes of the models that agents think with."""

import re
from collections.abc import Iterator
from decimal import Decimal

from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.llm.providers import PROVIDERS
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge
from crewgen_core.refinement.parts import find_agents, find_tasks, means_all, the_agent
from crewgen_core.refinement.wishes import Think
from crewgen_core.refinement.work import Declined, Outcome, Work, change_agents, join_words, name_of, quote

_GRADE = re.compile(
    r"(?:a |the )?(?P<grade>cheap|small|fast|better|best|strong|large|bigg|smart)(?:er|est|r)?\s+(?:model|llm|ai)", re.I
)
_MAKERS = {
    "gpt": "openai",
    "claude": "anthropic",
    "gemini": "gemini",
    "mistral": "mistral",
    "grok": "xai",
    "deepseek": "deepseek",
}
_MAKER_OF = re.compile(r"^(?:gpt-|o\d|chatgpt|text-)|^(?P<claude>claude)")
LONGEST_MODEL = 200


def use_model(wish: Think, work: Work) -> Outcome:
    """Let agents think with another model."""
    crew = work.crew
    if not crew.agents:
        raise Declined("The crew has no agents that could think with a model.")
    keys = _whom(wish.whom, work)
    model = _find_model(wish.model, keys, work)
    changed = change_agents(crew, keys, model=model)
    if crew.manager and len(keys) == len(crew.agents):
        changed = changed.model_copy(update={"manager": crew.manager.model_copy(update={"model": model})})
    if changed == crew:
        raise Declined(f"That is so already: {_who(keys, crew)} with {model}.")
    remarks = ()
    if work.knowledge.profile_of(model).price is None:
        remarks = (f"The price of {model} is not known, so the cost of a run cannot be given.",)
    return Outcome(changed, f"{_who(keys, crew)} with {model} now.", _allow(work.objective, model), remarks)


def _whom(words: str, work: Work) -> set[str]:
    """Return the keys of the agents that are meant: by role, or by what they do."""
    if means_all(words):
        return {agent.key for agent in work.crew.agents}
    agents = find_agents(words, work)
    if not agents and (tasks := find_tasks(words, work)):
        return {task.agent for task in tasks if task.agent}
    return {(agents[0] if len(agents) == 1 else the_agent(words, work)).key}


def _who(keys: set[str], crew: Crew) -> str:
    if len(keys) == len(crew.agents) > 1:
        return "Every agent thinks"
    names = [name_of(agent) for agent in crew.agents if agent.key in keys]
    return f"{join_words(names)} {'thinks' if len(names) == 1 else 'think'}"


def _allow(objective: Objective | None, model: str) -> Objective | None:
    """Add a model that was asked for to the list of allowed ones, where there is such a list."""
    if objective is None or objective.allowed_models is None or model in objective.allowed_models:
        return None
    return objective.model_copy(update={"allowed_models": (*objective.allowed_models, model)})


def _find_model(words: str, keys: set[str], work: Work) -> str:
    """Return the LiteLLM name that is meant. Raises Declined."""
    grade = _GRADE.fullmatch(words)
    if grade:
        return _find_grade(grade["grade"].lower(), keys, work)
    plain = words.strip().strip("\"'“”")
    allowed = (work.objective.allowed_models or ()) if work.objective else ()
    for name in allowed:
        if plain.lower() in (name.lower(), name.lower().rpartition("/")[2]):
            return name
    if "/" in plain:
        return plain[:LONGEST_MODEL]
    slug = re.sub(r"\s+", "-", plain.lower())
    fact = load_model_facts().find(slug) or _by_label(plain)
    if fact:
        return with_provider(fact if isinstance(fact, str) else fact.name)
    suggested = [name for provider in PROVIDERS for name in provider.suggested]
    prefix = _MAKERS.get(slug.split("-")[0])
    family = [name for name in (*allowed, *suggested) if slug in name.lower().rpartition("/")[2]]
    family = family or [name for name in suggested if prefix and name.startswith(f"{prefix}/") and slug in _MAKERS]
    if family:
        return family[0]
    if re.search(r"\d", slug) or work.knowledge.profile_of(slug).price is not None:
        return with_provider(slug)[:LONGEST_MODEL]
    raise Declined(
        f"No model like {quote(words)} is known. Give its LiteLLM name, such as openai/gpt-5-mini.", unclear=True
    )


def _by_label(words: str) -> str | None:
    plain = re.sub(r"[\s-]+", " ", words.lower())
    return next(
        (fact.name for fact in load_model_facts().models if re.sub(r"[\s-]+", " ", fact.label.lower()) == plain), None
    )


def with_provider(name: str) -> str:
    """Return a bare name with the provider in front that LiteLLM would guess ("gpt-5" gives "openai/gpt-5")."""
    found = _MAKER_OF.match(name)
    if "/" in name or not found:
        return name
    return f"{'anthropic' if found['claude'] else 'openai'}/{name}"


def _find_grade(grade: str, keys: set[str], work: Work) -> str:
    """Return the next cheaper or better model of the same provider."""
    agent = next((agent for agent in work.crew.agents if agent.key in keys), None)
    now = (agent.model if agent else None) or work.knowledge.run_model
    others = list(kindred_models(now, work.knowledge, work.objective))
    price_now, quality_now = price_of(now, work.knowledge), work.knowledge.profile_of(now).horizon_minutes
    if grade in ("cheap", "small", "fast"):
        cheaper = [
            name
            for name in others
            if price_now is not None and (price_of(name, work.knowledge) or price_now) < price_now
        ]
        found = max(cheaper, key=lambda name: work.knowledge.profile_of(name).horizon_minutes, default=None)
    else:
        better = [name for name in others if work.knowledge.profile_of(name).horizon_minutes > quality_now]
        found = min(better, key=lambda name: price_of(name, work.knowledge) or Decimal(0), default=None)
    if found is None:
        word = "cheaper" if grade in ("cheap", "small", "fast") else "better"
        raise Declined(f"No {word} model of the same provider than {now} is known.")
    return found


def kindred_models(model: str, knowledge: Knowledge, objective: Objective | None) -> Iterator[str]:
    """Yield models that may stand in for this one: those that the objective allows, else those of its provider.

    Only models whose quality is published and whose price is known are offered.
    """
    provider = with_provider(model).partition("/")[0]
    allowed = objective.allowed_models if objective else None
    for fact in load_model_facts().models:
        name = with_provider(fact.name)
        if allowed is not None:
            name = next((one for one in allowed if load_model_facts().find(one) == fact), "")
        if not name or name == model or fact.eci is None or (allowed is None and name.partition("/")[0] != provider):
            continue
        if knowledge.profile_of(name).price is not None:
            yield name


def price_of(model: str, knowledge: Knowledge) -> Decimal | None:
    """Return the price of a million tokens read and a quarter of that written, in USD: the usual mix of a crew."""
    price = knowledge.profile_of(model).price
    if price is None or price.input_usd is None or price.output_usd is None:
        return None
    return 1_000_000 * (price.input_usd + price.output_usd / 4)
