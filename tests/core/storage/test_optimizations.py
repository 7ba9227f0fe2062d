"""Optimizations in a real database: what is kept comes back as it was, and what is damaged is named."""

from decimal import Decimal

import pytest
from sqlalchemy import literal_column, text, update

from crewgen_core.errors import NotFound, StorageFault
from crewgen_core.models.change import Change, Edit, Effect
from crewgen_core.models.design import Design
from crewgen_core.models.optimization import GOALS, Goal, Limits, Optimization, Proof, Variant
from crewgen_core.models.stored import OptimizationRow, StoredCrew, StoredOptimization
from crewgen_core.models.value import Quantiles, UsdQuantiles
from crewgen_core.storage import crews, optimizations
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import crew_tables


def effect(success: float, usd: str | None, seconds: float) -> Effect:
    cost = None if usd is None else UsdQuantiles(p10=Decimal(usd) / 2, p50=Decimal(usd), p90=Decimal(usd))
    return Effect(
        success=Quantiles(p10=success / 2, p50=success, p90=min(1, success * 2)),
        cost_usd=cost,
        duration_s=Quantiles(p10=seconds / 2, p50=seconds, p90=seconds * 2),
    )


def make(design: Design, goal: Goal = "cost", usd: str | None = "0.123456", **fields: object) -> Optimization:
    """What the solver might have come to: one change, a variant with its crew."""
    before, after = effect(0.24, usd, 200), effect(0.3, usd, 150.5)
    edit = Edit(op="set", path=f"agents/{design.crew.agents[0].key}/model", value="openai/größer-雨")
    made = Optimization(
        goal=goal,
        limits=Limits(budget_usd=Decimal("2.5"), fixed_agents=("writer",), models=("a", "b"), max_agents=3),
        feasible=True,
        before=before,
        after=after,
        changes=(Change(title="Take another model", reason="It is cheaper.", edits=(edit,), effect=after),),
        verdict="One change makes it cheaper.",
        proof=Proof(
            optimal=True, gap=0.0005, seconds=0.25, models_considered=2, styles_considered=("as it is",), remark="Sure."
        ),
        variants=(Variant(kind="today", effect=before, agents=3, models=("m",), crew=design.crew),),
        stated=("budget_usd",),
        spent_usd=Decimal("0.01"),
        break_even_runs=7,
    )
    return made.model_copy(update=fields)


@pytest.fixture
def crew(database: Database, design: Design) -> StoredCrew:
    return store_crew(database, design)


def store_crew(database: Database, design: Design) -> StoredCrew:
    with database.begin() as connection:
        return crews.create(connection, design.crew, design.report, design.estimate, design.objective, "Imported")


def keep(database: Database, crew: StoredCrew, made: Optimization) -> StoredOptimization:
    with database.begin() as connection:
        return optimizations.create(connection, crew.crew_id, crew.number, made)


def find(database: Database, optimization_id: int) -> StoredOptimization:
    with database.read() as connection:
        return optimizations.get(connection, optimization_id)


def listed(database: Database, crew: StoredCrew, limit: int = 20, before: int | None = None) -> list[OptimizationRow]:
    with database.read() as connection:
        return list(optimizations.list_optimizations(connection, crew.crew_id, limit, before))


@pytest.mark.parametrize("goal", GOALS)
def test_an_optimization_comes_back_as_it_was_but_for_the_crews_of_its_variants(
    database: Database, design: Design, crew: StoredCrew, goal: Goal
):
    made = make(design, goal)
    kept = keep(database, crew, made)
    assert find(database, kept.row.id) == kept
    assert kept.result == made.without_crews()
    assert kept.result.variants[0].crew is None
    assert kept.result.variants[0].effect == made.variants[0].effect
    assert kept.row.created_at.utcoffset() is not None
    assert listed(database, crew) == [kept.row]


def test_money_is_kept_to_the_micro_dollar(database: Database, design: Design, crew: StoredCrew):
    for usd in ("0.000001", "0.1", "999999.999999", "0"):
        row = keep(database, crew, make(design, usd=usd)).row
        assert (row.cost_before_usd, row.cost_after_usd) == (Decimal(usd), Decimal(usd))


