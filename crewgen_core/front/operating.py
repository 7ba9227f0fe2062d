"""The front door's part for whoever keeps crewgen running: whether it can work, and how everything stands."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from crewgen_core.errors import NotAllowed, StorageFault
from crewgen_core.models.person import Person, Role
from crewgen_core.models.standing import Health, Part, Standing
from crewgen_core.settings import Settings
from crewgen_core.storage import people
from crewgen_core.storage.database import Database, find_file
from crewgen_core.storage.standing import CallSums, read_standing

LEAST_FREE_BYTES = 50_000_000
"""Room on the disk of the database below which it is about to fail: a transaction of a job takes a few megabytes."""


class CallMemory:
    """What was summed up of model calls so far, one for the process; looks take turns."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sums = CallSums()
        self.turn = Lock()


class Operating:
    """Everything that can be asked about how crewgen runs."""

    def __init__(
        self,
        settings: Settings,
        person: Person,
        own_database: Callable[[], Database],
        memory: CallMemory,
    ) -> None:
        """``person`` asks; ``own_database`` acts for crewgen itself, which counts what is everybody's."""
        self._settings = settings
        self._person = person
        self._own_database = own_database
        self._memory = memory

    def check_health(self) -> Health:
        """Say whether it can work: quick, open to everybody, and without a reason that a stranger could use."""
        answers = up_to_date = False
        try:
            up_to_date = self._own_database().is_up_to_date()
            answers = True
        except StorageFault:
            pass
        parts = {"database": answers, "migrations": up_to_date, "disk": self._has_room()}
        return Health(ok=all(parts.values()), parts=tuple(Part(name=name, ok=ok) for name, ok in parts.items()))

    def measure(self) -> Standing:
        """Return how everything stands, of everybody.

        Raises NotAllowed but for administrators, and tokens of administrators whatever their scope; StorageFault.
        """
        with self._own_database().read() as connection, self._memory.turn:
            if self._person.role is not Role.ADMIN:
                token_of_admin = self._person.token_id is not None and (
                    self._person.id is None or people.get_person(connection, self._person.id).person.role is Role.ADMIN
                )
                if not token_of_admin:
                    raise NotAllowed("Only administrators may see the figures of everybody.")
            return read_standing(connection, self._memory.sums)

    def _has_room(self) -> bool:
        """Tell whether the disk of the database can be written; that of a server is its own business."""
        file = find_file(self._settings.database_url)
        if file is None:
            return True
        folder = file.parent if file.parent.exists() else Path()
        try:
            return (
                os.access(file if file.exists() else folder, os.W_OK)
                and shutil.disk_usage(folder).free > LEAST_FREE_BYTES
            )
        except OSError:
            return False
