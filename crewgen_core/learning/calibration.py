"""What own outcomes teach about estimates: of success, of cost, of duration."""

from collections.abc import Sequence
from dataclasses import dataclass

from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.estimation.success import sigmoid
from crewgen_core.learning.ratios import Ratio, learn_ratio, log_ratios
from crewgen_core.learning.recalibration import Recalibration, clipped_logit, recalibrate
from crewgen_core.models.outcome import Outcome

CORRECTED_FROM = 5
"""Own outcomes from which a figure is corrected: in simulations five already pay (docs/estimator.md); fewer are hardly
seen in it."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What is believed after the outcomes; before the first one, the prior. It equals itself only: that is cheap."""

    success: Recalibration
    cost: Ratio
    duration: Ratio

    @property
    def outcomes(self) -> int:
        """Outcomes in all; those that tell cost or duration may be fewer."""
        return self.success.outcomes

    def uncorrect_success(self, chance: float, template: str | None = None) -> float:
        """Return the predicted chance that is corrected to this one (0 to 1); the same where nothing is corrected.

        Where outcomes contradict the predictions so much that there is no such chance, it is the same too.
        """
        learned = self.success
        if self.outcomes < CORRECTED_FROM or learned.b <= 0:
            return chance
        effect = learned.templates.get(template, learned.unseen).mean
        return sigmoid((clipped_logit(chance) - learned.a - effect) / learned.b)

    @property
    def ratios(self) -> dict[str, Ratio]:
        """The ratios that correct something, by the name of the figure."""
        named = {"cost": self.cost, "duration": self.duration}
        return {name: ratio for name, ratio in named.items() if ratio.outcomes >= CORRECTED_FROM}


def calibrate(outcomes: Sequence[Outcome], constants: Constants | None = None) -> Calibration:
    """Learn from outcomes, in any order and whatever they are. ``constants`` are the shipped ones unless given."""
    prior = (constants or load_constants()).learning
    costs = log_ratios((it.predicted_cost_usd, it.actual_cost_usd) for it in outcomes)
    durations = log_ratios((it.predicted_duration_s, it.actual_duration_s) for it in outcomes)
    return Calibration(recalibrate(outcomes, prior), learn_ratio(costs, prior), learn_ratio(durations, prior))
