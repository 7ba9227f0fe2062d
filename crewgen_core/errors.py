"""Every fault that a person may read: one sentence what happened, and a hint what to do next.

Foreign errors are translated into these once, at the border where they arise; the cause stays in ``__cause__``.
Findings about a crew are not errors but data (``models.report``).
"""

from collections.abc import Mapping
from types import MappingProxyType


class CrewgenError(Exception):
    """The base: ``str(error)`` is one plain sentence, ``error.hint`` says what to do next."""

    hint = "Try again; if it happens again, run `python -m crewgen_core doctor`."

    def __init__(self, message: str, hint: str | None = None) -> None:
        """Say what happened; ``hint`` replaces the usual one of the class."""
        super().__init__(message)
        if hint is not None:
            self.hint = hint


class UnusableObjective(CrewgenError):
    """The text is no objective: empty, too short, too long."""

    hint = "Say in a sentence what should exist in the end, for whom, and from what."


class UnreadableCrew(CrewgenError):
    """A crew file could not be read."""

    hint = "Give a crewgen file (JSON or YAML), a CrewAI JSON project or a CrewAI YAML project."


class UnreadableUpload(CrewgenError):
    """An uploaded table of objectives cannot be read as a whole; faults of single rows are data (``models.upload``)."""

    hint = "Give a CSV or XLSX file with a header row and a column named objective."
    columns: tuple[str, ...] = ()
    """Columns of the file, where one of them could be chosen to mend it."""
    mapping: Mapping[str, str] = MappingProxyType({})
    """Column by field, as far as it was recognised."""


class CannotExport(CrewgenError):
    """A crew has a fault that CrewAI refuses, so no project can be made of it."""

    hint = "Look at the crew on the Validate page, apply the fixes there and export it again."


class ChangeDoesNotFit(CrewgenError):
    """A change names a part that the crew does not have."""

    hint = "The crew was changed in the meantime: look at it again and repeat the change."


class UnusableEdit(CrewgenError):
    """What was typed into a field of the editor cannot stand there; the old value stays."""

    hint = "Type another value, or leave the field as it is."


class UnusableCorrection(CrewgenError):
    """What was entered about a model cannot be used; nothing was stored."""

    hint = "Correct what is named and save again."


class CatalogFault(CrewgenError):
    """A catalog file is wrong; the message names file, entry and field."""

    hint = "Mend the entry in crewgen_core/catalog/data and start again."


class NotFound(CrewgenError):
    """Something asked for by its identifier does not exist."""

    hint = "It may have been deleted; look it up on the Home page."


class NotSignedIn(CrewgenError):
    """Nobody knows who asks: no sign-in, or a token that is wrong, expired or revoked."""

    hint = "Sign in again, or make a new token under Settings."


class NotAllowed(CrewgenError):
    """Who asks may not do this."""

    hint = "Ask an administrator of this dashboard."


class LimitReached(CrewgenError):
    """A limit of a person, a token or a provider is used up for now; nothing was done."""

    hint = "Wait, or ask an administrator for a higher limit."

    def __init__(self, message: str, wait_s: float, hint: str | None = None) -> None:
        """Say which limit; ``wait_s`` is the seconds after which asking again may help."""
        super().__init__(message, hint)
        self.wait_s = wait_s


class UnusableToken(CrewgenError):
    """A token cannot be made as asked."""

    hint = "Correct what is named and make it again."


class KeyReused(CrewgenError):
    """An idempotency key came before with another request."""

    hint = "Send a new key with a new request, and the same key only with the very same request."


class StillRunning(CrewgenError):
    """A request came twice, and the first one is still being answered."""

    hint = "Wait until the first request is answered, then send it again for the same answer."


class EditConflict(CrewgenError):
    """Somebody else saved a newer version of the same crew."""

    hint = "Your edit is still on the page: compare it with the newer version, then save it as a version after it."


class StorageFault(CrewgenError):
    """The database could not be read or written."""

    hint = "Check that the database file is writable and not locked by another program, then try again."

    def __init__(self, message: str, hint: str | None = None, *, passing: bool = False) -> None:
        """Say what happened, what to do next, and whether it may pass by itself."""
        super().__init__(message, hint)
        self.passing = passing
        """True where the same may work later: the database is locked, full or away. What it refuses stays refused."""


class ModelFault(CrewgenError):
    """A model could not be asked or gave no usable answer."""

    hint = "Check the model's name and its key under Settings, or generate with the built-in engine."


class UnknownSetting(CrewgenError):
    """A setting has a value that cannot be used."""

    hint = "Correct it in the environment or in .streamlit/secrets.toml."


class CannotOptimize(CrewgenError):
    """A crew cannot be optimized as it is, or not for what was asked."""

    hint = "Mend what the Check tab finds, then optimize again."


class UnusableJob(CrewgenError):
    """A job cannot be started or changed as asked."""

    hint = "Look at the job on the Bulk page."


class CannotDelete(CrewgenError):
    """Something cannot be deleted as it stands; it is as it was."""

    hint = "End the work on it first, then delete it."


class UnusableOutcome(CrewgenError):
    """What came of a run cannot be recorded as given; nothing was stored."""

    hint = "Correct what is named and record it again."


class CannotBackUp(CrewgenError):
    """The database could not be saved; nothing was left behind."""

    hint = "Mend what is named and try again; the database itself was only read."


class CannotRestore(CrewgenError):
    """A backup could not be brought back; the database is as it was."""

    hint = "Mend what is named and try again; the database is as it was."


class CannotRun(CrewgenError):
    """A crew cannot be run as asked, or its run cannot be changed as asked."""

    hint = "Look at the run on the Runs page, or with `python -m crewgen_core runs`."


class UnusableTemplate(CrewgenError):
    """A template cannot be stored, filled or used as it is."""

    hint = "Mend what is named and try again."


class UnreadableTemplate(CrewgenError):
    """A template file could not be read."""

    hint = "Give a JSON file that crewgen exported as a template."
