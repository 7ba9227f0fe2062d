"""People sign in, have roles, and make tokens for their programs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotAllowed, NotFound, NotSignedIn, UnusableToken
from crewgen_core.models.person import LOCAL, Person, Role, Scope
from crewgen_core.settings import Settings
from crewgen_core.storage import people as stored
from tests.support.crews import sequential_crew

SignIn = Callable[..., Person]


@pytest.fixture
def house(tmp_path: Path) -> Crewgen:
    return Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"), {})


@pytest.fixture
def sign_in(house: Crewgen) -> SignIn:
    def sign_in(name: str, role: Role = Role.EDITOR, **more: bool) -> Person:
        return house.people.sign_in(f"https://id.example|{name}", f"{name}@example.org", name, role, **more)

    return sign_in


def test_who_signs_in_first_gets_the_role_and_keeps_it(sign_in: SignIn) -> None:
    first = sign_in("Ada", Role.VIEWER)
    assert (first.role, first.name) == (Role.VIEWER, "Ada")
    assert sign_in("Ada", Role.EDITOR) == first


def test_whom_the_settings_name_is_an_administrator_also_later(sign_in: SignIn) -> None:
    assert sign_in("Ada").role is Role.EDITOR
    assert sign_in("Ada", named_admin=True).role is Role.ADMIN


def test_a_new_role_and_a_shut_door_hold_at_once(house: Crewgen, sign_in: SignIn) -> None:
    boss, ada = sign_in("Boss", Role.ADMIN), sign_in("Ada")
    door = house.acting_for(boss).people
    door.set_role(ada.id or 0, Role.VIEWER)
    assert sign_in("Ada").role is Role.VIEWER
    door.set_active(ada.id or 0, active=False)
    with pytest.raises(NotSignedIn, match="may not use this dashboard"):
        sign_in("Ada")


def test_only_administrators_see_and_change_people(house: Crewgen, sign_in: SignIn) -> None:
    ada = sign_in("Ada")
    door = house.acting_for(ada)
    for ask in (door.people.list_people, lambda: door.people.set_role(ada.id or 0, Role.ADMIN), door.audit.list_events):
        with pytest.raises(NotAllowed, match="Only administrators"):
            ask()


def test_the_last_administrator_stays_one(house: Crewgen, sign_in: SignIn) -> None:
    boss = sign_in("Boss", Role.ADMIN)
    door = house.acting_for(boss).people
    for step_down in (lambda: door.set_role(boss.id or 0, Role.EDITOR), lambda: door.set_active(boss.id or 0, False)):
        with pytest.raises(NotAllowed, match="only administrator"):
            step_down()
    assert sign_in("Boss").role is Role.ADMIN


def test_a_viewer_makes_nothing(house: Crewgen, sign_in: SignIn) -> None:
    door = house.acting_for(sign_in("Vic", Role.VIEWER))
    with pytest.raises(NotAllowed, match="Vic may look"):
        door.crews.save(sequential_crew())
    assert door.crews.list() == ()


@pytest.mark.parametrize(("scope", "role"), [("read", Role.VIEWER), ("write", Role.EDITOR), ("admin", Role.ADMIN)])
def test_a_token_speaks_for_its_maker_within_its_scope(
    house: Crewgen, sign_in: SignIn, scope: Scope, role: Role
) -> None:
    boss = sign_in("Boss", Role.ADMIN)
    made = house.acting_for(boss).people.make_token("report", scope)
    caller = house.people.authenticate(made.text)
    assert (caller.id, caller.role, caller.token_id) == (boss.id, role, made.row.id)


def test_a_token_never_may_more_than_its_maker_may_now(house: Crewgen, sign_in: SignIn) -> None:
    boss, ada = sign_in("Boss", Role.ADMIN), sign_in("Ada", Role.EDITOR)
    made = house.acting_for(ada).people.make_token("report", "write")
    house.acting_for(boss).people.set_role(ada.id or 0, Role.VIEWER)
    assert house.people.authenticate(made.text).role is Role.VIEWER
    with pytest.raises(NotAllowed, match="cannot make a token"):
        house.acting_for(sign_in("Ada")).people.make_token("report", "write")


def test_a_token_is_kept_nowhere(house: Crewgen, tmp_path: Path) -> None:
    made = house.people.make_token("report", "read")
    house.database.close()
    for file in tmp_path.iterdir():
        assert made.text.encode() not in file.read_bytes()
    assert made.text not in repr(made)


def test_wrong_expired_and_revoked_tokens_and_those_of_people_shut_out_are_refused(
    house: Crewgen, sign_in: SignIn
) -> None:
    boss, ada = sign_in("Boss", Role.ADMIN), sign_in("Ada")
    own = house.acting_for(ada).people
    revoked, expired, of_ada = (own.make_token(name, "read") for name in ("a", "b", "c"))
    own.revoke_token(revoked.row.id)
    with house.database.begin() as connection:
        stored.update_token(connection, expired.row.id, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    house.acting_for(boss).people.set_active(ada.id or 0, active=False)
    for text, why in (
        ("crewgen_guess", "not known"),
        (revoked.text, "was revoked"),
        (expired.text, "expired"),
        (of_ada.text, "may not use"),
    ):
        with pytest.raises(NotSignedIn, match=why):
            house.people.authenticate(text)


def test_tokens_make_and_revoke_no_others(house: Crewgen) -> None:
    made = house.people.make_token("robot", "admin")
    robot = house.acting_for(house.people.authenticate(made.text)).people
    with pytest.raises(NotAllowed, match="cannot make other"):
        robot.make_token("next", "read")
    other = house.people.make_token("other", "read")
    with pytest.raises(NotAllowed, match="cannot revoke other"):
        robot.revoke_token(other.row.id)


def test_people_see_and_revoke_their_own_tokens_only(house: Crewgen, sign_in: SignIn) -> None:
    ada, vic = house.acting_for(sign_in("Ada")).people, house.acting_for(sign_in("Vic", Role.VIEWER)).people
    of_ada, of_vic = ada.make_token("a", "write"), vic.make_token("v", "read")
    assert [row.id for row in ada.list_tokens()] == [of_ada.row.id]
    with pytest.raises(NotFound):
        vic.revoke_token(of_ada.row.id)
    vic.revoke_token(of_vic.row.id)
    assert vic.list_tokens()[0].revoked_at is not None


@pytest.mark.parametrize(("name", "days"), [("", 1), ("x" * 101, 1), ("ok", 0), ("ok", 3_651)])
def test_a_token_needs_a_name_and_an_end_within_reason(house: Crewgen, name: str, days: int) -> None:
    with pytest.raises(UnusableToken):
        house.people.make_token(name, "read", days)


def test_what_happens_to_people_and_tokens_stands_in_the_audit(house: Crewgen, sign_in: SignIn) -> None:
    boss = sign_in("Boss", Role.ADMIN)
    door = house.acting_for(boss)
    made = door.people.make_token("report", "read")
    door.people.revoke_token(made.row.id)
    events = door.audit.list_events()
    assert [(event.action, event.thing, event.person_name) for event in events] == [
        ("revoked", "token", "Boss"),
        ("created", "token", "Boss"),
        ("created", "person", "crewgen"),
    ]
    assert [event.action for event in door.audit.list_events(search="REVOKED")] == ["revoked"]


def test_without_login_one_door_serves_all(house: Crewgen) -> None:
    assert house.acting_for(LOCAL) is house
