from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.catalog.entries import Role
from crewgen_core.composition.team import (
    GENERALIST_PRICE,
    PROFICIENCY_PRICE,
    ROLE_PRICE,
    STRANGER_PRICE,
    Seat,
    find_team,
)

SKILLS = ("baking", "tasting", "selling", "checking")


def make_role(key: str, skills: dict[str, int], domains: tuple[str, ...] = ()) -> Role:
    return Role(key=key, title=key, focus="x", domains=domains, skills=skills, goal="x", style="x")


def price_of(shares: dict[str, list[str]], roles: dict[str, Role], domain: str) -> float:
    total = 0.0
    for key, skills in shares.items():
        role = roles[key]
        place = GENERALIST_PRICE if not role.domains else 0 if domain in role.domains else STRANGER_PRICE
        total += ROLE_PRICE + place + sum(PROFICIENCY_PRICE * (10 - role.skills[skill]) for skill in skills)
    return total


def cheapest(skills: tuple[str, ...], roles: list[Role], domain: str, apart: dict[str, set[str]]) -> float | None:
    """Try every assignment of skills to roles."""
    able = [[role.key for role in roles if skill in role.skills] for skill in skills]
    prices: list[float] = []
    for chosen in product(*able):
        shares: dict[str, list[str]] = {}
        for skill, key in zip(skills, chosen, strict=True):
            shares.setdefault(key, []).append(skill)
        clash = any(one in mine and apart[one] & (set(mine) - {one}) for mine in shares.values() for one in apart)
        if not clash:
            prices.append(price_of(shares, {role.key: role for role in roles}, domain))
    return min(prices, default=None)


role_sets = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 10), min_size=1),
        st.sampled_from(((), ("tea",), ("bread",))),
    ),
    min_size=1,
    max_size=5,
).map(lambda found: [make_role(f"r{i}x", skills, domains) for i, (skills, domains) in enumerate(found)])


@settings(deadline=None)
@given(roles=role_sets, others=st.sets(st.sampled_from(SKILLS[:3])))
def test_the_team_costs_as_little_as_the_best_of_all_assignments(roles: list[Role], others: set[str]) -> None:
    apart = {"checking": others}
    least = cheapest(SKILLS, roles, "tea", apart)
    if least is None:
        return
    team = find_team(SKILLS, roles, "tea", apart)
    shares = {seat.role.key: list(seat.skills) for seat in team}
    assert price_of(shares, {role.key: role for role in roles}, "tea") == pytest.approx(least)
    assert sorted(skill for seat in team for skill in seat.skills) == sorted(SKILLS)
    assert not any("checking" in seat.skills and others & set(seat.skills) for seat in team)


@settings(deadline=None)
@given(roles=role_sets, most=st.integers(1, 4))
def test_a_limit_of_agents_is_kept_and_every_skill_has_one_seat(roles: list[Role], most: int) -> None:
    team = find_team(SKILLS, roles, "tea", {"checking": set(SKILLS[:3])}, most)
    assert len(team) <= most
    assert sorted(skill for seat in team for skill in seat.skills) == sorted(SKILLS)


def seats(team: tuple[Seat, ...]) -> dict[str, set[str]]:
    return {seat.role.key: set(seat.skills) for seat in team}


def test_one_agent_is_preferred_to_two_that_are_little_better() -> None:
    roles = [
        make_role("both", {"baking": 8, "tasting": 8}),
        make_role("baker", {"baking": 9}),
        make_role("taster", {"tasting": 9}),
    ]
    assert seats(find_team(("baking", "tasting"), roles, "tea", {})) == {"both": {"baking", "tasting"}}


def test_the_reviewer_is_not_the_author() -> None:
    roles = [make_role("both", {"baking": 9, "checking": 9}), make_role("checker", {"checking": 6})]
    found = seats(find_team(("baking", "checking"), roles, "tea", {"checking": {"baking"}}))
    assert found == {"both": {"baking"}, "checker": {"checking"}}


def test_a_single_allowed_agent_does_everything_and_says_what_it_is_not_trained_for() -> None:
    roles = [make_role("baker", {"baking": 9}), make_role("checker", {"checking": 9})]
    (seat,) = find_team(("baking", "checking"), roles, "tea", {"checking": {"baking"}}, most=1)
    assert set(seat.skills) == {"baking", "checking"}
    assert len(seat.stretched) == 1


def test_a_role_of_the_domain_is_preferred_to_a_stranger_of_the_same_skill() -> None:
    roles = [make_role("stranger", {"baking": 9}, ("bread",)), make_role("home", {"baking": 9}, ("tea",))]
    assert list(seats(find_team(("baking",), roles, "tea", {}))) == ["home"]


def test_a_catalog_without_any_of_the_skills_gives_no_team() -> None:
    with pytest.raises(ValueError, match="No role"):
        find_team(("flying",), [make_role("baker", {"baking": 9})], "tea", {})
