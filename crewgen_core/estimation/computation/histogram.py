"""The simulated runs sorted into bins, so that a page shows how they are spread without holding all of them.

Imports numpy; ``explain`` imports it when first asked.
"""

from typing import Literal

import numpy as np

from crewgen_core.estimation.simulation import Array
from crewgen_core.models.computation import Histogram
from crewgen_core.models.value import Quantiles

BINS = 36
SHOWN = 0.99
"""Share of the runs within the bins; the tail of the rest would press them together."""


def sort_runs(
    runs: Array, unit: Literal["USD", "seconds"], quantiles: Quantiles, limit: float | None
) -> Histogram | None:
    """Return the histogram of the runs; None where all of them are the same."""
    low, high = float(runs.min()), float(np.quantile(runs, SHOWN))
    if not low < high:
        return None
    counts, edges = np.histogram(runs, bins=BINS, range=(low, high))
    within = None if limit is None else float(np.mean(runs <= limit))
    return Histogram(
        unit=unit,
        edges=tuple(edges.tolist()),
        counts=tuple(counts.tolist()),
        above=int(len(runs) - counts.sum()),
        quantiles=quantiles,
        limit=limit,
        within=within,
    )
