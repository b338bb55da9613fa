"""What people said of the hits of an execution, and the results of its steps that follow from it."""

from collections.abc import Sequence

from sqlalchemy import Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from services.results.rows import Key, Rows
from services.results.steps import resolved
from services.results.tables import executions, process_results, resolutions

# By person, as the findings are indexed.
_OF_A_FINDING = (
    (process_results.c.customer_id == resolutions.c.customer_id)
    & (process_results.c.entity_id == resolutions.c.entity_id)
    & (process_results.c.process_result_id == resolutions.c.process_result_id)
)


async def restate(connection: AsyncConnection, rows: Rows) -> None:
    """Put right the steps of executions whose findings were amended, whichever came first.

    The connection translates the schema.
    """
    for key in sorted(await _touched(connection, rows)):
        told: dict[str, list[tuple[str, str | None]]] = {}
        for step, found, said in await _findings(connection, key):
            told.setdefault(step, []).append((found, said))
        results = {step: result for step, findings in told.items() if (result := resolved(step, findings)) is not None}
        this = executions.c.customer_id == key[0], executions.c.execution_id == key[1]
        await connection.execute(update(executions).where(*this).values(resolved=results))


async def _touched(connection: AsyncConnection, rows: Rows) -> set[Key]:
    """Executions of persons of this batch, with new findings or amended ones, of whom people have said something."""
    found = {(one.customer_id, one.entity_id) for one in rows.process_results.values()}
    found |= {(key[0], rows.resolutions[key].entity_id) for key in rows.changed_resolutions}
    if not found:
        return set()
    given = (
        func.unnest(bindparam("customers", type_=ARRAY(Text)), bindparam("entities", type_=ARRAY(Text)))
        .table_valued("customer_id", "entity_id", name="given")
        .render_derived()
    )
    of_them = (resolutions.c.customer_id == given.c.customer_id) & (resolutions.c.entity_id == given.c.entity_id)
    query = select(process_results.c.customer_id, process_results.c.execution_id).distinct()
    query = query.select_from(given.join(resolutions, of_them).join(process_results, _OF_A_FINDING))
    told = {"customers": [key[0] for key in found], "entities": [key[1] for key in found]}
    return {(row.customer_id, row.execution_id) for row in await connection.execute(query, told)}


async def _findings(connection: AsyncConnection, key: Key) -> Sequence[tuple[str, str, str | None]]:
    """Step, result and manual status of every finding of an execution."""
    c = process_results.c
    query = select(c.step_name, c.result, resolutions.c.manual_status).outerjoin(resolutions, _OF_A_FINDING)
    found = await connection.execute(query.where(c.customer_id == key[0], c.execution_id == key[1]))
    return [(row.step_name, row.result, row.manual_status) for row in found]
