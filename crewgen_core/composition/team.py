"""Finds the team: the fewest, best suited roles that cover the skills of all pieces, exactly.

This is weighted set cover with assignment (facility location): open a role (a fixed price, lower at home in the
domain), give each skill to an open role (cheaper the more proficient). Ten skills and a few dozen roles are few enough
for dynamic programming over the sets of skills, which is exact, and needs no solver to be loaded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from crewgen_core.catalog.entries import Role

ROLE_PRICE = 1.0
"""What one more agent must be worth: every other price is relative to it."""

PROFICIENCY_PRICE = 0.22
"""Price of each point of proficiency below 10. From 9 to 5 costs nearly one agent [assumption, tuned on own cases]."""

STRANGER_PRICE = 0.45
"""Price of a role that is at home in other domains only."""

GENERALIST_PRICE = 0.1
"""Price of a role of no particular domain: a specialist of the domain is preferred when equally able."""

STRETCH_PRICE = 4.0
"""Price of giving a role a skill that it does not have, where the number of agents is limited."""

STRETCH_PROFICIENCY = 4
"""Proficiency shown for such a skill."""


@dataclass(frozen=True)
class Seat:
    """One role of the team with the skills that it is there for."""

    role: Role
    skills: tuple[str, ...]
    stretched: tuple[str, ...] = ()
    """Skills among them that the role does not really have."""


def find_team(
    skills: Sequence[str],
    roles: Collection[Role],
    domain: str,
    apart: Mapping[str, Collection[str]],
    most: int | None = None,
    role_price: float = ROLE_PRICE,
) -> tuple[Seat, ...]:
    """Return the cheapest team that covers the skills.

    ``apart`` names for each checking skill the skills that its agent must not have to do with: nobody reviews their own
    work. ``role_price`` is what one more agent must be worth: the higher, the fewer. ``most`` limits the number of
    agents; when it is too tight, roles are stretched, and for a single agent the separation is given up. Raises
    ValueError when no role has any of the skills.
    """
    prices = _Prices(skills, roles, domain, apart, role_price)
    cover = _cover(prices, prices.can, seats=-1)
    if cover and most is not None and len(cover[1]) > most:
        cover = _cover(prices, prices.can, seats=most)
    if cover:
        return tuple(prices.seat(role, subset) for role, subset in cover[1])
    if not prices.roles:
        raise ValueError("No role of the catalog has any of the skills.")
    return _stretch(prices, min(most or _MOST_STRETCHED, _MOST_STRETCHED))


class _Prices:
    """What each role costs and can cover, with sets of skills as bits."""

    def __init__(
        self,
        skills: Sequence[str],
        roles: Collection[Role],
        domain: str,
        apart: Mapping[str, Collection[str]],
        role_price: float,
    ) -> None:
        bit = {skill: 1 << i for i, skill in enumerate(skills)}
        self.skills = tuple(skills)
        self.roles = tuple(role for role in roles if any(skill in bit for skill in role.skills))
        self.clashes = {
            bit[one]: sum(bit[other] for other in others if other in bit and other != one)
            for one, others in apart.items()
            if one in bit
        }
        self.opening = tuple(role_price + _domain_price(role, domain) for role in self.roles)
        self.each = tuple(tuple(_price(role, skill) for skill in skills) for role in self.roles)
        self.can = tuple(sum(bit[skill] for skill in role.skills if skill in bit) for role in self.roles)

    def of(self, role: int, subset: int) -> float:
        return self.opening[role] + sum(price for i, price in enumerate(self.each[role]) if subset >> i & 1)

    def clash(self, subset: int) -> bool:
        return any(subset & one and subset & others for one, others in self.clashes.items())

    def seat(self, role: int, subset: int) -> Seat:
        mine = tuple(skill for i, skill in enumerate(self.skills) if subset >> i & 1)
        return Seat(self.roles[role], mine, tuple(skill for skill in mine if skill not in self.roles[role].skills))


_Cover = tuple[float, tuple[tuple[int, int], ...]]
"""Price, and the pairs of role and set of skills."""


def _cover(prices: _Prices, can: tuple[int, ...], seats: int) -> _Cover | None:
    """Cover all skills with at most this many roles (-1: any number), each once and with skills that it ``can`` do.

    The cheapest cover may open a role twice, to check its own work. No team does that: its role leaves either the check
    or what is checked to others, and the cheaper of both is taken, which keeps the search exact.
    """
    found = _cover_freely(prices, can, seats)
    doubled = _doubled_role(found) if found else None
    if doubled is None:
        return found
    role, subset = doubled
    check, checked = next((one, others) for one, others in prices.clashes.items() if subset & one and subset & others)
    branches = (_cover(prices, _forbid(can, role, skills), seats) for skills in (check, checked))
    return min((branch for branch in branches if branch), key=lambda branch: branch[0], default=None)


def _doubled_role(cover: _Cover) -> tuple[int, int] | None:
    """Return a role that is there more than once, with all its skills."""
    taken: dict[int, int] = {}
    for role, subset in cover[1]:
        taken[role] = taken.get(role, 0) | subset
    roles = [role for role, _ in cover[1]]
    return next(((role, subset) for role, subset in taken.items() if roles.count(role) > 1), None)


def _forbid(can: tuple[int, ...], role: int, skills: int) -> tuple[int, ...]:
    return (*can[:role], can[role] & ~skills, *can[role + 1 :])


def _cover_freely(prices: _Prices, can_do: tuple[int, ...], seats: int) -> _Cover | None:
    """Find the cheapest cover, in which a role may be there several times."""

    @cache
    def best(left: int, seats: int) -> _Cover | None:
        if not left:
            return 0.0, ()
        if seats == 0:
            return None
        first = left & -left
        found: _Cover | None = None
        for role, can in enumerate(can_do):
            if not can & first:
                continue
            for subset in _subsets_with(can & left, first):
                if prices.clash(subset):
                    continue
                rest = best(left & ~subset, seats - 1 if seats > 0 else seats)
                if rest and (found is None or prices.of(role, subset) + rest[0] < found[0] - 1e-9):
                    found = prices.of(role, subset) + rest[0], ((role, subset), *rest[1])
        return found

    return best((1 << len(prices.skills)) - 1, seats)


_MOST_STRETCHED = 3
"""Most roles that are tried together when some must do what they are not trained for."""

_CANDIDATES = 14
"""Roles tried then: those that have most of the skills."""


def _stretch(prices: _Prices, most: int) -> tuple[Seat, ...]:
    """Give every skill to the best of a few roles, trained for it or not; checkers stay apart while there are two."""
    ranked = sorted(range(len(prices.roles)), key=lambda role: -prices.can[role].bit_count())[:_CANDIDATES]
    teams = (team for size in range(1, most + 1) for team in combinations(ranked, size))
    price, shares = min((_share_out(prices, team) for team in teams), key=lambda pair: pair[0])
    del price
    return tuple(prices.seat(role, subset) for role, subset in shares if subset)


def _share_out(prices: _Prices, team: tuple[int, ...]) -> _Cover:
    shares = dict.fromkeys(team, 0)
    for i in range(len(prices.skills)):
        free = [role for role in team if not prices.clash(shares[role] | 1 << i)] or list(team)
        chosen = min(free, key=lambda role: prices.each[role][i])
        shares[chosen] |= 1 << i
    return sum(prices.of(role, subset) for role, subset in shares.items()), tuple(shares.items())


def _subsets_with(mask: int, required: int) -> Sequence[int]:
    """Return the subsets of a mask that contain the required bit, the largest first."""
    free = mask & ~required
    subsets: list[int] = []
    subset = free
    while True:
        subsets.append(subset | required)
        if not subset:
            return subsets
        subset = (subset - 1) & free


def _price(role: Role, skill: str) -> float:
    return PROFICIENCY_PRICE * (10 - role.skills[skill]) if skill in role.skills else STRETCH_PRICE


def _domain_price(role: Role, domain: str) -> float:
    if not role.domains:
        return GENERALIST_PRICE
    return 0.0 if domain in role.domains else STRANGER_PRICE
