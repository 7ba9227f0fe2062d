"""Fills a database with many requests, crews, runs and outcomes: some real designs, multiplied by the database."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection, text

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective
from crewgen_core.storage import requests
from crewgen_core.storage.tables.schema import metadata
from crewgen_core.storage.tally_rebuild import rebuild_tally

SEEDS = 100
"""Designs that are made for real; the rest are copies."""
FAILED_EACH, RUN_EACH, TEMPLATE_EACH = 40, 10, 4
"""One of so many requests failed, became a crew that was run, was made from a template."""
OWN_TEMPLATES_EACH = 1_000
"""One own template is stored for so many requests."""

OBJECTIVES = Path(__file__).parents[1] / "objectives.txt"
MODELS = ("openai/gpt-5-mini", "anthropic/claude-haiku-4-5", None, None, None)

COPIED = ("crews", "crew_versions", "agents", "generation_requests", "generation_metrics", "task_requirements")
"""Tables whose rows are multiplied; the columns below hold ids of others and move with them."""
REFERENCES = {
    "crew_versions": {"crew_id": "crews"},
    "agents": {"crew_version_id": "crew_versions"},
    "generation_requests": {"generated_crew_id": "crews"},
    "generation_metrics": {"generation_request_id": "generation_requests"},
    "task_requirements": {"generation_request_id": "generation_requests"},
}

_TEMPLATES = (
    """INSERT INTO dynamic_crew_templates (key, name, description, template_type, category, tags, newest_number,
    usage_count, is_active, shipped, created_at, updated_at)
    WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < :own)
    SELECT t.key || '_' || k, t.name || ' ' || k, t.description, t.template_type, t.category, t.tags, 1, 0, 1, 0,
    t.created_at, t.updated_at FROM n JOIN dynamic_crew_templates t ON t.id = 1 + k % :shipped""",
    """INSERT INTO template_versions (template_id, number, note, template_config, created_at)
    SELECT t.id, 1, '', v.template_config, v.created_at FROM dynamic_crew_templates t
    JOIN template_versions v ON v.template_id = 1 + (t.id - :shipped) % :shipped AND v.number = 1
    WHERE t.id > :shipped""",
    """UPDATE generation_requests SET template_number = 1, template_id =
    (SELECT key FROM dynamic_crew_templates t WHERE t.id = 1 + generation_requests.id % (:shipped + :own))
    WHERE id % :template_each = 0""",
    """UPDATE generation_requests SET requirements = json_set(requirements, '$.template', template_id)
    WHERE template_id IS NOT NULL""",
    """UPDATE crews SET template_number = 1, template_key =
    (SELECT template_id FROM generation_requests r WHERE r.generated_crew_id = crews.id)
    WHERE id IN (SELECT generated_crew_id FROM generation_requests WHERE template_id IS NOT NULL)""",
)
"""Own templates like those that came with crewgen, and their uses."""

_RUNS = (
    """INSERT INTO runs (crew_id, version_number, crew_name, state, reason, settings, model, dry, notes, template_key,
    template_number, predicted_success, predicted_cost_micro_usd, predicted_duration_s, predicted_tokens, task_count,
    done_count, calls, tokens_in, tokens_cached, tokens_out, cost_micro_usd, waited_s, stop_wanted, host, created_at,
    started_at, finished_at)
    SELECT c.id, 1, c.name, CASE WHEN c.id % 70 < 10 THEN 'failed' ELSE 'completed' END,
    CASE WHEN c.id % 70 < 10 THEN 'The model did not answer.' ELSE '' END, '{}', 'openai/gpt-5-mini', c.id % 90 < 10,
    '[]', c.template_key, c.template_number, v.success, v.cost_micro_usd, v.duration_s, 20000, v.task_count,
    v.task_count, v.task_count * 3, 15000, 0, 5000, 20000 + c.id % 1000, 0, 0, 'here', c.created_at, c.created_at,
    datetime(c.created_at, '+3 minutes') || '.000000'
    FROM crews c JOIN crew_versions v ON v.crew_id = c.id AND v.number = 1 WHERE c.id % :run_each = 1 ORDER BY c.id""",
    """INSERT INTO run_tasks (run_id, position, key, name, agent, state, output, seconds)
    SELECT r.id, a.position, 'task_' || a.position, 'Part ' || a.position, a.key, 'completed', 'A result.', 40
    FROM runs r JOIN crew_versions v ON v.crew_id = r.crew_id AND v.number = 1 JOIN agents a
    ON a.crew_version_id = v.id""",
    """INSERT INTO run_usage (run_id, task, agent, model, calls, tokens_in, tokens_cached, tokens_out, cost_micro_usd)
    SELECT r.id, t.key, t.agent, CASE r.id % 3 WHEN 0 THEN r.model ELSE 'anthropic/claude-haiku-4-5' END, 3, 4000, 0,
    1200, CASE WHEN r.id % 50 = 0 THEN NULL ELSE 5000 + r.id % 700 END FROM runs r JOIN run_tasks t ON t.run_id = r.id
    WHERE NOT r.dry""",
    """INSERT INTO outcomes (run_id, crew_id, version_number, template_key, template_number, succeeded, judged_by,
    judgement, comment, predicted_success, predicted_cost_micro_usd, predicted_duration_s, predicted_tokens,
    actual_cost_micro_usd, actual_duration_s, actual_tokens, ran_at, created_at, updated_at)
    SELECT id, crew_id, 1, template_key, template_number, id % 5 > 1, 'person', '{}', '', predicted_success,
    predicted_cost_micro_usd, predicted_duration_s, predicted_tokens, cost_micro_usd, 180, 20000, created_at,
    created_at, created_at FROM runs WHERE NOT dry AND id % 10 < 8""",
)
"""Runs, what their models took, and what came of most of them."""


def fill(crewgen: Crewgen, count: int) -> None:
    """Store so many requests, with crews, runs, outcomes and templates, spread over a year."""
    shipped = crewgen.templates.count()  # puts in those that come with crewgen
    texts = [line for line in OBJECTIVES.read_text(encoding="utf-8").splitlines() if line.strip()][:SEEDS]
    designs = [asyncio.run(crewgen.craft.design(Objective(text=text), "", None)) for text in texts]
    models = [MODELS[at % len(MODELS)] for at in range(len(designs))]
    with crewgen.database.begin() as connection:
        requests.store_designs(connection, designs, models)
        multiply(connection, count // len(designs))
        connection.execute(
            text(
                "UPDATE generation_requests SET generation_status = 'failed', generated_crew_id = NULL, "
                "failure_reason = 'The model did not answer within ' || (id % 60) || ' seconds.' WHERE id % :each = 0"
            ),
            {"each": FAILED_EACH},
        )
        day = (
            "strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-' || ((:count - id) * 365 * 24 * 60 / :count) || ' minutes')"
        )
        for table in ("generation_requests", "crews"):
            connection.execute(text(f"UPDATE {table} SET created_at = {day}"), {"count": count})  # noqa: S608
        given = {
            "shipped": shipped,
            "own": max(1, count // OWN_TEMPLATES_EACH),
            "template_each": TEMPLATE_EACH,
            "run_each": RUN_EACH,
        }
        for statement in (*_TEMPLATES, *_RUNS):
            connection.execute(text(statement), {name: it for name, it in given.items() if f":{name}" in statement})
        rebuild_tally(connection)


def multiply(connection: Connection, times: int) -> None:
    """Copy all rows until each is there so many times, with ids that follow."""
    last = {name: connection.scalar(text(f"SELECT max(id) FROM {name}")) or 0 for name in COPIED}  # noqa: S608
    numbers = f"WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {times - 1}) "  # noqa: S608
    for name in COPIED:
        moved = {"id": name} | REFERENCES.get(name, {})
        columns = [column.name for column in metadata.tables[name].columns]
        values = [f"t.{it} + n.k * {last[moved[it]]}" if it in moved else f"t.{it}" for it in columns]
        connection.execute(
            text(
                f"INSERT INTO {name} ({', '.join(columns)}) {numbers}"  # noqa: S608
                f"SELECT {', '.join(values)} FROM n, (SELECT * FROM {name}) t"
            )
        )
