"""Answers that are given again while they are true."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from crewgen_core.api import kept
from crewgen_core.api.kept import KeptAnswers
from crewgen_core.api.routing import quick
from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import Person, Role
from crewgen_core.settings import Settings

ANN = Person(id=1, name="Ann", role=Role.EDITOR)
BOB = Person(id=2, name="Bob", role=Role.EDITOR)


class House:
    """A dashboard, and routes of its API that count how often they are asked."""

    def __init__(self, url: str) -> None:
        self.settings = Settings(database_url=url, model="", workers=0)
        self.crewgen = Crewgen(self.settings)
        self.crewgen.crews.count()
        self.asked = 0
        self.status = 200
        self._kept = KeptAnswers(self._answer)
        self._endpoint: Any = quick(lambda: self)  # pyright: ignore[reportArgumentType] never called

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        if scope["path"] == "/quick":
            scope["endpoint"] = self._endpoint
        scope["route"] = scope["path"]
        await send({"type": "http.response.start", "status": self.status, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": str(self.asked).encode()})

    def ask(self, path: str = "/quick", query: bytes = b"", person: Person = ANN, method: str = "GET") -> str:
        """Ask a route; return which of its answers this is, which tells whether it was asked."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request"}

        state = {"front_door": self.crewgen.acting_for(person)}
        scope: Scope = {"type": "http", "method": method, "path": path, "query_string": query, "state": state}
        asyncio.run(self._kept(scope, receive, send))
        assert scope["route"] == path
        assert sent[0]["status"] == self.status
        sent[0]["headers"].append((b"of", b"this answer alone"))
        assert len(sent[0]["headers"]) == 2
        return sent[1]["body"].decode()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(kept, "KEPT_S", 3_600.0)  # a slow machine is no reason to ask again
    house = House(f"sqlite:///{tmp_path / 'crewgen.db'}")
    yield house
    house.crewgen.close()


def test_a_question_is_answered_once_while_nothing_is_stored(house: House):
    assert [house.ask(), house.ask(), house.ask(query=b"limit=2"), house.ask(query=b"limit=2")] == ["1", "1", "2", "2"]


def test_it_is_answered_anew_when_anything_was_stored_by_whomever(house: House):
    before = house.ask()
    house.crewgen.generate(Objective(text="Plan the launch of a bakery."))
    assert (now := house.ask()) != before
    other = Crewgen(house.settings)  # as another process would
    other.generate(Objective(text="Plan the launch of a bakery."))
    other.close()
    assert house.ask() != now


def test_nobody_gets_what_was_answered_to_somebody_else(house: House):
    assert [house.ask(), house.ask(person=BOB), house.ask(), house.ask(person=BOB)] == ["1", "2", "1", "2"]
    assert house.ask(person=ANN.model_copy(update={"role": Role.VIEWER})) == "3"


def test_only_what_looks_into_the_database_and_succeeds_is_kept(house: House):
    assert [house.ask("/slow"), house.ask("/slow")] == ["1", "2"]
    assert [house.ask(method="POST"), house.ask(method="POST")] == ["3", "4"]
    house.status = 404
    assert [house.ask(), house.ask()] == ["5", "6"]


def test_an_answer_grows_old_by_itself(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "KEPT_S", 0.0)
    assert [house.ask(), house.ask()] == ["1", "2"]


def test_what_was_answered_longest_ago_goes_first(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    assert [house.ask(query=query) for query in (b"a", b"b", b"c", b"b", b"c", b"a")] == ["1", "2", "3", "2", "3", "4"]
    monkeypatch.setattr(kept, "LARGEST", 0)
    assert [house.ask(query=b"d"), house.ask(query=b"d")] == ["5", "6"]
