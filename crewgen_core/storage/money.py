"""US dollars as whole millionths, the form in which sums stay exact."""

from decimal import ROUND_HALF_EVEN, Decimal

_MICRO = Decimal(1_000_000)


def to_micro_usd(usd: Decimal) -> int:
    """Return whole millionths of a US dollar."""
    return int((usd * _MICRO).to_integral_value(ROUND_HALF_EVEN))


def to_usd(micro_usd: int) -> Decimal:
    """Return US dollars."""
    return Decimal(micro_usd) / _MICRO


def write_usd(usd: Decimal | None) -> int | None:
    """Return whole millionths of a US dollar; no amount stays None."""
    return None if usd is None else to_micro_usd(usd)


def read_usd(micro_usd: int | None) -> Decimal | None:
    """Return US dollars; no amount stays None."""
    return None if micro_usd is None else to_usd(micro_usd)
