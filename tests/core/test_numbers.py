import pytest

from crewgen_core.numbers import count_minutes, format_percent, format_tokens


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0%"), (0.001, "under 1%"), (0.343, "34%"), (0.999, "over 99%"), (1, "100%")]
)
def test_a_share_is_a_percentage_that_no_line_can_break(share: float, text: str) -> None:
    assert format_percent(share) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(850, "850 tokens"), (75_600, "75.6k tokens"), (149_000, "149k tokens"), (1_200_000, "1.2M tokens")],
)
def test_tokens_are_counted_as_the_charts_count_them(count: int, text: str) -> None:
    assert format_tokens(count) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(1, "1 minute"), (1.0, "1 minute"), (0.5, "0.5 minutes"), (30, "30 minutes")]
)
def test_one_minute_is_no_plural(minutes: float, text: str) -> None:
    assert count_minutes(minutes) == text
