"""Optimization: a goal, the limits it must keep, the best crew that was found, and the way there as changes."""

from typing import Literal, get_args

from pydantic import Field

from crewgen_core.models.change import Change, Effect
from crewgen_core.models.crew import Crew
from crewgen_core.models.value import Usd, Value

Goal = Literal["performance", "cost", "speed", "quality", "balanced"]
GOALS: tuple[Goal, ...] = get_args(Goal)

VariantKind = Literal["today", "chosen", "one agent", "cheapest", "fastest", "most successful", "frontier"]


class Limits(Value):
    """What an optimized crew has to keep; None sets no limit."""

    budget_usd: Usd | None = None
    """Most that a typical run (P50) may cost, in USD."""
    deadline_minutes: float | None = Field(default=None, gt=0, le=525_600)
    """Longest that a typical run (P50) may take, in minutes."""
    least_success: float | None = Field(default=None, ge=0, lt=1)
    """Least typical chance of success (P50), 0 to 1."""
    models: tuple[str, ...] | None = None
    """LiteLLM names of the models that agents may be given beside those they have; None takes every model with price
    and score."""
    providers: tuple[str, ...] | None = None
    """LiteLLM names of the providers ("openai") whose models agents may be given; None takes all. Only where ``models``
    is None."""
    fixed_agents: tuple[str, ...] = ()
    """Keys of agents that keep their tasks and their model."""
    max_agents: int | None = Field(default=None, ge=1, le=200)
    """Most agents, the manager not counted; None allows one for each task."""
    new_tools: bool = False
    """True lets a task move to an agent that gains tools by it; False keeps every agent to the tools it has."""
    keep_process: bool = False
    """True keeps process, coordination and oversight as they are."""
    keep_order: bool = False
    """True keeps which tasks run at the same time."""
    keep_reviews: bool = False
    """True neither adds nor drops reviews."""
    beyond_objective: bool = False
    """True leaves budget and deadline that the objective states aside; else they count where none is set here."""


class Variant(Value):
    """One crew for the objective, with what it gives and costs."""

    kind: VariantKind
    effect: Effect
    """Its estimate."""
    agents: int = Field(ge=0)
    models: tuple[str, ...]
    """Models at work, each once."""
    crew: Crew | None = None
    """The crew itself; None where only its figures were kept."""


class Proof(Value):
    """How sure it is that nothing better exists within the limits."""

    optimal: bool
    """True when the solver proved it, to within ``gap``."""
    gap: float = Field(ge=0)
    """How much better the optimum could be at most, as a share of the figure that was optimized."""
    seconds: float = Field(ge=0)
    """Time that solving took."""
    models_considered: int = Field(ge=0)
    styles_considered: tuple[str, ...]
    """Ways of working together that were compared."""
    remark: str
    """The same in one or two plain sentences."""


class Optimization(Value):
    """What optimizing a crew came to."""

    goal: Goal
    limits: Limits
    """The limits that were kept, those included that the objective states or the goal brings along."""
    stated: tuple[str, ...] = ()
    """Names of the limits that the objective states, and that nobody set otherwise ("budget_usd")."""
    feasible: bool
    """False when no crew keeps the limits; ``variants`` then holds the nearest ones."""
    before: Effect
    after: Effect
    """The figures with every change applied; those of today's crew where there are no changes."""
    changes: tuple[Change, ...]
    """Each with its reason and with the figures when it is the only one applied."""
    verdict: str
    """What came of it, in one or two plain sentences."""
    proof: Proof
    variants: tuple[Variant, ...]
    """Crews to compare with: today's, the chosen one, one agent alone; where nothing is feasible, the extremes."""
    spent_usd: Usd | None = None
    """What a model was paid for designing the crew; None when none was asked or the price is not known."""
    break_even_runs: int | None = None
    """Runs after which the saving has paid that; None when nothing was spent or nothing is saved."""

    def without_crews(self) -> "Optimization":
        """Return it without the crews of its variants, as it is kept."""
        variants = tuple(variant.model_copy(update={"crew": None}) for variant in self.variants)
        return self.model_copy(update={"variants": variants})
