"""What people entered about models: one correction for a model, a newer one in the place of an older.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
"""

from sqlalchemy import Connection, delete, insert, select, update

from crewgen_core.errors import NotFound
from crewgen_core.models.model_correction import EnteredCorrection, ModelCorrection
from crewgen_core.storage import audit, ownership
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.tables import model_tables

_corrections = model_tables.model_corrections


def save(connection: Connection, correction: ModelCorrection) -> None:
    """Store a correction; it replaces an earlier one of the same model. Raises NotAllowed but for administrators."""
    ownership.check_admin(connection, "correct what is known about models")
    values = {"correction": correction, "updated_at": tell_time()}
    replaced = connection.execute(
        update(_corrections).where(_corrections.c.model_name == correction.model).values(values)
    )
    if replaced.rowcount == 0:
        connection.execute(insert(_corrections).values(model_name=correction.model, **values))
    audit.record(connection, "corrected", "model", correction.model, f"Model {correction.model} was corrected.")


def list_corrections(connection: Connection) -> tuple[EnteredCorrection, ...]:
    """Return every correction, by the name of its model. Raises StorageFault for one that cannot be read."""
    rows = connection.execute(
        select(_corrections.c.model_name, _corrections.c.correction, _corrections.c.updated_at).order_by(
            _corrections.c.model_name
        )
    )
    return tuple(
        EnteredCorrection(
            correction=read_value(ModelCorrection, row.correction, f"model {row.model_name}"),
            entered_at=row.updated_at,
        )
        for row in rows
    )


def remove(connection: Connection, model: str) -> None:
    """Forget the correction of a model. Raises NotFound when there is none, NotAllowed but for administrators."""
    ownership.check_admin(connection, "correct what is known about models")
    removed = connection.execute(delete(_corrections).where(_corrections.c.model_name == model))
    if removed.rowcount == 0:
        raise NotFound(f"Nothing was entered about the model {model}.", "Look at the models under Settings.")
    audit.record(connection, "corrected", "model", model, f"The correction of model {model} was taken back.")
