"""The templates as they are stored, those that come with crewgen among them; read once for many asks."""

from collections.abc import Callable
from threading import Lock

from crewgen_core.errors import UnusableTemplate
from crewgen_core.models.person import SYSTEM
from crewgen_core.models.template import StoredTemplate, Template
from crewgen_core.storage import shipped_templates, templates
from crewgen_core.storage.database import Database
from crewgen_core.templates.shipped_files import list_fingerprints, read_shipped


class Shelf:
    """Gives templates by key, and all that are in use."""

    def __init__(self, database: Callable[[], Database]) -> None:
        """Take how the database is opened; it is not opened before it is needed."""
        self.open = database
        """Gives the database without looking at templates."""
        self._is_stocked = False
        self._active: tuple[tuple[object, ...], tuple[tuple[Template, int], ...]] | None = None
        self._lock = Lock()

    @property
    def database(self) -> Database:
        """The database; the first time, the templates that come with crewgen are put in."""
        database = self.open()
        with self._lock:
            if not self._is_stocked:
                fingerprints = list_fingerprints()
                with database.read() as connection:
                    unknown = shipped_templates.find_unknown(connection, fingerprints)
                if unknown:  # they are everybody's, whoever comes first
                    with database.acting_for(SYSTEM).begin() as connection:
                        shipped_templates.put_in(connection, fingerprints, read_shipped)
                self._is_stocked = True
        return database

    def get(self, key: str, number: int | None = None) -> StoredTemplate:
        """Return a template, its newest version unless a number is given. Raises NotFound."""
        with self.database.read() as connection:
            return templates.get(connection, key, number)

    def get_usable(self, key: str, number: int | None = None) -> StoredTemplate:
        """Do the same. Raises UnusableTemplate for an archived one, NotFound."""
        stored = self.get(key, number)
        if stored.archived:
            raise UnusableTemplate(
                f"The template “{stored.template.name}” is archived.",
                "Restore it on the Templates page, or choose another.",
            )
        return stored

    def list_active(self) -> tuple[tuple[Template, int], ...]:
        """Return the newest version of every template in use; read again only after one was changed."""
        with self.database.read() as connection:
            state = templates.tell_state(connection)
            kept = self._active
            if kept is None or kept[0] != state:
                kept = self._active = (state, templates.read_active(connection))
        return kept[1]
