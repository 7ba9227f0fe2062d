from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.storage.money import to_micro_usd, to_usd


@given(st.decimals(min_value=0, max_value=1_000_000, places=6))
def test_dollars_survive_the_way_to_micro_dollars_and_back(usd: Decimal) -> None:
    assert to_usd(to_micro_usd(usd)) == usd