def test_an_unknown_cost_is_no_zero(database: Database, design: Design, crew: StoredCrew):
    row = keep(database, crew, make(design, usd=None)).row
    assert (row.cost_before_usd, row.cost_after_usd) == (None, None)


def test_each_crew_has_its_own_history_newest_first_in_pages(database: Database, design: Design, crew: StoredCrew):
    other = store_crew(database, design)
    keep(database, other, make(design, "speed"))
    ids = [keep(database, crew, make(design, goal)).row.id for goal in GOALS]
    assert [row.id for row in listed(database, crew)] == ids[::-1]
    assert [row.goal for row in listed(database, other)] == ["speed"]
    assert [row.id for row in listed(database, crew, limit=2)] == ids[:-3:-1]
    assert [row.id for row in listed(database, crew, limit=2, before=ids[2])] == [ids[1], ids[0]]
    assert len(listed(database, crew, limit=0)) == 1, "a page has at least one row"


def test_what_is_applied_is_noted_with_the_version_and_the_time(database: Database, design: Design, crew: StoredCrew):
    first, second = (keep(database, crew, make(design)).row for _ in range(2))
    with database.begin() as connection:
        optimizations.set_applied(connection, first.id, [2, 0], 4)
    row = find(database, first.id).row
    assert (row.applied, row.applied_number) == ((0, 2), 4)
    assert row.applied_at is not None
    assert row.applied_at >= row.created_at
    assert find(database, second.id).row == second, "others stay as they are"


def test_the_history_survives_new_versions_and_going_back(database: Database, design: Design, crew: StoredCrew):
    kept = keep(database, crew, make(design))
    with database.begin() as connection:
        crews.save_version(connection, crew.crew_id, crew.crew, crew.report, crew.estimate, "Edited", 1)
        crews.revert(connection, crew.crew_id, 1, 2)
    assert find(database, kept.row.id) == kept
    assert listed(database, crew) == [kept.row]


def test_the_history_survives_a_restart(database: Database, url: str, design: Design, crew: StoredCrew):
    kept = keep(database, crew, make(design))
    database.close()
    again = Database.open(url)
    assert find(again, kept.row.id) == kept
    again.close()


def test_what_is_not_there_is_not_found(database: Database, crew: StoredCrew):
    with pytest.raises(NotFound, match="There is no optimization 1"):
        find(database, 1)
    assert listed(database, crew) == []


def test_an_optimization_of_no_crew_cannot_be_kept(database: Database, design: Design):
    with pytest.raises(NotFound, match="no crew 99"), database.begin() as connection:
        optimizations.create(connection, 99, 1, make(design))


def test_a_goal_that_is_none_is_refused_by_the_database_itself(database: Database, design: Design, crew: StoredCrew):
    with pytest.raises(StorageFault):
        keep(database, crew, make(design).model_copy(update={"goal": "luck"}))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("optimization_result", "{}"),
        ("optimization_result", "null"),
        ("optimization_result", '"text"'),
        ("optimization_result", "[1, 2"),
        ("optimization_result", ""),
        ("applied_changes", '{"a": 1}'),
        ("applied_changes", '["first"]'),
        ("applied_changes", "oops"),
    ],
)
def test_a_row_that_somebody_edited_by_hand_is_told_in_a_sentence(
    database: Database, design: Design, crew: StoredCrew, column: str, value: str
):
    damaged, sound = (keep(database, crew, make(design)).row for _ in range(2))
    of_row = crew_tables.crew_optimizations.c.id == damaged.id
    with database.begin() as connection:
        connection.execute(
            update(crew_tables.crew_optimizations).where(of_row).values({column: literal_column(f"'{value}'")})
        )
    with pytest.raises(StorageFault) as fault:
        find(database, damaged.id)
    assert str(fault.value).endswith(".")
    assert "backup" in fault.value.hint
    assert find(database, sound.id).row == sound


def test_an_optimization_that_was_kept_before_there_was_a_field_is_read(
    database: Database, design: Design, crew: StoredCrew
):
    kept = keep(database, crew, make(design))
    with database.begin() as connection:
        connection.execute(
            text(
                "UPDATE crew_optimizations SET optimization_result = json_remove(optimization_result, "
                "'$.stated', '$.limits.beyond_objective')"
            )
        )
    assert find(database, kept.row.id).result == kept.result.model_copy(update={"stated": ()})
