from decimal import Decimal

import pytest

from crewgen_core.answer_key import answer_key
from crewgen_core.models.objective import Objective

TEXT = "Plan the launch of a reusable water bottle."
SAME = answer_key(Objective(text=TEXT), "openai/test")


def test_the_same_request_has_the_same_key() -> None:
    assert answer_key(Objective(text=f"  {TEXT}\r\n"), "openai/test") == SAME
    assert len(SAME) == 64


@pytest.mark.parametrize(
    "limits",
    [
        {"text": TEXT.replace("bottle", "bottles")},
        {"context": "We sell online."},
        {"domain": "marketing"},
        {"budget_usd": Decimal("2.5")},
        {"deadline_minutes": 30},
        {"max_agents": 3},
        {"allowed_tools": ()},
        {"allowed_models": ("openai/test",)},
        {"preferences": "No jargon."},
    ],
)
def test_every_limit_makes_another_key(limits: dict[str, object]) -> None:
    assert answer_key(Objective.model_validate({"text": TEXT} | limits), "openai/test") != SAME


def test_another_model_or_server_makes_another_key() -> None:
    objective = Objective(text=TEXT)
    assert len({SAME, answer_key(objective, "openai/other"), answer_key(objective, "openai/test", "http://x/v1")}) == 3
