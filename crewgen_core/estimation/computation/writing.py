"""Numbers in formulas: as many digits as it takes to redo a line with a calculator and come out at the same result.

Formulas use + − × / ^ √ ( ), ln, e, max and min, and units, nothing else.
"""

from collections.abc import Iterable

from crewgen_core.models.computation import Line

PER_MILLION = 1_000_000


def number(value: float) -> str:
    """Return "1,500", "291.2", "0.07351", "−0.6"."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 100_000 or (size >= 1_000 and value == round(value)):
        text = f"{size:,.0f}"
    elif size >= 1_000:
        text = f"{size:,.1f}"
    elif size >= 0.0001:
        text = f"{size:.5g}"
    else:
        text = f"{size:.8f}".rstrip("0") or "0"
    return f"−{text}" if value < 0 else text


def bracketed(value: float) -> str:
    """Return the number, in brackets where a sign in front would be misread."""
    return f"({number(value)})" if value < 0 else number(value)


def total(values: Iterable[float]) -> str:
    """Return the numbers with plus signs between them."""
    return " + ".join(map(bracketed, values)) or "0"


def repeated(runs: float, formula: str) -> str:
    """Return the formula times the number of runs, where it is not one."""
    return formula if runs == 1 else f"{number(runs)} × ({formula})"


def usd(amount: float) -> str:
    """Return an amount exact enough to add up: "$0.003412"."""
    return f"${amount:,.6f}" if amount < 1 else f"${amount:,.4f}"


def line(name: str, formula: str, value: float, unit: str = "", why: str = "") -> Line:
    """Return a line that ends in a number with its unit."""
    return Line(name=name, formula=formula, result=f"{number(value)} {unit}".strip(), why=why)


def told(name: str, sentence: str, why: str = "") -> Line:
    """Return a line that says something instead of computing it."""
    return Line(name=name, formula="", result=sentence, why=why)
